/**
 * SQL of trades.
 *
 * Contents: getTrade · tradesOfEvent · tradesOfHoldings · bookEdges · BLANK_TRADE · ownCurrency · insertTrades · updateTrades · removeTrades ·
 * inTransitOn · tradesUntil · transitsSince · tradesSince · splitsBetween · tradesOnDay · firstTradeDay
 */
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

const tradeColumns = [
  'id',
  'user_id',
  'holding_id',
  'portfolio_id',
  'type',
  'date',
  'seq',
  'qty',
  'price',
  'amount',
  'fees',
  'taxes',
  'currency',
  'quote_unit',
  'fx_rate',
  'fx_source',
  'fx_date',
  'split_numerator',
  'split_denominator',
  'carried_cost',
  'deposit_source',
  'event_id',
  'leg',
  'overdraw',
  'date_assumed',
  'notes',
  'version',
  'created_at',
] as const;

const liveTrades = (tx: Tx) => tx.selectFrom('trades').select(tradeColumns).where('deleted_at', 'is', null);

export const getTrade = (tx: Tx, id: string) => liveTrades(tx).where('id', '=', id).executeTakeFirst();

export type TradeRow = Awaited<ReturnType<typeof getTrade>> & object;

/** The live legs of an event that the person may see, in order of recording. */
export const tradesOfEvent = (tx: Tx, eventId: string): Promise<TradeRow[]> =>
  liveTrades(tx).where('event_id', '=', eventId).orderBy('seq').execute();

/** Every live trade of some holdings; the replay puts them in order. */
export const tradesOfHoldings = (tx: Tx, holdingIds: readonly string[]): Promise<TradeRow[]> =>
  liveTrades(tx)
    .where('holding_id', 'in', holdingIds)
    .orderBy('holding_id')
    .orderBy('date')
    .orderBy('seq')
    .execute();

/** An arrival whose other end is of that day or before. */
const hadLeft = (day: Temporal.PlainDate) =>
  sql<boolean>`(type = 'transfer_in' and leg = 'counterpart' and exists (
    select from pm.trades o where o.event_id = trades.event_id
      and o.type = 'transfer_out' and o.deleted_at is null and o.date <= ${day.toString()}::date))`;

/** Units on their way between two holdings. */
export type InTransit = {
  readonly holding_id: string;
  readonly portfolio_id: string;
  readonly from_account: string;
  /** Null where it is the same portfolio. */
  readonly from_portfolio: string | null;
  readonly qty: string;
  readonly left_on: Temporal.PlainDate;
  readonly arrives_on: Temporal.PlainDate;
};

/**
 * What had left a holding by a day and arrives in one of these portfolios after it. What comes from a portfolio that the
 * person may not see is not known before it arrives.
 */
export const inTransitOn = async (
  tx: Tx,
  portfolioIds: readonly string[],
  day: Temporal.PlainDate,
): Promise<InTransit[]> =>
  (
    await sql<InTransit>`
      select i.holding_id, i.portfolio_id, h.account as from_account,
        case when p.id <> i.portfolio_id then p.name end as from_portfolio, i.qty, o.date as left_on, i.date as arrives_on
      from pm.trades i
      join pm.trades o on o.event_id = i.event_id and o.type = 'transfer_out'
        and o.deleted_at is null and o.date <= ${day.toString()}::date
      join pm.holdings h on h.id = o.holding_id
      join pm.portfolios p on p.id = o.portfolio_id
      where i.portfolio_id = any (${portfolioIds}::uuid[]) and i.date > ${day.toString()}::date
        and i.type = 'transfer_in' and i.leg = 'counterpart' and i.deleted_at is null
      order by i.date, i.id`.execute(tx)
  ).rows;

/**
 * Trades up to and including a day of every live holding of a portfolio: what `asOf` rests on. What had left another
 * holding and had not arrived counts where it was going.
 */
export const tradesUntil = (tx: Tx, portfolioId: string, day: Temporal.PlainDate): Promise<TradeRow[]> =>
  liveTrades(tx)
    .where('portfolio_id', '=', portfolioId)
    .where((row) => row.or([row('date', '<=', day), hadLeft(day)]))
    .orderBy('holding_id')
    .orderBy('date')
    .orderBy('seq')
    .execute();

/** Units that took days to arrive in a holding. */
export type TransitRow = {
  readonly holding_id: string;
  readonly qty: string;
  readonly cost: string;
  readonly left_on: Temporal.PlainDate;
  readonly arrives_on: Temporal.PlainDate;
};

/** What arrives in a portfolio on a day or later and left somewhere before that. */
export const transitsSince = async (
  tx: Tx,
  portfolioId: string,
  day: Temporal.PlainDate,
): Promise<TransitRow[]> =>
  (
    await sql<TransitRow>`
      select i.holding_id, i.qty, i.carried_cost as cost, o.date as left_on, i.date as arrives_on
      from pm.trades i
      join pm.trades o on o.event_id = i.event_id and o.type = 'transfer_out' and o.deleted_at is null and o.date < i.date
      where i.portfolio_id = ${portfolioId}::uuid and i.type = 'transfer_in' and i.leg = 'counterpart'
        and i.deleted_at is null and i.date >= ${day.toString()}::date
      order by i.date, i.id`.execute(tx)
  ).rows;

/** Trades of a portfolio from a day on, and every split of its history, which older prices are scaled by. */
export const tradesSince = (tx: Tx, portfolioId: string, day: Temporal.PlainDate): Promise<TradeRow[]> =>
  liveTrades(tx)
    .where('portfolio_id', '=', portfolioId)
    .where((row) => row.or([row('date', '>=', day), row('type', '=', 'split')]))
    .orderBy('date')
    .orderBy('seq')
    .execute();

/** A split of a holding: new units for old ones. */
export type SplitRow = {
  readonly holding_id: string;
  readonly date: Temporal.PlainDate;
  readonly split_numerator: number;
  readonly split_denominator: number;
};

/** Splits of the live holdings of portfolios after one day, up to and including another. */
export const splitsBetween = async (
  tx: Tx,
  portfolioIds: readonly string[],
  after: Temporal.PlainDate,
  until: Temporal.PlainDate,
): Promise<SplitRow[]> => {
  const { rows } = await sql<SplitRow>`
    select t.holding_id, t.date, t.split_numerator, t.split_denominator from pm.trades t
    where t.portfolio_id = any (${portfolioIds}::uuid[]) and t.type = 'split' and t.deleted_at is null
      and t.date > ${after.toString()}::date and t.date <= ${until.toString()}::date`.execute(tx);
  return rows;
};

/** Trades of one day, of every live holding of a portfolio. */
export const tradesOnDay = (tx: Tx, portfolioId: string, day: Temporal.PlainDate): Promise<TradeRow[]> =>
  liveTrades(tx).where('portfolio_id', '=', portfolioId).where('date', '=', day).orderBy('seq').execute();

/** The day of the first trade of a portfolio, or on which the first units left another one for it; null without any. */
export const firstTradeDay = async (tx: Tx, portfolioId: string): Promise<Temporal.PlainDate | null> => {
  const { rows } = await sql<{ first: Temporal.PlainDate | null }>`
    select least(
      (select t.date from pm.trades t where t.portfolio_id = ${portfolioId}::uuid and t.deleted_at is null
        order by t.date, t.seq limit 1),
      (select min(o.date) from pm.trades i
        join pm.trades o on o.event_id = i.event_id and o.type = 'transfer_out' and o.deleted_at is null
        where i.portfolio_id = ${portfolioId}::uuid and i.type = 'transfer_in' and i.deleted_at is null))::date as first`.execute(
    tx,
  );
  return rows[0]?.first ?? null;
};

/** What recording needs to know of a holding's history without reading it. */
export type BookEdge = {
  readonly holdingId: string;
  /** Day of its newest trade; null when it has none. */
  readonly newest: Temporal.PlainDate | null;
};

export const bookEdges = async (tx: Tx, holdingIds: readonly string[]): Promise<BookEdge[]> => {
  const found = await sql<BookEdge>`
    select h.id as "holdingId", n.date as newest
    from unnest(${holdingIds}::uuid[]) as h (id)
    left join lateral (select t.date from pm.trades t where t.holding_id = h.id and t.deleted_at is null
      order by t.date desc, t.seq desc limit 1) n on true`.execute(tx);
  return found.rows;
};

/** A trade as it is to be stored. */
export type TradeValues = {
  readonly id: string;
  readonly holding: { readonly id: string; readonly user_id: string; readonly portfolio_id: string };
  readonly type: TradeRow['type'];
  readonly date: Temporal.PlainDate;
  readonly dateAssumed: boolean;
  readonly qty: string | null;
  readonly price: string | null;
  readonly amount: string | null;
  readonly fees: string;
  readonly taxes: string;
  readonly currency: string;
  readonly quoteUnit: string | null;
  readonly fxRate: string | null;
  readonly fxSource: string | null;
  readonly fxDate: Temporal.PlainDate | null;
  readonly split: { readonly numerator: number; readonly denominator: number } | null;
  readonly carriedCost: string | null;
  readonly source: string | null;
  readonly eventId: string | null;
  readonly leg: string;
  readonly overdraw: boolean;
  readonly notes: string | null;
  /** The statement that brought it, and which of its rows it is. */
  readonly imported?: { readonly id: string; readonly key: string | null };
};

/** What a trade is unless something is said: the only leg of an event, of nothing but what it states. */
export const BLANK_TRADE = {
  dateAssumed: false,
  qty: null,
  price: null,
  amount: null,
  fees: '0',
  taxes: '0',
  fxRate: null,
  fxSource: null,
  fxDate: null,
  split: null,
  carriedCost: null,
  source: null,
  eventId: null,
  leg: 'primary',
  overdraw: false,
  notes: null,
} as const satisfies Partial<TradeValues>;

/** Of a trade in its portfolio's own currency. */
export const ownCurrency = (base: string) =>
  ({ currency: base, quoteUnit: base, fxRate: '1', fxSource: 'identity' }) as const;

const changeable = (trade: TradeValues) => ({
  date: trade.date,
  date_assumed: trade.dateAssumed,
  qty: trade.qty,
  price: trade.price,
  amount: trade.amount,
  fees: trade.fees,
  taxes: trade.taxes,
  currency: trade.currency,
  quote_unit: trade.quoteUnit,
  fx_rate: trade.fxRate,
  fx_source: trade.fxSource,
  fx_date: trade.fxDate,
  split_numerator: trade.split?.numerator ?? null,
  split_denominator: trade.split?.denominator ?? null,
  carried_cost: trade.carriedCost,
  deposit_source: trade.source,
  event_id: trade.eventId,
  leg: trade.leg,
  overdraw: trade.overdraw,
  notes: trade.notes,
});

/** More trades than this are handed over as columns: a statement has room for 65,535 parameters. */
const MANY = 200;

/** Writes trades in one statement; they are numbered in the order given. @returns them, but for more than `MANY` */
export const insertTrades = async (tx: Tx, trades: readonly TradeValues[]): Promise<TradeRow[]> => {
  if (trades.length === 0) return [];
  if (trades.length > MANY) return insertColumns(tx, trades);
  return tx
    .insertInto('trades')
    .values(
      trades.map((trade) => ({
        id: trade.id,
        user_id: trade.holding.user_id,
        portfolio_id: trade.holding.portfolio_id,
        holding_id: trade.holding.id,
        type: trade.type,
        ...changeable(trade),
        import_id: trade.imported?.id ?? null,
        import_key: trade.imported?.key ?? null,
      })),
    )
    .returning(tradeColumns)
    .execute();
};

/** Trades handed over at once: while the database stores some, the next are made ready. */
const CHUNK = 2_500;

/** An array as PostgreSQL reads one. The values need no quotation marks: ids, numbers, days and words of ours. */
const plainArray = (values: readonly (string | number | boolean | null)[]): string =>
  `{${values.map((value) => value ?? 'NULL').join(',')}}`;

/** The columns of some trades as one statement. */
const insertChunk = async (tx: Tx, trades: readonly TradeValues[]): Promise<void> => {
  const of = (pick: (trade: TradeValues) => string | number | boolean | null): string =>
    plainArray(trades.map(pick));
  const texts = (pick: (trade: TradeValues) => string | null): (string | null)[] => trades.map(pick);
  const days = new Map<Temporal.PlainDate, string>();
  const dayOf = (day: Temporal.PlainDate): string => {
    const known = days.get(day) ?? day.toString();
    days.set(day, known);
    return known;
  };
  await sql`
    insert into pm.trades (id, user_id, portfolio_id, holding_id, type, date, date_assumed, qty, price, amount, fees, taxes,
      currency, quote_unit, fx_rate, fx_source, fx_date, split_numerator, split_denominator, carried_cost, deposit_source,
      event_id, leg, overdraw, notes, import_id, import_key)
    select * from unnest(
      ${of((one) => one.id)}::uuid[], ${of((one) => one.holding.user_id)}::uuid[],
      ${of((one) => one.holding.portfolio_id)}::uuid[], ${of((one) => one.holding.id)}::uuid[],
      ${of((one) => one.type)}::text[], ${of((one) => dayOf(one.date))}::date[],
      ${of((one) => one.dateAssumed)}::boolean[], ${of((one) => one.qty)}::numeric[], ${of((one) => one.price)}::numeric[],
      ${of((one) => one.amount)}::numeric[], ${of((one) => one.fees)}::numeric[], ${of((one) => one.taxes)}::numeric[],
      ${of((one) => one.currency)}::text[], ${of((one) => one.quoteUnit)}::text[], ${of((one) => one.fxRate)}::numeric[],
      ${texts((one) => one.fxSource)}::text[], ${of((one) => (one.fxDate === null ? null : dayOf(one.fxDate)))}::date[],
      ${of((one) => one.split?.numerator ?? null)}::integer[], ${of((one) => one.split?.denominator ?? null)}::integer[],
      ${of((one) => one.carriedCost)}::numeric[], ${of((one) => one.source)}::text[],
      ${of((one) => one.eventId)}::uuid[], ${of((one) => one.leg)}::text[], ${of((one) => one.overdraw)}::boolean[],
      ${texts((one) => one.notes)}::text[], ${of((one) => one.imported?.id ?? null)}::uuid[],
      ${texts((one) => one.imported?.key ?? null)}::text[])`.execute(tx);
};

const insertColumns = async (tx: Tx, trades: readonly TradeValues[]): Promise<TradeRow[]> => {
  const sent: Promise<void>[] = [];
  for (let at = 0; at < trades.length; at += CHUNK) sent.push(insertChunk(tx, trades.slice(at, at + CHUNK)));
  await Promise.all(sent);
  return [];
};

/** Rewrites trades. An event has a handful of legs: a statement each. */
export const updateTrades = async (tx: Tx, trades: readonly TradeValues[]): Promise<TradeRow[]> => {
  const rows: TradeRow[] = [];
  for (const trade of trades) {
    rows.push(
      await tx
        .updateTable('trades')
        .set(changeable(trade))
        .where('id', '=', trade.id)
        .returning(tradeColumns)
        .executeTakeFirstOrThrow(),
    );
  }
  return rows;
};

/** What a replay says of trades that stand as they are otherwise: the cost that a transfer carries, an assumed day. */
export type Followed = {
  readonly id: string;
  readonly date: Temporal.PlainDate;
  readonly carriedCost: string | null;
};

export const followTrades = async (tx: Tx, followed: readonly Followed[]): Promise<void> => {
  if (followed.length === 0) return;
  await sql`
    update pm.trades t set date = f.date, carried_cost = f.cost
    from unnest(${followed.map(({ id }) => id)}::uuid[], ${followed.map(({ date }) => date.toString())}::date[],
      ${followed.map(({ carriedCost }) => carriedCost)}::numeric[]) as f (id, date, cost)
    where t.id = f.id`.execute(tx);
};

/** Takes legs away that a correction left out; the history keeps what they were. */
export const removeTrades = async (tx: Tx, ids: readonly string[]): Promise<void> => {
  if (ids.length > 0) await tx.deleteFrom('trades').where('id', 'in', ids).execute();
};

export const hasOpening = async (tx: Tx, holdingId: string): Promise<boolean> =>
  (await liveTrades(tx)
    .where('holding_id', '=', holdingId)
    .where('type', '=', 'opening')
    .limit(1)
    .executeTakeFirst()) !== undefined;

/**
 * Every trade of a portfolio, deleted ones too, and both ends of the transfers that touch it, wherever they are.
 */
export const tradesToRestate = (tx: Tx, portfolioId: string): Promise<TradeRow[]> =>
  tx
    .selectFrom('trades')
    .select(tradeColumns)
    .where((eb) =>
      eb.or([
        eb('portfolio_id', '=', portfolioId),
        eb.and([
          eb('type', 'in', ['transfer_in', 'transfer_out']),
          eb(
            'event_id',
            'in',
            eb
              .selectFrom('trades as own')
              .select('own.event_id')
              .where('own.portfolio_id', '=', portfolioId)
              .where('own.type', 'in', ['transfer_in', 'transfer_out'])
              .where('own.event_id', 'is not', null),
          ),
        ]),
      ]),
    )
    .orderBy('id')
    .execute();

/** The currencies of portfolios. */
export const basesOf = async (tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const rows = await tx
    .selectFrom('portfolios')
    .select(['id', 'base_currency'])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row.base_currency]));
};

export const liveHoldings = async (tx: Tx, portfolioId: string): Promise<string[]> => {
  const rows = await tx
    .selectFrom('holdings')
    .select('id')
    .where('portfolio_id', '=', portfolioId)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map((row) => row.id);
};

/** A trade with the rate by which it counts from now on. */
export type Rerated = Pick<
  TradeValues,
  'id' | 'currency' | 'quoteUnit' | 'fxRate' | 'fxSource' | 'fxDate' | 'carriedCost'
>;

/** Gives trades other rates, in one statement however many they are. */
export const rerateTrades = async (tx: Tx, all: readonly Rerated[]): Promise<void> => {
  await sql`
    update pm.trades t set currency = r.currency, quote_unit = r.unit, fx_rate = r.rate, fx_source = r.source,
      fx_date = r.day, carried_cost = r.cost
    from unnest(${all.map(({ id }) => id)}::uuid[], ${all.map((one) => one.currency)}::text[],
      ${all.map(({ quoteUnit }) => quoteUnit)}::text[], ${all.map(({ fxRate }) => fxRate)}::numeric[],
      ${all.map(({ fxSource }) => fxSource)}::text[], ${all.map(({ fxDate }) => fxDate?.toString() ?? null)}::date[],
      ${all.map(({ carriedCost }) => carriedCost)}::numeric[]) as r (id, currency, unit, rate, source, day, cost)
    where t.id = r.id`.execute(tx);
};
