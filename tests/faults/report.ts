/**
 * What a run says: a line for each round, and the figures of all.
 *
 * Contents: roundLine · problemLines · summary
 */
import type { RoundPlan } from './plan.ts';
import type { Measure, RoundResult } from './rounds.ts';
import type { Product } from './product.ts';

const KIND_WIDTH = 19;
const PROBLEMS_SHOWN = 12;
const LINES_SHOWN = 15;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

/** One line: what was killed when, what was asked and answered, what was lost, how long the product took. */
export const roundLine = (plan: RoundPlan, { hits, tally, measures, problems }: RoundResult): string => {
  const words = [`${String(plan.number).padStart(3)}  ${plan.kind.padEnd(KIND_WIDTH)} ${hits.join('; ')}`];
  if (tally !== undefined) {
    words.push(
      `${tally.acknowledged} acknowledged, ${tally.unanswered} unanswered (${tally.done} of them done), ${tally.lost} lost`,
    );
  }
  words.push(...measures.map(({ what, ms }) => `${what} ${seconds(ms)}`));
  return `${words.join(' | ')}${problems.length === 0 ? '' : ' | FAILED'}`;
};

/** What was wrong, and the last words of the product. */
export const problemLines = (problems: readonly string[], product: Product | undefined): string => {
  const shown = problems.slice(0, PROBLEMS_SHOWN).map((problem) => `     ✗ ${problem}`);
  const more = problems.length - shown.length;
  if (more > 0) shown.push(`     ✗ and ${more} more`);
  const said = product?.lines.slice(-LINES_SHOWN).map((line) => `     │ ${line}`) ?? [];
  return [...shown, ...said].join('\n');
};

/** The figures of a run. */
export const summary = (
  results: readonly { readonly plan: RoundPlan; readonly result: RoundResult }[],
  elapsedMs: number,
): string => {
  const tallies = results.flatMap(({ result }) => result.tally ?? []);
  const total = (count: (tally: (typeof tallies)[number]) => number): number =>
    tallies.reduce((sum, tally) => sum + count(tally), 0);
  const last = results.findLast(
    ({ plan, result }) => plan.kind !== 'first-start' && result.tally !== undefined,
  );
  const lines = [
    `${results.length} rounds in ${seconds(elapsedMs)}`,
    `  acknowledged  ${total((one) => one.acknowledged)} writes; ${total((one) => one.lost)} lost, doubled or altered`,
    `  unanswered    ${total((one) => one.unanswered)} writes, ${total((one) => one.done)} of them done; all were sent again`,
    `  sent again    ${total((one) => one.repeated)} acknowledged writes, for their first answer`,
    `  pm verify     ${last?.result.tally?.holdings ?? 0} holdings and ${last?.result.tally?.trades ?? 0} trades in the end`,
  ];
  for (const what of ['start', 'first start', 'mended by itself', 'stop'] as const) {
    const line = spread(results, what);
    if (line !== undefined) lines.push(`  ${what.padEnd(13)} ${line}`);
  }
  return lines.join('\n');
};

const spread = (
  results: readonly { readonly plan: RoundPlan; readonly result: RoundResult }[],
  what: Measure['what'],
): string | undefined => {
  const found = results
    .flatMap(({ plan, result }) =>
      result.measures.filter((one) => one.what === what).map(({ ms }) => ({ ms, plan })),
    )
    .toSorted((a, b) => a.ms - b.ms);
  const longest = found.at(-1);
  const middle = found[Math.floor((found.length - 1) / 2)];
  if (longest === undefined || middle === undefined) return undefined;
  const { number, kind } = longest.plan;
  return `${found.length} times, median ${seconds(middle.ms)}, longest ${seconds(longest.ms)} (round ${number}, ${kind})`;
};
