/**
 * How PostgreSQL's values arrive in TypeScript, decided once for every connection.
 *
 * | SQL           | TypeScript           | why                                                     |
 * |---------------|----------------------|---------------------------------------------------------|
 * | numeric       | string               | exact; `@pm/domain/money` makes a decimal of it         |
 * | int8          | string               | goes up to 2^63; as JSON it stays whole                 |
 * | date          | Temporal.PlainDate   | a day has no zone                                       |
 * | timestamptz   | Temporal.Instant     | microseconds kept                                       |
 * | timestamp     | refused              | a time without zone is always a mistake here            |
 * | their arrays  | arrays of the same   | pg's own parser turns numeric[] into floats             |
 */
import pg from 'pg';

type Parser = (text: string) => unknown;

const OID = {
  int8Array: 1016,
  date: 1082,
  dateArray: 1182,
  timestamp: 1114,
  timestampArray: 1115,
  timestamptz: 1184,
  timestamptzArray: 1185,
  numericArray: 1231,
} as const;

/** text[]; missing from pg's own list of type numbers. */
const TEXT_ARRAY: number = 1009;

/** `2024-02-23 12:00:00.123456+00`, with any offset and the server's DateStyle ISO. */
const toInstant = (text: string): Temporal.Instant => {
  if (text.endsWith('infinity')) {
    throw new RangeError('The database sent an infinite time; none is ever stored.');
  }
  return Temporal.Instant.from(text);
};

const toPlainDate = (text: string): Temporal.PlainDate => {
  if (text.endsWith('infinity')) {
    throw new RangeError('The database sent an infinite day; none is ever stored.');
  }
  return Temporal.PlainDate.from(text);
};

const refuseTimestamp = (): never => {
  throw new TypeError('The database sent a timestamp without time zone; use timestamptz.');
};

// pg parses text[] into (string | null)[]; the elements are then read like single values.
const parseTextArray = pg.types.getTypeParser(TEXT_ARRAY) as (text: string) => (string | null)[];
const arrayOf =
  (parse: Parser): Parser =>
  (text) =>
    parseTextArray(text).map((item) => (item === null ? null : parse(item)));

const asText: Parser = (text) => text;

const parsers = new Map<number, Parser>([
  [OID.date, toPlainDate],
  [OID.timestamptz, toInstant],
  [OID.timestamp, refuseTimestamp],
  [OID.dateArray, arrayOf(toPlainDate)],
  [OID.timestamptzArray, arrayOf(toInstant)],
  [OID.timestampArray, refuseTimestamp],
  [OID.numericArray, arrayOf(asText)],
  [OID.int8Array, arrayOf(asText)],
]);

/** The parsers for pg's `types` option. numeric and int8 need none: pg leaves them as text. */
export const pgTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    const parser = format === 'binary' ? undefined : parsers.get(Number(oid));
    return parser ?? (pg.types.getTypeParser(Number(oid), format) as Parser);
  },
};

const isTemporal = (
  value: object,
): value is Temporal.Instant | Temporal.PlainDate | Temporal.PlainTime | Temporal.Duration =>
  value instanceof Temporal.Instant ||
  value instanceof Temporal.PlainDate ||
  value instanceof Temporal.PlainTime ||
  value instanceof Temporal.Duration;

/**
 * Makes a parameter of a value: Temporal values as their ISO text, also inside arrays.
 * @throws {TypeError} for a `Date`, whose zone and precision are unclear, and for a number that is not finite
 */
export const toParameter = (value: unknown): unknown => {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`${value} is not a value that can be stored.`);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (isTemporal(value)) return String(value);
  if (value instanceof Date) throw new TypeError('Use Temporal.Instant or Temporal.PlainDate, not Date.');
  if (Array.isArray(value)) return value.map(toParameter);
  return value;
};
