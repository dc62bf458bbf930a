/** Jobs of market data. */
import Type from 'typebox';

import { withWorker } from '#platform/database/index.ts';
import { defineImportJob, defineJob } from '#platform/jobs/index.ts';

import { fetchBoeRates } from './boe-fetch.ts';
import { fetchEcbRates, scheduleEcbFetch } from './ecb-fetch.ts';
import { fetchMissingCloses } from './fetch-closes.ts';
import { fetchDuePrices } from './fetch-prices.ts';
import { forgetOldMessages } from './live-prices.ts';
import { importPrices, readPrices } from './price-import.ts';
import type { PriceImportRequest } from './price-import.ts';
import { tidyPrices } from './retention.ts';
import { PROVIDERS } from './providers/index.ts';

/**
 * The ECB publishes around 16:00 Frankfurt time: 14:00 UTC in summer, 15:00 in winter. The later runs find nothing to do
 * when the first one found the rates. A failed fetch is tried again by the queue, at growing distances.
 */
const SCHEDULE = { match: '20 15,17,20 * * 1-5', catchUpHours: 24 };
const TIMEOUT_MS = 120_000;

const NO_PAYLOAD = Type.Object({}, { additionalProperties: false });

/** The Bank publishes during the morning of the next working day; later runs find nothing to do. */
const BOE_SCHEDULE = { match: '35 10,12,16 * * 1-5', catchUpHours: 24 };

/** Fetches the Bank of England's rates, where the settings name it. */
export const fetchBoeRatesJob = defineJob({
  name: 'market-data.fetch-boe-rates',
  schema: NO_PAYLOAD,
  cron: BOE_SCHEDULE,
  timeoutMs: TIMEOUT_MS,
  run: async ({ db, log, clock, config, helpers }) => {
    if (!config.providers.rates.includes('boe')) return;
    await fetchBoeRates({
      db,
      settings: config.providers,
      now: clock.now(),
      log,
      signal: helpers.signal,
    });
  },
});

/**
 * Every minute it looks which lines are due; most minutes none is. Of several processes each takes other lines, so that
 * nothing is asked twice however many there are.
 */
const PRICES_SCHEDULE = { match: '* * * * *' };
const PRICES_TIMEOUT_MS = 12 * 60_000;

/** Fetches the newest prices of what people hold. */
export const fetchPricesJob = defineJob({
  name: 'market-data.fetch-prices',
  schema: NO_PAYLOAD,
  cron: PRICES_SCHEDULE,
  timeoutMs: PRICES_TIMEOUT_MS,
  run: async ({ db, log, clock, config, helpers }) => {
    const { providers: settings } = config;
    if (settings.prices.every((id) => PROVIDERS[id].offBecause(settings) !== null)) return;
    await fetchDuePrices({ db, settings, now: clock.now(), log, signal: helpers.signal });
  },
});

/** After New York's close, so that one run has the day of both sides of the Atlantic; Asia's is a day older. */
const CLOSES_SCHEDULE = { match: '40 22 * * 1-5', catchUpHours: 24 };

/** Fetches the daily closes that are missing of what people hold. */
export const fetchClosesJob = defineJob({
  name: 'market-data.fetch-closes',
  schema: NO_PAYLOAD,
  cron: CLOSES_SCHEDULE,
  timeoutMs: PRICES_TIMEOUT_MS,
  run: async ({ db, log, clock, config, helpers }) => {
    const { providers: settings } = config;
    await fetchMissingCloses({ db, settings, now: clock.now(), log, signal: helpers.signal });
  },
});

/** Makes the coming months of prices, and thins old quotes. */
export const tidyPricesJob = defineJob({
  name: 'market-data.tidy-prices',
  schema: NO_PAYLOAD,
  cron: { match: '25 3 * * *', catchUpHours: 24 },
  run: async ({ db, log, clock, config, helpers }) => {
    const { intradayDays } = config;
    const tidied = await tidyPrices(db, clock.now(), { intradayDays }, helpers.signal);
    log.info(tidied, 'Prices tidied');
  },
});

/** Forgets what the live stream published some time ago. */
export const forgetStreamJob = defineJob({
  name: 'market-data.forget-stream',
  schema: NO_PAYLOAD,
  cron: { match: '*/15 * * * *' },
  run: async ({ db, clock }) => {
    await withWorker(db, async (tx) => forgetOldMessages(tx, clock.now()));
  },
});

/** Fetches the ECB's rates; a scheduled run only chooses the moment. */
export const fetchEcbRatesJob = defineJob({
  name: 'market-data.fetch-ecb-rates',
  schema: Type.Object({ immediately: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
  cron: SCHEDULE,
  timeoutMs: TIMEOUT_MS,
  run: async ({ db, log, clock, config, payload, helpers }) => {
    if (!config.providers.rates.includes('ecb')) return;
    if (payload.immediately !== true) {
      await scheduleEcbFetch(db, clock.now());
      return;
    }
    const limits = { signal: helpers.signal };
    await fetchEcbRates({ db, baseUrl: config.providers.ecbBaseUrl, now: clock.now(), log, limits });
  },
});

/** Name of the job that takes in large files of prices. */
export const IMPORT_PRICES = 'market-data.import-prices';

/** Takes in a file of prices that was put aside. */
export const importPricesJob = defineImportJob({
  name: IMPORT_PRICES,
  read: (run) => readPrices(run.bytes),
  rowsOf: (file) => file.prices.length,
  record: async (tx, file, run, importer) =>
    importPrices(tx, run.options as PriceImportRequest, file, importer, importer.now),
});
