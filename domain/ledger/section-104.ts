/**
 * Share identification for UK capital gains tax since 6 April 2008: a disposal is identified with acquisitions of the same
 * day, then with those of the following 30 days in their order, then with the section 104 holding, which is one pool. All
 * purchases of one day are one, and so are all sales. Sources: TCGA 1992 ss. 104, 105, 106A; HMRC helpsheet HS284.
 *
 * Transfers between the holdings given are neither; one that leaves them takes its share of the pool and realises nothing,
 * one that comes from outside brings its cost into the pool of its day. Short sales are refused as oversold.
 * Contents: section104
 */
import { daysBetween } from '@pm/domain/calendar';
import { ONE, roundAmount, ZERO, type Decimal } from '@pm/domain/money';

import type { Disposal, DisposalMethod, Match, MatchRule } from './disposal.ts';
import { PORTFOLIO_TERMS, type Oversold, type Terms } from './projection.ts';
import { inReplayOrder, moneyAt, type LedgerTrade } from './trade.ts';

/** Days after a disposal whose acquisitions it is identified with first. */
const BED_AND_BREAKFAST_DAYS = 30;

const ACQUIRING: ReadonlySet<string> = new Set(['buy', 'opening', 'deposit', 'transfer_in']);
const DISPOSING: ReadonlySet<string> = new Set(['sell', 'withdrawal']);

/** What happened on one day; quantities are counted so that they compare across splits. */
type Day = {
  readonly date: Temporal.PlainDate;
  /** What one unit of that day counts. */
  readonly unit: Decimal;
  readonly sales: LedgerTrade[];
  bought: { qty: Decimal; cost: Decimal };
  sold: Decimal;
  proceeds: Decimal;
  /** Carried out of the holdings given without being sold. */
  taken: Decimal;
  readonly matches: Match[];
  unmatched: Decimal;
};

const bothEnds = (trades: readonly LedgerTrade[]): ReadonlySet<string> => {
  const events = (type: string): Set<string> =>
    new Set(trades.flatMap((one) => (one.type === type && one.eventId !== null ? [one.eventId] : [])));
  return events('transfer_out').intersection(events('transfer_in'));
};

/** The splits of an instrument, one a day: each is recorded in every holding of it. */
const splitsOf = (ordered: readonly LedgerTrade[]): ReadonlyMap<string, NonNullable<LedgerTrade['split']>> =>
  new Map(ordered.flatMap((one) => (one.split === null ? [] : [[one.date.toString(), one.split] as const])));

/**
 * For each trade, what one of its units counts, so that units compare across splits: all numerators to come times all
 * denominators gone, which is exact where a fraction would not be. Also what a unit of the last day counts.
 */
const unitsOf = (ordered: readonly LedgerTrade[]) => {
  const splits = new Map(splitsOf(ordered));
  let [ahead, behind] = [[...splits.values()].reduce((all, one) => all.times(one.numerator), ONE), ONE];
  const units = new Map<string, Decimal>();
  for (const trade of ordered) {
    const split = trade.split === null ? undefined : splits.get(trade.date.toString());
    if (split !== undefined) {
      splits.delete(trade.date.toString());
      [ahead, behind] = [ahead.div(split.numerator), behind.times(split.denominator)];
    }
    units.set(trade.id, ahead.times(behind));
  }
  return { units, last: ahead.times(behind) };
};

const emptyDay = (date: Temporal.PlainDate, unit: Decimal): Day => ({
  date,
  unit,
  sales: [],
  bought: { qty: ZERO, cost: ZERO },
  sold: ZERO,
  proceeds: ZERO,
  taken: ZERO,
  matches: [],
  unmatched: ZERO,
});

const daysOf = (
  ordered: readonly LedgerTrade[],
  terms: Terms,
  units: ReadonlyMap<string, Decimal>,
): Day[] => {
  const inside = bothEnds(ordered);
  const days = new Map<string, Day>();
  for (const trade of ordered) {
    if (trade.eventId !== null && inside.has(trade.eventId) && trade.type.startsWith('transfer')) continue;
    const isIn = ACQUIRING.has(trade.type);
    if (!isIn && !DISPOSING.has(trade.type) && trade.type !== 'transfer_out') continue;
    const unit = units.get(trade.id) ?? ONE;
    const day = days.get(trade.date.toString()) ?? emptyDay(trade.date, unit);
    days.set(trade.date.toString(), day);
    const qty = trade.qty.times(unit);
    const { total } = moneyAt(trade, terms.rateOf(trade));
    if (isIn) {
      const cost = trade.type === 'transfer_in' ? terms.arriving(trade) : total;
      day.bought = { qty: day.bought.qty.plus(qty), cost: day.bought.cost.plus(cost) };
    } else if (trade.type === 'transfer_out') {
      day.taken = day.taken.plus(qty);
    } else {
      day.sales.push(trade);
      day.sold = day.sold.plus(qty);
      day.unmatched = day.sold;
      day.proceeds = day.proceeds.plus(total);
    }
  }
  return [...days.values()];
};

/** Takes units from what was bought on a day, with their share of its cost; all of it when none are left. */
const identify = (sale: Day, purchase: Day, rule: MatchRule): void => {
  const { bought } = purchase;
  const qty = sale.unmatched.lessThan(bought.qty) ? sale.unmatched : bought.qty;
  if (qty.isZero()) return;
  const cost = qty.equals(bought.qty) ? bought.cost : roundAmount(bought.cost.times(qty).div(bought.qty));
  purchase.bought = { qty: bought.qty.minus(qty), cost: bought.cost.minus(cost) };
  sale.unmatched = sale.unmatched.minus(qty);
  sale.matches.push({ rule, qty: roundAmount(qty.div(sale.unit)), cost, acquired: purchase.date });
};

const identifyByDay = (days: readonly Day[]): void => {
  for (const day of days) identify(day, day, 'same day');
  for (const [at, sale] of days.entries()) {
    for (const purchase of days.slice(at + 1)) {
      if (sale.unmatched.isZero() || daysBetween(sale.date, purchase.date) > BED_AND_BREAKFAST_DAYS) break;
      identify(sale, purchase, 'within 30 days');
    }
  }
};

type Pool = { qty: Decimal; cost: Decimal };

/** The cost of units out of the pool; null when there are not so many. */
const takeFromPool = (pool: Pool, qty: Decimal): Decimal | null => {
  if (qty.greaterThan(pool.qty)) return null;
  const cost = qty.equals(pool.qty) ? pool.cost : roundAmount(pool.cost.times(qty).div(pool.qty));
  pool.qty = pool.qty.minus(qty);
  pool.cost = pool.cost.minus(cost);
  return cost;
};

const disposalOf = (day: Day): Disposal => {
  const cost = day.matches.reduce((sum, match) => sum.plus(match.cost), ZERO);
  return {
    date: day.date,
    tradeIds: day.sales.map((sale) => sale.id),
    qty: roundAmount(day.sold.div(day.unit)),
    proceeds: day.proceeds,
    cost,
    gain: day.proceeds.minus(cost),
    matches: day.matches,
  };
};

const refusedOn = (trades: readonly LedgerTrade[], day: Day, held: Decimal): Oversold => {
  const trade =
    day.sales.at(-1) ?? trades.find((one) => one.date.equals(day.date) && one.type === 'transfer_out');
  if (trade === undefined) throw new Error('units left the pool without a trade');
  return { oversold: true, trade, held: roundAmount(held.div(day.unit)) };
};

/** Identifies disposals by day, within 30 days and with the pool; `held` is the pool, in the units of the last day. */
export const section104: DisposalMethod = (trades, terms = PORTFOLIO_TERMS) => {
  const ordered = trades.toSorted(inReplayOrder);
  const { units, last } = unitsOf(ordered);
  const days = daysOf(ordered, terms, units);
  identifyByDay(days);
  const pool: Pool = { qty: ZERO, cost: ZERO };
  const disposals: Disposal[] = [];
  for (const day of days) {
    pool.qty = pool.qty.plus(day.bought.qty);
    pool.cost = pool.cost.plus(day.bought.cost);
    const cost = takeFromPool(pool, day.unmatched);
    if (cost === null) return refusedOn(ordered, day, pool.qty);
    if (!day.unmatched.isZero()) {
      const qty = roundAmount(day.unmatched.div(day.unit));
      day.matches.push({ rule: 'section 104', qty, cost, acquired: null });
    }
    if (day.sales.length > 0) disposals.push(disposalOf(day));
    if (takeFromPool(pool, day.taken) === null) return refusedOn(ordered, day, pool.qty);
  }
  return { disposals, held: { qty: roundAmount(pool.qty.div(last)), cost: pool.cost } };
};
