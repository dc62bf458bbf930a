import type { Closure } from './closure.ts';
import type { LookedThrough } from './looked-through.ts';

/** Ways through funds that are listed; the sums count all of them. */
export const MAX_CHAINS = 20_000;

/**
 * One way in which something is held. `via`: funds from the outermost to the innermost; empty when held directly.
 * `steps`: what is held of the outermost, in per cent of the whole, then each one's share of the one before; their
 * product is `pct`.
 */
export type ExposurePath = {
  readonly via: readonly string[];
  readonly pct: number;
  readonly steps: readonly number[];
};

/** Walks every chain of funds and notes how the wanted instruments are held, where `counts` takes the attributes. */
export const pathsOf = (
  { parts, closures }: LookedThrough,
  wanted: ReadonlySet<number>,
  counts: (attribute: number) => boolean = () => true,
): { readonly paths: ReadonlyMap<number, ExposurePath[]>; readonly cut: boolean } => {
  const found = new Map<number, ExposurePath[]>([...wanted].map((instrument) => [instrument, []]));
  const isWanted = new Uint8Array(closures.numbering.instrumentIds.length);
  for (const instrument of wanted) isWanted[instrument] = 1;
  let chains = 0;
  const walk = (
    closure: Closure,
    scale: number,
    above: readonly string[],
    before: readonly number[],
  ): void => {
    chains += 1;
    if (chains > MAX_CHAINS) return;
    const via = [...above, closure.fundId];
    const { instrument, attribute, pct } = closure.own;
    for (let i = 0; i < pct.length; i += 1) {
      const at = instrument[i] ?? 0;
      if (isWanted[at] !== 1 || !counts(attribute[i] ?? 0)) continue;
      const own = pct[i] ?? 0;
      found.get(at)?.push({ via, pct: (scale * own) / 100, steps: [...before, own] });
    }
    for (const inside of closure.nested) {
      walk(inside.closure, (scale * inside.pct) / 100, via, [...before, inside.pct]);
    }
  };
  for (const part of parts) {
    if (part.closure !== null) walk(part.closure, part.pct, [], [part.pct]);
    else if (counts(part.attribute)) {
      found.get(part.instrument)?.push({ via: [], pct: part.pct, steps: [part.pct] });
    }
  }
  return {
    paths: new Map([...found].map(([instrument, paths]) => [instrument, mergedPaths(paths)])),
    cut: chains > MAX_CHAINS,
  };
};

/** Adds up ways that are the same (a fund's row under two sets of attributes), the largest first. */
const mergedPaths = (paths: readonly ExposurePath[]): ExposurePath[] => {
  const byWay = new Map<string, ExposurePath>();
  for (const path of paths) {
    const key = path.via.join(' ');
    const before = byWay.get(key);
    byWay.set(key, before === undefined ? path : joined(before, path));
  }
  return [...byWay]
    .toSorted(([a, one], [b, other]) => other.pct - one.pct || (a < b ? -1 : 1))
    .map(([, path]) => path);
};

const joined = (one: ExposurePath, other: ExposurePath): ExposurePath => ({
  via: one.via,
  pct: one.pct + other.pct,
  steps: one.steps.with(-1, (one.steps.at(-1) ?? 0) + (other.steps.at(-1) ?? 0)),
});
