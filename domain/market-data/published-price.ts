/**
 * A price as a source publishes it, before anybody has asked whether it can be right.
 *
 * Contents: PublishedPrice · exactNumber · instantOfEpoch
 */
import { AMOUNT_INTEGER_DIGITS, Decimal, decimalText } from '@pm/domain/money';

/** How long a price speaks for: one moment, or a bar that ends at it. */
export type PriceInterval = 'quote' | '1m' | '1h' | '1d';

/** Figures are exact decimal text in `unit`, null where the source has none. */
export type PublishedPrice = {
  /** The moment; of a daily bar the close of the exchange on that day. */
  readonly at: Temporal.Instant;
  readonly interval: PriceInterval;
  readonly close: string | null;
  readonly open: string | null;
  readonly high: string | null;
  readonly low: string | null;
  /** Units traded. */
  readonly volume: string | null;
  /** Quote unit exactly as the source spells it (`GBp`); null when it does not say. */
  readonly unit: string | null;
};

const MAX_NUMBER_LENGTH = 60;
const NUMBER = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/u;
/** What no column of ours holds, and no price of anything reaches. */
const TOO_LARGE = new Decimal(10).pow(AMOUNT_INTEGER_DIGITS);

/** A number as sources write it, `1.5e3` and `.5` included, as plain decimal text; null for anything else (`null`, `N/D`). */
export const exactNumber = (text: string): string | null => {
  const trimmed = text.trim();
  if (trimmed.length > MAX_NUMBER_LENGTH || !NUMBER.test(trimmed)) return null;
  const number = new Decimal(trimmed);
  return number.abs().greaterThanOrEqualTo(TOO_LARGE) ? null : decimalText(number);
};

/** Beyond this a count since 1970 is of milliseconds: as seconds it would lie after the year 5000. */
const FIRST_MILLISECONDS = 100_000_000_000;

/** A moment given as seconds or milliseconds since 1970, told apart by size; null for zero and for nonsense. */
export const instantOfEpoch = (text: string): Temporal.Instant | null => {
  const count = /^\d{1,14}(?:\.\d+)?$/u.test(text) ? Math.floor(Number(text)) : 0;
  if (count === 0) return null;
  return Temporal.Instant.fromEpochMilliseconds(count >= FIRST_MILLISECONDS ? count : count * 1000);
};
