import { describe, expect, it } from 'vitest';
import type { ConstituentFile, PublishedRow } from '../published/index.ts';
import { readConstituentFile } from './index.ts';
import { n, xlsxOf, type Cell } from '../../../tests/support/workbooks.ts';

const readRows = (rows: ReadonlyArray<readonly Cell[]>, name = 'holdings'): ConstituentFile =>
  readConstituentFile(xlsxOf({ sheets: [{ name, rows }] }));
const rowOf = (file: ConstituentFile, name: string): PublishedRow | undefined =>
  file.rows.find((row) => row.name === name);
const codes = (file: ConstituentFile): string[] => file.warnings.map((warning) => warning.code);
const blank = (count: number): Cell[][] => Array.from({ length: count }, () => [null, null, null]);

const SPDR_HEADER = [
  'Name',
  'Ticker',
  'Identifier',
  'SEDOL',
  'Weight',
  'Sector',
  'Shares Held',
  'Local Currency',
];

describe('SPDR workbooks', () => {
  const american = (): ConstituentFile =>
    readRows([
      ['Fund Name:', 'Northwind® 500 ETF Trust'],
      ['Ticker Symbol:', 'NWD'],
      ['Holdings:', 'As of 06-Dec-2024'],
      [],
      SPDR_HEADER,
      ['ORCHARD SYSTEMS INC', 'ORCH', '037833100', '2046251', n('60.123456'), '-', n('2.9094047E8'), 'USD'],
      ['BOARD + KEEL INC CL B', 'BRK.B', '084670702', '2073390', n('3.9E1'), '-', n('630672.0'), 'USD'],
      ['US DOLLAR', '-', '999USDZ92', '-', n('0.876544000000000001'), '-', n('123.45'), 'USD'],
      ...blank(2),
      ['Past performance is no guarantee of future results. As of 2024 all of it may be lost.'],
      ...blank(100),
      ['The trademarks are of their owners.', null],
    ]);

  it('reads the American file: no sectors, blank tails, legal texts, dollars without a ticker', () => {
    const file = american();
    expect(file).toMatchObject({ format: 'spdr-xlsx', fundName: 'Northwind® 500 ETF Trust', warnings: [] });
    expect(file.asOf?.toString()).toBe('2024-12-06');
    expect(file.totals).toMatchObject({ rows: 3, weightSumPct: '100', cashPct: '0.876544', securities: 2 });
    expect(rowOf(file, 'ORCHARD SYSTEMS INC')).toMatchObject({
      rowNumbers: [6],
      ticker: 'ORCH',
      cusip: '037833100',
      sedol: '2046251',
      isin: null,
      weightPct: '60.123456',
      quantity: '290940470',
      sector: 'Unclassified',
      sectorPublished: null,
      currency: 'USD',
    });
    expect(rowOf(file, 'BOARD + KEEL INC CL B')).toMatchObject({ ticker: 'BRK.B', weightPct: '39' });
    expect(rowOf(file, 'US DOLLAR')).toMatchObject({ kind: 'cash', ticker: null, country: 'United States' });
  });

  it('reads the identifier of a foreign bond as its ISIN', () => {
    const file = readRows([
      ['Fund Name:', 'Northwind International Treasury'],
      ['Holdings:', 'As of 06-Dec-2024'],
      SPDR_HEADER,
      ['GOVERNMENT OF NORTHWIND', '-', 'US0378331005', 'Unassigned', n('100'), '-', n('1'), 'EUR'],
    ]);
    expect(file.rows[0]).toMatchObject({ isin: 'US0378331005', cusip: null, sedol: null });
    expect(codes(file)).toEqual([]);
  });

  const european: ReadonlyArray<readonly Cell[]> = [
    ['Fund Name:', 'Northwind Europe UCITS ETF'],
    ['ISIN:', 'IE00B0000001'],
    ['Ticker Symbol:', 'NWE GY'],
    ['Holdings As Of:', n('45632', 2)],
    [],
    [
      'ISIN',
      'SEDOL',
      'Security Name',
      'Currency',
      'Number of Shares',
      'Percent of Fund',
      'Trade Country Name',
      'Local Price',
      'Sector Classification',
      'Industry Classification',
      'Base Market Value',
    ],
    [
      'GB0002374006',
      '0237400',
      'HARBOUR PLC',
      'GBP',
      n('1200'),
      n('99.5'),
      'United Kingdom',
      n('27.5'),
      'Consumer Staples',
      'Beverages',
      n('33000.5'),
    ],
    [
      'Unassigned',
      'Unassigned',
      'U.S. Dollar',
      'USD',
      n('10'),
      n('0.5'),
      '-',
      n('1'),
      'Unassigned',
      'Unassigned',
      n('10'),
    ],
    [
      'Unassigned',
      'Unassigned',
      'NORTHWIND INDEX FUTURE DEC24',
      'EUR',
      n('2'),
      '-',
      '-',
      n('5000'),
      'Unassigned',
      'Unassigned',
      n('0'),
    ],
  ];

  it('reads the European file: ISINs, countries, sectors, contracts without a weight', () => {
    const file = readRows(european);
    expect(file).toMatchObject({ format: 'spdr-xlsx', fundName: 'Northwind Europe UCITS ETF' });
    expect(file.asOf?.toString()).toBe('2024-12-06');
    expect(file.totals).toMatchObject({ rows: 3, weightSumPct: '100', marketValue: '33010.5' });
    expect(rowOf(file, 'HARBOUR PLC')).toMatchObject({
      isin: 'GB0002374006',
      sector: 'Consumer Staples',
      country: 'United Kingdom',
      price: '27.5',
    });
    expect(rowOf(file, 'NORTHWIND INDEX FUTURE DEC24')).toMatchObject({ isin: null, weightPct: '0' });
    expect(codes(file)).toEqual(['weight_missing']);
  });
});

describe('Xtrackers workbooks', () => {
  const HEADER = [
    '',
    'Name',
    'ISIN',
    'Country',
    'Currency',
    'Exchange',
    'Type of Security',
    'Rating',
    'Primary Listing',
    'Industry Classification',
    'Weighting',
  ];
  const rows = (weights: readonly Cell[]): ReadonlyArray<readonly Cell[]> => [
    ['Northwind Europe UCITS ETF 1C'],
    ['Holdings as of 06.12.2024'],
    [],
    HEADER,
    [
      n('1'),
      'HARBOUR PLC',
      'GB0002374006',
      'United Kingdom',
      'GBP',
      'London Stock Exchange',
      'Equities',
      '-',
      'XLON',
      'Consumer Staples',
      weights[0] ?? null,
    ],
    [
      n('2'),
      'NORTHWIND LIQUIDITY FUND',
      'US0378331005',
      'Ireland',
      'EUR',
      '-',
      'Mutual Fund',
      '-',
      '-',
      'unknown',
      weights[1] ?? null,
    ],
    [
      n('3'),
      'EURO CURRENCY',
      '_CURRENCYEUR',
      'Germany',
      'EUR',
      '-',
      'Cash',
      '-',
      '-',
      'unknown',
      weights[2] ?? null,
    ],
    [
      n('4'),
      'INDEX FUTURE DEC24',
      '___ADI2V9YR9',
      'Germany',
      'EUR',
      '-',
      'Future',
      '-',
      '-',
      'unknown',
      weights[3] ?? null,
    ],
  ];
  const FRACTIONS = ['0.975', '0.015', '0.010000000000000001', '-5.0000000000000002E-5'];

  it.each([
    ['fractions', FRACTIONS.map((weight) => n(weight))],
    ['fractions shown as percentages', FRACTIONS.map((weight) => n(weight, 1))],
    ['percentages', ['97.5', '1.5', '1', '-0.005'].map((weight) => n(weight))],
    ['percentages as text', ['97.5', '1.5', '1', '-0.005']],
  ])('reads weights that are %s', (_what, weights) => {
    const file = readRows(rows(weights), 'Securities');
    expect(file).toMatchObject({
      format: 'xtrackers-xlsx',
      fundName: 'Northwind Europe UCITS ETF 1C',
      warnings: [],
    });
    expect(file.asOf?.toString()).toBe('2024-12-06');
    expect(file.rows.map((row) => [row.kind, Number(row.weightPct), row.isin])).toEqual([
      ['security', 97.5, 'GB0002374006'],
      ['fund', 1.5, 'US0378331005'],
      ['cash', 1, null],
      ['derivative', -0.005, null],
    ]);
    expect(file.totals).toMatchObject({ weightSumPct: '99.995', derivativesPct: '-0.005' });
    expect(file.rows[0]).toMatchObject({
      sector: 'Consumer Staples',
      country: 'United Kingdom',
      mic: 'XLON',
    });
  });

  it('takes the day from the sheet’s name where nothing else gives it', () => {
    const [, , ...table] = rows(FRACTIONS.map((weight) => n(weight)));
    expect(readRows(table, '2024-12-06').asOf?.toString()).toBe('2024-12-06');
    expect(codes(readRows(table, 'Securities'))).toEqual(['as_of_missing']);
  });
});
