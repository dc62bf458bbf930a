/**
 * The imports of a fund as versions: what came when, its file, and undoing one.
 *
 * Contents: listVersions · versionFile · withdrawVersion · restoreVersion
 */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, zstdDecompress } from 'node:zlib';

import type { ImportVersion } from '@pm/contracts/look-through';
import { dec } from '@pm/domain/money';
import { sql } from 'kysely';
import type { Static } from 'typebox';

import { readInstrument, settleConstituentsUpdate } from '#features/instruments';
import type { Tx } from '#platform/database/index.ts';
import { badRequest, forbidden, notFound } from '#platform/errors.ts';
import { DEFAULT_PAGE } from '#platform/paging.ts';

import { refreshSoon } from './refresh.ts';
import { lockScope } from './store-import.ts';

type Answer = Static<typeof ImportVersion>;
type Person = { readonly id: string; readonly role: 'admin' | 'member' };

type Row = {
  readonly id: string;
  readonly fund_id: string;
  readonly owner_user_id: string | null;
  readonly imported_by: string | null;
  readonly as_of: Temporal.PlainDate;
  readonly status: Answer['status'];
  readonly format: string;
  readonly file_name: string | null;
  readonly raw_size_bytes: string;
  readonly weight_sum: string;
  readonly row_count: number;
  readonly matched_count: number;
  readonly unmatched_count: number;
  readonly forced: boolean;
  readonly superseded_by: string | null;
  readonly status_changed_at: Temporal.Instant | null;
  readonly created_at: Temporal.Instant;
};

const COLUMNS = sql`i.id, i.parent_instrument_id as fund_id, i.owner_user_id, i.imported_by, i.as_of, i.status, i.format,
  i.file_name, i.raw_size_bytes, i.weight_sum, i.row_count, i.matched_count, i.unmatched_count, i.forced, i.superseded_by,
  i.status_changed_at, i.created_at`;

const mayChange = (row: Row, person: Person): boolean =>
  row.owner_user_id === person.id || (row.owner_user_id === null && person.role === 'admin');

const answerOf = (row: Row, person: Person): Answer => ({
  importId: row.id,
  instrumentId: row.fund_id,
  asOf: row.as_of.toString(),
  status: row.status,
  scope: row.owner_user_id === null ? 'shared' : 'private',
  format: row.format,
  fileName: row.file_name,
  sizeBytes: Number(row.raw_size_bytes),
  rows: row.row_count,
  weightSumPct: dec(row.weight_sum).toDecimalPlaces(10).toNumber(),
  matched: row.matched_count,
  unmatched: row.unmatched_count,
  forced: row.forced,
  importedByYou: row.imported_by === person.id,
  mayChange: mayChange(row, person),
  supersededBy: row.superseded_by,
  createdAt: row.created_at.toString(),
  statusChangedAt: row.status_changed_at?.toString() ?? null,
});

/** A place in the list: the newest day first, then the newest import. */
const readPlace = (cursor: string | undefined): { day: string; id: string } | null => {
  if (cursor === undefined) return null;
  const [, day, id] = /^(\d{4}-\d\d-\d\d)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor) ?? [];
  if (day === undefined || id === undefined || !isDay(day)) {
    throw badRequest(
      'bad_cursor',
      'The cursor is not one that a list answered; start again without it.',
      'cursor',
    );
  }
  return { day, id };
};

const isDay = (text: string): boolean => {
  try {
    return Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
};

/** Every version that the person may see, withdrawn ones too. @throws {AppError} 404; 400 `bad_cursor` */
export const listVersions = async (
  tx: Tx,
  fundId: string,
  query: { limit?: number; cursor?: string },
  person: Person,
): Promise<{ items: Answer[]; nextCursor: string | null }> => {
  await readInstrument(tx, fundId);
  const limit = query.limit ?? DEFAULT_PAGE;
  const place = readPlace(query.cursor);
  const { rows } = await sql<Row>`
    select ${COLUMNS} from pm.constituent_imports i
    where i.parent_instrument_id = ${fundId}::uuid
      and (${place === null}::boolean or (i.as_of, i.id) < (${place?.day ?? null}::date, ${place?.id ?? null}::uuid))
    order by i.as_of desc, i.id desc limit ${limit + 1}`.execute(tx);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: page.map((row) => answerOf(row, person)),
    nextCursor: last === undefined ? null : `${last.as_of.toString()}_${last.id}`,
  };
};

const readVersion = async (tx: Tx, id: string): Promise<Row> => {
  const { rows } =
    await sql<Row>`select ${COLUMNS} from pm.constituent_imports i where i.id = ${id}::uuid`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw notFound('import');
  return row;
};

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer>>> = {
  identity: async (bytes) => bytes,
  gzip: promisify<Buffer, Buffer>(gunzip),
  br: promisify<Buffer, Buffer>(brotliDecompress),
  zstd: promisify<Buffer, Buffer>(zstdDecompress),
};

/** The file as it came, byte for byte, with a name to save it under. @throws {AppError} 404 */
export const versionFile = async (tx: Tx, id: string): Promise<{ bytes: Buffer; fileName: string }> => {
  const row = await tx
    .selectFrom('constituent_imports')
    .select(['raw_file', 'raw_encoding', 'file_name', 'as_of'])
    .where('id', '=', id)
    .executeTakeFirst();
  const decode = DECODERS[row?.raw_encoding ?? ''];
  if (row === undefined || decode === undefined) throw notFound('import');
  // A name that came with a file goes into a header: nothing but what every file system takes.
  const fileName =
    row.file_name?.replaceAll(/[^A-Za-z0-9 ._-]+/gu, '_') ?? `holdings-${row.as_of.toString()}`;
  return { bytes: await decode(row.raw_file), fileName };
};

const lockForChange = async (tx: Tx, id: string, person: Person): Promise<Row> => {
  const seen = await readVersion(tx, id);
  if (!mayChange(seen, person)) {
    throw forbidden(
      'shared_needs_admin',
      'This import counts for everybody, so only an administrator can withdraw or restore it.',
    );
  }
  await lockScope(tx, seen.owner_user_id);
  return readVersion(tx, id);
};

/**
 * Undoes an import: it no longer counts, and the one that it had superseded for the same day counts again. Withdrawing
 * what is withdrawn changes nothing. @throws {AppError} 404; 403 `shared_needs_admin`
 */
export const withdrawVersion = async (tx: Tx, id: string, person: Person): Promise<Answer> => {
  const row = await lockForChange(tx, id, person);
  if (row.status !== 'withdrawn') {
    await sql`
      update pm.constituent_imports set status = 'withdrawn', superseded_by = null, status_changed_at = now()
      where id = ${id}::uuid`.execute(tx);
    // Of what it had superseded the newest takes its place: it counts, or waits behind the same successor.
    await sql`
      with heirs as (
        select i.id, first_value(i.id) over (order by i.id desc) as heir from pm.constituent_imports i
        where i.superseded_by = ${id}::uuid
      )
      update pm.constituent_imports i set
        status = case when h.id <> h.heir or ${row.status} = 'superseded' then 'superseded' else 'active' end,
        superseded_by = case when h.id <> h.heir then h.heir else ${row.superseded_by}::uuid end,
        status_changed_at = now()
      from heirs h where i.id = h.id`.execute(tx);
    await settleConstituentsUpdate(tx, row.fund_id);
    await refreshSoon(tx, row.fund_id);
  }
  return answerOf(await readVersion(tx, id), person);
};

/**
 * Lets a withdrawn import count again; one that counts for the same day by now is superseded by it. Restoring what was
 * not withdrawn changes nothing. @throws {AppError} 404; 403 `shared_needs_admin`
 */
export const restoreVersion = async (tx: Tx, id: string, person: Person): Promise<Answer> => {
  const row = await lockForChange(tx, id, person);
  if (row.status === 'withdrawn') {
    await sql`
      update pm.constituent_imports i set status = 'superseded', superseded_by = ${id}::uuid, status_changed_at = now()
      where i.parent_instrument_id = ${row.fund_id}::uuid and i.as_of = ${row.as_of}::date and i.status = 'active'
        and i.owner_user_id is not distinct from ${row.owner_user_id}::uuid`.execute(tx);
    await sql`
      update pm.constituent_imports set status = 'active', status_changed_at = now() where id = ${id}::uuid`.execute(
      tx,
    );
    await settleConstituentsUpdate(tx, row.fund_id);
    await refreshSoon(tx, row.fund_id);
  }
  return answerOf(await readVersion(tx, id), person);
};
