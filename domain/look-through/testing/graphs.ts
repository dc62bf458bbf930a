import {
  fundVersion,
  type FundRow,
  type GraphInstrument,
  type LookThroughGraph,
  type Weights,
} from '../index.ts';

export const row = (childId: string, weightPct: string, over: Partial<FundRow> = {}): FundRow => ({
  childId,
  name: childId,
  weightPct,
  marketValue: null,
  sector: 'Financials',
  country: 'Japan',
  currency: 'JPY',
  assetClass: 'Equity',
  kind: 'security',
  ...over,
});

export const bare = { sector: null, country: null, currency: null, assetClass: null } as const;
export const inFund = (childId: string, weightPct: string): FundRow =>
  row(childId, weightPct, { ...bare, assetClass: 'Fund', kind: 'fund' });

export const graphOf = (
  funds: Record<string, readonly FundRow[]>,
  instruments: Record<string, Partial<GraphInstrument>> = {},
): LookThroughGraph => ({
  funds: new Map(
    Object.entries(funds).map(([id, rows], i) => [
      id,
      fundVersion(
        {
          importId: `import-${id}`,
          asOf: `2024-02-${String(10 + i)}`,
          weightSumPct: rows.reduce((sum, one) => sum + Number(one.weightPct), 0),
        },
        rows,
      ),
    ]),
  ),
  instruments: new Map(
    Object.entries(instruments).map(([id, own]) => [
      id,
      { name: id.toUpperCase(), ...bare, kind: 'security', ...own },
    ]),
  ),
});

export const whole = (instrumentId: string) => [{ instrumentId, weightPct: 100 }];
export const total = (weights: Weights): number => Object.values(weights).reduce((sum, pct) => sum + pct, 0);
/** Names on which two maps differ by more than rounding. */
export const apart = (a: Weights, b: Weights): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (name) => !(Math.abs((a[name] ?? 0) - (b[name] ?? 0)) < 1e-7),
  );

/** Written by hand: a world fund, a fund of it and a share, and what a person holds of both. */
export const WORLD = [
  row('orchard', '60', {
    sector: 'Information Technology',
    country: 'United States',
    currency: 'USD',
    marketValue: '600',
  }),
  row('hangang', '30', {
    sector: 'Information Technology',
    country: 'South Korea',
    currency: 'KRW',
    marketValue: '250',
  }),
  row('usd', '9', {
    sector: 'Cash and derivatives',
    country: 'United States',
    currency: 'USD',
    assetClass: 'Cash',
    kind: 'cash',
    marketValue: '150',
  }),
  row('future', '0', {
    sector: 'Cash and derivatives',
    country: null,
    currency: 'USD',
    assetClass: 'Future',
    kind: 'derivative',
    marketValue: '0',
  }),
];
const MIX = [
  inFund('world', '50'),
  row('orchard', '25', { sector: 'Information Technology', country: 'United States', currency: 'USD' }),
  row('short', '-5', { sector: 'Energy', country: 'Canada', currency: 'CAD' }),
  inFund('hidden', '20'),
];
export const GRAPH = graphOf(
  { world: WORLD, mix: MIX },
  {
    world: { name: 'World', kind: 'fund' },
    mix: { name: 'Mix', kind: 'fund' },
    hidden: { name: 'Hidden', kind: 'fund' },
  },
);

/** What a made-up graph is made of: shares that every fund holds, and the weights of funds in each layer of funds. */
export type Ingredients = {
  readonly shares: ReadonlyArray<{
    readonly sector: string | null;
    readonly country: string | null;
    readonly hundredths: number;
  }>;
  readonly layers: ReadonlyArray<readonly number[]>;
};

/** Layers of funds: each holds shares and funds of the layers below. Some ids are funds without a file. */
export const layered = ({ shares, layers }: Ingredients) => {
  const funds: Record<string, FundRow[]> = {};
  for (const [depth, nested] of layers.entries()) {
    const rows = shares.map((share, i) =>
      row(`s${(i + depth) % 11}`, (share.hundredths / 100).toFixed(2), {
        sector: share.sector,
        country: share.country,
      }),
    );
    const inside = new Map(nested.map((weight, i) => [depth === 0 ? 'unknown' : `f${i % depth}`, weight]));
    const unique = [...new Map(rows.map((one) => [one.childId, one])).values()];
    funds[`f${depth}`] = [...unique, ...[...inside].map(([id, weight]) => inFund(id, String(weight)))];
  }
  return { funds, top: `f${layers.length - 1}` };
};
