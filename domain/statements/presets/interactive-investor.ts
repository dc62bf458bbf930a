import { isBlank } from '../cells.ts';
import type { StatementPreset } from '../kinds.ts';
import { typeOf } from './words.ts';

/**
 * interactive investor, transaction history: symbol and SEDOL, money in two columns (debit, credit), the kind of a row
 * only in its description; no column for charges.
 */
export const interactiveInvestor: StatementPreset = {
  id: 'interactive-investor',
  title: 'interactive investor',
  known: 'documented',
  headers: [
    [
      'date',
      'settlement date',
      'symbol',
      'sedol',
      'quantity',
      'price',
      'description',
      'reference',
      'debit',
      'credit',
    ],
  ],
  conventions: { dayOrder: 'dmy', decimalSign: 'point', currency: 'GBP' },
  tradesOnly: false,
  read: (cells) => {
    const isDebit = !isBlank(cells('debit')) && /[1-9]/.test(cells('debit'));
    const description = cells('description');
    const shared = {
      date: cells('date'),
      total: isDebit ? cells('debit') : cells('credit'),
      reference: isBlank(cells('reference')) ? '' : cells('reference'),
      notes: description,
    };
    const security = { sedol: cells('sedol'), ticker: cells('symbol'), name: description };
    const isOfSecurity = !isBlank(cells('symbol')) || !isBlank(cells('sedol'));
    const word = typeOf(description);
    if (isOfSecurity && !isBlank(cells('quantity')) && word !== 'dividend') {
      const type = isDebit ? 'buy' : 'sell';
      return {
        ...shared,
        ...security,
        type,
        qty: cells('quantity'),
        price: cells('price'),
        feesFollow: true,
      };
    }
    if (word === 'dividend' || (isOfSecurity && !isDebit)) {
      // Without symbol or SEDOL the description is all that names the security.
      const name = description.replace(/^div(?:idend)?\b[:\s]*/i, '').trim();
      return { ...shared, ...security, name: name === '' ? description : name, type: 'dividend' };
    }
    if (word === 'interest' && !isDebit) return { ...shared, type: 'interest' };
    if (isDebit && (word === 'fee' || word === 'interest' || word === 'tax')) {
      return { ...shared, type: word === 'tax' ? 'tax' : 'fee' };
    }
    return { ...shared, type: isDebit ? 'withdrawal' : 'deposit' };
  },
};
