/**
 * Histories that are kept, by the month: written by the worker, read for whatever lies in the past and did not change.
 *
 * Contents: duePortfolios · waitingHistories · refreshPortfolio · refreshSummaries · Closing · closingsOf
 */
import { endOfDay } from '@pm/domain/calendar';
import { dec, decimalText, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import { dayNumber, dayOfNumber } from '@pm/domain/valuation/history';
import type { HoldingDay } from '@pm/domain/valuation/history';
import { sql } from 'kysely';

import { firstTradeDay } from '#features/ledger';
import type { Tx } from '#platform/database/index.ts';

import { readHistory } from './history.ts';
import type { History, HistoryPortfolio, Past } from './history.ts';

/** A portfolio whose snapshots are behind, and since when. */
export type DuePortfolio = HistoryPortfolio & {
  /** Yesterday where its owner lives: the last day that is over. */
  readonly yesterday: Temporal.PlainDate;
};

/** Portfolios with trades whose snapshots end too early or do not hold any more, in the order of their ids. */
export const duePortfolios = async (
  tx: Tx,
  now: Temporal.Instant,
  after: string | null,
  limit: number,
): Promise<DuePortfolio[]> => {
  const { rows } = await sql<DuePortfolio>`
    select p.id, p.user_id as "ownerId", p.base_currency as currency, u.timezone, d.yesterday
    from pm.portfolios p join pm.users u on u.id = p.user_id
    cross join lateral (select (${now}::timestamptz at time zone u.timezone)::date - 1 as yesterday) d
    where p.deleted_at is null and u.deleted_at is null and (${after}::uuid is null or p.id > ${after}::uuid)
      and (exists (select from pm.history_changes c where c.portfolio_id = p.id)
        or (exists (select from pm.trades t where t.portfolio_id = p.id and t.date <= d.yesterday and t.deleted_at is null)
          and not exists (select from pm.portfolio_snapshots s where s.portfolio_id = p.id and s.date >= d.yesterday)))
    order by p.id limit ${limit}`.execute(tx);
  return rows;
};

/** How much of what is kept does not hold any more. */
export type WaitingHistories = {
  readonly portfolios: number;
  /** The earliest changed day of all of them; null when nothing waits. */
  readonly from: Temporal.PlainDate | null;
  /** Days that are to be computed anew, of all of them together. */
  readonly days: number;
};

/** What waits for the worker since something in the past changed. Each portfolio counts from its earliest changed day. */
export const waitingHistories = async (tx: Tx): Promise<WaitingHistories> => {
  const { rows } = await sql<WaitingHistories>`
    select count(*)::integer as portfolios, min(w.first)::date as "from",
      coalesce(sum(greatest(s.last - greatest(w.first, s.first) + 1, 0)), 0)::integer as days
    from (select c.portfolio_id, min(c.from_day)::date as first from pm.history_changes c group by c.portfolio_id) w
    cross join lateral (select min(k.date)::date as first, max(k.date)::date as last
      from pm.portfolio_snapshots k where k.portfolio_id = w.portfolio_id) s`.execute(tx);
  return rows[0] ?? { portfolios: 0, from: null, days: 0 };
};

/** Brings the values of all portfolios up to date, beside those who read them. */
export const refreshSummaries = async (tx: Tx): Promise<void> => {
  await sql`select pm.refresh_portfolio_summaries()`.execute(tx);
};

/** A holding at the end of a day that is kept: position, and sums since its first trade. */
export type Closing = {
  readonly holding_id: string;
  readonly qty: string;
  readonly cost: string;
  readonly flow: string;
  readonly income: string;
  readonly currency: string;
  readonly contribution: string;
};

/**
 * Every holding as it stood at the end of the newest month that is kept and does not begin after `day`, which is the
 * evening of `day` when months are kept up to that day.
 */
export const closingsOf = async (
  tx: Tx,
  { ownerId, id }: Pick<HistoryPortfolio, 'ownerId' | 'id'>,
  day: Temporal.PlainDate,
): Promise<Closing[]> => {
  const { rows } = await sql<Closing>`
    select h.id as holding_id, s.qty_after as qty, s.cost_after as cost, s.flow_after as flow, s.income_after as income,
      s.currency_after as currency, s.contribution_after as contribution
    from pm.holdings h cross join lateral (
      select * from pm.holding_snapshots m
      where m.user_id = h.user_id and m.portfolio_id = h.portfolio_id and m.holding_id = h.id and m.month <= ${day}::date
      order by m.month desc limit 1) s
    where h.user_id = ${ownerId}::uuid and h.portfolio_id = ${id}::uuid and h.deleted_at is null`.execute(tx);
  return rows;
};

/** The growth of the portfolio up to the evening of a day. */
export const growthOn = async (tx: Tx, portfolioId: string, day: Temporal.PlainDate): Promise<number> => {
  const { rows } = await sql<{ growth: string }>`
    select growth from pm.portfolio_snapshots where portfolio_id = ${portfolioId}::uuid and date <= ${day}::date
    order by date desc limit 1`.execute(tx);
  return Number(rows[0]?.growth ?? '1');
};

export const pastOf = (closings: readonly Closing[], growth: number): Past => ({
  whole: { growth },
  positions: new Map(closings.map((one) => [one.holding_id, { qty: dec(one.qty), cost: dec(one.cost) }])),
});

type Mark = { readonly id: string; readonly from_day: Temporal.PlainDate };
type Kept = { readonly marks: readonly Mark[]; readonly through: Temporal.PlainDate | null };

const keptOf = async (tx: Tx, portfolioId: string): Promise<Kept> => {
  const marks = await sql<Mark>`
    select id, from_day::date as from_day from pm.history_changes where portfolio_id = ${portfolioId}::uuid`.execute(
    tx,
  );
  const last = await sql<{ through: Temporal.PlainDate | null }>`
    select max(date)::date as through from pm.portfolio_snapshots where portfolio_id = ${portfolioId}::uuid`.execute(
    tx,
  );
  return { marks: marks.rows, through: last.rows[0]?.through ?? null };
};

/** Of several workers one computes a portfolio; the others leave it to that one. */
const isMine = async (tx: Tx, portfolioId: string): Promise<boolean> => {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('pm.portfolio_snapshots ' || ${portfolioId}, 0)) as mine`.execute(
    tx,
  );
  return rows[0]?.mine ?? false;
};

const earliest = (days: readonly Temporal.PlainDate[]): Temporal.PlainDate | undefined =>
  days.toSorted((a, b) => Temporal.PlainDate.compare(a, b))[0];

/**
 * Computes what is missing or does not hold any more, from the month of the earliest changed day to yesterday. All in
 * the caller's transaction, which sees one state of the data (repeatable read): a change that comes meanwhile stays
 * noted. @returns how many days were written
 */
export const refreshPortfolio = async (tx: Tx, portfolio: DuePortfolio): Promise<number> => {
  if (!(await isMine(tx, portfolio.id))) return 0;
  const { marks, through } = await keptOf(tx, portfolio.id);
  const first = await firstTradeDay(tx, portfolio.id);
  const changed = earliest([
    ...marks.map((mark) => mark.from_day),
    ...(through === null ? (first === null ? [] : [first]) : [through.add({ days: 1 })]),
  ]);
  if (changed === undefined) return 0;
  const from = changed.with({ day: 1 });
  await sql`delete from pm.portfolio_snapshots where portfolio_id = ${portfolio.id}::uuid and date >= ${from}::date`.execute(
    tx,
  );
  await sql`delete from pm.holding_snapshots where portfolio_id = ${portfolio.id}::uuid and month >= ${from}::date`.execute(
    tx,
  );
  let written = 0;
  if (first !== null && Temporal.PlainDate.compare(first, portfolio.yesterday) <= 0) {
    const start = Temporal.PlainDate.compare(first, from) > 0 ? first.with({ day: 1 }) : from;
    const before = start.subtract({ days: 1 });
    const closings = await closingsOf(tx, portfolio, before);
    const span = {
      from: start,
      to: portfolio.yesterday,
      until: endOfDay(portfolio.yesterday, portfolio.timezone),
    };
    const past = pastOf(closings, await growthOn(tx, portfolio.id, before));
    const history = await readHistory(tx, portfolio, span, past);
    await storeHoldings(tx, portfolio, history, closings);
    await storeWhole(tx, portfolio, history);
    written = history.whole.days.length;
  }
  await sql`delete from pm.history_changes where id = any (${marks.map(({ id }) => id)}::uuid[])
    and portfolio_id = ${portfolio.id}::uuid`.execute(tx);
  return written;
};

/** Written for null in a joined list of numbers. */
const NONE = '-';

/** A month of a holding as it is stored. */
type MonthRow = {
  readonly holding: string;
  readonly month: string;
  readonly after: readonly string[];
  readonly value: string;
  readonly flow: string;
  readonly income: string;
  readonly currency: string;
  readonly contribution: string;
  readonly age: string;
};

const isIdle = (day: HoldingDay): boolean => day.position.qty.isZero() && day.flow.isZero();

const texts = (amounts: readonly (Decimal | null)[]): string =>
  amounts.map((amount) => (amount === null ? NONE : amount.isZero() ? '0' : decimalText(amount))).join(' ');

/** Where each month begins and ends among days that begin with the first of a month. */
const monthsOf = (
  from: Temporal.PlainDate,
  length: number,
): { month: Temporal.PlainDate; at: number; end: number }[] => {
  const months = [];
  for (let month = from, at = 0; at < length;) {
    const end = Math.min(at + month.daysInMonth, length);
    months.push({ month, at, end });
    month = month.add({ months: 1 });
    at = end;
  }
  return months;
};

const monthRows = (history: History, closings: readonly Closing[]): MonthRow[] => {
  const before = new Map(closings.map((one) => [one.holding_id, one]));
  const months = monthsOf(history.from, history.whole.days.length);
  const rows: MonthRow[] = [];
  for (const [holding, { days }] of history.days) {
    const past = before.get(holding);
    let [flow, income, currency] = [past?.flow, past?.income, past?.currency].map((sum) => dec(sum ?? '0'));
    let contribution = Number(past?.contribution ?? '0');
    const contributions = history.whole.contributions.get(holding) ?? [];
    for (const { month, at, end } of months) {
      const own = days.slice(at, end);
      if (own.every(isIdle)) continue;
      for (const day of own) {
        flow = (flow ?? ZERO).plus(day.flow);
        income = (income ?? ZERO).plus(day.income);
        currency = (currency ?? ZERO).plus(day.currency);
      }
      const added = own.map((_, index) => contributions[at + index] ?? 0);
      contribution += added.reduce((sum, one) => sum + one, 0);
      const last = own.at(-1)?.ledger;
      const after = [last?.qty, last?.cost, flow, income, currency].map((sum) => decimalText(sum ?? ZERO));
      rows.push({
        holding,
        month: month.toString(),
        after: [...after, String(contribution)],
        value: texts(own.map((day) => day.value)),
        flow: texts(own.map((day) => day.flow)),
        income: texts(own.map((day) => day.income)),
        currency: texts(own.map((day) => day.currency)),
        contribution: added.join(' '),
        age: own.map((day) => day.priceAge).join(' '),
      });
    }
  }
  return rows;
};

/** Months that one statement stores. */
const MONTHS_PER_STATEMENT = 500;

const storeHoldings = async (
  tx: Tx,
  portfolio: HistoryPortfolio,
  history: History,
  closings: readonly Closing[],
): Promise<void> => {
  const rows = monthRows(history, closings);
  for (let at = 0; at < rows.length; at += MONTHS_PER_STATEMENT) {
    const some = rows.slice(at, at + MONTHS_PER_STATEMENT);
    const after = (index: number): string[] => some.map((row) => row.after[index] ?? '0');
    await sql`
      insert into pm.holding_snapshots (user_id, portfolio_id, holding_id, month, qty_after, cost_after, flow_after,
        income_after, currency_after, contribution_after, value, flow, income, currency_effect, contribution, price_age)
      select ${portfolio.ownerId}::uuid, ${portfolio.id}::uuid, g.holding, g.month, g.qty, g.cost, g.sum_flow, g.sum_income,
        g.sum_currency, g.sum_contribution, string_to_array(g.value, ' ', ${NONE})::numeric[],
        string_to_array(g.flow, ' ')::numeric[], string_to_array(g.income, ' ')::numeric[],
        string_to_array(g.currency, ' ')::numeric[], string_to_array(g.contribution, ' ')::numeric[],
        string_to_array(g.age, ' ')::integer[]
      from unnest(${some.map((row) => row.holding)}::uuid[], ${some.map((row) => row.month)}::date[],
        ${after(0)}::numeric[], ${after(1)}::numeric[], ${after(2)}::numeric[], ${after(3)}::numeric[],
        ${after(4)}::numeric[], ${after(5)}::numeric[], ${some.map((row) => row.value)}::text[],
        ${some.map((row) => row.flow)}::text[], ${some.map((row) => row.income)}::text[],
        ${some.map((row) => row.currency)}::text[], ${some.map((row) => row.contribution)}::text[],
        ${some.map((row) => row.age)}::text[]
      ) as g (holding, month, qty, cost, sum_flow, sum_income, sum_currency, sum_contribution, value, flow, income,
        currency, contribution, age)`.execute(tx);
  }
};

const storeWhole = async (tx: Tx, portfolio: HistoryPortfolio, history: History): Promise<void> => {
  const { days } = history.whole;
  const first = dayNumber(history.from);
  const dates = days.map((_, at) => dayOfNumber(first + at));
  const complete = days.map((day) =>
    day.heldCount === 0 ? '100' : String((100 * (day.heldCount - day.missing.length)) / day.heldCount),
  );
  await sql`
    insert into pm.portfolio_snapshots (user_id, portfolio_id, date, currency, value, cost, net_external_flow, cash, as_of,
      completeness_pct, missing, carried, held_count, day_return, growth)
    select ${portfolio.ownerId}::uuid, ${portfolio.id}::uuid, g.day, ${portfolio.currency}, g.value, g.cost, g.flow, g.cash,
      (g.day + 1)::timestamp at time zone ${portfolio.timezone} - interval '1 microsecond',
      g.complete, g.missing::jsonb, g.carried::jsonb, g.held, g.day_return, g.growth
    from unnest(${dates.map(String)}::date[], ${days.map((day) => decimalText(day.value))}::numeric[],
      ${days.map((day) => decimalText(day.cost))}::numeric[], ${days.map((day) => decimalText(day.flow))}::numeric[],
      ${days.map((day) => decimalText(day.cash))}::numeric[], ${complete}::numeric[],
      ${days.map((day) => JSON.stringify(day.missing))}::text[], ${days.map((day) => JSON.stringify(day.carried))}::text[],
      ${days.map((day) => day.heldCount)}::integer[],
      ${days.map((day) => (day.dayReturn === null ? null : String(day.dayReturn)))}::numeric[],
      ${days.map((day) => String(day.growth))}::numeric[]
    ) as g (day, value, cost, flow, cash, complete, missing, carried, held, day_return, growth)`.execute(tx);
};
