import { describe, expect, it } from 'vitest';
import { readConstituentFile } from './index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const row = (fields: string): string => `{${fields}}`;
const answer = (
  rows: readonly string[],
  about = '"atDate": "2024-12-06", "numberOfHoldings": 3',
): Uint8Array => bytes(`{"symbol": "NWD", ${about}, "holdings": [${rows.join(',')}]}`);

const ROWS = [
  row(
    '"symbol": "ORCH", "name": "Orchard Inc", "isin": "US0378331005", "cusip": "037833100", "share": 1.5E6, "percent": 60.069999999999993, "value": 1000.25, "assetType": "Equity"',
  ),
  row(
    '"symbol": "NWF", "name": "Northwind Bond Fund", "isin": "", "cusip": "", "share": 2, "percent": 39.6, "value": null, "assetType": "ETP"',
  ),
  row(
    '"symbol": "", "name": "US Dollar", "isin": "", "cusip": "", "share": 3, "percent": 0.33, "value": 3, "assetType": ""',
  ),
];

describe('Finnhub’s answers', () => {
  it('reads holdings; floats as the decimals that were meant', () => {
    const file = readConstituentFile(answer(ROWS));
    expect(file).toMatchObject({ format: 'finnhub-json', fundName: 'NWD', warnings: [] });
    expect(file.asOf?.toString()).toBe('2024-12-06');
    expect(file.rows.map((one) => [one.name, one.kind, one.weightPct])).toEqual([
      ['Orchard Inc', 'security', '60.07'],
      ['Northwind Bond Fund', 'fund', '39.6'],
      ['US Dollar', 'cash', '0.33'],
    ]);
    expect(file.rows[0]).toMatchObject({
      ticker: 'ORCH',
      isin: 'US0378331005',
      cusip: '037833100',
      quantity: '1500000',
      marketValue: '1000.25',
      assetClass: 'Equity',
    });
    expect(file.totals.weightSumPct).toBe('100');
  });

  it('says when it lists fewer holdings than the fund has', () => {
    const file = readConstituentFile(
      answer(ROWS.slice(0, 1), '"atDate": "2024-12-06", "numberOfHoldings": 503'),
    );
    expect(file.warnings.map(({ code }) => code)).toEqual(['weights_do_not_sum', 'rows_missing']);
  });

  it('asks for the day where there is none, and refuses an answer without holdings', () => {
    const undated = readConstituentFile(answer(ROWS, '"atDate": "", "numberOfHoldings": 3'));
    expect(undated.warnings.map(({ code }) => code)).toEqual(['as_of_missing']);
    expect(() => readConstituentFile(answer([]))).toThrow(
      expect.objectContaining({ code: 'no_rows', message: 'Finnhub knows no holdings of NWD.' }),
    );
  });

  it.each([
    ['an empty answer', '{}', 'not_recognised'],
    ['an error', '{"error": "You don’t have access to this resource."}', 'not_recognised'],
    [
      'holdings that are no objects',
      '{"symbol": "A", "atDate": "2024-12-06", "holdings": [1, 2]}',
      'not_recognised',
    ],
  ])('refuses %s', (_what, text, code) => {
    expect(() => readConstituentFile(bytes(text))).toThrow(expect.objectContaining({ code }));
  });
});
