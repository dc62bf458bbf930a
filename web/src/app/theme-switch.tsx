import { useMantineColorScheme } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api } from '../lib/api.ts';
import { meQuery, type Me } from '../lib/session.ts';

export type Theme = 'light' | 'dark' | 'system';

const schemeOf = (theme: Theme): 'light' | 'dark' | 'auto' => (theme === 'system' ? 'auto' : theme);

/** The theme in use, and a way to change it: at once on this page, then for every device of the person. */
export const useTheme = (): { readonly theme: Theme; readonly change: (theme: Theme) => void } => {
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const client = useQueryClient();
  const change = (theme: Theme): void => {
    setColorScheme(schemeOf(theme));
    const me = client.getQueryData<Me>(meQuery.queryKey);
    if (!me) return;
    const preferences = { ...me.preferences, theme };
    client.setQueryData(meQuery.queryKey, { ...me, preferences });
    // Only a convenience for other devices: this page already has the theme, so a failure needs no words.
    api('PATCH /api/me', { body: { preferences }, version: me.version }).then(
      (saved) => client.setQueryData(meQuery.queryKey, saved),
      () => client.invalidateQueries({ queryKey: meQuery.queryKey }),
    );
  };
  return { theme: colorScheme === 'auto' ? 'system' : colorScheme, change };
};

/** Brings the theme that the person chose elsewhere to this device when they sign in. */
export const ThemeSync = () => {
  const { data: me } = useQuery(meQuery);
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const applied = useRef<string | undefined>(undefined);
  const wanted = me?.preferences.theme;
  useEffect(() => {
    if (wanted === undefined || applied.current === wanted) return;
    applied.current = wanted;
    setColorScheme(schemeOf(wanted));
  }, [wanted, setColorScheme]);
  return null;
};
