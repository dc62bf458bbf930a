import { foldTerm } from '../terms/index.ts';
import type { Field, Header, Language } from './columns.ts';
import type { DateOrder } from './dates.ts';

/**
 * Words that nearly every fund file has in its cells and that tell the language, also where the header is English
 * (French files are so): the largest country, cash, and the word for shares.
 */
const MARKERS: ReadonlyMap<string, Language> = new Map(
  Object.entries({
    en: 'United States; Cash and/or Derivatives; United Kingdom; Financials; Information Technology',
    it: 'Stati Uniti; Liquidità e/o derivati; Regno unito; Azionario; Finanziari; Salute',
    es: 'Estados Unidos; Efectivo y/o derivados; Reino Unido; Financieros; Servicios Financieros; Tecnología de la Información',
    de: 'Vereinigte Staaten; Cash und/oder Derivate; Vereinigtes Königreich; Aktien; Zyklische Konsumgüter; Versorger',
    fr: 'États-Unis; Liquidités et/ou produits dérivés; Royaume-Uni; Santé; La communication; Biens de consommation de base',
  } satisfies Record<Language, string>).flatMap(([language, words]) =>
    words.split('; ').map((word): [string, Language] => [foldTerm(word), language as Language]),
  ),
);

const MAX_ROWS_LOOKED_AT = 400;
const MARKER_VOTES = 2;

const FRENCH_MONTH = /\b(?:janv|fevr|avr|juin|juil|aout)\b/;

/** Fields whose words tell the language. */
const TELLING: readonly Field[] = ['sector', 'country', 'assetClass'];

export type Votes = ReadonlyMap<Language, number>;

/** What the header words and the words in the cells say about a file's language. */
export const languageVotes = (
  header: Pick<Header, 'votes' | 'columns'>,
  rows: ReadonlyArray<{ readonly cells: readonly string[] }>,
): Votes => {
  const votes = new Map(header.votes);
  const words = new Set<string>();
  for (const field of TELLING) {
    const column = header.columns.get(field);
    if (column === undefined) continue;
    for (const { cells } of rows.slice(0, MAX_ROWS_LOOKED_AT)) words.add(cells[column] ?? '');
  }
  for (const word of words) {
    const language = MARKERS.get(foldTerm(word));
    if (language === undefined) continue;
    // A language other than English in the cells outweighs English headers.
    votes.set(language, (votes.get(language) ?? 0) + (language === 'en' ? MARKER_VOTES : MARKER_VOTES * 4));
  }
  return votes;
};

/** The language of a file from its votes and its day as written; null where nothing tells. */
export const languageOf = (votes: Votes, asOfText: string | null): Language | null => {
  if (asOfText !== null && FRENCH_MONTH.test(foldTerm(asOfText))) return 'fr';
  const ranked = [...votes].toSorted(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  return ranked[0]?.[0] ?? null;
};

/** The locale of an issuer's file. English: American where the month stands before the day. */
export const localeOf = (
  language: Language | null,
  asOfText: string | null,
  order: DateOrder | null,
): string | null => {
  if (language !== 'en') return language;
  const monthFirst = asOfText !== null && /^\s*(?:[^\d]*\s)?\p{L}{3,9}\.? \d{1,2},? /u.test(asOfText);
  return monthFirst || order === 'mdy' ? 'en-US' : 'en-GB';
};
