/**
 * Makes an answer the same each time it is recorded, and short.
 *
 *   EXAMPLE_NOW    when the examples happen
 *   settledValue   what stands for a thing of the world in every example
 *   settle         an answer with such values, the times of the examples, and lists of two
 */
import { createHash } from 'node:crypto';

/** The moment at which all examples happen. */
export const EXAMPLE_NOW = '2024-03-01T18:00:00Z';

/** When the recording began, and which moment that means. */
export type Settling = { readonly began: Temporal.Instant; readonly meant: Temporal.Instant };

/** More entries of a list explain nothing. */
const ENTRIES_MAX = 2;
const LINES_MAX = 3;
/** Times of the database's own clock: sessions and invitations end a month after they were made. */
const NEAR_HOURS = 45 * 24;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gu;
const INSTANT = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})/gu;
const ADDRESS = /([a-z]+)\.[0-9a-f]+@example\.test/gu;
const ACCESS_TOKEN = /eyJ[\w-]+\.[\w-]+\.[\w-]+/gu;
const TOKEN = /\b(pm[rt])_[\w-]{20,}/gu;
const CURSOR = /"(cursor|nextCursor)":"[^"]+"/gu;
const OUR_TEST_CLIENT = 'lightMyRequest';

const SECRETS: Readonly<Record<string, string>> = {
  email: 'anna@example.test',
  password: 'correct horse battery staple',
  refreshToken: 'pmr_Zm9yIGV4YW1wbGVzIG9ubHk',
  now: EXAMPLE_NOW,
};

/** An id in the shape of the product's own, the same for the same name. */
const idOf = (name: string): string => {
  const hex = createHash('sha256').update(name).digest('hex');
  return `018dfb1e-${hex.slice(0, 4)}-7${hex.slice(4, 7)}-8${hex.slice(7, 10)}-${hex.slice(10, 22)}`;
};

/** What stands for it in requests and answers. */
export const settledValue = (name: string): string => SECRETS[name] ?? idOf(name);

/** @param values those with which the request was sent, by name */
export const settle = (
  key: string,
  answer: unknown,
  values: Readonly<Record<string, string>>,
  settling: Settling,
): unknown => {
  if (answer === undefined) return undefined;
  const names = new Map(Object.entries(values).map(([name, value]) => [value, name]));
  const text = JSON.stringify(answer)
    .replaceAll(UUID, (id) => {
      const name = names.get(id) ?? `${key} ${names.size}`;
      names.set(id, name);
      return settledValue(name);
    })
    .replaceAll(ADDRESS, '$1@example.test')
    .replaceAll(ACCESS_TOKEN, 'eyJhbGciOiJIUzI1NiJ9.Zm9yIGV4YW1wbGVzIG9ubHk.c2lnbmF0dXJl')
    .replaceAll(TOKEN, '$1_Zm9yIGV4YW1wbGVzIG9ubHk')
    .replaceAll(CURSOR, '"$1":"MTcwOTMxNjAwMC4x"')
    .replaceAll(OUR_TEST_CLIENT, 'curl/8.6.0')
    .replaceAll(INSTANT, (at) => settledInstant(at, settling));
  return shortened(JSON.parse(text));
};

const settledInstant = (text: string, { began, meant }: Settling): string => {
  const at = Temporal.Instant.from(text);
  const since = at.since(began);
  if (Math.abs(since.total('hours')) > NEAR_HOURS) return text;
  return meant.add(since).round({ smallestUnit: 'hour', roundingMode: 'floor' }).toString();
};

const shortened = (value: unknown): unknown => {
  if (typeof value === 'string') return shortText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.slice(0, ENTRIES_MAX).map(shortened);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shortened(one)]));
};

/** A table keeps its first lines. */
const shortText = (text: string): string =>
  text
    .split(/(?<=\n)/u)
    .slice(0, LINES_MAX)
    .join('');
