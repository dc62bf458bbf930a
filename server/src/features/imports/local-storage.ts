/**
 * What an older version kept in the browser, taken over: looked at first, whole or not at all, and nothing twice. Its ids
 * are never ours: each is mapped, and remembered so that taking it over again adds only what is new.
 *
 * Contents: readOldData · takeLocalStorage
 */
import { randomUUIDv7 } from 'node:crypto';

import type { LocalStorageReport } from '@pm/contracts/imports';
import { dayIn } from '@pm/domain/calendar';
import { validIsin } from '@pm/domain/identifiers';
import { readLocalStorage } from '@pm/domain/local-storage';
import type { LocalStorageData, OldHolding, OldPortfolio, OldTrade, Remark } from '@pm/domain/local-storage';
import { decimalText, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import { sql } from 'kysely';
import type { Static } from 'typebox';

import { findSecurities } from '#features/instruments';
import { BLANK_TRADE, ownCurrency, recordInBulk } from '#features/ledger';
import type { NewHolding, TradeValues } from '#features/ledger';
import { createPortfolio, lockedPortfolio } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';
import { AppError, isAppError } from '#platform/errors.ts';
import { orderedIds } from '#platform/ordered-ids.ts';

import { draftOf } from './local-storage-documents.ts';
import { knownIds, saveIds, setParents } from './local-storage-queries.ts';
import type { TakenId } from './local-storage-queries.ts';

type Report = Static<typeof LocalStorageReport>;
const LATEST_ZONE = 'Pacific/Kiritimati';
/** Remarks that an answer lists; the counts tell of the others. */
const LISTED = 200;

/** Reads the JSON. No database: meant for a request's `prepare`. */
export const readOldData = (bytes: Uint8Array, now: Temporal.Instant): LocalStorageData =>
  // The day of the person is not known yet; nobody's is further than this zone's.
  readLocalStorage(new TextDecoder().decode(bytes), dayIn(now, LATEST_ZONE));

/** What is made, gathered portfolio by portfolio. */
type Harvest = {
  readonly changed: Remark[];
  readonly refused: Remark[];
  readonly holdings: NewHolding[];
  readonly trades: TradeValues[];
  readonly ids: TakenId[];
  readonly portfolios: Report['portfolios'];
  readonly known: { portfolios: number; holdings: number; trades: number };
};

type Known = Awaited<ReturnType<typeof knownIds>>;
type Place = { readonly id: string; readonly base: string; readonly field: string };

const tradeOf = (trade: OldTrade, holding: TradeValues['holding'], base: string): TradeValues => ({
  ...BLANK_TRADE,
  ...ownCurrency(base),
  id: randomUUIDv7(),
  holding,
  type: trade.type,
  date: trade.date,
  qty: decimalText(trade.qty),
  price: decimalText(trade.price),
  fees: decimalText(trade.fees),
});

const netOf = (trades: readonly OldTrade[]): Decimal =>
  trades.reduce((sum, one) => (one.type === 'buy' ? sum.plus(one.qty) : sum.minus(one.qty)), ZERO);

/** What a holding had before its trades: the older version kept the quantity beside them. */
const openingOf = (
  old: OldHolding,
  trades: readonly OldTrade[],
  holding: TradeValues['holding'],
  place: Place & {
    readonly today: Temporal.PlainDate;
    readonly remark: (field: string, message: string) => void;
  },
): TradeValues[] => {
  const missing = old.qty.minus(netOf(trades));
  if (missing.isZero()) return [];
  if (missing.isNegative()) {
    place.remark('qty', `becomes ${decimalText(netOf(trades))}: it follows from the trades`);
    return [];
  }
  if (trades.length > 0) {
    place.remark(
      'qty',
      `is ${decimalText(missing)} more than the trades say; that much was there before them`,
    );
  }
  const [first] = trades.toSorted((a, b) => (a.date.toString() < b.date.toString() ? -1 : 1));
  return [
    {
      ...BLANK_TRADE,
      ...ownCurrency(place.base),
      id: randomUUIDv7(),
      holding,
      type: 'opening',
      date: first?.date ?? place.today,
      dateAssumed: true,
      qty: decimalText(missing),
      price: decimalText(old.avgCost),
    },
  ];
};

/** The instrument of each holding, where what it is called says which; the others stay without. */
const link = async (tx: Tx, old: OldPortfolio, userId: string): Promise<ReadonlyMap<string, string>> => {
  const wanted = old.holdings.map((one) => ({
    key: one.id,
    isin: one.isin === null ? null : validIsin(one.isin),
    sedol: null,
    ticker: one.ticker?.toUpperCase() ?? null,
    mic: null,
    name: one.name,
  }));
  const found = await findSecurities(tx, wanted, userId);
  return new Map(
    [...found].flatMap(([key, candidates]) => {
      const sure =
        candidates.find((one) => one.sure) ?? (candidates.length === 1 ? candidates[0] : undefined);
      return sure === undefined ? [] : [[key, sure.instrumentId] as const];
    }),
  );
};

const nameOf = (old: OldHolding): string =>
  old.name ?? old.ticker ?? old.isin ?? `${old.theme}, ${old.section}`;

type Taking = {
  readonly nextId: () => string;
  readonly harvest: Harvest;
  readonly known: Known;
  readonly userId: string;
  readonly today: Temporal.PlainDate;
};

const takeHoldings = async (
  tx: Tx,
  old: OldPortfolio,
  place: Place,
  taking: Taking,
): Promise<Report['portfolios'][number]> => {
  const { harvest, known, userId, today } = taking;
  const instruments = await link(tx, old, userId);
  const byHolding = Map.groupBy(old.trades, (trade) => trade.holdingId);
  const taken = new Set<string>();
  const counts = { holdings: 0, trades: 0, linked: 0 };
  for (const [at, one] of old.holdings.entries()) {
    const field = `${place.field}.holdings.${at}`;
    const remark = (name: string, message: string): void =>
      void harvest.changed.push({ field: `${field}.${name}`, message });
    const before = known.holding.get(one.id);
    const holding = { id: before ?? taking.nextId(), user_id: userId, portfolio_id: place.id };
    const trades = (byHolding.get(one.id) ?? []).filter((trade) => !known.trade.has(trade.id));
    harvest.known.trades += (byHolding.get(one.id)?.length ?? 0) - trades.length;
    if (before !== undefined) harvest.known.holdings += 1;
    else {
      const instrument = instruments.get(one.id);
      const where = `${one.account} ${instrument ?? ''}`;
      const isLinked = instrument !== undefined && !taken.has(where);
      if (instrument !== undefined && !isLinked) {
        remark('name', 'is held in that account already; this one stays without instrument');
      }
      if (instrument === undefined) {
        remark(
          'name',
          `“${nameOf(one)}” is no instrument known for sure; it stays without one until you link it`,
        );
      }
      taken.add(where);
      counts.holdings += 1;
      counts.linked += Number(isLinked);
      harvest.ids.push({ kind: 'holding', source: one.id, target: holding.id });
      harvest.holdings.push({
        id: holding.id,
        userId,
        portfolioId: place.id,
        instrumentId: isLinked ? instrument : null,
        unlinkedName: isLinked ? null : nameOf(one),
        section: one.section,
        theme: one.theme,
        account: one.account,
        targetPct: one.targetPct,
        include: one.include,
        notes: one.notes,
      });
      harvest.trades.push(...openingOf(one, trades, holding, { ...place, today, remark }));
    }
    for (const trade of trades) {
      const values = tradeOf(trade, holding, place.base);
      counts.trades += 1;
      harvest.ids.push({ kind: 'trade', source: trade.id, target: values.id });
      harvest.trades.push(values);
    }
  }
  return { sourceId: old.id, name: old.name, portfolioId: place.id, isNew: false, ...counts };
};

const takePortfolio = async (tx: Tx, old: OldPortfolio, at: number, taking: Taking): Promise<void> => {
  const { harvest, known, userId } = taking;
  const field = `portfolios.${at}`;
  const before = known.portfolio.get(old.id);
  if (before !== undefined) {
    const portfolio = await lockedPortfolio(tx, before, 'change');
    harvest.known.portfolios += 1;
    const place = { id: before, base: portfolio.baseCurrency, field };
    harvest.portfolios.push(await takeHoldings(tx, old, place, taking));
    return;
  }
  const draft = draftOf(old, field, harvest.changed, harvest.refused);
  if (draft === null) return;
  try {
    const made = await createPortfolio(tx, userId, draft);
    harvest.ids.push({ kind: 'portfolio', source: old.id, target: made.id });
    const place = { id: made.id, base: made.baseCurrency, field };
    harvest.portfolios.push({ ...(await takeHoldings(tx, old, place, taking)), isNew: true });
  } catch (error) {
    if (!isAppError(error) || error.status >= 500) throw error;
    for (const one of error.errors ?? [{ field: error.field ?? 'name', message: error.detail }]) {
      harvest.refused.push({ field: `${field}.${one.field}`, message: one.message });
    }
  }
};

const parentsOf = (data: LocalStorageData, known: Known, ids: readonly TakenId[]) => {
  const targets = new Map([
    ...known.portfolio,
    ...ids.filter((one) => one.kind === 'portfolio').map((one) => [one.source, one.target] as const),
  ]);
  return data.portfolios.flatMap(({ id, parentId }) => {
    const [target, parent] = [targets.get(id), parentId === null ? undefined : targets.get(parentId)];
    return target === undefined || parent === undefined || known.portfolio.has(id)
      ? []
      : [{ id: target, parentId: parent }];
  });
};

const take = async (tx: Tx, data: LocalStorageData, taker: Taker): Promise<Harvest> => {
  const known = await knownIds(tx, taker.id);
  const harvest: Harvest = {
    changed: [],
    refused: [...data.refused],
    holdings: [],
    trades: [],
    ids: [],
    portfolios: [],
    known: { portfolios: 0, holdings: 0, trades: 0 },
  };
  if (harvest.refused.length > 0) return harvest;
  const nextId = orderedIds();
  for (const [at, old] of data.portfolios.entries()) {
    await takePortfolio(tx, old, at, {
      nextId,
      harvest,
      known,
      userId: taker.id,
      today: taker.today,
    });
  }
  if (harvest.refused.length > 0) return harvest;
  const inOrder = harvest.trades.toSorted(
    (a, b) =>
      Temporal.PlainDate.compare(a.date, b.date) ||
      Number(b.type === 'opening') - Number(a.type === 'opening'),
  );
  try {
    await recordInBulk(tx, harvest.holdings, inOrder);
  } catch (error) {
    if (!isAppError(error) || error.status >= 500) throw error;
    harvest.refused.push({ field: 'portfolios', message: error.detail });
    return harvest;
  }
  await setParents(tx, parentsOf(data, known, harvest.ids));
  await saveIds(tx, taker.id, harvest.ids);
  return harvest;
};

const reportOf = (harvest: Harvest): Report => ({
  portfolios: harvest.portfolios.slice(0, LISTED),
  made: {
    portfolios: harvest.ids.filter((one) => one.kind === 'portfolio').length,
    holdings: harvest.holdings.length,
    trades: harvest.trades.length,
  },
  known: harvest.known,
  changed: harvest.changed.slice(0, LISTED),
  changedCount: harvest.changed.length,
  refused: harvest.refused.slice(0, LISTED),
  refusedCount: harvest.refused.length,
  ready: harvest.refused.length === 0 && harvest.ids.length > 0,
});

/** In whose name, on which day. */
export type Taker = { readonly id: string; readonly today: Temporal.PlainDate };

/** What taking the data over would do; nothing is stored. */
export const previewLocalStorage = async (tx: Tx, data: LocalStorageData, taker: Taker): Promise<Report> => {
  await sql`savepoint local_storage_preview`.execute(tx);
  const harvest = await take(tx, data, taker);
  await sql`rollback to savepoint local_storage_preview`.execute(tx);
  const report = reportOf(harvest);
  const portfolios = report.portfolios.map((one) => (one.isNew ? { ...one, portfolioId: null } : one));
  return { ...report, portfolios };
};

/**
 * Takes the data over, all of it or nothing.
 * @throws {AppError} 422 `local_storage_refused` naming each place and why
 */
export const takeLocalStorage = async (tx: Tx, data: LocalStorageData, taker: Taker): Promise<Report> => {
  const harvest = await take(tx, data, taker);
  if (harvest.refused.length > 0) {
    const shown = harvest.refused.slice(0, 20);
    const detail = shown.map(({ field, message }) => `${field} ${message}`).join('; ');
    throw new AppError(422, 'local_storage_refused', `${detail}. Nothing was taken over.`, {
      errors: shown,
      field: 'body',
    });
  }
  return reportOf(harvest);
};
