import { describe, expect, it } from 'vitest';
import { assignFile, sureAssignment, type FundTraits } from './assign.ts';

const fund = (instrumentId: string, name: string, more: Partial<FundTraits> = {}): FundTraits => ({
  instrumentId,
  name,
  ticker: null,
  isin: null,
  heldBefore: null,
  ...more,
});
const world = fund('world', 'iShares Core MSCI World', { ticker: 'SWDA' });
const emerging = fund('emerging', 'iShares Core MSCI EM IMI', { ticker: 'EIMI' });
const us = fund('us', 'iShares Core S&P 500', { ticker: 'IVV' });
const file = (byCountry: Record<string, number>, more: { fundName?: string; fileName?: string } = {}) => ({
  rows: 1000,
  byCountry,
  fundName: more.fundName ?? null,
  fileName: more.fileName ?? null,
});
const best = (one: ReturnType<typeof file>, funds = [world, emerging, us]): string =>
  sureAssignment(assignFile(one, funds))?.instrumentId ?? 'nobody';

describe('a file without a fund name is put to a fund by what is in it', () => {
  it('by its countries', () => {
    expect(best(file({ 'United States': 70.6, Japan: 6.1, 'United Kingdom': 3.8 }))).toBe('world');
    expect(best(file({ China: 22.8, India: 18.7, Taiwan: 17.4, 'South Korea': 12.4 }))).toBe('emerging');
    expect(best(file({ 'United States': 99.9 }))).toBe('us');
  });

  it('by what the fund held before, against its countries’ likeness', () => {
    const other = fund('other', 'Another World Fund', { heldBefore: 0.1 });
    expect(best(file({ 'United States': 70 }), [{ ...world, heldBefore: 0.97 }, other])).toBe('world');
  });

  it('by nothing where two fit alike', () => {
    expect(best(file({ 'United States': 70 }), [world, fund('twin', 'Another World Fund')])).toBe('nobody');
    expect(best(file({ Australia: 99 }))).toBe('nobody');
  });
});

describe('a file that names its fund', () => {
  it('goes to the fund of that name, whatever the file is called', () => {
    expect(
      best(file({ 'United States': 99.9 }, { fundName: 'iShares Core S&P 500 ETF', fileName: 'SWDA.csv' })),
    ).toBe('us');
  });
});

describe('a file’s name', () => {
  it('is a hint that its contents can outweigh', () => {
    expect(
      best(file({ 'United States': 70 }, { fileName: 'SWDA_holdings.csv' }), [
        world,
        fund('twin', 'Another World Fund'),
      ]),
    ).toBe('world');
    expect(best(file({ China: 30, India: 25 }, { fileName: 'SWDA_holdings.csv' }))).toBe('emerging');
  });
});
