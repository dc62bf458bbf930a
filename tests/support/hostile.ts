/**
 * Requests that follow a contract's shape and break everything else: the leaves are the values that people, scripts
 * and attackers really send. Deterministic for a seed.
 */
import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';

type Schema = Readonly<Record<string, unknown>>;

/** What makes a hostile request reach the code behind the look-ups. */
export type HostileOptions = {
  /** Ids of things that exist. */
  readonly ids: readonly string[];
  /** Values that fields of these names usually have. */
  readonly usual: Readonly<Record<string, readonly unknown[]>>;
};

const TEXTS = [
  '',
  ' ',
  'Ours',
  "O'Brien; DROP TABLE users; --",
  '%_\\',
  '😀'.repeat(40),
  'x'.repeat(300),
  '\u202Eright to left\uFEFF',
  'a\nb\tc',
  '<script>alert(1)</script>',
  '{{7*7}}',
  'null',
  '../../etc/passwd',
  'ISA',
  'Core',
  'GBP',
  'VUSA',
  'XLON',
  'IE00B4L5Y983',
];
const DECIMALS = [
  '0',
  '1',
  '10.5',
  '-1',
  '-0',
  '007.50',
  '0.000000000000000001',
  '0.0000000000000000001',
  '99999999999999999999.999999999999999999',
  '123456789012345678901234567890',
  '9'.repeat(64),
  'NaN',
  '1e5',
  '1,5',
  '',
];
const CODES = [
  'GBP',
  'USD',
  'JPY',
  'XXX',
  'GBX',
  'GBp',
  'ZAc',
  'gbp',
  'XLON',
  'XNAS',
  'IE00B4L5Y983',
  'B4L5Y98',
  'IE',
  '42',
];
const DAYS = ['2024-02-23', '2024-02-26', '2024-03-01'];
const BAD_DAYS = [
  '2023-02-29',
  '1800-01-01',
  '0000-01-01',
  '0001-01-01',
  '9999-12-31',
  '2999-01-01',
  'today',
];
const INSTANTS = ['2024-02-23T12:00:00Z', '2024-02-23T12:00:00.123456789+05:30', '2024-02-26T23:59:60Z'];
const BAD_INSTANTS = [
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999999-14:00',
  '2999-01-01T00:00:00Z',
  '2024-02-23',
];
const EMAILS = ['ada@example.test', 'ADA@example.test', "o'b@x.test"];
const NUMBERS = [0, 1, -1, 0.1, 50, 100, 101, 2_147_483_648, 9_007_199_254_740_992, 1e21, 1e308, 5e-324];
const STRANGE: readonly unknown[] = [null, true, 0, '', [], {}, [[[]]], { a: { b: 1 } }];

const FILES = [
  '',
  '<!doctype html><title>404</title>',
  'a,b,c\n1,2,3\n',
  '\uFEFFTicker,Name,Weight (%)\nAAPL,APPLE INC,"60.00"\n',
  'Date,USD,JPY,\n2024-02-23,1.0834,N/A,\n',
  'Date,USD,\n9999-99-99,abc,\n',
  '"unterminated\n,,,\n',
  `${'x,'.repeat(5_000)}\n`,
  '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
  '{"a":1}',
];

/** Files that an import may be sent. */
export const hostileFile: Arbitrary<Buffer> = fc.oneof(
  fc.constantFrom(...FILES).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
);

/**
 * Values for a schema. Most leaves are what the schema allows, at its edges; about one in thirty is not, so that a
 * request often gets past the schema and the code behind it meets the rest.
 */
export const hostileValue = (schema: Schema, options: HostileOptions): Arbitrary<unknown> =>
  fc.oneof(
    { weight: 60, arbitrary: shaped(schema, options) },
    { weight: 1, arbitrary: fc.constantFrom(...STRANGE) },
  );

const shaped = (schema: Schema, options: HostileOptions): Arbitrary<unknown> => {
  const branches = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(branches)) {
    return fc.oneof(...(branches as Schema[]).map((one) => shaped(one, options)));
  }
  if (Array.isArray(schema['enum'])) return mostly(schema['enum'] as unknown[], ['none of these']);
  switch (schema['type']) {
    case 'object':
      return objectOf(schema, options);
    case 'array':
      return fc.array(hostileValue(schema['items'] as Schema, options), { maxLength: 3 });
    case 'string':
      return textOf(schema, options);
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return fc.boolean();
    default:
      return fc.constantFrom(...STRANGE);
  }
};

const mostly = (good: readonly unknown[], bad: readonly unknown[]): Arbitrary<unknown> => {
  if (good.length === 0) return fc.constantFrom(...bad);
  if (bad.length === 0) return fc.constantFrom(...good);
  return fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...bad) },
  );
};

const FORMATS: Readonly<Record<string, readonly [good: readonly string[], bad: readonly string[]]>> = {
  date: [DAYS, BAD_DAYS],
  'date-time': [INSTANTS, BAD_INSTANTS],
  email: [EMAILS, ['ada@', 'ada']],
};

const textOf = (schema: Schema, { ids }: HostileOptions): Arbitrary<unknown> => {
  const { format, pattern, minLength = 0, maxLength = Infinity } = schema;
  if (format === 'uuid') return fc.constantFrom(...ids);
  if (typeof format === 'string') return mostly(...(FORMATS[format] ?? [TEXTS, []]));
  const fits = (text: string): boolean =>
    text.length >= Number(minLength) &&
    text.length <= Number(maxLength) &&
    (typeof pattern !== 'string' || new RegExp(pattern, 'u').test(text));
  const all = typeof pattern === 'string' ? [...DECIMALS, ...CODES] : [...TEXTS, ...ids, ids.join(',')];
  return mostly(
    all.filter(fits),
    all.filter((text) => !fits(text)),
  );
};

const numberOf = (schema: Schema): Arbitrary<unknown> => {
  const { type, minimum = -Infinity, maximum = Infinity } = schema;
  const fits = (value: number): boolean =>
    value >= Number(minimum) && value <= Number(maximum) && (type === 'number' || Number.isInteger(value));
  return mostly(
    NUMBERS.filter(fits),
    NUMBERS.filter((value) => !fits(value)),
  );
};

const objectOf = (schema: Schema, options: HostileOptions): Arbitrary<unknown> => {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  const [values] = Object.values((schema['patternProperties'] ?? {}) as Record<string, Schema>);
  if (values !== undefined) {
    return fc.dictionary(fc.constantFrom(...TEXTS), shaped(values, options), { maxKeys: 4 });
  }
  const valueOf = (name: string, one: Schema): Arbitrary<unknown> => {
    const usual = options.usual[name];
    const hostile = hostileValue(one, options);
    return usual === undefined
      ? hostile
      : fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: hostile });
  };
  const known = fc.record(Object.fromEntries(properties.map(([name, one]) => [name, valueOf(name, one)])), {
    requiredKeys: (schema['required'] ?? []) as string[],
  });
  return fc.oneof(
    { weight: 60, arbitrary: known },
    { weight: 1, arbitrary: known.map((value) => ({ ...value, unexpected: 1 })) },
  );
};
