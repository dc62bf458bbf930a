/** What could have been meant by a field or parameter that is not known: the closest name, or all there are. */

/** Most names told in one refusal; a place with more has them in the API's description. */
const NAMES_TOLD_MAX = 12;

/**
 * The way out for somebody who sent an unknown name, as an aside.
 * @param sent the unknown name
 * @param known the names of that place, in the contract's order
 */
export const wayOut = (sent: string, known: readonly string[]): string => {
  if (known.length === 0) return 'nothing can be given here';
  const meant = closest(sent, known);
  if (meant !== undefined) return `did you mean ${meant}?`;
  const told = known.slice(0, NAMES_TOLD_MAX);
  const more = known.length - told.length;
  return `known here: ${told.join(', ')}${more === 0 ? '' : ` and ${more} more, see /api/docs`}`;
};

/** A slip of the keyboard in up to a third of a name, another way to write it, or a beginning: `curr`, `avg_cost`. */
const closest = (sent: string, known: readonly string[]): string | undefined => {
  const plain = plainly(sent);
  if (plain === '' || plain.length > LENGTH_COMPARED_MAX) return undefined;
  const ranked = known
    .map((name) => ({ name, slips: slipsBetween(plain, plainly(name)) }))
    .toSorted((a, b) => a.slips - b.slips);
  const best = ranked[0];
  if (best === undefined) return undefined;
  if (best.slips <= Math.min(SLIPS_MAX, Math.floor(plain.length / 3))) return best.name;
  const begun = known.filter((name) => plain.length >= BEGINNING_MIN && plainly(name).startsWith(plain));
  return begun.length === 1 ? begun[0] : undefined;
};

const SLIPS_MAX = 2;
const BEGINNING_MIN = 3;
/** Longer than any name of ours: what was sent may be a megabyte. */
const LENGTH_COMPARED_MAX = 60;

/** `avg_cost`, `AvgCost` and `avg-cost` are one name. */
const plainly = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/gu, '');

/** Levenshtein's distance: the fewest letters to add, drop or replace. */
const slipsBetween = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const replaced = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};
