import { attribute, type XmlHandlers } from './xml.ts';

/** How a number is shown, as far as it changes what it means. */
export type Shown = 'number' | 'percent' | 'date';

/** Formats that every workbook has without declaring them (ECMA-376 part 1, 18.8.30). */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58);
const BUILT_IN_PERCENT = new Set([9, 10]);

/** A format code without quoted texts, escaped signs, colours and conditions: what is left are its letters. */
const lettersOf = (code: string): string =>
  code.replace(/"[^"]*"|\\.|_.|\*./g, '').replace(/\[(?:[^\]hms]|[hms][^\]hms])[^\]]*\]/gi, '');

const shownBy = (code: string): Shown => {
  const letters = lettersOf(code.slice(0, 400));
  if (/[yd]/i.test(letters) && !/General/i.test(letters)) return 'date';
  return letters.includes('%') ? 'percent' : 'number';
};

/** Collects from `styles.xml` how the cells of each style are shown. */
export class Styles {
  readonly #codes = new Map<number, string>();
  readonly #formats: number[] = [];
  #inCells = false;

  readonly handlers: XmlHandlers = {
    open: (name, attributes) => {
      if (name === 'numFmt') {
        this.#codes.set(Number(attribute(attributes, 'numFmtId')), attribute(attributes, 'formatCode') ?? '');
      } else if (name === 'cellXfs') this.#inCells = true;
      else if (name === 'xf' && this.#inCells) {
        this.#formats.push(Number(attribute(attributes, 'numFmtId') ?? 0));
      }
    },
    close: (name) => {
      if (name === 'cellXfs') this.#inCells = false;
    },
    text: () => {},
  };

  /** How cells of this style are shown; plain numbers where the style is not known. */
  shown(style: string | undefined): Shown {
    const id = this.#formats[Number(style ?? 0)] ?? 0;
    const code = this.#codes.get(id);
    if (code !== undefined) return shownBy(code);
    if (BUILT_IN_PERCENT.has(id)) return 'percent';
    return isBuiltInDate(id) ? 'date' : 'number';
  }
}

const LAST_SERIAL = 2_958_465;
/** The day that 1900's calendar of Excel has and the world's has not: 29 February 1900. */
const NO_DAY = 60;

/**
 * The day of a date cell. Excel counts days from 1 January 1900 as 1, with a 29 February 1900 that never was, or in
 * workbooks of old Macs from 1 January 1904 as 0. The time of day is passed over. Null for no day.
 */
export const dayOfSerial = (written: string, from1904: boolean): string | null => {
  const serial = Math.floor(Number(written));
  if (!Number.isFinite(serial) || serial < 0 || serial > LAST_SERIAL) return null;
  if (from1904) return Temporal.PlainDate.from('1904-01-01').add({ days: serial }).toString();
  if (serial === 0 || serial === NO_DAY) return null;
  const days = serial < NO_DAY ? serial + 1 : serial;
  return Temporal.PlainDate.from('1899-12-30').add({ days }).toString();
};
