import Type from 'typebox';
import {
  Closed,
  Day,
  DecimalText,
  IdParams,
  Instant,
  Literals,
  Mic,
  Nullable,
  Page,
  pageQuery,
  Uuid,
  Version,
} from '../common.ts';
import { Scope } from '../instruments.ts';
import { defineRoutes } from '../route.ts';

/** A security with what tells it from others. */
export const SecurityTraits = Closed({
  instrumentId: Uuid,
  name: Type.String(),
  otherNames: Type.Array(Type.String(), { description: 'Former names and other issuers’ spellings' }),
  type: Type.String(),
  scope: Scope,
  country: Nullable(Type.String()),
  currency: Type.String(),
  identifiers: Type.Array(
    Closed({
      scheme: Type.String(),
      value: Type.String(),
      isCurrent: Type.Boolean({ description: 'False for a number of the past' }),
    }),
  ),
  listings: Type.Array(Closed({ ticker: Nullable(Type.String()), exchange: Nullable(Mic) })),
  heldIn: Type.Array(Closed({ instrumentId: Uuid, name: Type.String(), asOf: Day }), {
    description: 'Funds that hold it, some of them, with the newest day known',
  }),
});

export const IdentityCandidate = Closed({
  ...SecurityTraits.properties,
  why: Type.String({ description: 'What speaks for it and what against, in words' }),
});

export const ReviewStatus = Literals(['open', 'same', 'different']);

/** A row of an issuer's file that may be a known security, waiting for or with a person's decision. */
export const IdentityReview = Closed({
  id: Uuid,
  status: ReviewStatus,
  scope: Scope,
  mayDecide: Type.Boolean(),
  importId: Uuid,
  fund: Closed({ instrumentId: Uuid, name: Type.String() }),
  fileName: Nullable(Type.String()),
  asOf: Day,
  row: Closed({
    number: Type.Integer(),
    name: Type.String(),
    ticker: Nullable(Type.String()),
    exchange: Nullable(Type.String()),
    isin: Nullable(Type.String()),
    cusip: Nullable(Type.String()),
    sedol: Nullable(Type.String()),
    country: Nullable(Type.String()),
    sector: Nullable(Type.String()),
    currency: Nullable(Type.String()),
    weightPct: DecimalText,
  }),
  evidence: Type.String(),
  securityId: Nullable(Uuid),
  candidates: Type.Array(IdentityCandidate),
  chosenInstrumentId: Nullable(Uuid),
  mergeId: Nullable(Uuid),
  decidedByYou: Type.Boolean(),
  decidedAt: Nullable(Instant),
  createdAt: Instant,
  version: Version,
});

/** Two securities that became one. */
export const IdentityMerge = Closed({
  id: Uuid,
  scope: Scope,
  from: Closed({ instrumentId: Uuid, name: Type.String() }),
  into: Closed({ instrumentId: Uuid, name: Type.String() }),
  renamed: Type.Boolean(),
  moved: Type.Record(Type.String(), Type.Integer(), {
    description: 'Rows that follow, by kind, as far as the reader may see them',
  }),
  evidence: Type.Array(
    Closed({
      reviewId: Uuid,
      rowNumber: Type.Integer(),
      fileName: Nullable(Type.String()),
      asOf: Day,
      fund: Closed({ instrumentId: Uuid, name: Type.String() }),
      why: Type.String({ description: 'What spoke for it and what against, in words' }),
    }),
    {
      description:
        'Rows in doubt that it answered, some of them; none when it was made by hand, or is undone and they wait again',
    },
  ),
  mergedByYou: Type.Boolean(),
  mergedAt: Instant,
  undoneAt: Nullable(Instant),
  mayUndo: Type.Boolean(),
  version: Version,
});

export const MergeObstacle = Closed({
  code: Type.String(),
  detail: Type.String({ description: 'What stands in the way, and the way out' }),
});

export const MergePreview = Closed({
  from: SecurityTraits,
  into: SecurityTraits,
  moves: IdentityMerge.properties.moved,
  obstacles: Type.Array(MergeObstacle, { description: 'Empty when the merge can be made' }),
});

const tags = ['look-through'];
const renamed = Type.Optional(
  Type.Boolean({
    description:
      'They have different ISINs or CUSIPs because the company was renamed or moved: the numbers of the one given up become numbers of the past',
  }),
);
const into = Type.String({ format: 'uuid', description: 'Id of the instrument that stays' });

export const securityIdentityRoutes = defineRoutes({
  'GET /api/identity-reviews': {
    summary: 'Rows of issuers’ files that may be a known security, the newest first',
    tags,
    auth: 'user',
    query: Closed({
      ...pageQuery,
      status: Type.Optional(ReviewStatus),
      importId: Type.Optional(Uuid),
      instrumentId: Type.Optional(Uuid),
    }),
    response: { 200: Page(IdentityReview) },
  },
  'GET /api/identity-reviews/:id': {
    summary: 'One row in doubt, with its evidence',
    tags,
    auth: 'user',
    params: IdParams,
    response: { 200: IdentityReview },
  },
  'POST /api/identity-reviews/:id/decision': {
    summary: 'Say which security a row is: one of the candidates, or another one. Remembered for later files',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    body: Closed({
      decision: Literals(['same', 'different']),
      instrumentId: Type.Optional(Uuid),
      renamed,
    }),
    response: { 200: IdentityReview },
  },
  'DELETE /api/identity-reviews/:id/decision': {
    summary: 'Take a decision back: everything is as before, and the question is open again',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    response: { 200: IdentityReview },
  },
  'GET /api/instruments/:id/merge': {
    summary: 'What merging this instrument into another would move, and what stands in the way',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed({ into, renamed }),
    response: { 200: MergePreview },
  },
  'POST /api/instruments/:id/merge': {
    summary:
      'Give this instrument up for another one that it was found to be, with everything that points to it',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    body: Closed({ into, renamed }),
    response: { 201: IdentityMerge },
  },
  'GET /api/identity-merges': {
    summary: 'Merges, the newest first; undone ones too',
    tags,
    auth: 'user',
    query: Closed({ ...pageQuery, instrumentId: Type.Optional(Uuid) }),
    response: { 200: Page(IdentityMerge) },
  },
  'POST /api/identity-merges/:id/undo': {
    summary: 'Undo a merge: what it moved goes back',
    tags,
    auth: 'user',
    ifMatch: true,
    params: IdParams,
    response: { 200: IdentityMerge },
  },
});
