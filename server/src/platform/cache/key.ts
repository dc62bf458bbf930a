/**
 * Keys of cached values.
 *
 * A key begins with the specification's pattern and goes on with every other input of the value. What is not in the key
 * cannot make a difference: a forgotten input is a wrong figure for somebody.
 */
import { createHash } from 'node:crypto';

/** The third part of each pattern: fixed, or one of the inputs, which is then required. */
const PATTERNS = {
  /** `price:{ticker}:{exchange}` */
  price: { input: 'exchange' },
  /** `portfolio:{portfolioId}:summary` */
  portfolio: { fixed: 'summary' },
  /** `exposure:{portfolioId}:{date}` */
  exposure: { input: 'date' },
  /** `overlap:{portfolioId}:{date}` */
  overlap: { input: 'date' },
  /** `user:{userId}:preferences` */
  user: { fixed: 'preferences' },
} as const satisfies Record<string, { readonly input: string } | { readonly fixed: string }>;

/** What kinds of values are cached under the specification's patterns. */
export type CacheKind = keyof typeof PATTERNS;

type Pattern<K extends CacheKind> = (typeof PATTERNS)[K];
type Input = string | number | boolean | null | Temporal.PlainDate | Temporal.Instant;

/** Every input of a cached value by name; those in the pattern are required. */
export type KeyInputs<K extends CacheKind> = Readonly<Record<string, Input>> &
  (Pattern<K> extends { readonly input: infer Name extends string }
    ? Readonly<Record<Name, Input>>
    : unknown);

/** A key made by `cacheKey`. */
export type CacheKey = string & { readonly __brand: 'CacheKey' };

/** Longer lists of inputs are replaced by their hash. Characters. */
const INPUTS_MAX_LENGTH = 160;

/**
 * `cacheKey('exposure', portfolioId, { date, basis, version, user })` → `exposure:<id>:<date>:basis=…&user=…&version=…`
 * @param subject ticker, portfolio's or user's id
 * @param inputs all else that the value depends on: basis, dates, versions of what is read, scope or user
 * @throws {TypeError} for an input that is undefined: it was forgotten, not left out on purpose (that is null)
 */
export const cacheKey = <K extends CacheKind>(kind: K, subject: string, inputs: KeyInputs<K>): CacheKey => {
  const given: Readonly<Record<string, Input>> = inputs;
  const pattern: { readonly input?: string; readonly fixed?: string } = PATTERNS[kind];
  const third = pattern.fixed ?? text(pattern.input ?? '', given[pattern.input ?? '']);
  const rest = Object.keys(given)
    .filter((name) => name !== pattern.input)
    .toSorted()
    .map((name) => `${encodeURIComponent(name)}=${text(name, given[name])}`)
    .join('&');
  const short =
    rest.length <= INPUTS_MAX_LENGTH ? rest : createHash('sha256').update(rest).digest('base64url');
  return [kind, encodeURIComponent(subject), third, ...(short === '' ? [] : [short])].join(':') as CacheKey;
};

/** The type is in the text where two types could look alike: '1' is not 1, 'null' is not null. */
const text = (name: string, value: Input | undefined): string => {
  if (value === undefined) throw new TypeError(`The cache key lacks its input ${name}.`);
  if (typeof value === 'string') {
    return /^(?:-?\d|true$|false$|null$|')/u.test(value) && !isDay(value)
      ? `'${encodeURIComponent(value)}`
      : encodeURIComponent(value);
  }
  return encodeURIComponent(String(value));
};

/** A day may be given as text or as PlainDate; both mean the same. */
const isDay = (value: string): boolean => /^\d{4}-\d\d-\d\d$/u.test(value);
