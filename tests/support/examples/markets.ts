/** Examples of instruments, their prices and what they really hold. */
import type { instrumentRoutes } from '@pm/contracts/instruments';
import type { lookThroughRoutes } from '@pm/contracts/look-through';
import type { marketDataRoutes } from '@pm/contracts/market-data';

import { CONSTITUENTS, PRICED_AT } from '../world.ts';
import type { Examples } from './example.ts';

const FUND = { params: { id: '{instrument}' } };

export const instrumentExamples: Examples<keyof typeof instrumentRoutes> = {
  'GET /api/instruments': {
    says: 'Funds whose name or ticker has a word.',
    query: { query: 'world', type: 'ETF', limit: 2 },
  },
  'POST /api/instruments': {
    says: 'A fund of one’s own, quoted in pence in London.',
    body: {
      type: 'ETF',
      name: 'Small Companies ETF',
      ticker: 'SMLC',
      exchange: 'XLON',
      currency: 'GBP',
      quoteUnit: 'GBX',
      metadata: { ocf: 0.35, domicile: 'IE', distributionPolicy: 'accumulating' },
      scope: 'private',
    },
  },
  'GET /api/instruments/:id': { says: 'One fund with its lines.', ...FUND },
  'PATCH /api/instruments/:id': {
    says: 'Its costs are written down.',
    ...FUND,
    body: { metadata: { ocf: 0.22 } },
  },
  'GET /api/instruments/:id/listings': { says: 'Where it is traded, and in which currency.', ...FUND },
  'POST /api/instruments/:id/listings': {
    says: 'It is traded in dollars too.',
    ...FUND,
    body: { ticker: 'ALDU', exchange: 'XLON', currency: 'USD' },
  },
};

export const marketDataExamples: Examples<keyof typeof marketDataRoutes> = {
  'GET /api/instruments/:id/prices': { says: 'Its prices, the newest first.', ...FUND, query: { limit: 2 } },
  'POST /api/instruments/:id/prices': {
    says: 'A price from a letter. Only Anna sees it.',
    ...FUND,
    body: { dateTime: '2024-02-28T16:30:00Z', close: '10.1' },
  },
  'GET /api/instruments/:id/price-sources': { says: 'Who says what about its price.', ...FUND },
  'POST /api/instruments/:id/prices/import': {
    says: 'Past closes from a table.',
    ...FUND,
    query: { listingId: '{listing}', fileName: 'closes.csv' },
    body: Buffer.from('Date,Close\n2024-02-26,10.05\n2024-02-27,10.1\n'),
  },
  'GET /api/instruments/:id/events': { says: 'It was split in two.', ...FUND },
  'POST /api/instruments/:id/events': {
    says: 'A dividend of 12 pence a share.',
    ...FUND,
    body: {
      type: 'dividend',
      date: '2024-02-15',
      amount: '12',
      quoteUnit: 'GBX',
      payDate: '2024-02-29',
    },
  },
  'POST /api/instruments/:id/events/import': {
    says: 'Past dividends from a table, in pence.',
    ...FUND,
    query: { quoteUnit: 'GBX' },
    body: Buffer.from('Date,Dividends\n2023-08-17,11\n2023-11-16,11.5\n'),
  },
  'DELETE /api/instruments/:id/events/:eventId': {
    says: 'That event was another fund’s.',
    params: { id: '{instrument}', eventId: '{event}' },
    once: true,
  },
  'GET /api/instruments/:id/price-series': {
    says: 'Closes for a chart, as if no split had ever been.',
    ...FUND,
    query: { from: '2024-02-01', to: '2024-03-01', adjust: 'splits' },
  },
  'GET /api/market-data/quarantine': {
    says: 'A price that jumped waits for somebody to look at it.',
    query: { limit: 1 },
  },
  'POST /api/market-data/quarantine/:id/accept': {
    says: 'The price is right: it is stored and counts.',
    params: { id: '{heldPrice}' },
    body: {},
    once: true,
  },
  'POST /api/market-data/quarantine/:id/reject': {
    says: 'The price is wrong, also when it is sent again.',
    params: { id: '{heldPrice}' },
    body: {},
    once: true,
  },
  'POST /api/market-data/quarantine/:id/reopen': {
    says: 'The decision is taken back, and the price waits again.',
    params: { id: '{rejectedPrice}' },
    once: true,
  },
  'POST /api/instruments/:id/prices/corrections': {
    says: 'A stored price is taken back.',
    ...FUND,
    body: { listingId: '{listing}', dateTime: PRICED_AT, source: 'yahoo', close: null },
    once: true,
  },
  'PUT /api/instruments/:id/listings/:listingId/symbols': {
    says: 'What a provider calls the line.',
    params: { id: '{instrument}', listingId: '{listing}' },
    body: { symbols: { yahoo: 'ALDER.L' } },
  },
  'GET /api/watchlist': { says: 'What Anna watches, with its price.' },
  'POST /api/watchlist': {
    says: 'She watches it, with the reason beside it.',
    body: { instrumentId: '{instrument}', note: 'When it is below 9' },
  },
  'DELETE /api/watchlist/:id': {
    says: 'She watches it no longer.',
    params: { id: '{watched}' },
    once: true,
  },
  'GET /api/fx': {
    says: 'How many dollars a pound was, by way of the euro.',
    query: { from: 'GBP', to: 'USD', date: '2024-02-29' },
  },
  'POST /api/fx/import': {
    says: 'An administrator brings in the reference rates of two days.',
    body: Buffer.from('Date,USD,GBP,\n2024-02-28,1.0808,0.85535,\n2024-02-27,1.0856,0.8554,\n'),
  },
  'GET /api/market-data/status': { says: 'Whom the install asks for prices, and how that goes.' },
};

const COMPANY_WAYS = 'down to the rows of the issuers’ files';
const HOLDING = { params: { id: '{holding}' } };
const PORTFOLIO = { params: { id: '{portfolio}' } };

export const lookThroughExamples: Examples<keyof typeof lookThroughRoutes> = {
  'GET /api/instruments/:id/constituents': {
    says: 'What the fund holds, as its issuer published it.',
    ...FUND,
    query: { limit: 2 },
  },
  'POST /api/instruments/:id/constituents': {
    says: 'An issuer’s file, as it was downloaded.',
    ...FUND,
    query: { asOf: '2024-02-29', fileName: 'holdings.csv' },
    body: CONSTITUENTS,
    once: true,
  },
  'GET /api/instruments/:id/imports': { says: 'The files that were imported for the fund.', ...FUND },
  'GET /api/instruments/:id/proxy': { says: 'What it is looked through as meanwhile.', ...FUND },
  'PUT /api/instruments/:id/proxy': {
    says: 'Until its own file is there, it is taken to hold what another fund of the same index holds.',
    ...FUND,
    body: { proxyInstrumentId: '{proxy}', note: 'The same index' },
  },
  'DELETE /api/instruments/:id/proxy': { says: 'No longer.', ...FUND, once: true },
  'GET /api/imports/:id/file': {
    says: 'The file of an import, byte for byte.',
    params: { id: '{version}' },
  },
  'POST /api/imports/:id/withdraw': {
    says: 'It was another fund’s file.',
    params: { id: '{version}' },
    once: true,
  },
  'POST /api/imports/:id/restore': {
    says: 'It was the right one after all.',
    params: { id: '{version}' },
    once: true,
  },
  'POST /api/imports/constituents/preview': {
    says: 'A file is read and not stored.',
    query: { fileName: 'holdings.csv' },
    body: CONSTITUENTS,
  },
  'GET /api/portfolios/:id/diff': {
    says: 'The portfolio beside its draft.',
    ...PORTFOLIO,
    query: { against: '{draft}' },
  },
  'GET /api/instruments/:id/exposure': {
    says: 'Where the fund’s money is; one company is named.',
    ...FUND,
    query: { companies: 1 },
  },
  'GET /api/holdings/:id/exposure': {
    says: 'The same of a holding.',
    ...HOLDING,
    query: { companies: 1 },
  },
  'GET /api/portfolios/:id/exposure': {
    says: 'Where the portfolio’s money really is, through all its funds.',
    ...PORTFOLIO,
    query: { companies: 1 },
  },
  'GET /api/exposure': {
    says: 'Where all of Anna’s money really is.',
    query: { companies: 1, currency: 'GBP' },
  },
  'GET /api/exposure/companies': {
    says: 'Companies in the United States, the largest first.',
    query: { country: 'United States', limit: 2 },
  },
  'GET /api/exposure/companies/:id': {
    says: `Every way to one company, ${COMPANY_WAYS}.`,
    params: { id: '{company}' },
  },
  'GET /api/exposure/companies.csv': { says: 'The same companies for a spreadsheet.' },
  'GET /api/instruments/:id/exposure/companies': {
    says: 'The companies that the fund holds.',
    ...FUND,
    query: { limit: 2 },
  },
  'GET /api/instruments/:id/exposure/companies/:instrumentId': {
    says: `How the fund holds one of them, ${COMPANY_WAYS}.`,
    params: { id: '{instrument}', instrumentId: '{company}' },
  },
  'GET /api/holdings/:id/exposure/companies': {
    says: 'The companies behind a holding.',
    ...HOLDING,
    query: { limit: 2 },
  },
  'GET /api/holdings/:id/exposure/companies/:instrumentId': {
    says: `How the holding holds one of them, ${COMPANY_WAYS}.`,
    params: { id: '{holding}', instrumentId: '{company}' },
  },
  'GET /api/portfolios/:id/exposure/companies': {
    says: 'The companies behind a portfolio whose name has a word.',
    ...PORTFOLIO,
    query: { q: 'acme', limit: 2 },
  },
  'GET /api/portfolios/:id/exposure/companies/:instrumentId': {
    says: `How the portfolio holds one of them, ${COMPANY_WAYS}.`,
    params: { id: '{portfolio}', instrumentId: '{company}' },
  },
  'GET /api/instruments/:id/exposure/companies.csv': { says: 'The fund’s companies as a table.', ...FUND },
  'GET /api/holdings/:id/exposure/companies.csv': {
    says: 'The holding’s companies as a table.',
    ...HOLDING,
  },
  'GET /api/portfolios/:id/exposure/companies.csv': {
    says: 'The portfolio’s companies as a table.',
    ...PORTFOLIO,
  },
  'GET /api/portfolios/:id/costs': {
    says: 'What a portfolio cost, year by year, and what is not known of it.',
    ...PORTFOLIO,
  },
  'GET /api/portfolios/:id/overlap': {
    says: 'How much two funds of the portfolio hold in common.',
    ...PORTFOLIO,
    query: { names: 1 },
  },
  'GET /api/overlap': {
    says: 'The same of any two funds.',
    query: { instruments: '{instrument},{proxy}', names: 1 },
  },
  'GET /api/overlap/shared': {
    says: 'The companies that both hold, with both weights.',
    query: { a: '{instrument}', b: '{proxy}', limit: 2 },
  },
  'GET /api/portfolios/:id/overlap/candidate': {
    says: 'What 100 pounds of a fund would add to what is there.',
    ...PORTFOLIO,
    query: { instrument: '{proxy}', amount: '100' },
  },
  'GET /api/portfolios/:id/overlap/cover': {
    says: 'Which funds alone would hold most of it.',
    ...PORTFOLIO,
    query: { target: 80 },
  },
  'GET /api/identity-reviews': {
    says: 'A row of a file may be a fund that is known.',
    query: { importId: '{version}', instrumentId: '{instrument}' },
  },
  'GET /api/identity-reviews/:id': {
    says: 'The row, with what speaks for it and against it.',
    params: { id: '{review}' },
  },
  'POST /api/identity-reviews/:id/decision': {
    says: 'It is the same security, and will be in later files.',
    params: { id: '{review}' },
    body: { decision: 'same', instrumentId: '{instrument}' },
    once: true,
  },
  'DELETE /api/identity-reviews/:id/decision': {
    says: 'A decision is taken back, and the question is open again.',
    params: { id: '{decided}' },
    once: true,
  },
  'GET /api/instruments/:id/merge': {
    says: 'What giving an instrument up for another one would move.',
    ...FUND,
    query: { into: '{target}' },
  },
  'POST /api/instruments/:id/merge': {
    says: 'It was found to be that one.',
    ...FUND,
    body: { into: '{target}' },
    once: 'alone',
  },
  'GET /api/identity-merges': {
    says: 'Instruments that became one.',
    query: { instrumentId: '{target}' },
  },
  'POST /api/identity-merges/:id/undo': {
    says: 'They are two after all.',
    params: { id: '{merge}' },
    once: true,
  },
};
