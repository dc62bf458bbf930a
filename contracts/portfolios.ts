import Type from 'typebox';
import {
  Closed,
  CurrencyCode,
  Day,
  DecimalText,
  IdParams,
  Instant,
  Literals,
  Nullable,
  OneOfTypes,
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
  currency: Type.String({
    ...CurrencyCode,
    description: 'Of a new one the one of your preferences, else GBP',
  }),
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

/** What somebody may do in a portfolio: everything, look, or look and write. */
export const Access = Literals(['owner', 'view', 'edit']);
export const SharedRole = Literals(['view', 'edit'], {
  description: 'view: read everything in it. edit: also write it, but not delete or share it',
});

export const Portfolio = Closed({
  id: Uuid,
  name: Type.String(),
  type: PortfolioType,
  parentId: Nullable(Type.String({ ...Uuid, description: 'The portfolio that it was copied from' })),
  modelId: Nullable(Type.String({ ...Uuid, description: 'The model whose weights are its targets' })),
  modelHidden: Type.Boolean({
    description:
      'Its owner chose a model for it that is not shared with you; what you see are its own targets',
  }),
  baseCurrency: CurrencyCode,
  access: Access,
  owner: Nullable(
    Closed(
      { name: Nullable(Type.String()), email: Type.String() },
      { description: 'Whose it is; null for your own' },
    ),
  ),
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
    modelId: Nullable(
      Type.String({ ...Uuid, description: 'The id of a model of one’s own, or null for none' }),
    ),
  }),
  { additionalProperties: false, minProperties: 1 },
);

/** Somebody who may see or write a portfolio that is not theirs. */
export const PersonWithAccess = Closed({
  userId: Uuid,
  name: Nullable(Type.String()),
  email: Type.String(),
  role: SharedRole,
  since: Instant,
});

/** Somebody asked by their address who has not answered yet; the same whether or not anybody has that address. */
export const Invitation = Closed({
  id: Uuid,
  email: Type.String(),
  role: SharedRole,
  createdAt: Instant,
  expiresAt: Instant,
});

/** Who is in a portfolio. A guest is told of the owner and of themselves, and of no invitations. */
export const PortfolioAccess = Closed({
  portfolioId: Uuid,
  access: Access,
  owner: Closed({ userId: Uuid, name: Nullable(Type.String()), email: Type.String() }),
  people: Type.Array(PersonWithAccess),
  invitations: Type.Array(Invitation),
});

export const InvitationDraft = Closed({
  email: Type.String({ format: 'email', maxLength: 255 }),
  role: SharedRole,
});

/** An invitation to the signed-in person. */
export const ReceivedInvitation = Closed({
  id: Uuid,
  portfolioName: Type.String(),
  owner: Closed({ name: Nullable(Type.String()), email: Type.String() }),
  role: SharedRole,
  createdAt: Instant,
  expiresAt: Instant,
});

/** The tax treatment of an account. */
export const Wrapper = Literals(['ISA', 'LISA', 'JISA', 'SIPP', 'GIA', 'other']);

/** What is known of an account that a portfolio lists by name. */
export const Account = Closed({
  id: Uuid,
  portfolioId: Uuid,
  name: Type.String(),
  wrapper: Wrapper,
  owner: Nullable(Type.String({ description: 'Whose account it is, in the household’s words' })),
  provider: Nullable(Type.String()),
  openedOn: Nullable(Day),
  closedOn: Nullable(Day),
  holdingCount: Type.Integer({ description: 'Holdings in it that are not empty' }),
  version: Version,
});

const AccountText = Type.String({ minLength: 1, maxLength: 255 });

export const AccountPatch = Type.Partial(
  Closed({
    wrapper: Wrapper,
    owner: Nullable(AccountText),
    provider: Nullable(AccountText),
    openedOn: Nullable(Day),
    closedOn: Nullable(Day),
  }),
  { additionalProperties: false, minProperties: 1 },
);

const PersonParams = Closed({ id: Uuid, userId: Uuid });

/** What a copy of a portfolio is called. */
export const PortfolioCopy = Closed({ name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })) });

const List = Literals(['sections', 'themes', 'accounts']);
const NewName = Type.String({ minLength: 1, maxLength: 100, description: 'Holdings follow' });

/** One change of one list. Holdings follow, budgets too. */
export const ListChange = OneOfTypes([
  Closed({
    type: Literals(['add']),
    list: List,
    name: ListName,
    section: Type.Optional(Type.String({ ...ListName, description: 'Of a theme; the first unless given' })),
  }),
  Closed({ type: Literals(['rename']), list: List, name: ListName, to: NewName }),
  Closed({
    type: Literals(['merge']),
    list: List,
    name: ListName,
    to: Type.String({ ...ListName, description: 'The one that stays; targets are added up' }),
  }),
  Closed({
    type: Literals(['remove']),
    list: List,
    name: ListName,
    moveTo: Type.Optional(
      Type.String({
        ...ListName,
        description: 'Where what is filed under it goes; needed while it is in use',
      }),
    ),
  }),
  Closed({ type: Literals(['order']), list: List, names: Names }),
  Closed({
    type: Literals(['section']),
    name: Type.String({ ...ListName, description: 'A theme' }),
    to: Type.String({ ...ListName, description: 'The section that it moves to' }),
  }),
]);

export const ListsChanged = Closed({
  portfolio: Portfolio,
  holdingsMoved: Type.Integer({ minimum: 0, description: 'Holdings that are filed under another name now' }),
});

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
  'POST /api/portfolios/:id/draft': {
    summary: 'Make a draft of a portfolio, with its lists, budgets and holdings, to try things out in',
    tags,
    auth: 'user',
    params: IdParams,
    body: Type.Optional(PortfolioCopy),
    response: { 201: Portfolio },
  },
  'POST /api/portfolios/:id/promote': {
    summary: 'Make a draft or a model real: a new actual portfolio with its lists, budgets and holdings',
    tags,
    auth: 'user',
    params: IdParams,
    body: Type.Optional(PortfolioCopy),
    response: { 201: Portfolio },
  },
  'POST /api/portfolios/:id/lists': {
    summary: 'Add, rename, merge, remove or reorder the sections, themes and accounts of a portfolio',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    body: ListChange,
    response: { 200: ListsChanged },
  },
  'DELETE /api/portfolios/:id': {
    summary: 'Delete a portfolio with its holdings and trades',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    response: {
      200: Closed({ deletionId: Type.String({ ...Uuid, description: 'Undoes it within 30 days' }) }),
    },
  },
  'GET /api/portfolios/:id/accounts': {
    summary: 'The accounts of a portfolio in its order, with what is known of them',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: Closed({ items: Type.Array(Account), nextCursor: Type.Null() }) },
  },
  'PATCH /api/accounts/:id': {
    summary: 'Say what an account is: wrapper, owner, provider, opened and closed',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    body: AccountPatch,
    response: { 200: Account },
  },
  'GET /api/portfolios/:id/access': {
    summary: 'Who may see and write a portfolio, and who has been asked',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: PortfolioAccess },
  },
  'POST /api/portfolios/:id/invitations': {
    summary: 'Ask somebody of this install, by their address, to share a portfolio',
    tags,
    auth: 'user',
    params: IdParams,
    body: InvitationDraft,
    response: { 201: Invitation },
  },
  'PATCH /api/portfolios/:id/access/:userId': {
    summary: 'Change what somebody may do in a portfolio',
    tags,
    auth: 'user',
    params: PersonParams,
    body: Closed({ role: SharedRole }),
    response: { 200: PersonWithAccess },
  },
  'DELETE /api/portfolios/:id/access/:userId': {
    summary: 'Take somebody’s access back, or, with your own id, leave a portfolio that is shared with you',
    tags,
    auth: 'user',
    params: PersonParams,
    response: { 204: null },
  },
  'GET /api/invitations': {
    summary: 'Portfolios that others have asked you to share',
    tags,
    auth: 'user',
    query: Closed(pageQuery),
    response: { 200: Page(ReceivedInvitation) },
  },
  'POST /api/invitations/:id/accept': {
    summary: 'Accept an invitation: from now on you see the portfolio',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: Portfolio },
  },
  'DELETE /api/invitations/:id': {
    summary: 'Turn down an invitation to you, or withdraw one of yours',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 204: null },
  },
});
