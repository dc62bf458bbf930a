/**
 * An archive brought into an empty account: every id made anew, instruments of everybody's found here or made private, and
 * every holding replayed, so that no figure of the file is believed.
 *
 * Contents: importArchive
 */
import { INSTRUMENT_TYPES } from '@pm/contracts/instruments';
import { PortfolioBudgets, PortfolioLists, PortfolioSettings } from '@pm/contracts/portfolios';
import type { ArchiveReport } from '@pm/contracts/privacy/archive';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';

import { createInstrument, findSecurities } from '#features/instruments';
import { replayHoldings } from '#features/ledger';
import type { Tx } from '#platform/database/index.ts';
import { conflict, isAppError, unprocessable } from '#platform/errors.ts';
import { orderedIds } from '#platform/ordered-ids.ts';

import type { ArchiveFile, ArchiveRecord } from './archive-file.ts';
import * as queries from './archive-queries.ts';
import { ARCHIVED } from './archive-tables.ts';
import type { ArchivedTable } from './archive-tables.ts';

/** Rows sent to the database at once. */
const BATCH = 5_000;
/** What triggers keep; their columns are not written. */
const KEPT_BY_TRIGGERS = new Set(['version', 'updated_at']);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUIDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

const wrong = (table: string, at: number, why: string) =>
  unprocessable('archive_refused', `Row ${at + 1} of ${table} ${why}. Nothing was brought in.`, 'body');

/** New ids that stand in the order in which they are made, as those of the archive do. */
class Ids {
  private readonly known = new Map<string, string>();
  private readonly next = orderedIds();

  /** Makes ids for some of the archive's, in their order. */
  make(olds: Iterable<string>): void {
    for (const old of [...new Set(olds)].toSorted()) {
      if (!this.known.has(old)) this.known.set(old, this.next());
    }
  }

  set(old: string, id: string): void {
    this.known.set(old, id);
  }

  of(old: string): string | undefined {
    return this.known.get(old);
  }
}

const ownIds = (file: ArchiveFile): string[] => {
  const found: string[] = [];
  for (const { table, own } of ARCHIVED) {
    for (const [at, row] of (file.tables.get(table) ?? []).entries()) {
      for (const name of own) {
        const id = row[name];
        if (id === null || id === undefined) continue;
        if (typeof id !== 'string' || !UUID.test(id)) throw wrong(table, at, `has no id in ${name}`);
        found.push(id);
      }
    }
  }
  return found;
};

const textIn = (row: ArchiveRecord, name: string): string | null => {
  const value = row[name];
  return typeof value === 'string' && value !== '' ? value.slice(0, 255) : null;
};

/** Instruments that everybody sees: the same here, or found by number or ticker, or made for this person alone. */
const findInstruments = async (tx: Tx, ids: Ids, file: ArchiveFile, importer: Importer): Promise<number> => {
  const rows = file.shared.map((row, at) => {
    const id = textIn(row, 'id');
    const [name, currency] = [textIn(row, 'name'), textIn(row, 'currency')];
    if (id === null || !UUID.test(id) || name === null || currency === null) {
      throw wrong('shared_instruments', at, 'is not whole');
    }
    return { row, id, name, currency };
  });
  const here = await queries.sameIds(
    tx,
    rows.map((one) => one.id),
  );
  const others = rows.filter((one) => here.get(one.id) !== one.name);
  const wanted = others.map(({ id, row, name }) => ({
    key: id,
    isin: textIn(row, 'isin'),
    sedol: null,
    ticker: textIn(row, 'ticker'),
    mic: textIn(row, 'exchange'),
    name,
  }));
  const found = await findSecurities(tx, wanted, importer.id);
  let made = 0;
  for (const one of rows) if (here.get(one.id) === one.name) ids.set(one.id, one.id);
  for (const { id, row, name, currency } of others) {
    const sure = found.get(id)?.find((candidate) => candidate.sure);
    const [isin, ticker, exchange, quoteUnit] = ['isin', 'ticker', 'exchange', 'quoteUnit'].map((field) =>
      textIn(row, field),
    );
    const draft = {
      type: INSTRUMENT_TYPES.find((type) => type === row['type']) ?? 'Other',
      name,
      currency,
      scope: 'private' as const,
      ...(isin && { isin }),
      ...(ticker && { ticker }),
      ...(exchange && { exchange }),
      ...(quoteUnit && { quoteUnit }),
    };
    ids.set(id, sure?.instrumentId ?? (await createInstrument(tx, importer, draft)).id);
    if (sure === undefined) made += 1;
  }
  return made;
};

/** Ids inside of stored documents follow too. */
const withNewIds = (value: unknown, ids: Ids): unknown =>
  value === null || typeof value !== 'object'
    ? value
    : (JSON.parse(JSON.stringify(value).replace(UUIDS, (old) => ids.of(old) ?? old)) as unknown);

const DOCUMENTS: Readonly<Record<string, TSchema>> = {
  settings: PortfolioSettings,
  lists: PortfolioLists,
  budgets: PortfolioBudgets,
};

const checkDocuments = (row: ArchiveRecord, at: number): void => {
  for (const [name, schema] of Object.entries(DOCUMENTS)) {
    if (!Value.Check(schema, row[name])) throw wrong('portfolios', at, `has ${name} that are none`);
  }
};

const rowFor = (
  spec: ArchivedTable,
  row: ArchiveRecord,
  at: number,
  ids: Ids,
  userId: string,
): ArchiveRecord => {
  const { table, own, instruments = [], refers = {}, owner } = spec;
  if (table === 'portfolios') checkDocuments(row, at);
  const references = new Set([...own, ...instruments, ...Object.keys(refers)]);
  const result: Record<string, unknown> = { [owner]: userId };
  for (const [name, value] of Object.entries(row)) {
    if (name === owner || KEPT_BY_TRIGGERS.has(name)) continue;
    if (!references.has(name)) result[name] = withNewIds(value, ids);
    else if (value === null) result[name] = null;
    else {
      const id = typeof value === 'string' ? ids.of(value) : undefined;
      if (id === undefined && refers[name] !== 'lost') {
        throw wrong(table, at, `refers by ${name} to what is not in the archive`);
      }
      result[name] = id ?? null;
    }
  }
  return result;
};

const columnsFor = async (tx: Tx): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const columns = await queries.readColumns(
    tx,
    ARCHIVED.map(({ table }) => table),
  );
  return new Map(
    [...Map.groupBy(columns, (column) => column.table)].map(([table, list]) => [
      table,
      new Set(list.filter((column) => !column.isGenerated).map((column) => column.name)),
    ]),
  );
};

const insertTable = async (
  tx: Tx,
  spec: ArchivedTable,
  rows: readonly ArchiveRecord[],
  known: ReadonlySet<string>,
  ids: Ids,
  userId: string,
): Promise<void> => {
  const [first] = rows;
  if (first === undefined) return;
  const names = Object.keys(first);
  const stray = names.find((name) => !known.has(name) || spec.without?.includes(name) === true);
  if (stray !== undefined) throw wrong(spec.table, 0, `has a column ${stray.slice(0, 40)} that is none`);
  for (const [at, row] of rows.entries()) {
    const own = Object.keys(row);
    if (own.length !== names.length || own.some((name) => !Object.hasOwn(first, name))) {
      throw wrong(spec.table, at, 'has other columns than the first one');
    }
  }
  const prepared = rows.map((row, at) => rowFor(spec, row, at, ids, userId));
  const columns = [...new Set([spec.owner, ...names])].filter((name) => !KEPT_BY_TRIGGERS.has(name));
  for (let at = 0; at < prepared.length; at += BATCH) {
    await queries.insertRows(tx, spec.table, columns, prepared.slice(at, at + BATCH));
  }
};

/** In whose name. */
export type Importer = { readonly id: string; readonly role: 'admin' | 'member' };

const LEVELS = ['beginner', 'intermediate', 'advanced'];

const takeProfile = async (tx: Tx, profile: ArchiveRecord, userId: string): Promise<void> => {
  const [locale, timezone, level] = [
    textIn(profile, 'locale'),
    textIn(profile, 'timezone'),
    textIn(profile, 'expertise_level'),
  ];
  const preferences = profile['preferences'];
  if (locale === null || timezone === null || level === null || !LEVELS.includes(level)) return;
  const isDocument = typeof preferences === 'object' && preferences !== null && !Array.isArray(preferences);
  await queries.updateProfile(tx, userId, {
    name: textIn(profile, 'name'),
    locale,
    timezone,
    expertise_level: level,
    preferences: isDocument ? preferences : {},
  });
};

/**
 * Brings an archive in, all of it or nothing.
 * @throws {AppError} 409 `account_not_empty`; 422 `archive_refused` naming the table and row, `oversold`
 */
export const importArchive = async (
  tx: Tx,
  file: ArchiveFile,
  importer: Importer,
): Promise<Static<typeof ArchiveReport>> => {
  if (!(await queries.isEmptyAccount(tx, importer.id))) {
    const detail =
      'This account has portfolios or instruments of its own. An archive goes into an empty account; make a new one.';
    throw conflict('account_not_empty', detail);
  }
  const ids = new Ids();
  ids.make(ownIds(file));
  const madePrivate = await findInstruments(tx, ids, file, importer);
  const columns = await columnsFor(tx);
  for (const spec of ARCHIVED) {
    const rows = file.tables.get(spec.table) ?? [];
    try {
      await insertTable(tx, spec, rows, columns.get(spec.table) ?? new Set(), ids, importer.id);
    } catch (error) {
      if (isAppError(error) || !(error instanceof Error) || !('severity' in error)) throw error;
      const detail = `The table ${spec.table} has a row that breaks a rule of its fields. Nothing was brought in.`;
      throw unprocessable('archive_refused', detail, 'body');
    }
  }
  await replayHoldings(tx, await queries.liveHoldings(tx, importer.id));
  await takeProfile(tx, file.profile, importer.id);
  const rows = Object.fromEntries(ARCHIVED.map(({ table }) => [table, file.tables.get(table)?.length ?? 0]));
  await queries.logAction(tx, 'import', { archive: rows });
  return {
    portfolios: rows['portfolios'] ?? 0,
    holdings: rows['holdings'] ?? 0,
    trades: rows['trades'] ?? 0,
    instruments: rows['instruments'] ?? 0,
    madePrivate,
  };
};
