import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Closures } from './closure.ts';
import {
  fundVersion,
  type Attributes,
  type FundRow,
  type FundVersion,
  type GraphInstrument,
} from './graph.ts';

const SHARE: Attributes = {
  sector: 'Industrials',
  country: 'Japan',
  currency: 'JPY',
  assetClass: 'Equity',
  kind: 'security',
};
const FUND: Attributes = { sector: null, country: null, currency: null, assetClass: 'Fund', kind: 'fund' };

type Row = { readonly id: string; readonly weight: number };
const rowOf = ({ id, weight }: Row): FundRow => ({
  ...(id.startsWith('F') ? FUND : SHARE),
  childId: id,
  name: id,
  weightPct: String(weight),
  marketValue: null,
});
const graphOf = (funds: ReadonlyMap<string, readonly Row[]>) => {
  const instruments = new Map<string, GraphInstrument>();
  const versions = new Map<string, FundVersion>();
  for (const [id, rows] of funds) {
    instruments.set(id, { ...FUND, name: id });
    for (const row of rows) {
      instruments.set(row.id, { ...(row.id.startsWith('F') ? FUND : SHARE), name: row.id });
    }
    versions.set(
      id,
      fundVersion({ importId: `I${id}`, asOf: '2024-01-31', weightSumPct: 100 }, rows.map(rowOf)),
    );
  }
  return { funds: versions, instruments };
};

/** By the definition: each fund's rows, each fund among them by its own rows. */
const flat = (id: string, funds: ReadonlyMap<string, readonly Row[]>, share = 100): Map<string, number> => {
  const sums = new Map<string, number>();
  for (const row of funds.get(id) ?? []) {
    const pct = (share * row.weight) / 100;
    const inner = funds.has(row.id) ? flat(row.id, funds, pct) : new Map([[row.id, pct]]);
    for (const [one, part] of inner) sums.set(one, (sums.get(one) ?? 0) + part);
  }
  return sums;
};

const LEVELS = 5;
const WIDTH = 3;
const fundId = (level: number, n: number): string => `F${level}${n}`;

/** Funds on five levels; each holds shares and funds of the next level, in any weights. */
const levels = fc
  .array(
    fc.tuple(
      fc.uniqueArray(fc.nat(6), { maxLength: 5 }),
      fc.uniqueArray(fc.nat(WIDTH - 1), { maxLength: WIDTH }),
      fc.array(fc.integer({ min: -20, max: 60 }), { minLength: 8, maxLength: 8 }),
    ),
    { minLength: LEVELS * WIDTH, maxLength: LEVELS * WIDTH },
  )
  .map((made) => {
    const funds = new Map<string, readonly Row[]>();
    for (const [at, [shares, inside, weights]] of made.entries()) {
      const [level, n] = [Math.floor(at / WIDTH), at % WIDTH];
      const ids = [
        ...shares.map((one) => `S${one}`),
        ...(level + 1 < LEVELS ? inside.map((one) => fundId(level + 1, one)) : []),
      ];
      funds.set(
        fundId(level, n),
        ids.map((id, i) => ({ id, weight: weights[i] ?? 1 })),
      );
    }
    return funds;
  });

const leavesOf = (closures: Closures, id: string): Map<string, number> => {
  const closure = closures.of(id);
  const sums = new Map<string, number>();
  for (const [i, pct] of (closure?.leaves.pct ?? []).entries()) {
    const one = closures.numbering.instrumentIds[closure?.leaves.instrument[i] ?? 0] ?? '';
    sums.set(one, (sums.get(one) ?? 0) + pct);
  }
  return sums;
};

describe('a fund of funds', () => {
  it('is its parts to any depth, and so is every fund inside it', () => {
    fc.assert(
      fc.property(levels, (funds) => {
        const closures = new Closures(graphOf(funds), 'published');
        for (const id of funds.keys()) {
          const [got, expected] = [leavesOf(closures, id), flat(id, funds)];
          expect([...got.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
          for (const [one, pct] of expected) expect(got.get(one)).toBeCloseTo(pct, 6);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is the same when the closures of some funds inside are known already', () => {
    fc.assert(
      fc.property(levels, fc.integer({ min: 1, max: LEVELS - 1 }), (funds, level) => {
        const graph = graphOf(funds);
        const first = new Closures(graph, 'published');
        const known = new Map(
          [...funds.keys()]
            .filter((id) => Number(id[1]) >= level)
            .flatMap((id) => {
              const closure = first.of(id);
              return closure === null ? [] : [[id, closure] as const];
            }),
        );
        // What is known need not be there any more.
        const above = { ...graph, funds: new Map([...graph.funds].filter(([id]) => !known.has(id))) };
        const second = new Closures(above, 'published', { numbering: first.numbering, known });
        for (const id of funds.keys()) expect(leavesOf(second, id)).toEqual(leavesOf(first, id));
      }),
      { numRuns: 60 },
    );
  });
});
