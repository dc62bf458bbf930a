/** Jobs of valuation. */
import Type from 'typebox';

import { withWorker } from '#platform/database/index.ts';
import { defineJob } from '#platform/jobs/index.ts';

import { duePortfolios, refreshPortfolio, refreshSummaries } from './snapshots.ts';
import type { DuePortfolio } from './snapshots.ts';

/**
 * Every minute it looks whose snapshots are behind: of everybody after their midnight, of others after something in their
 * past changed. Several changes within a minute are computed once; requests do not wait for it, they reckon what is
 * not kept themselves.
 */
const SCHEDULE = { match: '* * * * *' };
const TIMEOUT_MS = 30 * 60_000;
/** Portfolios that are looked for at once. */
const BATCH = 50;

/** Keeps the snapshots of all portfolios. */
export const keepSnapshotsJob = defineJob({
  name: 'valuation.keep-snapshots',
  schema: Type.Object({}, { additionalProperties: false }),
  cron: SCHEDULE,
  timeoutMs: TIMEOUT_MS,
  run: async ({ db, log, clock, helpers }) => {
    let after: string | null = null;
    let [portfolios, days] = [0, 0];
    while (!helpers.signal.aborted) {
      const last: string | null = after;
      const due: readonly DuePortfolio[] = await withWorker(db, async (tx) =>
        duePortfolios(tx, clock.now(), last, BATCH),
      );
      for (const one of due) {
        if (helpers.signal.aborted) break;
        days += await withWorker(db, async (tx) => refreshPortfolio(tx, one), {
          isolationLevel: 'repeatable read',
        });
        portfolios += 1;
        after = one.id;
      }
      if (due.length < BATCH) break;
      log.info({ portfolios, days }, 'Keeping snapshots');
    }
    if (portfolios > 0) log.info({ portfolios, days }, 'Snapshots are up to date');
  },
});

/** Lists and operators see all portfolios' values at most this old; one portfolio's own summary is always live. */
const SUMMARIES_SCHEDULE = { match: '*/5 * * * *' };
const SUMMARIES_TIMEOUT_MS = 5 * 60_000;

/** Refreshes the values of all portfolios beside their readers, so that nobody waits for it. */
export const refreshSummariesJob = defineJob({
  name: 'valuation.refresh-summaries',
  schema: Type.Object({}, { additionalProperties: false }),
  cron: SUMMARIES_SCHEDULE,
  timeoutMs: SUMMARIES_TIMEOUT_MS,
  run: async ({ db }) => withWorker(db, refreshSummaries),
});
