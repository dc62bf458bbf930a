import { FormatError } from './format-error.ts';

/** The encodings in which issuers publish. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

const startsWith = (bytes: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((byte, i) => bytes[i] === byte);

/** Counts sequences of UTF-8 that take more than one byte, and bytes that fit no sequence. */
const utf8Evidence = (bytes: Uint8Array): { multi: number; broken: number; firstBroken: number } => {
  let multi = 0;
  let broken = 0;
  let firstBroken = -1;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x80) continue;
    const length = byte >= 0xf0 && byte <= 0xf4 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 0;
    let fits = length > 0 && byte <= 0xf4 && i + length <= bytes.length;
    for (let k = 1; fits && k < length; k += 1) {
      const next = bytes[i + k] ?? 0;
      fits = next >= 0x80 && next < 0xc0;
    }
    if (fits) {
      multi += 1;
      i += length - 1;
    } else {
      broken += 1;
      if (firstBroken < 0) firstBroken = i;
    }
  }
  return { multi, broken, firstBroken };
};

/** Control characters that no text file has: all but tab, line ends and form feed. */
const CONTROLS = /[^\P{Cc}\t\n\v\f\r\u0085]/u;

const refuseBinary = (text: string): string => {
  if (CONTROLS.test(text)) {
    throw new FormatError('binary', 'This is not a text file: it contains control characters.');
  }
  return text;
};

/** Decodes bytes the way they say; throws where they contradict it. */
const decodeAs = (bytes: Uint8Array, encoding: Encoding, skip: number): string => {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes.subarray(skip));
  } catch {
    throw new FormatError('wrong_encoding', `The file says that it is ${encoding.toUpperCase()} but is not.`);
  }
};

const LOOKED_AT = 4096;
/** Share of a Western text's characters whose UTF-16 has a zero byte; real files are nearly all such. */
const MOSTLY = 0.6;

/** UTF-16 without a byte order mark: nearly every other byte is zero, always on the same side. */
const unmarkedUtf16 = (bytes: Uint8Array): Encoding | null => {
  const start = bytes.subarray(0, LOOKED_AT);
  const zeros = [0, 0];
  for (const [i, byte] of start.entries()) if (byte === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const enough = (start.length / 2) * MOSTLY;
  if (bytes.length % 2 !== 0) return null;
  if (even === 0 && odd >= enough) return 'utf-16le';
  return odd === 0 && even >= enough ? 'utf-16be' : null;
};

/**
 * Text of a file as issuers write it: UTF-8 with or without byte order mark, UTF-16 likewise, else Windows-1252. A
 * file that is mostly UTF-8 but damaged is refused rather than read as Windows-1252 with every accent wrong.
 */
export const decodeText = (bytes: Uint8Array): { readonly text: string; readonly encoding: Encoding } => {
  if (startsWith(bytes, [0xef, 0xbb, 0xbf])) {
    return { text: refuseBinary(decodeAs(bytes, 'utf-8', 3)), encoding: 'utf-8' };
  }
  if (startsWith(bytes, [0xff, 0xfe])) {
    return { text: refuseBinary(decodeAs(bytes, 'utf-16le', 2)), encoding: 'utf-16le' };
  }
  if (startsWith(bytes, [0xfe, 0xff])) {
    return { text: refuseBinary(decodeAs(bytes, 'utf-16be', 2)), encoding: 'utf-16be' };
  }
  if (bytes.subarray(0, LOOKED_AT).includes(0)) {
    const encoding = unmarkedUtf16(bytes);
    if (encoding === null) throw new FormatError('binary', 'This is not a text file.');
    return { text: refuseBinary(decodeAs(bytes, encoding, 0)), encoding };
  }
  const { multi, broken, firstBroken } = utf8Evidence(bytes);
  if (broken === 0) return { text: refuseBinary(decodeAs(bytes, 'utf-8', 0)), encoding: 'utf-8' };
  if (multi > broken) {
    throw new FormatError(
      'wrong_encoding',
      `The file is UTF-8 with damaged characters (the first at byte ${firstBroken + 1}). Download it again.`,
    );
  }
  return { text: refuseBinary(decodeAs(bytes, 'windows-1252', 0)), encoding: 'windows-1252' };
};

/** UTF-8 that was read as Windows-1252 and saved again: "Ã" or "â€" followed by what a second byte becomes. */
const TWICE_ENCODED = /Ã[\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[\u0080-\u00bf™œžŸ˜“”¦]/;

/** Refuses text whose accents were encoded twice ("TecnologÃ­a"): names and terms in it would be wrong. */
export const refuseTwiceEncoded = (text: string, rowNumber: number): void => {
  const found = TWICE_ENCODED.exec(text);
  if (found !== null) {
    const sample = text.slice(Math.max(0, found.index - 12), found.index + 12);
    throw new FormatError(
      'wrong_encoding',
      `The file was saved in the wrong encoding: its accents are broken ("${sample}"). Download it again, or save it as UTF-8.`,
      { rowNumber },
    );
  }
};
