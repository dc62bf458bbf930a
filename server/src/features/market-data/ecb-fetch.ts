/**
 * The daily fetch of the European Central Bank's rates, and what is known of it.
 *
 * Contents: fetchEcbRates · scheduleEcbFetch · requestEcbRatesWhenStale
 */
import { withWorker } from '#platform/database/index.ts';
import type { Db } from '#platform/database/index.ts';
import { isAppError } from '#platform/errors.ts';
import { enqueue } from '#platform/jobs/index.ts';
import type { Logger } from '#platform/log.ts';

import { countEcbDays, newestExpectedDay } from './ecb-calendar.ts';
import { DAILY_PATH, download, DownloadError, RECENT_PATH } from './ecb-download.ts';
import type { DownloadLimits } from './ecb-download.ts';
import { ECB, readRateFile, storeRateFile } from './rate-import.ts';
import type { RateImport } from './rate-import.ts';
import * as queries from './rate-queries.ts';

/** Scheduled fetches begin within this time, each install at its own moment, so that they do not come all at once. */
const SPREAD_SECONDS = 600;
/** One waiting fetch is enough, however often it was asked for. */
const QUEUE_KEY = 'ecb';
const MAX_ERROR_LENGTH = 500;

/** What a fetch needs. */
export type FetchParts = {
  /** Pool of the worker role. */
  readonly db: Db;
  /** Where the ECB publishes its reference rates, without trailing slash. */
  readonly baseUrl: string;
  readonly now: Temporal.Instant;
  readonly log: Logger;
  readonly limits?: DownloadLimits;
};

/**
 * Fetches what is missing: nothing when the newest rates are here, the file of the day when one working day is
 * missing, else the file of 90 days. What came of it is recorded for `GET /api/market-data/status`.
 * @returns what was stored, or null when nothing was missing
 * @throws {DownloadError | AppError} after the failure was recorded; nothing was stored
 */
export const fetchEcbRates = async (parts: FetchParts): Promise<RateImport | null> => {
  const { db, now, log } = parts;
  const newest = await withWorker(db, async (tx) => queries.newestRateDay(tx, ECB));
  const missing = missingDays(newest, now);
  if (missing === 0) return null;
  const url = `${parts.baseUrl}${missing === 1 ? DAILY_PATH : RECENT_PATH}`;
  try {
    const file = readRateFile(await download(url, parts.limits));
    const result = await withWorker(db, async (tx) => {
      const stored = await storeRateFile(tx, file, now);
      await queries.recordSuccess(tx, ECB, now);
      return stored;
    });
    log.info({ added: result.added, corrected: result.corrected, to: result.to }, 'Rates of the ECB stored');
    return result;
  } catch (error) {
    await withWorker(db, async (tx) => queries.recordFailure(tx, ECB, now, failureText(error)));
    throw error;
  }
};

/** Days with rates that should be here and are not: 0, 1, or 2 for any more. */
const missingDays = (newest: Temporal.PlainDate | null, now: Temporal.Instant): number =>
  newest === null ? 2 : countEcbDays(newest, newestExpectedDay(now), 2);

/** Why it failed, for the status page. Anything that is not meant for people is only in the log. */
const failureText = (error: unknown): string => {
  const isForPeople = error instanceof DownloadError || isAppError(error);
  return (isForPeople ? error.message : 'The rates could not be stored.').slice(0, MAX_ERROR_LENGTH);
};

/** Asks for a fetch at a random moment of the next minutes. */
export const scheduleEcbFetch = async (db: Db, now: Temporal.Instant): Promise<void> => {
  const runAt = now.add({ milliseconds: Math.floor(Math.random() * SPREAD_SECONDS * 1000) });
  await withWorker(db, async (tx) =>
    enqueue(tx, 'market-data.fetch-ecb-rates', { immediately: true }, { key: QUEUE_KEY, runAt }),
  );
};

/** At the start: asks for a fetch at once when rates are missing. @returns whether it did */
export const requestEcbRatesWhenStale = async (db: Db, now: Temporal.Instant): Promise<boolean> =>
  withWorker(db, async (tx) => {
    if (missingDays(await queries.newestRateDay(tx, ECB), now) === 0) return false;
    await enqueue(tx, 'market-data.fetch-ecb-rates', { immediately: true }, { key: QUEUE_KEY });
    return true;
  });
