/**
 * SQL of the audit trail. All rows that one transaction wrote carry its start as their time: together they are one act.
 *
 * Contents: LogRow · momentsBefore · momentOf · rowsOfMoments · touchedSince · titlesOf · instrumentNames ·
 * subjectsOf · peopleWhoActed · putBack · addAgain · takeAway · restorableAmong · currencyOfTrade · eventsAmong
 */
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

/** A row of the trail. Numbers in its values are text: a JavaScript number would lose digits. */
export type LogRow = {
  readonly id: string;
  readonly at: Temporal.Instant;
  readonly actor_id: string | null;
  readonly action: string;
  readonly table_name: string | null;
  readonly row_id: string | null;
  readonly portfolio_id: string | null;
  readonly old_values: Readonly<Record<string, unknown>> | null;
  readonly new_values: Readonly<Record<string, unknown>> | null;
};

const me = sql<string>`nullif(current_setting('app.user_id', true), '')::uuid`;

/** The values with their numbers as text, exactly as they were. */
const texts = (column: 'old_values' | 'new_values') => sql`(
  select jsonb_object_agg(v.key, case jsonb_typeof(v.value) when 'number' then to_jsonb(v.value #>> '{}') else v.value end)
  from jsonb_each(l.${sql.ref(column)}) v) as ${sql.ref(column)}`;

export type Filter = { readonly portfolioId: string | null; readonly tables: readonly string[] | null };

const fits = ({ portfolioId, tables }: Filter) => sql<boolean>`
  (${portfolioId}::uuid is null or l.portfolio_id = ${portfolioId}::uuid)
  and (${tables}::text[] is null or coalesce(l.table_name, '') = any(${tables}::text[]))`;

/** The times of the newest acts before a moment, one look-up in the index for each. */
export const momentsBefore = async (
  tx: Tx,
  before: Temporal.Instant | null,
  filter: Filter,
  limit: number,
): Promise<readonly Temporal.Instant[]> => {
  const { rows } = await sql<{ at: Temporal.Instant }>`
    with recursive moments (at, nth) as (
      (select l.at, 1 from pm.audit_log l
        where l.user_id = ${me} and (${before}::timestamptz is null or l.at < ${before}::timestamptz) and ${fits(filter)}
        order by l.at desc limit 1)
      union all
      select (select l.at from pm.audit_log l where l.user_id = ${me} and l.at < m.at and ${fits(filter)}
        order by l.at desc limit 1), m.nth + 1
      from moments m where m.at is not null and m.nth < ${limit}
    ) select at from moments where at is not null order by at desc`.execute(tx);
  return rows.map((row) => row.at);
};

/** The time of the act that a row of the person's own trail belongs to. */
export const momentOf = async (tx: Tx, id: string): Promise<Temporal.Instant | null> => {
  const { rows } = await sql<{ at: Temporal.Instant }>`
    select l.at from pm.audit_log l where l.user_id = ${me} and l.id = ${id}::bigint`.execute(tx);
  return rows[0]?.at ?? null;
};

/** The first rows of each act, in the order in which they were written, with how many there are. */
export const rowsOfMoments = async (
  tx: Tx,
  moments: readonly Temporal.Instant[],
  limit: number,
): Promise<readonly (LogRow & { readonly total: number })[]> => {
  const { rows } = await sql<LogRow & { total: number }>`
    select r.*, (select count(*)::int from pm.audit_log c where c.user_id = ${me} and c.at = m.at) as total
    from unnest(${moments.map(String)}::timestamptz[]) as m (at)
    cross join lateral (
      select l.id, l.at, l.actor_id, l.action, l.table_name, l.row_id, l.portfolio_id, ${texts('old_values')}, ${texts('new_values')}
      from pm.audit_log l where l.user_id = ${me} and l.at = m.at order by l.id limit ${limit}
    ) r order by r.at desc, r.id`.execute(tx);
  return rows;
};

/** Whether anything of some rows was written after a row of the trail; of an update, any of some columns. */
export const touchedSince = async (
  tx: Tx,
  rowIds: readonly string[],
  after: string,
  columns: readonly string[] | null,
): Promise<boolean> => {
  const { rows } = await sql<{ touched: boolean }>`
    select exists (select from pm.audit_log l
      where l.user_id = ${me} and l.row_id = any(${rowIds}::uuid[]) and l.id > ${after}::bigint
        and (${columns}::text[] is null or l.action <> 'update' or l.new_values ?| ${columns}::text[])) as touched`.execute(
    tx,
  );
  return rows[0]?.touched ?? false;
};

/** What rows are called, by their newest version. */
export type Titled = {
  readonly id: string;
  readonly title: string | null;
  readonly type: string | null;
  readonly date: Temporal.PlainDate | null;
  readonly qty: string | null;
  readonly event_id: string | null;
};

export const titlesOf = async (
  tx: Tx,
  ids: {
    readonly portfolios: readonly string[];
    readonly holdings: readonly string[];
    readonly trades: readonly string[];
  },
): Promise<ReadonlyMap<string, Titled>> => {
  const { rows } = await sql<Titled>`
    (select distinct on (p.id) p.id, p.name as title, null::text as type, null::date as date, null::numeric as qty,
        null::uuid as event_id, p.valid_from
      from pm.portfolios_versions p where p.id = any(${ids.portfolios}::uuid[]) order by p.id, p.valid_from desc)
    union all
    (select distinct on (h.id) h.id, coalesce(i.name, h.unlinked_name) || ' · ' || h.account, null, null, null, null, h.valid_from
      from pm.holdings_versions h left join pm.instruments i on i.id = h.instrument_id
      where h.id = any(${ids.holdings}::uuid[]) order by h.id, h.valid_from desc)
    union all
    (select distinct on (t.id) t.id, coalesce(i.name, h.unlinked_name) || ' · ' || h.account, t.type, t.date, t.qty, t.event_id,
        t.valid_from
      from pm.trades_versions t
      join pm.holdings_versions h on h.id = t.holding_id
      left join pm.instruments i on i.id = h.instrument_id
      where t.id = any(${ids.trades}::uuid[]) order by t.id, t.valid_from desc, h.valid_from desc)`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.id, row]));
};

/** Instruments' names. */
export const instrumentNames = async (
  tx: Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  if (ids.length === 0) return new Map();
  const rows = await tx.selectFrom('instruments').select(['id', 'name']).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row.name]));
};

/** What a row is about, as far as it is still there: its instrument, its holding, or its own name. */
export type Subject = {
  readonly id: string;
  readonly instrument_id: string | null;
  readonly holding_id: string | null;
  readonly name: string | null;
};

/** Of a change the trail has the columns that changed; what the row is about is in the row. */
export const subjectsOf = async (tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Subject>> => {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Subject>`
    with wanted as (select unnest(${ids}::uuid[]) as id)
    select m.id, m.instrument_id, null::uuid as holding_id, null::text as name
      from pm.manual_prices m join wanted w on w.id = m.id where m.user_id = ${me}
    union all select m.id, m.instrument_id, null, null from pm.watched_instruments m join wanted w on w.id = m.id where m.user_id = ${me}
    union all select m.id, null, m.holding_id, null from pm.holding_debts m join wanted w on w.id = m.id where m.user_id = ${me}
    union all select m.id, null, null, m.name from pm.accounts m join wanted w on w.id = m.id where m.user_id = ${me}
    union all select m.id, null, null, m.name from pm.recurring_plans m join wanted w on w.id = m.id where m.user_id = ${me}`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.id, row]));
};

/** Who else acted on what is the person's, by name or else by address. */
export const peopleWhoActed = async (
  tx: Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; name: string | null; email: string }>`
    select id, name, email from pm.people_who_acted(${ids}::uuid[])`.execute(tx);
  return new Map(rows.map((row) => [row.id, row.name ?? row.email]));
};

/** Tables whose rows can be put back as the trail has them: nothing else follows from them. */
export type PlainTable = 'manual_prices' | 'holding_debts' | 'watched_instruments';

/** Puts columns of a row back as they were. False when the row is gone. */
export const putBack = async (
  tx: Tx,
  table: PlainTable,
  id: string,
  values: Readonly<Record<string, unknown>>,
): Promise<boolean> => {
  const columns = Object.keys(values);
  const names = sql.join(columns.map((name) => sql.ref(name)));
  const before = sql.join(columns.map((name) => sql.ref(`b.${name}`)));
  const { numAffectedRows } = await sql`
    update ${sql.table(`pm.${table}`)} t set (${names}) = (
      select ${before} from jsonb_populate_record(t, ${JSON.stringify(values)}::jsonb) b)
    where t.user_id = ${me} and t.id = ${id}::uuid`.execute(tx);
  return (numAffectedRows ?? 0n) > 0n;
};

/** Adds a row again as it was. False when another one stands in its place. */
export const addAgain = async (
  tx: Tx,
  table: PlainTable,
  values: Readonly<Record<string, unknown>>,
): Promise<boolean> => {
  const columns = Object.keys(values).filter((name) => name !== 'version' && name !== 'updated_at');
  const names = sql.join(columns.map((name) => sql.ref(name)));
  const { numAffectedRows } = await sql`
    insert into ${sql.table(`pm.${table}`)} (${names})
    select ${names} from jsonb_populate_record(null::${sql.table(`pm.${table}`)}, ${JSON.stringify(values)}::jsonb)
    on conflict do nothing`.execute(tx);
  return (numAffectedRows ?? 0n) > 0n;
};

/** Takes a row away. */
export const takeAway = async (tx: Tx, table: PlainTable, id: string): Promise<void> => {
  await sql`delete from ${sql.table(`pm.${table}`)} where user_id = ${me} and id = ${id}::uuid`.execute(tx);
};

/** Which deletions can still be undone. */
export const restorableAmong = async (tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  if (ids.length === 0) return new Set();
  const rows = await tx.selectFrom('deletions').select('id').where('id', 'in', ids).execute();
  return new Set(rows.map((row) => row.id));
};

/** The currency that a trade's price is stored in. */
export const currencyOfTrade = async (tx: Tx, id: string): Promise<string> => {
  const row = await tx.selectFrom('trades').select('currency').where('id', '=', id).executeTakeFirst();
  return row?.currency ?? '';
};

/** How many events some trades are: their legs count once. */
export const eventsAmong = async (tx: Tx, tradeIds: readonly string[]): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(distinct coalesce(t.event_id, t.id))::int as count from pm.trades t where t.id = any(${tradeIds}::uuid[])`.execute(
    tx,
  );
  return rows[0]?.count ?? 0;
};
