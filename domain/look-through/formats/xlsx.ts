import { doubleText } from './doubles.ts';
import { FormatError } from './format-error.ts';
import { MAX_CELL_CHARS, MAX_SHEETS } from './limits.ts';
import { RowsOfSheet, type CellKind, type Workbook, type Worksheet } from './workbook.ts';
import { dayOfSerial, Styles } from './xlsx-styles.ts';
import { attribute, XmlReader, type Attributes, type XmlHandlers } from './xml.ts';
import { damagedWorkbook, protectedWorkbook, tooLarge, Zip } from './zip.ts';

/**
 * Reads workbooks of Excel (ECMA-376, transitional and strict). Read are the values of cells; formulas, macros, links
 * and everything else a workbook can hold are passed over.
 */

const startsWith = (bytes: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((byte, i) => bytes[i] === byte);

const ZIP = [0x50, 0x4b, 0x03, 0x04];
const OLE = [0xd0, 0xcf, 0x11, 0xe0];

/** True for a ZIP file, which a workbook is. */
export const isZip = (bytes: Uint8Array): boolean => startsWith(bytes, ZIP);

/** True for the container of old workbooks and of those with a password. */
export const isOle = (bytes: Uint8Array): boolean => startsWith(bytes, OLE);

const ENCRYPTED_PACKAGE = Uint8Array.from('EncryptedPackage', (sign) => sign.charCodeAt(0));

/** Whether the name of the stream in which Excel keeps an encrypted workbook (UTF-16) stands in an OLE file. */
const holdsEncryptedPackage = (bytes: Uint8Array): boolean => {
  const [first = 0] = ENCRYPTED_PACKAGE;
  const length = ENCRYPTED_PACKAGE.length * 2;
  for (
    let at = bytes.indexOf(first);
    at >= 0 && at + length <= bytes.length;
    at = bytes.indexOf(first, at + 1)
  ) {
    if (ENCRYPTED_PACKAGE.every((byte, i) => bytes[at + i * 2] === byte && bytes[at + i * 2 + 1] === 0)) {
      return true;
    }
  }
  return false;
};

/** Says why an OLE file is not read. */
export const refusalOfOle = (bytes: Uint8Array): FormatError =>
  holdsEncryptedPackage(bytes)
    ? protectedWorkbook()
    : new FormatError(
        'workbook',
        'This is an old Excel workbook (.xls). Open it and save it as .xlsx, or save the holdings as CSV.',
      );

/** Says why a ZIP file is no workbook that is read. */
const refusalOfZip = (zip: Zip): FormatError => {
  const names = zip.names();
  const inside = names.find(
    (name) => /\.(?:xlsx|xlsm|csv|xml|json|zip)$/i.test(name) && !name.startsWith('xl/'),
  );
  if (names.some((name) => /^xl\/workbook\.bin$/i.test(name))) {
    return new FormatError(
      'workbook',
      'This is a binary Excel workbook (.xlsb). Save it as .xlsx or as CSV.',
    );
  }
  if (names.includes('content.xml')) {
    return new FormatError('workbook', 'This is an OpenDocument file. Save it as .xlsx or as CSV.');
  }
  return new FormatError(
    'workbook',
    inside === undefined || names.includes('[Content_Types].xml')
      ? 'This ZIP file is not an Excel workbook. Open it and save the holdings as CSV.'
      : `This is a ZIP file with “${inside.slice(0, 80)}” in it. Unpack it and send that.`,
  );
};

const encodingOf = (piece: Uint8Array): string => {
  if (startsWith(piece, [0xff, 0xfe])) return 'utf-16le';
  return startsWith(piece, [0xfe, 0xff]) ? 'utf-16be' : 'utf-8';
};

const readPart = (zip: Zip, name: string, handlers: XmlHandlers): void => {
  const reader = new XmlReader(handlers);
  let decoder: TextDecoder | null = null;
  const decode = (piece: Uint8Array | null): void => {
    try {
      if (piece !== null) decoder ??= new TextDecoder(encodingOf(piece), { fatal: true });
      const text = piece === null ? decoder?.decode() : decoder?.decode(piece, { stream: true });
      if (text !== undefined && text !== '') reader.write(text);
    } catch (error) {
      if (error instanceof TypeError) throw damagedWorkbook('a part of it is not UTF-8');
      throw error;
    }
  };
  zip.read(name, decode);
  decode(null);
  reader.end();
};

/** Signs that XML cannot hold are written as `_x000D_`. */
const unescapeSigns = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_all, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : text;

const cellText = (text: string): string => unescapeSigns(text.slice(0, MAX_CELL_CHARS * 2)).trim();

/** The texts that cells share, without their phonetic readings. */
const readSharedStrings = (zip: Zip, name: string): string[] => {
  const strings: string[] = [];
  let parts = '';
  let inText = false;
  let inPhonetic = false;
  readPart(zip, name, {
    open: (tag) => {
      if (tag === 'si') parts = '';
      else if (tag === 'rPh') inPhonetic = true;
      else if (tag === 't') inText = !inPhonetic;
    },
    close: (tag) => {
      if (tag === 'si') strings.push(cellText(parts));
      else if (tag === 'rPh') inPhonetic = false;
      else if (tag === 't') inText = false;
    },
    text: (text) => {
      if (inText && parts.length <= MAX_CELL_CHARS * 2) parts += text;
    },
  });
  return strings;
};

/** Column of a reference such as "AB12", counted from 0; -1 for no reference. */
const columnOf = (reference: string): number => {
  let column = 0;
  for (let i = 0; i < reference.length && i < 4; i += 1) {
    const letter = reference.charCodeAt(i) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return column - 1;
};

type Shared = { readonly strings: readonly string[]; readonly styles: Styles; readonly from1904: boolean };

/** Reads the cells of one sheet as they come. */
class SheetReader {
  readonly #shared: Shared;
  readonly #into = new RowsOfSheet();
  #cell: Attributes = {};
  #value = '';
  #formula = '';
  #inText = false;
  #inFormula = false;
  #inPhonetic = false;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  rows(): Worksheet['rows'] {
    return this.#into.rows;
  }

  readonly handlers: XmlHandlers = {
    open: (name, attributes) => this.#open(name, attributes),
    close: (name) => this.#close(name),
    text: (text) => {
      if (this.#inText) this.#value += text;
      else if (this.#inFormula && this.#formula.length < MAX_CELL_CHARS) this.#formula += text;
    },
  };

  #open(name: string, attributes: Attributes): void {
    if (name === 'c') {
      this.#cell = attributes;
      this.#value = '';
      this.#formula = '';
    } else if (name === 'v') this.#inText = true;
    else if (name === 't') this.#inText = !this.#inPhonetic;
    else if (name === 'f') this.#inFormula = true;
    else if (name === 'rPh') this.#inPhonetic = true;
    else if (name === 'row') this.#into.start(Number(attributes['r']) || null);
  }

  #close(name: string): void {
    if (name === 'v' || name === 't') this.#inText = false;
    else if (name === 'f') this.#inFormula = false;
    else if (name === 'rPh') this.#inPhonetic = false;
    else if (name === 'c') this.#put();
    else if (name === 'row') this.#into.end();
  }

  #put(): void {
    const reference = this.#cell['r'];
    const column = reference === undefined ? this.#into.next() : columnOf(reference);
    const [text, kind] = this.#read();
    if (text !== '' || reference === undefined) this.#into.put(column, text, kind);
  }

  #read(): readonly [string, CellKind] {
    const type = this.#cell['t'] ?? 'n';
    const value = this.#value;
    if (value === '') return [this.#formula === '' ? '' : `=${this.#formula}`, 'text'];
    if (type === 's') return [this.#shared.strings[Number(value)] ?? '', 'text'];
    if (type === 'b') return [value.trim() === '1' ? 'TRUE' : 'FALSE', 'text'];
    if (type === 'd') return [value.trim().slice(0, 10), 'text'];
    if (type !== 'n') return [cellText(value), 'text'];
    const number = doubleText(value);
    if (number === null) return [cellText(value), 'text'];
    const shown = this.#shared.styles.shown(this.#cell['s']);
    const day = shown === 'date' ? dayOfSerial(number, this.#shared.from1904) : null;
    return day === null ? [number, shown === 'percent' ? 'percent' : 'number'] : [day, 'text'];
  }
}

type Relation = { readonly type: string; readonly target: string };

/** A part's name from a target that is relative to the folder of the part that names it. */
const resolve = (folder: string, target: string): string => {
  const path: string[] = [];
  for (const step of (target.startsWith('/') ? target : `${folder}/${target}`).split('/')) {
    if (step === '..') path.pop();
    else if (step !== '' && step !== '.') path.push(step);
  }
  return path.join('/');
};

const readRelations = (zip: Zip, part: string): ReadonlyMap<string, Relation> => {
  const slash = part.lastIndexOf('/');
  const folder = part.slice(0, Math.max(0, slash));
  const name = resolve(folder, `_rels/${part.slice(slash + 1)}.rels`);
  const relations = new Map<string, Relation>();
  if (!zip.has(name)) return relations;
  readPart(zip, name, {
    open: (tag, attributes) => {
      if (tag !== 'Relationship' || attributes['TargetMode'] === 'External') return;
      const type = (attributes['Type'] ?? '').split('/').at(-1) ?? '';
      relations.set(attributes['Id'] ?? '', { type, target: resolve(folder, attributes['Target'] ?? '') });
    },
    close: () => {},
    text: () => {},
  });
  return relations;
};

const partOfType = (relations: ReadonlyMap<string, Relation>, type: string): string | null =>
  [...relations.values()].find((relation) => relation.type === type)?.target ?? null;

type Contents = {
  readonly from1904: boolean;
  readonly sheets: ReadonlyArray<{ readonly name: string; readonly id: string }>;
};

/** The workbook's visible sheets: what nobody sees when opening it is not taken for its holdings. */
const readContents = (zip: Zip, part: string): Contents => {
  let from1904 = false;
  const sheets: Array<{ name: string; id: string }> = [];
  readPart(zip, part, {
    open: (tag, attributes) => {
      if (tag === 'workbookPr') from1904 = /^(?:1|true)$/.test(attributes['date1904'] ?? '');
      if (tag !== 'sheet' || (attributes['state'] ?? 'visible') !== 'visible') return;
      const id = Object.entries(attributes).find(([key]) => /(?:^|:)id$/.test(key))?.[1] ?? '';
      sheets.push({ name: attribute(attributes, 'name') ?? '', id });
    },
    close: () => {},
    text: () => {},
  });
  return { from1904, sheets };
};

/**
 * Reads an .xlsx or .xlsm workbook. Throws FormatError: `workbook` for another kind of file, `workbook_protected`,
 * `workbook_damaged`, `workbook_too_large`, `malformed_xml`, `xml_doctype`, `truncated`, `too_many_rows`.
 */
export const readXlsx = (bytes: Uint8Array): Workbook => {
  const zip = new Zip(bytes);
  const main = partOfType(readRelations(zip, ''), 'officeDocument') ?? 'xl/workbook.xml';
  if (!zip.has(main) || !main.endsWith('.xml')) throw refusalOfZip(zip);
  const relations = readRelations(zip, main);
  const { from1904, sheets } = readContents(zip, main);
  if (sheets.length === 0) throw new FormatError('no_rows', 'The workbook has no visible sheet.');
  if (sheets.length > MAX_SHEETS) throw tooLarge(`has more than ${MAX_SHEETS} sheets`);
  const stringsPart = partOfType(relations, 'sharedStrings');
  const stylesPart = partOfType(relations, 'styles');
  const strings = stringsPart === null ? [] : readSharedStrings(zip, stringsPart);
  const styles = new Styles();
  if (stylesPart !== null) readPart(zip, stylesPart, styles.handlers);
  const read = sheets
    .filter(({ id }) => relations.get(id)?.type === 'worksheet')
    .map(({ name, id }): Worksheet => {
      const reader = new SheetReader({ strings, styles, from1904 });
      readPart(zip, relations.get(id)?.target ?? '', reader.handlers);
      return { name, rows: reader.rows() };
    });
  return { sheets: read };
};
