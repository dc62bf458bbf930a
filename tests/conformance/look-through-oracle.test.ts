/**
 * Exposure and overlap against the independent oracle: the made-up funds always, the issuers' real files where they are.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  candidateOf,
  crossOf,
  exposureIn,
  exposureOf,
  lookThrough,
  overlapMatrix,
  readConstituentFile,
  type Basis,
  type Exposure,
  type FundRow,
} from '@pm/domain/look-through';
import { fundRow, hasReal, Install, ORACLES, readFile, REAL } from './look-through-install.ts';

type OracleExposure = {
  readonly byRegion: Record<string, number>;
  readonly bySector: Record<string, number>;
  readonly byCountry: Record<string, number>;
  readonly byCurrency: Record<string, number>;
  readonly topCompanies: ReadonlyArray<{ readonly name: string; readonly pct: number }>;
  readonly companies: number;
};
type OracleFigures = {
  readonly funds: Record<string, { readonly checksum: string | null }>;
  readonly exposures: Record<string, Record<Basis, OracleExposure>>;
  readonly portfolio: {
    readonly values: ReadonlyArray<{ readonly fund: string; readonly value: string }>;
    readonly exposure: Record<Basis, OracleExposure>;
  };
  readonly overlap: Record<string, Record<string, number>>;
  readonly analysis: {
    readonly sectorAndCountry: Record<string, number>;
    readonly effectiveCount: number;
    readonly candidates: Record<string, Record<string, number>>;
  };
};

/** Percentage points by which a figure may differ from the oracle's. */
const TOLERANCE = 0.005;

type Line = {
  readonly ticker: string;
  readonly name: string;
  readonly kind?: string;
  readonly sector?: string;
  readonly country?: string;
  readonly currency?: string;
  readonly weight: string | null;
  readonly fund?: string;
};
type WrittenFunds = {
  readonly funds: ReadonlyArray<{
    readonly key: string;
    readonly asOf: string;
    readonly lines: readonly Line[];
  }>;
};

const quoted = (cells: ReadonlyArray<string | null | undefined>): string =>
  cells.map((cell) => `"${(cell ?? '').replaceAll('"', '""')}"`).join(',');

/** The oracle's hand-written funds, by way of the generic CSV; their lines that are funds are given as such. */
const importWritten = (install: Install): void => {
  const path = join(ORACLES, 'fixtures/nested-funds.json');
  const { funds } = JSON.parse(readFileSync(path, 'utf8')) as WrittenFunds;
  for (const { key, asOf, lines } of funds) {
    const nested: FundRow[] = lines.flatMap((line) =>
      line.fund === undefined ? [] : [fundRow(line.fund, line.weight ?? '0')],
    );
    const rows = lines
      .filter((line) => line.fund === undefined)
      .map(({ ticker, name, sector, country, currency, weight, kind }) =>
        quoted([ticker, name, sector, country, currency, kind ?? 'Equity', weight]),
      );
    const header = `as_of,${asOf}\nticker,name,sector,country,currency,asset_class,weight\n`;
    install.import(key, readConstituentFile(new TextEncoder().encode(header + rows.join('\n'))), nested);
  }
};

const madeUp = (): Install => {
  const install = new Install();
  install.import('ALPHA', readFile(join(ORACLES, 'fixtures/alpha-world_it.csv')));
  install.import('BETA', readFile(join(ORACLES, 'fixtures/beta-us_en.csv')));
  importWritten(install);
  return install;
};

const REAL_PATHS: Readonly<Record<string, string>> = {
  SWDA: join(REAL, 'ishares_SWDA_2024-02-23_it.csv'),
  EIMI: join(REAL, 'ishares_EIMI_2024-02-23_it.csv'),
  IVV: join(REAL, 'ishares_IVV_2024-12-06.csv'),
};

const real = (): Install => {
  const install = new Install();
  for (const [key, path] of Object.entries(REAL_PATHS)) install.import(key, readFile(path));
  install.addFund('FOF', '2024-02-23', [fundRow('SWDA', '80'), fundRow('EIMI', '20')]);
  return install;
};

const figures = (name: string): OracleFigures =>
  JSON.parse(readFileSync(join(ORACLES, 'figures', name), 'utf8')) as OracleFigures;

type Case = {
  readonly name: string;
  readonly oracle: OracleFigures;
  readonly paths: Readonly<Record<string, string>>;
  readonly install: Install;
};

const CASES: readonly Case[] = [
  { name: 'made-up funds', oracle: figures('synthetic.json'), paths: {}, install: madeUp() },
  ...(hasReal
    ? [{ name: 'real files', oracle: figures('real.json'), paths: REAL_PATHS, install: real() }]
    : []),
];

/** Every name on which two maps differ by more than is allowed. */
const differences = (
  what: string,
  mine: Readonly<Record<string, number>>,
  theirs: Readonly<Record<string, number>>,
): string[] =>
  [...new Set([...Object.keys(mine), ...Object.keys(theirs)])]
    .filter((name) => !(Math.abs((mine[name] ?? 0) - (theirs[name] ?? 0)) < TOLERANCE))
    .map((name) => `${what} ${name}: ${mine[name] ?? 0}, oracle ${theirs[name] ?? 0}`);

const exposureDifferences = (mine: Exposure, theirs: OracleExposure): string[] => [
  ...differences('region', mine.byRegion, theirs.byRegion),
  ...differences('sector', mine.bySector, theirs.bySector),
  ...differences('country', mine.byCountry, theirs.byCountry),
  ...differences('currency', mine.byCurrency, theirs.byCurrency),
  ...differences('count', { companies: mine.companyCount }, { companies: theirs.companies }),
  ...theirs.topCompanies
    .filter(({ pct }) => !mine.byCompany.some((own) => Math.abs(own.pct - pct) < TOLERANCE))
    .map(({ name, pct }) => `company ${name}: oracle ${pct}`),
];

describe.each(CASES)('$name, against the oracle', ({ oracle, paths, install }) => {
  it('the files are those that the figures were made from', () => {
    const checksum = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
    const wrong = Object.entries(paths).filter(
      ([key, path]) => oracle.funds[key]?.checksum !== checksum(path),
    );
    expect(wrong).toEqual([]);
  });

  it.each<Basis>(['published', 'normalised', 'marketValue'])(
    'exposure of each fund on the basis %s',
    (basis) => {
      const wrong = Object.entries(oracle.exposures).flatMap(([key, expected]) =>
        exposureDifferences(
          exposureOf([{ instrumentId: key, weightPct: 100 }], install.graph, basis),
          expected[basis],
        ).map((text) => `${key}: ${text}`),
      );
      expect(wrong).toEqual([]);
    },
  );

  it.each<Basis>(['published', 'normalised', 'marketValue'])(
    'exposure of the portfolio on the basis %s',
    (basis) => {
      const values = oracle.portfolio.values.map(({ fund, value }) => ({ fund, value: Number(value) }));
      const sum = values.reduce((total, { value }) => total + value, 0);
      const positions = values.map(({ fund, value }) => ({
        instrumentId: fund,
        weightPct: (value / sum) * 100,
      }));
      const mine = exposureOf(positions, install.graph, basis);
      expect(exposureDifferences(mine, oracle.portfolio.exposure[basis])).toEqual([]);
    },
  );

  const positionsOf = (values: ReadonlyArray<{ readonly fund: string; readonly value: string }>) => {
    const sum = values.reduce((total, { value }) => total + Number(value), 0);
    return values.map(({ fund, value }) => ({ instrumentId: fund, weightPct: (Number(value) / sum) * 100 }));
  };

  it('sectors crossed with countries, and the effective number of holdings', () => {
    const looked = lookThrough(positionsOf(oracle.portfolio.values), install.graph, 'published');
    const cells = crossOf(looked, ['sector', 'country']).map(({ a, b, pct }): [string, number] => [
      a === 'Unclassified' && b === 'Unclassified' ? a : `${a} | ${b}`,
      pct,
    ]);
    expect(differences('cell', Object.fromEntries(cells), oracle.analysis.sectorAndCountry)).toEqual([]);
    const { effectiveCount } = exposureIn(looked, 0).concentration;
    expect(Math.abs((effectiveCount ?? 0) - oracle.analysis.effectiveCount)).toBeLessThan(TOLERANCE);
  });

  it('each fund as a candidate for the others', () => {
    const wrong = Object.entries(oracle.analysis.candidates).flatMap(([key, theirs]) => {
      const held = positionsOf(oracle.portfolio.values.filter(({ fund }) => fund !== key));
      const { alreadyHeldPct, newPct, overlapPct } = candidateOf(held, key, install.graph);
      return differences(key, { alreadyHeldPct, newPct, overlapPct }, theirs);
    });
    expect(wrong).toEqual([]);
  });

  it('overlap of every pair', () => {
    const keys = Object.keys(oracle.overlap);
    const asked = keys.map((key) => ({ instrumentId: key, ticker: key, mic: null, isin: null }));
    const { matrix } = overlapMatrix(asked, install.graph);
    expect(keys.flatMap((key) => differences(key, matrix[key] ?? {}, oracle.overlap[key] ?? {}))).toEqual([]);
  });
});
