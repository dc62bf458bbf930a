import { describe, expect, it } from 'vitest';
import type { Portfolio } from '../portfolios/queries.ts';
import type { AllocatedHolding, Allocation } from './queries.ts';
import { computedUnits, sheetOf } from './worksheet-model.ts';

const holding = (
  holdingId: string,
  account: string,
  qty: string,
  unitPrice: string | null,
): AllocatedHolding => ({
  holdingId,
  name: holdingId,
  section: 'Core',
  theme: 'World',
  account,
  instrumentType: 'ETF',
  qty,
  value: unitPrice === null ? '0' : String(Number(qty) * Number(unitPrice)),
  actualPct: null,
  targetPct: null,
  target: null,
  driftPct: null,
  drift: null,
  unitPrice,
  places: 0,
});

const portfolio = {
  lists: {
    sections: ['Core'],
    themes: ['World'],
    accounts: ['ISA', 'SIPP'],
    themeSections: { World: 'Core' },
  },
  budgets: { sections: { Core: { percent: 100 } }, themes: {}, accounts: { ISA: { percent: 50 } } },
  settings: { lockTotal: false, lockedTotal: null, targetPortfolioValue: null },
} as unknown as Portfolio;

const allocation = {
  holdings: [
    holding('a', 'ISA', '10', '10'),
    holding('b', 'SIPP', '10', '30'),
    holding('c', 'ISA', '1', null),
  ],
  rebalance: { cash: '50', lines: [{ holdingId: 'a', units: '5' }] },
} as unknown as Allocation;

const read = (text: string): string | null => (/^-?\d+$/.test(text) ? text : null);
const sheet = (typed: Record<string, string>) => sheetOf(portfolio, allocation, typed, read);

describe('the worksheet', () => {
  it('begins with what was worked out', () => {
    expect(computedUnits(allocation)).toEqual({ a: '5' });
  });

  it('follows each line that is changed', () => {
    const { lines, settlement, after } = sheet({ a: '4', b: '-1' });
    // 4 × 10 bought in the ISA with 40 of the 50; 30 of the SIPP stay there.
    expect(lines.map((line) => [line.amount.toString(), line.after.toString(), line.oversold])).toEqual([
      ['40', '140', false],
      ['-30', '270', false],
    ]);
    expect(settlement.cashLeft.toString()).toBe('10');
    expect(settlement.accounts.map((one) => [one.account, one.left.toString()])).toEqual([
      ['ISA', '0'],
      ['SIPP', '30'],
    ]);
    // 140 of 410 in the ISA, of which half was wanted.
    expect(after.accounts[0]?.actualPct?.toFixed(2)).toBe('34.15');
    expect(after.accounts[0]?.driftPct?.toFixed(2)).toBe('-15.85');
  });

  it('says what cannot be read and what is not there to sell, and counts the first as nothing', () => {
    const { lines, settlement } = sheet({ a: 'five', b: '-11' });
    expect(lines.map((line) => [line.units?.toString() ?? null, line.oversold])).toEqual([
      [null, false],
      ['-11', true],
    ]);
    expect(settlement.bought.isZero()).toBe(true);
  });
});
