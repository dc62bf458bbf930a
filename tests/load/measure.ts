/**
 * Two ways of doing the same work, measured in turn (A B A B …) on one machine in one run.
 *
 * Contents: Spread · Comparison · Pace · interleave · spreadOf
 */

/** Median with the least and the most that was seen. */
export type Spread = { readonly median: number; readonly min: number; readonly max: number };

/** What is measured: a rate, of which more is better, or a time, of which less is. */
export type Unit = 'per second' | 'ms';

/** Both sides, and ours divided by the baseline pair by pair, so that a slow spell of the machine hits both. */
export type Comparison = {
  readonly unit: Unit;
  readonly ours: Spread;
  readonly baseline: Spread;
  readonly ratio: Spread;
  readonly rounds: number;
};

/** How long a row may measure. A slow machine ends a row by its time, but never before the least number of rounds. */
export type Pace = {
  readonly warmUps: number;
  readonly rounds: number;
  readonly roundsMin: number;
  readonly rowMs: number;
  readonly signal: AbortSignal;
};

type Sides = {
  /** One measurement of ours; `round` counts from 0, warm-ups included. */
  readonly ours: (round: number) => Promise<number>;
  /** The same work done by the baseline, right after. */
  readonly baseline: (round: number) => Promise<number>;
};

/** Measures both sides in turn. @throws whatever a side throws; the reason of `signal` when the run was interrupted */
export const interleave = async (unit: Unit, pace: Pace, sides: Sides): Promise<Comparison> => {
  const ours: number[] = [];
  const baseline: number[] = [];
  const began = performance.now();
  for (let round = 0; round < pace.warmUps + pace.rounds; round += 1) {
    pace.signal.throwIfAborted();
    const isLate = performance.now() - began > pace.rowMs;
    if (isLate && ours.length >= pace.roundsMin) break;
    const a = await sides.ours(round);
    const b = await sides.baseline(round);
    if (round < pace.warmUps) continue;
    ours.push(a);
    baseline.push(b);
  }
  const ratios = ours.map((value, index) => value / (baseline[index] ?? Number.NaN));
  return {
    unit,
    ours: spreadOf(ours),
    baseline: spreadOf(baseline),
    ratio: spreadOf(ratios),
    rounds: ours.length,
  };
};

/** Median, least and most. @throws {RangeError} for no values */
export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [min, max, upper, lower] = [sorted[0], sorted.at(-1), sorted[middle], sorted[middle - 1]];
  if (min === undefined || max === undefined || upper === undefined) {
    throw new RangeError('Nothing was measured.');
  }
  const median = sorted.length % 2 === 1 || lower === undefined ? upper : (lower + upper) / 2;
  return { median, min, max };
};
