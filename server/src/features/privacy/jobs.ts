/** Jobs of privacy. */
import Type from 'typebox';

import { defineJob } from '#platform/jobs/index.ts';

import { ERASE_LEAVERS, eraseLeavers } from './erasure.ts';

/** Asked for by whoever leaves; by the hour for those whose request was lost. */
const SCHEDULE = { match: '25 * * * *', catchUpHours: 24 };

/** Erases everybody who has left. */
export const eraseLeaversJob = defineJob({
  name: ERASE_LEAVERS,
  schema: Type.Object({}),
  cron: SCHEDULE,
  run: async ({ db, config, clock, log }) => {
    const erased = await eraseLeavers(db, config.dataDir, clock.now());
    if (erased > 0) log.info({ erased }, 'Erased people who have left');
  },
});
