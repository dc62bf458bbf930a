/** Words by which brokers say what a row is. */
import type { EntryType } from '../kinds.ts';

/** Money that came in is a deposit, money that went out a withdrawal. */
export const cashBySign = (amount: string): EntryType =>
  /^\s*[£$€]?\s*[-−(]/.test(amount) ? 'withdrawal' : 'deposit';

const WORDS: readonly (readonly [RegExp, EntryType])[] = [
  [/\b(?:stock|share)?\s*split\b|\bconsolidation\b/i, 'split'],
  [/\b(?:dividend|distribution|equalisation)\b|^div\b/i, 'dividend'],
  [/\binterest\b/i, 'interest'],
  [/\b(?:stamp duty|tax)\b/i, 'tax'],
  [/\b(?:fee|fees|charge|charges|commission|levy)\b/i, 'fee'],
  [/\b(?:buy|bought|purchase|purchased|reinvestment|subscription of units)\b/i, 'buy'],
  [/\b(?:sell|sold|sale|redemption|disposal)\b/i, 'sell'],
  [/\b(?:withdraw|withdrawal|withdrawn|payment out|paid out|cash out)\b/i, 'withdrawal'],
  [
    /\b(?:deposit|contribution|subscription|top ?up|payment in|paid in|cash in|faster payment|debit card|card payment|direct debit|tax relief|transfer from|transfer in)\b/i,
    'deposit',
  ],
];

/** What a word or sentence says that a row is; null when it says nothing known. The first kind that fits counts. */
export const typeOf = (text: string): EntryType | null => {
  const exact = text.trim().toLowerCase();
  if (/tax relief/.test(exact)) return 'deposit';
  return WORDS.find(([pattern]) => pattern.test(exact))?.[1] ?? null;
};
