import { describe, expect, it } from 'vitest';

import { AppError, invalidFields, isAppError, notFound, tooManyRequests, unavailable } from './errors.ts';

describe('AppError', () => {
  it('keeps its sentence as the message, so that logs are readable', () => {
    const error = notFound('portfolio');
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toBe('There is no such portfolio.');
    expect([error.status, error.code]).toEqual([404, 'not_found']);
  });

  it('rounds Retry-After up to whole seconds, never to zero', () => {
    expect(tooManyRequests(0.2).headers).toEqual({ 'retry-after': '1' });
    expect(tooManyRequests(2.1).headers).toEqual({ 'retry-after': '3' });
    expect(unavailable(-5).headers).toEqual({ 'retry-after': '1' });
  });

  it('names the single field of a one-field refusal and keeps several apart', () => {
    expect(invalidFields([{ field: 'qty', message: 'must be positive' }]).field).toBe('qty');
    const several = invalidFields([
      { field: 'qty', message: 'must be positive' },
      { field: 'date', message: 'must be a day' },
    ]);
    expect(several.field).toBeUndefined();
    expect(several.detail).toBe('qty: must be positive; date: must be a day');
  });

  it('is told apart from other errors', () => {
    expect(isAppError(new AppError(418, 'teapot', 'No.'))).toBe(true);
    expect(isAppError(new Error('x'))).toBe(false);
  });
});
