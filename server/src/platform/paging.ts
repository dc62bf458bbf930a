/**
 * Keyset paging: a page is the rows after the last one seen, in the order of a UUIDv7 id (the order of making).
 *
 * Contents: badCursor · readCursor · pageOf
 */
import { badRequest } from './errors.ts';
import type { AppError } from './errors.ts';

/** Rows of a page when the request names none. */
export const DEFAULT_PAGE = 50;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The refusal of a cursor that no answer of ours ever held. */
export const badCursor = (): AppError =>
  badRequest('bad_cursor', 'The cursor is not one that a list answered; start again without it.', 'cursor');

/**
 * The id after which the page begins; null for the first page.
 * @throws {AppError} 400 `bad_cursor` for text that no answer of ours ever held
 */
export const readCursor = (cursor: string | undefined): string | null => {
  if (cursor === undefined) return null;
  if (!UUID.test(cursor)) throw badCursor();
  return cursor;
};

/** Makes a page of at most `limit` from `limit + 1` rows asked for. */
export const pageOf = <Row extends { readonly id: string }>(
  rows: readonly Row[],
  limit: number,
): { items: Row[]; nextCursor: string | null } => {
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
};
