import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fundVersion,
  overlapKeys,
  overlapMatrix,
  type FundRow,
  type LookThroughGraph,
  type OverlapInstrument,
} from './index.ts';

const row = (childId: string, weightPct: string, over: Partial<FundRow> = {}): FundRow => ({
  childId,
  name: `Name of ${childId}`,
  weightPct,
  marketValue: null,
  sector: null,
  country: null,
  currency: null,
  assetClass: 'Equity',
  kind: 'security',
  ...over,
});

const graphOf = (funds: Record<string, readonly FundRow[]>): LookThroughGraph => ({
  funds: new Map(
    Object.entries(funds).map(([id, rows]) => [
      id,
      fundVersion({ importId: id, asOf: '2024-02-23', weightSumPct: 100 }, rows),
    ]),
  ),
  instruments: new Map([
    [
      'share',
      { name: 'Share', kind: 'security', sector: null, country: null, currency: null, assetClass: 'Equity' },
    ],
  ]),
});

const ask = (...ids: string[]): OverlapInstrument[] =>
  ids.map((instrumentId) => ({ instrumentId, ticker: instrumentId.toUpperCase(), mic: null, isin: null }));

const CASH = row('usd', '10', { assetClass: 'Cash', kind: 'cash' });
const GRAPH = graphOf({
  world: [row('orchard', '40'), row('hangang', '30'), row('helm', '20'), CASH],
  us: [row('orchard', '70'), row('helm', '10'), row('granite', '10'), CASH],
  mix: [row('world', '50', { kind: 'fund', assetClass: 'Fund' }), row('granite', '30'), row('gloom', '-5')],
  short: [row('orchard', '-20'), row('helm', '5')],
  bonds: [row('gilt', '100', { assetClass: 'Fixed Income' })],
});

describe('overlap, worked out by hand', () => {
  it('adds the smaller weight of each share that both hold, looked through, never cash', () => {
    const { matrix } = overlapMatrix(ask('world', 'us', 'mix', 'bonds'), GRAPH);
    expect(matrix).toEqual({
      // world and us: min(40, 70) + min(20, 10); mix holds half of world: 20 + 15 + 10 and granite 30.
      WORLD: { WORLD: 100, US: 50, MIX: 45, BONDS: 0 },
      US: { WORLD: 50, US: 100, MIX: 40, BONDS: 0 },
      MIX: { WORLD: 45, US: 40, MIX: 100, BONDS: 0 },
      BONDS: { WORLD: 0, US: 0, MIX: 0, BONDS: 100 },
    });
  });

  it('counts a share held directly as all of itself, and a short as nothing held', () => {
    const graph = {
      ...GRAPH,
      funds: new Map([...GRAPH.funds, ...graphOf({ one: [row('share', '12')] }).funds]),
    };
    const { matrix, instruments } = overlapMatrix(ask('share', 'one', 'short', 'us'), graph);
    expect(matrix.SHARE).toEqual({ SHARE: 100, ONE: 12, SHORT: 0, US: 0 });
    expect(matrix.SHORT?.US).toBe(5);
    expect(instruments.map((instrument) => instrument.asOf)).toEqual([
      null,
      '2024-02-23',
      '2024-02-23',
      '2024-02-23',
    ]);
  });

  it('names the shared companies with both weights, the largest first', () => {
    const { shared } = overlapMatrix(ask('world', 'us'), GRAPH, { names: 1 });
    expect(shared).toEqual([
      {
        a: 'WORLD',
        b: 'US',
        count: 2,
        companies: [{ instrumentId: 'orchard', name: 'Name of orchard', pctA: 40, pctB: 70, sharedPct: 40 }],
      },
    ]);
    expect(overlapMatrix(ask('world', 'us'), GRAPH).shared).toEqual([]);
  });

  it('takes an instrument that is named twice once', () => {
    expect(overlapMatrix(ask('world', 'world'), GRAPH).instruments).toHaveLength(1);
  });
});

describe('keys', () => {
  it('are tickers where unique, else ticker@MIC, else ISIN, else id', () => {
    const keys = overlapKeys([
      { instrumentId: '1', ticker: 'VUSA', mic: 'XLON', isin: 'IE00B3XXRP09' },
      { instrumentId: '2', ticker: 'SAN', mic: 'XPAR', isin: 'FR0000120578' },
      { instrumentId: '3', ticker: 'SAN', mic: 'XMAD', isin: 'ES0113900J37' },
      { instrumentId: '4', ticker: 'MRK', mic: null, isin: 'US58933Y1055' },
      { instrumentId: '5', ticker: 'MRK', mic: null, isin: null },
      { instrumentId: '6', ticker: null, mic: null, isin: null },
    ]);
    expect([...keys.values()]).toEqual(['VUSA', 'SAN@XPAR', 'SAN@XMAD', 'US58933Y1055', '5', '6']);
  });

  it('are never two instruments’, whatever their tickers read like', () => {
    const keys = overlapKeys([
      { instrumentId: '1', ticker: 'SAN@XPAR', mic: null, isin: null },
      { instrumentId: '2', ticker: 'SAN', mic: 'XPAR', isin: 'FR0000120578' },
      { instrumentId: '3', ticker: 'SAN', mic: 'XMAD', isin: null },
      { instrumentId: '4', ticker: '5', mic: null, isin: null },
      { instrumentId: '5', ticker: 'FR0000120578', mic: null, isin: null },
    ]);
    expect([...keys.values()]).toEqual(['1', '2', 'SAN@XMAD', '4', '5']);
  });
});

describe('properties', () => {
  const arbitraryFunds = fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    fc.uniqueArray(
      fc.record({ id: fc.integer({ min: 0, max: 30 }), weight: fc.integer({ min: -300, max: 2500 }) }),
      { selector: (one) => one.id, maxLength: 20 },
    ),
    { minKeys: 2 },
  );

  it('is symmetric, between 0 and the smaller equity sum, 100 on the diagonal, and blind to order', () => {
    fc.assert(
      fc.property(arbitraryFunds, (given) => {
        const rows = Object.fromEntries(
          Object.entries(given).map(([id, holdings]) => [
            id,
            holdings.map((one) => row(`s${one.id}`, (one.weight / 100).toFixed(2))),
          ]),
        );
        const held = (id: string): number =>
          (given[id] ?? []).reduce((sum, one) => sum + Math.max(0, one.weight / 100), 0);
        const ids = Object.keys(rows);
        const { matrix } = overlapMatrix(ask(...ids), graphOf(rows));
        const turned = Object.fromEntries(Object.entries(rows).map(([id, list]) => [id, list.toReversed()]));
        const again = overlapMatrix(ask(...ids.toReversed()), graphOf(turned)).matrix;
        for (const a of ids) {
          for (const b of ids) {
            const pct = matrix[a.toUpperCase()]?.[b.toUpperCase()] ?? Number.NaN;
            expect(pct).toBe(matrix[b.toUpperCase()]?.[a.toUpperCase()]);
            expect(pct).toBeCloseTo(again[a.toUpperCase()]?.[b.toUpperCase()] ?? Number.NaN, 9);
            expect(pct).toBeGreaterThanOrEqual(0);
            expect(pct).toBeLessThanOrEqual(a === b ? 100 : Math.min(held(a), held(b)) + 1e-9);
            expect(a !== b || pct === 100).toBe(true);
          }
        }
      }),
    );
  });
});
