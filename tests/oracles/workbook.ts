// Reads one column of a workbook's first sheet by the slowest and plainest route: Node's own unzip, and patterns.

import { inflateRawSync } from 'node:zlib';

/** A part of a ZIP file, found by its name in the local headers. */
function part(zip: Buffer, name: string): string {
  for (let at = zip.indexOf('PK\u0003\u0004'); at >= 0; at = zip.indexOf('PK\u0003\u0004', at + 4)) {
    const length = zip.readUInt16LE(at + 26);
    if (zip.toString('utf8', at + 30, at + 30 + length) !== name) continue;
    return inflateRawSync(zip.subarray(at + 30 + length + zip.readUInt16LE(at + 28))).toString('utf8');
  }
  throw new Error(`no part ${name}`);
}

/** The cells of rows as texts: shared texts resolved, numbers as written. */
export function cells(zip: Buffer): string[][] {
  const shared = [...part(zip, 'xl/sharedStrings.xml').matchAll(/<si>(.*?)<\/si>/gs)].map(([, inside = '']) =>
    [...inside.matchAll(/<t[^>]*>(.*?)<\/t>/gs)].map(([, text = '']) => text).join(''),
  );
  const rows = part(zip, 'xl/worksheets/sheet1.xml').matchAll(/<row [^>]*>(.*?)<\/row>/gs);
  return [...rows].map(([, row = '']) =>
    [...row.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)].map(([, attributes = '', inside = '']) => {
      const value = /<v>(.*?)<\/v>/s.exec(inside)?.[1] ?? '';
      return attributes.includes('t="s"') ? (shared[Number(value)] ?? '') : value;
    }),
  );
}
