/** Trades for tests of the ledger's arithmetic, in the order in which they are made. */
import type { LedgerTrade } from '../../../domain/ledger/index.ts';
import { dec, ONE, ZERO } from '../../../domain/money/index.ts';

let made = 0;

export type TradeExtras = {
  readonly fees?: string;
  readonly taxes?: string;
  readonly fxRate?: string;
  readonly amount?: string;
  readonly split?: readonly [numerator: string, denominator: string];
  readonly carriedCost?: string;
} & Partial<Pick<LedgerTrade, 'holdingId' | 'eventId' | 'leg' | 'overdraw' | 'currency'>>;

/** A trade of holding `h` in pounds, unless `extras` say otherwise. */
export const makeTrade = (
  type: LedgerTrade['type'],
  date: string,
  qty: string,
  price: string,
  extras: TradeExtras = {},
): LedgerTrade => {
  made += 1;
  const { fees = '0', taxes = '0', fxRate = '1', amount, split, carriedCost, ...plain } = extras;
  return {
    id: `t${made}`,
    holdingId: 'h',
    type,
    date: Temporal.PlainDate.from(date),
    seq: made,
    qty: qty === '' ? ZERO : dec(qty),
    price: price === '' ? ZERO : dec(price),
    amount: amount === undefined ? null : dec(amount),
    fees: dec(fees),
    taxes: dec(taxes),
    currency: 'GBP',
    fxRate: fxRate === '1' ? ONE : dec(fxRate),
    split: split === undefined ? null : { numerator: dec(split[0]), denominator: dec(split[1]) },
    carriedCost: carriedCost === undefined ? null : dec(carriedCost),
    eventId: null,
    leg: 'primary',
    overdraw: false,
    ...plain,
  };
};
