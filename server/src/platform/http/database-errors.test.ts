import { describe, expect, it } from 'vitest';

import { fromDatabaseError } from './database-errors.ts';

const refusedBy = (code: string, message = 'x') =>
  fromDatabaseError(Object.assign(new Error(message), { code, severity: 'ERROR' }));

describe('fromDatabaseError', () => {
  it.each([
    ['23505', 409],
    ['23503', 422],
    ['23514', 422],
    ['23502', 422],
    ['22003', 422],
    ['22001', 422],
    ['22P02', 400],
    ['22021', 400],
    ['22008', 400],
    ['PM403', 403],
    ['PM404', 404],
    ['PM409', 409],
    ['PM422', 422],
  ])('answers SQLSTATE %s with %i', (code, status) => {
    expect(refusedBy(code)?.status).toBe(status);
  });

  it('answers a row that belongs to somebody else like one that is not there', () => {
    expect(
      refusedBy('42501', 'new row violates row-level security policy for table "holdings"')?.status,
    ).toBe(404);
  });

  it('leaves faults of ours to be faults', () => {
    expect(refusedBy('42501', 'permission denied for table users')).toBeUndefined();
    expect(refusedBy('42P01')).toBeUndefined();
    expect(refusedBy('42601')).toBeUndefined();
    expect(fromDatabaseError(new TypeError('x is not a function'))).toBeUndefined();
    expect(fromDatabaseError(Object.assign(new Error('x'), { code: '23505' }))).toBeUndefined();
  });

  it('repeats nothing that PostgreSQL said', () => {
    expect(refusedBy('23505', 'duplicate key value (email)=(ada@example.test)')?.detail).not.toContain('ada');
  });
});
