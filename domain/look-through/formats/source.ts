import { decodeText, type Encoding } from './decode.ts';
import { FormatError } from './format-error.ts';
import { MAX_FILE_BYTES, MAX_JSON_DEPTH, MAX_ROWS } from './limits.ts';
import { isSpreadsheetXml, readSpreadsheetXml } from './spreadsheet-xml.ts';
import { findTable, type TableHead } from './table.ts';
import type { Workbook } from './workbook.ts';
import { findWorkbookTable, type WorkbookTable } from './sheet-table.ts';
import { isZip, readXlsx } from './xlsx.ts';

/** What the caller may know about a file. Never decides: content does. */
export type Hint = { readonly fileName?: string; readonly contentType?: string };

/** A value of JSON whose numbers are kept as they were printed. */
export type JsonValue = string | boolean | null | JsonNumber | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [key: string]: JsonValue };

/** A number of a JSON text, as printed: 0.1 stays "0.1" and 28 digits stay 28 digits. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A file as formats look at it: each view is made once, when a format first asks for it. */
export type Source = {
  readonly bytes: Uint8Array;
  readonly hint: Hint;
  /** Decoded text, or null where the bytes are none. */
  readonly text: () => string | null;
  readonly encoding: () => Encoding | null;
  /** The table that a delimited text holds, or null. */
  readonly table: () => TableHead | null;
  /** The sheets of a workbook, or null. */
  readonly workbook: () => Workbook | null;
  /** The table of constituents of a workbook, or null. */
  readonly sheetTable: () => WorkbookTable | null;
  /** The JSON value of a JSON text, or undefined. */
  readonly json: () => JsonValue | undefined;
  /** Why there is no text, no workbook or no JSON, where reading it failed. */
  readonly problem: () => FormatError | null;
};

const depthAndObjects = (text: string): { depth: number; objects: number } => {
  let depth = 0;
  let deepest = 0;
  let objects = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 34) {
      for (i += 1; i < text.length && text.charCodeAt(i) !== 34; i += 1) {
        if (text.charCodeAt(i) === 92) i += 1;
      }
    } else if (code === 123 || code === 91) {
      depth += 1;
      if (code === 123) objects += 1;
      deepest = Math.max(deepest, depth);
    } else if (code === 125 || code === 93) depth -= 1;
  }
  return { depth: deepest, objects };
};

/** JSON.parse gives a reviver the printed form of a number; the typed library does not know that yet. */
type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

const keepNumbers: SourceReviver = (_key, value, context) =>
  typeof value === 'number' ? new JsonNumber(context.source ?? String(value)) : value;

const parseJson = (text: string): JsonValue => {
  const { depth, objects } = depthAndObjects(text);
  if (depth > MAX_JSON_DEPTH) {
    throw new FormatError('malformed_json', `The JSON is nested deeper than ${MAX_JSON_DEPTH} levels.`);
  }
  if (objects > MAX_ROWS + 1_000) {
    throw new FormatError(
      'too_many_rows',
      `The file has more than ${MAX_ROWS.toLocaleString('en-GB')} rows.`,
    );
  }
  try {
    return JSON.parse(text, keepNumbers as (key: string, value: unknown) => unknown) as JsonValue;
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : 'it cannot be read';
    throw new FormatError('malformed_json', `The file looks like JSON but is not: ${why}.`);
  }
};

const attempt = <T>(problems: FormatError[], read: () => T): T | undefined => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    problems.push(error);
    return undefined;
  }
};

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

const workbookOf = (bytes: Uint8Array, text: () => string | null): Workbook | null => {
  if (isZip(bytes)) return readXlsx(bytes);
  const content = text();
  return content !== null && isSpreadsheetXml(content) ? readSpreadsheetXml(content) : null;
};

/** Wraps a file for the formats. Throws when it is empty or too large to look at. */
export const sourceOf = (bytes: Uint8Array, hint: Hint): Source => {
  if (bytes.length === 0) throw new FormatError('empty', 'The file is empty.');
  if (bytes.length > MAX_FILE_BYTES) {
    const limit = MAX_FILE_BYTES / 1024 / 1024;
    throw new FormatError('too_large', `The file is larger than ${limit} MB; no fund's holdings are.`);
  }
  const problems: FormatError[] = [];
  const decoded = once(() => attempt(problems, () => decodeText(bytes)));
  const text = once(() => (isZip(bytes) ? null : (decoded()?.text ?? null)));
  const workbook = once(() => attempt(problems, () => workbookOf(bytes, text)) ?? null);
  return {
    bytes,
    hint,
    text,
    encoding: () => decoded()?.encoding ?? null,
    table: once(() => {
      const content = text();
      return content === null ? null : findTable(content);
    }),
    workbook,
    sheetTable: once(() => {
      const read = workbook();
      return read === null ? null : (attempt(problems, () => findWorkbookTable(read)) ?? null);
    }),
    json: once(() => {
      const content = text()?.trim() ?? '';
      return /^(?:\{\s*["}]|[["])/.test(content) && /[\]}"]$/.test(content)
        ? attempt(problems, () => parseJson(content))
        : undefined;
    }),
    problem: () => problems[0] ?? null,
  };
};
