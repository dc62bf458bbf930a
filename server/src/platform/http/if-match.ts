/** Optimistic concurrency: versions as entity tags (RFC 9110, 8.8.3 and 13.1). */
import { badRequest } from '#platform/errors.ts';

const VERSION = /^(?:W\/)?"?(\d{1,9})"?$/u;

/** A version as a strong entity tag. */
export const entityTag = (version: number | string): string => `"${version}"`;

/**
 * The version that the client last saw.
 * @returns undefined when none was sent, or `*` ("whatever it is, as long as it exists")
 * @throws {AppError} 400 `invalid_if_match`
 */
export const parseIfMatch = (header: string | undefined): number | undefined => {
  const value = header?.trim();
  if (value === undefined || value === '' || value === '*') return undefined;
  const version = VERSION.exec(value)?.[1];
  if (version === undefined) {
    throw badRequest(
      'invalid_if_match',
      'If-Match must be one version as answered in ETag, such as "3".',
      'If-Match',
    );
  }
  return Number(version);
};
