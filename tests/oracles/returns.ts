// A portfolio's days, the slow and obvious way: every evening everything is counted from the first trade on.

import { Fraction, ZERO } from './fraction.ts';

/** One act of a person; the cash of it is counted here and not recorded as a leg. Amounts as plain decimal text. */
export interface Act {
  day: number;
  what: 'buy' | 'sell' | 'dividend' | 'deposit' | 'withdrawal' | 'split' | 'fee';
  /** Of the instruments, by place; none for cash. */
  instrument: number;
  qty: string;
  /** In the instrument's currency. */
  price: string;
  fees: string;
  /** Out of the cash, or into it; else from and to elsewhere. */
  settles: boolean;
}

/** What is known of the market: closes by instrument and day (gaps are undefined), pounds for one unit of the currency. */
export interface Market {
  foreign: readonly boolean[];
  close: ReadonlyArray<ReadonlyArray<string | undefined>>;
  pounds: readonly string[];
}

export interface OracleDay {
  value: Fraction;
  flow: Fraction;
  /** By instrument, cash last. */
  values: readonly Fraction[];
  flows: readonly Fraction[];
  income: readonly Fraction[];
}

const times = (...factors: string[]): Fraction =>
  factors.reduce((product, factor) => product.times(Fraction.of(factor)), Fraction.of('1'));

/** The units of an instrument, or the cash, after all acts up to a day. */
function unitsOn(acts: readonly Act[], market: Market, day: number, instrument: number | 'cash'): Fraction {
  let units = ZERO;
  for (const act of acts) {
    if (act.day > day) continue;
    if (instrument === 'cash') {
      units = units.plus(cashOf(act, market));
    } else if (act.instrument === instrument) {
      if (act.what === 'buy') units = units.plus(Fraction.of(act.qty));
      if (act.what === 'sell') units = units.minus(Fraction.of(act.qty));
      if (act.what === 'split') units = units.times(Fraction.of(act.qty));
    }
  }
  return units;
}

/** What an act is worth in pounds: what it costs (above zero) or brings. */
function poundsOf(act: Act, market: Market): Fraction {
  const rate = market.foreign[act.instrument] === true ? (market.pounds[act.day] ?? '0') : '1';
  const fees = times(act.fees, rate);
  if (act.what === 'buy') return times(act.qty, act.price, rate).plus(fees);
  if (act.what === 'sell') return ZERO.minus(times(act.qty, act.price, rate)).plus(fees);
  if (act.what === 'dividend') return ZERO.minus(times(act.qty, rate)).plus(fees);
  if (act.what === 'fee') return times(act.qty, rate);
  return ZERO;
}

function cashOf(act: Act, market: Market): Fraction {
  if (act.what === 'deposit') return Fraction.of(act.qty);
  if (act.what === 'withdrawal') return ZERO.minus(Fraction.of(act.qty));
  return act.settles ? ZERO.minus(poundsOf(act, market)) : ZERO;
}

/** The last close up to a day, put right for splits since. */
function closeOn(
  acts: readonly Act[],
  market: Market,
  day: number,
  instrument: number,
): Fraction | undefined {
  for (let at = day; at >= 0; at -= 1) {
    const close = market.close[instrument]?.[at];
    if (close === undefined) continue;
    let price = Fraction.of(close);
    for (const act of acts) {
      if (act.what === 'split' && act.instrument === instrument && act.day > at && act.day <= day) {
        price = price.over(Fraction.of(act.qty));
      }
    }
    return price;
  }
  return undefined;
}

/** Every day from 0 to `last`. All instruments have a close by the day of their first act. */
export function daysOf(acts: readonly Act[], market: Market, last: number): OracleDay[] {
  const count = market.close.length;
  const days: OracleDay[] = [];
  for (let day = 0; day <= last; day += 1) {
    const today = acts.filter((act) => act.day === day);
    const values: Fraction[] = [];
    const flows: Fraction[] = [];
    const income: Fraction[] = [];
    for (let instrument = 0; instrument < count; instrument += 1) {
      const units = unitsOn(acts, market, day, instrument);
      const close = closeOn(acts, market, day, instrument);
      const rate = market.foreign[instrument] === true ? (market.pounds[day] ?? '0') : '1';
      values.push(units.isZero() || close === undefined ? ZERO : units.times(close).times(Fraction.of(rate)));
      const own = today.filter((act) => act.instrument === instrument && act.what !== 'split');
      flows.push(own.reduce((sum, act) => sum.plus(poundsOf(act, market)), ZERO));
      income.push(
        own
          .filter((act) => act.what === 'dividend' || act.what === 'fee')
          .reduce((sum, act) => sum.minus(poundsOf(act, market)), ZERO),
      );
    }
    values.push(unitsOn(acts, market, day, 'cash'));
    flows.push(today.reduce((sum, act) => sum.plus(cashOf(act, market)), ZERO));
    income.push(ZERO);
    const add = (all: readonly Fraction[]): Fraction => all.reduce((sum, one) => sum.plus(one), ZERO);
    days.push({ value: add(values), flow: add(flows), values, flows, income });
  }
  return days;
}

/**
 * What each instrument added to the growth of the whole after day `from`: its gain of a day over what the whole had at
 * work, what came in from outside included, times what a pound had become by the evening before.
 */
export function addedBy(days: readonly OracleDay[], from: number, to: number): Fraction[] {
  const added = (days[0]?.values ?? []).map(() => ZERO);
  let index = Fraction.of('1');
  for (let at = from + 1; at <= to; at += 1) {
    const [before, now] = [days[at - 1], days[at]];
    if (before === undefined || now === undefined) continue;
    const comesIn = now.flow.compare(ZERO) > 0;
    const atWork = comesIn ? before.value.plus(now.flow) : before.value;
    if (atWork.isZero()) continue;
    for (const [which, value] of now.values.entries()) {
      const gain = value.minus(before.values[which] ?? ZERO).minus(now.flows[which] ?? ZERO);
      added[which] = (added[which] ?? ZERO).plus(gain.over(atWork).times(index));
    }
    const evening = comesIn ? now.value : now.value.minus(now.flow);
    index = index.times(evening.over(atWork));
  }
  return added;
}
