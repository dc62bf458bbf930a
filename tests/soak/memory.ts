/**
 * Whether memory stays flat: samples of a process, and what they say once it has warmed up.
 *
 * Contents: MemorySamples · growthOf
 */

type Sample = { readonly atMs: number; readonly mb: number };

/** Samples of one process from its start on. */
export type MemorySamples = readonly Sample[];

/** What is still loaded, compiled and cached at first is no leak. */
const WARM_UP_PART = 0.4;
/** Fewer samples after the warm-up say nothing. */
const SAMPLES_MIN = 40;
const PARTS = 4;
/** Growth that is one: over this many MB and this part of what it was. */
const GROWTH_MB = 40;
const GROWTH_PART = 0.15;

/**
 * Compares what a process held shortly after its warm-up with what it holds in the end: medians of the first and the last
 * quarter of the time since then, so that a collection just before or after a sample counts for nothing.
 * @returns null when there are too few samples to say
 */
export const growthOf = (
  samples: MemorySamples,
): { readonly fromMb: number; readonly toMb: number; readonly isFlat: boolean } | null => {
  const warm = samples.slice(Math.floor(samples.length * WARM_UP_PART));
  if (warm.length < SAMPLES_MIN) return null;
  const size = Math.floor(warm.length / PARTS);
  const [fromMb, toMb] = [median(warm.slice(0, size)), median(warm.slice(-size))];
  const isFlat = toMb - fromMb <= GROWTH_MB || toMb <= fromMb * (1 + GROWTH_PART);
  return { fromMb, toMb, isFlat };
};

const median = (samples: MemorySamples): number => {
  const sorted = samples.map(({ mb }) => mb).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
};
