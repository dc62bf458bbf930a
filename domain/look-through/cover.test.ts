import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  candidateOf,
  coverOf,
  MAX_EXACT_FUNDS,
  overlapMatrix,
  sharedCompanies,
  type FundRow,
  type LookThroughGraph,
} from './index.ts';
import { graphOf, inFund, row, total } from './testing/graphs.ts';

const CASH = row('usd', '10', { assetClass: 'Cash', kind: 'cash' });
const FUNDS = {
  world: [row('orchard', '40'), row('hangang', '30'), row('helm', '20'), CASH],
  us: [
    row('orchard', '70'),
    row('helm', '10'),
    row('granite', '10', { country: 'Canada', sector: 'Energy' }),
    CASH,
  ],
  mix: [inFund('world', '50'), row('granite', '30'), row('gloom', '-5')],
};
const GRAPH = graphOf(FUNDS);
const half = (...ids: string[]) => ids.map((instrumentId) => ({ instrumentId, weightPct: 100 / ids.length }));

describe('the companies behind a cell', () => {
  it('are all that both hold, with both weights, and add up to the cell', () => {
    const { overlapPct, companies } = sharedCompanies('world', 'us', GRAPH);
    expect(overlapPct).toBe(50);
    expect(companies).toEqual([
      { instrumentId: 'orchard', name: 'orchard', pctA: 40, pctB: 70, sharedPct: 40 },
      { instrumentId: 'helm', name: 'helm', pctA: 20, pctB: 10, sharedPct: 10 },
    ]);
    expect(sharedCompanies('us', 'us', GRAPH)).toMatchObject({
      overlapPct: 100,
      onlyFirst: [],
      onlySecond: [],
    });
  });

  it('are the largest ones in the matrix, equals by id', () => {
    const rows = ['c', 'a', 'd', 'b'].map((id) => row(id, '20'));
    const graph = graphOf({
      one: [...rows, row('big', '20.1')],
      two: [row('big', '30'), ...rows.toReversed()],
    });
    const asked = ['one', 'two'].map((id) => ({ instrumentId: id, ticker: id, mic: null, isin: null }));
    const named = (names: number) => overlapMatrix(asked, graph, { names }).shared[0];
    expect(named(3)?.companies.map((one) => one.instrumentId)).toEqual(['big', 'a', 'b']);
    expect(named(3)?.count).toBe(5);
    expect(named(0)?.companies).toEqual([]);
    expect(named(9)?.companies).toHaveLength(5);
  });
});

describe('a candidate, worked out by hand', () => {
  it('is compared with all that is held and with each of it, and says what is new', () => {
    const held = [
      { instrumentId: 'world', weightPct: 75 },
      { instrumentId: 'gilt', weightPct: 25 },
    ];
    const found = candidateOf(held, 'us', GRAPH);
    expect(found).toMatchObject({
      equityPct: 90,
      // Orchard 70 and Helm 10 are held, whatever of them
      alreadyHeldPct: 80,
      newPct: 10,
      // min(70, 0.75 × 40) + min(10, 0.75 × 20)
      overlapPct: 40,
      newCompanies: [{ instrumentId: 'granite', pct: 10 }],
      newByCountry: { Canada: 10 },
      newBySector: { Energy: 10 },
    });
    expect(found.byHeld[0]).toEqual({ instrumentId: 'world', overlapPct: 50, alreadyHeldPct: 80 });
  });

  it('does not take a fund that is not known for a new company', () => {
    const graph = graphOf({ both: [row('orchard', '60'), inFund('hidden', '40')] });
    const found = candidateOf([{ instrumentId: 'orchard', weightPct: 100 }], 'both', graph);
    expect(found).toMatchObject({ equityPct: 60, alreadyHeldPct: 60, newPct: 0, newCompanies: [] });
  });

  it('is all new where nothing is held, and all held where it is held itself', () => {
    expect(candidateOf([], 'us', GRAPH)).toMatchObject({
      alreadyHeldPct: 0,
      newPct: 90,
      overlapPct: 0,
      byHeld: [],
    });
    expect(candidateOf(half('us', 'mix'), 'us', GRAPH)).toMatchObject({ alreadyHeldPct: 90, newPct: 0 });
  });
});

describe('a cover, worked out by hand', () => {
  it('is the fewest funds that hold the companies, with what each adds', () => {
    const held = half('world', 'us');
    // Orchard 55, Hangang 15, Helm 15, Granite 5: 90
    const found = coverOf(held, 90, GRAPH);
    expect(found).toMatchObject({ equityPct: 90, exact: true });
    expect(found.funds).toMatchObject([{ instrumentId: 'world', addsCompanies: 3 }]);
    expect(found.coveredPct).toBeCloseTo((85 / 90) * 100, 9);
    // Of us, 80 of its 90 in shares
    expect(found.others[0]?.coveredPct).toBeCloseTo((80 / 90) * 100, 9);
    const all = coverOf(held, 100, GRAPH);
    expect(all.funds.map((one) => one.instrumentId)).toEqual(['world', 'us']);
    expect(all.funds[1]).toMatchObject({ addsCompanies: 1 });
    expect(all.coveredPct).toBeCloseTo(100, 9);
  });

  it('leaves out what is no fund, and covers nothing of nothing', () => {
    expect(coverOf([{ instrumentId: 'orchard', weightPct: 100 }], 90, GRAPH)).toEqual({
      equityPct: 0,
      coveredPct: 0,
      exact: true,
      funds: [],
      others: [],
    });
  });

  it('finds the set that taking the best first misses', () => {
    // The best first is "most" (6 of 12), then two more; "left" and "right" hold everything between them.
    const graph = graphOf({
      most: ['a', 'b', 'd', 'e'].map((id) => row(id, '25')),
      left: ['a', 'b', 'c'].map((id) => row(id, '33')),
      right: ['d', 'e', 'f'].map((id) => row(id, '33')),
    });
    const found = coverOf(half('most', 'left', 'right'), 100, graph);
    expect(found.funds.map((one) => one.instrumentId)).toEqual(['left', 'right']);
    expect(found.others).toEqual([{ instrumentId: 'most', coveredPct: 100 }]);
  });

  it('goes step by step where there are too many funds to try all sets', () => {
    const funds = Object.fromEntries(
      Array.from({ length: MAX_EXACT_FUNDS + 5 }, (_, i) => [
        `f${i}`,
        [row(`s${i}`, '60'), row('same', '40')],
      ]),
    );
    const found = coverOf(half(...Object.keys(funds)), 50, graphOf(funds));
    expect(found.exact).toBe(false);
    // "same" is 40 of 100; each next fund adds 60 / 25 = 2.4
    expect(found.funds).toHaveLength(5);
    expect(found.coveredPct).toBeCloseTo(40 + 5 * 2.4, 9);
  });
});

const arbitraryFunds = fc.dictionary(
  fc.constantFrom('f1', 'f2', 'f3', 'f4', 'f5', 'f6'),
  fc.uniqueArray(
    fc.record({ id: fc.integer({ min: 0, max: 14 }), weight: fc.integer({ min: -3, max: 25 }) }),
    {
      selector: (one) => one.id,
      maxLength: 8,
    },
  ),
  { minKeys: 2 },
);
const rowsOf = (
  given: Record<string, ReadonlyArray<{ id: number; weight: number }>>,
): Record<string, FundRow[]> =>
  Object.fromEntries(
    Object.entries(given).map(([id, list]) => [id, list.map((one) => row(`s${one.id}`, String(one.weight)))]),
  );

/** Tries all sets the slow way: the size of the smallest one, and the most that one of that size covers. */
const bruteForce = (
  funds: Record<string, readonly FundRow[]>,
  targetPct: number,
): { size: number; covered: number } => {
  const ids = Object.keys(funds);
  const exposure = new Map<string, number>();
  for (const rows of Object.values(funds)) {
    for (const { childId, weightPct } of rows) {
      exposure.set(childId, (exposure.get(childId) ?? 0) + Number(weightPct) / ids.length);
    }
  }
  const positive = [...exposure].filter(([, pct]) => pct > 0);
  const all = positive.reduce((sum, [, pct]) => sum + pct, 0);
  let best = { size: ids.length, covered: all > 0 ? -1 : 0 };
  if (!(all > 0)) return { size: 0, covered: 0 };
  const setsOf = (rest: readonly string[]): string[][] => {
    const [first, ...others] = rest;
    if (first === undefined) return [[]];
    const without = setsOf(others);
    return [...without, ...without.map((set) => [first, ...set])];
  };
  for (const set of setsOf(ids)) {
    const isIn = (company: string): boolean =>
      set.some(
        (id) => funds[id]?.some((one) => one.childId === company && Number(one.weightPct) > 0) ?? false,
      );
    const covered = (positive.filter(([id]) => isIn(id)).reduce((sum, [, pct]) => sum + pct, 0) / all) * 100;
    if (covered < targetPct - 1e-7) continue;
    if (set.length < best.size || (set.length === best.size && covered > best.covered)) {
      best = { size: set.length, covered };
    }
  }
  return best;
};

/** The same with its numbers to nine places: adding up in another order changes the last ones. */
const rounded = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, one: unknown) =>
      typeof one === 'number' ? Math.round(one * 1e9) / 1e9 + 0 : one,
    ),
  );

describe('properties', () => {
  it('a cover is as small as any, never covers less with each fund, and asks for more funds the higher the aim', () => {
    fc.assert(
      fc.property(arbitraryFunds, fc.integer({ min: 1, max: 100 }), (given, target) => {
        const funds = rowsOf(given);
        const graph: LookThroughGraph = graphOf(funds);
        const held = half(...Object.keys(funds));
        const found = coverOf(held, target, graph);
        const best = bruteForce(funds, target);
        expect(found.funds.length).toBe(best.size);
        expect(found.coveredPct).toBeCloseTo(best.covered, 6);
        const sums = found.funds.map((one) => one.coveredPct);
        expect(sums).toEqual(sums.toSorted((a, b) => a - b));
        expect(
          total(Object.fromEntries(found.funds.map((one) => [one.instrumentId, one.addsPct]))),
        ).toBeCloseTo(found.coveredPct, 6);
        expect(coverOf(held, 100, graph).funds.length).toBeGreaterThanOrEqual(found.funds.length);
        expect(rounded(coverOf(held.toReversed(), target, graph))).toEqual(rounded(found));
      }),
    );
  });

  it('a candidate is what is held already and what is new, and its overlap lies within both', () => {
    fc.assert(
      fc.property(arbitraryFunds, (given) => {
        const funds = rowsOf(given);
        const [candidate = '', ...others] = Object.keys(funds);
        const graph = graphOf(funds);
        const held = half(...others);
        const found = candidateOf(held, candidate, graph);
        expect(found.alreadyHeldPct + found.newPct).toBeCloseTo(found.equityPct, 7);
        expect(found.overlapPct).toBeLessThanOrEqual(found.alreadyHeldPct + 1e-9);
        for (const map of [found.newByCountry, found.newByRegion, found.newBySector]) {
          expect(total(map)).toBeCloseTo(found.newPct, 7);
        }
        // As a fund of the same funds, what is held overlaps with the candidate just as much.
        const together = graphOf({
          ...funds,
          together: held.map((one) => inFund(one.instrumentId, String(one.weightPct))),
        });
        expect(sharedCompanies('together', candidate, together).overlapPct).toBeCloseTo(found.overlapPct, 7);
        expect(rounded(candidateOf(held.toReversed(), candidate, graph))).toEqual(rounded(found));
      }),
    );
  });

  it('what two share is the same from both sides and is the cell of the matrix', () => {
    fc.assert(
      fc.property(arbitraryFunds, (given) => {
        const graph = graphOf(rowsOf(given));
        const [a = '', b = ''] = Object.keys(given);
        const one = sharedCompanies(a, b, graph);
        const other = sharedCompanies(b, a, graph);
        expect(one.companies.map(({ instrumentId, pctA, pctB }) => [instrumentId, pctA, pctB])).toEqual(
          other.companies.map(({ instrumentId, pctA, pctB }) => [instrumentId, pctB, pctA]),
        );
        const asked = [a, b].map((id) => ({ instrumentId: id, ticker: id, mic: null, isin: null }));
        const { matrix, shared } = overlapMatrix(asked, graph, { names: 4 });
        expect(matrix[a]?.[b]).toBeCloseTo(one.overlapPct, 9);
        expect(shared[0]?.companies).toEqual(one.companies.slice(0, 4));
        expect(shared[0]?.count).toBe(one.companies.length);
      }),
    );
  });
});
