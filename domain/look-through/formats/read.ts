import type { ConstituentFile } from '../published/index.ts';
import { amundiCsv } from './amundi-csv.ts';
import type { ConstituentFormat } from './constituent-format.ts';
import { FormatError } from './format-error.ts';
import { genericCsv } from './generic-csv.ts';
import { genericJson } from './generic-json.ts';
import { invescoCsv } from './invesco-csv.ts';
import { isharesCsv } from './ishares-csv.ts';
import { JsonNumber, sourceOf, type Hint, type JsonValue, type Source } from './source.ts';
import { checkHeader } from './table.ts';
import { vanguardCsv } from './vanguard-csv.ts';

/** Every format, the more particular ones first: the first that recognises a file reads it. */
export const CONSTITUENT_FORMATS: readonly ConstituentFormat[] = [
  amundiCsv,
  invescoCsv,
  vanguardCsv,
  isharesCsv,
  genericJson,
  genericCsv,
];

const HTML = /<(?:!doctype\s+html|html|head|body|script|meta|title|div)[\s>/]/i;

/** True where an HTML page stands as a text anywhere inside a JSON value. */
const holdsHtml = (value: JsonValue | undefined): boolean => {
  if (typeof value === 'string') return HTML.test(value);
  if (value === undefined || value === null || typeof value === 'boolean' || value instanceof JsonNumber) {
    return false;
  }
  return Object.values(value).some((inner) => holdsHtml(inner));
};

const SIGNATURES: ReadonlyArray<readonly [readonly number[], string]> = [
  [
    [0x50, 0x4b, 0x03, 0x04],
    'This is an Excel workbook (or another ZIP file). Open it and save the holdings as CSV.',
  ],
  [[0xd0, 0xcf, 0x11, 0xe0], 'This is an old Excel workbook. Open it and save the holdings as CSV.'],
  [[0x25, 0x50, 0x44, 0x46], 'This is a PDF. Download the list of holdings as CSV.'],
  [[0x1f, 0x8b], 'This file is compressed. Unpack it first.'],
];

/** Says in words why no format takes a file. */
const refusal = (source: Source): FormatError => {
  const signature = SIGNATURES.find(([bytes]) => bytes.every((byte, i) => source.bytes[i] === byte));
  if (signature !== undefined) return new FormatError('workbook', signature[1]);
  const text = source.text();
  if (text === null) return source.problem() ?? new FormatError('binary', 'This is not a text file.');
  const start = text.slice(0, 4096).trim();
  if (text.trim() === '') return new FormatError('empty', 'The file is empty: there are only blanks in it.');
  if (/^<\?xml|^<[a-z]+:?[\w-]* xmlns/i.test(start) && !/<html/i.test(start)) {
    return new FormatError(
      'xml',
      'This is an XML file of a kind that is not read. Download the holdings as CSV.',
    );
  }
  const json = source.json();
  if (HTML.test(start) || holdsHtml(json)) {
    return new FormatError(
      'html',
      'This is a web page, not a list of holdings: the issuer’s site probably answered with an error page.',
    );
  }
  const problem = source.problem();
  if (problem !== null) return problem;
  return json === undefined ? refusalOfTable(source) : refusalOfJson(json);
};

const refusalOfTable = (source: Source): FormatError => {
  const head = source.table();
  if (head !== null) {
    try {
      checkHeader(head.header);
    } catch (error) {
      if (error instanceof FormatError) return error;
      throw error;
    }
  }
  return new FormatError(
    'not_recognised',
    'No line of the file is a header of holdings: a name, ticker or ISIN and a weight for each row are needed.',
  );
};

const refusalOfJson = (json: JsonValue): FormatError => {
  const list = Array.isArray(json) ? json : Object.values(json ?? {}).find((value) => Array.isArray(value));
  const [first] = (list ?? []) as readonly JsonValue[];
  const keys = typeof first === 'object' && first !== null ? Object.keys(first).join(', ') : '';
  return keys === ''
    ? new FormatError('not_recognised', 'The JSON has no list of constituents.')
    : new FormatError(
        'no_weight_column',
        `The JSON's rows need a weight and a name, ticker or ISIN. They have: ${keys}.`,
        { field: 'weight' },
      );
};

/**
 * Reads an issuer's list of constituents, whatever its format, language and encoding; recognised by content, never by
 * name. Throws FormatError in words for a file that cannot be taken whole: nothing of it may be stored then. Weights
 * that do not sum to 98–102 % are a warning with the code `weights_do_not_sum`, on which the caller refuses the file
 * unless a person insists.
 *
 * @param hint what the sender says of the file; kept for formats to come, decides nothing
 */
export const readConstituentFile = (bytes: Uint8Array, hint: Hint = {}): ConstituentFile => {
  const source = sourceOf(bytes, hint);
  const format = CONSTITUENT_FORMATS.find((candidate) => candidate.recognise(source));
  if (format === undefined) throw refusal(source);
  return format.read(source);
};
