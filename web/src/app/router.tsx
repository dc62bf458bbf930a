import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router';
import { COVER_TARGETS } from '../features/look-through/cover-targets.ts';
import { DIVISIONS, PICTURES } from '../features/look-through/view.ts';
import { COMPARED_BY } from '../features/portfolios/draft-queries.ts';
import { INCOME_PERIODS } from '../features/valuation/income-periods.ts';
import { ACTIVITY_KINDS } from '../features/privacy/kinds.ts';
import { connectionLost } from '../lib/connection.ts';
import { ApiOffline, ApiProblem } from '../lib/problem.ts';
import {
  dayParam,
  decimalParam,
  idParam,
  monthParam,
  parseSearch,
  textParam,
  timeParam,
  view,
  wordParam,
  wordsParam,
  yearParam,
  writeSearch,
} from '../lib/search.ts';
import { meQuery, queryClient } from '../lib/session.ts';
import { Waiting } from '../ui/page.tsx';
import { Frame } from './frame.tsx';
import { NotFound, PageFailure, StartFailure } from './states.tsx';

type Search = Record<string, unknown>;

/**
 * A page whose script is loaded when it is first seen. Without a connection that fails, and the router would then load
 * the whole document anew, which leads out of the app: so it is told that the server is away. With a connection the
 * script is gone because a newer version was installed, and loading anew is right.
 */
const lazyPage: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(async () => {
    try {
      return await load();
    } catch (error) {
      const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => null);
      if (answer?.ok === true) throw error;
      connectionLost();
      throw new ApiOffline(error);
    }
  }, name);

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Outlet });

/** A place to go back to after signing in: only a path of this site. */
const nextParam = (search: Search): string | undefined => {
  const next = textParam(search, 'next');
  return next !== undefined && /^\/(?![/\\])/.test(next) ? next : undefined;
};

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Search) =>
    view({ next: nextParam(search), left: wordParam(search, 'left', ['1']) }),
  component: lazyPage(() => import('../features/identity/sign-in.tsx'), 'SignInPage'),
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  validateSearch: (search: Search) => view({ next: nextParam(search) }),
  component: lazyPage(() => import('../features/identity/sign-in.tsx'), 'SignUpPage'),
});

/** Everything behind the sign-in. The chosen portfolio stays in the address from page to page. */
const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  validateSearch: (search: Search) =>
    view({ portfolio: idParam(search, 'portfolio'), dialog: wordParam(search, 'dialog', ['new-portfolio']) }),
  search: { middlewares: [retainSearchParams(['portfolio'])] },
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.query({ ...meQuery, staleTime: 'static' });
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
      // The router's own way to send somebody elsewhere is to throw.
      // oxlint-disable-next-line typescript/only-throw-error
      throw redirect({
        to: '/sign-in',
        search: { next: location.href === '/' ? undefined : location.href },
        replace: true,
      });
    }
  },
  component: Frame,
  errorComponent: StartFailure,
});

const overview = createRoute({
  getParentRoute: () => app,
  path: '/',
  validateSearch: (search: Search) => view({ asOf: dayParam(search, 'asOf') }),
  component: lazyPage(() => import('../features/valuation/overview.tsx'), 'OverviewPage'),
});

export const PERIOD_WORDS = ['day', 'week', 'month', 'quarter', 'taxYear', 'year', 'start'] as const;

const performance = createRoute({
  getParentRoute: () => app,
  path: '/performance',
  validateSearch: (search: Search) =>
    view({
      period: wordParam(search, 'period', PERIOD_WORDS),
      from: dayParam(search, 'from'),
      to: dayParam(search, 'to'),
      scope: textParam(search, 'scope'),
      benchmark: textParam(search, 'benchmark'),
      day: dayParam(search, 'day'),
    }),
  component: lazyPage(() => import('../features/valuation/performance.tsx'), 'PerformancePage'),
});

const costs = createRoute({
  getParentRoute: () => app,
  path: '/performance/costs',
  validateSearch: (search: Search) => view({ year: yearParam(search, 'year') }),
  component: lazyPage(() => import('../features/valuation/costs.tsx'), 'CostsPage'),
});

const income = createRoute({
  getParentRoute: () => app,
  path: '/income',
  validateSearch: (search: Search) =>
    view({ period: wordParam(search, 'period', INCOME_PERIODS), month: monthParam(search, 'month') }),
  component: lazyPage(() => import('../features/valuation/income.tsx'), 'IncomePage'),
});

const start = createRoute({
  getParentRoute: () => app,
  path: '/start',
  component: lazyPage(() => import('../features/portfolios/start.tsx'), 'StartPage'),
});

export const GROUPINGS = ['section', 'theme', 'account', 'none'] as const;

const holdings = createRoute({
  getParentRoute: () => app,
  path: '/holdings',
  validateSearch: (search: Search) =>
    view({
      by: wordParam(search, 'by', GROUPINGS),
      sort: textParam(search, 'sort'),
      asOf: dayParam(search, 'asOf'),
      q: textParam(search, 'q'),
      edit: wordParam(search, 'edit', ['1']),
      add: wordParam(search, 'add', ['1']),
      instrument: idParam(search, 'instrument'),
    }),
  component: lazyPage(() => import('../features/ledger/holdings.tsx'), 'HoldingsPage'),
});

const plans = createRoute({
  getParentRoute: () => app,
  path: '/holdings/plans',
  component: lazyPage(() => import('../features/ledger/plans.tsx'), 'PlansPage'),
});

const holding = createRoute({
  getParentRoute: () => app,
  path: '/holdings/$holdingId',
  component: lazyPage(() => import('../features/ledger/holding.tsx'), 'HoldingPage'),
});

export const BASES = ['published', 'normalised', 'marketValue'] as const;

const lookThrough = createRoute({
  getParentRoute: () => app,
  path: '/look-through',
  validateSearch: (search: Search) =>
    view({
      holding: idParam(search, 'holding'),
      instrument: idParam(search, 'instrument'),
      asOf: dayParam(search, 'asOf'),
      basis: wordParam(search, 'basis', BASES),
      by: wordParam(search, 'by', DIVISIONS),
      inner: wordParam(search, 'inner', DIVISIONS),
      picture: wordParam(search, 'picture', PICTURES),
      show: wordParam(search, 'show', ['table']),
      region: wordsParam(search, 'region'),
      country: wordsParam(search, 'country'),
      sector: wordsParam(search, 'sector'),
      industry: wordsParam(search, 'industry'),
      currency: wordsParam(search, 'currency'),
      assetClass: wordsParam(search, 'assetClass'),
      q: wordsParam(search, 'q'),
      kinds: wordParam(search, 'kinds', ['everything']),
      sort: textParam(search, 'sort'),
      company: idParam(search, 'company'),
      issuer: idParam(search, 'issuer'),
    }),
  component: lazyPage(() => import('../features/look-through/look-through.tsx'), 'LookThroughPage'),
});

const overlap = createRoute({
  getParentRoute: () => app,
  path: '/look-through/overlap',
  validateSearch: (search: Search) =>
    view({
      instruments: textParam(search, 'instruments'),
      asOf: dayParam(search, 'asOf'),
      a: textParam(search, 'a'),
      b: textParam(search, 'b'),
      of: wordParam(search, 'of', ['onlyA', 'onlyB']),
      q: textParam(search, 'q'),
      view: wordParam(search, 'view', ['candidate', 'cover']),
      candidate: idParam(search, 'candidate'),
      amount: textParam(search, 'amount'),
      by: wordParam(search, 'by', ['country', 'sector', 'region']),
      target: wordParam(search, 'target', COVER_TARGETS),
    }),
  component: lazyPage(() => import('../features/look-through/overlap.tsx'), 'OverlapPage'),
});

const targets = createRoute({
  getParentRoute: () => app,
  path: '/targets',
  validateSearch: (search: Search) =>
    view({
      view: wordParam(search, 'view', ['rebalance', 'budgets']),
      by: wordParam(search, 'by', ['section', 'theme', 'account', 'holding']),
      asOf: dayParam(search, 'asOf'),
      cash: decimalParam(search, 'cash'),
      mode: wordParam(search, 'mode', ['buyOnly', 'buyAndSell']),
      account: wordsParam(search, 'account'),
      units: wordParam(search, 'units', ['whole', 'fractional']),
    }),
  component: lazyPage(() => import('../features/allocation/targets.tsx'), 'TargetsPage'),
});

const imports = createRoute({
  getParentRoute: () => app,
  path: '/imports',
  component: lazyPage(() => import('../features/imports/imports.tsx'), 'ImportsPage'),
});

const statements = createRoute({
  getParentRoute: () => app,
  path: '/imports/statements',
  component: lazyPage(() => import('../features/imports/statements.tsx'), 'StatementsPage'),
});

const olderVersion = createRoute({
  getParentRoute: () => app,
  path: '/imports/older-version',
  component: lazyPage(() => import('../features/imports/local-storage.tsx'), 'LocalStoragePage'),
});

const archive = createRoute({
  getParentRoute: () => app,
  path: '/imports/archive',
  component: lazyPage(() => import('../features/imports/archive.tsx'), 'ArchivePage'),
});

const reviews = createRoute({
  getParentRoute: () => app,
  path: '/imports/review',
  validateSearch: (search: Search) =>
    view({ show: wordParam(search, 'show', ['same', 'different']), file: idParam(search, 'file') }),
  component: lazyPage(() => import('../features/imports/reviews.tsx'), 'ReviewsPage'),
});

const merges = createRoute({
  getParentRoute: () => app,
  path: '/imports/merges',
  validateSearch: (search: Search) => view({ instrument: idParam(search, 'instrument') }),
  component: lazyPage(() => import('../features/imports/merges.tsx'), 'MergesPage'),
});

const markets = createRoute({
  getParentRoute: () => app,
  path: '/markets',
  validateSearch: (search: Search) =>
    view({
      q: textParam(search, 'q'),
      show: textParam(search, 'show'),
      add: wordParam(search, 'add', ['1']),
    }),
  component: lazyPage(() => import('../features/instruments/markets.tsx'), 'MarketsPage'),
});

const rates = createRoute({
  getParentRoute: () => app,
  path: '/markets/rates',
  validateSearch: (search: Search) =>
    view({ from: textParam(search, 'from'), to: textParam(search, 'to'), date: dayParam(search, 'date') }),
  component: lazyPage(() => import('../features/market-data/rates.tsx'), 'RatesPage'),
});

const watchlist = createRoute({
  getParentRoute: () => app,
  path: '/markets/watchlist',
  component: lazyPage(() => import('../features/market-data/watchlist.tsx'), 'WatchlistPage'),
});

const held = createRoute({
  getParentRoute: () => app,
  path: '/markets/held',
  validateSearch: (search: Search) => view({ show: wordParam(search, 'show', ['accepted', 'rejected']) }),
  component: lazyPage(() => import('../features/market-data/held.tsx'), 'HeldPricesPage'),
});

const sources = createRoute({
  getParentRoute: () => app,
  path: '/markets/sources',
  component: lazyPage(() => import('../features/market-data/sources.tsx'), 'SourcesPage'),
});

const instrument = createRoute({
  getParentRoute: () => app,
  path: '/markets/$instrumentId',
  component: lazyPage(() => import('../features/instruments/instrument.tsx'), 'InstrumentPage'),
});

const drafts = createRoute({
  getParentRoute: () => app,
  path: '/drafts',
  validateSearch: (search: Search) =>
    view({ new: wordParam(search, 'new', ['1']), promote: idParam(search, 'promote') }),
  component: lazyPage(() => import('../features/portfolios/drafts.tsx'), 'DraftsPage'),
});

const compare = createRoute({
  getParentRoute: () => app,
  path: '/drafts/compare',
  validateSearch: (search: Search) =>
    view({
      left: idParam(search, 'left'),
      right: idParam(search, 'right'),
      by: wordParam(search, 'by', COMPARED_BY),
    }),
  component: lazyPage(() => import('../features/portfolios/compare.tsx'), 'ComparePage'),
});

const settings = createRoute({
  getParentRoute: () => app,
  path: '/settings',
  component: lazyPage(() => import('../features/identity/settings.tsx'), 'SettingsPage'),
});

const access = createRoute({
  getParentRoute: () => app,
  path: '/settings/access',
  component: lazyPage(() => import('../features/identity/access.tsx'), 'AccessPage'),
});

const portfolioSettings = createRoute({
  getParentRoute: () => app,
  path: '/settings/portfolio',
  component: lazyPage(() => import('../features/portfolios/settings.tsx'), 'PortfolioSettingsPage'),
});

const accounts = createRoute({
  getParentRoute: () => app,
  path: '/settings/accounts',
  component: lazyPage(() => import('../features/portfolios/accounts.tsx'), 'AccountsPage'),
});

const household = createRoute({
  getParentRoute: () => app,
  path: '/settings/household',
  component: lazyPage(() => import('../features/portfolios/household.tsx'), 'HouseholdPage'),
});

const deleted = createRoute({
  getParentRoute: () => app,
  path: '/settings/deleted',
  component: lazyPage(() => import('../features/ledger/deleted.tsx'), 'DeletedPage'),
});

const activity = createRoute({
  getParentRoute: () => app,
  path: '/settings/activity',
  validateSearch: (search: Search) => view({ kind: wordParam(search, 'kind', ACTIVITY_KINDS) }),
  component: lazyPage(() => import('../features/privacy/activity.tsx'), 'ActivityPage'),
});

const history = createRoute({
  getParentRoute: () => app,
  path: '/history',
  validateSearch: (search: Search) => view({ at: timeParam(search, 'at') }),
  component: lazyPage(() => import('../features/privacy/history.tsx'), 'HistoryPage'),
});

const erasure = createRoute({
  getParentRoute: () => app,
  path: '/settings/erasure',
  component: lazyPage(() => import('../features/privacy/erasure.tsx'), 'ErasurePage'),
});

/** Any other address, inside the frame, so that one finds the way on. */
const nowhere = createRoute({ getParentRoute: () => app, path: '$', component: NotFound });

const routeTree = root.addChildren([
  signIn,
  signUp,
  app.addChildren([
    overview,
    performance,
    costs,
    income,
    start,
    holdings,
    plans,
    holding,
    lookThrough,
    overlap,
    targets,
    imports,
    statements,
    olderVersion,
    archive,
    reviews,
    merges,
    markets,
    watchlist,
    held,
    sources,
    rates,
    instrument,
    drafts,
    compare,
    settings,
    access,
    portfolioSettings,
    accounts,
    household,
    deleted,
    activity,
    history,
    erasure,
    nowhere,
  ]),
]);

export const router = createRouter({
  routeTree,
  context: { queryClient },
  parseSearch,
  stringifySearch: writeSearch,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultPendingMs: 150,
  defaultPendingMinMs: 0,
  defaultPendingComponent: () => <Waiting lines={6} />,
  defaultErrorComponent: PageFailure,
  defaultNotFoundComponent: NotFound,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
