/**
 * The schema compilers of the HTTP layer: Ajv as the money rule needs it.
 *
 * Fastify's own Ajv accepts the JSON number 12345678901234567890.12345678 where a decimal string is wanted (as
 * "12345678901234567000") and drops unknown fields without a word. So a body is never coerced, unknown fields are
 * refused by name, and only the query and the path, which have no types of their own, are read as what they should be.
 */
import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { IsOptional } from 'typebox';
import type { TSchema } from 'typebox';

import { invalidFields } from '#platform/errors.ts';
import type { AppError } from '#platform/errors.ts';

import { fieldErrors } from './field-errors.ts';

/** What Fastify expects of a validator: true, a changed value, or the error to answer. */
type Verdict = true | { readonly value: unknown } | { readonly error: AppError };

/** Bodies above this size are told their first mistake only: collecting all of them costs memory per mistake. */
const ALL_ERRORS_ENTRIES_MAX = 1_000;

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/iu;

const makeAjv = (coerceTypes: false | 'array', allErrors: boolean): Ajv => {
  const ajv = new Ajv({
    coerceTypes,
    allErrors,
    useDefaults: true,
    removeAdditional: false,
    strict: true,
    // A body of one of several types is judged by the type that it names.
    discriminator: true,
    // Text that is read as a number may become infinite (1e309): bounds must then be checked, not passed over.
    strictNumbers: coerceTypes === false,
    // A contract may say that a field is required in one branch of a union only.
    strictRequired: false,
    verbose: true,
    // The same named schema occurs in many routes, each compiled on its own.
    addUsedSchema: false,
  });
  addFormats.default(ajv);
  // ajv-formats also takes `urn:uuid:…`, which PostgreSQL does not.
  ajv.addFormat('uuid', UUID);
  return ajv;
};

/**
 * A compiler for Fastify's `setValidatorCompiler`.
 * The validators answer with an AppError 400 `invalid_fields` that names each refused field in plain words.
 */
export const createValidatorCompiler = () => {
  const bodies = { first: makeAjv(false, false), all: makeAjv(false, true) };
  const rest = { first: makeAjv('array', false), all: makeAjv('array', true) };
  return ({ schema, httpPart }: { schema: TSchema; httpPart?: string | undefined }) => {
    const ajv = httpPart === 'body' ? bodies : rest;
    const plain = withoutIds(schema);
    const validate = ajv.first.compile(plain);
    let validateAll: ValidateFunction | undefined;
    return (data: unknown): Verdict => {
      if (data === null && httpPart === 'body' && IsOptional(schema)) return { value: undefined };
      // The first pass may already have filled in defaults; that changes nothing for the second.
      if (validate(data)) return { value: data };
      validateAll ??= ajv.all.compile(plain);
      const errors = isSmall(data) && !validateAll(data) ? validateAll.errors : validate.errors;
      return { error: refusal(errors ?? [], httpPart) };
    };
  };
};

const refusal = (errors: readonly ErrorObject[], httpPart: string | undefined): AppError =>
  invalidFields(fieldErrors(errors, httpPart === 'querystring' ? 'query' : (httpPart ?? 'request')));

/** Bounded walk: true when the value has fewer entries in all than the limit. */
const isSmall = (data: unknown): boolean => {
  let entries = 0;
  const stack: unknown[] = [data];
  while (stack.length > 0) {
    const value = stack.pop();
    if (typeof value !== 'object' || value === null) continue;
    const children: readonly unknown[] = Object.values(value);
    entries += children.length;
    if (entries > ALL_ERRORS_ENTRIES_MAX) return false;
    stack.push(...children);
  }
  return true;
};

/** A checker of what we answer, for tests: an answer that is not what its contract says is a fault of ours. */
export const createAnswerChecker = () => {
  const ajv = makeAjv(false, true);
  const compiled = new WeakMap<TSchema, ValidateFunction>();
  return (schema: TSchema, value: unknown): readonly string[] => {
    const validate = compiled.get(schema) ?? ajv.compile(withoutIds(schema));
    compiled.set(schema, validate);
    // As the client will see it: without undefined fields, with whatever toJSON makes of objects.
    const onTheWire: unknown = JSON.parse(JSON.stringify(value));
    return validate(onTheWire)
      ? []
      : fieldErrors(validate.errors ?? [], 'body').map((error) => `${error.field} ${error.message}`);
  };
};

/** The plain JSON schema, without `$id`s: they name components in OpenAPI and would collide inside one compiler. */
export const withoutIds = (schema: TSchema): Record<string, unknown> =>
  JSON.parse(
    JSON.stringify(schema, (key: string, value: unknown) => (key === '$id' ? undefined : value)),
  ) as Record<string, unknown>;
