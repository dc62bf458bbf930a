import { Inflate } from 'fflate';
import { FormatError } from './format-error.ts';
import { MAX_UNPACK_RATIO, MAX_UNPACKED_BYTES, MAX_ZIP_ENTRIES, RATIO_FREE_BYTES } from './limits.ts';

/**
 * Reads ZIP files, as far as workbooks need it (PKWARE APPNOTE 6.3.10, without ZIP64). Only parts that are asked for by
 * their exact name are unpacked, and never to a disk, so that names with `..` in them reach nothing. What a header
 * declares as a size is not believed: every byte is counted as it is unpacked.
 */

const END_SIGNATURE = 0x06054b50;
const END_SIZE = 22;
const MAX_COMMENT = 0xffff;
const CENTRAL_SIGNATURE = 0x02014b50;
const CENTRAL_SIZE = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_SIZE = 30;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;
/** Packed bytes given to the unpacker at once: DEFLATE makes at most 1,032 times as many of them. */
const STEP = 4096;

type Entry = {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  /** Where the local header stands. */
  readonly offset: number;
};

/** Says of a damaged workbook what to do about it. */
export const damagedWorkbook = (why: string): FormatError =>
  new FormatError(
    'workbook_damaged',
    `The workbook is damaged or cut off (${why}). Download it again, or open it and save the holdings as CSV.`,
  );

/** Says of a workbook that it is larger than any with holdings. */
export const tooLarge = (why: string): FormatError =>
  new FormatError(
    'workbook_too_large',
    `The workbook ${why}. No fund's holdings need that; open it and save the holdings as CSV.`,
  );

const crcTable = (): Int32Array =>
  Int32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value | 0;
  });

const CRC = crcTable();

const crcOf = (before: number, bytes: Uint8Array): number => {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i += 1) {
    crc = (CRC[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
  }
  return ~crc >>> 0;
};

/** Where the directory's end stands: the last such signature whose comment reaches to the end of the file. */
const findEnd = (view: DataView): number => {
  const first = Math.max(0, view.byteLength - END_SIZE - MAX_COMMENT);
  for (let at = view.byteLength - END_SIZE; at >= first; at -= 1) {
    if (view.getUint32(at, true) === END_SIGNATURE) return at;
  }
  throw damagedWorkbook('its directory is missing');
};

const readEntry = (view: DataView, at: number): { entry: Entry; next: number } => {
  if (at + CENTRAL_SIZE > view.byteLength || view.getUint32(at, true) !== CENTRAL_SIGNATURE) {
    throw damagedWorkbook('its directory cannot be read');
  }
  const nameLength = view.getUint16(at + 28, true);
  const next = at + CENTRAL_SIZE + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  if (next > view.byteLength) throw damagedWorkbook('its directory is cut off');
  const name = new Uint8Array(view.buffer, view.byteOffset + at + CENTRAL_SIZE, nameLength);
  const entry = {
    name: new TextDecoder().decode(name),
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packed: view.getUint32(at + 20, true),
    offset: view.getUint32(at + 42, true),
  };
  return { entry, next };
};

const readDirectory = (view: DataView): Map<string, Entry> => {
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  if (count > MAX_ZIP_ENTRIES) throw tooLarge(`has more than ${MAX_ZIP_ENTRIES} parts`);
  const entries = new Map<string, Entry>();
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i += 1) {
    const { entry, next } = readEntry(view, at);
    if (entries.has(entry.name)) throw damagedWorkbook('a part of it stands twice');
    entries.set(entry.name, entry);
    at = next;
  }
  return entries;
};

/** A ZIP file whose parts can be read. All reading together is bounded by `MAX_UNPACKED_BYTES`. */
export class Zip {
  readonly #bytes: Uint8Array;
  readonly #entries: ReadonlyMap<string, Entry>;
  #unpacked = 0;

  /** @throws {FormatError} `workbook_damaged`, `workbook_too_large` */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    if (bytes.length < END_SIZE) throw damagedWorkbook('it is too short');
    this.#entries = readDirectory(this.#view());
  }

  names(): string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Unpacks a part piece by piece. @throws {FormatError} also `workbook_protected` */
  read(name: string, take: (piece: Uint8Array) => void): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw damagedWorkbook(`its part ${name.slice(0, 100)} is missing`);
    const packed = this.#packed(entry);
    let size = 0;
    let crc = 0;
    const count = (piece: Uint8Array): void => {
      size += piece.length;
      this.#unpacked += piece.length;
      this.#refuseSize(size, packed.length);
      crc = crcOf(crc, piece);
      take(piece);
    };
    if (entry.method === STORED) count(packed);
    else if (entry.method === DEFLATED) inflate(packed, count);
    else throw damagedWorkbook('a part is packed in a way that workbooks do not use');
    if (crc !== entry.crc) throw damagedWorkbook('its checksum is wrong');
  }

  #view(): DataView {
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
  }

  #packed(entry: Entry): Uint8Array {
    if (entry.flags & ENCRYPTED) throw protectedWorkbook();
    const view = this.#view();
    const { offset } = entry;
    if (offset + LOCAL_SIZE > view.byteLength || view.getUint32(offset, true) !== LOCAL_SIGNATURE) {
      throw damagedWorkbook('a part is not where its directory says');
    }
    const start = offset + LOCAL_SIZE + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
    if (start + entry.packed > view.byteLength) throw damagedWorkbook('a part is cut off');
    return this.#bytes.subarray(start, start + entry.packed);
  }

  #refuseSize(size: number, packed: number): void {
    if (this.#unpacked > MAX_UNPACKED_BYTES) {
      throw tooLarge(`unpacks to more than ${MAX_UNPACKED_BYTES / 1024 / 1024} MB`);
    }
    if (size > RATIO_FREE_BYTES && size > packed * MAX_UNPACK_RATIO) {
      throw tooLarge(`unpacks to more than ${MAX_UNPACK_RATIO} times its size, as files made to do harm do`);
    }
  }
}

/** A workbook that only its password opens. */
export const protectedWorkbook = (): FormatError =>
  new FormatError(
    'workbook_protected',
    'The workbook is protected by a password. Open it with the password and save it without one, or as CSV.',
  );

const inflate = (packed: Uint8Array, take: (piece: Uint8Array) => void): void => {
  const stream = new Inflate();
  stream.ondata = (piece) => {
    if (piece.length > 0) take(piece);
  };
  try {
    for (let at = 0; at < packed.length; at += STEP) {
      stream.push(packed.subarray(at, at + STEP), at + STEP >= packed.length);
    }
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw damagedWorkbook('a part cannot be unpacked');
  }
};
