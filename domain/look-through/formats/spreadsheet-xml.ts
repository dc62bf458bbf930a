import { doubleText } from './doubles.ts';
import { MAX_CELL_CHARS } from './limits.ts';
import { RowsOfSheet, type CellKind, type Workbook, type Worksheet } from './workbook.ts';
import { attribute, readXml, type Attributes } from './xml.ts';

const NAMESPACE = 'urn:schemas-microsoft-com:office:spreadsheet';
const LOOKED_AT = 4096;

/** True for "XML Spreadsheet 2003", which iShares serves as .xls. */
export const isSpreadsheetXml = (text: string): boolean => {
  const start = text.slice(0, LOOKED_AT).trimStart();
  return start.startsWith('<') && start.includes(NAMESPACE) && /<(?:\w+:)?Workbook[\s>]/.test(start);
};

/** Letters that iShares' Dutch, German and French files write as HTML names them. */
const HTML_LETTERS: Readonly<Record<string, string>> = {
  nbsp: '\u00a0',
  euml: 'ë',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  szlig: 'ß',
  eacute: 'é',
  egrave: 'è',
  ecirc: 'ê',
  agrave: 'à',
  ccedil: 'ç',
  ntilde: 'ñ',
  oacute: 'ó',
  iacute: 'í',
  aacute: 'á',
  uacute: 'ú',
  reg: '®',
  trade: '™',
  copy: '©',
  ndash: '–',
  mdash: '—',
  rsquo: '’',
  euro: '€',
};
const XML_NAMES = new Set(['amp', 'lt', 'gt', 'quot', 'apos']);

/**
 * Mends what iShares writes that is no XML, and nothing else: an ampersand as such ("S&P"), letters by their HTML
 * names, and `</Style>` after `<ss:Style>`.
 */
const mend = (text: string, prefixed: boolean): string => {
  const mended = text.replace(/&(?:#\d{1,7};|#x[\da-fA-F]{1,6};|(\w{1,10});)?/g, (found, name?: string) => {
    if (found === '&') return '&amp;';
    if (name === undefined || XML_NAMES.has(name)) return found;
    return HTML_LETTERS[name] ?? `&amp;${found.slice(1)}`;
  });
  return prefixed ? mended.replaceAll('</Style>', '</ss:Style>') : mended;
};

/** Reads the sheets as they come. */
class SheetsReader {
  readonly sheets: Worksheet[] = [];
  #rows = new RowsOfSheet();
  #name = '';
  #visible = true;
  #cell: Attributes = {};
  #column = 0;
  #type = '';
  #value = '';
  #collecting: 'data' | 'visibility' | null = null;

  open(name: string, attributes: Attributes): void {
    if (name === 'Worksheet') {
      this.#rows = new RowsOfSheet();
      this.#name = attribute(attributes, 'Name') ?? '';
      this.#visible = true;
    } else if (name === 'Row') {
      this.#rows.start(Number(attribute(attributes, 'Index')) || null);
      this.#column = 0;
    } else if (name === 'Cell') {
      this.#cell = attributes;
      this.#value = '';
      this.#type = '';
      const index = Number(attribute(attributes, 'Index'));
      if (index > 0) this.#column = index - 1;
    } else if (name === 'Data') {
      this.#type = attribute(attributes, 'Type') ?? 'String';
      this.#collecting = 'data';
    } else if (name === 'Visible') {
      this.#value = '';
      this.#collecting = 'visibility';
    }
  }

  close(name: string): void {
    if (name === 'Data') this.#collecting = null;
    else if (name === 'Cell') this.#put();
    else if (name === 'Row') this.#rows.end();
    else if (name === 'Visible') {
      this.#visible = !/hidden/i.test(this.#value);
      this.#collecting = null;
    } else if (name === 'Worksheet' && this.#visible) {
      this.sheets.push({ name: this.#name, rows: this.#rows.rows });
    }
  }

  text(text: string): void {
    if (this.#collecting !== null && this.#value.length <= MAX_CELL_CHARS) this.#value += text;
  }

  #put(): void {
    const [text, kind] = this.#read();
    if (text !== '') this.#rows.put(this.#column, text, kind);
    const more = Number(attribute(this.#cell, 'MergeAcross'));
    this.#column += 1 + (more > 0 ? more : 0);
  }

  #read(): readonly [string, CellKind] {
    const value = this.#value.trim();
    if (this.#type === '') return [attribute(this.#cell, 'Formula') ?? '', 'text'];
    if (this.#type === 'DateTime') return [value.slice(0, 10), 'text'];
    const number = this.#type === 'Number' ? doubleText(value) : null;
    return number === null ? [value, 'text'] : [number, 'number'];
  }
}

/** Reads "XML Spreadsheet 2003". Throws FormatError: `malformed_xml`, `xml_doctype`, `truncated`, `too_many_rows`. */
export const readSpreadsheetXml = (text: string): Workbook => {
  const reader = new SheetsReader();
  const prefixed = /<ss:Style[\s>]/.test(text);
  const handlers = {
    open: (name: string, attributes: Attributes) => reader.open(name, attributes),
    close: (name: string) => reader.close(name),
    text: (piece: string) => reader.text(piece),
  };
  readXml(text, handlers, (piece) => mend(piece, prefixed));
  return { sheets: reader.sheets };
};
