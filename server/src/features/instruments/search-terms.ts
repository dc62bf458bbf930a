/**
 * What a person typed into the search, as terms; and the place in an answer at which the next page begins. Pure.
 *
 * Contents: SearchTerms · readTerms · SearchPlace · placeText · readPlace
 */
import { validIsin } from '@pm/domain/look-through';

import { badRequest } from '#platform/errors.ts';

/** Words beyond this many narrow nothing down any more. */
const MAX_WORDS = 8;
/** Shorter words have no trigram of their own, so they must stand at the start of a word of the name. */
const MIN_INNER_LENGTH = 3;

export type SearchTerms = {
  readonly isin: string | null;
  readonly ticker: string | null;
  /** The ticker without a provider's exchange suffix: VUSA for VUSA.L. */
  readonly bareTicker: string | null;
  /** All that was typed, in lower case: names that begin with it come first. */
  readonly phrase: string;
  /** LIKE patterns for the lower-case name, one of which must fit: the longest word, which the index looks up. */
  readonly namePatterns: readonly string[];
  /** LIKE patterns for the lower-case name with a blank before it, all of which must fit: the other words. */
  readonly otherPatterns: readonly string[];
};

const SUFFIX = /^(.+)\.[A-Z]{1,4}$/u;

const likeText = (text: string): string => text.replace(/[\\%_]/gu, String.raw`\$&`);

/** Null when nothing was typed. */
export const readTerms = (query: string): SearchTerms | null => {
  const words = query
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '')
    .slice(0, MAX_WORDS);
  if (words.length === 0) return null;
  const typed = query.trim().toUpperCase();
  const [longest = '', ...others] = words.toSorted((a, b) => b.length - a.length);
  return {
    isin: validIsin(typed),
    ticker: typed,
    bareTicker: SUFFIX.exec(typed)?.[1] ?? null,
    phrase: words.join(' '),
    namePatterns: isInner(longest)
      ? [`%${likeText(longest)}%`]
      : [`${likeText(longest)}%`, `% ${likeText(longest)}%`],
    otherPatterns: others.map((word) => (isInner(word) ? `%${likeText(word)}%` : `% ${likeText(word)}%`)),
  };
};

const isInner = (word: string): boolean => word.length >= MIN_INNER_LENGTH;

/** The place of an instrument in the order of an answer. */
export type SearchPlace = {
  readonly rank: number;
  readonly isShared: boolean;
  readonly nameKey: string;
  readonly id: string;
};

const PLACE = /^(\d) ([01]) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) (.*)$/su;

/** A place as the cursor of the next page. */
export const placeText = (place: SearchPlace): string =>
  Buffer.from(`${place.rank} ${place.isShared ? 1 : 0} ${place.id} ${place.nameKey}`).toString('base64url');

/**
 * Reads a cursor; null for the first page.
 * @throws {AppError} 400 `bad_cursor` for text that no answer of ours ever held
 */
export const readPlace = (cursor: string | undefined): SearchPlace | null => {
  if (cursor === undefined) return null;
  const [, rank, isShared, id = '', nameKey = ''] =
    PLACE.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (rank === undefined || nameKey.includes('\0')) {
    throw badRequest(
      'bad_cursor',
      'The cursor is not one that a list answered; start again without it.',
      'cursor',
    );
  }
  return { rank: Number(rank), isShared: isShared === '1', id, nameKey };
};
