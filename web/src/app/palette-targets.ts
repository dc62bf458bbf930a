import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useSignOut } from '../features/identity/sign-out.ts';
import { instrumentSearch, instrumentTag } from '../features/instruments/queries.ts';
import { holdingsQuery } from '../features/ledger/queries.ts';
import { usePortfolioScope } from '../features/portfolios/scope.ts';
import { PLACES } from './places.ts';
import { useSwitchPortfolio } from './portfolio-switcher.tsx';
import { useTheme } from './theme-switch.tsx';
import { useThemeName } from './user-menu.tsx';

/** Something that the palette leads to. */
export type Target = {
  readonly key: string;
  readonly name: string;
  readonly detail?: string;
  readonly group: string;
  /** The server found it for what was typed: no second look at the words. */
  readonly found?: boolean;
  readonly go: () => void;
};

const usePages = (): Target[] => {
  const { t } = useLingui();
  const navigate = useNavigate();
  const more = [
    { to: '/look-through/overlap', name: t`Overlap of funds` },
    { to: '/drafts/compare', name: t`Compare two portfolios` },
    { to: '/holdings/plans', name: t`Recurring plans` },
    { to: '/performance/costs', name: t`Costs` },
    { to: '/imports', name: t`Import files` },
    { to: '/imports/statements', name: t`Import a statement` },
    { to: '/imports/older-version', name: t`Take over the older version’s data` },
    { to: '/imports/archive', name: t`Archive of my data` },
    { to: '/imports/review', name: t`Unsure matches` },
    { to: '/imports/merges', name: t`Merged securities` },
    { to: '/markets/watchlist', name: t`Watchlist` },
    { to: '/markets/rates', name: t`Exchange rates` },
    { to: '/markets/held', name: t`Prices in doubt` },
    { to: '/markets/sources', name: t`Sources of prices and rates` },
    { to: '/settings/portfolio', name: t`Portfolio settings` },
    { to: '/settings/accounts', name: t`Accounts` },
    { to: '/settings/household', name: t`Household` },
    { to: '/settings/deleted', name: t`Recently deleted` },
    { to: '/settings/access', name: t`Sessions and tokens` },
    { to: '/settings/activity', name: t`Activity` },
    { to: '/history', name: t`A portfolio as it was recorded` },
    { to: '/settings/erasure', name: t`Delete account` },
    { to: '/start', name: t`First steps` },
  ] as const;
  const places = PLACES.map((place) => ({ to: place.to, name: t(place.name) }));
  return [...places, ...more].map(({ to, name }) => ({
    key: to,
    name,
    group: t`Page`,
    go: () => void navigate({ to }),
  }));
};

const useActions = (): Target[] => {
  const { t } = useLingui();
  const navigate = useNavigate();
  const { change } = useTheme();
  const themeName = useThemeName();
  const signOut = useSignOut();
  const group = t`Action`;
  const themes = (['light', 'dark', 'system'] as const).map((theme) => ({
    key: `theme ${theme}`,
    name: t`Theme: ${themeName(theme)}`,
    group,
    go: () => change(theme),
  }));
  return [
    {
      key: 'add holding',
      name: t`Add a holding`,
      group,
      go: () => void navigate({ to: '/holdings', search: { add: '1' } }),
    },
    {
      key: 'new portfolio',
      name: t`New portfolio`,
      group,
      go: () => void navigate({ to: '/', search: { dialog: 'new-portfolio' } }),
    },
    {
      key: 'new draft',
      name: t`New draft`,
      group,
      go: () => void navigate({ to: '/drafts', search: { new: '1' } }),
    },
    {
      key: 'new instrument',
      name: t`Create an instrument`,
      group,
      go: () => void navigate({ to: '/markets', search: { add: '1' } }),
    },
    ...themes,
    { key: 'sign out', name: t`Sign out`, group, go: () => void signOut() },
  ];
};

const useRecords = (typed: string): Target[] => {
  const { t } = useLingui();
  const navigate = useNavigate();
  const change = useSwitchPortfolio();
  const { portfolios, portfolio } = usePortfolioScope();
  const subject = portfolio ?? portfolios?.[0];
  const holdings = useQuery({ ...holdingsQuery(subject?.id ?? ''), enabled: subject !== undefined });
  const instruments = useQuery({
    ...instrumentSearch(typed, { limit: 12 }),
    enabled: typed.trim().length > 1,
  });
  const found = typed.trim().length > 1 ? (instruments.data ?? []) : [];
  return [
    ...(portfolios ?? []).map((one) => ({
      key: one.id,
      name: one.name,
      group: t`Portfolio`,
      go: () => change(one.id),
    })),
    ...(holdings.data ?? []).map((one) => ({
      key: one.id,
      name: one.name,
      detail: [one.instrument?.ticker, one.account]
        .filter((part) => part !== null && part !== undefined)
        .join(' · '),
      group: t`Holding`,
      go: () => void navigate({ to: '/holdings/$holdingId', params: { holdingId: one.id } }),
    })),
    ...found.map((one) => ({
      key: `instrument ${one.id}`,
      name: one.name,
      detail: instrumentTag(one),
      group: t`Instrument`,
      found: true,
      go: () => void navigate({ to: '/markets/$instrumentId', params: { instrumentId: one.id } }),
    })),
  ];
};

/** Everything that can be reached, with the instruments that fit what was typed. */
export const useTargets = (typed: string): readonly Target[] => {
  const pages = usePages();
  const records = useRecords(typed);
  const actions = useActions();
  return useMemo(() => [...pages, ...records, ...actions], [pages, records, actions]);
};
