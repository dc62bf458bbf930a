// Random histories of one holding from a seed: the same seed gives the same history on every machine.

import type { Fraction } from './fraction.ts';
import { Fraction as F } from './fraction.ts';
import type { Position, Trade, TradeType } from './ledger.ts';
import { NOTHING, replay } from './ledger.ts';

/** One thing that a person does to a history, and what must come of it. */
export interface Step {
  action: 'record' | 'change' | 'remove';
  trade: Trade;
  outcome: 'accepted' | 'refused';
  /** The position after the step; unchanged by a refused one. */
  after: Position;
}

export interface HistoryOptions {
  seed: number;
  steps: number;
  /** Day of the first possible trade; the others follow within `days`. */
  from?: string;
  days?: number;
  splits?: boolean;
  foreign?: boolean;
}

/** A small generator of pseudo-random whole numbers (Park–Miller), from 0 up to but without `below`. */
export function random(seed: number): (below: number) => number {
  let state = (seed % 2_147_483_646) + 1;
  return (below) => {
    for (let i = 0; i < 2; i++) state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

type Dice = ReturnType<typeof random>;

/** A decimal text with a random number of places, at least one unit of the last of them. */
function decimal(dice: Dice, wholeBelow: number, placesMax: number): string {
  const places = dice(placesMax + 1);
  const digits = Array.from({ length: places }, () => String(dice(10))).join('');
  const whole = dice(wholeBelow);
  if (places === 0) return String(whole + 1);
  return /^0*$/.test(`${whole}${digits}`) ? `0.${'0'.repeat(places - 1)}1` : `${whole}.${digits}`;
}

const SPLITS = [
  [2, 1],
  [3, 1],
  [5, 2],
  [1, 10],
  [10, 1],
  [1, 2],
] as const;

/** What a sale takes: sometimes the whole, sometimes a part, now and then more than there is. */
function saleQty(dice: Dice, held: Fraction): string {
  const roll = dice(10);
  const exact = held.toDecimal(18);
  const whole = F.of(exact).compare(held) === 0;
  if (roll < 3 && whole && !held.isZero()) return exact;
  if (roll < 9 && !held.isZero()) {
    const part = held.times(new F(BigInt(dice(98) + 1), 100n)).round(6);
    return part.isZero() ? '0.000001' : part.toDecimal(6);
  }
  return held
    .plus(F.of(decimal(dice, 100, 4)))
    .round(10)
    .toDecimal(10);
}

function someTrade(dice: Dice, seq: number, held: Fraction, options: Required<HistoryOptions>): Trade {
  const types: TradeType[] = [
    'buy',
    'buy',
    'buy',
    'sell',
    'sell',
    'dividend',
    ...(options.splits ? (['split'] as const) : []),
  ];
  const type = seq === 1 ? (dice(4) === 0 ? 'opening' : 'buy') : (types[dice(types.length)] ?? 'buy');
  const date = Temporal.PlainDate.from(options.from)
    .add({ days: dice(options.days) })
    .toString();
  if (type === 'split') {
    const [splitTo, splitFrom] = SPLITS[dice(SPLITS.length)] ?? SPLITS[0];
    return { seq, type, date, qty: '0', price: '0', splitTo, splitFrom };
  }
  return {
    seq,
    type,
    date,
    qty: type === 'sell' ? saleQty(dice, held) : decimal(dice, 5000, 6),
    price: decimal(dice, 900, 4),
    ...(dice(2) === 0 ? { fees: decimal(dice, 20, 2) } : {}),
    ...(options.foreign ? { fxRate: decimal(dice, 3, 8) } : {}),
    ...(dice(4) === 0 ? { quoteUnit: 'GBX' } : {}),
  };
}

/**
 * A history in the order in which a person enters it: days go back and forth, some trades are changed or removed
 * later, and some attempts oversell and must be refused, leaving everything as it was.
 */
export function randomHistory(options: HistoryOptions): Step[] {
  const all: Required<HistoryOptions> = {
    from: '2020-01-01',
    days: 1500,
    splits: true,
    foreign: true,
    ...options,
  };
  const dice = random(all.seed);
  let trades: Trade[] = [];
  let position = NOTHING;
  const steps: Step[] = [];
  for (let seq = 1; seq <= all.steps; seq++) {
    const roll = trades.length > 2 ? dice(10) : 9;
    const target = trades[dice(Math.max(trades.length, 1))];
    const fresh = someTrade(dice, seq, position.qty, all);
    const action = target === undefined || roll > 1 ? 'record' : roll === 0 ? 'remove' : 'change';
    const trade =
      action === 'record' || target === undefined
        ? fresh
        : action === 'remove'
          ? target
          : { ...fresh, seq: target.seq };
    const others = trades.filter((one) => one.seq !== trade.seq);
    const wanted = action === 'remove' ? others : [...others, trade];
    const result = replay(wanted);
    if (result.ok) {
      trades = wanted;
      position = result.position;
    }
    steps.push({ action, trade, outcome: result.ok ? 'accepted' : 'refused', after: position });
  }
  return steps;
}
