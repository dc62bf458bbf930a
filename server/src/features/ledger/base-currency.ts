/**
 * Another currency for a portfolio: every trade gets the rate of its own day, and everything is replayed.
 *
 * Contents: changePortfolio
 */
import type { PortfolioPatch } from '@pm/contracts/portfolios';
import { currency, dec, decimalText, roundAmount, roundRate } from '@pm/domain/money';
import type { Currency, Decimal } from '@pm/domain/money';
import type { Static } from 'typebox';

import { findRatesOn } from '#features/market-data';
import type { CurrencyPair } from '#features/market-data';
import { changePortfolio as changeDocuments } from '#features/portfolios';
import type { Restate } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';
import { unprocessable } from '#platform/errors.ts';

import { changeBook, openBook } from './book.ts';
import { SAME_CURRENCY } from './trade-rates.ts';
import * as trades from './trade-queries.ts';
import type { Rerated, TradeRow } from './trade-queries.ts';

/** So many missing rates are named; the rest are counted. */
const NAMED_MAX = 10;

/** What a trade's currency becomes, and its rate: published for its day, or the one given by hand times the published. */
type Wish = {
  readonly row: TradeRow;
  readonly currency: string;
  readonly pair: CurrencyPair | null;
  readonly given: Decimal | null;
};

type Change = {
  readonly portfolioId: string;
  readonly from: Currency;
  readonly to: Currency;
  /** The portfolio that each transfer leaves, by its event, as far as it is seen. */
  readonly sources: ReadonlyMap<string, string>;
  readonly bases: ReadonlyMap<string, string>;
};

/** Both ends of a transfer are reckoned in the currency of where it leaves; it arrives at the rate to where it goes. */
const transferWish = (row: TradeRow, change: Change): Wish => {
  const { portfolioId, to, sources, bases } = change;
  const isOurs = row.type === 'transfer_out' || sources.get(row.event_id ?? '') === portfolioId;
  const left = isOurs ? to : currency(row.currency);
  const arrives = row.portfolio_id === portfolioId ? to : currency(bases.get(row.portfolio_id) ?? to);
  const isIdentity = row.type === 'transfer_out' || left === arrives;
  return { row, currency: left, pair: isIdentity ? null : { from: left, to: arrives }, given: null };
};

const wishOf = (row: TradeRow, change: Change): Wish => {
  if (row.type === 'transfer_out' || row.leg === 'counterpart') return transferWish(row, change);
  const { from, to } = change;
  const own = { row, currency: row.currency };
  if (row.type === 'split' || row.currency === to) return { ...own, pair: null, given: null };
  const isGiven = row.fx_source === 'given' && row.currency !== from;
  return isGiven
    ? { ...own, pair: { from, to }, given: dec(row.fx_rate ?? '1') }
    : { ...own, pair: { from: currency(row.currency), to }, given: null };
};

/** Every pair on every day that is wished for, in one statement a year, since rates of days far apart are many. */
const ratesFor = async (tx: Tx, wishes: readonly Wish[]) => {
  const found = new Map<string, { rate: Decimal; source: string; date: Temporal.PlainDate }>();
  const missing = new Set<string>();
  const byYear = Map.groupBy(
    wishes.filter((wish) => wish.pair !== null),
    (wish) => wish.row.date.year,
  );
  for (const some of byYear.values()) {
    const pairs = [
      ...new Map(some.flatMap(({ pair }) => (pair ? [[`${pair.from}/${pair.to}`, pair]] : []))).values(),
    ];
    const days = [...new Map(some.map(({ row }) => [row.date.toString(), row.date])).values()];
    const rates = await findRatesOn(tx, pairs, days);
    for (const [at, day] of days.entries()) {
      for (const [key, rate] of rates[at] ?? []) {
        if (!('missing' in rate)) found.set(`${key} ${day.toString()}`, rate);
      }
    }
  }
  for (const { pair, row } of wishes) {
    if (pair === null || found.has(`${pair.from}/${pair.to} ${row.date.toString()}`)) continue;
    missing.add(`${pair.from} to ${pair.to} on ${row.date.toString()}`);
  }
  return { found, missing: [...missing].toSorted() };
};

const refuseMissing = (missing: readonly string[]): void => {
  if (missing.length === 0) return;
  const named = missing.slice(0, NAMED_MAX).join(', ');
  const more = missing.length > NAMED_MAX ? ` and ${missing.length - NAMED_MAX} more` : '';
  throw unprocessable(
    'rate_missing',
    `The currency stays: rates are missing for ${named}${more}. Import rates for these days and try again.`,
    'settings.currency',
  );
};

const rateOf = ({ row, pair, given }: Wish, found: Awaited<ReturnType<typeof ratesFor>>['found']) => {
  if (row.type === 'split') return { fxRate: null, fxSource: null, fxDate: null };
  const published = pair && found.get(`${pair.from}/${pair.to} ${row.date.toString()}`);
  if (!published) return SAME_CURRENCY;
  return given === null
    ? { fxRate: decimalText(published.rate), fxSource: published.source, fxDate: published.date }
    : { fxRate: decimalText(roundRate(given.times(published.rate))), fxSource: 'given', fxDate: null };
};

const rerated = (wish: Wish, found: Awaited<ReturnType<typeof ratesFor>>['found']): Rerated => {
  const { row } = wish;
  const rate = rateOf(wish, found);
  // What came from elsewhere brings the cost that the person said; other transfers carry what the replay gives.
  const isBrought = row.type === 'transfer_in' && row.leg === 'primary';
  return {
    id: row.id,
    currency: wish.currency,
    quoteUnit: wish.currency === row.currency ? row.quote_unit : wish.currency,
    ...rate,
    carriedCost: isBrought
      ? decimalText(roundAmount(dec(row.amount ?? '0').times(dec(rate.fxRate ?? '1'))))
      : row.carried_cost,
  };
};

/**
 * Restates the trades of a portfolio in another currency: each at the rate published for its day, one given by hand times
 * the rate between the two currencies on that day; then everything is replayed. Trades that are deleted and can be brought
 * back are restated too. Prices, quantities and amounts stay as they were recorded.
 * @throws {AppError} 422 `rate_missing` naming pairs and days; `linked_elsewhere`
 */
const restateTrades: Restate = async (tx, portfolio, to) => {
  const from = currency(portfolio.baseCurrency);
  const rows = await trades.tradesToRestate(tx, portfolio.id);
  if (rows.length === 0) return;
  const change: Change = {
    portfolioId: portfolio.id,
    from,
    to,
    sources: new Map(
      rows.flatMap((row) =>
        row.type === 'transfer_out' && row.event_id !== null
          ? [[row.event_id, row.portfolio_id] as const]
          : [],
      ),
    ),
    bases: await trades.basesOf(tx, [...new Set(rows.map((row) => row.portfolio_id))]),
  };
  const concerned = rows.filter(
    (row) => row.portfolio_id === portfolio.id || change.sources.get(row.event_id ?? '') === portfolio.id,
  );
  const wishes = concerned.map((row) => wishOf(row, change));
  const { found, missing } = await ratesFor(tx, wishes);
  refuseMissing(missing);
  const [first, ...others] = await trades.liveHoldings(tx, portfolio.id);
  const book = first === undefined ? null : await openBook(tx, first, others);
  await trades.rerateTrades(
    tx,
    wishes.map((wish) => rerated(wish, found)),
  );
  if (book !== null) await changeBook(tx, book, {});
};

/** Changes a portfolio; another currency restates its trades. @throws {AppError} as `portfolios` says, and as above */
export const changePortfolio = (
  tx: Tx,
  id: string,
  patch: Static<typeof PortfolioPatch>,
  ifMatch: number | undefined,
  today: Temporal.PlainDate,
) => changeDocuments(tx, id, patch, { ifMatch, today, restate: restateTrades });
