const MARKS = /\p{M}/gu;
const NOT_WORD = /[^\p{L}\p{N}]+/gu;

/**
 * A term as it is looked up: lower case, without accents, every run of other signs one blank. So a trailing
 * no-break space, a curly apostrophe or an upper-case spelling of an issuer's word never hides its meaning.
 */
export const foldTerm = (term: string): string =>
  term.normalize('NFKD').replace(MARKS, '').toLowerCase().replace(NOT_WORD, ' ').trim();

/** What an issuer writes where it has nothing to say: `-`, `--`, `N/A`, `#N/A`, `n.d.` and blanks of any kind. */
export const isBlankTerm = (term: string): boolean => {
  const folded = foldTerm(term);
  return folded === '' || folded === 'n a' || folded === 'na' || folded === 'n d' || folded === 'null';
};

/** Builds the look-up from canonical name to the words that mean it; a word that means two things is a mistake here. */
export const wordIndex = <T extends string>(words: Readonly<Record<T, string>>): ReadonlyMap<string, T> => {
  const index = new Map<string, T>();
  for (const canonical of Object.keys(words) as T[]) {
    for (const word of [canonical, ...words[canonical].split(';')]) {
      const folded = foldTerm(word);
      if (folded === '') continue;
      const before = index.get(folded);
      if (before !== undefined && before !== canonical) {
        throw new Error(`The word "${word}" stands for both ${before} and ${canonical}`);
      }
      index.set(folded, canonical);
    }
  }
  return index;
};
