import type { StatementPreset } from '../kinds.ts';
import { typeOf } from './words.ts';

/** InvestEngine, trading statement: trades only, name and ISIN in one cell, days with two digits of the year. */
export const investEngine: StatementPreset = {
  id: 'investengine',
  title: 'InvestEngine',
  known: 'documented',
  headers: [
    ['security isin', 'transaction type', 'quantity', 'share price', 'total trade value', 'trade date time'],
  ],
  conventions: { dayOrder: 'dmy', decimalSign: 'point', currency: 'GBP' },
  tradesOnly: true,
  read: (cells) => {
    const security = cells('security isin');
    const [, name = security, isin = ''] =
      /^(.*?)\s*\/\s*ISIN\s+([A-Z]{2}[A-Z0-9]{9}\d)\s*$/i.exec(security) ?? [];
    const word = cells('transaction type');
    const type = typeOf(word);
    if (type !== 'buy' && type !== 'sell') {
      return {
        problem: {
          field: 'transaction type',
          message: `“${word.slice(0, 60)}” is neither Buy nor Sell. Leave the row out and record it by hand.`,
        },
      };
    }
    return {
      type,
      date: cells('trade date time'),
      isin,
      name,
      qty: cells('quantity'),
      price: cells('share price'),
      total: cells('total trade value'),
    };
  },
};
