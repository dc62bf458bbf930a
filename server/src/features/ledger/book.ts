/**
 * The holdings that one change of the ledger touches, locked together, and the change itself: replayed before anything
 * is written, so that what oversells is refused whole.
 *
 * Contents: Book · openBook · Change · Changed · changeBook
 */
import { FIRST_LEDGER_DAY, isAfter, isBefore } from '@pm/domain/calendar';
import { applyTrade, EMPTY_POSITION, replayBook, tradeTotal } from '@pm/domain/ledger';
import type { HoldingReplay, LedgerTrade, Position } from '@pm/domain/ledger';
import { dec, decimalProblem, decimalText, isStorable } from '@pm/domain/money';

import { enterPortfolio, lockPortfolio, readEditablePortfolio } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';
import { notFound, unprocessable } from '#platform/errors.ts';

import { ledgerTrade, plannedTrade, positionOf } from './answers.ts';
import { linkedElsewhere, oversold } from './ledger-words.ts';
import * as queries from './queries.ts';
import type { BookEntry, HoldingRow } from './queries.ts';
import * as trades from './trade-queries.ts';
import type { Followed, TradeRow, TradeValues } from './trade-queries.ts';

/** Locked holdings by their ids; the one that the change is asked of, and whatever its transfers feed. */
export type Book = { readonly primary: HoldingRow; readonly holdings: ReadonlyMap<string, HoldingRow> };

/**
 * Keeps the portfolios and locks the holdings, both in the order of their ids; portfolios first, as everybody does.
 * @throws {AppError} 404; 403 `read_only`; 422 `linked_elsewhere`
 */
const lockEntries = async (
  tx: Tx,
  entries: readonly BookEntry[],
  primaryId: string,
): Promise<HoldingRow[]> => {
  const home = entries.find((entry) => entry.id === primaryId)?.portfolioId;
  for (const id of [...new Set(entries.map((entry) => entry.portfolioId))].toSorted()) {
    if (await lockPortfolio(tx, id, 'kept')) continue;
    if (id !== home) throw linkedElsewhere();
    await readEditablePortfolio(tx, id);
    throw notFound('holding');
  }
  const locked = await queries.lockHoldings(
    tx,
    entries.map((entry) => entry.id),
  );
  if (!locked.includes(primaryId) || home === undefined) throw notFound('holding');
  await enterPortfolio(tx, home);
  return queries.getHoldings(tx, locked);
};

/**
 * Locks a holding that the person may change, others that its event reaches, and all that their transfers feed. Read with
 * the owner's eyes from then on.
 * @throws {AppError} 404; 403 `read_only`; 422 `linked_elsewhere`
 */
export const openBook = async (tx: Tx, primaryId: string, others: readonly string[] = []): Promise<Book> => {
  const entries = await queries.feeding(tx, [primaryId, ...others]);
  if (!entries.some((entry) => entry.id === primaryId)) throw notFound('holding');
  const rows = await lockEntries(tx, entries, primaryId);
  const holdings = new Map(rows.map((row) => [row.id, row]));
  const primary = holdings.get(primaryId);
  if (!primary || others.some((id) => !holdings.has(id))) throw notFound('holding');
  return { primary, holdings };
};

/** What becomes of trades. Those that are added come in the order in which they are to be numbered. */
export type Change = {
  readonly added?: readonly TradeValues[];
  readonly changed?: readonly TradeValues[];
  readonly removed?: (row: TradeRow) => boolean;
  /** Holdings that are going: they keep the figures that they had. */
  readonly going?: ReadonlySet<string>;
  /** What the person calls the field that a total follows from; `price` unless said. */
  readonly priceField?: string;
};

/** What a change left. */
export type Changed = {
  /** The trades that were added or changed; not told of where many were added. */
  readonly rows: readonly TradeRow[];
  /** Every holding whose trades or figures changed, with its position and version. */
  readonly moved: readonly {
    readonly holding: HoldingRow;
    readonly position: Position;
    readonly version: number;
  }[];
};

/** Numbers for trades that the database has not numbered yet: after all that it has. */
const nextSeq = (at: number): number => Number.MAX_SAFE_INTEGER - 1_000 + at;

const checkFigures = (planned: readonly LedgerTrade[], field = 'price'): void => {
  for (const trade of planned) {
    const total = tradeTotal(trade);
    if (isStorable(total) && isStorable(trade.qty)) continue;
    const problem = decimalProblem(decimalText(total)) ?? decimalProblem(decimalText(trade.qty));
    if (problem !== null) throw unprocessable('too_large', `The trade’s total ${problem}.`, field);
  }
};

type Outcome = {
  readonly positions: ReadonlyMap<string, Position>;
  /** Costs that transfers carry by this replay, by trade. */
  readonly carried: ReadonlyMap<string, string>;
  readonly followed: readonly Followed[];
};

const isTransfer = (trade: LedgerTrade): boolean =>
  trade.type === 'transfer_in' || trade.type === 'transfer_out';

/** Trades that come last in their holdings' histories: no need to read the others again. Null when they do not. */
const appended = async (
  tx: Tx,
  book: Book,
  added: readonly TradeValues[],
  planned: readonly LedgerTrade[],
): Promise<Outcome | null> => {
  if (added.some((one) => one.eventId !== null && one.carriedCost !== null)) return null;
  const edges = await trades.bookEdges(tx, [...new Set(added.map((one) => one.holding.id))]);
  const newest = new Map(edges.map((edge) => [edge.holdingId, edge.newest]));
  const positions = new Map<string, Position>();
  const carried = new Map<string, string>();
  for (const [at, one] of added.entries()) {
    const { id } = one.holding;
    const last = newest.get(id) ?? null;
    if (last !== null && (isAfter(last, one.date) || (one.type === 'split' && !isBefore(last, one.date)))) {
      return null;
    }
    const row = book.holdings.get(id);
    if (!row) throw new Error('a trade was planned for a holding that is not locked');
    const trade = planned[at] ?? plannedTrade(one, nextSeq(at));
    const step = applyTrade(positions.get(id) ?? positionOf(row), trade);
    if ('oversold' in step) throw oversold(step, added, book.holdings);
    positions.set(id, step.position);
    if (isTransfer(trade)) carried.set(trade.id, decimalText(step.money.gross));
    newest.set(id, one.date);
  }
  return { positions, carried, followed: [] };
};

/**
 * The day to which an opening moves whose day nobody gave: it was there before any trade, and before a split of the same
 * day too. Null when it may stay.
 */
const assumedDay = (opening: TradeRow, written: readonly TradeValues[]): Temporal.PlainDate | null => {
  let earliest = opening.date;
  for (const one of written) {
    if (one.holding.id !== opening.holding_id || one.type === 'opening') continue;
    const day =
      one.type === 'split' && isAfter(one.date, FIRST_LEDGER_DAY) ? one.date.subtract({ days: 1 }) : one.date;
    if (isBefore(day, earliest)) earliest = day;
  }
  return earliest.equals(opening.date) ? null : earliest;
};

/** All trades of the book as they will be, with assumed openings moved before what comes before them. */
const tradesAfter = (
  rows: readonly TradeRow[],
  { added = [], changed = [], removed = () => false }: Change,
): { readonly all: readonly LedgerTrade[]; readonly moved: ReadonlyMap<string, Temporal.PlainDate> } => {
  const byId = new Map(changed.map((one) => [one.id, one]));
  const kept = rows.filter((row) => !removed(row));
  const written = [...added, ...changed];
  const moved = new Map<string, Temporal.PlainDate>();
  for (const row of kept) {
    const day = row.date_assumed && !byId.has(row.id) ? assumedDay(row, written) : null;
    if (day !== null) moved.set(row.id, day);
  }
  const stored = kept.map((row) => {
    const one = byId.get(row.id);
    if (one !== undefined) return plannedTrade(one, Number(row.seq));
    const trade = ledgerTrade(row);
    return { ...trade, date: moved.get(row.id) ?? trade.date };
  });
  return { all: [...stored, ...added.map((one, at) => plannedTrade(one, nextSeq(at)))], moved };
};

const carriedBy = (replays: Iterable<HoldingReplay>): Map<string, string> => {
  const carried = new Map<string, string>();
  for (const { steps } of replays) {
    for (const { trade, money } of steps) {
      if (isTransfer(trade)) carried.set(trade.id, decimalText(money.gross));
    }
  }
  return carried;
};

/**
 * Stored trades that follow from the replay although nobody changed them.
 * @throws {AppError} 422 `linked_elsewhere` when a transfer would carry another cost to where the person cannot write
 */
const followers = (
  rows: readonly TradeRow[],
  all: readonly LedgerTrade[],
  moved: ReadonlyMap<string, Temporal.PlainDate>,
  carried: ReadonlyMap<string, string>,
): Followed[] => {
  const arrivals = new Set(all.flatMap((one) => (one.type === 'transfer_in' ? [one.eventId] : [])));
  return rows.flatMap((row) => {
    const cost = carried.get(row.id) ?? null;
    const isOther = cost !== null && row.carried_cost !== null && !dec(cost).equals(dec(row.carried_cost));
    if (isOther && row.type === 'transfer_out' && row.event_id !== null && !arrivals.has(row.event_id)) {
      throw linkedElsewhere();
    }
    const date = moved.get(row.id);
    if (!isOther && date === undefined) return [];
    return [{ id: row.id, date: date ?? row.date, carriedCost: cost ?? row.carried_cost }];
  });
};

/** The book with what was fed since it was looked up: another transfer may have been recorded before the lock. */
const complete = async (tx: Tx, book: Book): Promise<Book> => {
  const entries = await queries.feeding(tx, [...book.holdings.keys()]);
  const missing = entries.filter((entry) => !book.holdings.has(entry.id));
  if (missing.length === 0) return book;
  const home = { id: book.primary.id, portfolioId: book.primary.portfolio_id };
  const rows = await lockEntries(tx, [home, ...missing], home.id);
  return { ...book, holdings: new Map([...book.holdings, ...rows.map((row) => [row.id, row] as const)]) };
};

const replayed = async (tx: Tx, book: Book, change: Change): Promise<Outcome> => {
  const rows = await trades.tradesOfHoldings(tx, [...book.holdings.keys()]);
  const { all, moved } = tradesAfter(rows, change);
  const written = [...(change.added ?? []), ...(change.changed ?? [])];
  const result = replayBook(all);
  if ('oversold' in result) throw oversold(result, written, book.holdings);
  const carried = carriedBy(result.values());
  const ids = new Set(written.map((one) => one.id));
  const untouched = rows.filter((row) => !ids.has(row.id) && change.removed?.(row) !== true);
  return {
    positions: new Map(
      [...book.holdings.keys()].flatMap((id) =>
        change.going?.has(id) === true ? [] : [[id, result.get(id)?.position ?? EMPTY_POSITION] as const],
      ),
    ),
    carried,
    followed: followers(untouched, all, moved, carried),
  };
};

/** The position as it is to be stored. @throws {AppError} 422 `too_large` */
const storable = (id: string, position: Position): queries.Projection => {
  for (const [field, value] of [
    ['qty', position.qty],
    ['price', position.cost],
  ] as const) {
    const problem = decimalProblem(decimalText(value));
    if (problem !== null) {
      const what = field === 'qty' ? 'quantity' : 'cost';
      throw unprocessable('too_large', `With this, the holding’s ${what} ${problem}.`, field);
    }
  }
  return { id, qty: decimalText(position.qty), cost: decimalText(position.cost) };
};

const moveHoldings = async (
  tx: Tx,
  book: Book,
  positions: ReadonlyMap<string, Position>,
): Promise<Changed['moved']> => {
  const moving = [...positions].filter(([id, position]) => {
    const row = book.holdings.get(id);
    if (row === undefined) return false;
    const before = positionOf(row);
    return !before.qty.equals(position.qty) || !before.cost.equals(position.cost);
  });
  const versions =
    moving.length === 0
      ? new Map<string, number>()
      : await queries.moveProjections(
          tx,
          moving.map(([id, position]) => storable(id, position)),
        );
  return [...positions].flatMap(([id, position]) => {
    const holding = book.holdings.get(id);
    return holding === undefined ? [] : [{ holding, position, version: versions.get(id) ?? holding.version }];
  });
};

/**
 * Changes trades of a book: replayed with the change first, then written with all that follows from it. Trades that are
 * removed are the caller's to stamp or delete.
 * @throws {AppError} 422 `oversold` naming the day, `linked_elsewhere`, `too_large`
 */
export const changeBook = async (tx: Tx, opened: Book, change: Change): Promise<Changed> => {
  const { added = [], changed = [], removed } = change;
  const planned = [...added, ...changed].map((one, at) => plannedTrade(one, nextSeq(at)));
  checkFigures(planned, change.priceField);
  const isAdding = changed.length === 0 && removed === undefined && added.length > 0;
  let book = opened;
  let outcome = isAdding ? await appended(tx, book, added, planned) : null;
  if (outcome === null) {
    book = await complete(tx, opened);
    outcome = await replayed(tx, book, change);
  }
  const { positions, carried, followed } = outcome;
  const carrying = (one: TradeValues): TradeValues => {
    const cost = carried.get(one.id);
    return cost === undefined ? one : { ...one, carriedCost: cost };
  };
  const inserted = await trades.insertTrades(tx, added.map(carrying));
  const updated = await trades.updateTrades(tx, changed.map(carrying));
  await trades.followTrades(tx, followed);
  return { rows: [...inserted, ...updated], moved: await moveHoldings(tx, book, positions) };
};
