import { Trans } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { startLive } from '../lib/live.ts';
import { meQuery } from '../lib/session.ts';
import { FormatProvider } from '../lib/preferences.tsx';
import { HowPanel, forgetHow } from '../ui/how.tsx';
import { Toasts } from '../ui/toasts.tsx';
import { usePortfolioScope } from '../features/portfolios/scope.ts';
import classes from './frame.module.css';
import { BottomBar, Rail, TopBar } from './navigation.tsx';
import { OfflineBanner } from './offline.tsx';
import { Palette } from './palette.tsx';
import { usePalette } from './palette-state.ts';
import { NoSuchPortfolio } from './states.tsx';
import { ThemeSync } from './theme-switch.tsx';

const NewPortfolio = lazy(() => import('../features/portfolios/new-portfolio.tsx'));

/** A new page starts at its title, for the eye, the keyboard and the screen reader alike. */
const useFocusOnNavigation = (): void => {
  const router = useRouter();
  const path = useRef(router.state.location.pathname);
  useEffect(
    () =>
      router.subscribe('onRendered', ({ toLocation }) => {
        forgetHow();
        const title = document.querySelector<HTMLElement>('#page-title');
        if (toLocation.pathname === path.current) return;
        path.current = toLocation.pathname;
        title?.focus({ preventScroll: true });
      }),
    [router],
  );
};

/** Pages that are about the portfolio in their address. */
const ABOUT_A_PORTFOLIO = new Set([
  '/',
  '/holdings',
  '/look-through',
  '/look-through/overlap',
  '/settings/portfolio',
]);

/** The page, unless it is about a portfolio that the person does not have. */
const Page = () => {
  const { portfolios } = usePortfolioScope();
  const { pathname, search } = useRouterState({ select: (state) => state.location });
  const asked = search as Readonly<Record<string, string | undefined>>;
  const isAbout =
    ABOUT_A_PORTFOLIO.has(pathname) &&
    [asked['holding'], asked['instrument'], asked['instruments']].every((one) => one === undefined);
  const isForeign =
    isAbout &&
    asked['portfolio'] !== undefined &&
    portfolios !== undefined &&
    !portfolios.some((one) => one.id === asked['portfolio']);
  return isForeign ? <NoSuchPortfolio /> : <Outlet />;
};

const Dialogs = () => {
  const dialog = useRouterState({ select: (state) => (state.location.search as { dialog?: string }).dialog });
  const { open } = usePalette();
  return (
    <Suspense fallback={null}>
      {dialog === 'new-portfolio' && <NewPortfolio />}
      {open && <Palette />}
    </Suspense>
  );
};

/** What rests on prices. */
const OF_PRICES = ['holdings', 'holding', 'valuation', 'prices', 'watchlist'] as const;
/** The first page comes first. */
const LIVE_AFTER_MS = 1_500;

/** Follows the prices of what the person holds and watches for as long as they are signed in. */
const useLivePrices = (isSignedIn: boolean): void => {
  const client = useQueryClient();
  useEffect(() => {
    if (!isSignedIn) return undefined;
    let stop: (() => void) | undefined;
    const timer = setTimeout(() => {
      stop = startLive({
        renew: () => client.query({ ...meQuery, staleTime: 0 }),
        refresh: () => {
          for (const key of OF_PRICES) void client.invalidateQueries({ queryKey: [key] });
        },
      });
    }, LIVE_AFTER_MS);
    return () => {
      clearTimeout(timer);
      stop?.();
    };
  }, [client, isSignedIn]);
};

/** The frame of every page behind the sign-in. */
export const Frame = () => {
  const { data: me } = useQuery(meQuery);
  useFocusOnNavigation();
  useLivePrices(me !== undefined);
  return (
    <FormatProvider {...(me ? { locale: me.locale, timeZone: me.timezone } : {})}>
      <a className={classes['skip']} href="#main">
        <Trans>Skip to the page</Trans>
      </a>
      <div className={classes['frame']} data-frame>
        <Rail />
        <TopBar />
        <main id="main" tabIndex={-1} className={classes['main']}>
          <OfflineBanner />
          <div className={classes['page']}>
            <Page />
          </div>
        </main>
        <BottomBar />
      </div>
      <Dialogs />
      <HowPanel />
      <Toasts />
      <ThemeSync />
    </FormatProvider>
  );
};
