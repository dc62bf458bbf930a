import type { Closure } from './closure.ts';
import { forWanted } from './leaves.ts';
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
  /** The import that each of these was looked into by. */
  readonly imports: readonly string[];
  /** Which of those who see a part of the whole sees this way. */
  readonly seen: number;
  readonly pct: number;
  readonly steps: readonly number[];
};

/**
 * Walks every chain of funds and notes how instruments are held, by their numbers, where `counts` takes the attributes.
 * What a fund holds is in order of the instruments, so that each is found without looking at the others.
 */
export const pathsOf = (
  { parts }: LookedThrough,
  instruments: readonly number[],
  counts: (attribute: number) => boolean = () => true,
): { readonly paths: ReadonlyMap<number, readonly ExposurePath[]>; readonly cut: boolean } => {
  const found = new Map<number, Way[]>(instruments.map((instrument) => [instrument, []]));
  const wanted = Uint32Array.from(instruments).toSorted();
  let chains = 0;
  const walk = (
    closure: Closure,
    scale: number,
    above: Pick<ExposurePath, 'via' | 'imports' | 'seen'>,
    before: readonly number[],
  ): void => {
    chains += 1;
    if (chains > MAX_CHAINS) return;
    const via = [...above.via, closure.fundId];
    const imports = [...above.imports, closure.version.importId];
    // One fund may be seen by two persons in two ways: those are two ways to what is in it.
    const { seen } = above;
    const key = [seen, ...via].join(' ');
    const { attribute, pct } = closure.own;
    forWanted(closure.own, wanted, (at, instrument) => {
      if (!counts(attribute[at] ?? 0)) return;
      const own = pct[at] ?? 0;
      found
        .get(instrument)
        ?.push({ key, path: { via, imports, seen, pct: (scale * own) / 100, steps: [...before, own] } });
    });
    for (const inside of closure.nested) {
      walk(inside.closure, (scale * inside.pct) / 100, { via, imports, seen }, [...before, inside.pct]);
    }
  };
  for (const part of instruments.length === 0 ? [] : parts) {
    if (part.closure !== null) walk(part.closure, part.pct, { ...DIRECT, seen: part.seen }, [part.pct]);
    else if (counts(part.attribute)) {
      found.get(part.instrument)?.push({
        key: String(part.seen),
        path: { ...DIRECT, seen: part.seen, pct: part.pct, steps: [part.pct] },
      });
    }
  }
  return {
    paths: new Map([...found].map(([instrument, paths]) => [instrument, mergedPaths(paths)])),
    cut: chains > MAX_CHAINS,
  };
};

/** A path with text that tells its funds. */
type Way = { readonly key: string; readonly path: ExposurePath };

/** Adds up ways that are the same (a fund's row under two sets of attributes), the largest first. */
const mergedPaths = (ways: readonly Way[]): ExposurePath[] => {
  const byKey = new Map<string, ExposurePath>();
  for (const { key, path } of ways) {
    const before = byKey.get(key);
    byKey.set(key, before === undefined ? path : joined(before, path));
  }
  return [...byKey]
    .toSorted(([a, one], [b, other]) => other.pct - one.pct || (a < b ? -1 : 1))
    .map(([, path]) => path);
};

const DIRECT = { via: [], imports: [] } as const;

const joined = (one: ExposurePath, other: ExposurePath): ExposurePath => ({
  via: one.via,
  imports: one.imports,
  seen: one.seen,
  pct: one.pct + other.pct,
  steps: one.steps.with(-1, (one.steps.at(-1) ?? 0) + (other.steps.at(-1) ?? 0)),
});
