import Type from 'typebox';
import { Closed, Day, DecimalText, Instant, Literals, Nullable, Page, pageQuery, Uuid } from '../common.ts';
import { defineRoutes } from '../route.ts';

/** What an act was about. */
export const ActivityKind = Literals([
  'portfolio',
  'holding',
  'trade',
  'price',
  'account',
  'access',
  'alert',
  'debt',
  'plan',
  'watch',
  'profile',
  'session',
  'token',
  'action',
]);

/** One field that changed, as text; null where there was or is nothing. */
export const ActivityChange = Closed({
  field: Type.String(),
  before: Nullable(Type.String()),
  after: Nullable(Type.String()),
});

export const ActivityItem = Closed({
  kind: ActivityKind,
  action: Type.String({
    description: 'added, changed, deleted, restored; of an action its own name, such as export',
  }),
  rowId: Nullable(Uuid),
  title: Nullable(Type.String({ description: 'What it is called, as far as that is still known' })),
  trade: Nullable(Closed({ type: Type.String(), date: Day, qty: Nullable(DecimalText) })),
  changes: Type.Array(ActivityChange),
});

/** Everything that one act changed, by whom and when. */
export const ActivityEntry = Closed({
  id: Type.String({ pattern: '^[0-9]{1,19}$' }),
  at: Instant,
  by: Closed({
    kind: Literals(['you', 'other', 'system']),
    name: Nullable(Type.String({ description: 'Who else, as far as you may know' })),
  }),
  portfolio: Nullable(Closed({ id: Uuid, name: Type.String() })),
  items: Type.Array(ActivityItem, { description: 'The main one first' }),
  itemCount: Type.Integer({ description: 'All of them; `items` holds the first ones' }),
  undo: Nullable(
    Literals(['restore', 'revert', 'remove'], {
      description: 'How it can be taken back: brought back, put as it was before, or deleted again',
    }),
  ),
  noUndo: Nullable(
    Literals(['noChange', 'isUndo', 'over', 'notKept', 'tooMuch', 'several'], {
      description:
        'Why it cannot: it changed nothing that is yours to put back; it took something back itself; the time to bring it back is over; what was lost with it is not kept; it has too many parts; it changed several things at once',
    }),
  ),
});

const tags = ['privacy'];

export const activityRoutes = defineRoutes({
  'GET /api/me/activity': {
    summary: 'Who changed what of yours, newest first, and what you did',
    tags,
    auth: 'user',
    query: Closed({
      ...pageQuery,
      portfolioId: Type.Optional(Uuid),
      kind: Type.Optional(ActivityKind),
    }),
    response: { 200: Page(ActivityEntry) },
  },
  'POST /api/me/activity/:id/undo': {
    summary: 'Take one act back where nothing newer rests on it, or say why not',
    tags,
    auth: 'user',
    params: Closed({ id: Type.String({ pattern: '^[0-9]{1,18}$', description: 'The entry’s own number' }) }),
    response: { 200: Closed({ undone: Literals(['restore', 'revert', 'remove']) }) },
  },
});
