/** Jobs of market data. */
import { defineJob } from '#platform/jobs/index.ts';
import Type from 'typebox';

import { fetchEcbRates, scheduleEcbFetch } from './ecb-fetch.ts';

/**
 * The ECB publishes around 16:00 Frankfurt time: 14:00 UTC in summer, 15:00 in winter. The later runs find nothing to do
 * when the first one found the rates. A failed fetch is tried again by the queue, at growing distances.
 */
const SCHEDULE = { match: '20 15,17,20 * * 1-5', catchUpHours: 24 };
const TIMEOUT_MS = 120_000;

/** Fetches the ECB's rates; a scheduled run only chooses the moment. */
export const fetchEcbRatesJob = defineJob({
  name: 'market-data.fetch-ecb-rates',
  schema: Type.Object({ immediately: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
  cron: SCHEDULE,
  timeoutMs: TIMEOUT_MS,
  run: async ({ db, log, clock, config, payload, helpers }) => {
    if (payload.immediately !== true) {
      await scheduleEcbFetch(db, clock.now());
      return;
    }
    const limits = { signal: helpers.signal };
    await fetchEcbRates({ db, baseUrl: config.ecbBaseUrl, now: clock.now(), log, limits });
  },
});
