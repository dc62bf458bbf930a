/**
 * The jobs that a request may ask for.
 *
 * The database refuses every other name, so that a request role that was taken over cannot start just anything.
 * Jobs that only run on a schedule are not listed. Each name is `<feature>.<what-it-does>`.
 */
export const ENQUEUEABLE_JOBS = [
  'imports.record-statement',
  'look-through.import-constituents',
  'look-through.refresh-funds',
  'market-data.fetch-ecb-rates',
  'market-data.import-prices',
  'privacy.erase-leavers',
] as const;

/** A job that a request may ask for. */
export type EnqueueableJob = (typeof ENQUEUEABLE_JOBS)[number];
