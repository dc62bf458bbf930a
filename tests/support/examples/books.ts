/** Examples of what is held, what happened to it, what it is worth and where it should go. */
import type { allocationRoutes } from '@pm/contracts/allocation';
import type { importRoutes } from '@pm/contracts/imports';
import type { ledgerRoutes } from '@pm/contracts/ledger';
import type { valuationRoutes } from '@pm/contracts/valuation';

import { DIVIDEND_ON, STATEMENT } from '../world.ts';
import type { Examples } from './example.ts';

/** What an older version kept in the browser. */
const LOCAL_STORAGE = Buffer.from(
  JSON.stringify({
    portfolios: [
      {
        id: 'p1',
        name: 'From before',
        settings: { currency: 'GBP' },
        lists: { sections: ['Core'], themes: ['Global Equity'], accounts: ['ISA'] },
        holdings: [],
        trades: [],
      },
    ],
  }),
);

export const ledgerExamples: Examples<keyof typeof ledgerRoutes> = {
  'GET /api/portfolios/:id/holdings': {
    says: 'Holdings with what they are worth, and the price that says so.',
    params: { id: '{portfolio}' },
    query: { limit: 2 },
  },
  'POST /api/portfolios/:id/holdings': {
    says: 'Forty units that were bought before the book begins; they become its opening trade.',
    params: { id: '{portfolio}' },
    body: {
      instrumentId: '{instrument}',
      section: 'Core',
      theme: 'Global Equity',
      account: 'SIPP',
      qty: '40',
      avgCost: '9.5',
      date: '2024-01-31',
      targetPct: 25,
    },
  },
  'GET /api/holdings/:id': { says: 'One holding with its value.', params: { id: '{holding}' } },
  'PATCH /api/holdings/:id': {
    says: 'It shall be a quarter of the portfolio.',
    params: { id: '{holding}' },
    body: { targetPct: 25, notes: 'Watch the costs' },
  },
  'DELETE /api/holdings/:id': {
    says: 'A holding goes with its trades, and can be brought back for 30 days.',
    params: { id: '{holding}' },
    once: 'alone',
  },
  'GET /api/holdings/:id/trades': {
    says: 'Its trades, with the quantity and cost after each.',
    params: { id: '{holding}' },
  },
  'POST /api/holdings/:id/trades': {
    says: 'Five more units for 10.20 each, 1.50 of fees.',
    params: { id: '{holding}' },
    body: { type: 'buy', date: '2024-02-29', price: '10.20', qty: '5', fees: '1.50' },
  },
  'PATCH /api/trades/:id': {
    says: 'There were seven units on the contract note; the holding is computed anew.',
    params: { id: '{trade}' },
    body: { qty: '7' },
  },
  'DELETE /api/trades/:id': {
    says: 'The trade was entered twice.',
    params: { id: '{trade}' },
    once: 'alone',
  },
  'GET /api/trades/:id': { says: 'One trade.', params: { id: '{trade}' } },
  'GET /api/deletions': { says: 'A trade was deleted and can still be restored.' },
  'POST /api/deletions/:id/restore': {
    says: 'It comes back as it was.',
    params: { id: '{deletion}' },
    once: true,
  },
  'GET /api/holdings/:id/debts': { says: 'What was owed against a holding.', params: { id: '{holding}' } },
  'POST /api/holdings/:id/debts': {
    says: 'From that day on five pounds are owed against it.',
    params: { id: '{holding}' },
    body: { date: '2024-02-23', amount: '5' },
  },
  'PATCH /api/debts/:id': {
    says: 'It was a little more.',
    params: { id: '{debt}' },
    body: { amount: '5.25' },
  },
  'DELETE /api/debts/:id': {
    says: 'Nothing was owed; the amount before counts again.',
    params: { id: '{debt}' },
    once: true,
  },
  'GET /api/portfolios/:id/plans': { says: 'Ten pounds each week.', params: { id: '{portfolio}' } },
  'POST /api/portfolios/:id/plans': {
    says: 'From now on 200 pounds on the first of each month, all of it into one fund.',
    params: { id: '{portfolio}' },
    body: {
      name: 'Monthly',
      amount: '200',
      every: 'month',
      day: 1,
      startsOn: '2024-03-01',
      parts: [{ holdingId: '{holding}', percent: 100 }],
    },
  },
  'GET /api/plans/:id': { says: 'One plan.', params: { id: '{plan}' } },
  'PATCH /api/plans/:id': {
    says: 'It pauses: what falls into that time is not made up for.',
    params: { id: '{plan}' },
    body: { paused: true },
  },
  'DELETE /api/plans/:id': {
    says: 'The plan goes; the trades that it recorded stay.',
    params: { id: '{plan}' },
    once: 'alone',
  },
  'GET /api/portfolios/:id/proposals': {
    says: 'What the plan proposes, waiting to be confirmed.',
    params: { id: '{portfolio}' },
  },
  'POST /api/proposals/:id/confirm': {
    says: 'The broker bought a day later, at another price.',
    params: { id: '{proposal}' },
    body: { date: '2024-02-27', lines: [{ holdingId: '{holding}', price: '10.05', qty: '0.995' }] },
    once: true,
  },
  'POST /api/proposals/:id/skip': {
    says: 'Nothing was bought this time.',
    params: { id: '{proposal}' },
    once: true,
  },
  'POST /api/proposals/:id/reopen': {
    says: 'It was bought after all: the proposal waits again.',
    params: { id: '{skipped}' },
    once: true,
  },
};

const DAYS = { from: '2024-02-22', to: '2024-02-29' };

export const valuationExamples: Examples<keyof typeof valuationRoutes> = {
  'GET /api/portfolios/:id/performance': {
    says: 'One holding over a week, against a fund.',
    params: { id: '{portfolio}' },
    query: { ...DAYS, scope: 'holding:{holding}', benchmark: 'instrument:{instrument}' },
  },
  'GET /api/portfolios/:id/performance/days/:date': {
    says: 'What was held that evening, at which prices, and what had come in that day.',
    params: { id: '{portfolio}', date: '2024-02-23' },
    query: { scope: 'holding:{holding}' },
  },
  'GET /api/performance': {
    says: 'All portfolios over a week, in pounds, against a fund.',
    query: { ...DAYS, currency: 'GBP', benchmark: 'instrument:{instrument}' },
  },
  'GET /api/portfolios/:id/income': {
    says: 'Dividends and interest, received and expected.',
    params: { id: '{portfolio}' },
  },
  'GET /api/income': {
    says: 'The same of all portfolios, in pounds.',
    query: { currency: 'GBP' },
  },
  'GET /api/portfolios/:id/income/payments': {
    says: 'A dividend was due and waits to be confirmed.',
    params: { id: '{portfolio}' },
  },
  'GET /api/income/payments': { says: 'The payments of all portfolios.', query: { limit: 2 } },
  'POST /api/holdings/:id/dividends/:date/confirm': {
    says: 'It came, a little less than was expected.',
    params: { id: '{holding}', date: DIVIDEND_ON },
    body: { amount: '0.04' },
    once: true,
  },
  'POST /api/holdings/:id/dividends/:date/dismiss': {
    says: 'It was somebody else’s dividend.',
    params: { id: '{holding}', date: DIVIDEND_ON },
    body: {},
    once: true,
  },
  'POST /api/holdings/:id/dividends/:date/reopen': {
    says: 'It waits again.',
    params: { id: '{holding}', date: DIVIDEND_ON },
    body: {},
    once: true,
  },
  'GET /api/summary': { says: 'What everything is worth in pounds.', query: { currency: 'GBP' } },
  'GET /api/portfolios/:id/summary': {
    says: 'What the portfolio is worth, which prices say so and what is missing.',
    params: { id: '{portfolio}' },
  },
  'GET /api/holdings/:id/gain': {
    says: 'What a holding has gained, split into price, currency and income.',
    params: { id: '{holding}' },
  },
  'GET /api/portfolios/:id/gains': {
    says: 'What each holding has gained, by the method first in, first out.',
    params: { id: '{portfolio}' },
    query: { method: 'fifo', limit: 2 },
  },
  'GET /api/portfolios/:id/gain': {
    says: 'What the portfolio has gained, with what was sold.',
    params: { id: '{portfolio}' },
  },
};

export const allocationExamples: Examples<keyof typeof allocationRoutes> = {
  'GET /api/portfolios/:id/allocation': {
    says: 'How far the portfolio is from its targets, and where 50 pounds would bring it nearer, by buying alone.',
    params: { id: '{portfolio}' },
    query: { cash: '50', mode: 'buyOnly' },
  },
};

const INTO = { portfolioId: '{portfolio}', account: 'ISA', fileName: 'statement.csv' };

export const importExamples: Examples<keyof typeof importRoutes> = {
  'GET /api/imports/:id': { says: 'A large file waits for its turn.', params: { id: '{importRun}' } },
  'POST /api/imports/statements/preview': {
    says: 'What a broker’s file would record. Nothing is stored.',
    query: INTO,
    body: STATEMENT,
  },
  'POST /api/imports/statements': {
    says: 'The same file is recorded; a row that is known from before is not doubled.',
    query: INTO,
    body: STATEMENT,
  },
  'GET /api/imports/statements': {
    says: 'The statements that were recorded.',
    query: { portfolioId: '{portfolio}' },
  },
  'POST /api/imports/statements/:id/undo': {
    says: 'It was another account’s statement.',
    params: { id: '{statement}' },
    once: true,
  },
  'POST /api/imports/local-storage': {
    says: 'What an older version kept in the browser; first only said, not made.',
    by: 'newcomer',
    query: { preview: true },
    body: LOCAL_STORAGE,
  },
  'PUT /api/imports/statement-mappings': {
    says: 'Files with these headers are read like that from now on.',
    body: {
      signature: 'q1kHwS2iVvJj1oYt8v2b0mQ7Jc0s4uX3nF5d6e7f8g9',
      mapping: {
        preset: 'general',
        columns: { date: 'Date', type: 'Type', qty: 'Units', price: 'Price' },
        dayOrder: 'dmy',
        decimalSign: 'point',
        currency: 'GBP',
      },
    },
  },
};
