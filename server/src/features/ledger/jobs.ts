/** Jobs of the ledger. */
import Type from 'typebox';

import { defineJob } from '#platform/jobs/index.ts';

import { purgeDeleted } from './deletions.ts';
import { proposeDue } from './plans.ts';

/** Nightly, when few people are there; a missed night is made up for. */
const SCHEDULE = { match: '10 4 * * *', catchUpHours: 24 };

/** Purges what was deleted more than 30 days ago. */
export const purgeDeletedJob = defineJob({
  name: 'ledger.purge-deleted',
  schema: Type.Object({}, { additionalProperties: false }),
  cron: SCHEDULE,
  run: async ({ db, log, clock }) => {
    log.info(await purgeDeleted(db, clock.now()), 'Purged what was deleted');
  },
});

/** Every hour, because a day begins at another hour for each person; a missed one is made up for. */
const PLANS_SCHEDULE = { match: '5 * * * *', catchUpHours: 24 };

/** Proposes what recurring plans are due for. */
export const proposePlansJob = defineJob({
  name: 'ledger.propose-plans',
  schema: Type.Object({}, { additionalProperties: false }),
  cron: PLANS_SCHEDULE,
  run: async ({ db, log, clock }) => {
    log.info(await proposeDue(db, clock.now()), 'Proposed what recurring plans are due for');
  },
});
