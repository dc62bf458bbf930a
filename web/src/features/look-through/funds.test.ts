import { expect, test } from 'vitest';
import { darkPct, fileDays, issuerPage } from './funds.ts';

const fund = {
  instrumentId: '1',
  name: 'Fund',
  ticker: null,
  asOf: '2024-02-28',
  weightPct: 40,
  weightSumPct: 100,
  coveragePct: 95,
  importId: null,
  lookedThrough: true,
  treatedAs: null,
  ageDays: 3,
  stale: false,
  cadence: null,
  issuerUrl: null,
};

test('what cannot be seen is of the whole, not of the fund', () => {
  expect(darkPct(fund)).toBeCloseTo(2, 10);
  expect(darkPct({ ...fund, coveragePct: 0, lookedThrough: false })).toBe(40);
  expect(Object.is(darkPct({ ...fund, coveragePct: 100.000_1 }), 0)).toBe(true);
});

test('the oldest and the newest file; funds without one have no day', () => {
  const other = { ...fund, asOf: '2023-12-29' };
  expect(fileDays([fund, other, { ...fund, asOf: '2020-01-01', lookedThrough: false }])).toEqual({
    oldest: '2023-12-29',
    newest: '2024-02-28',
  });
  expect(fileDays([])).toBeNull();
});

test('only addresses of the web become links', () => {
  expect(issuerPage({ issuerUrl: 'https://issuer.example/fund' })).toBe('https://issuer.example/fund');
  expect(issuerPage({ issuerUrl: 'javascript:alert(1)' })).toBeNull();
  expect(issuerPage({ issuerUrl: null })).toBeNull();
});
