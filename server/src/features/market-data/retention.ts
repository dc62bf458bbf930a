/**
 * What becomes of prices with the years: months are made ahead, quotes of a day are thinned to its last one, and whole months
 * can be taken out of the table and put back.
 *
 * Contents: tidyPrices · movePrices
 */
import { dayIn } from '@pm/domain/calendar';

import { withWorker } from '#platform/database/index.ts';
import type { Db } from '#platform/database/index.ts';

import * as queries from './retention-queries.ts';

/** Months made ahead, besides the present one. */
const MONTHS_AHEAD = 2;
/** A nightly run looks so many days back from where thinning begins; `everything` looks at all. */
const LOOK_BACK_DAYS = 35;
/** One transaction thins so many days. */
const DAYS_AT_ONCE = 7;

export type Tidied = { readonly months: number; readonly thinned: number };

/**
 * Makes the coming months, and thins what is older than `intradayDays` (0: nothing is thinned).
 * @param everything looks at all months instead of the last weeks, for prices that were imported later
 */
export const tidyPrices = async (
  db: Db,
  now: Temporal.Instant,
  { intradayDays, everything = false }: { readonly intradayDays: number; readonly everything?: boolean },
  signal?: AbortSignal,
): Promise<Tidied> => {
  const today = dayIn(now, 'UTC');
  const months = await withWorker(db, async (tx) =>
    queries.makePartitions(tx, today, today.add({ months: MONTHS_AHEAD })),
  );
  if (intradayDays === 0) return { months, thinned: 0 };
  const until = today.subtract({ days: intradayDays });
  const first = everything
    ? await withWorker(db, async (tx) => queries.firstPriceMonth(tx))
    : until.subtract({ days: LOOK_BACK_DAYS });
  let thinned = 0;
  for (let from = first ?? until; Temporal.PlainDate.compare(from, until) < 0;) {
    signal?.throwIfAborted();
    const next = from.add({ days: DAYS_AT_ONCE });
    const end = Temporal.PlainDate.compare(next, until) < 0 ? next : until;
    const start = from;
    thinned += await withWorker(db, async (tx) => queries.thinPrices(tx, start, end));
    from = end;
  }
  return { months, thinned };
};

/** Takes a month out of the table of prices, or puts it back. @returns false when there is none */
export const movePrices = async (
  db: Db,
  act: 'detach' | 'attach',
  month: Temporal.PlainDate,
): Promise<boolean> => withWorker(db, async (tx) => queries.movePartition(tx, act, month));
