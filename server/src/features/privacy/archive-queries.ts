/**
 * SQL of archives.
 *
 * Contents: readColumns · openRows · fetchRows · rewindRows · referredInstruments · profileOf · isEmptyAccount · insertRows ·
 * findShared
 */
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

export type ArchiveColumn = {
  readonly table: string;
  readonly name: string;
  readonly base: string;
  readonly isGenerated: boolean;
};

/** The columns of some tables that requests may read, in their order. */
export const readColumns = async (tx: Tx, tables: readonly string[]): Promise<ArchiveColumn[]> => {
  const found = await sql<ArchiveColumn>`
    select c.relname as "table", a.attname as name, coalesce(nullif(y.typbasetype, 0), y.oid)::regtype::text as base,
      a.attgenerated <> '' as "isGenerated"
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_type y on y.oid = a.atttypid
    where c.relnamespace = 'pm'::regnamespace and c.relname = any (${tables}::text[])
      and has_column_privilege(c.oid, a.attnum, 'SELECT')
    order by c.relname, a.attnum`.execute(tx);
  return found.rows;
};

/** A table to take out: its columns, whose rows, in which order. */
export type TableToRead = {
  readonly table: string;
  readonly owner: string;
  readonly order: string;
  readonly columns: readonly ArchiveColumn[];
};

/** Exact numbers as text, bytes as base64: JSON has neither. */
const asJson = ({ name, base }: ArchiveColumn) => {
  const column = sql.ref(`t.${name}`);
  if (base === 'numeric') return sql`trim_scale(${column})::text`;
  if (base === 'bigint') return sql`${column}::text`;
  if (base === 'bytea') return sql`encode(${column}, 'base64')`;
  return column;
};

const rowsOf = ({ table, owner, order, columns }: TableToRead, userId: string) => {
  const pairs = columns.map((column) => sql`${sql.lit(column.name)}, ${asJson(column)}`);
  // One object takes at most 50 pairs: a function has a hundred arguments.
  const objects = [];
  for (let at = 0; at < pairs.length; at += 40) {
    objects.push(sql`jsonb_build_object(${sql.join(pairs.slice(at, at + 40))})`);
  }
  return sql`(select ${sql.lit(table)}::text as "table", (${sql.join(objects, sql` || `)})::text as row
    from ${sql.table(`pm.${table}`)} t where ${sql.ref(`t.${owner}`)} = ${sql.lit(userId)}::uuid order by ${sql.raw(
      order
        .split(', ')
        .map((name) => `t.${name}`)
        .join(', '),
    )})`;
};

/** Opens all rows of some tables at one moment, in the order of the tables. */
export const openRows = async (tx: Tx, tables: readonly TableToRead[], userId: string): Promise<void> => {
  const parts = tables.map((table) => rowsOf(table, userId));
  await sql`declare archive scroll cursor for ${sql.join(parts, sql` union all `)}`.execute(tx);
};

export type ArchiveRow = { readonly table: string; readonly row: string };

export const fetchRows = async (tx: Tx, count: number): Promise<ArchiveRow[]> =>
  (await sql<ArchiveRow>`fetch ${sql.raw(String(count))} from archive`.execute(tx)).rows;

export const rewindRows = async (tx: Tx): Promise<void> => {
  await sql`move absolute 0 in archive`.execute(tx);
};

export const closeRows = async (tx: Tx): Promise<void> => {
  await sql`close archive`.execute(tx);
};

/** An instrument of everybody's that the person's rows name, so that another install can find its own. */
export type SharedInstrument = {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly currency: string;
  readonly isin: string | null;
  readonly ticker: string | null;
  readonly exchange: string | null;
  readonly quoteUnit: string | null;
};

export const referredInstruments = async (tx: Tx, userId: string): Promise<SharedInstrument[]> => {
  const found = await sql<SharedInstrument>`
    with named (id) as (
      select instrument_id from pm.holdings where user_id = ${userId}::uuid
      union select instrument_id from pm.manual_prices where user_id = ${userId}::uuid
      union select unnest(array[fund_instrument_id, proxy_instrument_id]) from pm.fund_proxies where owner_user_id = ${userId}::uuid
      union select instrument_id from pm.instrument_listings where owner_user_id = ${userId}::uuid
      union select instrument_id from pm.instrument_identifiers where owner_user_id = ${userId}::uuid
      union select instrument_id from pm.instrument_names where owner_user_id = ${userId}::uuid
      union select merged_into from pm.instruments where owner_user_id = ${userId}::uuid
    )
    select i.id, i.type, i.name, i.currency, d.isin, d.ticker, d.mic as exchange, d.quote_unit as "quoteUnit"
    from named n join pm.instruments i on i.id = n.id left join pm.instrument_details d on d.id = i.id
    where i.owner_user_id is null order by i.id`.execute(tx);
  return found.rows;
};

export const profileOf = (tx: Tx, userId: string) =>
  tx
    .selectFrom('users')
    .select(['email', 'name', 'locale', 'timezone', 'expertise_level', 'preferences'])
    .where('id', '=', userId)
    .executeTakeFirst();

/** Whether the person has neither portfolios nor instruments of their own, deleted ones included. */
export const isEmptyAccount = async (tx: Tx, userId: string): Promise<boolean> => {
  const found = await sql<{ used: boolean }>`
    select exists (select from pm.portfolios where user_id = ${userId}::uuid)
      or exists (select from pm.instruments where owner_user_id = ${userId}::uuid) as used`.execute(tx);
  return found.rows[0]?.used !== true;
};

/** Inserts rows given as JSON; columns that are not named keep their defaults. */
export const insertRows = async (
  tx: Tx,
  table: string,
  columns: readonly string[],
  rows: readonly object[],
): Promise<void> => {
  const names = sql.join(columns.map((name) => sql.ref(name)));
  const values = sql.join(columns.map((name) => sql.ref(`r.${name}`)));
  await sql`
    insert into ${sql.table(`pm.${table}`)} (${names})
    select ${values} from jsonb_populate_recordset(null::${sql.table(`pm.${table}`)}, ${JSON.stringify(rows)}::jsonb) r`.execute(
    tx,
  );
};

/** Which of some instruments everybody sees here under the same id. */
export const sameIds = async (tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const found = await sql<{ id: string; name: string }>`
    select i.id, i.name from pm.instruments i where i.owner_user_id is null and i.id = any (${ids}::uuid[])`.execute(
    tx,
  );
  return new Map(found.rows.map((row) => [row.id, row.name]));
};

export const updateProfile = async (
  tx: Tx,
  userId: string,
  profile: {
    name: string | null;
    locale: string;
    timezone: string;
    expertise_level: string;
    preferences: object;
  },
): Promise<void> => {
  await tx
    .updateTable('users')
    .set({ ...profile, preferences: JSON.stringify(profile.preferences) })
    .where('id', '=', userId)
    .execute();
};

export const logAction = async (tx: Tx, action: string, detail: object): Promise<void> => {
  await sql`select pm.log_action(${action}, ${JSON.stringify(detail)}::jsonb)`.execute(tx);
};

/** Live holdings of the person, to be replayed. */
export const liveHoldings = async (tx: Tx, userId: string): Promise<string[]> => {
  const found = await sql<{ id: string }>`
    select h.id from pm.holdings h join pm.portfolios p on p.user_id = h.user_id and p.id = h.portfolio_id
    where h.user_id = ${userId}::uuid and h.deleted_at is null and p.deleted_at is null order by h.id`.execute(
    tx,
  );
  return found.rows.map((row) => row.id);
};
