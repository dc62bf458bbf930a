import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PublishedRow } from '../published/index.ts';
import { planConstituents, rowKeys, type KnownSecurity, type Remembered } from './index.ts';

const row = (name: string, more: Partial<PublishedRow> = {}): PublishedRow => ({
  rowNumbers: [1],
  kind: 'security',
  ticker: 'GE',
  name,
  isin: null,
  cusip: null,
  sedol: null,
  figi: null,
  sector: 'Industrials',
  sectorPublished: null,
  country: 'United States',
  countryPublished: null,
  currency: 'USD',
  mic: 'XNYS',
  exchangePublished: null,
  assetClass: 'Equity',
  assetClassPublished: null,
  weightPct: '1',
  marketValue: null,
  notional: null,
  quantity: null,
  price: null,
  ...more,
});

const security = (instrumentId: string, name: string, more: Partial<KnownSecurity> = {}): KnownSecurity => ({
  instrumentId,
  kind: 'security',
  name,
  otherNames: [],
  isin: null,
  cusip: null,
  sedol: null,
  figi: null,
  listings: [{ ticker: 'GE', mic: 'XNYS' }],
  country: 'United States',
  currency: 'USD',
  ...more,
});

const GENERAL = security('general', 'GENERAL ELECTRIC');
const AEROSPACE = row('GE AEROSPACE');
const remember = (instrumentId: string, isOpen: boolean, of = AEROSPACE): Remembered => {
  const { line, identifier } = rowKeys(of);
  return new Map([[identifier ?? line, { instrumentId, isOpen }]]);
};
const plan = (rows: readonly PublishedRow[], known: readonly KnownSecurity[], remembered?: Remembered) =>
  planConstituents(rows, known, undefined, remembered).constituents;

describe('what a person said about a row', () => {
  it('is asked first', () => {
    expect(plan([AEROSPACE], [GENERAL])).toMatchObject([
      { outcome: 'unsure', method: 'unsure', pendingId: null },
    ]);
  });

  it.each(['general', 'made for the row'])('counts for the same row (%s)', (instrumentId) => {
    expect(
      plan([row('Ge Aerospace', { weightPct: '7' })], [GENERAL], remember(instrumentId, false)),
    ).toMatchObject([{ outcome: 'same', method: 'decision', instrumentId }]);
  });

  it('counts for the number too, under whatever name', () => {
    const numbered = row('GE AEROSPACE', { isin: 'US3696043013' });
    const [planned] = plan(
      [row('WHATEVER IT IS CALLED', { isin: 'US3696043013', ticker: 'XX' })],
      [GENERAL],
      remember('general', false, numbered),
    );
    expect(planned).toMatchObject({ method: 'decision', instrumentId: 'general' });
  });

  it('gives way to a number that is known', () => {
    const known = security('by number', 'OTHER', { isin: 'US3696043013' });
    const [planned] = plan(
      [row('GE AEROSPACE', { isin: 'US3696043013' })],
      [GENERAL, known],
      remember('general', false),
    );
    expect(planned).toMatchObject({ method: 'isin', instrumentId: 'by number' });
  });

  it('while it is open, keeps the security that was made for the row, and adds up rows of it', () => {
    const rows = [AEROSPACE, row('GE AEROSPACE', { currency: 'EUR', rowNumbers: [2], weightPct: '2.5' })];
    const planned = plan(rows, [GENERAL], remember('made', true));
    expect(planned).toMatchObject([
      {
        outcome: 'unsure',
        instrumentId: null,
        pendingId: 'made',
        row: { weightPct: '3.5', rowNumbers: [1, 2] },
      },
    ]);
  });
});

describe('former names and numbers', () => {
  it('are the security’s own', () => {
    const meta = security('meta', 'META PLATFORMS INC CLASS A', {
      isin: 'US30303M1027',
      otherNames: ['FACEBOOK CLASS A INC'],
      otherNumbers: [{ scheme: 'isin', value: 'US0378331005' }],
      listings: [
        { ticker: 'META', mic: 'XNAS' },
        { ticker: 'FB', mic: 'XNAS' },
      ],
    });
    const nasdaq = { mic: 'XNAS', ticker: 'FB' };
    expect(plan([row('FACEBOOK INC', nasdaq)], [meta])).toMatchObject([
      { instrumentId: 'meta', method: 'ticker-exchange' },
    ]);
    expect(plan([row('X', { isin: 'US0378331005', ticker: null })], [meta])).toMatchObject([
      { instrumentId: 'meta', method: 'isin' },
    ]);
    // A third number is another security's.
    expect(plan([row('FACEBOOK INC', { ...nasdaq, isin: 'US5949181045' })], [meta])).toMatchObject([
      { outcome: 'unsure', evidence: expect.stringContaining('identifiers differ') as string },
    ]);
  });
});

describe('one share, many spellings', () => {
  it.each(['BRK.B', 'BRKB', 'BRK/B', 'BRK B', 'brk-b'])('%s is Berkshire’s class B', (ticker) => {
    const names = 'BERKSHIRE HATHAWAY INC CLASS B';
    const b = security('b', names, { listings: [{ ticker: 'BRKB', mic: 'XNYS' }] });
    const a = security('a', 'BERKSHIRE HATHAWAY INC CLASS A', {
      listings: [{ ticker: 'BRK.A', mic: 'XNYS' }],
    });
    expect(plan([row(names, { ticker })], [a, b])).toMatchObject([{ outcome: 'same', instrumentId: 'b' }]);
  });

  it.each([
    [
      'SAN',
      { name: 'SANOFI SA', country: 'France', mic: 'XPAR' },
      { name: 'BANCO SANTANDER SA', country: 'Spain', mic: 'XMAD' },
    ],
    [
      'SAP',
      { name: 'SAP', country: 'Germany', mic: 'XETR' },
      { name: 'SAPUTO INC', country: 'Canada', mic: 'XTSE' },
    ],
  ])('%s is never two companies', (ticker, one, { name, country, mic }) => {
    const known = security('known', name, { country, listings: [{ ticker, mic }] });
    expect(plan([row(one.name, { ...one, ticker })], [known])).toMatchObject([{ outcome: 'new' }]);
  });
});

describe('a file of an American issuer, which names neither exchange nor country', () => {
  const nowhere = { country: 'Unclassified', mic: null, ticker: 'LLY', currency: 'USD' };
  const lilly = security('lilly', 'ELI LILLY', { listings: [{ ticker: 'LLY', mic: 'XNYS' }] });

  it.each(['ELI LILLY', 'ELI LILLY + CO', 'Eli Lilly & Co.', 'LILLY (ELI)'])(
    'joins %s by its CUSIP’s market',
    (name) => {
      const [planned] = plan([row(name, { ...nowhere, cusip: '532457108' })], [lilly]);
      expect(planned).toMatchObject({ outcome: 'same', instrumentId: 'lilly', method: 'ticker-country' });
    },
  );

  it('is joined by a file that names them, which comes later', () => {
    const known = security('lilly', 'ELI LILLY + CO', {
      cusip: '532457108',
      country: null,
      listings: [{ ticker: 'LLY', mic: null }],
    });
    const named = row('ELI LILLY', { ticker: 'LLY' });
    expect(plan([named], [known])).toMatchObject([{ outcome: 'same', instrumentId: 'lilly' }]);
    // A namesake that trades elsewhere is another company, as Merck is not Merck & Co.
    const elsewhere = row('ELI LILLY', { ticker: 'LLY', country: 'Germany', mic: 'XETR', currency: 'EUR' });
    expect(plan([elsewhere], [known])).toMatchObject([{ outcome: 'new' }]);
  });

  it('without any number is asked about', () => {
    expect(plan([row('ELI LILLY', nowhere)], [lilly])).toMatchObject([{ outcome: 'unsure' }]);
    const pounds = { ...nowhere, cusip: '532457108', currency: 'GBP' };
    expect(plan([row('ELI LILLY', pounds)], [lilly])).toMatchObject([{ outcome: 'unsure' }]);
  });
});

it('the weights of a file sum to the same, whatever is known, decided or pending', () => {
  const names = fc.constantFrom('GE AEROSPACE', 'GENERAL ELECTRIC', 'ACME INC', 'APEX CORP');
  const rows = fc.array(
    fc.record({
      name: names,
      ticker: fc.constantFrom('GE', 'ACM', null),
      weight: fc.integer({ min: -500, max: 900 }),
    }),
    {
      maxLength: 12,
    },
  );
  const memory = fc.dictionary(
    names,
    fc.record({ id: fc.constantFrom('general', 'made', 'other'), isOpen: fc.boolean() }),
  );
  fc.assert(
    fc.property(rows, memory, (given, said) => {
      const published = given.map(({ name, ticker, weight }, at) =>
        row(name, { ticker, weightPct: String(weight), rowNumbers: [at + 1] }),
      );
      const remembered: Remembered = new Map(
        published.flatMap((one) => {
          const known = said[one.name];
          return known === undefined
            ? []
            : [[rowKeys(one).line, { instrumentId: known.id, isOpen: known.isOpen }] as const];
        }),
      );
      const planned = plan(published, [GENERAL, security('other', 'ACME INC')], remembered);
      const total = planned.reduce((sum, one) => sum + Number(one.row.weightPct), 0);
      expect(total).toBe(given.reduce((sum, { weight }) => sum + weight, 0));
      const ids = planned.flatMap((one) => one.instrumentId ?? one.pendingId ?? []);
      expect(new Set(ids).size).toBe(ids.length);
    }),
  );
});
