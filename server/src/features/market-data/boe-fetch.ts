/**
 * The daily fetch of the Bank of England's spot rates. It publishes those of a working day on the next one, and none on
 * English bank holidays.
 *
 * Contents: BOE_FACTS · newestBoeDay · fetchBoeRates
 */
import { dayIn } from '@pm/domain/calendar';
import { BOE_SERIES, readBoeFile, RateFileError } from '@pm/domain/market-data';
import type { RateFile } from '@pm/domain/market-data';

import type { ProviderSettings } from '#platform/config.ts';
import { withWorker } from '#platform/database/index.ts';
import type { Db } from '#platform/database/index.ts';
import { isAppError } from '#platform/errors.ts';
import type { Logger } from '#platform/log.ts';

import { askText } from './providers/ask-http.ts';
import { ProviderError } from './providers/provider.ts';
import type { ProviderFacts } from './providers/provider.ts';
import { storeRateFile } from './rate-import.ts';
import type { RateImport } from './rate-import.ts';
import * as queries from './rate-queries.ts';

/** The Bank quotes every currency against the pound. */
const PUBLISHER = { source: 'BoE', base: 'GBP' };
/** How far back the first fetch goes. */
const FIRST_DAYS = 90;
const FRIDAY = 5;

/** See the file's own words. */
export const BOE_FACTS: ProviderFacts = {
  id: 'BoE',
  name: 'Bank of England',
  what: 'Sterling spot rates of every working day, on the next one',
  does: ['rates'],
  coverage: `${Object.keys(BOE_SERIES).length} currencies against the pound`,
  quoteUnit: 'Units of the currency for one pound',
  cost: 'Free',
  needsKey: false,
  limit: { requests: 1, seconds: 1 },
};

/** The newest day whose rates are sure to be out: the last weekday before today in London. */
export const newestBoeDay = (now: Temporal.Instant): Temporal.PlainDate => {
  let day = dayIn(now, 'Europe/London').subtract({ days: 1 });
  while (day.dayOfWeek > FRIDAY) day = day.subtract({ days: 1 });
  return day;
};

export type FetchBoeParts = {
  /** Pool of the worker role. */
  readonly db: Db;
  readonly settings: ProviderSettings;
  readonly now: Temporal.Instant;
  readonly log: Logger;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
};

/**
 * Fetches the days that are missing, those of 90 days the first time, and records how it went.
 * @returns what was stored; null when nothing was missing, or nothing was published (a bank holiday)
 * @throws {ProviderError | AppError} after the failure was recorded; nothing was stored
 */
export const fetchBoeRates = async (parts: FetchBoeParts): Promise<RateImport | null> => {
  const { db, now, log } = parts;
  const newest = await withWorker(db, async (tx) => queries.newestRateDay(tx, PUBLISHER.source));
  const to = newestBoeDay(now);
  if (newest !== null && Temporal.PlainDate.compare(newest, to) >= 0) return null;
  const from = newest?.add({ days: 1 }) ?? to.subtract({ days: FIRST_DAYS });
  try {
    const file = await download(parts, from, to);
    const result = await withWorker(db, async (tx) => {
      const stored = file.rates.length === 0 ? null : await storeRateFile(tx, file, now, PUBLISHER);
      await queries.recordSuccess(tx, PUBLISHER.source, now);
      return stored;
    });
    log.info({ added: result?.added ?? 0, to: result?.to }, 'Rates of the Bank of England stored');
    return result;
  } catch (error) {
    const isForPeople = error instanceof ProviderError || isAppError(error);
    const why = isForPeople ? error.message : 'The rates could not be stored.';
    await withWorker(db, async (tx) => queries.recordFailure(tx, PUBLISHER.source, now, why.slice(0, 500)));
    throw error;
  }
};

const download = async (
  { settings, signal, timeoutMs }: FetchBoeParts,
  from: Temporal.PlainDate,
  to: Temporal.PlainDate,
): Promise<RateFile> => {
  const query = new URLSearchParams({
    'csv.x': 'yes',
    Datefrom: boeDay(from),
    Dateto: boeDay(to),
    SeriesCodes: Object.keys(BOE_SERIES).join(','),
    CSVF: 'TN',
    UsingCodes: 'Y',
  });
  const { text } = await askText({
    who: 'The Bank of England',
    url: `${settings.boeBaseUrl}/_iadb-fromshowcolumns.asp?${query.toString()}`,
    signal,
    timeoutMs,
  });
  try {
    return readBoeFile(text);
  } catch (error) {
    if (!(error instanceof RateFileError)) throw error;
    const message = `The Bank of England sent something else where rates were expected (${error.message}).`;
    throw new ProviderError('bad_answer', message.slice(0, 400), { cause: error });
  }
};

/** A day as its database wants it: 17/Mar/2026. */
const boeDay = (day: Temporal.PlainDate): string =>
  [day.day.toString().padStart(2, '0'), day.toLocaleString('en-US', { month: 'short' }), day.year].join('/');
