import { describe, expect, it } from 'vitest';
import { agreementOf, traitsOf } from './agreement.ts';
import type { Candidate, Review } from './review-queries.ts';

const row: Review['row'] = {
  number: 12,
  name: 'BERKSHIRE HATHAWAY INC CLASS B',
  ticker: 'BRK/B',
  exchange: 'New York Stock Exchange Inc.',
  isin: null,
  cusip: '084670702',
  sedol: null,
  country: 'United States',
  sector: 'Financials',
  currency: 'USD',
  weightPct: '1.6',
};
const candidate: Candidate = {
  instrumentId: '00000000-0000-7000-8000-000000000001',
  name: 'Berkshire Hathaway',
  otherNames: [],
  type: 'Stock',
  scope: 'shared',
  country: 'Cayman Islands',
  currency: 'USD',
  identifiers: [
    { scheme: 'isin', value: 'US0846707026', isCurrent: true },
    { scheme: 'cusip', value: '084670108', isCurrent: true },
    { scheme: 'cusip', value: '084670702', isCurrent: false },
  ],
  listings: [
    { ticker: 'BRKB', exchange: 'XNYS' },
    { ticker: null, exchange: 'XMEX' },
    { ticker: 'BRKB', exchange: 'XFRA' },
  ],
  heldIn: [],
  why: '',
};

describe('a row beside a candidate', () => {
  it('agrees however a ticker is written, and with a number of the past', () => {
    expect(agreementOf(row, candidate, 'ticker')).toBe('agrees');
    expect(agreementOf(row, candidate, 'cusip')).toBe('agrees');
    expect(agreementOf({ ...row, ticker: 'BRK.A' }, candidate, 'ticker')).toBe('differs');
  });

  it('differs only where both say something', () => {
    expect(agreementOf(row, candidate, 'country')).toBe('differs');
    expect(agreementOf(row, candidate, 'isin')).toBe('unknown');
    expect(agreementOf({ ...row, sedol: 'B0YBKJ7' }, candidate, 'sedol')).toBe('unknown');
    expect(agreementOf({ ...row, ticker: ' - ' }, candidate, 'ticker')).toBe('unknown');
  });

  it('names each ticker once', () => {
    expect(traitsOf(candidate).ticker).toEqual(['BRKB']);
  });
});
