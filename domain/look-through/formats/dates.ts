import { foldTerm } from '../terms/index.ts';

/** Month names of the five languages; three letters or more of one are enough where they fit one month only. */
const MONTHS = [
  'january gennaio enero januar jaenner janner janvier',
  'february febbraio febrero februar fevrier feber',
  'march marzo marz mars maerz mrz',
  'april aprile abril avril',
  'may maggio mayo mai',
  'june giugno junio juni juin',
  'july luglio julio juli juillet',
  'august agosto aout',
  'september settembre septiembre setiembre septembre',
  'october ottobre octubre oktober octobre',
  'november novembre noviembre',
  'december dicembre diciembre dezember decembre',
];

const monthIndex = (): ReadonlyMap<string, number> => {
  const index = new Map<string, number>();
  const clashes = new Set<string>();
  for (const [at, names] of MONTHS.entries()) {
    for (const name of names.split(' ')) {
      for (let length = 3; length <= name.length; length += 1) {
        const prefix = name.slice(0, length);
        const before = index.get(prefix);
        if (before !== undefined && before !== at + 1) clashes.add(prefix);
        else index.set(prefix, at + 1);
      }
    }
  }
  for (const prefix of clashes) index.delete(prefix);
  return index;
};

const MONTH_BY_WORD = monthIndex();

/** Words that stand around a date and are no part of it. */
const AROUND = new Set(
  `as of at al a au le la the am per zum stand vom den der dem del de di del il el en date data fecha datum asof
   fund fonds fondo holdings holding positions position positionen posizioni posiciones composition fondsposition
   fondspositionen fondsbestande bestande bestand portfolio st nd rd th er o alla dal dati dia posizione
   monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun
   lunedi martedi mercoledi giovedi venerdi sabato domenica lunes martes miercoles jueves viernes domingo
   montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche`.split(
    /\s+/,
  ),
);

/** Order of day and month where both are numbers up to twelve. */
export type DateOrder = 'dmy' | 'mdy';

/** The reading of a text as a day. `ambiguous`: 03/04/2024 without a hint which comes first. */
export type DayReading = { readonly day: Temporal.PlainDate } | 'ambiguous' | null;

const FIRST_YEAR = 1990;
const LAST_YEAR = 2199;

const dayOf = (year: number, month: number, day: number): DayReading => {
  const full = year < 100 ? 2000 + year : year;
  if (full < FIRST_YEAR || full > LAST_YEAR) return null;
  try {
    return { day: Temporal.PlainDate.from({ year: full, month, day }, { overflow: 'reject' }) };
  } catch {
    return null;
  }
};

const numeric = (parts: readonly [string, string, string], order: DateOrder | null): DayReading => {
  const [a, b, c] = [Number(parts[0]), Number(parts[1]), Number(parts[2])];
  if (parts[0].length === 4) return dayOf(a, b, c);
  if (parts[2].length !== 4 && parts[2].length !== 2) return null;
  if (a > 12 || a === b) return dayOf(c, b, a);
  if (b > 12) return dayOf(c, a, b);
  if (order === null) return 'ambiguous';
  return order === 'dmy' ? dayOf(c, b, a) : dayOf(c, a, b);
};

const TIME_OF_DAY = /\b\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\b\.?)?/i;

const tokensOf = (text: string): string[] =>
  (foldTerm(text.replace(TIME_OF_DAY, ' ')).match(/\p{L}+|\d+/gu) ?? []).filter(
    (token) => !AROUND.has(token),
  );

/**
 * Reads a day as issuers write it: `30/Aug/2021`, `Dec 06, 2024`, `17-Sep-25`, `05-feb-21`, `26-mag-2025`,
 * `19.Juni2026`, `23/févr./2024`, `23/02/2024`, `2024-12-06`, `20241206`, with or without words such as "as of" around
 * it. Two-digit years are of this century: no fund file is older.
 */
export const readDay = (text: string, order: DateOrder | null): DayReading => {
  if (text.length > 120) return null;
  const iso = /(\d{4})-(\d{2})-(\d{2})(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?\s*$/.exec(text.trim());
  if (iso !== null) return dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const tokens = tokensOf(text);
  const [only] = tokens;
  if (tokens.length === 1 && only !== undefined && /^\d{8}$/.test(only)) {
    return dayOf(Number(only.slice(0, 4)), Number(only.slice(4, 6)), Number(only.slice(6)));
  }
  const [a, b, c] = tokens;
  if (tokens.length !== 3 || a === undefined || b === undefined || c === undefined) return null;
  const numbers = tokens.filter((token) => /^\d{1,4}$/.test(token));
  if (numbers.length === 3) return numeric([a, b, c], text.includes('.') ? 'dmy' : order);
  const word = tokens.find((token) => /^\p{L}+$/u.test(token));
  const month = word === undefined ? undefined : MONTH_BY_WORD.get(word);
  const [first, second] = numbers;
  if (month === undefined || first === undefined || second === undefined) return null;
  return first.length === 4
    ? dayOf(Number(first), month, Number(second))
    : dayOf(Number(second), month, Number(first));
};

/** What may be a day inside a sentence. */
const EMBEDDED =
  /\d{4}-\d{2}-\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{1,2}[./\s-]{0,2}(?:de )?\p{L}{3,10}\.?[./\s-]{0,2}(?:del? )?\d{4}|\p{L}{3,10}\.? \d{1,2},? \d{4}/gu;

/** The first day inside a sentence: "Data deemed accurate as of 21/05/2025. Please …". */
export const findDay = (text: string, order: DateOrder | null): DayReading => {
  for (const [candidate] of text.slice(0, 1000).matchAll(EMBEDDED)) {
    const reading = readDay(candidate, order);
    if (reading !== null) return reading;
  }
  return null;
};

const NUMERIC_DAY = /^\D*(\d{1,2})[/-](\d{1,2})[/-](\d{2}|\d{4})\D*$/;

/** The order of day and month that dates with a day beyond twelve prove; null where none does, or they disagree. */
export const orderOf = (texts: Iterable<string>): DateOrder | null => {
  const orders = new Set<DateOrder>();
  for (const text of texts) {
    if (text.length > 60) continue;
    const [, first = '0', second = '0'] = NUMERIC_DAY.exec(text) ?? [];
    if (Number(first) > 12) orders.add('dmy');
    if (Number(second) > 12) orders.add('mdy');
  }
  const [only = null] = orders;
  return orders.size === 1 ? only : null;
};
