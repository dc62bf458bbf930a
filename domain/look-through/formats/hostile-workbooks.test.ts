import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FormatError, readConstituentFile } from './index.ts';
import { n, partsOf, xlsxOf, zipOf, type Part, type WorkbookSpec } from '../../../tests/support/workbooks.ts';

const refusal = (bytes: Uint8Array): FormatError => {
  try {
    readConstituentFile(bytes, { fileName: 'holdings.xlsx' });
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('The file was taken');
};

const GOOD: WorkbookSpec = {
  sheets: [
    {
      name: 'H',
      rows: [
        ['name', 'weight'],
        ['A', n('100')],
      ],
    },
  ],
};
const good = xlsxOf(GOOD);
const SHEET = 'xl/worksheets/sheet1.xml';
const withSheet = (content: string | Uint8Array, options: Part[2] = {}): Uint8Array =>
  xlsxOf({ ...GOOD, parts: [[SHEET, content, options]] });
const sheet = (inside: string, before = ''): string =>
  `<?xml version="1.0"?>${before}<worksheet><sheetData>${inside}</sheetData></worksheet>`;
const ole = (content: string): Uint8Array =>
  new Uint8Array(
    Buffer.concat([
      Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
      Buffer.alloc(600, 0),
      Buffer.from(content, 'utf16le'),
    ]),
  );

const mega = 1024 * 1024;
/** A part that says it is small and unpacks to 100 MB. */
const bomb = (): Uint8Array =>
  withSheet('<x/>', {
    packed: deflateRawSync(Buffer.concat([Buffer.from('<x>'), Buffer.alloc(100 * mega, '<c/>')])),
  });
/** Many parts that stay below the ratio each and are too large together. */
const manySheets = (): Uint8Array => {
  const filling = Buffer.from(sheet(`<row><c t="str"><v>${'1234567890abcdef'.repeat(60_000)}</v></c></row>`));
  const names = Array.from({ length: 80 }, (_, at) => ({ name: `S${at}`, rows: [] }));
  const parts = names.map((_, at): Part => [`xl/worksheets/sheet${at + 1}.xml`, filling]);
  return xlsxOf({ sheets: names, parts });
};
/** Rows that differ, so that they do not pack like a bomb. */
const manyRows = (count: number): string =>
  Array.from({ length: count }, (_, at) => `<row><c><v>${(at * 7919) % 1_000_003}</v></c></row>`).join('');
const hundredsOfSheets = (): Uint8Array =>
  xlsxOf({ sheets: Array.from({ length: 201 }, (_, at) => ({ name: `S${at}`, rows: [] })) });
const doctype =
  '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;"><!ENTITY ext SYSTEM "file:///etc/passwd">]>';

/** Time of the processor, which other work on the machine does not lengthen. */
const secondsOf = (start: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
};

describe('workbooks that are refused in words', () => {
  it.each([
    ['cut off', good.subarray(0, good.length - 30), 'workbook_damaged'],
    ['cut in half', good.subarray(0, good.length / 2), 'workbook_damaged'],
    ['a wrong checksum', withSheet(sheet(''), { crc: 1 }), 'workbook_damaged'],
    [
      'bytes that unpack to nothing',
      withSheet('x', { packed: Uint8Array.from([255, 254, 253]) }),
      'workbook_damaged',
    ],
    ['a packing of another kind', withSheet(sheet(''), { method: 12 }), 'workbook_damaged'],
    ['a part listed twice', zipOf([...partsOf(GOOD), [SHEET, sheet('')]]), 'workbook_damaged'],
    ['a part that is missing', zipOf(partsOf(GOOD).filter(([name]) => name !== SHEET)), 'workbook_damaged'],
    [
      'a part that is not UTF-8',
      withSheet(Uint8Array.from([0x3c, 0x78, 0x3e, 0xff, 0xff])),
      'workbook_damaged',
    ],
    ['a bomb', bomb(), 'workbook_too_large'],
    ['a bomb in many parts', manySheets(), 'workbook_too_large'],
    [
      'thousands of parts',
      zipOf(Array.from({ length: 2_001 }, (_, at): Part => [`p${at}`, ''])),
      'workbook_too_large',
    ],
    ['parts with a password', withSheet(sheet(''), { flags: 1 }), 'workbook_protected'],
    ['a workbook with a password', ole('EncryptedPackage'), 'workbook_protected'],
    ['an old workbook', ole('Workbook'), 'workbook'],
    ['a ZIP in a ZIP', zipOf([['inner.zip', good]]), 'workbook'],
    ['a CSV in a ZIP', zipOf([['holdings.csv', 'name,weight\nA,100\n']]), 'workbook'],
    ['a path that climbs', zipOf([['../../etc/passwd', 'x']]), 'workbook'],
    [
      'an OpenDocument file',
      zipOf([
        ['mimetype', 'x'],
        ['content.xml', '<x/>'],
      ]),
      'workbook',
    ],
    [
      'a binary workbook',
      zipOf([
        ['[Content_Types].xml', '<x/>'],
        ['xl/workbook.bin', 'x'],
      ]),
      'workbook',
    ],
    ['an empty ZIP', Uint8Array.from([0x50, 0x4b, 3, 4, ...zipOf([])]), 'workbook'],
    ['entities', withSheet(sheet('<row><c t="str"><v>&lol2;</v></c></row>', doctype)), 'xml_doctype'],
    ['a document type that declares nothing', withSheet(sheet('', '<!DOCTYPE worksheet>')), 'xml_doctype'],
    [
      'an entity that nobody declared',
      withSheet(sheet('<row><c t="str"><v>&xxe;</v></c></row>')),
      'malformed_xml',
    ],
    ['tags that cross', withSheet('<worksheet><sheetData></worksheet></sheetData>'), 'malformed_xml'],
    ['XML cut off', withSheet('<worksheet><sheetData><row>'), 'truncated'],
    [
      'a text without end',
      withSheet(`<a>${manyRows(60_000).replaceAll(/<[^>]*>/g, '&amp; ')}`),
      'malformed_xml',
    ],
    [
      'a tag without end',
      withSheet(`<a ${manyRows(60_000).replaceAll(/[^\d]+/g, '="" a')}`),
      'malformed_xml',
    ],
    ['hundreds of sheets', hundredsOfSheets(), 'workbook_too_large'],
    ['deep nesting', withSheet('<a>'.repeat(100_000)), 'malformed_xml'],
    ['too many rows', withSheet(sheet(manyRows(101_100))), 'too_many_rows'],
    [
      'only hidden sheets',
      xlsxOf({ sheets: GOOD.sheets.map((one) => ({ ...one, state: 'hidden' })) }),
      'no_rows',
    ],
  ])('%s', (_what, content, code) => {
    const error = refusal(content);
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(/^[A-Z].+\.$/s)]);
  });

  it('unpacks no more than it may, whatever the headers say', () => {
    const content = bomb();
    const before = process.memoryUsage().rss;
    const start = process.cpuUsage();
    expect(refusal(content).code).toBe('workbook_too_large');
    expect(secondsOf(start)).toBeLessThan(5);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * mega);
  });

  it('mends an endless run of ampersands no further than it reads it', () => {
    const text = `<ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">${'&'.repeat(20 * mega)}`;
    const content = new TextEncoder().encode(text);
    const start = process.cpuUsage();
    expect(refusal(content).code).toBe('malformed_xml');
    expect(secondsOf(start)).toBeLessThan(5);
  });

  it('never reaches a part that a link names outside the workbook', () => {
    const rels = `<Relationships><Relationship Id="s1" Type="x/worksheet" TargetMode="External" Target="file:///etc/passwd"/></Relationships>`;
    const error = refusal(xlsxOf({ ...GOOD, parts: [['xl/_rels/workbook.xml.rels', rels]] }));
    expect(error.code).toBe('not_recognised');
  });
});

describe('odd workbooks that are read', () => {
  it.each([
    [
      'parts that are stored',
      zipOf(partsOf(GOOD).map(([name, content]): Part => [name, content, { method: 0 }])),
    ],
    [
      'no styles and no shared texts',
      withSheet(
        sheet(
          '<row><c t="str"><v>name</v></c><c t="str"><v>weight</v></c></row><row><c t="str"><v>A</v></c><c><v>100</v></c></row>',
        ),
      ),
    ],
    ['a comment at the end', Buffer.concat([good.subarray(0, -2), Buffer.from([3, 0]), Buffer.from('abc')])],
    [
      'cells far to the right and a text of a megabyte',
      withSheet(
        sheet(
          `<row><c t="str"><v>name</v></c><c t="str"><v>weight</v></c></row><row><c t="str"><v>A</v></c><c><v>100</v></c><c r="XFD2"><v>1</v></c></row><row><c t="str"><v>${manyRows(30_000).replaceAll(/<[^>]*>/g, ' ')}</v></c></row>`,
        ),
      ),
    ],
  ])('%s', (_what, content) => {
    expect(readConstituentFile(content).totals).toMatchObject({ rows: 1, weightSumPct: '100' });
  });
});
