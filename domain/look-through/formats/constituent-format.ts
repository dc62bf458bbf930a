import type { ConstituentFile } from '../published/index.ts';
import type { Source } from './source.ts';

/**
 * One way in which constituents are published. A new one is one file with this shape and one line in the registry;
 * the guide "issuer file format" in docs/guides says how.
 */
export type ConstituentFormat = {
  /** Stable id, stored with each import: `ishares-csv`. */
  readonly id: string;
  /** Name for people. */
  readonly title: string;
  /** Whether the content is of this format. Never looks at the file's name. Must not throw. */
  readonly recognise: (source: Source) => boolean;
  /** Reads a file that `recognise` accepted. Throws FormatError. */
  readonly read: (source: Source) => ConstituentFile;
};
