import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { n, xlsxOf } from '../../../../tests/support/workbooks.ts';

let app: TestApp;
let alice: TestPerson;

beforeAll(async () => {
  app = await createTestApp();
  alice = await app.register();
});
afterAll(async () => app.close());

const fund = async (): Promise<string> => {
  const body = { type: 'ETF' as const, ticker: 'NWD', name: 'Northwind 500 ETF', currency: 'USD' };
  return (await alice.expect(201, 'POST /api/instruments', { body })).id;
};

const workbook = Buffer.from(
  xlsxOf({
    sheets: [
      {
        name: 'holdings',
        rows: [
          ['Fund Name:', 'Northwind 500 ETF'],
          ['Holdings:', 'As of 06-Dec-2024'],
          ['Name', 'Ticker', 'Identifier', 'SEDOL', 'Weight', 'Sector', 'Shares Held', 'Local Currency'],
          ['ORCHARD INC', 'ORCH', '037833100', '2046251', n('9.95E1'), '-', n('2.5E7'), 'USD'],
          ['US DOLLAR', '-', '999USDZ92', '-', n('0.5'), '-', n('1'), 'USD'],
        ],
      },
    ],
  }),
);
const investment = (name: string, pct: string): string =>
  `<invstOrSec><name>${name}</name><title>${name}</title><cusip>N/A</cusip><pctVal>${pct}</pctVal><payoffProfile>Long</payoffProfile><assetCat>EC</assetCat><issuerCat>CORP</issuerCat><invCountry>US</invCountry></invstOrSec>`;
const filing = (inside: string): Buffer =>
  Buffer.from(
    `<?xml version="1.0"?><edgarSubmission xmlns="http://www.sec.gov/edgar/nport"><formData><genInfo><seriesName>Northwind</seriesName><repPdDate>2024-09-30</repPdDate></genInfo><invstOrSecs>${inside}</invstOrSecs></formData></edgarSubmission>`,
  );
const answer = Buffer.from(
  '{"symbol":"NWD","atDate":"2024-10-31","numberOfHoldings":1,"holdings":[{"symbol":"ORCH","name":"Orchard Inc","isin":"US0378331005","cusip":"","share":1,"percent":100,"value":5,"assetType":"Equity"}]}',
);

const IMPORT = 'POST /api/instruments/:id/constituents';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const options = (id: string, body: Buffer, type: string) => ({
  params: { id },
  body,
  headers: { 'content-type': type },
});

describe('files that are no CSV', () => {
  it.each([
    [
      'a workbook',
      workbook,
      XLSX,
      { format: 'spdr-xlsx', asOf: '2024-12-06', rows: 2, weightSumPct: 100, cashPct: 0.5 },
    ],
    ['a workbook under another type', workbook, 'text/csv', { format: 'spdr-xlsx', rows: 2 }],
    [
      'a filing',
      filing(investment('Orchard Inc', '100')),
      'text/xml',
      { format: 'nport-xml', asOf: '2024-09-30' },
    ],
    [
      'a provider’s answer',
      answer,
      'application/json',
      { format: 'finnhub-json', asOf: '2024-10-31', rows: 1 },
    ],
  ])('%s is imported', async (_what, body, type, report) => {
    const sent = options(await fund(), body, type);
    expect(await alice.expect(201, IMPORT, sent)).toMatchObject(report);
  });

  it('a workbook is looked at before it is imported', async () => {
    const preview = await alice.expect(200, 'POST /api/imports/constituents/preview', {
      query: { fileName: 'holdings.xlsx' },
      body: workbook,
    });
    expect(preview).toMatchObject({ format: 'spdr-xlsx', fundName: 'Northwind 500 ETF', rows: 2 });
  });

  it('a filing whose weights do not sum needs force', async () => {
    const sent = options(await fund(), filing(investment('Orchard Inc', '97.5')), 'application/xml');
    expect(await alice.refused(422, IMPORT, sent)).toMatchObject({ code: 'weights_do_not_sum' });
    const forced = await alice.expect(201, IMPORT, { ...sent, query: { force: true } });
    expect(forced).toMatchObject({ weightSumPct: 97.5 });
  });

  it.each([
    ['cut off', workbook.subarray(0, 400), 'workbook_damaged'],
    [
      'with a password',
      Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), Buffer.from('EncryptedPackage', 'utf16le')]),
      'workbook_protected',
    ],
    [
      'with entities',
      Buffer.from(filing('').toString().replace('<edgar', '<!DOCTYPE a><edgar')),
      'xml_doctype',
    ],
  ])('one %s is refused with 422 in words', async (_what, body, code) => {
    const refused = await alice.refused(422, IMPORT, options(await fund(), body, XLSX));
    expect(refused).toMatchObject({ code, field: 'file' });
  });
});
