/**
 * What PostgreSQL refused, as an error that may be shown.
 *
 * The services check what they can and name the field; this is the net below them, so that nothing a person sends can
 * end as a 500. (That the database is away, full or slow, lost races and ended sessions are `withTenant`'s to say.)
 * No message of PostgreSQL's is passed on: it quotes values and names tables.
 * Codes: PostgreSQL documentation, appendix A.
 */
import { AppError, badRequest, conflict, forbidden, unprocessable } from '#platform/errors.ts';

const noSuchThing = (): AppError => new AppError(404, 'not_found', 'There is no such thing.');
const outOfRange = (): AppError =>
  unprocessable('out_of_range', 'A number is too large or has more places than can be stored.');
const badDate = (): AppError =>
  badRequest('invalid_date', 'A date or time does not exist or is out of range.');
const badText = (): AppError =>
  badRequest('invalid_text', 'A value contains characters that cannot be stored.');
const already = (): AppError => conflict('already_exists', 'There is already one like this.');

const BY_STATE: Readonly<Record<string, () => AppError>> = {
  // Raised by our own functions.
  PM403: () => forbidden(),
  PM404: noSuchThing,
  PM409: () => conflict('conflict', 'This collides with what is already there.'),
  PM422: () => unprocessable('refused', 'A rule refuses this.'),
  '22001': () => unprocessable('too_long', 'A text is longer than its field.'),
  '22003': outOfRange,
  '22007': badDate,
  '22008': badDate,
  '22012': outOfRange,
  '22021': badText,
  '22P02': () => badRequest('invalid_value', 'A value is not written in the form its field needs.'),
  '22P05': badText,
  '23502': () => unprocessable('missing_value', 'A value that is needed is missing.'),
  '23503': () => unprocessable('unknown_reference', 'Something that this refers to does not exist.'),
  '23505': already,
  '23514': () => unprocessable('rule_broken', 'A value breaks a rule of its field.'),
  '23P01': already,
  '54000': () => unprocessable('too_large', 'This is more than can be stored at once.'),
};

/**
 * The AppError for what the database threw.
 * @returns undefined when the error is not the database's, or is a fault of ours (a syntax error, a missing column).
 */
export const fromDatabaseError = (error: unknown): AppError | undefined => {
  if (!(error instanceof Error) || !('severity' in error)) return undefined;
  const code: unknown = Reflect.get(error, 'code');
  // A row-level policy refused a write: the row belongs to somebody else, so for this person it does not exist.
  // The same code for a missing grant is a fault of ours and stays one.
  if (code === '42501') return error.message.includes('row-level security') ? noSuchThing() : undefined;
  return typeof code === 'string' ? BY_STATE[code]?.() : undefined;
};
