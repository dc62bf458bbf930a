import { describe, expect, it } from 'vitest';
import type { ConstituentFile, PublishedRow } from '../published/index.ts';
import { readConstituentFile } from './index.ts';
import { n, xlsxOf, type Cell, type SheetSpec } from '../../../tests/support/workbooks.ts';

const readRows = (rows: ReadonlyArray<readonly Cell[]>, name = 'holdings'): ConstituentFile =>
  readConstituentFile(xlsxOf({ sheets: [{ name, rows }] }));
const rowOf = (file: ConstituentFile, name: string): PublishedRow | undefined =>
  file.rows.find((row) => row.name === name);
const codes = (file: ConstituentFile): string[] => file.warnings.map((warning) => warning.code);

const ISHARES = [
  'Ticker',
  'Name',
  'Sector',
  'Asset Class',
  'Market Value',
  'Weight (%)',
  'Notional Value',
  'Shares',
  'Price',
  'Location',
  'Exchange',
  'Market Currency',
];
const isharesRows: ReadonlyArray<readonly Cell[]> = [
  ['06-Dec-2024'],
  ['Northwind Large Cap ETF'],
  ISHARES,
  [
    'ORCH',
    'ORCHARD & SONS',
    'Information Technology',
    'Equity',
    n('1000.5'),
    n('99.9'),
    n('1000.5'),
    n('10'),
    n('100.05'),
    'United States',
    'NASDAQ',
    'USD',
  ],
  [
    'USD',
    'USD CASH',
    'Cash and/or Derivatives',
    'Cash',
    n('5'),
    n('0.3'),
    n('5'),
    n('5'),
    n('100'),
    'United States',
    '-',
    'USD',
  ],
  [
    'ESZ4',
    'E-MINI DEC 24',
    'Cash and/or Derivatives',
    'Futures',
    n('0'),
    n('-0.1'),
    n('1331716'),
    n('5'),
    n('6000'),
    '-',
    'Chicago Mercantile Exchange',
    'USD',
  ],
];
const history: SheetSpec = {
  name: 'Historical',
  rows: [
    ['As Of', 'NAV per Share', 'Shares Outstanding'],
    ['05-Dec-2024', n('100'), n('7')],
  ],
};

const spreadsheetXml = (sheets: readonly SheetSpec[], { broken = false } = {}): Uint8Array => {
  const escape = (text: string): string =>
    broken ? text : text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const cell = (value: Cell, at: number): string => {
    if (value === null) return '';
    const index = ` ss:Index="${at + 1}"`;
    if (typeof value === 'string') {
      return `<ss:Cell${index}><ss:Data ss:Type="String">${escape(value)}</ss:Data></ss:Cell>`;
    }
    return 'n' in value ? `<ss:Cell${index}><ss:Data ss:Type="Number">${value.n}</ss:Data></ss:Cell>` : '';
  };
  const written = sheets.map(
    ({ name, rows }) =>
      `<ss:Worksheet ss:Name="${name}"><ss:Table>${rows.map((row) => `<ss:Row>${row.map(cell).join('')}</ss:Row>`).join('\n')}</ss:Table></ss:Worksheet>`,
  );
  const style = broken ? '</Style>' : '</ss:Style>';
  return new TextEncoder().encode(
    `\ufeff<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><ss:Styles><ss:Style ss:ID="Default">${style}</ss:Styles>${written.join('')}</ss:Workbook>`,
  );
};

describe('iShares workbooks', () => {
  it.each([
    [
      'a workbook with several sheets',
      xlsxOf({ sheets: [history, { name: 'Holdings', rows: isharesRows }] }),
    ],
    ['“XML Spreadsheet 2003”', spreadsheetXml([{ name: 'Holdings', rows: isharesRows }, history])],
  ])('reads %s, whatever its name', (_what, content) => {
    const file = readConstituentFile(content, { fileName: 'h.csv', contentType: 'text/csv' });
    expect(file).toMatchObject({
      format: 'ishares-xlsx',
      fundName: 'Northwind Large Cap ETF',
      locale: 'en-GB',
      warnings: [],
    });
    expect(file.asOf?.toString()).toBe('2024-12-06');
    expect(file.totals).toMatchObject({
      rows: 3,
      weightSumPct: '100.1',
      cashPct: '0.3',
      derivativesPct: '-0.1',
    });
    expect(rowOf(file, 'ORCHARD & SONS')).toMatchObject({
      mic: 'XNAS',
      weightPct: '99.9',
      marketValue: '1000.5',
    });
    expect(rowOf(file, 'E-MINI DEC 24')).toMatchObject({
      kind: 'derivative',
      notional: '1331716',
      weightPct: '-0.1',
    });
  });

  it('mends what iShares writes that is no XML: bare ampersands, HTML’s letters, a style’s end tag', () => {
    const rows = [
      ...isharesRows,
      [
        'SOC',
        'SOCI&eacute;T&Eacute; S&P;',
        'Financials',
        'Equity',
        n('1'),
        n('0'),
        n('1'),
        n('1'),
        n('1'),
        'France',
        'Nyse Euronext - Euronext Paris',
        'EUR',
      ],
    ];
    const file = readConstituentFile(spreadsheetXml([{ name: 'Holdings', rows }], { broken: true }));
    expect(rowOf(file, 'ORCHARD & SONS')?.ticker).toBe('ORCH');
    expect(file.rows.at(-1)?.name).toBe('SOCIéT&Eacute; S&P;');
  });

  it('refuses one cut off, and one with a document type', () => {
    const whole = spreadsheetXml([{ name: 'Holdings', rows: isharesRows }]);
    expect(() => readConstituentFile(whole.subarray(0, -40))).toThrow(
      expect.objectContaining({ code: 'truncated' }),
    );
    const text = new TextDecoder()
      .decode(whole)
      .replace('<ss:Workbook', '<!DOCTYPE x [<!ENTITY a "b">]><ss:Workbook');
    expect(() => readConstituentFile(new TextEncoder().encode(text))).toThrow(
      expect.objectContaining({ code: 'xml_doctype' }),
    );
  });
});

describe('workbooks of one’s own', () => {
  const table: ReadonlyArray<readonly Cell[]> = [
    ['as_of', n('45632', 2)],
    ['Handmade Fund'],
    ['isin', 'name', 'weight', 'country'],
    ['US0378331005', 'Example Corp', n('0.6', 1), 'US'],
    [null, 'Helm & Mast plc', n('0.385', 1), 'GB'],
    [null, 'USD cash', n('1.5'), null],
    ['Total', null, n('100'), null],
  ];

  it('reads any sheet with a header; a percentage counts as the sheet shows it', () => {
    const file = readRows(table);
    expect(file).toMatchObject({ format: 'generic-xlsx', fundName: 'Handmade Fund' });
    expect(file.asOf?.toString()).toBe('2024-12-06');
    expect(file.rows.map((row) => row.weightPct)).toEqual(['60', '38.5', '1.5']);
    expect(codes(file)).toEqual(['total_row_skipped']);
  });

  it('reads numbers written as text with a decimal comma beside numbers proper', () => {
    const file = readRows([
      ['name', 'weight', 'market value'],
      ['A', '60,25', '1.234,5'],
      ['B', n('39.125'), n('1.234')],
      ['C', '0,625', '-'],
    ]);
    expect(file.rows.map((row) => [row.weightPct, row.marketValue])).toEqual([
      ['60.25', '1234.5'],
      ['39.125', '1.234'],
      ['0.625', null],
    ]);
  });

  it('never reads a formula: its last result counts, and without one the weight is none', () => {
    const cached = { xml: '<c><f>HYPERLINK("http://x.example","60")</f><v>60</v></c>' };
    const text = { xml: '<c t="str"><f>CONCAT("A","cme")</f><v>Acme</v></c>' };
    const file = readRows([
      ['name', 'weight'],
      [text, cached],
      ['B', n('40')],
    ]);
    expect(file.rows.map((row) => [row.name, row.weightPct])).toEqual([
      ['Acme', '60'],
      ['B', '40'],
    ]);
    expect(() =>
      readRows([
        ['name', 'weight'],
        ['A', { xml: '<c><f>1+1</f></c>' }],
      ]),
    ).toThrow(expect.objectContaining({ code: 'invalid_number', rowNumber: 2 }));
  });

  it('chooses among several sheets by name only, and asks where that does not tell', () => {
    const holdings = { name: 'Fund Holdings', rows: table };
    const index = {
      name: 'Index',
      rows: [
        ['name', 'weight'],
        ['Z', n('100')],
      ],
    };
    expect(readConstituentFile(xlsxOf({ sheets: [index, holdings] })).rows).toHaveLength(3);
    expect(() => readConstituentFile(xlsxOf({ sheets: [index, { ...holdings, name: 'Fund' }] }))).toThrow(
      expect.objectContaining({ code: 'several_sheets' }),
    );
    const hidden = { ...index, state: 'hidden' };
    expect(
      readConstituentFile(xlsxOf({ sheets: [hidden, { ...holdings, name: 'Fund' }] })).rows,
    ).toHaveLength(3);
  });

  it('says what a workbook without holdings lacks', () => {
    expect(() =>
      readRows([
        ['name', 'country'],
        ['A', 'US'],
      ]),
    ).toThrow(
      expect.objectContaining({
        code: 'no_weight_column',
        message: 'The file has no column of weights. Its columns are: name, country.',
      }),
    );
    expect(() => readRows([['Dear reader'], ['nothing here']])).toThrow(
      expect.objectContaining({ code: 'not_recognised' }),
    );
    expect(() => readRows([['name', 'weight']])).toThrow(expect.objectContaining({ code: 'no_rows' }));
  });
});
