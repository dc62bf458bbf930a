import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Closures, exposureOf, type Basis, type Exposure, type Weights } from './index.ts';
import { apart, GRAPH, graphOf, inFund, layered, row, total, whole, WORLD } from './testing/graphs.ts';

const maps = (one: Exposure): Weights[] => [
  one.byRegion,
  one.bySector,
  one.byCountry,
  one.byCurrency,
  one.byAssetClass,
];
const codes = (one: Exposure): string[] => one.warnings.map((warning) => warning.code);

/** The same for all maps of two exposures. */
const allApart = (a: Exposure, b: Exposure): string[] =>
  maps(a).flatMap((map, i) => apart(map, maps(b)[i] ?? {}));

describe('exposure, worked out by hand', () => {
  it('counts rows at the issuer’s weights and puts what is missing into Unclassified', () => {
    const one = exposureOf(whole('world'), GRAPH, 'published');
    expect(one.bySector).toEqual({
      'Information Technology': 90,
      'Cash and derivatives': 9,
      Unclassified: 1,
    });
    expect(one.byCountry).toEqual({ 'United States': 69, 'South Korea': 30, Unclassified: 1 });
    expect(one.byRegion).toEqual({ US: 69, 'Emerging Markets': 30, Unclassified: 1 });
    expect(one.byCurrency).toEqual({ USD: 69, KRW: 30, Unclassified: 1 });
    expect(one.byAssetClass).toEqual({ Equity: 90, Cash: 9, Unclassified: 1 });
    expect(one.byCompany.map(({ instrumentId, pct }) => [instrumentId, pct])).toEqual([
      ['orchard', 60],
      ['hangang', 30],
    ]);
    expect(one).toMatchObject({ coveragePct: 99, unclassifiedPct: 1, asOf: '2024-02-10', warnings: [] });
  });

  it('looks a fund of funds through and shows by which way', () => {
    const one = exposureOf(whole('mix'), GRAPH, 'published');
    // 50 % of World: orchard 30, hangang 15, cash 4.5, missing 0.5; own orchard 25, a short of 5, a fund unknown 20.
    expect(one.byCountry).toEqual({
      'United States': 59.5,
      Unclassified: 30.5,
      'South Korea': 15,
      Canada: -5,
    });
    expect(one.unclassifiedPct).toBeCloseTo(10.5, 10);
    expect(one.byCompany).toMatchObject([
      {
        instrumentId: 'orchard',
        pct: 55,
        paths: [
          { via: ['mix', 'world'], pct: 30 },
          { via: ['mix'], pct: 25 },
        ],
      },
      { instrumentId: 'hangang', pct: 15, paths: [{ via: ['mix', 'world'], pct: 15 }] },
      { instrumentId: 'short', pct: -5 },
    ]);
    expect(one.coveragePct).toBeCloseTo(69.5, 10);
  });

  it('says which funds were used and which were not looked through', () => {
    const one = exposureOf(whole('mix'), GRAPH, 'published');
    expect(one.funds).toMatchObject([
      { instrumentId: 'mix', weightPct: 100, weightSumPct: 90, lookedThrough: true, importId: 'import-mix' },
      { instrumentId: 'world', weightPct: 50, weightSumPct: 99, coveragePct: 99, asOf: '2024-02-10' },
      { instrumentId: 'hidden', weightPct: 20, weightSumPct: null, lookedThrough: false, asOf: null },
    ]);
    expect(codes(one)).toEqual(['not_looked_through', 'mixed_days']);
    expect(one.warnings[0]?.message).toContain('20.00 % is in funds whose holdings are not known');
    expect(one.asOf).toBe('2024-02-11');
  });

  it('divides by each fund’s own sum when normalised', () => {
    const one = exposureOf(whole('mix'), GRAPH, 'normalised');
    // World: orchard 60/99; Mix sums to 90.
    expect(one.byCompany[0]?.pct).toBeCloseTo((50 / 90) * (60 / 99) * 100 + (25 / 90) * 100, 10);
    expect(one.byCountry.Unclassified).toBeCloseTo((20 / 90) * 100, 10);
    expect(one.unclassifiedPct).toBeCloseTo(0, 10);
  });

  it('takes shares of market value, and normalised weights where there are none', () => {
    const one = exposureOf(whole('world'), GRAPH, 'marketValue');
    expect(one.byCountry).toEqual({ 'United States': 75, 'South Korea': 25, Unclassified: 0 });
    const mixed = exposureOf(whole('mix'), GRAPH, 'marketValue');
    expect(mixed.byCompany[0]?.pct).toBeCloseTo((50 / 90) * 60 + (25 / 90) * 100, 10);
    expect(codes(mixed)).toContain('basis_not_usable');
  });

  it('adds holdings up: shares held directly count as themselves, funds without a file are not followed', () => {
    const graph = graphOf(
      { world: WORLD },
      {
        orchard: {
          sector: 'Information Technology',
          country: 'United States',
          currency: 'USD',
          assetClass: 'Equity',
        },
        hidden: { name: 'Hidden', kind: 'fund', country: 'Ireland', currency: 'GBP' },
        gbp: {
          kind: 'cash',
          sector: 'Cash and derivatives',
          country: 'United Kingdom',
          currency: 'GBP',
          assetClass: 'Cash',
        },
      },
    );
    const one = exposureOf(
      [
        { instrumentId: 'world', weightPct: 30 },
        { instrumentId: 'orchard', weightPct: 40 },
        { instrumentId: 'world', weightPct: 10 },
        { instrumentId: 'hidden', weightPct: 15 },
        { instrumentId: 'gbp', weightPct: 5 },
      ],
      graph,
      'published',
    );
    expect(
      apart(one.byCountry, {
        'United States': 67.6,
        Unclassified: 15.4,
        'South Korea': 12,
        'United Kingdom': 5,
      }),
    ).toEqual([]);
    expect(one.byCompany[0]).toMatchObject({
      instrumentId: 'orchard',
      pct: 64,
      paths: [
        { via: [], pct: 40 },
        { via: ['world'], pct: 24 },
      ],
    });
    expect(one.coveragePct).toBeCloseTo(84.6, 10);
  });

  it('fills what an issuer leaves open from the security itself', () => {
    const graph = graphOf(
      { bland: [row('orchard', '100', { sector: null, country: 'Unclassified', currency: null })] },
      { orchard: { sector: 'Information Technology', country: 'United States', currency: 'USD' } },
    );
    const one = exposureOf(whole('bland'), graph, 'published');
    expect(one.bySector).toEqual({ 'Information Technology': 100, Unclassified: 0 });
    expect(one.byCountry).toEqual({ 'United States': 100, Unclassified: 0 });
  });

  it('names as many companies as are asked for and counts all', () => {
    const one = exposureOf(whole('mix'), GRAPH, 'published', { companies: 1 });
    expect(one.byCompany).toHaveLength(1);
    expect(one.companyCount).toBe(3);
  });

  it('gives the same with closures made before, and refuses those of another basis', () => {
    const closures = new Closures(GRAPH, 'published');
    const before = exposureOf(whole('world'), GRAPH, 'published', { closures });
    expect(exposureOf(whole('mix'), GRAPH, 'published', { closures })).toEqual(
      exposureOf(whole('mix'), GRAPH, 'published'),
    );
    expect(exposureOf(whole('world'), GRAPH, 'published', { closures })).toEqual(before);
    expect(() => exposureOf(whole('mix'), GRAPH, 'normalised', { closures })).toThrow(RangeError);
  });
});

describe('circles and depth', () => {
  const CIRCLE = graphOf(
    {
      a: [row('x', '50'), inFund('b', '50')],
      b: [row('y', '60'), inFund('c', '40')],
      c: [row('z', '90'), inFund('a', '10')],
    },
    { a: { kind: 'fund' }, b: { kind: 'fund' }, c: { kind: 'fund' } },
  );

  it('follows a circle until the fund comes back and shows that part as not looked through', () => {
    const one = exposureOf(whole('a'), CIRCLE, 'published');
    expect(Object.fromEntries(one.byCompany.map(({ instrumentId, pct }) => [instrumentId, pct]))).toEqual({
      x: 50,
      y: 30,
      z: 18,
    });
    expect(one.coveragePct).toBeCloseTo(98, 10);
    expect(codes(one)).toContain('cycle');
    expect(one.warnings[0]?.message).toBe(
      'A contains itself (A → B → C → A); 2.00 % was not looked through again.',
    );
  });

  it('sees a circle from each fund in it the same, whatever was asked before', () => {
    const alone = exposureOf(whole('b'), CIRCLE, 'published');
    const closures = new Closures(CIRCLE, 'published');
    exposureOf(whole('a'), CIRCLE, 'published', { closures });
    exposureOf(whole('c'), CIRCLE, 'published', { closures });
    expect(exposureOf(whole('b'), CIRCLE, 'published', { closures }).byCompany).toEqual(alone.byCompany);
    expect(Object.fromEntries(alone.byCompany.map(({ instrumentId, pct }) => [instrumentId, pct]))).toEqual({
      y: 60,
      z: 36,
      x: 2,
    });
  });

  it('survives a fund that holds itself', () => {
    const graph = graphOf({ a: [row('x', '70'), inFund('a', '30')] }, { a: { kind: 'fund' } });
    const one = exposureOf(whole('a'), graph, 'published');
    expect(one.coveragePct).toBe(70);
    expect(one.byAssetClass).toEqual({ Equity: 70, Fund: 30, Unclassified: 0 });
  });

  it('answers a tangle of funds that all hold each other', () => {
    const ids = Array.from({ length: 14 }, (_, i) => `f${i}`);
    const funds = Object.fromEntries(
      ids.map((id) => [
        id,
        [row(`own-${id}`, '35'), ...ids.filter((other) => other !== id).map((other) => inFund(other, '5'))],
      ]),
    );
    const one = exposureOf(whole('f0'), graphOf(funds), 'published');
    expect(total(one.bySector)).toBeCloseTo(100, 8);
    expect(one.coveragePct).toBeGreaterThan(35);
    expect(one.coveragePct).toBeLessThan(100);
  });

  it('follows a long chain and says where it stops', () => {
    const chain = (length: number) =>
      graphOf(
        Object.fromEntries(
          Array.from({ length }, (_, i) => [
            `f${i}`,
            i === length - 1 ? [row('end', '100')] : [inFund(`f${i + 1}`, '100')],
          ]),
        ),
      );
    expect(exposureOf(whole('f0'), chain(60), 'published').byCompany).toMatchObject([
      { instrumentId: 'end', pct: 100 },
    ]);
    const tooLong = exposureOf(whole('f0'), chain(500), 'published');
    expect(codes(tooLong)).toContain('too_deep');
    expect(tooLong.coveragePct).toBe(0);
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
  it('every map sums to 100 on every basis', () => {
    fc.assert(
      fc.property(
        arbitraryGraph,
        fc.constantFrom<Basis>('published', 'normalised', 'marketValue'),
        ({ funds, top }, basis) => {
          for (const map of maps(exposureOf(whole(top), graphOf(funds), basis))) {
            expect(total(map)).toBeCloseTo(100, 6);
          }
        },
      ),
    );
  });

  it('a company is the sum of its paths', () => {
    fc.assert(
      fc.property(arbitraryGraph, ({ funds, top }) => {
        for (const { pct, paths } of exposureOf(whole(top), graphOf(funds), 'published').byCompany) {
          expect(paths.reduce((sum, path) => sum + path.pct, 0)).toBeCloseTo(pct, 7);
        }
      }),
    );
  });

  it('a fund of funds is its parts, weighted', () => {
    fc.assert(
      fc.property(arbitraryGraph, fc.integer({ min: 1, max: 99 }), ({ funds, top }, share) => {
        const graph = graphOf({
          ...funds,
          both: [inFund(top, String(share)), inFund('f0', String(100 - share))],
        });
        const asFund = exposureOf(whole('both'), graph, 'published');
        const asHoldings = exposureOf(
          [
            { instrumentId: top, weightPct: share },
            { instrumentId: 'f0', weightPct: 100 - share },
          ],
          graph,
          'published',
        );
        expect(allApart(asFund, asHoldings)).toEqual([]);
        expect(asFund.coveragePct).toBeCloseTo(asHoldings.coveragePct, 7);
      }),
    );
  });

  it('the order of rows, funds and holdings does not matter', () => {
    fc.assert(
      fc.property(arbitraryGraph, ({ funds, top }) => {
        const turned = Object.fromEntries(
          Object.entries(funds)
            .toReversed()
            .map(([id, rows]) => [id, rows.toReversed()]),
        );
        const holdings = [
          { instrumentId: top, weightPct: 70 },
          { instrumentId: 'f0', weightPct: 30 },
        ];
        const one = exposureOf(holdings, graphOf(funds), 'published');
        const other = exposureOf(holdings.toReversed(), graphOf(turned), 'published');
        expect(allApart(one, other)).toEqual([]);
        const byId = (from: Exposure): Weights =>
          Object.fromEntries(from.byCompany.map(({ instrumentId, pct }) => [instrumentId, pct]));
        expect(apart(byId(one), byId(other))).toEqual([]);
      }),
    );
  });
});
