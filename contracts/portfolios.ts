import Type from 'typebox';
import {
  Closed,
  CurrencyCode,
  DecimalText,
  IdParams,
  Instant,
  Literals,
  Nullable,
  Page,
  pageQuery,
  Percent,
  Uuid,
  Version,
} from './common.ts';
import { defineRoutes } from './route.ts';

const ListName = Type.String({ minLength: 1, maxLength: 100 });
const Names = Type.Array(ListName, { maxItems: 100, uniqueItems: true });

export const PortfolioType = Literals(['actual', 'draft', 'model']);

export const PortfolioSettings = Closed({
  currency: CurrencyCode,
  lockTotal: Type.Boolean(),
  lockedTotal: Nullable(DecimalText),
  targetPortfolioValue: Nullable(DecimalText),
  enableLivePrices: Type.Boolean(),
  livePriceUpdateInterval: Type.Integer({ minimum: 1, maximum: 1440, description: 'Minutes' }),
  visibleColumns: Type.Record(Type.String({ maxLength: 50 }), Type.Boolean(), { maxProperties: 60 }),
});

export const PortfolioLists = Closed({
  sections: Names,
  themes: Names,
  accounts: Names,
  themeSections: Type.Record(Type.String({ maxLength: 100 }), ListName, {
    maxProperties: 100,
    description: 'The section each theme belongs to',
  }),
});

const Budget = Closed({ percent: Type.Optional(Percent), amount: Type.Optional(DecimalText) });
const ThemeBudget = Closed({
  percentOfSection: Type.Optional(Percent),
  percent: Type.Optional(Percent),
  amount: Type.Optional(DecimalText),
});
export const PortfolioBudgets = Closed({
  sections: Type.Record(Type.String({ maxLength: 100 }), Budget, { maxProperties: 100 }),
  themes: Type.Record(Type.String({ maxLength: 100 }), ThemeBudget, { maxProperties: 100 }),
  accounts: Type.Record(Type.String({ maxLength: 100 }), Budget, { maxProperties: 100 }),
});

export const Portfolio = Closed({
  id: Uuid,
  name: Type.String(),
  type: PortfolioType,
  parentId: Nullable(Uuid),
  baseCurrency: CurrencyCode,
  access: Literals(['owner', 'view', 'edit']),
  isDemo: Type.Boolean(),
  settings: PortfolioSettings,
  lists: PortfolioLists,
  budgets: PortfolioBudgets,
  holdingCount: Type.Integer(),
  version: Version,
  createdAt: Instant,
  updatedAt: Instant,
});

export const PortfolioDraft = Closed({
  name: Type.String({ minLength: 1, maxLength: 255 }),
  type: Type.Optional(PortfolioType),
  settings: Type.Optional(Type.Partial(PortfolioSettings, { additionalProperties: false })),
  lists: Type.Optional(Type.Partial(PortfolioLists, { additionalProperties: false })),
  budgets: Type.Optional(Type.Partial(PortfolioBudgets, { additionalProperties: false })),
});

export const PortfolioPatch = Type.Partial(
  Closed({
    name: Type.String({ minLength: 1, maxLength: 255 }),
    settings: Type.Partial(PortfolioSettings, { additionalProperties: false }),
    lists: Type.Partial(PortfolioLists, { additionalProperties: false }),
    budgets: Type.Partial(PortfolioBudgets, { additionalProperties: false }),
  }),
  { additionalProperties: false, minProperties: 1 },
);

const tags = ['portfolios'];

export const portfolioRoutes = defineRoutes({
  'GET /api/portfolios': {
    summary: 'Your portfolios and those shared with you',
    tags,
    auth: 'user',
    query: Closed(pageQuery),
    response: { 200: Page(Portfolio) },
  },
  'POST /api/portfolios': {
    summary: 'Create a portfolio with its default lists and budgets',
    tags,
    auth: 'user',
    body: PortfolioDraft,
    response: { 201: Portfolio },
  },
  'GET /api/portfolios/:id': {
    summary: 'One portfolio',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: Portfolio },
  },
  'PATCH /api/portfolios/:id': {
    summary: 'Rename a portfolio or change its settings, lists or budgets',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    body: PortfolioPatch,
    response: { 200: Portfolio },
  },
  'DELETE /api/portfolios/:id': {
    summary: 'Delete a portfolio with its holdings and trades',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    response: { 204: null },
  },
});
