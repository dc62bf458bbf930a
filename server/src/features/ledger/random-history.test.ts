/**
 * Random histories, recorded through the API as a person would – back and forth in time, corrected, deleted, now and
 * then selling what is not there – and judged after each step by the oracle, which replays everything in fractions.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Fraction } from '../../../../tests/oracles/fraction.ts';
import { randomHistory } from '../../../../tests/oracles/history.ts';
import type { Step } from '../../../../tests/oracles/history.ts';
import { replay } from '../../../../tests/oracles/ledger.ts';
import type { Trade } from '../../../../tests/oracles/ledger.ts';
import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { verifyLedger } from '../../entry/commands/verify.ts';

const STEPS = 40;
/** Each step rounds once, half a unit of the eighteenth place at most; sales only make an error smaller. */
const UNIT = Fraction.of('0.000000000000000001');

let app: TestApp;
let anna: TestPerson;
let portfolioId: string;

beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
  portfolioId = (await anna.expect(201, 'POST /api/portfolios', { body: { name: 'Ours' } })).id;
});
afterAll(async () => app.close());

const OPENING = { qty: '7.000000000000000003', avgCost: '3.21', date: '2021-02-03' };

/** A holding with its trades as the oracle sees them; `ids` by the order of recording. */
type History = {
  readonly id: string;
  readonly ids: Map<number, string>;
  trades: readonly Trade[];
  next: number;
};

const begin = async (seed: number, isForeign: boolean): Promise<History> => {
  const { id: instrumentId } = await anna.expect(201, 'POST /api/instruments', {
    body: {
      type: 'ETF',
      name: `Random ${seed}`,
      ticker: `RND${seed}`,
      currency: isForeign ? 'USD' : 'GBP',
    },
  });
  const opening = seed % 2 === 0 ? OPENING : {};
  const { id } = await anna.expect(201, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
    body: { instrumentId, section: 'Core', theme: 'Bonds', account: 'ISA', ...opening },
  });
  const { qty, avgCost: price, date } = OPENING;
  const trades: Trade[] = seed % 2 === 0 ? [{ seq: 0, type: 'opening', date, qty, price }] : [];
  return { id, ids: new Map(), trades, next: 1 };
};

/** What the API takes of a trade of the oracle's: dividends are bought again, and dollars have no pence. */
const taken = (trade: Trade, isForeign: boolean): Trade & { readonly type: 'buy' | 'sell' } => {
  const { quoteUnit, ...rest } = trade;
  const unit = isForeign || quoteUnit === undefined ? {} : { quoteUnit };
  return { ...rest, ...unit, type: trade.type === 'sell' ? 'sell' : 'buy' };
};

const fieldsOf = ({ date, price, qty, fees = '0', fxRate, quoteUnit }: Trade) => ({
  date,
  price,
  qty,
  fees,
  quoteUnit: quoteUnit ?? (fxRate === undefined ? 'GBP' : 'USD'),
  ...(fxRate === undefined ? {} : { fxRate }),
});

/** Does a step, and answers the trades that there should be if it is accepted, and whether it was. */
const apply = async (history: History, step: Step, isForeign: boolean) => {
  const fresh = taken(step.trade, isForeign);
  // One of those that are there, as the history chose one of its own.
  const living = [...history.ids.keys()];
  const seq = living[fresh.seq % Math.max(living.length, 1)] ?? 0;
  const known = history.ids.get(seq);
  const before = history.trades.find((trade) => trade.seq === seq);
  const others = history.trades.filter((trade) => trade.seq !== seq);
  if (step.action === 'remove' && known !== undefined) {
    const answer = await anna.call('DELETE /api/trades/:id', { params: { id: known } });
    if (answer.statusCode === 200) history.ids.delete(seq);
    return { wanted: others, answer };
  }
  if (step.action === 'change' && known !== undefined && before !== undefined) {
    // A correction keeps the type.
    const changed = { ...fresh, seq, type: before.type };
    const body = fieldsOf(changed);
    const answer = await anna.call('PATCH /api/trades/:id', { params: { id: known }, body });
    return { wanted: [...others, changed], answer };
  }
  const added = { ...fresh, seq: history.next };
  const body = { type: fresh.type, ...fieldsOf(fresh) };
  const answer = await anna.call('POST /api/holdings/:id/trades', { params: { id: history.id }, body });
  if (answer.statusCode === 201) history.ids.set(added.seq, answer.json<{ id: string }>().id);
  history.next += 1;
  return { wanted: [...history.trades, added], answer };
};

const check = async (history: History): Promise<void> => {
  const expected = replay(history.trades);
  if (!expected.ok) throw new Error('the oracle refuses what it accepted');
  const read = await anna.expect(200, 'GET /api/holdings/:id', { params: { id: history.id } });
  const { qty, costBasis } = expected.position;
  expect(Fraction.of(read.qty).compare(qty)).toBe(0);
  const off = Fraction.of(read.costBasis).minus(costBasis);
  const bound = UNIT.times(Fraction.of(String(history.trades.length)));
  expect([off.compare(bound) <= 0, off.plus(bound).compare(Fraction.of('0')) >= 0]).toEqual([true, true]);
};

const outcomes = new Set<number>();

describe.each([1, 2, 3, 4, 5, 6])('history %i', (seed) => {
  it('is what the oracle says after every step', async () => {
    const isForeign = seed > 3;
    const history = await begin(seed, isForeign);
    for (const step of randomHistory({ seed, steps: STEPS, splits: false, foreign: isForeign })) {
      const { wanted, answer } = await apply(history, step, isForeign);
      const verdict = replay(wanted);
      outcomes.add(answer.statusCode);
      expect([answer.statusCode < 300, answer.payload]).toEqual([verdict.ok, answer.payload]);
      const { code } = answer.json<{ code?: string }>();
      expect(code).toBe(verdict.ok ? undefined : 'oversold');
      if (verdict.ok) history.trades = wanted;
      await check(history);
    }
  });
});

it('all of them are their trades replayed', async () => {
  const { holdings, differences } = await verifyLedger(app.database);
  expect([holdings, differences]).toEqual([6, []]);
  // They did sell too much, and they did correct or delete.
  expect(outcomes).toEqual(new Set([200, 201, 422]));
});
