// A household's holdings from its trades, the slow and obvious way: every answer replays everything from nothing, in
// exact fractions, rounded to 18 places (ties to even) only where the product says that it rounds.

import { Fraction as F, ONE, ZERO } from './fraction.ts';

/** One leg of an event, all figures as plain decimal text in the trade's currency. */
export interface Leg {
  seq: number;
  event: number;
  holding: string;
  type: string;
  date: string;
  qty?: string;
  price?: string;
  amount?: string;
  fees?: string;
  taxes?: string;
  /** Units of the portfolio's currency for one of the trade's; of a transfer that arrives, for one of the sender's. */
  rate?: string;
  splitTo?: number;
  splitFrom?: number;
  overdraw?: boolean;
  /** A transfer in that comes from elsewhere: `amount` is the cost that it brings. */
  fromElsewhere?: boolean;
}

/** What a holding holds and has done. */
export interface Held {
  qty: F;
  cost: F;
  purchases: F;
  proceeds: F;
  income: F;
  fees: F;
  taxes: F;
  realised: F;
  incomeGain: F;
}

export type Outcome = { ok: true; holdings: Map<string, Held> } | { ok: false; date: string };

const round = (value: F): F => value.round(18, 'half-even');
const of = (text: string | undefined): F => F.of(text ?? '0');
const size = (value: F): F => (value.isNegative() ? ZERO.minus(value) : value);

export function emptyHeld(): Held {
  return {
    qty: ZERO,
    cost: ZERO,
    purchases: ZERO,
    proceeds: ZERO,
    income: ZERO,
    fees: ZERO,
    taxes: ZERO,
    realised: ZERO,
    incomeGain: ZERO,
  };
}

const BRINGS = new Set(['sell', 'withdrawal', 'dividend', 'interest']);

/** What a leg moves in the portfolio's currency. */
export function money(leg: Leg): { total: F; gross: F; fees: F; taxes: F } {
  const rate = leg.rate === undefined ? ONE : F.of(leg.rate);
  const isCash = leg.type === 'deposit' || leg.type === 'withdrawal';
  const gross = isCash
    ? of(leg.qty)
    : leg.amount === undefined
      ? of(leg.qty).times(of(leg.price))
      : of(leg.amount);
  const charges = of(leg.fees).plus(of(leg.taxes));
  const total = round((BRINGS.has(leg.type) ? gross.minus(charges) : gross.plus(charges)).times(rate));
  const fees = round(of(leg.fees).times(rate));
  const taxes = round(of(leg.taxes).times(rate));
  const both = fees.plus(taxes);
  return { total, fees, taxes, gross: BRINGS.has(leg.type) ? total.plus(both) : total.minus(both) };
}

/** Units in (or out, below zero) for what they cost (or bring, below zero): first against what stands on the other side. */
function put(held: Held, qty: F, cost: F): void {
  const opposed = !held.qty.isZero() && held.qty.isNegative() !== qty.isNegative();
  if (!opposed) {
    held.qty = held.qty.plus(qty);
    held.cost = held.cost.plus(cost);
    return;
  }
  const there = size(held.qty);
  const wanted = size(qty);
  const closing = wanted.compare(there) < 0 ? wanted : there;
  const share = closing.compare(there) === 0 ? held.cost : round(held.cost.times(closing).over(there));
  const part = closing.compare(wanted) === 0 ? cost : round(cost.times(closing).over(wanted));
  held.realised = held.realised.minus(part).minus(share);
  held.qty = held.qty.plus(qty);
  held.cost = held.cost.minus(share).plus(cost.minus(part));
}

function apply(held: Held, leg: Leg, underWay: Map<number, F>): void {
  const qty = of(leg.qty);
  const { total, gross, fees, taxes } = money(leg);
  if (leg.type === 'split') {
    const after = round(held.qty.times(new F(BigInt(leg.splitTo ?? 1), BigInt(leg.splitFrom ?? 1))));
    if (after.isZero() && !held.qty.isZero()) {
      // Nothing is left of what was held: its cost is lost.
      held.realised = held.realised.minus(held.cost);
      held.cost = ZERO;
    }
    held.qty = after;
    return;
  }
  if (leg.type === 'transfer_out') {
    const share = qty.compare(held.qty) === 0 ? held.cost : round(held.cost.times(qty).over(held.qty));
    underWay.set(leg.event, share);
    held.qty = held.qty.minus(qty);
    held.cost = held.cost.minus(share);
    held.proceeds = held.proceeds.plus(share);
    return;
  }
  if (leg.type === 'transfer_in') {
    const brought =
      leg.fromElsewhere === true
        ? total
        : round((underWay.get(leg.event) ?? ZERO).times(F.of(leg.rate ?? '1')));
    held.purchases = held.purchases.plus(brought);
    put(held, qty, brought);
    return;
  }
  held.fees = held.fees.plus(fees);
  held.taxes = held.taxes.plus(taxes);
  switch (leg.type) {
    case 'buy':
    case 'opening':
    case 'deposit':
      held.purchases = held.purchases.plus(gross);
      put(held, qty, total);
      break;
    case 'sell':
    case 'withdrawal':
      held.proceeds = held.proceeds.plus(gross);
      put(held, ZERO.minus(qty), ZERO.minus(total));
      break;
    case 'dividend':
    case 'interest':
      held.income = held.income.plus(gross);
      held.incomeGain = held.incomeGain.plus(total);
      break;
    case 'fee':
      held.fees = held.fees.plus(gross);
      held.incomeGain = held.incomeGain.minus(total);
      break;
    case 'tax':
      held.taxes = held.taxes.plus(gross);
      held.incomeGain = held.incomeGain.minus(total);
      break;
    default:
      throw new Error(`unknown type ${leg.type}`);
  }
}

const TAKES = new Set(['sell', 'withdrawal', 'transfer_out']);

/** Replays all legs of all holdings: by day, splits first, then in order of recording. */
export function replayHousehold(legs: readonly Leg[]): Outcome {
  const holdings = new Map<string, Held>();
  const underWay = new Map<number, F>();
  const rank = (leg: Leg): number => (leg.type === 'split' ? 0 : 1);
  const inOrder = legs.toSorted((a, b) =>
    a.date < b.date ? -1 : a.date > b.date ? 1 : rank(a) - rank(b) || a.seq - b.seq,
  );
  for (const leg of inOrder) {
    const held = holdings.get(leg.holding) ?? emptyHeld();
    holdings.set(leg.holding, held);
    const mayOverdraw = leg.overdraw === true && leg.type !== 'transfer_out';
    if (TAKES.has(leg.type) && !mayOverdraw && held.qty.compare(of(leg.qty)) < 0) {
      return { ok: false, date: leg.date };
    }
    apply(held, leg, underWay);
  }
  return { ok: true, holdings };
}
