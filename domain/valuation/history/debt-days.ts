/**
 * A holding's days less what is owed against it.
 *
 * Source of the rules: docs/calculations.md, "Debts".
 */
import { roundAmount, ZERO, type Decimal } from '@pm/domain/money';

import type { DayMarket, HoldingHistory, LedgerDay } from './holding-days.ts';

/** What is owed from a day on, by number; until the next one. */
export type DayDebt = { readonly day: number; readonly amount: Decimal; readonly currency: string };

/** What is owed in an evening; `value` is null where the rate is not known. */
type Evening = {
  readonly amount: Decimal;
  readonly currency: string | null;
  readonly value: Decimal | null;
};

const NOTHING: Evening = { amount: ZERO, currency: null, value: ZERO };

const eveningOf = (debt: DayDebt | undefined, market: DayMarket, day: number): Evening => {
  if (debt === undefined || debt.amount.isZero()) return NOTHING;
  const rate = market.rate(debt.currency, day);
  const { amount, currency } = debt;
  return { amount, currency, value: rate === null ? null : roundAmount(amount.times(rate)) };
};

/** One day, from the same day without the debt, and from the evening before. */
const netDay = (
  day: LedgerDay,
  before: { readonly net: Decimal | null; readonly owed: Evening },
  owed: Evening,
  rate: Decimal | null,
): LedgerDay => {
  const net = day.value === null || owed.value === null ? null : day.value.minus(owed.value);
  const none = { ...day, value: net, income: ZERO, currency: ZERO };
  if (net === null || owed.value === null) {
    return { ...none, flow: before.net === null ? ZERO : ZERO.minus(before.net) };
  }
  if (before.net === null || before.owed.value === null) return { ...none, flow: net };
  // What the rate did to what was owed already; the rest of the change was borrowed or repaid.
  const revalued =
    rate === null ? ZERO : roundAmount(before.owed.amount.times(rate)).minus(before.owed.value);
  const moved = owed.value.minus(before.owed.value).minus(revalued);
  return { ...day, value: net, flow: day.flow.minus(moved), currency: day.currency.minus(revalued) };
};

/**
 * The days of a holding less what is owed against it while something is held. What is borrowed goes out of the holding,
 * what is repaid comes into it: neither is a gain. Without a rate for the debt there is no value, as without a price.
 * @param debts by day, rising
 */
export const lessDebts = (
  history: HoldingHistory,
  debts: readonly DayDebt[],
  market: DayMarket,
  { from, isHeldBefore }: { readonly from: number; readonly isHeldBefore: boolean },
): HoldingHistory => {
  const firstLater = debts.findIndex(({ day }) => day >= from);
  let next = firstLater === -1 ? debts.length : firstLater;
  let debt = debts[next - 1];
  let owed = isHeldBefore ? eveningOf(debt, market, from - 1) : NOTHING;
  const { valueBefore: assets } = history;
  const valueBefore = assets === null || owed.value === null ? null : assets.minus(owed.value);
  let net = valueBefore;
  const days = history.days.map((day, at) => {
    for (let one = debts[next]; one !== undefined && one.day <= from + at; one = debts[next]) {
      debt = one;
      next += 1;
    }
    const now = day.position.qty.isZero() ? NOTHING : eveningOf(debt, market, from + at);
    const rate = owed.currency === null ? null : market.rate(owed.currency, from + at);
    const made = netDay(day, { net, owed }, now, rate);
    owed = now;
    net = made.value;
    return made;
  });
  return { valueBefore, days };
};
