/** Less than this is rounding noise of floating-point sums. */
export const NOISE_PCT = 1e-9;

/** Compares shares for lists, the largest first: to nine places, so that no order of adding up changes a list. */
export const largerFirst = (a: number, b: number): number =>
  Math.round(b / NOISE_PCT) - Math.round(a / NOISE_PCT);
