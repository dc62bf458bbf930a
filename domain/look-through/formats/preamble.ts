import { foldTerm } from '../terms/index.ts';
import type { Warning } from '../published/index.ts';
import { findDay, readDay, type DateOrder, type DayReading } from './dates.ts';

/** First words of preamble lines whose date is not the day of the holdings. */
const OTHER_DATES =
  /^(?:inception|launch|first|fund launch|created|benchmark|ex dividend|distribution|maturity|printed|download|data di lancio|data di avvio|auflage|fondsauflage|fecha de (?:inicio|creacion|lanzamiento)|date de (?:lancement|creation)|accrual)/;

/** Words of a line whose date is that of the download. */
const DOWNLOADED =
  /\b(?:download\w*|heruntergeladen|scaricat\w|descargad\w|telecharge\w*|exporte?d|exportiert|printed|gedruckt)\b/;

/** Labels of the day of the holdings, in five languages. */
const AS_OF_LABEL =
  /^(?:(?:fund |portfolio |all )?holdings (?:detail )?as (?:of|at)|as at|situazione al|dati al|datos a|donnees au|inventaire au|holdings date|as of(?: date)?|asof|date|data|al|alla data|posizioni al|fecha|a fecha|al dia|posiciones a|fondsposition(?:en)? (?:per|zum|vom)|fondsbestande (?:am|stand|per|zum)|positionen (?:per|zum|vom)|bestande|stand|datum|stichtag|per|zum|au|positions au|composition au|date de valorisation)(?: |$)/;

const NAME_LABEL =
  /^(?:fund|fund name|name of fund|fondsname|fonds|nome del fondo|nome fondo|nombre del fondo|nom du fonds|nombre del fondo|portfolio|portfolio name|product name|etf)$/;

/** The same inside a sentence. */
const AS_OF_INSIDE = /\b(?:as of|as at|al|alla data|zum|per|stand|au|a fecha|al dia)\b/;

/** Headings that are not the name of a fund. */
const NOT_A_NAME =
  /^(?:sep|amundi(?: etf)?|vanguard|invesco(?: ltd)?|(?:fund |portfolio |all |full )?holdings?(?: details?)?(?: (?:equity|fixed income|bond))?|equit(?:y|ies)|bonds?|fixed income|short term reserves?|titoli detenuti dal fondo|titres detenus par le fonds|composition du fonds|composicion del fondo|zusammensetzung|fondsbestande|fondspositionen|posizioni del fondo)$/;
const NAME_WORDS_MAX = 20;

export type Preamble = {
  readonly asOf: Temporal.PlainDate | null;
  readonly fundName: string | null;
  readonly warnings: readonly Warning[];
  /** The text that gave the day, for judging the locale. */
  readonly asOfText: string | null;
};

type Found = { readonly reading: DayReading; readonly text: string };

const dayIn = (cells: readonly string[], order: DateOrder | null): Found => {
  for (const cell of cells) {
    const reading = readDay(cell, order);
    if (reading !== null) return { reading, text: cell };
  }
  // An unquoted "Dec 06, 2024" stands in two cells.
  const joined = cells.join(' ');
  return { reading: readDay(joined, order), text: joined };
};

/** The day inside a sentence that says that it is the holdings'. */
const dayInside = (cells: readonly string[], order: DateOrder | null): Found | null => {
  const text = cells.find((cell) => AS_OF_INSIDE.test(foldTerm(cell.slice(0, 1000)))) ?? '';
  const reading = findDay(text, order);
  return reading === null ? null : { reading, text };
};

const asOfWarning = (code: 'as_of_missing' | 'as_of_ambiguous', text: string | null): Warning => ({
  code,
  field: 'asOf',
  message:
    code === 'as_of_missing'
      ? 'The file does not say of which day its holdings are.'
      : `The day "${text ?? ''}" can be read in two ways; say which day it is.`,
});

/** What a line before a header says: how surely its date is the holdings' day, and whether it names the fund. */
const readLine = (
  line: readonly string[],
  order: DateOrder | null,
): { day: Found | null; rank: number; name: string | null; labelled: boolean } => {
  const nothing = { day: null, rank: 3, name: null, labelled: false };
  const written = line.filter((cell) => cell !== '');
  const cells = written.filter((cell) => cell !== '-');
  const [first = ''] = cells;
  const label = foldTerm(first.slice(0, 1000));
  if (OTHER_DATES.test(label)) return nothing;
  if (DOWNLOADED.test(label) && findDay(first, order) !== null) return nothing;
  const found = dayIn(cells, order);
  const dated = found.reading === null ? dayInside(cells, order) : found;
  if (dated !== null) {
    const rank = AS_OF_LABEL.test(label) ? 0 : found.reading === null ? 2 : 1;
    return { ...nothing, day: dated, rank };
  }
  if (AS_OF_LABEL.test(label)) return nothing;
  if (NAME_LABEL.test(label) && cells[1] !== undefined) return { ...nothing, name: cells[1], labelled: true };
  const isName =
    written.length === 1 &&
    /\p{L}{3}/u.test(first) &&
    first.length <= 200 &&
    first.split(' ').length <= NAME_WORDS_MAX &&
    !NOT_A_NAME.test(label);
  return isName ? { ...nothing, name: first } : nothing;
};

/**
 * Reads the lines before a header: the day of the holdings (a line that is labelled so, else the first that is nothing
 * but a date, else one inside a sentence; never an inception date nor that of the download) and the fund's name (a
 * labelled one, else the first line of a single text).
 */
export const readPreamble = (lines: ReadonlyArray<readonly string[]>, order: DateOrder | null): Preamble => {
  const read = lines.map((line) => readLine(line, order));
  const name = read.find((line) => line.labelled) ?? read.find((line) => line.name !== null);
  const dated = read.filter((line) => line.day !== null);
  const best = dated.toSorted((a, b) => a.rank - b.rank)[0]?.day ?? null;
  const text = best?.text ?? null;
  const day =
    best === null || best.reading === null || best.reading === 'ambiguous' ? null : best.reading.day;
  const warnings =
    day !== null
      ? []
      : [asOfWarning(best?.reading === 'ambiguous' ? 'as_of_ambiguous' : 'as_of_missing', text)];
  return { asOf: day, fundName: name?.name ?? null, warnings, asOfText: text };
};
