import { foldTerm } from '../terms/index.ts';
import type { Language } from './columns.ts';

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

/** The language of a file from its header words and its cells; null where nothing tells. */
export const languageOf = (
  headerVotes: ReadonlyMap<Language, number>,
  rows: ReadonlyArray<{ readonly cells: readonly string[] }>,
  asOfText: string | null,
): Language | null => {
  const votes = new Map(headerVotes);
  const add = (language: Language, count: number): void => {
    votes.set(language, (votes.get(language) ?? 0) + count);
  };
  const seen = new Set<string>();
  for (const { cells } of rows.slice(0, MAX_ROWS_LOOKED_AT)) {
    for (const cell of cells) {
      if (seen.has(cell)) continue;
      seen.add(cell);
      const language = /^\p{Lu}/u.test(cell) ? MARKERS.get(foldTerm(cell)) : undefined;
      // A language other than English in the cells outweighs English headers.
      if (language !== undefined) add(language, language === 'en' ? MARKER_VOTES : MARKER_VOTES * 4);
    }
  }
  if (asOfText !== null && FRENCH_MONTH.test(foldTerm(asOfText))) add('fr', 10);
  const ranked = [...votes].toSorted(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  return ranked[0]?.[0] ?? null;
};

/** The locale of an issuer's file. English: American where the day begins with the month's name. */
export const localeOf = (language: Language | null, asOfText: string | null): string | null => {
  if (language !== 'en') return language;
  return asOfText !== null && /^\s*(?:[^\d]*\s)?\p{L}{3,9}\.? \d{1,2},? /u.test(asOfText) ? 'en-US' : 'en-GB';
};
