/**
 * A person's archive: everything that is theirs as JSON and as CSV in one ZIP file, written row by row into a nameless file
 * on disk, so that it takes as much memory for a million rows as for ten.
 *
 * Contents: exportArchive
 */
import { randomUUID } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { csvCell } from '@pm/domain/csv';
import { Zip, ZipDeflate } from 'fflate';

import type { Tx } from '#platform/database/index.ts';

import * as queries from './archive-queries.ts';
import type { ArchiveColumn, TableToRead } from './archive-queries.ts';
import { ARCHIVE_VERSION, ARCHIVED, LEFT_OUT, SHOWN } from './archive-tables.ts';

/** Rows in memory at once. */
const BATCH = 1_000;

/** A file without a name: it is gone when it is closed, however this process ends. */
const namelessFile = async (): Promise<FileHandle> => {
  const path = join(tmpdir(), `pm-archive-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
};

/** Writes the parts of a ZIP file one after the other. */
class ArchiveWriter {
  private readonly file: FileHandle;
  private readonly waiting: Uint8Array[] = [];
  private readonly zip: Zip;
  private part: ZipDeflate | null = null;
  private failure: Error | null = null;

  constructor(file: FileHandle) {
    this.file = file;
    this.zip = new Zip((error, chunk) => {
      if (error) this.failure = error;
      else if (chunk.length > 0) this.waiting.push(chunk);
    });
  }

  begin(name: string): void {
    this.part = new ZipDeflate(name, { level: 6 });
    this.zip.add(this.part);
  }

  async write(text: string): Promise<void> {
    this.part?.push(Buffer.from(text), false);
    await this.flush();
  }

  async end(): Promise<void> {
    this.part?.push(new Uint8Array(), true);
    this.part = null;
    await this.flush();
  }

  async finish(): Promise<void> {
    this.zip.end();
    await this.flush();
  }

  private async flush(): Promise<void> {
    if (this.failure !== null) throw this.failure;
    for (const chunk of this.waiting.splice(0)) await this.file.write(chunk);
  }
}

type Row = Readonly<Record<string, unknown>>;

const cellOf = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** One form of the archive: the file of each table, its beginning, its rows and its end. */
type Form = {
  readonly name: (table: string) => string;
  readonly head: (columns: readonly ArchiveColumn[]) => string;
  readonly row: (row: string, columns: readonly ArchiveColumn[], isFirst: boolean) => string;
  readonly foot: string;
};

const AS_JSON: Form = {
  name: (table) => `json/${table}.json`,
  head: () => '[',
  row: (row, _columns, isFirst) => `${isFirst ? '\n' : ',\n'}${row}`,
  foot: '\n]\n',
};

const AS_CSV: Form = {
  name: (table) => `csv/${table}.csv`,
  head: (columns) => `\uFEFF${columns.map((column) => csvCell(column.name)).join(',')}\r\n`,
  row: (row, columns) => {
    const cells = JSON.parse(row) as Row;
    return `${columns.map((column) => csvCell(cellOf(cells[column.name]))).join(',')}\r\n`;
  },
  foot: '',
};

/** Goes once through all rows. @returns how many each table has */
const writeForm = async (
  tx: Tx,
  writer: ArchiveWriter,
  tables: readonly TableToRead[],
  form: Form,
): Promise<Map<string, number>> => {
  const counts = new Map(tables.map(({ table }) => [table, 0]));
  let at = -1;
  const goTo = async (table: string | null): Promise<void> => {
    while (at < tables.length && tables[at]?.table !== table) {
      if (at >= 0) {
        await writer.write(form.foot);
        await writer.end();
      }
      at += 1;
      const next = tables[at];
      if (next === undefined) return;
      writer.begin(form.name(next.table));
      await writer.write(form.head(next.columns));
    }
  };
  for (;;) {
    const rows = await queries.fetchRows(tx, BATCH);
    let text = '';
    for (const { table, row } of rows) {
      if (tables[at]?.table !== table) {
        if (text !== '') await writer.write(text);
        text = '';
        await goTo(table);
      }
      const count = counts.get(table) ?? 0;
      text += form.row(row, tables[at]?.columns ?? [], count === 0);
      counts.set(table, count + 1);
    }
    if (text !== '') await writer.write(text);
    if (rows.length < BATCH) break;
  }
  await goTo(null);
  return counts;
};

const tablesToRead = async (tx: Tx): Promise<TableToRead[]> => {
  const wanted = [...ARCHIVED, ...SHOWN];
  const columns = Map.groupBy(
    await queries.readColumns(
      tx,
      wanted.map(({ table }) => table),
    ),
    (column) => column.table,
  );
  return wanted.map(({ table, owner, order, without = [] }) => ({
    table,
    owner,
    order,
    columns: (columns.get(table) ?? []).filter(
      (column) => column.name !== owner && !column.isGenerated && !without.includes(column.name),
    ),
  }));
};

const README = `This is everything that you keep in Portfolio Manager.

json/   one file a table, exact: numbers that are money, prices, quantities or rates are written as text
csv/    the same, for a spreadsheet
manifest.json says which tables can be brought into another account (npm run pm -- import archive FILE), which are here
to be read, and what is left out and why. No password, key or token is in it.
`;

/**
 * Writes the archive. What changes while it is written is not in it.
 * @returns the file, open at its beginning; it is gone when it is closed
 */
export const exportArchive = async (
  tx: Tx,
  userId: string,
  facts: { readonly now: Temporal.Instant },
): Promise<FileHandle> => {
  const file = await namelessFile();
  try {
    const writer = new ArchiveWriter(file);
    const tables = await tablesToRead(tx);
    await queries.openRows(tx, tables, userId);
    const counts = await writeForm(tx, writer, tables, AS_JSON);
    await queries.rewindRows(tx);
    await writeForm(tx, writer, tables, AS_CSV);
    await queries.closeRows(tx);
    const parts: readonly (readonly [string, unknown])[] = [
      ['json/users.json', [await queries.profileOf(tx, userId)]],
      ['json/shared_instruments.json', await queries.referredInstruments(tx, userId)],
      [
        'manifest.json',
        {
          format: 'portfolio-manager-archive',
          schemaVersion: ARCHIVE_VERSION,
          createdAt: facts.now.toString(),
          tables: ARCHIVED.map(({ table }) => ({ table, rows: counts.get(table) ?? 0 })),
          toBeRead: SHOWN.map(({ table, reason }) => ({ table, rows: counts.get(table) ?? 0, reason })),
          leftOut: LEFT_OUT,
        },
      ],
    ];
    for (const [name, value] of parts) {
      writer.begin(name);
      await writer.write(`${JSON.stringify(value, null, 1)}\n`);
      await writer.end();
    }
    writer.begin('README.txt');
    await writer.write(README);
    await writer.end();
    await writer.finish();
    await queries.logAction(tx, 'export', { tables: Object.fromEntries(counts) });
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
};
