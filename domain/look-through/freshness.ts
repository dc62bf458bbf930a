/** How often an issuer publishes what a fund holds. */
export type Cadence = 'daily' | 'weekly' | 'monthly' | 'quarterly';

/**
 * Days after which a list of holdings is older than it need be: the cadence, the days that issuers take to publish, and
 * weekends and holidays between.
 */
const DAYS_FRESH: Readonly<Record<Cadence, number>> = { daily: 5, weekly: 12, monthly: 45, quarterly: 120 };

/** Where nobody said how often: no fund publishes less often than each quarter. */
const SLOWEST: Cadence = 'quarterly';

export type Freshness = { readonly ageDays: number; readonly stale: boolean };

/** How old holdings are on a day, and whether a newer list should be there by then. */
export const freshnessOf = (
  asOf: Temporal.PlainDate,
  day: Temporal.PlainDate,
  cadence: Cadence | null,
): Freshness => {
  const ageDays = asOf.until(day, { largestUnit: 'day' }).days;
  return { ageDays, stale: ageDays > DAYS_FRESH[cadence ?? SLOWEST] };
};
