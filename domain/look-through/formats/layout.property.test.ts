import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConstituentFile } from '../published/index.ts';
import { readConstituentFile } from './index.ts';
import { COLUMNS, LOCALES, writeFile, type Holding, type Layout } from './testing/issuer-file.ts';

const HOLDINGS: readonly Holding[] = [
  {
    ticker: 'ORCH',
    name: 'ORCHARD, BELL & "SONS" INC',
    isin: 'US68500A1097',
    kind: 'equity',
    sector: 'tech',
    country: 'us',
    currency: 'USD',
    weight: 4170,
    marketValue: 123_456_789_01,
  },
  {
    ticker: 'HLM',
    name: 'HELM & MAST PLC',
    isin: 'GB00B0HLM091',
    kind: 'equity',
    sector: 'staples',
    country: 'gb',
    currency: 'GBP',
    weight: 2530,
    marketValue: 7_654_321_09,
  },
  {
    ticker: '005930',
    name: 'HANGANG ELECTRONICS; LTD',
    isin: '',
    kind: 'equity',
    sector: 'tech',
    country: 'kr',
    currency: 'KRW',
    weight: 1815,
    marketValue: 1_000_00,
  },
  {
    ticker: 'TLP',
    name: 'TULPEN NV',
    isin: '',
    kind: 'equity',
    sector: 'utilities',
    country: 'nl',
    currency: 'EUR',
    weight: 1005,
    marketValue: 999_99,
  },
  {
    ticker: 'KEP',
    name: 'KEPPLER HEALTH PLC',
    isin: '',
    kind: 'equity',
    sector: 'health',
    country: 'us',
    currency: 'USD',
    weight: 450,
    marketValue: 12_50,
  },
  {
    ticker: 'USD',
    name: 'USD CASH',
    isin: '',
    kind: 'cash',
    sector: 'money',
    country: 'us',
    currency: 'USD',
    weight: 35,
    marketValue: 5_000_000_00,
  },
  {
    ticker: 'GBP',
    name: 'GBP CASH',
    isin: '',
    kind: 'cash',
    sector: 'money',
    country: 'gb',
    currency: 'GBP',
    weight: -5,
    marketValue: -1_234_56,
  },
  {
    ticker: 'NWZ4',
    name: 'NW500 EMINI DEC 24',
    isin: '',
    kind: 'future',
    sector: 'money',
    country: 'us',
    currency: 'USD',
    weight: 0,
    marketValue: 0,
  },
];

const SECTORS = {
  tech: 'Information Technology',
  health: 'Health Care',
  utilities: 'Utilities',
  staples: 'Consumer Staples',
  money: 'Cash and derivatives',
} as const;
const COUNTRIES = {
  us: 'United States',
  nl: 'Netherlands',
  kr: 'South Korea',
  gb: 'United Kingdom',
} as const;
const KINDS = {
  equity: ['security', 'Equity'],
  cash: ['cash', 'Cash'],
  future: ['derivative', 'Future'],
} as const;

const decimals = (hundredths: number): string => {
  const digits = Math.abs(hundredths).toString().padStart(3, '0');
  return `${hundredths < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

/** What must be read of a holding, whatever the file looks like. */
const facts = (holding: Holding) => ({
  ticker: holding.ticker,
  name: holding.name,
  isin: holding.isin === '' ? null : holding.isin,
  kind: KINDS[holding.kind][0],
  assetClass: KINDS[holding.kind][1],
  sector: SECTORS[holding.sector],
  country: COUNTRIES[holding.country],
  currency: holding.currency,
  weightPct: decimals(holding.weight),
  marketValue: decimals(holding.marketValue),
});

const read = (file: ConstituentFile) =>
  file.rows.map(
    ({ ticker, name, isin, kind, assetClass, sector, country, currency, weightPct, marketValue }) => ({
      ticker,
      name,
      isin,
      kind,
      assetClass,
      sector,
      country,
      currency,
      weightPct,
      marketValue,
    }),
  );

const layouts: fc.Arbitrary<Layout> = fc.record({
  locale: fc.constantFrom(...LOCALES),
  spelling: fc.nat({ max: 5 }),
  columns: fc.shuffledSubarray([...COLUMNS], { minLength: COLUMNS.length }),
  extraAt: fc.array(fc.nat({ max: 20 }), { maxLength: 4 }),
  delimiter: fc.constantFrom(',' as const, ';' as const, '\t' as const),
  lineEnd: fc.constantFrom('\n' as const, '\r\n' as const),
  encoding: fc.constantFrom(
    'utf-8' as const,
    'utf-8 with mark' as const,
    'utf-16' as const,
    'utf-16 without mark' as const,
    'windows-1252' as const,
  ),
  preambleLines: fc.integer({ min: 1, max: 9 }),
  footer: fc.nat({ max: 3 }),
  padded: fc.boolean(),
  quoteAll: fc.boolean(),
});

const holdings = fc.shuffledSubarray([...HOLDINGS], { minLength: HOLDINGS.length });

describe('the layout of a file', () => {
  it('does not change what is read: order, language, encoding, separators, further columns, what stands around', () => {
    fc.assert(
      fc.property(layouts, holdings, (layout, rows) => {
        const file = readConstituentFile(writeFile(rows, layout));
        expect(read(file)).toEqual(rows.map((holding) => facts(holding)));
        expect(file.asOf?.toString()).toBe('2024-12-06');
        expect(file.fundName).toBe(layout.preambleLines > 1 ? 'Northwind Example UCITS ETF' : null);
        expect(file.warnings).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('tells the locale', () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        const file = readConstituentFile(writeFile(HOLDINGS, layout));
        fc.pre(file.format === 'ishares-csv');
        expect(file.locale).toBe(layout.locale);
      }),
      { numRuns: 200 },
    );
  });

  it('an invented word is named, counts as Unclassified and changes nothing else', () => {
    fc.assert(
      fc.property(layouts, fc.stringMatching(/^[bcdfghjkl]{6,12}$/), (layout, word) => {
        const bytes = writeFile(HOLDINGS, { ...layout, encoding: 'utf-8' });
        const [sector = ''] = new Set(
          readConstituentFile(bytes)
            .rows.filter((row) => row.sector === 'Utilities')
            .map((row) => row.sectorPublished ?? ''),
        );
        const file = readConstituentFile(
          Buffer.from(Buffer.from(bytes).toString('utf8').replaceAll(sector, word)),
        );
        const expected = HOLDINGS.map((holding) => facts(holding)).map((row) =>
          row.sector === 'Utilities' ? { ...row, sector: 'Unclassified' } : row,
        );
        expect(read(file)).toEqual(expected);
        expect(file.warnings.map(({ code, terms }) => [code, terms])).toEqual([['unknown_sector', [word]]]);
      }),
      { numRuns: 100 },
    );
  });
});
