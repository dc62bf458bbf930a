import { expect, test } from 'vitest';

import { digestOf } from './digest.ts';
import type { Attributes } from './graph.ts';
import { Numbering } from './numbering.ts';

const NOTHING_KNOWN: Attributes = {
  sector: null,
  country: null,
  currency: null,
  assetClass: null,
  kind: 'security',
};

test('shares, other securities, money and funds as such are added up apart', () => {
  const numbering = new Numbering();
  const as = (one: Partial<Attributes>): number => numbering.attribute({ ...NOTHING_KNOWN, ...one });
  const [share, abroad, bond] = [
    as({ assetClass: 'Equity' }),
    as({ assetClass: 'Equity', country: 'Japan' }),
    as({ assetClass: 'Fixed Income' }),
  ];
  const [money, fund] = [as({ kind: 'cash', assetClass: 'Cash' }), as({ kind: 'fund', assetClass: 'Fund' })];
  // One company under two countries and with a bond, one sold short, money, and a fund that nobody can look into.
  const leaves = {
    instrument: Uint32Array.of(1, 1, 1, 4, 6, 9),
    attribute: Uint32Array.of(share, abroad, bond, share, money, fund),
    pct: Float64Array.of(30, 5, 10, -2, 27, 30),
  };
  const digest = digestOf(leaves, numbering);
  expect(digest.total).toBe(100);
  expect(Object.fromEntries([...digest.attribute].map((one, i) => [one, digest.attributePct[i]]))).toEqual({
    [share]: 28,
    [abroad]: 5,
    [bond]: 10,
    [money]: 27,
    [fund]: 30,
  });
  expect(digest.shares).toEqual({ instrument: Uint32Array.of(1, 4), pct: Float64Array.of(35, -2) });
  expect(digest.securities).toEqual({ instrument: Uint32Array.of(1), pct: Float64Array.of(10) });
  expect(digest.equity).toEqual({ instrument: Uint32Array.of(1, 9), pct: Float64Array.of(35, 30) });
});

test('the columns of a fund of nothing but shares serve as they are', () => {
  const numbering = new Numbering();
  const share = numbering.attribute({ ...NOTHING_KNOWN, assetClass: 'Equity' });
  const leaves = {
    instrument: Uint32Array.of(2, 3),
    attribute: Uint32Array.of(share, share),
    pct: Float64Array.of(60, 40),
  };
  const digest = digestOf(leaves, numbering);
  expect(digest.shares.pct).toBe(leaves.pct);
  expect(digest.equity).toBe(digest.shares);
});
