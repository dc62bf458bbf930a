/** Where each step of the map's scale begins, in percent: shares of countries spread over orders of magnitude. */
export const STEPS = [0, 0.5, 1, 2.5, 5, 20] as const;

/** The step of a share; −1 for one below zero. */
export const stepOf = (percent: number): number => STEPS.findLastIndex((from) => percent >= from);

/** A step in words: its bounds, as `write` writes them. */
export const stepWords = (step: number, write: (percent: number) => string): string => {
  const [from, to] = [STEPS[step] ?? 0, STEPS[step + 1]];
  if (to === undefined) return `≥ ${write(from)}`;
  return from === 0 ? `< ${write(to)}` : `${String(from)}–${write(to)}`;
};
