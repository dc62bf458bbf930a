/**
 * A ZIP file that says it is an archive: unpacked within limits, its tables read. Nothing in it is believed yet.
 *
 * Contents: ArchiveFile · readArchive
 */
import { Unzip, UnzipInflate } from 'fflate';

import { unprocessable } from '#platform/errors.ts';

import { ARCHIVE_VERSION, ARCHIVED } from './archive-tables.ts';

export type ArchiveRecord = Readonly<Record<string, unknown>>;

/** The rows of each table, as the file has them. */
export type ArchiveFile = {
  readonly tables: ReadonlyMap<string, readonly ArchiveRecord[]>;
  readonly profile: ArchiveRecord;
  readonly shared: readonly ArchiveRecord[];
};

/** All parts together, unpacked. */
const UNPACKED_BYTES_MAX = 512 * 1024 * 1024;
/** Rows of all tables together. */
const ROWS_MAX = 2_000_000;
const STEP = 64 * 1024;

const damaged = (why: string) =>
  unprocessable(
    'not_an_archive',
    `This is not an archive of Portfolio Manager that can be read: ${why}.`,
    'body',
  );

const WANTED = new Set([
  'manifest.json',
  'json/users.json',
  'json/shared_instruments.json',
  ...ARCHIVED.map(({ table }) => `json/${table}.json`),
]);

/** A ZIP file ends with its list of parts, which says where it ends itself. */
const END_SIGNATURE = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
const END_SIZE = 22;
const hasEnd = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf(END_SIGNATURE) >=
  bytes.length - END_SIZE;

/** The wanted parts as bytes; every byte is counted as it is unpacked, whatever the file says of its size. */
const unpack = (bytes: Uint8Array): Map<string, Buffer> => {
  if (bytes.length < END_SIZE || !hasEnd(bytes)) throw damaged('it is no ZIP file, or cut off');
  const parts = new Map<string, Uint8Array[]>();
  let size = 0;
  const state: { failure: Error | null } = { failure: null };
  const unzip = new Unzip((file) => {
    if (!WANTED.has(file.name)) return;
    if (parts.has(file.name)) state.failure = damaged(`it has ${file.name} twice`);
    const chunks: Uint8Array[] = [];
    parts.set(file.name, chunks);
    file.ondata = (error, chunk) => {
      if (error) state.failure = damaged('it is cut off or damaged');
      size += chunk.length;
      if (size > UNPACKED_BYTES_MAX) {
        state.failure = damaged('it is larger than half a gigabyte when unpacked');
      }
      if (state.failure === null) chunks.push(chunk);
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  try {
    for (let at = 0; at < bytes.length; at += STEP) {
      unzip.push(bytes.subarray(at, at + STEP), at + STEP >= bytes.length);
      if (state.failure !== null) break;
    }
  } catch {
    state.failure ??= damaged('it is cut off or damaged');
  }
  if (state.failure !== null) throw state.failure;
  return new Map([...parts].map(([name, chunks]) => [name, Buffer.concat(chunks)]));
};

const jsonOf = (parts: ReadonlyMap<string, Buffer>, name: string): unknown => {
  const part = parts.get(name);
  if (part === undefined) throw damaged(`${name} is missing`);
  try {
    return JSON.parse(part.toString('utf8')) as unknown;
  } catch {
    throw damaged(`${name} is no JSON`);
  }
};

const isRecord = (value: unknown): value is ArchiveRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const recordsOf = (parts: ReadonlyMap<string, Buffer>, name: string): readonly ArchiveRecord[] => {
  const rows = jsonOf(parts, name);
  if (!Array.isArray(rows) || !rows.every(isRecord)) throw damaged(`${name} is no list of rows`);
  return rows;
};

/**
 * Reads an archive. No database: meant for a request's `prepare`.
 * @throws {AppError} 422 `not_an_archive`, `archive_version`
 */
export const readArchive = (bytes: Uint8Array): ArchiveFile => {
  const parts = unpack(bytes);
  const manifest = jsonOf(parts, 'manifest.json');
  if (!isRecord(manifest) || manifest['format'] !== 'portfolio-manager-archive') {
    throw damaged('its manifest is of something else');
  }
  if (manifest['schemaVersion'] !== ARCHIVE_VERSION) {
    const detail = `The archive has version ${String(manifest['schemaVersion']).slice(0, 20)}; this install reads version ${ARCHIVE_VERSION}. Bring the install up to date.`;
    throw unprocessable('archive_version', detail, 'body');
  }
  const tables = new Map(ARCHIVED.map(({ table }) => [table, recordsOf(parts, `json/${table}.json`)]));
  let rows = 0;
  for (const list of tables.values()) rows += list.length;
  if (rows > ROWS_MAX) throw damaged(`it has more than ${ROWS_MAX} rows`);
  const [profile = {}] = recordsOf(parts, 'json/users.json');
  return { tables, profile, shared: recordsOf(parts, 'json/shared_instruments.json') };
};
