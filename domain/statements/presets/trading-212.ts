import type { StatementPreset } from '../kinds.ts';

const BUY = /^(?:market|limit|stop|stop limit) buy$/i;
const SELL = /^(?:market|limit|stop|stop limit) sell$/i;

/**
 * Trading 212, history export: ISIN, price in the share's currency (GBX for pence), exchange rate as units of that
 * currency for one of the account's, charges and total in the account's currency. Older files name the account's
 * currency in the header: "Total (GBP)".
 */
export const trading212: StatementPreset = {
  id: 'trading-212',
  title: 'Trading 212',
  known: 'documented',
  headers: [
    [
      'action',
      'time',
      'isin',
      'ticker',
      'no of shares',
      'price share',
      'currency price share',
      'exchange rate',
    ],
  ],
  conventions: { dayOrder: 'ymd', decimalSign: 'point', currency: 'GBP' },
  tradesOnly: false,
  read: (cells) => {
    const action = cells('action');
    const [modern, old] = [cells('total'), cells('total gbp')];
    const totalCurrency = modern === '' ? 'GBP' : cells('currency total');
    const shared = {
      date: cells('time'),
      total: modern === '' ? old : modern,
      totalCurrency,
      reference: cells('id'),
      notes: cells('notes'),
    };
    const security = { isin: cells('isin'), ticker: cells('ticker'), name: cells('name') };
    if (BUY.test(action) || SELL.test(action)) {
      return {
        ...shared,
        ...security,
        type: BUY.test(action) ? 'buy' : 'sell',
        qty: cells('no of shares'),
        price: cells('price share'),
        priceUnit: cells('currency price share'),
        fees: [
          'transaction fee',
          'transaction fee gbp',
          'finra fee',
          'finra fee gbp',
          'currency conversion fee',
          'currency conversion fee gbp',
        ].map(cells),
        taxes: [
          'stamp duty gbp',
          'stamp duty',
          'stamp duty reserve tax',
          'stamp duty reserve tax gbp',
          'french transaction tax',
          'ptm levy',
          'ptm levy gbp',
        ].map(cells),
        chargesIn: totalCurrency,
        rate: cells('exchange rate'),
        rateIs: 'unit-per-cash',
      };
    }
    if (/^dividend/i.test(action)) {
      return {
        ...shared,
        ...security,
        type: 'dividend',
        taxes: [cells('withholding tax')],
        chargesIn:
          cells('currency withholding tax') === '' ? totalCurrency : cells('currency withholding tax'),
        rate: cells('exchange rate'),
        rateIs: 'unit-per-cash',
      };
    }
    if (/interest/i.test(action)) return { ...shared, type: 'interest' };
    if (/^(?:deposit|card credit|spending cashback)$/i.test(action)) return { ...shared, type: 'deposit' };
    if (/^(?:withdrawal|card debit)$/i.test(action)) return { ...shared, type: 'withdrawal' };
    if (/^currency conversion$/i.test(action)) {
      return { leftOut: 'a change of money from one currency into another' };
    }
    return {
      problem: {
        field: 'action',
        message: `“${action.slice(0, 60)}” is no action that is known here. Leave the row out and record it by hand.`,
      },
    };
  },
};
