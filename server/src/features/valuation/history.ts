/**
 * What a portfolio and its holdings were worth every day of a stretch of time: trades, prices and rates read in a few
 * statements, and reckoned in one pass. Used by the worker, which keeps the days, and for the days not kept yet.
 *
 * Contents: HistoryPortfolio · HistoryHolding · holdingsOf · Past · History · readHistory
 */
import { setImmediate } from 'node:timers/promises';

import { daysBetween, endOfDay } from '@pm/domain/calendar';
import { EMPTY_POSITION, inReplayOrder } from '@pm/domain/ledger';
import type { LedgerTrade, Position } from '@pm/domain/ledger';
import { currency, dec, isCurrency, ONE } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import { FRESH_LIVE_HOURS } from '@pm/domain/valuation';
import { dayNumber, holdingHistory, lessDebts, wholeHistory } from '@pm/domain/valuation/history';
import type {
  DayMarket,
  DayPrice,
  HoldingHistory,
  Transit,
  WholeHistory,
  WholePast,
} from '@pm/domain/valuation/history';
import { sql } from 'kysely';

import { debtsOfPortfolio, ledgerTrade, tradesSince, transitsSince } from '#features/ledger';
import type { DebtRow, TransitRow } from '#features/ledger';
import { dailyQuotes, dailyRates } from '#features/market-data';
import type { DailyQuote, DailyQuotes } from '#features/market-data';
import type { Tx } from '#platform/database/index.ts';

/** A portfolio as its history needs it. */
export type HistoryPortfolio = {
  readonly id: string;
  readonly ownerId: string;
  readonly currency: string;
  /** Where its days end. */
  readonly timezone: string;
};

/** A live holding as its history needs it. */
export type HistoryHolding = {
  readonly id: string;
  readonly instrument_id: string | null;
  readonly name: string;
  readonly section: string;
  readonly theme: string;
  readonly account: string;
  readonly wrapper: string | null;
  readonly include: boolean;
  readonly is_cash: boolean;
  /** Of cash: what a unit of it is. */
  readonly cash_currency: string | null;
};

/** Live holdings in the order of making, also those that are sold. */
export const holdingsOf = async (tx: Tx, portfolioId: string): Promise<HistoryHolding[]> => {
  const { rows } = await sql<HistoryHolding>`
    select h.id, h.instrument_id, coalesce(i.name, h.unlinked_name, '') as name, h.section, h.theme, h.account, a.wrapper,
      h.include, coalesce(i.type = 'Cash', false) as is_cash,
      case when i.type = 'Cash' then coalesce(i.currency, p.base_currency) end as cash_currency
    from pm.holdings h join pm.portfolios p on p.user_id = h.user_id and p.id = h.portfolio_id
    left join pm.instruments i on i.id = h.instrument_id
    left join pm.accounts a on a.user_id = h.user_id and a.portfolio_id = h.portfolio_id and a.name = h.account
    where h.portfolio_id = ${portfolioId}::uuid and h.deleted_at is null
    order by h.id`.execute(tx);
  return rows;
};

/** What is known of the evening before. A holding that is not named held nothing. */
export type Past = { readonly whole: WholePast; readonly positions: ReadonlyMap<string, Position> };

export const NO_PAST: Past = { whole: { growth: 1 }, positions: new Map() };

/** The days asked for, and the instant after which no price counts. */
export type Span = {
  readonly from: Temporal.PlainDate;
  readonly to: Temporal.PlainDate;
  readonly until: Temporal.Instant;
};

export type History = {
  readonly from: Temporal.PlainDate;
  readonly holdings: readonly HistoryHolding[];
  readonly days: ReadonlyMap<string, HoldingHistory>;
  readonly whole: WholeHistory;
};

const HOUR_MS = 3_600_000;

/** The last quote of each day from `first` on, or an earlier one that stands for it. */
const carriedThrough = (
  quotes: readonly DailyQuote[],
  first: number,
  length: number,
): (DailyQuote | null)[] => {
  const carried: (DailyQuote | null)[] = [];
  let last: DailyQuote | null = null;
  let next = 0;
  for (let at = 0; at < length; at += 1) {
    for (let quote = quotes[next]; quote !== undefined && quote.day <= first + at; quote = quotes[next]) {
      last = quote;
      next += 1;
    }
    carried.push(last);
  }
  return carried;
};

/** The price of each day by the rule of every valuation: a fresh live one, else one given by hand, else the stale one. */
export const chosenThrough = (
  found: DailyQuotes,
  first: number,
  evenings: readonly number[],
): (DailyQuote | null)[] => {
  const [own, shared, manual] = [found.own, found.shared, found.manual].map((quotes) =>
    quotes.length === 0 ? null : carriedThrough(quotes, first, evenings.length),
  );
  return evenings.map((evening, at) => {
    const live = own?.[at] ?? shared?.[at] ?? null;
    if (live !== null && evening - live.atMs <= FRESH_LIVE_HOURS * HOUR_MS) return live;
    return manual?.[at] ?? live;
  });
};

/** The end of each day in milliseconds; the last one ends where prices end. */
export const eveningsOf = (
  first: Temporal.PlainDate,
  length: number,
  timezone: string,
  until: Temporal.Instant,
): number[] =>
  Array.from({ length }, (_, at) =>
    Math.min(endOfDay(first.add({ days: at }), timezone).epochMilliseconds, until.epochMilliseconds),
  );

/** Prices and rates of the holdings, and rates of what is owed, from the evening before `from`. */
const marketOf = async (
  tx: Tx,
  portfolio: HistoryPortfolio,
  holdings: readonly HistoryHolding[],
  debts: readonly DebtRow[],
  { from, to, until }: Span,
): Promise<DayMarket> => {
  const before = from.subtract({ days: 1 });
  const first = dayNumber(before);
  const length = daysBetween(before, to) + 1;
  const priced = holdings.flatMap((one) =>
    one.instrument_id === null || one.is_cash ? [] : [one.instrument_id],
  );
  const quotes = await dailyQuotes(tx, {
    instrumentIds: [...new Set(priced)],
    ownerId: portfolio.ownerId,
    timezone: portfolio.timezone,
    from: before.toZonedDateTime(portfolio.timezone).toInstant(),
    until,
  });
  const currencies = new Set(
    [...quotes.values()].flatMap((one) =>
      [...one.own, ...one.shared, ...one.manual].map((quote) => quote.currency),
    ),
  );
  for (const { cash_currency: code } of holdings) if (code !== null) currencies.add(code);
  for (const debt of debts) currencies.add(debt.currency);
  const base = currency(portfolio.currency);
  const foreign = [...currencies].filter((code) => code !== base);
  const rates = await dailyRates(tx, foreign, base, { from: before, to });
  const evenings = eveningsOf(before, length, portfolio.timezone, until);
  const chosen = new Map([...quotes].map(([id, found]) => [id, chosenThrough(found, first, evenings)]));
  return {
    price: priceIn(holdings, chosen, first),
    rate: (code, day): Decimal | null => (code === base ? ONE : (rates.get(code)?.[day - first] ?? null)),
  };
};

const priceIn = (
  holdings: readonly HistoryHolding[],
  chosen: ReadonlyMap<string, readonly (DailyQuote | null)[]>,
  first: number,
): DayMarket['price'] => {
  const byHolding = new Map(holdings.map((one) => [one.id, one]));
  return (holdingId, day): DayPrice | null => {
    const holding = byHolding.get(holdingId);
    if (holding === undefined) return null;
    if (holding.is_cash) {
      const code = holding.cash_currency;
      return code !== null && isCurrency(code) ? { close: ONE, currency: code, day } : null;
    }
    return chosen.get(holding.instrument_id ?? '')?.[day - first] ?? null;
  };
};

const transitOf = (row: TransitRow): Transit => ({
  qty: dec(row.qty),
  cost: dec(row.cost),
  leftOn: dayNumber(row.left_on),
  arrivesOn: dayNumber(row.arrives_on),
});

/** The days of a holding less what is owed against it. */
const netOf = (
  history: HoldingHistory,
  debts: readonly DebtRow[] | undefined,
  market: DayMarket,
  start: { readonly from: number; readonly isHeldBefore: boolean },
): HoldingHistory => {
  if (debts === undefined) return history;
  const byDay = debts.map((one) => ({
    day: dayNumber(one.date),
    amount: dec(one.amount),
    currency: one.currency,
  }));
  return lessDebts(history, byDay, market, start);
};

/**
 * The days from `span.from` to `span.to`, after `past`. The caller has seen to it that the portfolio may be read.
 * Between holdings others get their turn, so that years of many holdings hold nobody up.
 */
export const readHistory = async (
  tx: Tx,
  portfolio: HistoryPortfolio,
  span: Span,
  past: Past = NO_PAST,
): Promise<History> => {
  const holdings = await holdingsOf(tx, portfolio.id);
  const known = new Set(holdings.map((one) => one.id));
  const rows = (await tradesSince(tx, portfolio.id, span.from)).filter((row) => known.has(row.holding_id));
  const trades = Map.groupBy(rows.map(ledgerTrade).toSorted(inReplayOrder), (trade) => trade.holdingId);
  const debts = await debtsOfPortfolio(tx, portfolio.id);
  const market = await marketOf(tx, portfolio, holdings, debts, span);
  const transits = Map.groupBy(await transitsSince(tx, portfolio.id, span.from), (one) => one.holding_id);
  const owed = Map.groupBy(debts, (debt) => debt.holding_id);
  const [from, to] = [dayNumber(span.from), dayNumber(span.to)];
  const days = new Map<string, HoldingHistory>();
  for (const { id } of holdings) {
    const own: readonly LedgerTrade[] = trades.get(id) ?? [];
    const position = past.positions.get(id) ?? EMPTY_POSITION;
    if (own.length === 0 && position.qty.isZero()) continue;
    const held = {
      id,
      position,
      trades: own.filter(({ date }) => dayNumber(date) >= from),
      splits: own.filter(({ type }) => type === 'split'),
      transits: (transits.get(id) ?? []).map(transitOf),
    };
    const history = holdingHistory(held, market, { from, to });
    days.set(id, netOf(history, owed.get(id), market, { from, isHeldBefore: !position.qty.isZero() }));
    await setImmediate();
  }
  const parts = holdings.flatMap((one) => {
    const history = days.get(one.id);
    return !one.include || history === undefined
      ? []
      : [{ id: one.id, isCash: one.is_cash, valueBefore: history.valueBefore, days: history.days }];
  });
  return { from: span.from, holdings, days, whole: wholeHistory(past.whole, parts, to - from + 1) };
};
