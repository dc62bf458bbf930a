import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  companiesIn,
  crossOf,
  CROSSED,
  DIMENSIONS,
  equityByIssuer,
  exposureIn,
  exposureOf,
  issuersIn,
  lookThrough,
  pathsTo,
  type Basis,
  type CrossCell,
  type Dimension,
  type LookedThrough,
  type Weights,
} from './index.ts';
import { apart, GRAPH, graphOf, layered, row, total, whole } from './testing/graphs.ts';

const mix = lookThrough(whole('mix'), GRAPH, 'published');
const cellsOf = (cells: readonly CrossCell[]): unknown[] => cells.map(({ a, b, pct }) => [a, b, pct]);

describe('crosses, worked out by hand', () => {
  it('counts what is under both words, and gives what no row accounts for to Unclassified on both sides', () => {
    expect(cellsOf(crossOf(mix, ['sector', 'country']))).toEqual([
      ['Information Technology', 'United States', 55],
      // The fund that is not known is 20; the rows leave 10.5 open.
      ['Unclassified', 'Unclassified', 30.5],
      ['Information Technology', 'South Korea', 15],
      ['Cash and derivatives', 'United States', 4.5],
      ['Energy', 'Canada', -5],
    ]);
  });

  it('names companies with their ids, as many as are asked for', () => {
    expect(crossOf(mix, ['company', 'currency'], { companies: 1 })).toEqual([
      { a: 'orchard', b: 'USD', aId: 'orchard', bId: null, pct: 55 },
      { a: 'Not a company', b: 'Unclassified', aId: null, bId: null, pct: 20 },
      { a: 'Other companies', b: 'KRW', aId: null, bId: null, pct: 15 },
      { a: 'Unclassified', b: 'Unclassified', aId: null, bId: null, pct: 10.5 },
      { a: 'Not a company', b: 'USD', aId: null, bId: null, pct: 4.5 },
      { a: 'Other companies', b: 'CAD', aId: null, bId: null, pct: -5 },
    ]);
  });

  it('keeps two companies of one name apart', () => {
    const graph = graphOf({
      f: [row('one', '60', { name: 'Santa' }), row('two', '40', { name: 'Santa' })],
    });
    const cells = crossOf(lookThrough(whole('f'), graph, 'published'), ['country', 'company']);
    expect(cells.map(({ b, bId, pct }) => [b, bId, pct])).toEqual([
      ['Santa', 'one', 60],
      ['Santa', 'two', 40],
    ]);
  });
});

describe('issuers', () => {
  const graph = graphOf({
    f: [
      row('alpha a', '10', { name: 'Alpha Inc Class A', country: 'United States' }),
      row('alpha c', '8', { name: 'Alpha Inc Class C', country: 'United States' }),
      row('beta', '12', { name: 'Beta SA', country: 'France' }),
      row('alpha 2030', '5', {
        name: 'Alpha Inc 2.5% 2030',
        assetClass: 'Fixed Income',
        country: 'United States',
      }),
    ],
  });
  const alpha = {
    issuerId: 'alpha a',
    name: 'Alpha Inc',
    instrumentIds: ['alpha a', 'alpha c', 'alpha 2030'],
  };
  const issuerOf = new Map(alpha.instrumentIds.map((id) => [id, alpha]));
  const looked = lookThrough(whole('f'), graph, 'published');

  it('are their securities added up, and what nobody joined is its own issuer', () => {
    expect(issuersIn(looked, issuerOf)).toEqual([
      {
        issuerId: 'alpha a',
        name: 'Alpha Inc',
        pct: 23,
        companies: [
          { instrumentId: 'alpha a', name: 'Alpha Inc Class A', pct: 10 },
          { instrumentId: 'alpha c', name: 'Alpha Inc Class C', pct: 8 },
          { instrumentId: 'alpha 2030', name: 'Alpha Inc 2.5% 2030', pct: 5 },
        ],
      },
      {
        issuerId: 'beta',
        name: 'Beta SA',
        pct: 12,
        companies: [{ instrumentId: 'beta', name: 'Beta SA', pct: 12 }],
      },
    ]);
    expect([...equityByIssuer(looked, issuerOf)]).toEqual([
      ['alpha a', 18],
      ['beta', 12],
    ]);
  });

  it('may be crossed with any dimension', () => {
    expect(cellsOf(crossOf(looked, ['issuer', 'assetClass'], { issuerOf, companies: 1 }))).toEqual([
      ['Unclassified', 'Unclassified', 65],
      ['Alpha Inc', 'Equity', 18],
      ['Other issuers', 'Equity', 12],
      ['Alpha Inc', 'Fixed Income', 5],
    ]);
  });
});

describe('concentration, worked out by hand', () => {
  it('is that of the shares held, as parts of their sum, without shorts, cash and unknown funds', () => {
    const { concentration } = exposureOf(whole('mix'), GRAPH, 'published');
    // 55 and 15 of 70: 3,250 / 4,900
    expect(concentration).toMatchObject({ equityPct: 70, count: 2 });
    expect(concentration.hhi).toBeCloseTo(3250 / 4900, 12);
    expect(concentration.effectiveCount).toBeCloseTo(4900 / 3250, 12);
    expect(concentration.top.slice(0, 2)).toEqual([
      { count: 1, pct: 55, ofEquityPct: (55 / 70) * 100 },
      { count: 5, pct: 70, ofEquityPct: 100 },
    ]);
  });

  it('of equal shares is their number, and of no shares nothing', () => {
    const equal = graphOf({ f: ['a', 'b', 'c', 'd'].map((id) => row(id, '20')) });
    expect(exposureOf(whole('f'), equal, 'published').concentration.effectiveCount).toBeCloseTo(4, 12);
    const bonds = graphOf({ f: [row('gilt', '100', { assetClass: 'Fixed Income' })] });
    expect(exposureOf(whole('f'), bonds, 'published').concentration).toMatchObject({
      equityPct: 0,
      count: 0,
      hhi: null,
      effectiveCount: null,
    });
  });
});

describe('companies under a word', () => {
  it('are those that count there, with the figure that was looked into', () => {
    const { companies, pct } = companiesIn(mix, { on: { country: 'United States' } });
    expect(companies).toMatchObject([{ instrumentId: 'orchard', pct: 55, totalPct: 55 }]);
    expect(pct).toBe(59.5);
    const everything = companiesIn(mix, { on: { country: 'United States' }, everything: true });
    expect(everything.companies.map((one) => [one.instrumentId, one.kind, one.pct])).toEqual([
      ['orchard', 'security', 55],
      ['usd', 'cash', 4.5],
    ]);
    expect(companiesIn(mix, { on: { sector: 'Unclassified' } }).pct).toBe(30.5);
    expect(companiesIn(mix).pct).toBe(100);
  });

  it('count with the part that their rows put there, and show the ways of that part', () => {
    const graph = graphOf({
      a: [row('twin', '40', { country: 'Japan' }), row('rest', '60')],
      b: [row('twin', '10', { country: 'France' }), row('rest', '90')],
    });
    const half = ['a', 'b'].map((instrumentId) => ({ instrumentId, weightPct: 50 }));
    const looked = lookThrough(half, graph, 'published');
    const filter = { on: { country: 'France' } };
    expect(companiesIn(looked, filter).companies).toMatchObject([
      { instrumentId: 'twin', pct: 5, totalPct: 25, words: { country: 'France', region: 'Europe' } },
    ]);
    expect(pathsTo(looked, ['twin'], filter).paths.get('twin')).toMatchObject([
      { via: ['b'], pct: 5, steps: [50, 10] },
    ]);
    expect(companiesIn(looked).companies).toMatchObject([
      { instrumentId: 'rest' },
      { words: { country: 'Japan' } },
    ]);
  });

  it('show each way step by step', () => {
    expect(pathsTo(mix, ['orchard']).paths.get('orchard')).toMatchObject([
      { via: ['mix', 'world'], pct: 30, steps: [100, 50, 60] },
      { via: ['mix'], pct: 25, steps: [100, 25] },
    ]);
  });
});

const SECTORS = ['Energy', 'Financials', 'Utilities', null];
const COUNTRIES = ['Japan', 'France', 'United States', null];
const arbitraryGraph = fc
  .record({
    shares: fc.array(
      fc.record({
        sector: fc.constantFrom(...SECTORS),
        country: fc.constantFrom(...COUNTRIES),
        hundredths: fc.integer({ min: -500, max: 4000 }),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    layers: fc.array(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 4 }), {
      minLength: 1,
      maxLength: 5,
    }),
  })
  .map(layered);

describe('properties', () => {
  const arbitraryBasis = fc.constantFrom<Basis>('published', 'normalised', 'marketValue');
  const sumBy = (cells: readonly CrossCell[], side: 'a' | 'b'): Weights => {
    const sums: Record<string, number> = {};
    for (const cell of cells) sums[cell[side]] = (sums[cell[side]] ?? 0) + cell.pct;
    return sums;
  };
  const mapOn = (looked: LookedThrough, dimension: Dimension): Weights => {
    const { byRegion, bySector, byIndustry, byCountry, byCurrency, byAssetClass } = exposureIn(looked);
    return {
      region: byRegion,
      sector: bySector,
      industry: byIndustry,
      country: byCountry,
      currency: byCurrency,
      assetClass: byAssetClass,
    }[dimension];
  };

  it('every cross sums to 100, and its sums over either side are the maps of the other', () => {
    fc.assert(
      fc.property(
        arbitraryGraph,
        arbitraryBasis,
        fc.constantFrom(...CROSSED),
        fc.constantFrom(...CROSSED),
        fc.integer({ min: 0, max: 5 }),
        ({ funds, top }, basis, first, second, companies) => {
          fc.pre(first !== second);
          const looked = lookThrough(whole(top), graphOf(funds), basis);
          const cells = crossOf(looked, [first, second], { companies });
          expect(total(sumBy(cells, 'a'))).toBeCloseTo(100, 6);
          const sides = [
            { side: 'a', one: first },
            { side: 'b', one: second },
          ] as const;
          const wrong = sides.flatMap(({ side, one }) =>
            one === 'company' || one === 'issuer' ? [] : apart(sumBy(cells, side), mapOn(looked, one)),
          );
          expect(wrong).toEqual([]);
        },
      ),
    );
  });

  it('the companies under the words of a dimension add up to its map, with what is none', () => {
    fc.assert(
      fc.property(arbitraryGraph, fc.constantFrom(...DIMENSIONS), ({ funds, top }, dimension) => {
        const looked = lookThrough(whole(top), graphOf(funds), 'published');
        for (const [word, pct] of Object.entries(mapOn(looked, dimension))) {
          const found = companiesIn(looked, { on: { [dimension]: word }, everything: true });
          expect(found.pct).toBeCloseTo(pct, 7);
          const sum = found.companies.reduce((all, one) => all + one.pct, 0);
          const rest = word === 'Unclassified' ? exposureIn(looked).unclassifiedPct : 0;
          expect(sum + rest).toBeCloseTo(pct, 7);
        }
      }),
    );
  });

  it('the product of a way’s steps is its share', () => {
    fc.assert(
      fc.property(arbitraryGraph, arbitraryBasis, ({ funds, top }, basis) => {
        const looked = lookThrough(whole(top), graphOf(funds), basis);
        const ids = companiesIn(looked).companies.map((one) => one.instrumentId);
        for (const ways of pathsTo(looked, ids).paths.values()) {
          for (const { pct, steps, via } of ways) {
            expect(steps.reduce((part, step) => (part * step) / 100, 100)).toBeCloseTo(pct, 7);
            expect(steps.length).toBe(via.length + 1);
          }
        }
      }),
    );
  });

  it('an effective number of holdings lies between one and their count', () => {
    fc.assert(
      fc.property(arbitraryGraph, ({ funds, top }) => {
        const {
          count,
          effectiveCount,
          top: largest,
        } = exposureOf(whole(top), graphOf(funds), 'published').concentration;
        expect(effectiveCount === null).toBe(count === 0);
        expect(effectiveCount ?? 1).toBeGreaterThanOrEqual(1 - 1e-9);
        expect(effectiveCount ?? 0).toBeLessThanOrEqual(count + 1e-9);
        for (const [i, one] of largest.entries()) {
          expect(one.pct).toBeGreaterThanOrEqual(largest[i - 1]?.pct ?? 0);
        }
      }),
    );
  });
});
