import { crc32, deflateRawSync } from 'node:zlib';

/**
 * Writes small workbooks for tests, so that no binary file is committed and each test shows what it reads. ZIP by hand
 * and with Node's own zlib: independent of the code under test.
 */

type PartOptions = {
  /** Bits of the general flag: 1 says that the part is encrypted. */
  readonly flags?: number;
  readonly method?: number;
  /** Bytes as they stand in the file, instead of the content packed. */
  readonly packed?: Uint8Array;
  readonly crc?: number;
};
export type Part = readonly [name: string, content: string | Uint8Array, options?: PartOptions];

const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

const header = (
  signature: number,
  before: Buffer,
  [name, content, options = {}]: Part,
  packed: Uint8Array,
): Buffer => {
  const common = Buffer.alloc(26);
  const nameBytes = Buffer.from(name);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(options.flags ?? 0, 2);
  common.writeUInt16LE(options.method ?? 8, 4);
  common.writeUInt32LE(options.crc ?? crc32(bytesOf(content)), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(bytesOf(content).length, 18);
  common.writeUInt16LE(nameBytes.length, 22);
  const start = Buffer.alloc(4);
  start.writeUInt32LE(signature);
  return Buffer.concat([start, before, common]);
};

/** A ZIP file of these parts. */
export const zipOf = (parts: readonly Part[]): Uint8Array => {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const [name, content, options = {}] = part;
    const raw = bytesOf(content);
    const packed = options.packed ?? (options.method === 0 ? raw : deflateRawSync(raw));
    const file = Buffer.concat([
      header(0x04034b50, Buffer.alloc(0), part, packed),
      Buffer.from(name),
      packed,
    ]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(header(0x02014b50, Buffer.from([20, 0]), part, packed), rest, Buffer.from(name));
    files.push(file);
    offset += file.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, listed, end]);
};

/** A cell: text, a number as written, or the cell's XML in full. */
export type Cell = string | { readonly n: string; readonly style?: number } | { readonly xml: string } | null;

export type SheetSpec = {
  readonly name: string;
  readonly rows: ReadonlyArray<readonly Cell[]>;
  readonly state?: string;
};

/** Styles of every workbook written here: 0 General, 1 percent, 2 date, 3 date of its own, 4 elapsed time, 5 per cent in text. */
const STYLES = `<styleSheet><numFmts count="3"><numFmt numFmtId="164" formatCode="dd\\-mmm\\-yyyy"/><numFmt numFmtId="165" formatCode="[h]:mm:ss"/><numFmt numFmtId="166" formatCode="0.00&quot;% day&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${[0, 10, 14, 164, 165, 166].map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const letters = (column: number): string =>
  (column >= 26 ? letters(Math.floor(column / 26) - 1) : '') + String.fromCharCode(65 + (column % 26));

const sheetXml = (sheet: SheetSpec, share: (text: string) => number): string => {
  const rows = sheet.rows.map((cells, at) => {
    const written = cells.map((cell, column) => {
      const reference = `${letters(column)}${at + 1}`;
      if (cell === null) return `<c r="${reference}" s="0"/>`;
      if (typeof cell === 'string') return `<c r="${reference}" t="s"><v>${share(cell)}</v></c>`;
      if ('xml' in cell) return cell.xml.replace('<c', `<c r="${reference}"`);
      return `<c r="${reference}" s="${cell.style ?? 0}"><v>${cell.n}</v></c>`;
    });
    return cells.length === 0 ? '' : `<row r="${at + 1}">${written.join('')}</row>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows.join('')}</sheetData><mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells></worksheet>`;
};

export type WorkbookSpec = {
  readonly sheets: readonly SheetSpec[];
  readonly date1904?: boolean;
  /** Further parts, or parts in place of those written. */
  readonly parts?: readonly Part[];
};

/** The parts of a workbook with these sheets. */
export const partsOf = ({ sheets, date1904 = false, parts = [] }: WorkbookSpec): Part[] => {
  const strings: string[] = [];
  const share = (text: string): number => strings.push(text) - 1;
  const written = sheets.map((sheet, at): Part => [
    `xl/worksheets/sheet${at + 1}.xml`,
    sheetXml(sheet, share),
  ]);
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`;
  const own: Part[] = [
    ['[Content_Types].xml', '<Types/>'],
    [
      '_rels/.rels',
      `<Relationships>${relation('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `<workbook xmlns:r="r"><workbookPr${date1904 ? ' date1904="1"' : ''}/><sheets>${sheets.map((sheet, at) => `<sheet name="${escape(sheet.name)}" sheetId="${at + 1}" state="${sheet.state ?? 'visible'}" r:id="s${at + 1}"/>`).join('')}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `<Relationships>${sheets.map((_, at) => relation(`s${at + 1}`, 'worksheet', at % 2 === 0 ? `worksheets/sheet${at + 1}.xml` : `/xl/worksheets/sheet${at + 1}.xml`)).join('')}${relation('t', 'styles', 'styles.xml')}${relation('u', 'sharedStrings', '../xl/sharedStrings.xml')}</Relationships>`,
    ],
    ['xl/styles.xml', STYLES],
    ...written,
    [
      'xl/sharedStrings.xml',
      `<sst>${strings.map((text) => (text.startsWith('<si>') ? text : `<si><t xml:space="preserve">${escape(text)}</t></si>`)).join('')}</sst>`,
    ],
  ];
  const replaced = new Set(parts.map(([name]) => name));
  return [...own.filter(([name]) => !replaced.has(name)), ...parts];
};

/** An .xlsx workbook. */
export const xlsxOf = (spec: WorkbookSpec): Uint8Array => zipOf(partsOf(spec));

/** Numbers as cells. */
export const n = (written: string, style = 0): Cell => ({ n: written, style });
