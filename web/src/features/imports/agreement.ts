import type { Candidate, Review } from './review-queries.ts';

export type Trait = 'ticker' | 'isin' | 'cusip' | 'sedol' | 'country';
/** `unknown`: one of the two does not say. */
export type Agreement = 'agrees' | 'differs' | 'unknown';

/** `BRK.B`, `BRKB` and `BRK/B` are one ticker. */
const bare = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]/gu, '').toUpperCase();

const known = (texts: readonly (string | null)[]): readonly string[] =>
  texts.flatMap((text) => (text === null || bare(text) === '' ? [] : [text]));

const identifiersOf = (candidate: Candidate, scheme: string): readonly string[] =>
  candidate.identifiers.filter((one) => one.scheme.toLowerCase() === scheme).map((one) => one.value);

/** What a candidate is known by, for each trait that a row may give; a number of the past counts too. */
export const traitsOf = (candidate: Candidate): Readonly<Record<Trait, readonly string[]>> => ({
  ticker: [...new Set(known(candidate.listings.map((one) => one.ticker)))],
  isin: identifiersOf(candidate, 'isin'),
  cusip: identifiersOf(candidate, 'cusip'),
  sedol: identifiersOf(candidate, 'sedol'),
  country: known([candidate.country]),
});

/** Whether a row and a candidate say the same; silence of either is no difference. */
export const agreementOf = (row: Review['row'], candidate: Candidate, trait: Trait): Agreement => {
  const [said] = known([row[trait]]);
  const theirs = traitsOf(candidate)[trait];
  if (said === undefined || theirs.length === 0) return 'unknown';
  return theirs.some((one) => bare(one) === bare(said)) ? 'agrees' : 'differs';
};
