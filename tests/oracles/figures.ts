// The figures of the look-through oracle: what is computed, from which funds. Shared by the CLI and the self test.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fraction } from './fraction.ts';
import type { Doubt } from './identity.ts';
import { Identities, JUDGED_SAME } from './identity.ts';
import type { Fund, Row } from './issuer-file.ts';
import { readIssuerFile, readIssuerText } from './issuer-file.ts';
import type { Basis, Exposure, Funds } from './look-through.ts';
import {
  candidate,
  effectiveCount,
  equityWeights,
  exposure,
  fundLine,
  overlapMatrix,
  portfolioOf,
  sectorAndCountry,
} from './look-through.ts';
import { currencyCode, COUNTRIES, SECTORS } from './tables.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const BASES: readonly Basis[] = ['published', 'normalised', 'marketValue'];

export type Holdings = ReadonlyArray<{ fund: string; value: string }>;

interface FundSummary {
  asOf: string;
  rows: number;
  equityRows: number;
  weightSumPct: number;
  marketValueSum: string | null;
  checksum: string | null;
}

export interface Figures {
  funds: Record<string, FundSummary>;
  exposures: Record<string, Record<Basis, Exposure>>;
  portfolio: { values: Holdings; exposure: Record<Basis, Exposure> };
  overlap: Record<string, Record<string, number>>;
  sharedSecurities: Record<string, Record<string, number>>;
  /** The same with the pairs joined that a person judged to be one security. */
  overlapJudged: Record<string, Record<string, number>>;
  doubts: Doubt[];
  /** Of the portfolio, on the published weights. */
  analysis: {
    sectorAndCountry: Record<string, number>;
    effectiveCount: number;
    /** Each fund against a portfolio of the others, at their values. */
    candidates: Record<string, ReturnType<typeof candidate>>;
  };
}

function summary(fund: Fund): FundSummary {
  const total = (pick: (row: Row) => Fraction | null): Fraction =>
    fund.rows.reduce((sum, row) => sum.plus(pick(row) ?? new Fraction(0n)), new Fraction(0n));
  const hasMarketValue = fund.rows.some((row) => row.marketValue !== null);
  return {
    asOf: fund.asOf,
    rows: fund.rows.length,
    equityRows: fund.rows.filter((row) => row.kind === 'equity').length,
    weightSumPct: Number(total((row) => row.weight).toFixed(6)),
    marketValueSum: hasMarketValue ? total((row) => row.marketValue).toDecimal() : null,
    checksum: fund.checksum,
  };
}

/** Exposure on all three bases, overlap and doubts for some funds and one portfolio of them. */
export function figuresOf(list: readonly Fund[], values: Holdings): Figures {
  const funds: Funds = new Map(list.map((fund) => [fund.key, fund]));
  const byRule = new Identities(list, false);
  const judged = new Identities(list, true);
  const portfolio = portfolioOf(values);
  const all: Funds = new Map([...funds, [portfolio.key, portfolio]]);
  const onAllBases = (key: string): Record<Basis, Exposure> =>
    Object.fromEntries(BASES.map((basis) => [basis, exposure(all, key, basis, byRule)])) as Record<
      Basis,
      Exposure
    >;
  const keys = [...funds.keys()];
  const candidateOf = (key: string): ReturnType<typeof candidate> => {
    const others = portfolioOf(values.filter(({ fund }) => fund !== key));
    const held = new Map([...funds, [others.key, others]]);
    return candidate(equityWeights(held, others.key, byRule), equityWeights(held, key, byRule));
  };
  const { matrix, sharedSecurities } = overlapMatrix(funds, keys, byRule);
  return {
    funds: Object.fromEntries(list.map((fund) => [fund.key, summary(fund)])),
    exposures: Object.fromEntries(keys.map((key) => [key, onAllBases(key)])),
    portfolio: { values, exposure: onAllBases(portfolio.key) },
    overlap: matrix,
    sharedSecurities,
    overlapJudged: overlapMatrix(funds, keys, judged).matrix,
    doubts: byRule.doubts,
    analysis: {
      sectorAndCountry: sectorAndCountry(all, portfolio.key),
      effectiveCount: effectiveCount(equityWeights(all, portfolio.key, byRule)),
      candidates: values.length < 2 ? {} : Object.fromEntries(keys.map((key) => [key, candidateOf(key)])),
    },
  };
}

/** The issuers' files that the real figures are made from, inside the folder given to `realFigures`. */
export const REAL_FILES: Readonly<Record<string, string>> = {
  SWDA: 'ishares_SWDA_2024-02-23_it.csv',
  EIMI: 'ishares_EIMI_2024-02-23_it.csv',
  IVV: 'ishares_IVV_2024-12-06.csv',
};

/** Value weights of the portfolio in the real figures. FOF is the fund of funds, 80 % SWDA and 20 % EIMI. */
export const REAL_PORTFOLIO: Holdings = [
  { fund: 'SWDA', value: '5000' },
  { fund: 'EIMI', value: '2000' },
  { fund: 'IVV', value: '2000' },
  { fund: 'FOF', value: '1000' },
];

/** Figures of the real files. `folder` holds the issuers' files, which are never committed. */
export function realFigures(
  folder: string,
  values: Holdings = REAL_PORTFOLIO,
): Figures & { judgedSame: typeof JUDGED_SAME } {
  const read = Object.entries(REAL_FILES).map(([key, file]) => readIssuerFile(key, join(folder, file)));
  const fof: Fund = {
    key: 'FOF',
    asOf: '2024-02-23',
    checksum: null,
    warnings: [],
    rows: [fundLine('SWDA', Fraction.of('80')), fundLine('EIMI', Fraction.of('20'))],
  };
  return { ...figuresOf([...read, fof], values), judgedSame: JUDGED_SAME };
}

interface WrittenLine {
  ticker: string;
  name: string;
  isin?: string;
  sector?: string;
  country?: string;
  currency?: string;
  weight: string | null;
  kind?: 'equity' | 'cash' | 'derivative';
  fund?: string;
}

interface WrittenFunds {
  funds: Array<{ key: string; asOf: string; lines: WrittenLine[] }>;
  portfolio: Holdings;
}

function writtenFund({ key, asOf, lines }: WrittenFunds['funds'][number]): Fund {
  return {
    key,
    asOf,
    checksum: null,
    warnings: [],
    rows: lines.map((line): Row => {
      if (line.fund !== undefined) {
        return { ...fundLine(line.fund, Fraction.of(line.weight ?? '0')), name: line.name };
      }
      return {
        ticker: line.ticker,
        name: line.name,
        isin: line.isin ?? null,
        exchange: null,
        kind: line.kind ?? 'equity',
        sector: SECTORS[line.sector ?? ''] ?? null,
        country: COUNTRIES[line.country ?? ''] ?? null,
        currency: currencyCode(line.currency ?? ''),
        weight: line.weight === null ? null : Fraction.of(line.weight),
        marketValue: null,
        fund: null,
      };
    }),
  };
}

/** The made-up funds of `fixtures/`: two in the issuers' formats, the nested ones in JSON. */
export function syntheticFunds(): { funds: Fund[]; portfolio: Holdings } {
  const text = (file: string): string => readFileSync(join(FIXTURES, file), 'utf8');
  const written = JSON.parse(text('nested-funds.json')) as WrittenFunds;
  return {
    funds: [
      readIssuerText('ALPHA', text('alpha-world_it.csv')),
      readIssuerText('BETA', text('beta-us_en.csv')),
      ...written.funds.map(writtenFund),
    ],
    portfolio: written.portfolio,
  };
}

/** Figures of the made-up funds. */
export function syntheticFigures(): Figures {
  const { funds, portfolio } = syntheticFunds();
  return figuresOf(funds, portfolio);
}
