/**
 * The days of a portfolio, or of some of its holdings, for a period: from what is kept where that still holds, and
 * reckoned now for the rest, so that what is kept is never needed for a right answer.
 *
 * Contents: Series · keptOf · tailOf · readSeries
 */
import { isAfter } from '@pm/domain/calendar';
import { dec, ONE, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import { dayNumber, wholeHistory } from '@pm/domain/valuation/history';
import type { HoldingDay, HoldingHistory, WholeDay } from '@pm/domain/valuation/history';
import { sql } from 'kysely';

import { firstTradeDay } from '#features/ledger';
import type { Tx } from '#platform/database/index.ts';

import { holdingsOf, readHistory } from './history.ts';
import type { History, HistoryHolding, HistoryPortfolio } from './history.ts';
import { closingsOf, growthOn, pastOf } from './snapshots.ts';
import type { Closing } from './snapshots.ts';

/** What one holding did in the period, in the portfolio's currency: end − start − flow = price + currency + income. */
export type PartSums = {
  readonly startValue: Decimal;
  readonly endValue: Decimal;
  readonly flow: Decimal;
  readonly income: Decimal;
  readonly currency: Decimal;
  /** Share in the time-weighted return of the whole; null where the whole has none. */
  readonly contribution: number | null;
};

export type Series = {
  /** One for each day of the period, from the day after `from`. */
  readonly days: readonly WholeDay[];
  readonly startValue: Decimal;
  /** Growth in the evening of `from`. */
  readonly startGrowth: number;
  readonly parts: ReadonlyMap<string, PartSums>;
  readonly holdings: readonly HistoryHolding[];
  /** From here on nothing kept holds: changed since, or not over yet. */
  readonly reckonedFrom: Temporal.PlainDate;
  /** A change of the past that the worker has not worked in yet. */
  readonly changedFrom: Temporal.PlainDate | null;
};

/** The period, and the instant after which no price counts. `from` is the evening from which it counts. */
export type SeriesSpan = {
  readonly from: Temporal.PlainDate;
  readonly to: Temporal.PlainDate;
  readonly until: Temporal.Instant;
};

type Kept = {
  /** The last day of which what is kept holds; null when none does. */
  readonly through: Temporal.PlainDate | null;
  readonly changedFrom: Temporal.PlainDate | null;
};

export const keptOf = async (tx: Tx, portfolioId: string): Promise<Kept> => {
  const { rows } = await sql<{
    first: Temporal.PlainDate | null;
    through: Temporal.PlainDate | null;
    changed: Temporal.PlainDate | null;
  }>`select (select min(date) from pm.portfolio_snapshots where portfolio_id = ${portfolioId}::uuid)::date as first,
      (select max(date) from pm.portfolio_snapshots where portfolio_id = ${portfolioId}::uuid)::date as through,
      (select min(from_day) from pm.history_changes where portfolio_id = ${portfolioId}::uuid)::date as changed`.execute(
    tx,
  );
  const { first, through, changed } = rows[0] ?? { first: null, through: null, changed: null };
  // Months are kept whole: what holds ends with the month before the change.
  const before = changed?.with({ day: 1 }).subtract({ days: 1 }) ?? null;
  const last = before !== null && through !== null && isAfter(through, before) ? before : through;
  return {
    through: last === null || first === null || isAfter(first, last) ? null : last,
    changedFrom: changed,
  };
};

/** The days after those that are kept, up to the end of the period. */
type Tail = { readonly history: History; readonly closings: readonly Closing[] };

export const tailOf = async (
  tx: Tx,
  portfolio: HistoryPortfolio,
  kept: Kept,
  { to, until }: SeriesSpan,
): Promise<Tail | null> => {
  const { through } = kept;
  const first = through === null ? await firstTradeDay(tx, portfolio.id) : through.add({ days: 1 });
  if (first === null || isAfter(first, to)) return null;
  const closings = through === null ? [] : await closingsOf(tx, portfolio, through);
  const growth = through === null ? 1 : await growthOn(tx, portfolio.id, through);
  const history = await readHistory(tx, portfolio, { from: first, to, until }, pastOf(closings, growth));
  return { history, closings };
};

type WholeRow = {
  /** Days since 1970. */
  readonly day: number;
  readonly value: string;
  readonly cost: string;
  readonly flow: string;
  readonly cash: string;
  readonly day_return: string | null;
  readonly growth: string;
  readonly held_count: number;
  readonly missing: string[];
  readonly carried: string[];
};

const wholeRows = async (
  tx: Tx,
  portfolioId: string,
  from: Temporal.PlainDate,
  to: Temporal.PlainDate,
): Promise<WholeRow[]> => {
  const { rows } = await sql<WholeRow>`
    select date - date '1970-01-01' as day, value, cost, net_external_flow as flow, cash, day_return, growth, held_count, missing, carried
    from pm.portfolio_snapshots
    where portfolio_id = ${portfolioId}::uuid and date between ${from}::date and ${to}::date order by date`.execute(
    tx,
  );
  return rows;
};

const wholeDay = (row: WholeRow): WholeDay => ({
  value: dec(row.value),
  cost: dec(row.cost),
  flow: dec(row.flow),
  cash: dec(row.cash),
  dayReturn: row.day_return === null ? null : Number(row.day_return),
  growth: Number(row.growth),
  heldCount: row.held_count,
  missing: row.missing,
  carried: row.carried,
});

const EMPTY_DAY: WholeDay = {
  value: ZERO,
  cost: ZERO,
  flow: ZERO,
  cash: ZERO,
  dayReturn: 0,
  growth: 1,
  heldCount: 0,
  missing: [],
  carried: [],
};

/** Sums of a holding from its first trade to an evening, and its value then. */
type Standing = Omit<PartSums, 'startValue' | 'endValue' | 'contribution'> & {
  readonly value: Decimal;
  readonly contribution: number;
};
type Standings = ReadonlyMap<string, Standing>;

/** The standings in the evening of a day that is kept: the sums after its month less what came after it. */
const keptStandings = async (
  tx: Tx,
  { ownerId, id }: HistoryPortfolio,
  day: Temporal.PlainDate,
): Promise<Standings> => {
  const { rows } = await sql<
    Record<'id' | 'value' | 'flow' | 'income' | 'currency' | 'contribution', string>
  >`
    select h.id, coalesce(case when s.month = ${day.with({ day: 1 })}::date then s.value[${day.day}::integer] end, 0) as value,
      s.flow_after - coalesce((select sum(x) from unnest(s.flow[s.after:]) x), 0) as flow,
      s.income_after - coalesce((select sum(x) from unnest(s.income[s.after:]) x), 0) as income,
      s.currency_after - coalesce((select sum(x) from unnest(s.currency_effect[s.after:]) x), 0) as currency,
      s.contribution_after - coalesce((select sum(x) from unnest(s.contribution[s.after:]) x), 0) as contribution
    from pm.holdings h cross join lateral (
      select m.*, case when m.month = ${day.with({ day: 1 })}::date then ${day.day}::integer + 1 else 32 end as after
      from pm.holding_snapshots m
      where m.user_id = h.user_id and m.portfolio_id = h.portfolio_id and m.holding_id = h.id and m.month <= ${day}::date
      order by m.month desc limit 1) s
    where h.user_id = ${ownerId}::uuid and h.portfolio_id = ${id}::uuid and h.deleted_at is null`.execute(tx);
  return new Map(
    rows.map((row) => [
      row.id,
      {
        value: dec(row.value),
        flow: dec(row.flow),
        income: dec(row.income),
        currency: dec(row.currency),
        contribution: Number(row.contribution),
      },
    ]),
  );
};

/** The standings after the first `count` days of the tail. */
const tailStandings = ({ history, closings }: Tail, count: number): Standings => {
  const past = new Map(closings.map((one) => [one.holding_id, one]));
  const standings = new Map<string, Standing>();
  for (const id of new Set([...past.keys(), ...history.days.keys()])) {
    const before = past.get(id);
    const own = history.days.get(id);
    let [flow, income, currency] = [
      dec(before?.flow ?? '0'),
      dec(before?.income ?? '0'),
      dec(before?.currency ?? '0'),
    ];
    let contribution = Number(before?.contribution ?? '0');
    const added = history.whole.contributions.get(id) ?? [];
    for (const [at, day] of (own?.days ?? []).slice(0, count).entries()) {
      flow = flow.plus(day.flow);
      income = income.plus(day.income);
      currency = currency.plus(day.currency);
      contribution += added[at] ?? 0;
    }
    const value = (count === 0 ? own?.valueBefore : own?.days[count - 1]?.value) ?? ZERO;
    standings.set(id, { value, flow, income, currency, contribution });
  }
  return standings;
};

const NO_STANDING: Standing = { value: ZERO, flow: ZERO, income: ZERO, currency: ZERO, contribution: 0 };

/** What lies between two standings. `worth` is the standing at which the whole's growth ended. */
const between = (
  start: Standings,
  end: Standings,
  worth: Standings,
  startGrowth: number | null,
): Map<string, PartSums> => {
  const parts = new Map<string, PartSums>();
  for (const [id, then] of end) {
    const before = start.get(id) ?? NO_STANDING;
    const contribution = (worth.get(id) ?? NO_STANDING).contribution - before.contribution;
    parts.set(id, {
      startValue: before.value,
      endValue: then.value,
      flow: then.flow.minus(before.flow),
      income: then.income.minus(before.income),
      currency: then.currency.minus(before.currency),
      contribution: startGrowth === null ? null : contribution / startGrowth,
    });
  }
  return parts;
};

/** The whole portfolio: its kept days and two look-ups for each holding. */
const wholeSeries = async (
  tx: Tx,
  portfolio: HistoryPortfolio,
  span: SeriesSpan,
  kept: Kept,
  tail: Tail | null,
): Promise<Omit<Series, 'holdings' | 'reckonedFrom' | 'changedFrom'>> => {
  const { from, to } = span;
  const rows =
    kept.through === null
      ? []
      : await wholeRows(tx, portfolio.id, from, isAfter(kept.through, to) ? to : kept.through);
  const byDay = new Map(rows.map((row) => [row.day, wholeDay(row)]));
  const tailFrom = tail === null ? null : dayNumber(tail.history.from);
  if (tail !== null && tailFrom !== null) {
    for (const [at, day] of tail.history.whole.days.entries()) {
      byDay.set(tailFrom + at, day);
    }
  }
  const [first, last] = [dayNumber(from), dayNumber(to)];
  const start = byDay.get(first) ?? (tailFrom !== null && tailFrom === first + 1 ? null : EMPTY_DAY);
  const days = Array.from({ length: last - first }, (_, at) => byDay.get(first + 1 + at) ?? EMPTY_DAY);
  const standingsOn = async (day: number, date: Temporal.PlainDate): Promise<Standings> => {
    if (tail !== null && tailFrom !== null && day >= tailFrom - 1) {
      return tailStandings(tail, day - tailFrom + 1);
    }
    return kept.through === null ? new Map() : keptStandings(tx, portfolio, date);
  };
  const startGrowth = start?.growth ?? (await growthOn(tx, portfolio.id, from));
  const before = await standingsOn(first, from);
  const end = await standingsOn(last, to);
  // After a total loss nothing adds to the return any more.
  const lost = days.findIndex((day) => day.dayReturn === -1);
  const worth = lost === -1 ? end : await standingsOn(first + 1 + lost, from.add({ days: 1 + lost }));
  const isSaid = days.every((day) => day.dayReturn !== null);
  const counted = new Set(tail?.history.holdings.flatMap(({ id, include }) => (include ? [id] : [])));
  const held = [...before].flatMap(([id, { value }]) => (counted.has(id) ? [value] : []));
  return {
    days,
    startValue: start?.value ?? held.reduce((sum, value) => sum.plus(value), ZERO),
    startGrowth,
    parts: between(before, end, worth, isSaid ? startGrowth : null),
  };
};

type MonthRow = {
  readonly holding_id: string;
  readonly month: Temporal.PlainDate;
  readonly value: string;
  readonly flow: string;
  readonly income: string;
  readonly currency: string;
  readonly age: string;
};

const monthRows = async (
  tx: Tx,
  { ownerId, id }: HistoryPortfolio,
  holdingIds: readonly string[],
  { from, to }: Pick<SeriesSpan, 'from' | 'to'>,
): Promise<MonthRow[]> => {
  const { rows } = await sql<MonthRow>`
    select s.holding_id, s.month::date as month, array_to_string(s.value, ' ', '-') as value,
      array_to_string(s.flow, ' ') as flow, array_to_string(s.income, ' ') as income,
      array_to_string(s.currency_effect, ' ') as currency, array_to_string(s.price_age, ' ') as age
    from pm.holding_snapshots s
    where s.user_id = ${ownerId}::uuid and s.portfolio_id = ${id}::uuid and s.holding_id = any (${holdingIds}::uuid[])
      and s.month between ${from.with({ day: 1 })}::date and ${to}::date`.execute(tx);
  return rows;
};

const IDLE: HoldingDay = {
  position: { qty: ZERO, cost: ZERO },
  value: ZERO,
  flow: ZERO,
  income: ZERO,
  currency: ZERO,
  priceAge: 0,
};
/** What is kept says that something was held, not how much. */
const HELD = { qty: ONE, cost: ZERO };

const amount = (text: string | undefined): Decimal => (text === undefined || text === '0' ? ZERO : dec(text));

/** Puts the days of a stored month among those of the period, which begin with day `first`. */
const placeMonth = (days: HoldingDay[], row: MonthRow, first: number): void => {
  const begin = dayNumber(row.month);
  const [values, flows, incomes, currencies, ages] = [
    row.value,
    row.flow,
    row.income,
    row.currency,
    row.age,
  ].map((text) => text.split(' '));
  for (const [at, text] of (values ?? []).entries()) {
    const place = begin + at - first;
    if (place < 0 || place >= days.length) continue;
    const value = text === '-' ? null : amount(text);
    days[place] = {
      position: value === null || !value.isZero() ? HELD : IDLE.position,
      value,
      flow: amount(flows?.[at]),
      income: amount(incomes?.[at]),
      currency: amount(currencies?.[at]),
      priceAge: Number(ages?.[at] ?? '0'),
    };
  }
};

const placeTail = (days: HoldingDay[], tail: HoldingHistory, begin: number, first: number): void => {
  for (const [at, day] of tail.days.entries()) {
    const place = begin + at - first;
    if (place >= 0 && place < days.length) days[place] = day;
  }
  const before = begin - 1 - first;
  if (before === 0) days[0] = { ...IDLE, value: tail.valueBefore };
};

/** Some holdings of a portfolio, added up day by day. */
const partSeries = async (
  tx: Tx,
  portfolio: HistoryPortfolio,
  span: SeriesSpan,
  kept: Kept,
  tail: Tail | null,
  holdings: readonly HistoryHolding[],
): Promise<Omit<Series, 'holdings' | 'reckonedFrom' | 'changedFrom'>> => {
  const [first, last] = [dayNumber(span.from), dayNumber(span.to)];
  const byHolding = new Map(
    holdings.map(({ id }) => [id, Array.from({ length: last - first + 1 }, () => IDLE)]),
  );
  const rows =
    kept.through === null
      ? []
      : await monthRows(tx, portfolio, [...byHolding.keys()], { from: span.from, to: kept.through });
  for (const row of rows) {
    const days = byHolding.get(row.holding_id);
    if (days !== undefined) placeMonth(days, row, first);
  }
  for (const [id, days] of byHolding) {
    const own = tail?.history.days.get(id);
    if (tail !== null && own !== undefined) placeTail(days, own, dayNumber(tail.history.from), first);
  }
  const parts = holdings.map(({ id, is_cash: isCash }) => {
    const [before, ...days] = byHolding.get(id) ?? [];
    return { id, isCash, valueBefore: before?.value ?? null, days };
  });
  const whole = wholeHistory({ growth: 1 }, parts, last - first);
  const lost = whole.days.findIndex((day) => day.dayReturn === -1);
  const isSaid = whole.days.every((day) => day.dayReturn !== null);
  const sum = (amounts: readonly Decimal[]): Decimal => amounts.reduce((total, one) => total.plus(one), ZERO);
  return {
    days: whole.days,
    startValue: sum(parts.map(({ valueBefore }) => valueBefore ?? ZERO)),
    startGrowth: 1,
    parts: new Map(
      parts.map(({ id, valueBefore, days }) => [
        id,
        {
          startValue: valueBefore ?? ZERO,
          endValue: days.at(-1)?.value ?? ZERO,
          flow: sum(days.map((day) => day.flow)),
          income: sum(days.map((day) => day.income)),
          currency: sum(days.map((day) => day.currency)),
          contribution: isSaid
            ? (whole.contributions.get(id) ?? [])
                .slice(0, lost === -1 ? undefined : lost + 1)
                .reduce((total, one) => total + one, 0)
            : null,
        },
      ]),
    ),
  };
};

/**
 * The days after `span.from` up to `span.to`, of the whole portfolio or of the holdings that `chosen` picks. The caller
 * has seen to it that the portfolio may be read.
 */
export const readSeries = async (
  tx: Tx,
  portfolio: HistoryPortfolio,
  span: SeriesSpan,
  chosen: ((holding: HistoryHolding) => boolean) | null,
): Promise<Series> => {
  const kept = await keptOf(tx, portfolio.id);
  const tail = await tailOf(tx, portfolio, kept, span);
  const all = tail?.history.holdings ?? (await holdingsOf(tx, portfolio.id));
  const holdings = all.filter(chosen ?? (({ include }) => include));
  const series =
    chosen === null
      ? await wholeSeries(tx, portfolio, span, kept, tail)
      : await partSeries(tx, portfolio, span, kept, tail, holdings);
  const counted = new Set(holdings.map(({ id }) => id));
  return {
    ...series,
    parts: new Map([...series.parts].filter(([id]) => counted.has(id))),
    holdings,
    reckonedFrom: kept.through?.add({ days: 1 }) ?? span.from,
    changedFrom: kept.changedFrom,
  };
};
