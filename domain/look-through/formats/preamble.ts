import { foldTerm } from '../terms/index.ts';
import type { Warning } from '../published/index.ts';
import { readDay, type DateOrder, type DayReading } from './dates.ts';

/** First words of preamble lines whose date is not the day of the holdings. */
const OTHER_DATES =
  /^(?:inception|launch|first|fund launch|created|benchmark|ex dividend|distribution|maturity|printed|download|data di lancio|data di avvio|auflage|fondsauflage|fecha de (?:inicio|creacion|lanzamiento)|date de (?:lancement|creation)|accrual)/;

/** Labels of the day of the holdings, in five languages. */
const AS_OF_LABEL =
  /^(?:fund holdings as of|holdings as of|holdings date|as of(?: date)?|asof|date|data|al|alla data|posizioni al|fecha|a fecha|al dia|posiciones a|fondsposition(?:en)? (?:per|zum|vom)|fondsbestande (?:am|stand|per|zum)|positionen (?:per|zum|vom)|bestande|stand|datum|stichtag|per|zum|au|positions au|composition au|date de valorisation)(?: |$)/;

const NAME_LABEL =
  /^(?:fund|fund name|fund_name|name of fund|fondsname|fonds|nome del fondo|nome fondo|nombre del fondo|nom du fonds|portfolio)$/;

export type Preamble = {
  readonly asOf: Temporal.PlainDate | null;
  readonly fundName: string | null;
  readonly warnings: readonly Warning[];
  /** The text that gave the day, for judging the locale. */
  readonly asOfText: string | null;
};

const dayIn = (cells: readonly string[], order: DateOrder | null): { reading: DayReading; text: string } => {
  for (const cell of cells) {
    const reading = readDay(cell, order);
    if (reading !== null) return { reading, text: cell };
  }
  // An unquoted "Dec 06, 2024" stands in two cells.
  const joined = cells.join(' ');
  return { reading: readDay(joined, order), text: joined };
};

const asOfWarning = (code: 'as_of_missing' | 'as_of_ambiguous', text: string | null): Warning => ({
  code,
  field: 'asOf',
  message:
    code === 'as_of_missing'
      ? 'The file does not say of which day its holdings are.'
      : `The day "${text ?? ''}" can be read in two ways; say which day it is.`,
});

/**
 * Reads the lines before a header: the day of the holdings (a line that is labelled so, else the first that is nothing
 * but a date; never an inception date) and the fund's name (the first line of a single text).
 */
export const readPreamble = (lines: ReadonlyArray<readonly string[]>, order: DateOrder | null): Preamble => {
  let labelled: { reading: DayReading; text: string } | null = null;
  let bare: { reading: DayReading; text: string } | null = null;
  let fundName: string | null = null;
  for (const line of lines) {
    const written = line.filter((cell) => cell !== '');
    const cells = written.filter((cell) => cell !== '-');
    const [first = ''] = cells;
    const label = foldTerm(first);
    if (OTHER_DATES.test(label)) continue;
    const found = dayIn(cells, order);
    if (AS_OF_LABEL.test(label)) {
      if (found.reading !== null) labelled ??= found;
    } else if (found.reading !== null) bare ??= found;
    else if (NAME_LABEL.test(label) && cells[1] !== undefined) fundName ??= cells[1];
    else if (written.length === 1 && /\p{L}{3}/u.test(first) && first.length <= 200) fundName ??= first;
  }
  const best = labelled ?? bare;
  const text = best?.text ?? null;
  const day =
    best === null || best.reading === null || best.reading === 'ambiguous' ? null : best.reading.day;
  const warnings =
    day !== null
      ? []
      : [asOfWarning(best?.reading === 'ambiguous' ? 'as_of_ambiguous' : 'as_of_missing', text)];
  return { asOf: day, fundName, warnings, asOfText: text };
};
