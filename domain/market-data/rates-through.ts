import { ONE, type Currency, type Decimal } from '@pm/domain/money';

import { MAX_CARRY_DAYS, rateOn, type PublishedRate } from './rates.ts';

/**
 * The rate from one currency to another on each day from `from` to `to`, as `rateOn` finds it, in one pass over what
 * was published; null on days without one. Days before `from` count only where they are carried forward.
 */
export const ratesThrough = (
  published: readonly PublishedRate[],
  pair: { readonly from: Currency; readonly to: Currency },
  { from, to }: { readonly from: Temporal.PlainDate; readonly to: Temporal.PlainDate },
): (Decimal | null)[] => {
  const rates: (Decimal | null)[] = [];
  const isSame = pair.from === pair.to;
  const byDay = Map.groupBy(isSame ? [] : published, ({ date }) => date.toString());
  let last: { readonly rate: Decimal; readonly age: number } | null = null;
  for (
    let day = from.subtract({ days: MAX_CARRY_DAYS }), at = -MAX_CARRY_DAYS;
    Temporal.PlainDate.compare(day, to) <= 0;
    day = day.add({ days: 1 }), at += 1
  ) {
    const own = byDay.get(day.toString());
    const found = own === undefined ? null : rateOn(own, pair.from, pair.to, day);
    if (found !== null && !('missing' in found)) last = { rate: found.rate, age: 0 };
    else if (last !== null) last = { rate: last.rate, age: last.age + 1 };
    if (at >= 0) rates.push(isSame ? ONE : last !== null && last.age <= MAX_CARRY_DAYS ? last.rate : null);
  }
  return rates;
};
