import '@fontsource-variable/inter/wght.css';
import './app/mantine.css';
import 'virtual:theme.css';
import './app/base.css';
import { I18nProvider } from '@lingui/react';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { router } from './app/router.tsx';
import { theme } from './app/theme.ts';
import { whenSignedOut } from './lib/api.ts';
import { watchConnection } from './lib/connection.ts';
import { i18n, loadLanguage } from './lib/i18n.ts';
import { meQuery, queryClient } from './lib/session.ts';

/** The session ended elsewhere: forget what was shown and ask to sign in, then come back to the same view. */
const signedOut = (): void => {
  const known = queryClient.getQueryData(meQuery.queryKey) !== undefined;
  if (!known) return;
  const next = router.state.location.href;
  queryClient.clear();
  void router.navigate({ to: '/sign-in', search: { next }, replace: true });
};

const start = async (): Promise<void> => {
  await loadLanguage();
  watchConnection();
  whenSignedOut(signedOut);
  const element = document.querySelector('#root');
  if (!element) throw new Error('The page has no #root element');
  createRoot(element).render(
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <MantineProvider
          theme={theme}
          defaultColorScheme="auto"
          withCssVariables={false}
          withGlobalClasses={false}
        >
          <QueryClientProvider client={queryClient}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </MantineProvider>
      </I18nProvider>
    </StrictMode>,
  );
};

void start();
