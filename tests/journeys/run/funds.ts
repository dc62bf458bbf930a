/**
 * The funds of the main story and what must be seen of them: the issuers' real files where they lie beside the checkout,
 * else the made-up ones of the oracles. Every figure comes from tests/oracles, which share no code with the product.
 *
 * Contents: FUNDS · POUNDS · EXPECTED · ratesFile
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');
const REAL = join(ROOT, '../shared/realdata');
const FIXTURES = join(ROOT, 'tests/oracles/fixtures');

export const isReal = existsSync(join(REAL, 'etf/ishares_SWDA_2024-02-23_it.csv'));

export type Weights = Readonly<Record<string, number>>;
export type Company = {
  readonly name: string;
  readonly pct: number;
  readonly paths: readonly { readonly via: readonly string[]; readonly pct: number }[];
};
export type Exposure = {
  readonly byRegion: Weights;
  readonly bySector: Weights;
  readonly byCountry: Weights;
  readonly byCurrency: Weights;
  readonly topCompanies: readonly Company[];
  readonly companies: number;
  readonly uncoveredPct: number;
};
type Basis = 'published' | 'normalised' | 'marketValue';
type Figures = {
  readonly funds: Readonly<Record<string, { asOf: string; rows: number; weightSumPct: number }>>;
  readonly exposures: Readonly<Record<string, Readonly<Record<Basis, Exposure>>>>;
  readonly overlap: Readonly<Record<string, Weights>>;
  readonly portfolio: {
    readonly values: readonly { readonly fund: string; readonly value: string }[];
    readonly exposure: Readonly<Record<Basis, Exposure>>;
  };
};

/** A fund as a person types it in, what they trade of it, and the price that they give. */
export type Fund = {
  readonly ticker: string;
  readonly name: string;
  readonly type: 'ETF' | 'Fund';
  readonly isin: string;
  readonly exchange: string;
  readonly currency: 'GBP' | 'USD';
  readonly unit: 'GBP' | 'USD' | 'GBX';
  readonly account: 'ISA' | 'SIPP';
  /** The issuer's file, under a name that says nothing, so that only its content can tell the fund. */
  readonly file: { readonly name: string; readonly content: Buffer };
};

type Traits = Omit<Fund, 'file'> & { readonly content: Buffer };

const WORLD: Omit<Traits, 'content'> = {
  ticker: 'SWDA',
  name: 'iShares Core MSCI World',
  type: 'ETF',
  isin: 'IE00B4L5Y983',
  exchange: 'XLON',
  currency: 'GBP',
  unit: 'GBX',
  account: 'ISA',
};
const EMERGING: Omit<Traits, 'content'> = {
  ...WORLD,
  ticker: 'EIMI',
  name: 'iShares Core MSCI EM IMI',
  isin: 'IE00BKM4GZ66',
  currency: 'USD',
  unit: 'USD',
  account: 'SIPP',
};
const AMERICA: Omit<Traits, 'content'> = {
  ...EMERGING,
  ticker: 'IVV',
  name: 'iShares Core S&P 500',
  isin: 'US4642872000',
  exchange: 'ARCX',
  account: 'ISA',
};
const MIX: Omit<Traits, 'content'> = {
  ...WORLD,
  ticker: 'FOF',
  name: 'Our own mix',
  type: 'Fund',
  isin: '',
  exchange: '',
  unit: 'GBP',
  account: 'SIPP',
};

const etf = (name: string): Buffer => readFileSync(join(REAL, 'etf', name));

/** A plain list of 80 % of one fund and 20 % of another. */
const mixOf = (world: Omit<Traits, 'content'>, other: Omit<Traits, 'content'>): Buffer =>
  Buffer.from(
    [
      'ISIN,Ticker,Name,Asset Class,Weight (%),Exchange',
      `${world.isin},${world.ticker},${world.name},ETF,80,${world.exchange}`,
      `${other.isin},${other.ticker},${other.name},ETF,20,${other.exchange}`,
      '',
    ].join('\n'),
  );

const realTraits = (): Traits[] => [
  { ...WORLD, content: etf('ishares_SWDA_2024-02-23_it.csv') },
  { ...EMERGING, content: etf('ishares_EIMI_2024-02-23_it.csv') },
  { ...AMERICA, content: etf('ishares_IVV_2024-12-06.csv') },
  { ...MIX, content: mixOf(WORLD, EMERGING) },
];

/** Two made-up funds, and a mix of them whose exposure is 80 % of the one and 20 % of the other. */
const madeUpTraits = (): Traits[] => {
  const alpha = { ...WORLD, ticker: 'ALPHA', name: 'Alpha World', isin: '' };
  const beta = { ...EMERGING, ticker: 'BETA', name: 'Beta US Example ETF', isin: '' };
  return [
    { ...alpha, content: readFileSync(join(FIXTURES, 'alpha-world_it.csv')) },
    { ...beta, content: readFileSync(join(FIXTURES, 'beta-us_en.csv')) },
    { ...MIX, content: mixOf(alpha, beta) },
  ];
};

/** What the stories hold, largest first. */
export const FUNDS: readonly Fund[] = (isReal ? realTraits() : madeUpTraits()).map(
  ({ content, ...fund }, at) => ({ ...fund, file: { name: `holdings (${at + 1}).csv`, content } }),
);

const figures = JSON.parse(
  readFileSync(join(ROOT, 'tests/oracles/figures', isReal ? 'real.json' : 'synthetic.json'), 'utf8'),
) as Figures;

const MIX_SHARES: Readonly<Record<string, number>> = {
  [FUNDS[0]?.ticker ?? '']: 0.8,
  [FUNDS[1]?.ticker ?? '']: 0.2,
};

const namesOf = (all: readonly (readonly [Weights, number])[]): string[] => [
  ...new Set(all.flatMap(([weights]) => Object.keys(weights))),
];

const blend = (all: readonly (readonly [Weights, number])[]): Weights =>
  Object.fromEntries(
    namesOf(all).map((name) => [
      name,
      all.reduce((sum, [weights, share]) => sum + (weights[name] ?? 0) * share, 0),
    ]),
  );

const companiesOf = (parts: readonly (readonly [string, Exposure, number])[]): Company[] => {
  const companies = new Map<string, { pct: number; paths: { via: string[]; pct: number }[] }>();
  for (const [, exposure, share] of parts) {
    for (const { name, paths } of exposure.topCompanies) {
      const known = companies.get(name) ?? { pct: 0, paths: [] };
      for (const { via, pct } of paths) {
        known.pct += pct * share;
        known.paths.push({ via: [...via], pct: pct * share });
      }
      companies.set(name, known);
    }
  }
  return [...companies].map(([name, company]) => ({ name, ...company })).toSorted((a, b) => b.pct - a.pct);
};

/** The exposure of several funds together: plain sums of the oracle's figures, each times its share. */
const together = (shares: Readonly<Record<string, number>>, basis: Basis, under?: string): Exposure => {
  const parts = Object.entries(shares).map(([key, share]): readonly [string, Exposure, number] => [
    key,
    exposureOf(key, basis),
    share,
  ]);
  const of = (pick: (exposure: Exposure) => Weights): Weights =>
    blend(parts.map(([, exposure, share]) => [pick(exposure), share]));
  const topCompanies = companiesOf(parts).map((company) =>
    under === undefined
      ? company
      : { ...company, paths: company.paths.map(({ via, pct }) => ({ via: [under, ...via], pct })) },
  );
  return {
    byRegion: of(({ byRegion }) => byRegion),
    bySector: of(({ bySector }) => bySector),
    byCountry: of(({ byCountry }) => byCountry),
    byCurrency: of(({ byCurrency }) => byCurrency),
    topCompanies,
    companies: 0,
    uncoveredPct: parts.reduce((sum, [, exposure, share]) => sum + exposure.uncoveredPct * share, 0),
  };
};

const exposureOf = (key: string, basis: Basis): Exposure => {
  const known = figures.exposures[key]?.[basis];
  if (known !== undefined) return known;
  if (key !== MIX.ticker) throw new Error(`The oracle has no ${key}`);
  return together(MIX_SHARES, basis, MIX.ticker);
};

/** Pounds that each fund of the portfolio is worth, once its price is given. */
export const POUNDS: Readonly<Record<string, number>> = Object.fromEntries(
  FUNDS.map(({ ticker }, at) => [ticker, at === 0 ? 5000 : ticker === MIX.ticker ? 1000 : 2000]),
);
export const TOTAL_POUNDS = Object.values(POUNDS).reduce((sum, value) => sum + value, 0);

const isOraclePortfolio = figures.portfolio.values.every(({ fund, value }) => POUNDS[fund] === Number(value));

const whole = (basis: Basis): Exposure => {
  if (isOraclePortfolio) return figures.portfolio.exposure[basis];
  const shares = Object.fromEntries(
    Object.entries(POUNDS).map(([ticker, pounds]) => [ticker, pounds / TOTAL_POUNDS]),
  );
  return together(shares, basis);
};

/** What the oracle says. */
export const EXPECTED = {
  /** The whole portfolio. */
  whole,
  /** One fund. */
  of: exposureOf,
  /** Overlap of two funds; the mix has one only where the oracle knows it. */
  overlap: (a: string, b: string): number | undefined => figures.overlap[a]?.[b],
  file: (ticker: string) => figures.funds[ticker],
} as const;

/** The ECB's history as published, or the days of it that the story needs. */
export const ratesFile = (): { readonly name: string; readonly content: Buffer; readonly from: string } => {
  const history = join(REAL, 'fx/eurofxref-hist.csv');
  return existsSync(history)
    ? { name: 'eurofxref-hist.csv', content: readFileSync(history), from: '4 Jan 1999' }
    : {
        name: 'eurofxref-hist.csv',
        content: Buffer.from(
          'Date,USD,GBP,\n2024-03-01,1.0813,0.85588,\n2019-12-24,1.108,0.85533,\n2019-12-23,1.1075,0.85605,\n',
        ),
        from: '23 Dec 2019',
      };
};
