/**
 * Makes a row of any table of the schema from the catalogue alone: types, domains, checks with word lists, foreign keys.
 *
 * What cannot be guessed is in OVERRIDES; a table that cannot be filled makes `RowMaker` throw, so that a table added
 * later is either covered or fails loudly. Rows are written as the owner of the schema.
 * Contents: RowMaker · userOwnedTables · ownerColumn
 */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';

import type { Client } from 'pg';

/** A row to write: column to value as text, an array, or a buffer. */
export type Row = Readonly<Record<string, unknown>>;

type Column = {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly base: string;
  readonly required: boolean;
  readonly isGenerated: boolean;
  readonly words: readonly string[] | null;
};
type Reference = {
  readonly table: string;
  readonly columns: readonly string[];
  readonly target: string;
  readonly referenced: readonly string[];
  readonly required: boolean;
};

const COLUMNS = `
  select c.relname as table, a.attname as name, y.typname as type,
    coalesce(nullif(y.typbasetype, 0), y.oid)::regtype::text as base,
    a.attnotnull and not a.atthasdef and a.attidentity = '' as required,
    a.attgenerated <> '' or a.attidentity = 'a' as "isGenerated",
    (select (array_agg(m.word))[1:1] from pg_constraint k,
       lateral (select w[1] as word from regexp_matches(pg_get_constraintdef(k.oid), '''([^'']+)''::text', 'g') w) m
     where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
       and pg_get_constraintdef(k.oid) like '%= ANY (ARRAY[%') as words
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type y on y.oid = a.atttypid
  where c.relnamespace = 'pm'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  order by c.relname, a.attnum`;

const REFERENCES = `
  select c.relname as table, t.relname as target,
    (select array_agg(a.attname::text order by u.nth) from unnest(k.conkey) with ordinality u (num, nth)
       join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num) as columns,
    (select array_agg(a.attname::text order by u.nth) from unnest(k.confkey) with ordinality u (num, nth)
       join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num) as referenced,
    not exists (select from pg_attribute a where a.attrelid = k.conrelid and a.attnum = any (k.conkey) and not a.attnotnull) as required
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class t on t.oid = k.confrelid
  where k.contype = 'f' and k.conparentid = 0 and c.relnamespace = 'pm'::regnamespace`;

/** A day whose price partition the tests make. */
export const PRICE_DAY = '2024-02-23';

const DIGITS_AND_LETTERS = 36 ** 9;
const isinLike = (): string =>
  `XX${randomInt(DIGITS_AND_LETTERS % 2 ** 47)
    .toString(36)
    .toUpperCase()
    .padStart(9, '0')
    .slice(-9)}0`;

/** What checks across columns or patterns ask for. */
const OVERRIDES: Readonly<Record<string, () => Row>> = {
  users: () => ({ email: `${randomUUID()}@example.org`, password_hash: '$2b$12$'.padEnd(60, 'x') }),
  instrument_identifiers: () => ({ scheme: 'isin', value: isinLike() }),
  instrument_listings: () => ({ mic: null, ticker: 'TEST' }),
  holdings: () => ({ unlinked_name: 'Something' }),
  trades: () => ({ type: 'buy', qty: '3', price: '7.5', fx_rate: '1' }),
  trades_history: () => ({ valid_from: '2024-01-01T00:00:00Z', valid_to: '2024-01-02T00:00:00Z' }),
  holdings_history: () => ({ valid_from: '2024-01-01T00:00:00Z', valid_to: '2024-01-02T00:00:00Z' }),
  portfolios_history: () => ({ valid_from: '2024-01-01T00:00:00Z', valid_to: '2024-01-02T00:00:00Z' }),
  prices: () => ({ date_time: `${PRICE_DAY}T12:00:00Z` }),
  fx_rates: () => ({ from_currency: 'EUR', to_currency: 'GBP', source: randomUUID() }),
  education_modules: () => ({ slug: `m-${randomInt(2 ** 47)}` }),
  audit_log: () => ({ action: 'insert' }),
  portfolio_snapshots: () => ({ date: `2024-0${randomInt(1, 10)}-${randomInt(10, 29)}` }),
  holding_snapshots: () => ({ month: '2024-01-01' }),
  import_columns: () => ({ attributes: '[]', funds: '[]' }),
  recurring_plan_parts: () => ({ percent: '100' }),
  idempotency_keys: () => ({ key: randomUUID() }),
  erasure_totals: () => ({ month: '2024-01-01' }),
};

/** Tables whose rows belong to the person in another column than user_id or owner_user_id. */
const OWNER_COLUMNS: Readonly<Record<string, string>> = { users: 'id', portfolio_access: 'owner_id' };

const VALUES: Readonly<Record<string, () => unknown>> = {
  uuid: () => randomUUID(),
  boolean: () => false,
  integer: () => 1,
  bigint: () => '1',
  bytea: () => randomBytes(32),
  jsonb: () => '{}',
  date: () => '2024-01-02',
  'timestamp with time zone': () =>
    new Date(Date.UTC(2024, 0, 2, randomInt(24), randomInt(60), randomInt(60))).toISOString(),
  text: () => `t${randomInt(2 ** 30).toString(36)}`,
  'text[]': () => ['t'],
  'uuid[]': () => [randomUUID()],
  'integer[]': () => [1],
  'numeric[]': () => [1],
  numeric: () => '1',
};
const DOMAIN_VALUES: Readonly<Record<string, string>> = {
  currency_code: 'GBP',
  quote_unit_code: 'GBP',
  mic_code: 'XLON',
  isin_code: 'IE00B4L5Y983',
};

/** The column that says whose row it is; undefined for a table that is nobody's. */
export const ownerColumn = (table: string, columns: readonly string[]): string | undefined =>
  OWNER_COLUMNS[table] ?? ['user_id', 'owner_user_id'].find((name) => columns.includes(name));

/** Fills any table. */
export class RowMaker {
  readonly #owner: Client;
  readonly #columns: ReadonlyMap<string, readonly Column[]>;
  readonly #references: readonly Reference[];

  private constructor(owner: Client, columns: readonly Column[], references: readonly Reference[]) {
    this.#owner = owner;
    this.#columns = Map.groupBy(columns, (column) => column.table);
    this.#references = references;
  }

  /** @param owner a connection of the schema's owner, used for every row that is written */
  static async over(owner: Client): Promise<RowMaker> {
    const columns = await owner.query<Column>(COLUMNS);
    const references = await owner.query<Reference>(REFERENCES);
    return new RowMaker(owner, columns.rows, references.rows);
  }

  /** Every table with rows that belong to a person, now and in future. */
  userOwnedTables(): string[] {
    return [...this.#columns.keys()].filter(
      (table) => ownerColumn(table, this.columnNames(table)) !== undefined,
    );
  }

  columnNames(table: string): string[] {
    return (this.#columns.get(table) ?? []).map(({ name }) => name);
  }

  ownerColumnOf(table: string): string {
    const column = ownerColumn(table, this.columnNames(table));
    if (column === undefined) throw new Error(`${table} belongs to nobody`);
    return column;
  }

  /** Columns that identify a row. */
  async keyOf(table: string): Promise<string[]> {
    const { rows } = await this.#owner.query<{ name: string }>(
      `select a.attname as name from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
       where i.indrelid = ('pm.' || $1)::regclass and i.indisprimary`,
      [table],
    );
    return rows.map(({ name }) => name);
  }

  /**
   * A row that may be inserted and belongs to `person` (null: to everybody). Rows that it refers to are written.
   * @param fixed columns that are decided already
   */
  async build(table: string, person: string | null, fixed: Row = {}): Promise<Row> {
    const columns = this.#columns.get(table);
    if (columns === undefined) throw new Error(`There is no table ${table}`);
    const owner = ownerColumn(table, this.columnNames(table));
    const row: Record<string, unknown> = { ...OVERRIDES[table]?.() };
    if (owner !== undefined) row[owner] = person ?? (owner === 'id' ? randomUUID() : null);
    Object.assign(row, fixed);
    for (const reference of this.#references.filter((one) => one.table === table)) {
      await this.#fillReference(reference, person, row);
    }
    for (const column of columns) {
      const isOpen = column.required && !column.isGenerated && !(column.name in row);
      if (isOpen) row[column.name] = valueFor(column);
    }
    return row;
  }

  /** Builds and writes a row as the owner of the schema. Returns it with the columns that the database filled in. */
  async make(table: string, person: string | null, fixed: Row = {}): Promise<Row> {
    const row = await this.build(table, person, fixed);
    try {
      return await insertRow(this.#owner, table, row, true);
    } catch (error) {
      throw new Error(`No row could be made for ${table}: teach tests/database/rows.ts how`, {
        cause: error,
      });
    }
  }

  async #fillReference(
    reference: Reference,
    person: string | null,
    row: Record<string, unknown>,
  ): Promise<void> {
    const { columns, referenced, target, required } = reference;
    const open = columns.filter((column) => !(column in row));
    if (!required || open.length === 0) return;
    if (target === 'users') {
      for (const column of open) row[column] = (await this.make('users', null))['id'];
      return;
    }
    const given = Object.fromEntries(
      columns.flatMap((column, at) => (column in row ? [[referenced[at] ?? '', row[column]]] : [])),
    );
    const parent = await this.make(target, person, given);
    for (const [at, column] of columns.entries()) row[column] = parent[referenced[at] ?? ''];
  }
}

const valueFor = (column: Column): unknown => {
  const made = column.words?.[0] ?? DOMAIN_VALUES[column.type] ?? VALUES[column.base]?.();
  if (made === undefined) {
    throw new Error(`${column.table}.${column.name}: no value known for the type ${column.base}`);
  }
  return made;
};

/** Inserts a row; with `returning` the whole row as text comes back. */
export const insertRow = async (client: Client, table: string, row: Row, returning = false): Promise<Row> => {
  const names = Object.keys(row);
  const { rows } = await client.query<{ row: Row }>(
    `insert into pm.${table} as t (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')})
     ${returning ? 'returning to_jsonb(t) as row' : ''}`,
    Object.values(row),
  );
  return rows[0]?.row ?? row;
};
