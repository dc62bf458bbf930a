/**
 * What a schema refused, in words for a person.
 *
 * Ajv says `must match pattern "^-?[0-9]+…"`; a person needs the field and what it should have been. The path is
 * written with dots (`lists.sections.2`), as in the errors that services raise themselves.
 */
import type { ErrorObject } from 'ajv';

import type { FieldError } from '#platform/errors.ts';

import { wayOut } from './known-names.ts';
import { FIELD_ERRORS_MAX } from './limits.ts';

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

const FORMAT_WORDS: Readonly<Record<string, string>> = {
  uuid: 'an identifier (UUID)',
  email: 'an e-mail address',
  date: 'a day that exists, written YYYY-MM-DD',
  'date-time': 'a time with its zone in ISO 8601, such as 2024-02-23T16:30:00Z',
  time: 'a time of day with its zone, such as 16:30:00Z',
  uri: 'an absolute address (URI)',
};

/**
 * The refused fields, most telling first, without doubles.
 * @param errors of one Ajv run with `verbose: true`
 * @param whole what to call the value itself when it is to blame as a whole: `body`, `query`
 */
export const fieldErrors = (errors: readonly ErrorObject[], whole: string): readonly FieldError[] => {
  const byField = new Map<string, ErrorObject[]>();
  for (const error of errors) {
    // The field that tells the types apart is refused by its own schema too, in better words.
    if (error.keyword === 'discriminator') continue;
    const field = fieldOf(error) || whole;
    byField.set(field, [...(byField.get(field) ?? []), error]);
  }
  return [...byField]
    .slice(0, FIELD_ERRORS_MAX)
    .map(([field, ofField]) => ({ field, message: sentence(ofField) }));
};

const fieldOf = (error: ErrorObject): string => {
  const segments = error.instancePath.split('/').slice(1).map(unescapePointer);
  const params: Record<string, unknown> = error.params;
  const named = params['missingProperty'] ?? params['additionalProperty'] ?? params['propertyName'];
  return [...segments, ...(typeof named === 'string' ? [named] : [])].join('.');
};

/** RFC 6901: `~1` is a slash and `~0` a tilde in a JSON pointer. */
const unescapePointer = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');

/** A union refuses once for each branch; what counts is the branch that came closest, or else all allowed types. */
const sentence = (errors: readonly ErrorObject[]): string => {
  const telling = errors.filter((error) => !['anyOf', 'oneOf', 'type', 'if'].includes(error.keyword));
  const first = telling[0];
  if (first !== undefined) return words(first);
  const types = errors.filter((error) => error.keyword === 'type');
  if (types.length > 0) return `must be ${[...new Set(types.map(typeWords))].join(' or ')}`;
  return 'does not have one of the allowed shapes';
};

const words = (error: ErrorObject): string => {
  const params: Record<string, unknown> = error.params;
  const limit = String(params['limit']);
  switch (error.keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties':
      return `is not a known field${unknownField(error)}`;
    case 'propertyNames':
      return 'is not an allowed name';
    case 'format':
      return `must be ${FORMAT_WORDS[String(params['format'])] ?? `a valid ${String(params['format'])}`}`;
    case 'pattern':
      return `is not in the expected form${after(describe(error))}`;
    case 'enum':
      return `must be one of ${(params['allowedValues'] as readonly unknown[]).map(String).join(', ')}`;
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`;
    case 'minLength':
      return limit === '1' ? 'must not be empty' : `must have at least ${limit} characters`;
    case 'maxLength':
      return `must have at most ${limit} characters`;
    case 'minItems':
    case 'minProperties':
      return `must have at least ${limit} ${limit === '1' ? 'entry' : 'entries'}`;
    case 'maxItems':
    case 'maxProperties':
      return `must have at most ${limit} entries`;
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'exclusiveMinimum':
      return `must be more than ${limit}`;
    case 'exclusiveMaximum':
      return `must be less than ${limit}`;
    case 'multipleOf':
      return `must be a multiple of ${String(params['multipleOf'])}`;
    case 'uniqueItems':
      return 'must not have the same entry twice';
    default:
      return error.message ?? 'is not valid';
  }
};

/** What that place knows; of a map with names of one's own there is nothing to tell. */
const unknownField = (error: ErrorObject): string => {
  const schema: Record<string, unknown> = error.parentSchema ?? {};
  const params: Record<string, unknown> = error.params;
  const { properties } = schema;
  if ('patternProperties' in schema || typeof properties !== 'object' || properties === null) return '';
  return ` (${wayOut(String(params['additionalProperty']), Object.keys(properties))})`;
};

const typeWords = (error: ErrorObject): string => {
  const type = String((error.params as Record<string, unknown>)['type']);
  // "must be text" would leave somebody who sent the number 12.5 guessing why.
  if (type === 'string' && typeof error.data === 'number') {
    return `text in quotation marks${after(describe(error))}`;
  }
  return TYPE_WORDS[type] ?? type;
};

/** The schema's own description and its first example, as the contract wrote them. */
const describe = (error: ErrorObject): string | undefined => {
  const schema: Record<string, unknown> = error.parentSchema ?? {};
  const { description, examples } = schema;
  if (typeof description !== 'string') return undefined;
  const example: unknown = Array.isArray(examples) ? examples[0] : undefined;
  // "ISO 4217" keeps its capitals.
  const text = description.replace(/^[A-Z](?=[a-z])/u, (letter) => letter.toLowerCase());
  return typeof example === 'string' ? `${text}, such as ${example}` : text;
};

const after = (text: string | undefined): string => (text === undefined ? '' : `: ${text}`);
