import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConstituentFile } from '../published/index.ts';
import { FormatError, MAX_ROWS, readConstituentFile } from './index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string): ConstituentFile => readConstituentFile(bytes(text));

const refusal = (content: string | Uint8Array): FormatError => {
  try {
    readConstituentFile(typeof content === 'string' ? bytes(content) : content);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('The file was accepted');
};

const HEADER = 'ticker,name,weight,sector,country\n';
const GOOD = `${HEADER}AAA,Alpha Inc,60,Energy,Japan\nBBB,Beta Inc,40,Energy,Japan\n`;

describe('files that are refused in words', () => {
  it.each<[string, string | Uint8Array, string, string | undefined]>([
    ['nothing', '', 'empty', undefined],
    ['blanks only', ' \n\u00a0\n', 'empty', undefined],
    ['a web page', '<!DOCTYPE html><html><body>404</body></html>', 'html', undefined],
    ['a web page inside JSON', '{"response":"error - <html>\\n<head></head></html>"}', 'html', undefined],
    ['a web page as JSON text', '"<html><body>Not found</body></html>"', 'html', undefined],
    ['an error inside JSON', '{"error":"not found"}', 'not_recognised', undefined],
    ['JSON that is none', '{"constituents": [1,}', 'malformed_json', undefined],
    ['JSON rows without weights', '[{"name":"Alpha"}]', 'no_weight_column', 'weight'],
    ['an XML file', '<?xml version="1.0"?><edgarSubmission/>', 'xml', undefined],
    ['a ZIP file cut off', Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0]), 'workbook_damaged', undefined],
    ['a PDF', bytes('%PDF-1.7 …'), 'binary', undefined],
    ['binary garbage', Uint8Array.from([1, 2, 3, 200, 0, 255]), 'binary', undefined],
    ['a letter', 'Dear investor,\nplease find attached nothing.\n', 'not_recognised', undefined],
    ['a header without weights', 'ticker,name,sector\nAAA,Alpha,Energy\n', 'no_weight_column', 'weight'],
    ['a header without names', 'sector,weight\nEnergy,100\n', 'no_identity_column', 'name'],
    ['a header alone', HEADER, 'no_rows', undefined],
    ['a column twice', 'ticker,name,weight,weight\nAAA,Alpha,100,1\n', 'duplicate_column', 'weight'],
    ['a last row cut off', `${GOOD}CCC,Gam`, 'truncated', undefined],
    ['a last row cut off in quotes', `${GOOD}CCC,"Gam`, 'truncated', undefined],
    [
      'a short row in the middle',
      `${HEADER}AAA,Alpha,1\nBBB,Beta,99,Energy,Japan\n`,
      'malformed_row',
      undefined,
    ],
    [
      'a name with an unquoted comma',
      `${HEADER}AAA,Alpha, Inc,100,Energy,Japan\n`,
      'malformed_row',
      undefined,
    ],
    [
      'numbers written in two ways',
      `${HEADER}AAA,Alpha,"60,5",,\nBBB,Beta,39.5,,\n`,
      'ambiguous_numbers',
      'weight',
    ],
    [
      'accents encoded twice',
      `${HEADER}AAA,Ubicaci\u00c3\u00b3n SA,100,Energy,Spain\n`,
      'wrong_encoding',
      undefined,
    ],
    [
      'damaged UTF-8',
      Uint8Array.from([...bytes(`${GOOD}CCC,Société Générale à Évry,0,,\n`), 0xc3]),
      'wrong_encoding',
      undefined,
    ],
  ])('%s', (_what, content, code, field) => {
    const error = refusal(content);
    expect(error.code).toBe(code);
    expect(error.field).toBe(field);
    expect(error.message).toMatch(/^[A-Z].+\.$/s);
  });

  it.each(['1e309', 'NaN', '#REF!', '=A1*2', 'Infinity', 'sixty'])('a weight of %s', (weight) => {
    const error = refusal(`${HEADER}AAA,Alpha,${weight},,\nBBB,Beta,40,,\n`);
    expect(error).toMatchObject({ code: 'invalid_number', field: 'weight', rowNumber: 2 });
    expect(error.message).toContain(weight);
  });

  it('a million rows, at once and without reading them all', () => {
    const line = 'AAA,Alpha Inc,0.0001,Energy,Japan\n';
    const error = refusal(`${HEADER}${line.repeat(1_000_000)}`);
    expect(error.code).toBe('too_many_rows');
    expect(error.message).toContain('100,000');
  });

  it('one line as long as the file', () => {
    expect(refusal('a,'.repeat(2_000_000)).code).toBe('not_recognised');
    expect(refusal(`weight,name,${'x'.repeat(5_000_000)}`).code).toBe('not_recognised');
  });

  it('deep JSON', () => {
    expect(refusal('['.repeat(100_000) + ']'.repeat(100_000)).code).toBe('malformed_json');
  });

  /** What reading gave: the file, the refusal's code, or that something else was thrown. */
  const outcome = (content: Uint8Array): ConstituentFile | string => {
    try {
      return readConstituentFile(content);
    } catch (error) {
      return error instanceof FormatError ? error.code : `broke: ${String(error)}`;
    }
  };

  it('a file cut off anywhere in its rows is refused or says that its weights do not sum', () => {
    const whole = readFileSync(join(import.meta.dirname, '../fixtures/ishares-en-us.csv'));
    const lastShare = whole.indexOf('"LIQTR"');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: lastShare - 30 }), (length) => {
        const found = outcome(whole.subarray(0, length));
        const said = typeof found === 'string' ? [found] : found.warnings.map((warning) => warning.code);
        expect(said).not.toEqual([]);
        expect(said.join()).not.toContain('broke');
      }),
      { numRuns: 300 },
    );
  });

  it('a damaged file of any issuer is read or refused, never broken', () => {
    const folder = join(import.meta.dirname, '../fixtures');
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
    const scraps = fc.oneof(
      fc.constantFrom(
        '"',
        ',',
        ';',
        '\n',
        '\r',
        '%',
        '<',
        '=',
        '\u00a0',
        '1.234,5',
        'Equity',
        ',SEDOL,HOLDINGS,% OF FUNDS*\n',
      ),
      fc.string({ maxLength: 8 }),
    );
    const edit = fc.record({ at: fc.nat(), remove: fc.nat({ max: 40 }), insert: scraps });
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        (file, edits) => {
          let content = file;
          for (const { at, remove, insert } of edits) {
            const from = at % (content.length + 1);
            content = Buffer.concat([
              content.subarray(0, from),
              Buffer.from(insert),
              content.subarray(from + remove),
            ]);
          }
          expect(JSON.stringify(outcome(content))).not.toContain('broke');
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('any bytes are read or refused, never broken', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (content) => {
        const found = outcome(content);
        expect(typeof found === 'string' && found.startsWith('broke')).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe('files that are taken with a warning', () => {
  const warning = (text: string, code: string) => read(text).warnings.find((found) => found.code === code);

  it('a list of the ten largest holdings says what it sums to', () => {
    const rows = Array.from({ length: 10 }, (_, i) => `T${i},Company ${i},3.5,Energy,Japan\n`).join('');
    const found = warning(HEADER + rows, 'weights_do_not_sum');
    expect(found?.message).toContain('35 %');
    expect(found?.message).toContain('largest holdings only');
  });

  it.each([
    ['60', '60 %'],
    ['140', '140 %'],
    ['1', 'fractions'],
  ])('weights that sum to %s', (weight, words) => {
    expect(warning(`${HEADER}AAA,Alpha,${weight},,\n`, 'weights_do_not_sum')?.message).toContain(words);
  });

  it('weights of 98 to 102 are whole', () => {
    for (const weight of ['98', '102', '100.25', '98.86']) {
      expect(warning(`${HEADER}AAA,Alpha,${weight},,\n`, 'weights_do_not_sum')).toBeUndefined();
    }
  });

  it('invented words, each named once', () => {
    const file = read(
      `${HEADER}AAA,Alpha,50,Sorcery,Japan\nBBB,Beta,25,Sorcery,Atlantis\nCCC,Gamma,25,Alchemy,Japan\n`,
    );
    const sector = file.warnings.find((found) => found.code === 'unknown_sector');
    expect(sector?.terms).toEqual(['Sorcery', 'Alchemy']);
    expect(sector?.message).toContain('"Sorcery" (2 rows)');
    expect(file.warnings.find((found) => found.code === 'unknown_country')?.terms).toEqual(['Atlantis']);
    expect(file.rows.map((row) => row.sector)).toEqual(['Unclassified', 'Unclassified', 'Unclassified']);
    expect(file.rows.map((row) => row.sectorPublished)).toEqual(['Sorcery', 'Sorcery', 'Alchemy']);
  });

  it('a row without any identity is left out, its weight with it', () => {
    const file = read(`${HEADER}AAA,Alpha,98.5,,\n-,,1.5,,\n`);
    expect(file.rows).toHaveLength(1);
    expect(file.totals.weightSumPct).toBe('98.5');
    expect(file.warnings.map((found) => found.code)).toContain('row_without_identity');
  });

  it('formulas are never calculated: text as a name, nothing as a code, and ="005930" is its code', () => {
    const file = read(
      `${HEADER}"=""005930""",Alpha,60,,\nBBB,"=HYPERLINK(""http://x"")",30,,\n=A1,+1 Beta,5,,\n,@SUM(A1),5,,\n`,
    );
    expect(file.rows.map((row) => [row.ticker, row.name])).toEqual([
      ['005930', 'Alpha'],
      ['BBB', '=HYPERLINK("http://x")'],
      [null, '+1 Beta'],
      [null, '@SUM(A1)'],
    ]);
    const formulas = file.warnings.find((found) => found.code === 'formula_cell');
    expect(formulas).toMatchObject({ rowNumbers: [3, 4] });
    expect(formulas?.message).toContain('none is calculated');
  });

  it('money and contracts without a name are called what they are', () => {
    const file = read(
      'isin,name,asset class,currency,weight\nUS68500A1097,Orchard,Equity,USD,98\n,,CASH,USD,1.5\n,,FX FORWARD,JPY,0.5\n',
    );
    expect(file.rows.map((row) => [row.kind, row.name])).toEqual([
      ['security', 'Orchard'],
      ['cash', 'USD cash'],
      ['derivative', 'JPY FX forward'],
    ]);
    expect(file.warnings.map((found) => found.code)).not.toContain('row_without_identity');
  });

  it('a weight that is only said to be small counts as 0 and is named', () => {
    const file = read('name;weight\nAlpha;99,99 %\nBeta;<0,01 %\n');
    expect(file.rows.map((row) => row.weightPct)).toEqual(['99.99', '0']);
    expect(file.warnings.find((found) => found.code === 'weight_below_printed')?.rowNumbers).toEqual([3]);
  });

  it('each column decides its decimal sign; one that cannot follows the others', () => {
    const file = read(
      'name;weight;market value;price\nAlpha;60.25%;1.234.567,89;1.234\nBeta;39.75%;2.000,00;12\n',
    );
    expect(file.rows.map((row) => [row.weightPct, row.marketValue, row.price])).toEqual([
      ['60.25', '1234567.89', null],
      ['39.75', '2000.00', '12'],
    ]);
    expect(file.warnings.find((found) => found.code === 'invalid_number')?.message).toContain(
      'price "1.234"',
    );
    const agreed = read('name;weight;quantity\nAlpha;60,25;1.234\nBeta;39,75;2.000\n');
    expect(agreed.rows.map((row) => row.quantity)).toEqual(['1234', '2000']);
  });

  it('a code in the column of another scheme counts as what its check digit says', () => {
    const file = read(
      'name,sedol,cusip,identifier,weight\nBond,68500A109,,,50\nAlpha,,,GB00B0HLM091,30\nBeta,,,1234567,20\n',
    );
    expect(file.rows.map((row) => [row.isin, row.cusip, row.sedol])).toEqual([
      [null, '68500A109', null],
      ['GB00B0HLM091', null, null],
      [null, null, null],
    ]);
    expect(file.warnings.find((found) => found.code === 'invalid_identifier')?.rowNumbers).toEqual([4]);
  });

  it('a figure that cannot be read is blank and named', () => {
    const text = 'name,weight,market_value,price\nAlpha,60,1e309,#REF!\nBeta,40,12.5,1\n';
    const file = read(text);
    expect(file.rows.map((row) => row.marketValue)).toEqual([null, '12.5']);
    expect(file.warnings.find((found) => found.code === 'invalid_number')?.rowNumbers).toEqual([2, 2]);
  });

  it('a missing weight counts as 0 and a total row is left out', () => {
    const file = read(`${HEADER}AAA,Alpha,100,,\nBBB,Beta,-,,\nTotal,,100,,\n`);
    expect(file.rows.map((row) => row.weightPct)).toEqual(['100', '0']);
    expect(file.warnings.map((found) => found.code)).toEqual(
      expect.arrayContaining(['weight_missing', 'total_row_skipped', 'as_of_missing']),
    );
  });

  it.each([
    'Top 10 holdings',
    'Top Ten Positions',
    '10 largest holdings',
    'Principali 10 titoli',
    'Primi dieci titoli',
    'Las diez principales posiciones',
    'Mayores posiciones',
    'Die 10 größten Positionen',
    'Grösste Positionen',
    'Les 10 principales lignes',
    'Premières positions',
  ])('"%s" is a part of a fund even when its weights sum to 100', (heading) => {
    const rows = Array.from({ length: 10 }, (_, i) => `T${i},Company ${i},10,,\n`).join('');
    const file = read(`Northwind World ETF\n${heading}\n${HEADER}${rows}`);
    expect(file.totals.weightSumPct).toBe('100');
    expect(file.fundName).toBe('Northwind World ETF');
    const partial = file.warnings.find((found) => found.code === 'looks_partial');
    expect(partial?.message).toContain(heading);
  });

  it.each<[string, number, boolean]>([
    ['Northwind S&P 500 UCITS ETF', 10, true],
    ['Example MSCI World Index Fund', 20, true],
    ['Example MSCI World Index Fund', 1500, false],
    ['Northwind S&P 500 Energy Sector ETF', 20, false],
    ['Northwind Conviction Fund', 10, false],
    ['Northwind MSCI World Top 20 ETF', 20, false],
  ])('%s with %i rows: suspected %s', (name, count, suspected) => {
    const weight = (100 / count).toFixed(6);
    const rows = Array.from({ length: count }, (_, i) => `T${i},Company ${i},${weight},,\n`).join('');
    const codes = read(`${name}\n${HEADER}${rows}`).warnings.map((found) => found.code);
    expect(codes.includes('fewer_than_index')).toBe(suspected);
    expect(codes).not.toContain('looks_partial');
  });

  it('a day that can be read in two ways is not guessed', () => {
    const file = read(`As of,03/04/2024\n${GOOD}`);
    expect(file.asOf).toBeNull();
    expect(file.warnings.map((found) => found.code)).toContain('as_of_ambiguous');
    const proven = read(`Inception date,05/26/2019\nAs of,03/04/2024\n${GOOD}`);
    expect(proven.asOf?.toString()).toBe('2024-03-04');
  });

  it('weights beyond ±100 %', () => {
    const file = read(`${HEADER}AAA,Alpha,150,,\nBBB,Beta,-50,,\n`);
    expect(file.rows.map((row) => row.weightPct)).toEqual(['150', '-50']);
    expect(file.warnings.map((found) => found.code)).toEqual(expect.arrayContaining(['weight_beyond_100']));
  });

  it('many rows are read within seconds', () => {
    const line = (i: number): string => `T${i},"Company ${i}, Inc",0.001,Energy,Japan\n`;
    const text = HEADER + Array.from({ length: MAX_ROWS }, (_, i) => line(i)).join('');
    const file = read(text);
    expect(file.rows).toHaveLength(MAX_ROWS);
    expect(file.totals.weightSumPct).toBe('100');
  }, 20_000);
});
