import Type from 'typebox';
import { Closed, Day, IdParams, Nullable, Percent, Uuid } from '../common.ts';
import { defineRoutes } from '../route.ts';

export const Overlap = Closed({
  asOf: Day,
  instruments: Type.Array(
    Closed({ key: Type.String(), id: Uuid, name: Type.String(), asOf: Nullable(Day), coveragePct: Percent }),
  ),
  matrix: Type.Record(Type.String(), Type.Record(Type.String(), Percent)),
  shared: Type.Array(
    Closed({
      a: Type.String(),
      b: Type.String(),
      count: Type.Integer(),
      companies: Type.Array(
        Closed({ instrumentId: Uuid, name: Type.String(), pctA: Percent, pctB: Percent, sharedPct: Percent }),
      ),
    }),
  ),
  warnings: Type.Array(Type.String()),
});

const AsOf = Type.Optional(Day);
const tags = ['look-through'];

export const overlapRoutes = defineRoutes({
  'GET /api/portfolios/:id/overlap': {
    summary: 'How much the funds of a portfolio hold in common',
    tags,
    auth: 'user',
    params: IdParams,
    query: Closed({ asOf: AsOf }),
    response: { 200: Overlap },
  },
  'GET /api/overlap': {
    summary: 'How much any funds hold in common',
    tags,
    auth: 'user',
    query: Closed({
      instruments: Type.String({
        maxLength: 2000,
        description: 'Ids of 1 to 50 instruments, separated by commas',
      }),
      asOf: AsOf,
    }),
    response: { 200: Overlap },
  },
});
