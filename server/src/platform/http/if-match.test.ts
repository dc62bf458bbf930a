import { describe, expect, it } from 'vitest';

import { parseIfMatch } from './if-match.ts';

describe('parseIfMatch', () => {
  it.each([
    ['"3"', 3],
    ['W/"3"', 3],
    ['3', 3],
    ['*', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads %j as %j', (header, version) => {
    expect(parseIfMatch(header)).toBe(version);
  });

  it.each(['"x"', '"1", "2"', '-1', '"99999999999"'])('refuses %j', (header) => {
    expect(() => parseIfMatch(header)).toThrow(
      expect.objectContaining({ code: 'invalid_if_match', status: 400 }),
    );
  });
});
