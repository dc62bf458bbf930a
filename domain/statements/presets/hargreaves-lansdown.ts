import type { StatementPreset } from '../kinds.ts';
import { cashBySign } from './words.ts';

/**
 * Hargreaves Lansdown, transaction history: securities by name only, prices in pence, the kind of a row in its reference
 * (B and S with a number are contract notes), no column for charges.
 */
export const hargreavesLansdown: StatementPreset = {
  id: 'hargreaves-lansdown',
  title: 'Hargreaves Lansdown',
  known: 'documented',
  headers: [['trade date', 'reference', 'description', 'unit cost p', 'quantity', 'value £']],
  conventions: { dayOrder: 'dmy', decimalSign: 'point', currency: 'GBP' },
  tradesOnly: false,
  read: (cells) => {
    const reference = cells('reference');
    const shared = {
      date: cells('trade date'),
      total: cells('value £'),
      totalCurrency: 'GBP',
      reference,
      notes: cells('description'),
    };
    const kind = /^([BS])\d+$/i.exec(reference)?.[1]?.toUpperCase();
    if (kind !== undefined) {
      return {
        ...shared,
        type: kind === 'B' ? 'buy' : 'sell',
        name: nameOf(cells('description')),
        qty: cells('quantity'),
        price: cells('unit cost p'),
        priceUnit: 'GBX',
        feesFollow: true,
      };
    }
    if (/^interest$/i.test(reference)) return { ...shared, type: 'interest' };
    if (/^(?:manage fee|fee)$/i.test(reference)) return { ...shared, type: 'fee' };
    if (/\b(?:dividend|distribution)\b/i.test(`${reference} ${cells('description')}`)) {
      return { ...shared, type: 'dividend', name: nameOf(cells('description')) };
    }
    return { ...shared, type: cashBySign(cells('value £')) };
  },
};

/** The security without the price that newer files append: "Alder plc Ord 5p 10 @ 603.27". */
const nameOf = (description: string): string =>
  description.replace(/\s+[\d,.]+\s*@\s*[\d,.]+\s*$/, '').trim();
