import { foldTerm } from '../terms/index.ts';
import { HEADER_WORDS, type Field, type Language } from './header-words.ts';

export type { Field, Language } from './header-words.ts';

type Meaning = { readonly field: Field; readonly rank: number; readonly languages: readonly Language[] };

const headerIndex = (): ReadonlyMap<string, Meaning> => {
  const index = new Map<string, Meaning>();
  for (const field of Object.keys(HEADER_WORDS) as Field[]) {
    for (const [language, words] of Object.entries(HEADER_WORDS[field]) as Array<[Language, string]>) {
      for (const [rank, word] of words.split('; ').entries()) {
        const folded = foldHeader(word);
        const before = index.get(folded);
        if (before === undefined) index.set(folded, { field, rank, languages: [language] });
        else if (before.field === field) {
          index.set(folded, { ...before, languages: [...new Set([...before.languages, language])] });
        }
        // The same word for two fields (Italian "Titolo", Spanish "Mercado") keeps the meaning that stands first.
      }
    }
  }
  return index;
};

/** Headers as they are compared: without case, accents and signs, words of "marketValue" apart, "%" as a word. */
const foldHeader = (header: string): string =>
  foldTerm(header.replace(/([a-z])([A-Z])/g, '$1 $2').replaceAll('%', ' percent '));

/** What may follow a word without changing its meaning: "weight_pct", "Market Value (USD)". */
const SUFFIXES: ReadonlyArray<readonly [RegExp, ReadonlySet<Field>]> = [
  [/ (?:pct|percent|in percent|percentage)$/, new Set<Field>(['weight', 'coupon'])],
  [/ (?:in )?(?:usd|eur|gbp|chf|jpy|cad|aud)$/, new Set<Field>(['marketValue', 'notional', 'price'])],
];

const INDEX = headerIndex();

/** The meaning of one header cell, or null for a column that look-through does not use. */
export const meaningOf = (header: string): Meaning | null => {
  if (header.length > LONGEST_HEADER) return null;
  const folded = foldHeader(header);
  const exact = INDEX.get(folded);
  if (exact !== undefined) return exact;
  for (const [suffix, fields] of SUFFIXES) {
    const meaning = suffix.test(folded) ? INDEX.get(folded.replace(suffix, '')) : undefined;
    if (meaning !== undefined && fields.has(meaning.field)) return meaning;
  }
  return null;
};

/** Longer cells are prose, and a line of them may be as long as the file. */
const LONGEST_HEADER = 80;

/** A header row, understood. */
export type Header = {
  /** Column of each field. */
  readonly columns: ReadonlyMap<Field, number>;
  /** Header cells as printed. */
  readonly printed: readonly string[];
  /** How many known headers are written in each language. */
  readonly votes: ReadonlyMap<Language, number>;
  /** Fields that two columns of the very same name claim. */
  readonly doubled: readonly Field[];
};

/** Understands a header row. Order and further columns are free. */
export const readHeader = (cells: readonly string[]): Header => {
  const found = new Map<Field, { column: number; rank: number; text: string }>();
  const votes = new Map<Language, number>();
  const doubled: Field[] = [];
  for (const [column, cell] of cells.entries()) {
    const meaning = meaningOf(cell);
    if (meaning === null) continue;
    for (const language of meaning.languages) votes.set(language, (votes.get(language) ?? 0) + 1);
    const before = found.get(meaning.field);
    const text = foldTerm(cell);
    if (before !== undefined && before.text === text) doubled.push(meaning.field);
    if (before === undefined || meaning.rank < before.rank) {
      found.set(meaning.field, { column, rank: meaning.rank, text });
    }
  }
  const columns = new Map([...found].map(([field, { column }]) => [field, column]));
  return { columns, printed: cells.map((cell) => cell.trim()), votes, doubled };
};

const IDENTITY: readonly Field[] = ['isin', 'cusip', 'sedol', 'figi', 'identifier', 'ticker', 'name'];

export const hasIdentity = (header: Header): boolean => IDENTITY.some((field) => header.columns.has(field));
