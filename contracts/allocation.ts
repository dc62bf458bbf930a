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
  Percent,
  Uuid,
} from './common.ts';
import { Missing } from './valuation.ts';
import { defineRoutes } from './route.ts';

const Amount = (description: string) => Type.String({ ...DecimalText, description });

const row = {
  value: DecimalText,
  actualPct: Nullable(Percent),
  targetPct: Nullable(Percent),
  target: Nullable(Amount('The target as an amount of base')),
  driftPct: Nullable(Type.Number({ description: 'Actual less target, in percentage points' })),
  drift: Nullable(Amount('Value less target')),
};

/** One section, theme or account: what it makes up and what it should. */
export const AllocationPart = Closed({
  name: Type.String(),
  ...row,
  holdingCount: Type.Integer(),
  missingCount: Type.Integer({ description: 'Holdings in it that have no value and are left out of it' }),
});

export const AllocationHolding = Closed({
  holdingId: Uuid,
  name: Type.String(),
  section: Type.String(),
  theme: Type.String(),
  account: Type.String(),
  instrumentType: Nullable(Type.String()),
  qty: DecimalText,
  ...row,
  unitPrice: Nullable(Amount('One unit in the portfolio’s currency; null where price or rate is missing')),
  places: Type.Integer({ minimum: 0, maximum: 18, description: 'Places of a unit that can be traded' }),
});

const Settled = Closed({
  account: Type.String(),
  bought: DecimalText,
  sold: DecimalText,
  newMoney: Amount('Of the cash, what its purchases need beyond its own sales'),
  left: Amount('What its sales bring beyond its purchases'),
});

/** Units of one holding to buy (> 0) or sell (< 0). */
export const RebalanceLine = Closed({
  holdingId: Uuid,
  units: DecimalText,
  amount: DecimalText,
  goal: Nullable(Amount('What it is to be worth by its own, its theme’s or its section’s target')),
});

export const Rebalance = Closed({
  cash: DecimalText,
  mode: Literals(['buyOnly', 'buyAndSell']),
  account: Nullable(Type.String()),
  units: Literals(['asTraded', 'whole', 'fractional']),
  size: Amount('What the targets are shares of: value and cash, at most the locked total'),
  formula: Type.String({ description: 'How the lines come about, in words' }),
  lines: Type.Array(RebalanceLine, { description: 'Only holdings that move' }),
  accounts: Type.Array(Settled),
  bought: DecimalText,
  sold: DecimalText,
  cashLeft: Amount('Of the cash, what no purchase uses: cash + sold = bought + left of the accounts + this'),
  heldBack: Amount('Of the cash, what the locked total leaves no room for'),
  unplaced: Type.Array(
    Closed({ kind: Literals(['theme', 'section']), name: Type.String(), amount: DecimalText }),
    { description: 'Targets that nothing held can fill' },
  ),
  untargeted: Type.Array(Uuid, { description: 'Holdings without a target, which stay as they are' }),
});

/** The model that targets of holdings, themes and sections come from. Targets of accounts are the portfolio’s own. */
export const FollowedModel = Closed({
  portfolioId: Uuid,
  name: Type.String(),
  weightsFrom: Literals(['targets', 'value', 'budgets'], {
    description:
      'Its holdings’ target percentages; without any, their values; without holdings, its lists’ targets',
  }),
  notHeld: Type.Array(
    Closed({
      instrumentId: Nullable(Uuid),
      name: Type.String(),
      section: Type.String(),
      theme: Type.String(),
      targetPct: Percent,
    }),
    { description: 'What the model holds and this portfolio has no holding of' },
  ),
});

export const Allocation = Closed({
  portfolioId: Uuid,
  currency: CurrencyCode,
  asOf: Day,
  valuedAt: Instant,
  value: Amount('What all holdings that count and have a value are worth'),
  base: Amount('What targets in amounts are shares of'),
  baseFrom: Literals(['lockedTotal', 'targetPortfolioValue', 'value']),
  sections: Type.Array(AllocationPart),
  themes: Type.Array(
    Closed({
      ...AllocationPart.properties,
      section: Nullable(Type.String()),
      targetOfSectionPct: Nullable(Percent),
    }),
  ),
  accounts: Type.Array(AllocationPart),
  holdings: Type.Array(AllocationHolding),
  complete: Type.Boolean({ description: 'False when the value of a holding is missing' }),
  missing: Type.Array(Missing),
  model: Nullable(FollowedModel),
  excluded: Type.Array(Closed({ holdingId: Uuid, name: Type.String() }), {
    description: 'Holdings that their owner left out (include = false)',
  }),
  rebalance: Nullable(Rebalance),
});

export const allocationRoutes = defineRoutes({
  'GET /api/portfolios/:id/allocation': {
    summary:
      'Actual, target and drift by section, theme, account and holding; what to trade to come back, if asked',
    tags: ['allocation'],
    auth: 'user',
    params: IdParams,
    query: Closed({
      asOf: Type.Optional(Day),
      cash: Type.Optional(Amount('New money, or money to take out (negative), in the portfolio’s currency')),
      mode: Type.Optional(
        Literals(['buyOnly', 'buyAndSell'], { description: 'Given, or with cash: works out what to trade' }),
      ),
      account: Type.Optional(
        Type.String({ minLength: 1, maxLength: 100, description: 'Where the cash comes in or goes out' }),
      ),
      units: Type.Optional(
        Literals(['asTraded', 'whole', 'fractional'], {
          description: 'asTraded: whole units of what exchanges list, fractions of funds, crypto and cash',
        }),
      ),
    }),
    response: { 200: Allocation },
  },
});
