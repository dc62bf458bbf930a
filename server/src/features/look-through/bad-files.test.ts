import { deflateRawSync } from 'node:zlib';

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { xlsxOf } from '../../../../tests/support/workbooks.ts';

let app: TestApp;
let ada: TestPerson;

beforeAll(async () => {
  app = await createTestApp();
  ada = await app.register();
});
afterAll(async () => app.close());

const IMPORT = 'POST /api/instruments/:id/constituents';
const HEAD = 'Ticker,Name,ISIN,Sector,Asset Class,Weight,Country,Currency,Exchange';
const fileOf = (...rows: string[]): Buffer =>
  Buffer.from(`${HEAD}\n${rows.map((row) => (row.split(',').length < 9 ? `${row},` : row)).join('\n')}\n`);
const query = { asOf: '2024-03-01' };

let made = 0;
const fund = async (): Promise<{ id: string; ticker: string; name: string }> => {
  made += 1;
  const body = {
    type: 'ETF' as const,
    ticker: `BAD${made}`,
    name: `Odd fund ${made}`,
    exchange: 'XLON',
    currency: 'USD',
  };
  const { id } = await ada.expect(201, 'POST /api/instruments', { body });
  return { id, ticker: body.ticker, name: body.name };
};
const send = async (id: string, body: Buffer, force = false) =>
  ada.expect(201, IMPORT, { params: { id }, query: force ? { ...query, force } : query, body });
const exposure = async (id: string) =>
  ada.expect(200, 'GET /api/instruments/:id/exposure', { params: { id } });

/** How much there is of everything that an import writes. */
const written = async (): Promise<unknown> => {
  const { rows } = await sql`select (select count(*) from pm.instruments where type <> 'ETF') as securities,
    (select count(*) from pm.constituent_imports) as imports, (select count(*) from pm.constituents) as rows,
    (select count(*) from pm.identity_reviews) as reviews, (select count(*) from pm.instrument_names) as names`.execute(
    app.database.owner,
  );
  return rows[0];
};

/** A sheet that says it is small and unpacks to 100 MB. */
const bomb = (): Buffer => {
  const packed = deflateRawSync(Buffer.concat([Buffer.from('<x>'), Buffer.alloc(100 * 1024 * 1024, '<c/>')]));
  const sheets = [{ name: 'Holdings', rows: [['Name', 'Weight']] }];
  return Buffer.from(xlsxOf({ sheets, parts: [['xl/worksheets/sheet1.xml', '<x/>', { packed }]] }));
};

describe('files that are refused', () => {
  it.each<[string, () => Buffer, string, string]>([
    [
      'weights of 60 %',
      () => fileOf('A,Aaa Inc,,Energy,Equity,60,Japan,JPY'),
      'weights_do_not_sum',
      'sum to 60 %',
    ],
    [
      'weights of 140 %',
      () => fileOf('A,Aaa Inc,,Energy,Equity,80,Japan,JPY', 'B,Bbb Inc,,Energy,Equity,60,Japan,JPY'),
      'weights_do_not_sum',
      'sum to 140 %',
    ],
    ['a zip bomb for a workbook', bomb, 'workbook_too_large', ''],
    [
      'XML with external entities',
      () =>
        Buffer.from(
          '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><edgarSubmission xmlns="http://www.sec.gov/edgar/nport"><formData><genInfo><seriesName>&x;</seriesName></genInfo></formData></edgarSubmission>',
        ),
      'xml_doctype',
      'document type',
    ],
    [
      'a weight that is a formula',
      () => fileOf('A,Aaa Inc,,Energy,Equity,=50+50,Japan,JPY'),
      'invalid_number',
      '=50+50',
    ],
    [
      'a workbook whose weight is a formula without a result',
      () =>
        Buffer.from(
          xlsxOf({
            sheets: [
              {
                name: 'Holdings',
                rows: [
                  ['Name', 'Weight'],
                  ['Aaa Inc', { xml: '<c r="B2"><f>WEBSERVICE("http://localhost/")</f></c>' }],
                ],
              },
            ],
          }),
        ),
      '',
      '',
    ],
    [
      'a page that says 404 inside JSON',
      () => Buffer.from('{"response": "<html><body>404</body></html>"}'),
      'html',
      'web page',
    ],
    ['JSON in place of CSV', () => Buffer.from('[{"price": 1}]'), '', ''],
    ['a header and nothing else', () => fileOf(), 'no_rows', 'no rows'],
    [
      'nothing but rows that say not what they are',
      () => fileOf(',,,Energy,Equity,100,Japan,JPY'),
      'no_rows',
      'No row',
    ],
  ])('%s, in words, and nothing is written', async (_what, bytes, code, words) => {
    const { id } = await fund();
    const before = await written();
    const problem = await ada.refused(422, IMPORT, { params: { id }, query, body: bytes() });
    expect(problem).toMatchObject(code === '' ? {} : { code });
    expect(problem.detail).toContain(words);
    expect(problem.detail.length).toBeGreaterThan(20);
    expect(await written()).toEqual(before);
  });

  it('200 MB, before they are read', async () => {
    const { id } = await fund();
    const problem = await ada.refused(413, IMPORT, {
      params: { id },
      query,
      body: Buffer.alloc(200 * 1024 * 1024),
    });
    expect(problem.detail).toContain('MB');
  });
});

describe('files that are taken as far as they can be', () => {
  it('a row without any identity is left out, and its share is unclassified', async () => {
    const { id } = await fund();
    const report = await send(
      id,
      fileOf('A,Aaa Inc,,Energy,Equity,99,Japan,JPY', ',,,Energy,Equity,1,Japan,JPY'),
    );
    expect(report.rows).toBe(1);
    expect(report.warnings.join(' ')).toContain('no name, ticker or identifier');
    expect((await exposure(id)).bySector).toEqual({ Energy: 99, Unclassified: 1 });
  });

  it('two rows of one ISIN are added up, with a warning', async () => {
    const { id } = await fund();
    const report = await send(
      id,
      fileOf(
        'MINE,Mine Corp,US0378331005,Energy,Equity,30,Japan,JPY',
        'MINE,Mine Corp,US0378331005,Energy,Equity,30.5,Japan,JPY',
        'B,Bbb Inc,,Materials,Equity,39.5,Japan,JPY',
      ),
    );
    expect(report.warnings.join(' ')).toMatch(/US0378331005|Mine Corp/);
    const { byCompany } = await exposure(id);
    expect(byCompany.map(({ name, pct }) => [name, pct])).toEqual([
      ['Mine Corp', 60.5],
      ['Bbb Inc', 39.5],
    ]);
    const { items } = await ada.expect(200, 'GET /api/instruments/:id/constituents', { params: { id } });
    expect(items[0]).toMatchObject({ weightPct: '60.5', rowNumbers: [2, 3] });
  });

  it('a weight that is a formula in a name is text, and one in a code is left out', async () => {
    const { id } = await fund();
    const report = await send(
      id,
      fileOf(`=1+1,"=HYPERLINK(""http://x"",""y"")",=A1,Energy,Equity,100,Japan,JPY,`),
    );
    expect(report.warnings.join(' ')).toContain('formula');
    const { items } = await ada.expect(200, 'GET /api/instruments/:id/constituents', { params: { id } });
    expect(items[0]).toMatchObject({ ticker: null, isin: null, name: '=HYPERLINK("http://x","y")' });
  });

  it('a fund that contains itself through three others is cut there and said', async () => {
    const funds = [await fund(), await fund(), await fund(), await fund()];
    for (const [at, { id }] of funds.entries()) {
      const next = funds[(at + 1) % funds.length];
      await send(
        id,
        fileOf(
          `${next?.ticker},${next?.name},,,ETF,50,,USD,London Stock Exchange`,
          `S${at},Share ${at} Inc,,Energy,Equity,50,Japan,JPY`,
        ),
      );
    }
    const seen = await exposure(funds[0]?.id ?? '');
    expect(seen.warnings.join(' ')).toContain('contains itself');
    // 50 + 25 + 12.5 + 6.25 are shares; the rest would go round for ever.
    expect(seen.bySector).toEqual({ Energy: 93.75, Unclassified: 6.25 });
    expect(seen.coveragePct).toBe(93.75);
  });
});
