import { describe, expect, it } from 'vitest';

import { AppError } from '#platform/errors.ts';

import { inspectStrings, parseJsonBody } from './json-body.ts';

const codeOf = (run: () => unknown): { code: string; field: string | undefined } | undefined => {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, field: error.field };
    throw error;
  }
  return undefined;
};
const parse = (text: string) => parseJsonBody(Buffer.from(text));

describe('parseJsonBody', () => {
  it('reads JSON, and nothing as undefined', () => {
    expect(parse('{"a":[1,"é",null]}')).toEqual({ a: [1, 'é', null] });
    expect(parse('')).toBeUndefined();
  });

  it.each(['{', 'name=Ada', "{'a':1}", '{"a":NaN}', '<html>', ' ', '{"a":1}{'])(
    'refuses %j as not JSON',
    (text) => {
      expect(codeOf(() => parse(text))?.code).toBe('not_json');
    },
  );

  it('refuses bytes that are not UTF-8 instead of guessing', () => {
    expect(codeOf(() => parseJsonBody(Buffer.from([0x7b, 0x22, 0xe9, 0x22, 0x7d])))?.code).toBe('not_utf8');
  });

  it('takes 32 levels and refuses 33', () => {
    expect(parse(`${'['.repeat(32)}${']'.repeat(32)}`)).toBeDefined();
    expect(codeOf(() => parse(`${'['.repeat(33)}${']'.repeat(33)}`))?.code).toBe('too_deep');
  });

  it('survives half a million levels', () => {
    expect(codeOf(() => parse(`${'['.repeat(500_000)}${']'.repeat(500_000)}`))?.code).toBe('too_deep');
    expect(codeOf(() => parse('{"a":'.repeat(100_000)))?.code).toBe('not_json');
  });

  it.each(['__proto__', 'constructor', 'prototype'])('refuses the key %s at any depth', (key) => {
    expect(codeOf(() => parse(`{"${key}":{"admin":true}}`))).toEqual({ code: 'forbidden_key', field: key });
    expect(codeOf(() => parse(`{"lists":[{"${key}":1}]}`))?.code).toBe('forbidden_key');
    expect(Reflect.get({}, 'admin')).toBeUndefined();
  });

  it('refuses what PostgreSQL cannot store, naming the field', () => {
    expect(codeOf(() => parse('{"a":{"b":["x","y\\u0000z"]}}'))).toEqual({
      code: 'invalid_character',
      field: 'a.b.1',
    });
    expect(codeOf(() => parse('{"a":"\\ud800"}'))).toEqual({ code: 'invalid_character', field: 'a' });
    expect(codeOf(() => parse('{"a\\u0000":1}'))?.code).toBe('invalid_character');
    expect(parse('{"a":"\\ud83d\\ude00"}')).toEqual({ a: '😀' });
  });
});

describe('inspectStrings', () => {
  it('names the part of the request when it is itself to blame', () => {
    expect(codeOf(() => inspectStrings('\u0000', 'query'))?.field).toBe('query');
    expect(codeOf(() => inspectStrings({ cursor: 'a\u0000' }, 'query'))?.field).toBe('cursor');
  });
});
