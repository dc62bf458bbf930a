/** Jobs of identity. */
import Type from 'typebox';

import { defineJob } from '#platform/jobs/index.ts';

import { forgetExpired } from './service.ts';

/** Nightly, when few people are there; a missed night is made up for. */
const SCHEDULE = { match: '40 3 * * *', catchUpHours: 24 };

/** Forgets what nobody can use any more: ended sessions, revoked tokens, stored answers. */
export const forgetExpiredJob = defineJob({
  name: 'identity.forget-expired',
  schema: Type.Object({}, { additionalProperties: false }),
  cron: SCHEDULE,
  run: async ({ db, log }) => {
    log.info(await forgetExpired(db), 'Forgot what had expired');
  },
});
