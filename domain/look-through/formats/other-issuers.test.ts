import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConstituentFile } from '../published/index.ts';
import { readConstituentFile } from './index.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');
const textOf = (name: string): string => readFileSync(join(FIXTURES, name), 'utf8');
const read = (name: string): ConstituentFile => readConstituentFile(readFileSync(join(FIXTURES, name)));
const readText = (text: string): ConstituentFile => readConstituentFile(new TextEncoder().encode(text));
const codes = (file: ConstituentFile): string[] => file.warnings.map((warning) => warning.code);

describe('files of other issuers', () => {
  it.each([
    ['invesco.csv', 'invesco-csv', 'en-US', '2024-03-04', 6, '100'],
    ['invesco-bonds.csv', 'invesco-csv', 'en-US', '2026-08-21', 4, '100'],
    ['vanguard-us.csv', 'vanguard-csv', 'en-US', '2020-09-30', 8, '99.9'],
    ['vanguard-us-2015.csv', 'vanguard-csv', 'en-US', '2015-03-31', 4, '100'],
    ['vanguard-uk.csv', 'vanguard-csv', 'en-GB', '2026-05-31', 3, '100'],
    ['vanguard-de.csv', 'vanguard-csv', 'de', '2026-05-31', 3, '99.9111'],
    ['amundi-it.csv', 'amundi-csv', 'it', '2025-03-05', 6, '100'],
    ['amundi-fr.csv', 'amundi-csv', 'fr', '2025-03-05', 6, '100'],
    ['ishares-bonds-us.csv', 'ishares-csv', 'en-US', '2026-03-10', 4, '100'],
    ['ishares-bonds-de.csv', 'ishares-csv', 'de', '2026-03-03', 4, '100'],
  ])('reads %s', (name, format, locale, asOf, rows, sum) => {
    const file = read(name);
    expect(file).toMatchObject({ format, locale, totals: { rows, weightSumPct: sum } });
    expect(file.asOf?.toString()).toBe(asOf);
    expect(codes(file).filter((code) => code.startsWith('unknown'))).toEqual([]);
  });
});

describe('Invesco', () => {
  it('reads padded tickers, CUSIPs and SEDOLs in one column, and the class of shares', () => {
    const file = read('invesco.csv');
    expect(file.rows.map((row) => [row.ticker, row.cusip, row.sedol, row.kind, row.sector])).toEqual([
      ['ORCH', '68500A109', null, 'security', 'Information Technology'],
      ['KEP', '49270K105', null, 'security', 'Health Care'],
      ['HLM LN', null, 'B0HLM09', 'security', 'Financials'],
      ['GRN/B', '38741B109', null, 'security', 'Consumer Staples'],
      [null, null, null, 'fund', 'Cash and derivatives'],
      [null, null, null, 'cash', 'Cash and derivatives'],
    ]);
    expect(file.rows[0]).toMatchObject({
      weightPct: '41.701',
      marketValue: '41700500.44',
      quantity: '305938',
    });
    expect(file.rows[5]).toMatchObject({ name: 'US Dollars', currency: 'USD', country: 'United States' });
  });

  it('reads a code that a spreadsheet took the leading zero from', () => {
    const text = textOf('invesco.csv').replace('68500A109', '20602108');
    expect(readText(text).rows[0]?.cusip).toBe('020602108');
  });

  it('keeps bonds of one issuer without a code apart', () => {
    const file = read('invesco-bonds.csv');
    expect(file.rows.map((row) => [row.name, row.assetClass])).toEqual([
      ['United Territories Treasury Note', 'Fixed Income'],
      ['Gas & Light Co 5.2% 2033-03-15', 'Fixed Income'],
      ['Gas & Light Co 6.1% 2041-09-15', 'Fixed Income'],
      ['Cash/Receivables/Payables', 'Cash'],
    ]);
  });
});

describe('Vanguard', () => {
  it('reads every section under its own header', () => {
    const file = read('vanguard-us.csv');
    expect(file.fundName).toBe('World Balanced Example ETF (VWBX)');
    expect(file.rows.map((row) => [row.name, row.kind, row.assetClass, row.weightPct])).toEqual([
      ['Orchard Systems Inc. Class A', 'security', 'Equity', '40.25'],
      ['Helm & Mast plc', 'security', 'Equity', '20.10'],
      ['Sanovia SA - PF', 'security', 'Equity', '10.00'],
      ['Tiny Holdings Ltd.', 'security', 'Equity', '0'],
      ['United Territories Treasury Note', 'security', 'Fixed Income', '28.50'],
      ['Vanguard Example Liquidity Fund', 'fund', 'Cash', '0.95'],
      ['US Dollar', 'cash', 'Cash', '0.12'],
      ['Japanese Yen', 'cash', 'Cash', '-0.02'],
    ]);
    expect(codes(file)).toEqual(['weight_below_printed']);
  });

  it('reads the sub-industry and its sector, and codes written for spreadsheets', () => {
    const file = read('vanguard-us.csv');
    expect(file.rows[0]).toMatchObject({
      sector: 'Information Technology',
      industry: 'Technology Hardware, Storage & Peripherals',
      sedol: '2047771',
      country: 'United States',
      marketValue: '402500000.00',
    });
    expect(file.rows[4]).toMatchObject({ cusip: '91299T4K8', sedol: null, quantity: '280000000.00' });
  });

  it('takes the holdings’ day, never that of the download', () => {
    const file = read('vanguard-de.csv');
    expect(file.fundName).toBe('Vanguard Beispiel Industrieländer UCITS ETF (USD) Distributing');
    expect(file.rows[0]).toMatchObject({
      weightPct: '55.1111',
      marketValue: '1234567.89',
      quantity: '12345',
    });
    expect(file.rows.map((row) => row.country)).toEqual(['United States', 'Germany', 'United Kingdom']);
    expect(file.rows.map((row) => row.assetClass)).toEqual(['Equity', 'Equity', 'Equity']);
  });

  it('prefers the share of the fund and the country where a file has both', () => {
    const file = read('vanguard-uk.csv');
    expect(file.rows.map((row) => [row.weightPct, row.country, row.sedol])).toEqual([
      ['55.1', 'United States', '2047771'],
      ['44.0', 'United Kingdom', 'B0HLM09'],
      ['0.9', 'Unclassified', null],
    ]);
  });

  it('reads sections in any order, also a title without a header of its own', () => {
    const text = `Holdings details
,SEDOL,HOLDINGS,TICKER,% OF FUNDS*
Fixed income,as of 09/30/2020
,91299T4K8,Treasury Note,---,30.00%
Equity,as of 09/30/2020
,2047771,Orchard Systems,ORCH,60.00%
,B0HLM09,Helm & Mast,HLM,10.00%
`;
    const file = readText(text);
    expect(file.rows.map((row) => [row.name, row.assetClass])).toEqual([
      ['Treasury Note', 'Fixed Income'],
      ['Orchard Systems', 'Equity'],
      ['Helm & Mast', 'Equity'],
    ]);
  });
});

describe('Amundi', () => {
  it('reads what stands between two pages of text', () => {
    const file = read('amundi-it.csv');
    expect(file.fundName).toBe('Amundi Esempio Globale UCITS ETF Acc');
    expect(file.rows.map((row) => [row.isin, row.sector, row.country, row.currency, row.weightPct])).toEqual([
      ['US68500A1097', 'Information Technology', 'United States', 'USD', '54.68'],
      ['DE000NRD0100', 'Industrials', 'Germany', 'EUR', '24.39'],
      ['GB00B0HLM091', 'Financials', 'United Kingdom', 'GBP', '12.16'],
      ['IT0005556664', 'Utilities', 'Italy', 'EUR', '7.46'],
      [null, 'Cash and derivatives', 'United States', 'USD', '0.68'],
      [null, 'Cash and derivatives', 'United States', 'USD', '0.63'],
    ]);
    expect(file.rows.slice(4).map((row) => [row.kind, row.name])).toEqual([
      ['cash', 'USD cash'],
      ['derivative', 'ESEMPIO WORLD INDEX 06/25'],
    ]);
  });

  it('says the same in French with decimal commas and Windows-1252', () => {
    const plain = (name: string) =>
      read(name).rows.map(({ isin, sector, country, weightPct, kind }) => ({
        isin,
        sector,
        country,
        weightPct,
        kind,
      }));
    expect(plain('amundi-fr.csv')).toEqual(plain('amundi-it.csv'));
  });
});

describe('older and other iShares files', () => {
  it('reads one whose weights have no per cent sign in the header, by what stands before it', () => {
    const file = readText(`iShares Example Index Fund
Holdings Detail as of,15-Mar-2012
Ticker,Name,Asset Class,Weight,Price,Shares,Market Value,Notional Value,Sector,SEDOL,ISIN,Exchange
NA,NORTHERN BANK,Equity,60.10,10.00,100,"1,000.00","1,000.00",Financials,2047771,,Toronto Stock Exchange
HLM,HELM & MAST,Equity,39.90,10.00,100,"1,000.00","1,000.00",Financials,B0HLM09,GB00B0HLM091,London Stock Exchange
`);
    expect(file).toMatchObject({
      format: 'ishares-csv',
      locale: 'en-GB',
      fundName: 'iShares Example Index Fund',
    });
    expect(file.asOf?.toString()).toBe('2012-03-15');
    expect(file.rows.map((row) => [row.ticker, row.sedol, row.mic])).toEqual([
      ['NA', '2047771', 'XTSE'],
      ['HLM', 'B0HLM09', 'XLON'],
    ]);
  });

  it('reads a file that a spreadsheet saved with semicolons, its hint and padded lines', () => {
    const file = readText(`sep=;
Fondsposition per;"31.Dez.2023";;;;
;;;;;
Emittententicker;Name;Sektor;Anlageklasse;Gewichtung (%);Standort
ORCH;ORCHARD SYSTEMS;IT;Aktien;60,5;Vereinigte Staaten
EUR;EUR CASH;Cash und/oder Derivate;Cash;- 0,5;Europäische Union
NOR;NORDLICHT;Industrie;Aktien;40;Deutschland
`);
    expect(file).toMatchObject({ format: 'ishares-csv', locale: 'de', fundName: null });
    expect(file.asOf?.toString()).toBe('2023-12-31');
    expect(file.rows.map((row) => row.weightPct)).toEqual(['60.5', '-0.5', '40']);
  });
});

describe('bond funds of iShares', () => {
  it('reads rows with codes and no ticker', () => {
    const file = read('ishares-bonds-us.csv');
    expect(file.rows[0]).toMatchObject({
      ticker: null,
      isin: 'US91299T4K84',
      cusip: '91299T4K8',
      assetClass: 'Fixed Income',
      quantity: '8293466.00',
    });
    expect(file.rows[1]).toMatchObject({ cusip: '00206RA10', sector: 'Utilities', name: 'GAS & LIGHT CO' });
  });

  it('tells bonds of one government apart where there is no code', () => {
    const names = read('ishares-bonds-de.csv').rows.map((row) => row.name);
    expect(names.slice(0, 2)).toEqual([
      'NORDIA REPUBLIC OF GOVERNMENT 4.13% 2035-07-09',
      'NORDIA REPUBLIC OF GOVERNMENT 3.5% 2041-07-09',
    ]);
  });
});
