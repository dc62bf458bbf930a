import { describe, expect, test } from 'vitest';
import type { Cross, HeldCompany } from './queries.ts';
import { companyBars, crossedBranches, crossedWeights, filledBranches, isRest, pairsOf } from './slices.ts';

const cell = (a: string, b: string, pct: number, bId: string | null = null): Cross['cells'][number] => ({
  a,
  b,
  aId: null,
  bId,
  pct,
});
const company = (name: string, pct: number, sector: string): HeldCompany => ({
  instrumentId: `id of ${name}`,
  name,
  ticker: null,
  isin: null,
  kind: 'security',
  region: 'US',
  sector,
  industry: 'Unclassified',
  country: 'United States',
  currency: 'USD',
  assetClass: 'Equity',
  pct,
  totalPct: pct,
  paths: [],
  pathCount: 1,
});

const byRegion: Cross = {
  by: ['region', 'sector'],
  cells: [
    cell('US', 'Energy', 30),
    cell('UK', 'Energy', 20),
    cell('US', 'Materials', 10),
    cell('Unclassified', 'Unclassified', 40),
  ],
};

test('the other side of one word', () => {
  expect(crossedWeights(byRegion, 'US')).toEqual({ Energy: 30, Materials: 10 });
  expect(crossedWeights(byRegion, 'Japan')).toEqual({});
});

describe('bars of companies', () => {
  const two = [company('Alpha', 5, 'Energy'), company('Beta', 3, 'Energy')];

  test('everything else makes up the whole that is looked at', () => {
    expect(companyBars(two, 30, 1, 'Others').map(({ name, percent }) => [name, percent])).toEqual([
      ['Alpha', 5],
      ['Others', 25],
    ]);
  });

  test('nothing else where they are all', () => {
    expect(companyBars(two, 8, 5, 'Others')).toHaveLength(2);
  });
});

describe('branches', () => {
  test('add up, largest first, what nothing is known about last', () => {
    const branches = crossedBranches(byRegion, 'sector');
    expect(branches.map(({ name, percent }) => [name, percent])).toEqual([
      ['US', 40],
      ['UK', 20],
      ['Unclassified', 40],
    ]);
    expect(branches[0]?.leaves.map(({ id }) => id)).toEqual(['Energy', 'Materials']);
  });

  test('what stands for several companies comes last and is none of them', () => {
    const cross: Cross = {
      by: ['sector', 'company'],
      cells: [cell('Energy', 'Other companies', 9), cell('Energy', 'Alpha', 5, 'id-1')],
    };
    const [energy] = crossedBranches(cross, 'company');
    expect(energy?.leaves.map((leaf) => [leaf.name, isRest(leaf)])).toEqual([
      ['Alpha', false],
      ['Other companies', true],
    ]);
  });

  test('companies fill their branch; the rest of it stays in sight', () => {
    const branches = filledBranches(
      { Energy: 10, Materials: 4 },
      [company('Alpha', 6, 'Energy'), company('Gamma', 1, 'Utilities')],
      'sector',
      'Others',
    );
    expect(branches.map(({ leaves }) => leaves.map(({ name, percent }) => [name, percent]))).toEqual([
      [
        ['Alpha', 6],
        ['Others', 4],
      ],
      [['Materials', 4]],
    ]);
  });
});

test('pairs for the table leave out what rounds to nothing', () => {
  const cross: Cross = {
    by: ['region', 'sector'],
    cells: [cell('US', 'Energy', -2), cell('US', 'Utilities', 0.001)],
  };
  expect(pairsOf(crossedBranches(cross, 'sector')).map(({ leaf }) => [leaf.name, leaf.percent])).toEqual([
    ['Energy', -2],
  ]);
});
