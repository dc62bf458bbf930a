/**
 * Files of past prices: read, checked, stored as a whole or not at all. An administrator's file for a line that everybody
 * shares becomes the feed's; anybody else's are prices given by hand, which only they see.
 *
 * Contents: readPrices · importPrices
 */
import { randomUUIDv7 } from 'node:crypto';

import type { PriceImport } from '@pm/contracts/market-data';
import { dayIn } from '@pm/domain/calendar';
import { checkPrices, momentsOf, PriceFileError, readPriceFile } from '@pm/domain/market-data';
import type { CheckedPrices, PriceFile, PublishedPrice } from '@pm/domain/market-data';
import { isQuoteUnit, quoteUnit } from '@pm/domain/money';
import type { Static } from 'typebox';

import { describeInstruments } from '#features/instruments';
import type { Tx } from '#platform/database/index.ts';
import { invalidFields, notFound, unprocessable } from '#platform/errors.ts';

import { recordedSplits } from './event-queries.ts';
import * as feed from './feed-queries.ts';
import { findLine, saveManualPrices } from './price-queries.ts';
import type { LineRow } from './price-queries.ts';

/** What a file is for; the query of the route and the options of a run. */
export type PriceImportRequest = {
  readonly instrumentId: string;
  readonly listingId?: string | undefined;
  readonly quoteUnit?: string | undefined;
};

/** In whose name. */
export type PriceImporter = { readonly id: string; readonly role: string };

/** The first month for which prices are kept. */
const FIRST_DAY = '1960-01-01';
/** Prices left out that a warning names. */
const NAMED_MAX = 5;

/**
 * Reads a file of prices. No database: meant for a request's `prepare`.
 * @throws {AppError} 422 with the code of the reader (`not_a_price_file`, `bad_date`, `conflicting_prices` …)
 */
export const readPrices = (bytes: Uint8Array | undefined): PriceFile => {
  try {
    return readPriceFile(bytes ?? new Uint8Array());
  } catch (error) {
    if (error instanceof PriceFileError) throw unprocessable(error.code, `${error.message}.`, 'body');
    throw error;
  }
};

/**
 * Stores what was read under the instrument's primary line, or the one named, in the unit given, else in the line's. Prices
 * that look wrong are held back (shared) or left out (one's own).
 * @throws {AppError} 404 for the instrument or the line; 400 for the unit; 422 `no_line`, `date_out_of_range`
 */
export const importPrices = async (
  tx: Tx,
  request: PriceImportRequest,
  file: PriceFile,
  importer: PriceImporter,
  now: Temporal.Instant,
): Promise<Static<typeof PriceImport>> => {
  const { instrumentId } = request;
  if (!(await describeInstruments(tx, [instrumentId])).has(instrumentId)) throw notFound('instrument');
  const line = await findLine(tx, instrumentId, request.listingId ?? null);
  if (line === null && request.listingId !== undefined) throw notFound('listing');
  if (line === null) {
    throw unprocessable(
      'no_line',
      'The instrument has no primary line that prices could belong to; add one.',
    );
  }
  const all = momentsOf(file, line.mic, readUnit(request.quoteUnit, line));
  const published = all.filter(({ at }) => Temporal.Instant.compare(at, now) <= 0);
  const { from, to } = span(all, published, now);
  const isShared = importer.role === 'admin' && line.owner_user_id === null;
  const source = file.form === 'generic' ? 'file' : `${file.form}-file`;
  const stored = isShared
    ? await storeShared(tx, line, source, published, { from, to })
    : await storeOwn(tx, line, published, instrumentId, importer.id);
  return {
    instrumentId,
    listingId: line.id,
    form: file.form,
    source: isShared ? source : 'manual',
    scope: isShared ? 'shared' : 'private',
    rows: published.length,
    from: dayIn(from, 'UTC').toString(),
    to: dayIn(to, 'UTC').toString(),
    ...stored,
    warnings: [...unfinished(all.length - published.length), ...stored.warnings],
  };
};

/** The close of a day that is not over is none yet: it would be taken for one. */
const unfinished = (count: number): string[] =>
  count === 0 ? [] : ['The price of the last day was left out: that day is not over on its market.'];

const readUnit = (code: string | undefined, line: LineRow): string => {
  if (code === undefined) return line.quote_unit;
  const refuse = (message: string) => invalidFields([{ field: 'quoteUnit', message }]);
  if (!isQuoteUnit(code)) throw refuse('is neither a currency nor a unit such as GBX, ZAc or ILA');
  if (quoteUnit(code).currency === line.currency) return code;
  throw refuse(`is of another currency than the line, which trades in ${line.currency}`);
};

type Span = { readonly from: Temporal.Instant; readonly to: Temporal.Instant };

const span = (
  all: readonly PublishedPrice[],
  published: readonly PublishedPrice[],
  now: Temporal.Instant,
): Span => {
  const refuse = (detail: string) => unprocessable('date_out_of_range', detail, 'body');
  const late = all.find(({ at }) => Temporal.Instant.compare(at, now.add({ hours: 24 })) > 0);
  if (late !== undefined) {
    throw refuse(`The file has prices of ${late.at.toString().slice(0, 10)}, which is still to come.`);
  }
  const moments = published.map((price) => price.at).toSorted((a, b) => Temporal.Instant.compare(a, b));
  const [from, to] = [moments[0], moments.at(-1)];
  if (from === undefined || to === undefined) {
    const isTooEarly = all.length > 0;
    const detail = isTooEarly
      ? 'The file has only prices of a day that is not over yet.'
      : 'The file has no prices.';
    throw unprocessable('no_prices', detail, 'body');
  }
  if (from.toString() < FIRST_DAY) {
    throw refuse(`The file has prices of ${from.toString().slice(0, 10)}; they are kept from 1960 on.`);
  }
  return { from, to };
};

type Stored = Pick<Static<typeof PriceImport>, 'added' | 'corrected' | 'held' | 'warnings'>;

const storeShared = async (
  tx: Tx,
  line: LineRow,
  source: string,
  published: readonly PublishedPrice[],
  { from, to }: Span,
): Promise<Stored> => {
  const before = await feed.referencePrices(tx, [line.id], from.subtract({ milliseconds: 1 }));
  const known = await feed.storedCloses(tx, line.id, source, from, to);
  const reference = before.get(line.id) ?? null;
  const splits = (await recordedSplits(tx, [line.id])).get(line.id) ?? [];
  const checked = checkPrices(published, priceLine(line), reference, known, splits);
  const ofLine = { listingId: line.id, source };
  const counts = await feed.storePrices(
    tx,
    checked.good.map((price) => ({ ...price, ...ofLine })),
  );
  await feed.holdPrices(
    tx,
    checked.held.map((price) => ({ ...price, ...ofLine })),
  );
  return {
    ...counts,
    held: checked.held.length,
    warnings: warningsOf(checked, 'held back until somebody decides'),
  };
};

const storeOwn = async (
  tx: Tx,
  line: LineRow,
  published: readonly PublishedPrice[],
  instrumentId: string,
  userId: string,
): Promise<Stored> => {
  const checked = checkPrices(published, priceLine(line), null);
  const unit = published[0]?.unit ?? line.quote_unit;
  const rows = checked.good.map((price) => ({ ...price, id: randomUUIDv7() }));
  const counts = await saveManualPrices(tx, { userId, instrumentId, quoteUnit: quoteUnit(unit).code }, rows);
  return { ...counts, held: 0, warnings: warningsOf(checked, 'left out') };
};

const priceLine = (line: LineRow) => ({ currency: line.currency, quoteUnit: line.quote_unit });

const warningsOf = ({ held }: CheckedPrices, what: string): string[] => {
  if (held.length === 0) return [];
  const named = held
    .slice(0, NAMED_MAX)
    .map((price) => `${price.at.toString().slice(0, 10)} (${price.close ?? 'no price'})`);
  const more = held.length > NAMED_MAX ? ` and ${held.length - NAMED_MAX} more` : '';
  return [`Prices that look wrong were ${what}: ${named.join(', ')}${more}.`];
};
