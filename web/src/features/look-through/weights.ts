/** One name with its share. */
export type Weight = { readonly name: string; readonly percent: number };

const LAST = 'Unclassified';

/** Shares largest first; what nothing is known about comes last, whatever its size. Nothing that rounds to zero. */
export const ranked = (weights: Readonly<Record<string, number>>): Weight[] =>
  Object.entries(weights)
    .map(([name, percent]) => ({ name, percent }))
    .filter(({ percent }) => Math.abs(percent) >= 0.005)
    .toSorted((one, other) =>
      one.name === LAST ? 1 : other.name === LAST ? -1 : other.percent - one.percent,
    );

/** The largest `count` shares and the rest as one. */
export const largest = (weights: Readonly<Record<string, number>>, count: number, rest: string): Weight[] => {
  const all = ranked(weights);
  if (all.length <= count + 1) return all;
  const others = all.slice(count);
  return [
    ...all.slice(0, count),
    { name: rest, percent: others.reduce((sum, { percent }) => sum + percent, 0) },
  ];
};
