import type { StatementPreset } from '../kinds.ts';

/**
 * Freetrade, activity export: ISIN, prices in the share's currency and in the account's, stamp duty and FX fee in the
 * account's. The total's column was renamed once.
 */
export const freetrade: StatementPreset = {
  id: 'freetrade',
  title: 'Freetrade',
  known: 'documented',
  headers: [
    [
      'title',
      'type',
      'timestamp',
      'account currency',
      'buy sell',
      'ticker',
      'isin',
      'quantity',
      'stamp duty',
      'fx fee amount',
    ],
  ],
  conventions: { dayOrder: 'ymd', decimalSign: 'point', currency: 'GBP' },
  tradesOnly: false,
  read: (cells) => {
    const type = cells('type').toUpperCase();
    const accountCurrency = cells('account currency');
    const shared = {
      date: cells('timestamp'),
      total: cells('total amount') === '' ? cells('total amount in account currency') : cells('total amount'),
      totalCurrency: accountCurrency,
      reference: cells('order id'),
      notes: cells('title'),
    };
    const security = { isin: cells('isin'), ticker: cells('ticker'), name: cells('title') };
    const side = cells('buy sell').toUpperCase();
    if (type === 'ORDER' && (side === 'BUY' || side === 'SELL')) {
      return {
        ...shared,
        ...security,
        type: side === 'BUY' ? 'buy' : 'sell',
        qty: cells('quantity'),
        ...priceOf(cells, accountCurrency),
        fees: [cells('fx fee amount')],
        taxes: [cells('stamp duty')],
        chargesIn: accountCurrency,
      };
    }
    if (type === 'DIVIDEND') {
      return {
        ...shared,
        ...security,
        type: 'dividend',
        taxes: [cells('dividend withheld tax amount')],
        chargesIn: cells('instrument currency') === '' ? accountCurrency : cells('instrument currency'),
        rate: cells('base fx rate'),
        rateIs: 'cash-per-unit',
      };
    }
    if (type === 'INTEREST_FROM_CASH') return { ...shared, type: 'interest' };
    if (type === 'TOP_UP') return { ...shared, type: 'deposit' };
    if (type === 'WITHDRAWAL') return { ...shared, type: 'withdrawal' };
    if (/STATEMENT|CERTIFICATE/.test(type)) return { leftOut: 'a document' };
    return {
      problem: {
        field: 'type',
        message: `“${cells('type').slice(0, 60)}” is no type that is known here. Leave the row out and record it by hand.`,
      },
    };
  },
};

/** The price in the share's own currency where that is another one than the account's, so that currency is told apart. */
const priceOf = (cells: (header: string) => string, accountCurrency: string) => {
  const own = cells('instrument currency');
  const isForeign = own !== '' && own !== accountCurrency && !/^gb[px]$/i.test(own);
  return isForeign && cells('price per share') !== ''
    ? { price: cells('price per share'), priceUnit: own }
    : { price: cells('price per share in account currency'), priceUnit: accountCurrency };
};
