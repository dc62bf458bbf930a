import Type from 'typebox';
import {
  Closed,
  CurrencyCode,
  Day,
  DecimalText,
  IdParams,
  Literals,
  Nullable,
  Percent,
  Uuid,
} from '../common.ts';
import { defineRoutes } from '../route.ts';
import { FxRate } from '../valuation.ts';

/** The most rows of each part of a comparison. */
export const MAX_COMPARED = 200;

export const ComparedSide = Closed({
  portfolioId: Uuid,
  name: Type.String(),
  type: Literals(['actual', 'draft', 'model']),
  baseCurrency: CurrencyCode,
  ownValue: Type.String({ ...DecimalText, description: 'In its own currency' }),
  value: Nullable(
    Type.String({ ...DecimalText, description: 'In the currency of the comparison; null without a rate' }),
  ),
  holdingCount: Type.Integer(),
  weightsFrom: Literals(['value', 'targets'], {
    description: 'targets: a model that says shares of the whole and not quantities',
  }),
  ocfPct: Nullable(Type.Number({ description: 'Ongoing charge of the whole, as far as it is known' })),
  ocfKnownPct: Type.Number({ description: 'Per cent of the whole whose charge is known' }),
  yearlyCost: Nullable(
    Type.String({ ...DecimalText, description: 'ocfPct of the value, in the currency of the comparison' }),
  ),
  driftPct: Nullable(
    Type.Number({ description: 'Per cent that would have to move to meet its own section targets' }),
  ),
  coveragePct: Type.Number({ description: 'Per cent that was looked through to the bottom' }),
  warnings: Type.Array(Type.String()),
  missing: Type.Array(Closed({ holdingId: Uuid, name: Type.String(), detail: Type.String() })),
});

const sides = {
  left: Percent,
  right: Percent,
  differencePct: Type.Number({ description: 'Right less left' }),
};
const ComparedName = Closed({ name: Type.String(), ...sides });
const Names = Type.Array(ComparedName, { description: 'The largest difference first' });

/** A section, theme or account with what each side aims for. */
const ComparedList = Type.Array(
  Closed({
    name: Type.String(),
    ...sides,
    leftTargetPct: Nullable(Percent),
    rightTargetPct: Nullable(Percent),
  }),
);

const ComparedInstrument = Closed({
  instrumentId: Uuid,
  name: Type.String(),
  ticker: Nullable(Type.String()),
  ...sides,
});

export const Comparison = Closed({
  asOf: Day,
  currency: Type.String({ ...CurrencyCode, description: 'That of the left side' }),
  rate: Nullable(FxRate),
  left: ComparedSide,
  right: ComparedSide,
  overlap: Closed({
    holdingsPct: Type.Number({ description: 'Sum of the smaller weights of what both hold' }),
    companiesPct: Type.Number({ description: 'The same of the companies behind it' }),
  }),
  movedPct: Type.Number({ description: 'Per cent that would have to move to make the left side the right' }),
  holdings: Type.Array(ComparedInstrument),
  holdingCount: Type.Integer({ description: 'Instruments that either side holds' }),
  bySection: ComparedList,
  byTheme: ComparedList,
  byAccount: ComparedList,
  byRegion: Names,
  bySector: Names,
  byCountry: Names,
  byCurrency: Names,
  byAssetClass: Names,
  companies: Type.Array(ComparedInstrument),
  companyCount: Type.Integer({ description: 'Companies behind either side' }),
});

export const compareRoutes = defineRoutes({
  'GET /api/portfolios/:id/diff': {
    summary: 'Two portfolios side by side: value, weights, exposure, overlap, cost and drift',
    tags: ['look-through'],
    auth: 'user',
    params: IdParams,
    query: Closed({
      against: Type.Optional(
        Type.String({
          ...Uuid,
          description:
            'The id of the other portfolio; without it the model that this one follows, else its origin',
        }),
      ),
      asOf: Type.Optional(Day),
    }),
    response: { 200: Comparison },
  },
});
