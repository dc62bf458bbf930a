/**
 * Workbooks and filings: the real ones where their folder stands beside the checkout, else made-up ones. Sums are
 * taken a second time by another route (`tests/oracles`); counts of the real files were made by hand.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConstituentFile, type FormatError } from '@pm/domain/look-through';
import { Fraction } from '../oracles/fraction.ts';
import { cells } from '../oracles/workbook.ts';
import { n, xlsxOf } from '../support/workbooks.ts';
import { hasReal, REAL } from './look-through-install.ts';

const madeUpSpdr = (): Buffer =>
  Buffer.from(
    xlsxOf({
      sheets: [
        {
          name: 'holdings',
          rows: [
            ['Fund Name:', 'Northwind® 500 ETF Trust'],
            ['Holdings:', 'As of 30-Sep-2025'],
            ['Name', 'Ticker', 'Identifier', 'SEDOL', 'Weight', 'Sector', 'Shares Held', 'Local Currency'],
            ['ORCHARD INC', 'ORCH', '037833100', '2046251', n('99.75'), '-', n('2.5E7'), 'USD'],
            ['BOARD CL B', 'BRK.B', '084670702', '2073390', n('0.1'), '-', n('5'), 'USD'],
            ['US DOLLAR', '-', '999USDZ92', '-', n('0.2'), '-', n('1'), 'USD'],
          ],
        },
      ],
    }),
  );

const spdr = hasReal ? readFileSync(join(REAL, 'spdr_SPY.xlsx')) : madeUpSpdr();
const SPDR = hasReal
  ? { rows: 504, securities: 503, cashPct: '0.260806' }
  : { rows: 3, securities: 2, cashPct: '0.2' };

/** The weights of a SPDR file, read by the oracle. */
const oracleWeights = (): string[] => {
  const rows = cells(spdr);
  const at = rows.findIndex((row) => row[0] === 'Name' && row[4] === 'Weight');
  return rows.slice(at + 1).flatMap((row) => (row[4] === undefined || row[4] === '' ? [] : [row[4]]));
};

describe(`workbooks (${hasReal ? 'the real file' : 'made up'})`, () => {
  const file = readConstituentFile(spdr);

  it('a SPDR file has its day, its rows, its cash and the sum that the oracle finds', () => {
    const weights = oracleWeights();
    const sum = weights.reduce((total, weight) => total.plus(Fraction.of(weight)), new Fraction(0n));
    expect(file).toMatchObject({ format: 'spdr-xlsx', warnings: [], totals: SPDR });
    expect(file.asOf?.toString()).toBe('2025-09-30');
    expect(weights).toHaveLength(SPDR.rows);
    expect(Fraction.of(file.totals.weightSumPct).compare(sum)).toBe(0);
    expect(file.rows.map((row) => row.weightPct)).toEqual(weights);
  });

  it('its classes of shares, its cash and its codes are as published', () => {
    const berkshire = file.rows.find((row) => row.ticker === 'BRK.B');
    expect(berkshire).toMatchObject({ kind: 'security', cusip: '084670702', sectorPublished: null });
    expect(file.rows.filter((row) => row.kind === 'cash').map((row) => row.name)).toEqual(['US DOLLAR']);
    expect(file.rows.filter((row) => row.kind === 'security' && row.cusip === null)).toEqual([]);
  });
});

const filing = (investments: string, final = 'N'): string =>
  `<?xml version="1.0"?><edgarSubmission xmlns="http://www.sec.gov/edgar/nport"><formData><genInfo><seriesName>Northwind Series</seriesName><repPdDate>2022-12-31</repPdDate><isFinalFiling>${final}</isFinalFiling></genInfo>${investments}</formData></edgarSubmission>`;
const bond = (pct: string): string =>
  `<invstOrSec><name>NORTHWIND</name><title>NW 5 2028</title><cusip>037833100</cusip><pctVal>${pct}</pctVal><payoffProfile>Long</payoffProfile><assetCat>DBT</assetCat><invCountry>US</invCountry></invstOrSec>`;

const nport = (name: string, madeUp: string): string =>
  hasReal ? readFileSync(join(REAL, name), 'utf8') : madeUp;

describe(`filings (${hasReal ? 'real ones' : 'made up'})`, () => {
  it('one whose weights do not sum is read, with the warning on which an import insists', () => {
    const text = nport(
      'NPORT.Dupree.xml',
      filing(`<invstOrSecs>${bond('97.5')}${bond('0.25')}</invstOrSecs>`),
    );
    const weights = [...text.matchAll(/<pctVal>(.*?)<\/pctVal>/g)].map(([, weight = '']) => weight);
    const sum = weights.reduce((total, weight) => total.plus(Fraction.of(weight)), new Fraction(0n));
    const file = readConstituentFile(Buffer.from(text));
    expect(file).toMatchObject({ format: 'nport-xml', totals: { rows: weights.length } });
    expect(file.asOf?.toString()).toBe('2022-12-31');
    expect(Fraction.of(file.totals.weightSumPct).compare(sum)).toBe(0);
    expect(file.warnings.map(({ code }) => code)).toContain('weights_do_not_sum');
    expect(new Set(file.rows.map((row) => row.assetClass))).toEqual(new Set(['Fixed Income']));
  });

  it('one of a fund that was closed has no investments, and is refused in those words', () => {
    const text = nport('NPORT.AdvancedSeries.xml', filing('', 'Y'));
    const refused = expect.objectContaining<Partial<FormatError>>({
      code: 'no_rows',
      message: expect.stringMatching(/lists no investments\. .* the fund has been closed\.$/) as string,
    }) as Error;
    expect(() => readConstituentFile(Buffer.from(text))).toThrow(refused);
  });
});
