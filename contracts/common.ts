import Type, { type TSchema } from 'typebox';

/** Shapes that several features share. Times are ISO 8601 with zone, days ISO 8601, money decimal strings. */

export const Uuid = Type.String({ format: 'uuid', description: 'Identifier' });
export const Day = Type.String({
  format: 'date',
  description: 'Calendar day, YYYY-MM-DD',
  examples: ['2024-02-23'],
});
export const Instant = Type.String({ format: 'date-time', description: 'ISO 8601 time with zone' });

/** An exact decimal as text: money, prices, quantities and rates never travel as JSON numbers. */
export const DecimalText = Type.String({
  pattern: '^-?[0-9]+(\\.[0-9]+)?$',
  maxLength: 64,
  description: 'Exact decimal number as text',
  examples: ['1234.56'],
});

export const CurrencyCode = Type.String({
  pattern: '^[A-Z]{3}$',
  description: 'ISO 4217 currency',
  examples: ['GBP'],
});
export const QuoteUnitCode = Type.String({
  pattern: '^[A-Za-z]{3}$',
  description: 'Currency, or a hundredth of one: GBX, ZAc, ILA',
  examples: ['GBX'],
});
export const Mic = Type.String({
  pattern: '^[A-Z0-9]{4}$',
  description: 'ISO 10383 market code',
  examples: ['XLON'],
});
export const Percent = Type.Number({ description: 'Percentage: 12.5 means 12.5 %' });
export const Version = Type.Integer({
  minimum: 1,
  description: 'Grows with every change; send it back as If-Match',
});

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** A closed object: unknown fields are refused and named. */
export const Closed = <T extends Record<string, TSchema>>(
  properties: T,
  options: { description?: string } = {},
) => Type.Object(properties, { additionalProperties: false, ...options });

export const Literals = <const T extends readonly string[]>(
  values: T,
  options: { description?: string } = {},
) => Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...options });

type Tagged = Type.TObject<{ type: TSchema }>;

/** One of several closed objects, told apart by their field `type`; a mistake is named within the one that was meant. */
export const OneOfTypes = <const T extends readonly Tagged[]>(variants: T) => {
  const values = variants.flatMap(
    ({ properties }) => (Reflect.get(properties.type, 'enum') ?? []) as string[],
  );
  return Type.Unsafe<Type.Static<T[number]>>({
    type: 'object',
    required: ['type'],
    discriminator: { propertyName: 'type' },
    properties: { type: { type: 'string', enum: values } },
    oneOf: [...variants],
  });
};

export const Page = <T extends TSchema>(item: T) =>
  Closed({
    items: Type.Array(item),
    nextCursor: Nullable(Type.String({ description: 'Send as cursor for the next page' })),
  });

/** The most rows that a list answers at once. */
export const MAX_PAGE = 200;
export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_PAGE, default: 50 })),
  cursor: Type.Optional(Type.String({ maxLength: 512 })),
};

/** A file as bytes, in an answer. */
export const FileBytes = Type.Unsafe<Uint8Array>({
  type: 'string',
  contentMediaType: 'application/octet-stream',
  description: 'The file, byte for byte',
});

/** A file that is sent as it is read, so that its size does not matter. */
export const FileStream = Type.Unsafe<AsyncIterable<Uint8Array>>({
  type: 'string',
  contentMediaType: 'application/zip',
  description: 'The file, piece by piece',
});

export const IdParams = Closed({ id: Uuid });

export const FieldProblem = Closed({ field: Type.String(), message: Type.String() });

/** RFC 9457 problem details: every error of the API. */
export const Problem = Closed({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String({ description: 'What is wrong and what to do, in words' }),
  code: Type.String({ description: 'Stable machine-readable code' }),
  field: Type.Optional(Type.String({ description: 'The field that is wrong' })),
  errors: Type.Optional(Type.Array(FieldProblem)),
  requestId: Type.Optional(Type.String()),
});
