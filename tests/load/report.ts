/** The table that a run prints. Contents: Result · machine · title · lineOf */
import { availableParallelism, cpus, loadavg } from 'node:os';

import type { Comparison, Spread, Unit } from './measure.ts';
import type { Target } from './row.ts';

/** A row with what came of it: a comparison, or why there is none. */
export type Result = {
  readonly name: string;
  readonly baseline: string;
  readonly target: Target | undefined;
  readonly notes: readonly string[];
  readonly seconds: number;
  readonly comparison?: Comparison;
  readonly failure?: string;
};

const WIDTHS = { name: 50, baseline: 37, figure: 25, ratio: 22 } as const;

/** What the figures were measured on. */
export const machine = (): string =>
  `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}, load ${(loadavg()[0] ?? 0).toFixed(1)}`;

const columns = (name: string, baseline: string, rest: readonly string[]): string => {
  const [ours = '', theirs = '', ratio = '', target = ''] = rest;
  return [
    name.padEnd(WIDTHS.name),
    baseline.padEnd(WIDTHS.baseline),
    ours.padStart(WIDTHS.figure),
    theirs.padStart(WIDTHS.figure),
    ratio.padStart(WIDTHS.ratio),
    `  ${target}`,
  ]
    .join(' ')
    .trimEnd();
};

/** The heading. */
export const title = (): string =>
  columns('ours', 'baseline', ['ours', 'baseline', 'ratio (min–max)', 'target']);

const figure = (value: number): string => {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
};

const spread = ({ median, min, max }: Spread, unit: Unit): string =>
  `${figure(median)}${unit === 'ms' ? ' ms' : '/s'} (${figure(min)}–${figure(max)})`;

const targetText = (target: Target | undefined, ratio: number): string => {
  if (target === undefined) return '–';
  const [text, isMet] =
    'atLeast' in target
      ? [`≥ ${figure(target.atLeast)}`, ratio >= target.atLeast]
      : [`≤ ${figure(target.atMost)}`, ratio <= target.atMost];
  return `${text} ${isMet ? 'met' : 'NOT MET'}`;
};

/** One line of the table, with its notes below. */
export const lineOf = ({ name, baseline, target, notes, comparison, failure }: Result): string => {
  if (comparison === undefined) {
    return `${columns(name, baseline, [])}\n    FAILED: ${failure ?? 'no reason'}`;
  }
  const { unit, ours, baseline: theirs, ratio } = comparison;
  const line = columns(name, baseline, [
    spread(ours, unit),
    spread(theirs, unit),
    `${figure(ratio.median)} (${figure(ratio.min)}–${figure(ratio.max)})`,
    targetText(target, ratio.median),
  ]);
  return [line, ...notes.map((note) => `    ${note}`)].join('\n');
};
