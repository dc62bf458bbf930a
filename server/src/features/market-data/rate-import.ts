/**
 * Rate files: read as a whole, stored as a whole or not at all.
 *
 * Contents: readRateFile · storeRateFile · importRateFile
 */
import { readEcbFile, RateFileError } from '@pm/domain/market-data';
import type { RateFile } from '@pm/domain/market-data';
import { dec } from '@pm/domain/money';

import { systemClock } from '#platform/clock.ts';
import type { Tx } from '#platform/database/index.ts';
import { unprocessable } from '#platform/errors.ts';

import * as queries from './rate-queries.ts';
import type { RateColumns } from './rate-queries.ts';

/** The source under which the European Central Bank's reference rates are stored. */
export const ECB = 'ECB';
/** Who published a file, and the currency against which it quotes every other. */
export type Publisher = { readonly source: string; readonly base: string };
/** The ECB quotes against the euro. */
const ECB_PUBLISHER: Publisher = { source: ECB, base: 'EUR' };

/** What became of a rate file. */
export type RateImport = {
  /** Rates stored or confirmed. */
  readonly rows: number;
  /** Rates that were not there before. */
  readonly added: number;
  /** Rates that were there with another figure. */
  readonly corrected: number;
  /** Currency pairs. */
  readonly pairs: number;
  /** First and last day, ISO. */
  readonly from: string;
  readonly to: string;
  readonly source: string;
  readonly warnings: string[];
};

/**
 * Reads a rate file of the ECB in any of its published forms. No database: meant for a request's `prepare`.
 * @throws {AppError} 422 with the code of the reader (`not_a_rate_file`, `truncated`, `wrong_encoding` …)
 */
export const readRateFile = (bytes: Uint8Array | undefined): RateFile => {
  try {
    return readEcbFile(bytes ?? new Uint8Array());
  } catch (error) {
    if (error instanceof RateFileError) throw unprocessable(error.code, `${error.message}.`, 'body');
    throw error;
  }
};

/**
 * Stores what was read, all of it in the transaction given.
 * @throws {AppError} 422 `conflicting_rates` for two figures of one currency and day; `date_in_future`
 */
export const storeRateFile = async (
  tx: Tx,
  file: RateFile,
  now: Temporal.Instant,
  { source, base }: Publisher = ECB_PUBLISHER,
): Promise<RateImport> => {
  const columns = toColumns(file);
  const days = columns.days.toSorted();
  const [from = '', to = ''] = [days[0], days.at(-1)];
  // It may already be tomorrow in Auckland; a later day is a mistake in the file.
  const latest = now.toZonedDateTimeISO('UTC').toPlainDate().add({ days: 1 }).toString();
  if (to > latest) {
    throw unprocessable('date_in_future', `The file has rates for ${to}, which is still to come.`, 'body');
  }
  const { added, corrected } = await queries.storeRates(tx, base, source, columns);
  const pairs = new Set(columns.currencies).size;
  return {
    rows: columns.rates.length,
    added,
    corrected,
    pairs,
    from,
    to,
    source,
    warnings: file.warnings,
  };
};

/**
 * Reads and stores a rate file, for the command line and for jobs. Needs a transaction of the worker or of an admin.
 * @throws {AppError} as `readRateFile` and `storeRateFile`
 */
export const importRateFile = async (
  tx: Tx,
  bytes: Uint8Array,
  now: Temporal.Instant = systemClock.now(),
): Promise<RateImport> => storeRateFile(tx, readRateFile(bytes), now);

/** Sorted by currency and day, each pair of them once. */
const toColumns = ({ rates }: RateFile): RateColumns => {
  const byKey = new Map<string, string>();
  for (const { to, date, rate } of rates) {
    const key = `${to} ${date}`;
    const before = byKey.get(key);
    if (before !== undefined && before !== rate && !dec(before).equals(dec(rate))) {
      const detail = `The file gives two rates for ${to} on ${date}: ${before} and ${rate}. Nothing was stored.`;
      throw unprocessable('conflicting_rates', detail, 'body');
    }
    byKey.set(key, rate);
  }
  const keys = [...byKey.keys()].toSorted();
  return {
    currencies: keys.map((key) => key.slice(0, 3)),
    days: keys.map((key) => key.slice(4)),
    rates: keys.map((key) => byKey.get(key) ?? ''),
  };
};
