/** A share of the whole before and after something is bought, in per cent; the change is in percentage points. */
export type ShareChange = {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  readonly change: number;
};

type Weights = Readonly<Record<string, number>>;

/** Every name of either side, the largest afterwards first; what is not there counts as nothing. */
export const changesOf = (before: Weights | null, after: Weights): readonly ShareChange[] =>
  [...new Set([...Object.keys(after), ...Object.keys(before ?? {})])]
    .map((name) => {
      const [was, is] = [before?.[name] ?? 0, after[name] ?? 0];
      return { name, before: was, after: is, change: is - was };
    })
    .toSorted((one, other) => other.after - one.after || other.before - one.before);

type Portion = { readonly kind: 'held' | 'new' | 'other'; readonly percent: number };

/**
 * A candidate divided into what is held already, what is new, and what is not compared (cash, bonds, contracts, what is
 * not known). Shares sold short can make the compared part more than the whole; then there is no rest.
 */
export const portionsOf = (candidate: {
  readonly alreadyHeldPct: number;
  readonly newPct: number;
}): readonly Portion[] => {
  const { alreadyHeldPct: held, newPct } = candidate;
  const parts = [
    { kind: 'held', percent: held },
    { kind: 'new', percent: newPct },
    { kind: 'other', percent: Math.max(0, 100 - held - newPct) },
  ] as const;
  return parts.filter(({ percent }) => percent > 0.005);
};
