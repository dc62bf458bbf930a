import type { ConstituentFile } from '../published/index.ts';
import { amundiCsv } from './amundi-csv.ts';
import type { Header } from './columns.ts';
import type { ConstituentFormat } from './constituent-format.ts';
import { FormatError } from './format-error.ts';
import { finnhubJson } from './finnhub-json.ts';
import { genericCsv } from './generic-csv.ts';
import { genericJson } from './generic-json.ts';
import { genericXlsx } from './generic-xlsx.ts';
import { invescoCsv } from './invesco-csv.ts';
import { isharesCsv } from './ishares-csv.ts';
import { isharesXlsx } from './ishares-xlsx.ts';
import { nportXml } from './nport-xml.ts';
import { JsonNumber, sourceOf, type Hint, type JsonValue, type Source } from './source.ts';
import { spdrXlsx } from './spdr-xlsx.ts';
import { checkHeader } from './table.ts';
import { vanguardCsv } from './vanguard-csv.ts';
import { isOle, refusalOfOle } from './xlsx.ts';
import { xtrackersXlsx } from './xtrackers-xlsx.ts';

/** Every format, the more particular ones first: the first that recognises a file reads it. */
export const CONSTITUENT_FORMATS: readonly ConstituentFormat[] = [
  isharesXlsx,
  spdrXlsx,
  xtrackersXlsx,
  genericXlsx,
  nportXml,
  finnhubJson,
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
  [[0x25, 0x50, 0x44, 0x46], 'This is a PDF. Download the list of holdings as CSV.'],
  [[0x1f, 0x8b], 'This file is compressed. Unpack it first.'],
];

const UNKNOWN_XML =
  'This is an XML file of a kind that is not read. Download the holdings as CSV or as an Excel workbook.';

/** Says in words why no format takes a file. */
const refusal = (source: Source): FormatError => {
  const signature = SIGNATURES.find(([bytes]) => bytes.every((byte, i) => source.bytes[i] === byte));
  if (signature !== undefined) return new FormatError('binary', signature[1]);
  if (isOle(source.bytes)) return refusalOfOle(source.bytes);
  if (source.workbook() !== null) return refusalOfWorkbook(source);
  const text = source.text();
  if (text === null) return source.problem() ?? new FormatError('binary', 'This is not a text file.');
  const start = text.slice(0, 4096).trim();
  if (text.trim() === '') return new FormatError('empty', 'The file is empty: there are only blanks in it.');
  if (/^<\?xml|^<[a-z]+:?[\w-]* xmlns/i.test(start) && !/<html/i.test(start)) {
    return source.problem() ?? new FormatError('xml', UNKNOWN_XML);
  }
  const json = source.json();
  if (HTML.test(start) || holdsHtml(json)) {
    const table = /<table[\s>]/i.test(text);
    return new FormatError(
      'html',
      table
        ? 'This is a web page, not a list of holdings, though it has a table: open it in a spreadsheet and save the holdings as CSV or .xlsx.'
        : 'This is a web page, not a list of holdings: the issuer’s site probably answered with an error page.',
    );
  }
  const problem = source.problem();
  if (problem !== null) return problem;
  return json === undefined ? refusalOfTable(source) : refusalOfJson(json);
};

const refusalOfWorkbook = (source: Source): FormatError => {
  const table = source.sheetTable();
  const problem = source.problem();
  if (table === null && problem !== null) return problem;
  return refusalOfHeader(table?.header ?? null, 'No sheet of the workbook has');
};

const refusalOfTable = (source: Source): FormatError =>
  refusalOfHeader(source.table()?.header ?? null, 'No line of the file is');

const refusalOfHeader = (header: Header | null, none: string): FormatError => {
  try {
    if (header !== null) checkHeader(header);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  return new FormatError(
    'not_recognised',
    `${none} a header of holdings: a name, ticker or ISIN and a weight for each row are needed.`,
  );
};

const refusalOfJson = (json: JsonValue): FormatError => {
  const list = Array.isArray(json) ? json : Object.values(json ?? {}).find((value) => Array.isArray(value));
  const [first] = (list ?? []) as readonly JsonValue[];
  const row = first instanceof JsonNumber ? null : first;
  const keys = typeof row === 'object' && row !== null ? Object.keys(row).join(', ') : '';
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
