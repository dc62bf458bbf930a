/** What an example is; the examples themselves stand beside this file, one for each route. */
import type { ApiKey } from '../../../server/src/platform/http/index.ts';
import type { CallOptions } from '../app.ts';

/**
 * A request that succeeds. `{portfolio}` in its texts stands for that thing of the world (tests/support/world.ts) of
 * whoever asks, `{email}`, `{password}` and `{refreshToken}` for what they sign in with, `{archive}` for an export, `{now}`
 * for the moment.
 */
export type Example<K extends ApiKey> = CallOptions<K> & {
  /** What happens, in a sentence for the reference. */
  readonly says: string;
  /** Who asks, where it is not the person whose world it is. */
  readonly by?: 'newcomer';
  /** Afterwards the things that it names are not what they were, or others neither. */
  readonly once?: true | 'alone';
  /** It asks about what the database has written down by its own clock, and happens at that time. */
  readonly byDatabaseClock?: true;
  /** Parts of the answer that depend on the machine, as the reference shows them. */
  readonly varies?: Readonly<Record<string, unknown>>;
};

/** An example of every one of these routes. */
export type Examples<K extends ApiKey> = { readonly [Key in K]: Example<Key> };
