import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SECTORS } from '../terms/index.ts';
import type { ConstituentFile, PublishedRow } from '../published/index.ts';
import { readConstituentFile } from './index.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');
const read = (name: string): ConstituentFile => readConstituentFile(readFileSync(join(FIXTURES, name)));
const rowOf = (file: ConstituentFile, name: string): PublishedRow | undefined =>
  file.rows.find((row) => row.name === name);
const codes = (file: ConstituentFile): string[] => file.warnings.map((warning) => warning.code);

describe('iShares files', () => {
  it.each([
    ['ishares-en-us.csv', 'en-US', '2024-12-06', 9, '99.97'],
    ['ishares-en-gb.csv', 'en-GB', '2021-08-30', 4, '100'],
    ['ishares-it.csv', 'it', '2024-02-23', 19, '99'],
    ['ishares-es-cp1252.csv', 'es', '2021-02-05', 4, '99.92'],
    ['ishares-de.csv', 'de', '2026-06-19', 5, '99.83'],
    ['ishares-fr.csv', 'fr', '2024-02-23', 5, '99.84'],
  ])('reads %s', (name, locale, asOf, rows, sum) => {
    const file = read(name);
    expect(file.format).toBe('ishares-csv');
    expect(file.locale).toBe(locale);
    expect(file.asOf?.toString()).toBe(asOf);
    expect(file.totals).toMatchObject({ rows, weightSumPct: sum });
    for (const row of file.rows) {
      expect(SECTORS).toContain(row.sector);
      expect(row.country === 'Unclassified' ? '-' : row.countryPublished).toBeTruthy();
    }
    expect(codes(file).filter((code) => code.startsWith('unknown'))).toEqual([]);
  });

  it('keeps every published figure as printed and every term canonical', () => {
    const file = read('ishares-en-us.csv');
    expect(file.fundName).toBe('Northwind Large Cap ETF');
    expect(file.rows[0]).toEqual({
      rowNumbers: [11],
      kind: 'security',
      ticker: 'ORCH',
      name: 'ORCHARD SYSTEMS INC CLASS A',
      isin: null,
      cusip: null,
      sedol: null,
      figi: null,
      sector: 'Information Technology',
      sectorPublished: 'Information Technology',
      country: 'United States',
      countryPublished: 'United States',
      currency: 'USD',
      mic: 'XNAS',
      exchangePublished: 'NASDAQ',
      assetClass: 'Equity',
      assetClassPublished: 'Equity',
      weightPct: '41.70',
      marketValue: '41700500.44',
      notional: '41700500.44',
      quantity: '171720.00',
      price: '242.84',
    });
    expect(rowOf(file, 'TIDAL, BELL & CO INC')?.sector).toBe('Communication Services');
    expect(file.totals).toMatchObject({ cashPct: '0.32', fundsPct: '0.3', derivativesPct: '0' });
  });

  it('tells money, money market funds, contracts and nested funds apart', () => {
    const us = read('ishares-en-us.csv');
    expect(rowOf(us, 'NW CSH FND TREASURY AGENCY')).toMatchObject({ kind: 'fund', assetClass: 'Cash' });
    expect(rowOf(us, 'CASH COLLATERAL USD MRGN')).toMatchObject({ kind: 'cash', currency: 'USD' });
    expect(rowOf(us, 'NW500 EMINI DEC 24')).toMatchObject({
      kind: 'derivative',
      assetClass: 'Future',
      weightPct: '0.00',
      notional: '1331716.00',
      country: 'Unclassified',
      mic: 'XIOM',
    });
    const it_ = read('ishares-it.csv');
    expect(rowOf(it_, 'ISHARES MSCI BRASILIA UCITS ET USDHA')).toMatchObject({
      kind: 'fund',
      assetClass: 'Equity',
      sector: 'Financials',
      country: 'Germany',
    });
    expect(rowOf(it_, 'INR/USD')).toMatchObject({ kind: 'derivative', assetClass: 'FX forward' });
    expect(rowOf(it_, 'GBP CASH')).toMatchObject({
      kind: 'cash',
      weightPct: '-0.05',
      country: 'United Kingdom',
    });
    expect(rowOf(it_, 'ALTROVE GROUP NV')?.sector).toBe('Unclassified');
    expect(rowOf(it_, 'HANGANG ELECTRONICS LTD')).toMatchObject({ ticker: '005930', country: 'South Korea' });
  });

  it('drops an identifier with a wrong check digit and says which', () => {
    const file = read('ishares-en-gb.csv');
    expect(rowOf(file, 'HELM & MAST PLC')?.isin).toBe('GB00B0HLM091');
    expect(rowOf(file, 'BRISTOL POWER PLC')?.isin).toBeNull();
    const warning = file.warnings.find((found) => found.code === 'invalid_identifier');
    expect(warning).toMatchObject({ field: 'isin', rowNumbers: [6] });
    expect(warning?.message).toContain('GB0000000000');
    expect(rowOf(file, 'USD CASH')?.isin).toBeNull();
  });

  it('reads French words under English headers', () => {
    const file = read('ishares-fr.csv');
    expect(rowOf(file, 'LUMIERE ET FILS SA')).toMatchObject({
      sector: 'Consumer Discretionary',
      country: 'France',
      marketValue: '700000.00',
      weightPct: '15.30',
    });
    expect(rowOf(file, 'EUR CASH')).toMatchObject({ kind: 'cash', country: 'European Union' });
  });

  it('reads the same whatever the order of the columns', () => {
    const text = readFileSync(join(FIXTURES, 'ishares-es-cp1252.csv'), 'latin1');
    const [day, gap, ...table] = text.trimEnd().split('\r\n');
    const shuffled = table.map((line) => {
      const cells = line.match(/("[^"]*"|[^,]*)(?:,|$)/g)?.map((cell) => cell.replace(/,$/, '')) ?? [];
      return [...cells.slice(7, 13), ...cells.slice(0, 7)].join(',');
    });
    const bytes = Buffer.from([day, gap, ...shuffled].join('\r\n'), 'latin1');
    const { rows } = readConstituentFile(bytes);
    expect(rows).toEqual(read('ishares-es-cp1252.csv').rows);
  });

  it('stops where a fund of funds lists its holdings a second time, looked through', () => {
    const text = `Fund Holdings as of,"Dec 06, 2024"
\u00a0
Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Location
"AAA","iShares Alpha ETF","-","Equity","60.00","60.00","-"
"BBB","iShares Beta ETF","-","Equity","40.00","40.00","-"
\u00a0
Fund Holdings as of,"Dec 06, 2024"
Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Location
"ORCH","ORCHARD SYSTEMS INC","Information Technology","Equity","99.00","99.00","United States"
`;
    const file = readConstituentFile(new TextEncoder().encode(text));
    expect(file.rows.map((row) => row.name)).toEqual(['iShares Alpha ETF', 'iShares Beta ETF']);
    expect(codes(file)).toContain('second_section_skipped');
  });
});

describe('generic files', () => {
  it('reads a semicolon file with decimal commas and an as_of line', () => {
    const file = read('generic.csv');
    expect(file).toMatchObject({ format: 'generic-csv', locale: null, warnings: [] });
    expect(file.asOf?.toString()).toBe('2024-12-06');
    expect(file.rows.map((row) => [row.name, row.weightPct, row.sector, row.mic, row.kind])).toEqual([
      ['Orchard Systems Inc Class A', '40.25', 'Information Technology', 'XNAS', 'security'],
      ['Helm & Mast plc', '35.5', 'Financials', 'XLON', 'security'],
      ['Hangang Electronics', '20', 'Information Technology', 'XKRX', 'security'],
      ['Cash', '4.25', 'Cash and derivatives', null, 'cash'],
    ]);
  });

  it('reads a fund of funds with its day in a column', () => {
    const file = read('fund-of-funds.csv');
    expect(file.asOf?.toString()).toBe('2024-02-23');
    expect(file.rows.map((row) => [row.isin, row.kind, row.weightPct])).toEqual([
      ['IE00B4L5Y983', 'fund', '80'],
      ['IE00BKM4GZ66', 'fund', '20'],
    ]);
  });

  it('reads JSON with every digit that it prints', () => {
    const file = read('generic.json');
    expect(file).toMatchObject({ format: 'generic-json', fundName: 'Handmade Income Fund' });
    expect(file.asOf?.toString()).toBe('2024-12-06');
    expect(file.rows[0]).toMatchObject({
      weightPct: '60.1234567890123456789',
      marketValue: '12345678901234567890.12345678',
      country: 'United States',
      rowNumbers: [1],
    });
    expect(file.rows[1]).toMatchObject({ mic: 'XLON', currency: 'GBP', country: 'United Kingdom' });
    expect(file.totals.weightSumPct).toBe('100');
  });

  it('reads JSON on one long line', () => {
    const rows = Array.from({ length: 400 }, (_, i) => ({
      ticker: `T${i}`,
      name: `Company ${i}`,
      weight: 0.25,
    }));
    const file = readConstituentFile(
      new TextEncoder().encode(JSON.stringify({ asOf: '2024-12-06', holdings: rows })),
    );
    expect(file).toMatchObject({ format: 'generic-json', totals: { rows: 400, weightSumPct: '100' } });
  });

  it('reads what the guide shows', () => {
    const guide = readFileSync(
      join(import.meta.dirname, '../../../docs/guides/issuer-file-format.md'),
      'utf8',
    );
    const samples = [...guide.matchAll(/^```(?:csv|json)\n(.*?)^```/gms)].map((match) => match[1] ?? '');
    const [csv, json] = samples.map((sample) => readConstituentFile(new TextEncoder().encode(sample)));
    expect(csv).toMatchObject({
      format: 'generic-csv',
      warnings: [],
      totals: { rows: 3, weightSumPct: '100' },
    });
    expect(csv?.rows.map((row) => row.kind)).toEqual(['security', 'security', 'cash']);
    expect(csv?.rows[2]).toMatchObject({ country: 'United States', sector: 'Cash and derivatives' });
    expect(json).toMatchObject({ format: 'generic-json', fundName: 'Handmade Income Fund' });
  });

  it('takes no label of the preamble for the fund’s name', () => {
    const text = 'Fund Holdings as of,"Dec 06, 2024"\nStock,"-"\nticker,name,weight\nAAA,Alpha,100\n';
    expect(readConstituentFile(new TextEncoder().encode(text)).fundName).toBeNull();
  });
});
