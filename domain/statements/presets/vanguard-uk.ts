import type { StatementPreset } from '../kinds.ts';
import { cashBySign, typeOf } from './words.ts';

const TRADE = /^(bought|sold)\s+([\d,]*\.?\d+)\s+(.+?)(?:\s*\(([^()]+)\))?$/i;
const DIVIDEND = /^div:\s*([^\s.]+)\S*\s*@/i;

/**
 * Vanguard UK, cash transactions: everything is in the sentence of the second column, "Bought 10 Alder World (ALDW)". The
 * price follows from the amount.
 */
export const vanguardUk: StatementPreset = {
  id: 'vanguard-uk',
  title: 'Vanguard UK, cash transactions',
  known: 'documented',
  headers: [['date', 'details', 'amount', 'balance']],
  conventions: { dayOrder: 'dmy', decimalSign: 'point', currency: 'GBP' },
  tradesOnly: false,
  read: (cells) => {
    const details = cells('details');
    const shared = { date: cells('date'), total: cells('amount'), totalCurrency: 'GBP', notes: details };
    if (/^reversal of /i.test(details)) {
      return {
        problem: { field: 'details', message: 'A reversal takes an earlier row back. Leave both rows out.' },
      };
    }
    const trade = TRADE.exec(details);
    if (trade) {
      const [, word = '', qty = '', name = '', ticker = ''] = trade;
      return { ...shared, type: word.toLowerCase() === 'bought' ? 'buy' : 'sell', qty, name, ticker };
    }
    const dividend = DIVIDEND.exec(details);
    if (dividend) return { ...shared, type: 'dividend', ticker: dividend[1], name: dividend[1] };
    const word = typeOf(details);
    if (word === 'interest') return { ...shared, type: 'interest' };
    if (word === 'fee') {
      return { ...shared, type: cashBySign(cells('amount')) === 'withdrawal' ? 'fee' : 'deposit' };
    }
    return { ...shared, type: cashBySign(cells('amount')) };
  },
};

/** Vanguard UK, investment transactions: quantity (negative when sold), price and cost. */
export const vanguardUkTrades: StatementPreset = {
  id: 'vanguard-uk-investments',
  title: 'Vanguard UK, investment transactions',
  known: 'documented',
  headers: [['date', 'investmentname', 'transactiondetails', 'quantity', 'price', 'cost']],
  conventions: { dayOrder: 'dmy', decimalSign: 'point', currency: 'GBP' },
  tradesOnly: true,
  read: (cells) => {
    const investment = cells('investmentname');
    const [, name = investment, ticker = ''] = /^(.+?)(?:\s*\(([^()]+)\))?$/.exec(investment) ?? [];
    if (/^namechange/i.test(cells('transactiondetails'))) return { leftOut: 'a change of name' };
    return {
      type: /^\s*[-−(]/.test(cells('quantity')) ? 'sell' : 'buy',
      date: cells('date'),
      name,
      ticker,
      qty: cells('quantity'),
      price: cells('price'),
      total: cells('cost'),
      totalCurrency: 'GBP',
      notes: cells('transactiondetails'),
    };
  },
};
