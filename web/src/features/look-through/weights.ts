/** One name with its share. */
export type Weight = {
  readonly name: string;
  readonly percent: number;
  /** Several names together, which have no colour of their own. */
  readonly rest?: boolean;
};

const LAST = 'Unclassified';

/** Shares largest first; what nothing is known about comes last, whatever its size. Nothing that rounds to zero. */
export const ranked = (weights: Readonly<Record<string, number>>): Weight[] =>
  Object.entries(weights)
    .map(([name, percent]) => ({ name, percent }))
    .filter(({ percent }) => Math.abs(percent) >= 0.005)
    .toSorted((one, other) =>
      one.name === LAST ? 1 : other.name === LAST ? -1 : other.percent - one.percent,
    );

/** The largest `count` shares, the rest as one, and at the end what nothing is known about. */
export const largest = (weights: Readonly<Record<string, number>>, count: number, rest: string): Weight[] => {
  const all = ranked(weights);
  if (all.length <= count + 1) return all;
  const named = all.filter(({ name }) => name !== LAST);
  const others = named.slice(count);
  const percent = others.reduce((sum, other) => sum + other.percent, 0);
  return [
    ...named.slice(0, count),
    { name: rest, percent, rest: true },
    ...all.filter(({ name }) => name === LAST),
  ];
};
