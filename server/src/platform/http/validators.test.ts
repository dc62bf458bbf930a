import { describe, expect, it } from 'vitest';
import Type from 'typebox';
import type { TSchema } from 'typebox';

import { Closed, DecimalText, Instant, Day, Literals, Nullable, Uuid } from '@pm/contracts/common';

import { AppError } from '#platform/errors.ts';

import { createAnswerChecker, createValidatorCompiler } from './validators.ts';

const compile = createValidatorCompiler();

const refusals = (schema: TSchema, value: unknown, httpPart = 'body'): Record<string, string> => {
  const verdict = compile({ schema, httpPart })(value);
  if (verdict === true || 'value' in verdict) return {};
  expect(verdict.error).toBeInstanceOf(AppError);
  expect(verdict.error).toMatchObject({ status: 400, code: 'invalid_fields' });
  return Object.fromEntries((verdict.error.errors ?? []).map(({ field, message }) => [field, message]));
};

const Trade = Closed({
  qty: DecimalText,
  date: Type.Optional(Day),
  type: Type.Optional(Literals(['buy', 'sell'])),
  notes: Type.Optional(Nullable(Type.String({ maxLength: 5 }))),
  lists: Type.Optional(
    Closed({ sections: Type.Array(Type.String({ minLength: 1 }), { maxItems: 2, uniqueItems: true }) }),
  ),
});

describe('bodies', () => {
  it('accepts what the contract says', () => {
    expect(refusals(Trade, { qty: '1234567890123456789012345678.5', notes: null })).toEqual({});
  });

  it('never takes a JSON number for money', () => {
    expect(refusals(Trade, { qty: 12345678901234567000 })).toEqual({
      qty: 'must be text in quotation marks: exact decimal number as text, such as 1234.56',
    });
  });

  it('names unknown and missing fields', () => {
    expect(refusals(Trade, { quantity: '1' })).toEqual({
      qty: 'is required',
      quantity: 'is not a known field (known here: qty, date, type, notes, lists)',
    });
    expect(refusals(Trade, { qty: '1', lists: { sections: [], themes: [] } })).toEqual({
      'lists.themes': 'is not a known field (known here: sections)',
    });
  });

  it('says which field was meant by a slip, another way to write it or its beginning', () => {
    const Holding = Closed({ avgCost: Type.Optional(DecimalText), targetPct: Type.Optional(Type.Number()) });
    const meant = (name: string) => refusals(Holding, { [name]: '1' })[name];
    for (const name of ['avg_cost', 'AvgCost', 'avgcots', 'averCost', 'avg']) {
      expect(meant(name)).toBe('is not a known field (did you mean avgCost?)');
    }
    expect(meant('target_pct')).toBe('is not a known field (did you mean targetPct?)');
    for (const name of ['cost', 'ü', 'x'.repeat(100_000)]) {
      expect(meant(name)).toBe('is not a known field (known here: avgCost, targetPct)');
    }
  });

  it('names twelve known fields at most, and says where there is none', () => {
    const many = Closed(
      Object.fromEntries(
        Array.from({ length: 14 }, (_, i) => [`field${'abcdefghijklmn'[i]}${i}`, DecimalText]),
      ),
    );
    const told = refusals(Type.Partial(many, { additionalProperties: false }), { other: 1 })['other'] ?? '';
    expect(told.match(/field/gu)).toHaveLength(13);
    expect(told).toMatch(
      /^is not a known field \(known here: fielda0, .*, fieldl11 and 2 more, see \/api\/docs\)$/u,
    );
    expect(refusals(Closed({}), { page: 1 }, 'querystring')).toEqual({
      page: 'is not a known field (nothing can be given here)',
    });
  });

  it.each([
    [{ qty: '1e5' }, { qty: 'is not in the expected form: exact decimal number as text, such as 1234.56' }],
    [{ qty: '1', date: '2023-02-29' }, { date: 'must be a day that exists, written YYYY-MM-DD' }],
    [{ qty: '1', type: 'swap' }, { type: 'must be one of buy, sell' }],
    [{ qty: '1', notes: 'too long' }, { notes: 'must have at most 5 characters' }],
    [{ qty: '1', notes: 5 }, { notes: 'must be text in quotation marks or null' }],
    [{ qty: '1', lists: { sections: [''] } }, { 'lists.sections.0': 'must not be empty' }],
    [{ qty: '1', lists: { sections: ['a', 'b', 'c'] } }, { 'lists.sections': 'must have at most 2 entries' }],
    [
      { qty: '1', lists: { sections: ['a', 'a'] } },
      { 'lists.sections': 'must not have the same entry twice' },
    ],
    [{ qty: '1', lists: 'Core' }, { lists: 'must be an object' }],
    [[], { body: 'must be an object' }],
    [null, { body: 'must be an object' }],
  ])('says of %j what it should have been', (value, expected) => {
    expect(refusals(Trade, value)).toEqual(expected);
  });

  it('tells all mistakes of a small body, ten at most', () => {
    const value = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`x${index}`, 1]));
    expect(Object.keys(refusals(Trade, value))).toHaveLength(10);
  });

  it('may be absent only where the contract says so', () => {
    expect(refusals(Type.Optional(Trade), null)).toEqual({});
  });
});

describe('query and path', () => {
  const Query = Closed({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    force: Type.Optional(Type.Boolean()),
    at: Type.Optional(Instant),
  });

  it('are read as what they should be, with defaults', () => {
    const query = { limit: '7', force: 'true' };
    expect(compile({ schema: Query, httpPart: 'querystring' })(query)).toEqual({
      value: { limit: 7, force: true },
    });
    expect(compile({ schema: Query, httpPart: 'querystring' })({})).toEqual({ value: { limit: 50 } });
  });

  it('refuse what is not', () => {
    expect(refusals(Query, { limit: '0' }, 'querystring')).toEqual({ limit: 'must be at least 1' });
    expect(refusals(Query, { limit: 'ten' }, 'querystring')).toEqual({ limit: 'must be a whole number' });
    expect(refusals(Query, { limit: ['1', '2'] }, 'querystring')).toEqual({
      limit: 'must be a whole number',
    });
    expect(refusals(Query, { at: 'yesterday' }, 'querystring')).toEqual({
      at: 'must be a time with its zone in ISO 8601, such as 2024-02-23T16:30:00Z',
    });
    expect(refusals(Query, { page: '2' }, 'querystring')).toEqual({
      page: 'is not a known field (known here: limit, force, at)',
    });
  });

  it.each(['1', 'urn:uuid:0190a8b2-0000-7000-8000-000000000000', '0190a8b2-0000-7000-8000-00000000000g', ''])(
    'refuse %j as an id',
    (id) => {
      expect(refusals(Closed({ id: Uuid }), { id }, 'params')).toEqual({
        id: 'must be an identifier (UUID)',
      });
    },
  );
});

describe('createAnswerChecker', () => {
  const check = createAnswerChecker();

  it('finds what an answer should not have, or lacks', () => {
    expect(check(Closed({ id: Uuid }), { id: '0190a8b2-0000-7000-8000-000000000000' })).toEqual([]);
    expect(check(Closed({ id: Uuid }), { id: 7, secret: 'x' })).toEqual(
      expect.arrayContaining([
        'secret is not a known field (known here: id)',
        expect.stringContaining('id must be'),
      ]),
    );
    expect(check(Closed({ price: DecimalText }), { price: 1.5 })).toHaveLength(1);
  });

  it('sees values as they go over the wire', () => {
    expect(check(Closed({ at: Instant }), { at: Temporal.Instant.from('2024-02-23T16:30:00Z') })).toEqual([]);
    expect(check(Closed({ at: Instant }), { at: undefined })).toEqual(['at is required']);
  });
});
