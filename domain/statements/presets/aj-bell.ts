import type { StatementPreset } from '../kinds.ts';
import { cashBySign, typeOf } from './words.ts';

/** AJ Bell, cash statement: what moved in cash; purchases and sales are listed without quantity. */
export const ajBellCash: StatementPreset = {
  id: 'aj-bell-cash',
  title: 'AJ Bell, cash statement',
  known: 'documented',
  headers: [['date', 'description', 'receipt gbp', 'payment gbp', 'balance gbp']],
  conventions: { dayOrder: 'dmy', decimalSign: 'point', currency: 'GBP' },
  tradesOnly: false,
  read: (cells) => {
    const description = cells('description');
    if (description.startsWith('*')) return { leftOut: 'a balance' };
    if (/^(?:purchase|sale)\b/i.test(description) || /redemption$/i.test(description)) {
      return { leftOut: 'a purchase or sale, which only the transaction history lists with its quantity' };
    }
    const receipt = cells('receipt gbp');
    const isReceipt = /[1-9]/.test(receipt);
    const total = isReceipt ? receipt : `-${cells('payment gbp').replace(/^-/, '')}`;
    const shared = { date: cells('date'), total, totalCurrency: 'GBP', notes: description };
    if (/^dividend/i.test(description)) {
      const name = description.split(/\s{2,}/)[1] ?? description.replace(/^dividend\s*/i, '');
      return { ...shared, type: 'dividend', name };
    }
    if (/interest/i.test(description)) return { ...shared, type: isReceipt ? 'interest' : 'fee' };
    if (/charge|fee/i.test(description)) return { ...shared, type: isReceipt ? 'deposit' : 'fee' };
    return { ...shared, type: isReceipt ? 'deposit' : 'withdrawal' };
  },
};

/**
 * AJ Bell, transaction history. Its columns are put together from descriptions, not from a published file: a
 * statement that differs is read with columns chosen by hand.
 */
export const ajBell: StatementPreset = {
  id: 'aj-bell',
  title: 'AJ Bell, transactions',
  known: 'inferred',
  headers: [['date', 'transaction', 'description', 'quantity', 'price', 'amount gbp', 'reference']],
  conventions: { dayOrder: 'dmy', decimalSign: 'point', currency: 'GBP' },
  tradesOnly: false,
  read: (cells) => {
    const word = cells('transaction');
    const type = typeOf(word) ?? (word === '' ? cashBySign(cells('amount gbp')) : null);
    if (type === null) {
      return {
        problem: {
          field: 'transaction',
          message: `“${word}” is no kind of transaction that is known here. Leave the row out and record it by hand.`,
        },
      };
    }
    const isOfSecurity = type === 'buy' || type === 'sell' || type === 'dividend' || type === 'split';
    return {
      type,
      date: cells('date'),
      total: cells('amount gbp'),
      totalCurrency: 'GBP',
      ...(isOfSecurity && { name: cells('description') }),
      sedol: cells('sedol'),
      isin: cells('isin'),
      qty: cells('quantity'),
      price: cells('price'),
      reference: cells('reference'),
      notes: cells('description'),
      feesFollow: true,
    };
  },
};
