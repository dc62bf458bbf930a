/**
 * Reading a JSON body that anyone may have sent.
 *
 * `JSON.parse` itself is safe on any input (it neither recurses nor evaluates), but what it returns may not be safe to
 * use: nesting that overflows a recursive reader, keys that reach a prototype, characters that PostgreSQL's text type
 * cannot hold. All of it is refused here, before a schema or a handler sees the value.
 */
import { type AppError, badRequest } from '#platform/errors.ts';

import { JSON_DEPTH_MAX } from './limits.ts';

/** Keys that JavaScript gives a meaning of its own; none is a field of ours. */
const POISONED_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The value of a JSON body.
 * @returns undefined for an empty body, which the schema of the route then accepts or refuses.
 * @throws AppError 400 `not_json`, `not_utf8`, `too_deep`, `forbidden_key` or `invalid_character`, naming the field.
 */
export const parseJsonBody = (bytes: Buffer): unknown => {
  if (bytes.length === 0) return undefined;
  const value = parse(decode(bytes));
  inspectStrings(value, 'body');
  return value;
};

const decode = (bytes: Buffer): string => {
  try {
    return utf8.decode(bytes);
  } catch {
    throw badRequest('not_utf8', 'The body is not valid UTF-8 text.');
  }
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('not_json', 'The body is not valid JSON.');
  }
};

type Frame = { readonly value: unknown; readonly path: string; readonly depth: number };

/**
 * Walks a decoded value (body, query or path parameters) without recursion and refuses what must not go further.
 * @param whole what to call the value itself in the sentence when the value, not a field of it, is to blame.
 * @throws AppError 400 `too_deep`, `forbidden_key` or `invalid_character`, naming the field.
 */
export const inspectStrings = (root: unknown, whole: string): void => {
  const stack: Frame[] = [{ value: root, path: '', depth: 0 }];
  for (let frame = stack.pop(); frame !== undefined; frame = stack.pop()) {
    const { value, path, depth } = frame;
    if (typeof value === 'string') {
      refuseBadText(value, path === '' ? whole : path);
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= JSON_DEPTH_MAX) throw tooDeep(path);
      for (const [key, child] of Object.entries(value)) {
        refuseBadKey(key, path === '' ? whole : path);
        stack.push({ value: child, path: path === '' ? key : `${path}.${key}`, depth: depth + 1 });
      }
    }
  }
};

const tooDeep = (path: string): AppError =>
  badRequest('too_deep', `The body is nested more than ${JSON_DEPTH_MAX} levels deep.`, path.split('.')[0]);

const refuseBadKey = (key: string, path: string): void => {
  if (POISONED_KEYS.has(key)) {
    throw badRequest('forbidden_key', `${path}: the field name "${key}" is not allowed.`, key);
  }
  if (hasBadCharacter(key)) {
    throw badRequest(
      'invalid_character',
      `${path}: a field name contains a character that cannot be stored.`,
      path,
    );
  }
};

const refuseBadText = (text: string, path: string): void => {
  if (hasBadCharacter(text)) {
    throw badRequest('invalid_character', `${path}: contains a character that cannot be stored.`, path);
  }
};

/** PostgreSQL's text cannot hold U+0000, and half a surrogate pair would silently become U+FFFD on the way. */
const hasBadCharacter = (text: string): boolean => text.includes('\u0000') || !text.isWellFormed();
