/**
 * The main job, as a person does it, on what issuers really publish: four funds, two accounts, trades, prices, rates,
 * files, and what is really owned, against the independent oracle's figures.
 *
 * The issuers' files are not part of the project. Where the folder beside it is missing, the same story runs on the
 * made-up funds in tests/oracles/fixtures.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../support/app.ts';
import type { TestApp, TestPerson } from '../support/app.ts';

const ROOT = join(import.meta.dirname, '../..');
const REAL = join(ROOT, '../shared/realdata');
const isReal = existsSync(join(REAL, 'etf'));

type Weights = Record<string, number>;
type Expected = {
  byCountry: Weights;
  bySector: Weights;
  byCurrency: Weights;
  byRegion: Weights;
  topCompanies: { name: string; pct: number }[];
};
type Figures = {
  funds: Record<string, { rows: number; weightSumPct: number; asOf: string }>;
  exposures: Record<string, Record<'published' | 'normalised' | 'marketValue', Expected>>;
  overlap: Record<string, Record<string, number>>;
  portfolio: { values: { fund: string; value: string }[]; exposure: Record<'published', Expected> };
};

type Fund = {
  readonly file: string;
  readonly name: string;
  readonly isin?: string;
  readonly currency: string;
  readonly quoteUnit?: string;
};
type Story = {
  readonly figures: Figures;
  readonly funds: Record<string, Fund>;
  readonly mix: Record<string, number>;
  readonly valuedOn: string;
};

const figuresIn = (name: string): Figures =>
  JSON.parse(readFileSync(join(ROOT, 'tests/oracles/figures', name), 'utf8')) as Figures;

const real: Story = {
  figures: figuresIn('real.json'),
  valuedOn: '2024-12-31',
  mix: { SWDA: 80, EIMI: 20 },
  funds: {
    SWDA: {
      file: join(REAL, 'etf/ishares_SWDA_2024-02-23_it.csv'),
      name: 'iShares Core MSCI World',
      isin: 'IE00B4L5Y983',
      currency: 'GBP',
      quoteUnit: 'GBX',
    },
    EIMI: {
      file: join(REAL, 'etf/ishares_EIMI_2024-02-23_it.csv'),
      name: 'iShares Core MSCI EM IMI',
      isin: 'IE00BKM4GZ66',
      currency: 'USD',
    },
    IVV: {
      file: join(REAL, 'etf/ishares_IVV_2024-12-06.csv'),
      name: 'iShares Core S&P 500',
      isin: 'US4642872000',
      currency: 'USD',
    },
  },
};

const fixtures = join(ROOT, 'tests/oracles/fixtures');
const madeUp: Story = {
  figures: figuresIn('synthetic.json'),
  valuedOn: '2025-12-31',
  mix: { ALPHA: 80, BETA: 20 },
  funds: {
    ALPHA: {
      file: join(fixtures, 'alpha-world_it.csv'),
      name: 'Alpha World',
      currency: 'GBP',
      quoteUnit: 'GBX',
    },
    BETA: { file: join(fixtures, 'beta-us_en.csv'), name: 'Beta US', currency: 'USD' },
  },
};

const story = isReal ? real : madeUp;
const POINTS = 0.005;

let app: TestApp;
let person: TestPerson;
const ids = new Map<string, string>();
const reports = new Map<string, Awaited<ReturnType<typeof upload>>>();
let portfolioId = '';

const upload = async (id: string, body: Buffer, query: { asOf?: string } = {}) =>
  person.expect(201, 'POST /api/instruments/:id/constituents', { params: { id }, query, body });

const idOf = (key: string): string => ids.get(key) ?? '';

/** Every name of either side agrees to 0.005 points; a name that one side lacks counts as 0 there. */
const expectWeights = (actual: Weights, expected: Weights): void => {
  const differing = [...new Set([...Object.keys(actual), ...Object.keys(expected)])]
    .map((name) => ({ name, actual: actual[name] ?? 0, expected: expected[name] ?? 0 }))
    .filter((one) => Math.abs(one.actual - one.expected) > POINTS);
  expect(differing).toEqual([]);
  expect(Object.values(actual).reduce((sum, pct) => sum + pct, 0)).toBeCloseTo(100, 6);
};

beforeAll(async () => {
  app = await createTestApp();
  person = app.admin;
  portfolioId = (await person.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } })).id;
  for (const [ticker, fund] of Object.entries(story.funds)) {
    const { file: _file, ...body } = fund;
    const made = await person.expect(201, 'POST /api/instruments', {
      body: { type: 'ETF', ticker, exchange: 'XLON', ...body },
    });
    ids.set(ticker, made.id);
    reports.set(ticker, await upload(made.id, readFileSync(fund.file)));
  }
  const mix = await person.expect(201, 'POST /api/instruments', {
    body: { type: 'Fund', name: 'Our mix', ticker: 'FOF', currency: 'GBP', scope: 'private' },
  });
  ids.set('FOF', mix.id);
  const rows = Object.entries(story.mix).map(
    ([ticker, weight]) =>
      `${ticker},${story.funds[ticker]?.isin ?? ''},${story.funds[ticker]?.name ?? ''},ETF,${weight},XLON`,
  );
  const csv = `Ticker,ISIN,Name,Asset Class,Weight (%),Exchange\n${rows.join('\n')}\n`;
  reports.set('FOF', await upload(mix.id, Buffer.from(csv), { asOf: story.valuedOn }));
}, 120_000);
afterAll(async () => app.close());

describe('the reports of the imports', () => {
  it.each(Object.keys(story.funds))('%s', (key) => {
    const { rows, asOf, weightSumPct = Number.NaN } = story.figures.funds[key] ?? {};
    const report = reports.get(key);
    expect(report).toMatchObject({ format: 'ishares-csv', rows, asOf });
    expect(report?.weightSumPct).toBeCloseTo(weightSumPct, 6);
    expect((report?.matched ?? 0) + (report?.unmatched ?? 0)).toBe(rows);
  });

  it('the fund of funds finds the funds that are there', () => {
    const count = Object.keys(story.mix).length;
    expect(reports.get('FOF')).toMatchObject({ scope: 'private', created: 0, matched: count, unmatched: 0 });
  });
});

describe(`what funds really hold (${isReal ? 'issuers’ files' : 'made-up funds'})`, () => {
  const cases = [...Object.keys(story.funds), ...(isReal ? ['FOF'] : [])].flatMap((key) =>
    (['published', 'normalised', 'marketValue'] as const).map((basis) => [key, basis] as const),
  );
  it.each(cases)('%s, %s', async (key, basis) => {
    const expected = story.figures.exposures[key]?.[basis];
    if (!expected) throw new Error(`the oracle has no ${key}`);
    const exposure = await person.expect(200, 'GET /api/instruments/:id/exposure', {
      params: { id: idOf(key) },
      query: { basis },
    });
    expectWeights(exposure.byCountry, expected.byCountry);
    expectWeights(exposure.bySector, expected.bySector);
    expectWeights(exposure.byCurrency, expected.byCurrency);
    expectWeights(exposure.byRegion, expected.byRegion);
    const top = expected.topCompanies.slice(0, 5);
    const byName = new Map(exposure.byCompany.map((company) => [company.name.toUpperCase(), company.pct]));
    for (const company of top) {
      expect(byName.get(company.name.toUpperCase()) ?? Number.NaN).toBeCloseTo(company.pct, 2);
    }
  });

  it('the fund of funds names the paths by which its companies are held', async () => {
    const exposure = await person.expect(200, 'GET /api/instruments/:id/exposure', {
      params: { id: idOf('FOF') },
    });
    const largest = exposure.byCompany[0];
    const outer = Object.keys(story.mix).find((ticker) => largest?.paths[0]?.via.includes(idOf(ticker)));
    expect(largest?.paths[0]?.via[0]).toBe(idOf('FOF'));
    expect(outer).toBeDefined();
    expect(largest?.paths.reduce((sum, path) => sum + path.pct, 0)).toBeCloseTo(
      largest?.pct ?? Number.NaN,
      6,
    );
    expect(exposure.funds.map((fund) => fund.instrumentId)).toEqual(
      expect.arrayContaining([idOf('FOF'), ...Object.keys(story.mix).map(idOf)]),
    );
  });
});

describe('what funds hold in common', () => {
  it('agrees with the oracle for every pair', async () => {
    const keys = isReal ? [...Object.keys(story.funds), 'FOF'] : Object.keys(story.funds);
    const overlap = await person.expect(200, 'GET /api/overlap', {
      query: { instruments: keys.map(idOf).join(',') },
    });
    for (const a of keys) {
      for (const b of keys) {
        const expected = story.figures.overlap[a]?.[b] ?? Number.NaN;
        expect(
          Math.abs((overlap.matrix[a]?.[b] ?? Number.NaN) - expected),
          `${a} and ${b}`,
        ).toBeLessThanOrEqual(POINTS);
      }
    }
  });
});

describe('a household with an ISA and a SIPP', () => {
  const [pence = '', dollars = ''] = Object.keys(story.funds);
  // 60 × 84.20 GBP, and 200 × 33.25 USD at 0.82918 / 1.0389 GBP for 1 USD.
  const pounds = 60 * 84.2;
  const dollarsInPounds = (200 * 33.25 * 0.82918) / 1.0389;

  const hold = async (ticker: string, account: string) =>
    person.expect(201, 'POST /api/portfolios/:id/holdings', {
      params: { id: portfolioId },
      body: { instrumentId: idOf(ticker), section: 'Core', theme: 'Global Equity', account },
    });
  const trade = async (id: string, body: object) =>
    person.expect(201, 'POST /api/holdings/:id/trades', {
      params: { id },
      body: { type: 'buy' as const, date: '2024-03-01', price: '1', qty: '1', ...body },
    });
  const exposureOn = async (asOf: string) =>
    person.expect(200, 'GET /api/portfolios/:id/exposure', { params: { id: portfolioId }, query: { asOf } });

  beforeAll(async () => {
    const rates = isReal
      ? readFileSync(join(REAL, 'fx/eurofxref-hist.csv'))
      : Buffer.from('Date,USD,GBP,\n2025-12-31,1.0389,0.82918,\n2024-03-01,1.0813,0.85600,\n');
    await app.admin.expect(201, 'POST /api/fx/import', { body: rates });
    const isa = await hold(pence, 'ISA');
    const sipp = await hold(dollars, 'SIPP');
    await trade(isa.id, { price: '7512.5', quoteUnit: 'GBX', qty: '100', fees: '5.95' });
    await trade(isa.id, { type: 'sell', date: '2024-06-03', price: '80', qty: '40' });
    await trade(sipp.id, { price: '30', qty: '200' });
    for (const [ticker, close, quoteUnit] of [
      [pence, '8420', 'GBX'],
      [dollars, '33.25', 'USD'],
    ] as const) {
      const body = { dateTime: `${story.valuedOn}T15:30:00Z`, close, quoteUnit };
      await person.expect(201, 'POST /api/instruments/:id/prices', { params: { id: idOf(ticker) }, body });
    }
  }, 60_000);

  it('is worth its holdings in pounds, with the rate and its source', async () => {
    const summary = await person.expect(200, 'GET /api/portfolios/:id/summary', {
      params: { id: portfolioId },
      query: { asOf: story.valuedOn },
    });
    expect(Number(summary.value)).toBeCloseTo(pounds + dollarsInPounds, 6);
    expect(Number(summary.byAccount['ISA'])).toBeCloseTo(pounds, 6);
    expect(summary).toMatchObject({
      currency: 'GBP',
      asOf: story.valuedOn,
      complete: true,
      missing: [],
      rates: [{ from: 'USD', to: 'GBP', source: 'ECB', method: 'cross', date: story.valuedOn }],
    });
  });

  it('really holds its funds’ constituents by their share of its value', async () => {
    const exposure = await exposureOn(story.valuedOn);
    const share = pounds / (pounds + dollarsInPounds);
    const mixed = (key: 'byCountry' | 'bySector'): Weights => {
      const a = story.figures.exposures[pence]?.published[key] ?? {};
      const b = story.figures.exposures[dollars]?.published[key] ?? {};
      const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
      return Object.fromEntries(
        names.map((name) => [name, share * (a[name] ?? 0) + (1 - share) * (b[name] ?? 0)]),
      );
    };
    expectWeights(exposure.byCountry, mixed('byCountry'));
    expectWeights(exposure.bySector, mixed('bySector'));
    const days = new Map(exposure.funds.map((fund) => [fund.instrumentId, fund.asOf]));
    for (const key of [pence, dollars]) {
      expect(days.get(idOf(key))).toBe(story.figures.funds[key]?.asOf);
    }
  });

  it('held nothing before it bought', async () => {
    expect(await exposureOn('2024-02-29')).toMatchObject({ byCountry: {}, funds: [] });
  });
});
