/** Jobs of the ledger. */
import Type from 'typebox';

import { defineJob } from '#platform/jobs/index.ts';

import { purgeDeleted } from './deletions.ts';

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
