/**
 * Latest prices as the live stream tells them: who may follow which line, and how a price is written.
 *
 * An instrument is followed by the line that its value is made with: a line of one's own before a shared one. Lines of
 * another person, seen only inside a portfolio of theirs, are not followed.
 * Contents: livePrices · forgetOldMessages
 */
import { MAX_FOLLOWED } from '@pm/contracts/stream';
import type { LivePrice } from '@pm/contracts/stream';
import { dec, decimalText, isQuoteUnit, quoteUnit } from '@pm/domain/money';

import type { Tx } from '#platform/database/index.ts';
import type { Feed, Followed, Item } from '#platform/stream/index.ts';

import * as queries from './live-queries.ts';
import type { LatestRow, LineToFollow } from './live-queries.ts';

/** The number of a state that no message brought. */
const PRESENT = 0;

type Told = NonNullable<LivePrice['price']>;

/** A price as the database published it. */
type Published = {
  readonly kind: LivePrice['kind'];
  readonly price: Omit<Told, 'quoted'> | null;
};

const isPublished = (payload: unknown): payload is Published =>
  typeof payload === 'object' && payload !== null && 'kind' in payload && 'price' in payload;

const followLine = (line: LineToFollow): Followed => ({
  id: line.instrument_id,
  topic: `price:${line.listing_id}`,
  render: (payload, seq) => (isPublished(payload) ? itemOf(line, payload, seq) : null),
});

const itemOf = (line: LineToFollow, { kind, price }: Published, seq: number): Item => {
  const told: LivePrice = {
    instrumentId: line.instrument_id,
    listingId: line.listing_id,
    kind,
    seq,
    price: price === null ? null : { ...price, ...inUnits(line, price) },
  };
  return { key: `${line.listing_id} ${kind}`, seq, json: JSON.stringify(told) };
};

/** Exact text of the price in its currency and in what the line is quoted in, and its time as our answers write it. */
const inUnits = (
  line: LineToFollow,
  price: Omit<Told, 'quoted'>,
): Pick<Told, 'close' | 'quoted' | 'dateTime'> => {
  const given = isQuoteUnit(line.quote_unit) ? quoteUnit(line.quote_unit) : quoteUnit(price.currency);
  const unit = given.currency === price.currency ? given : quoteUnit(price.currency);
  const close = dec(price.close);
  return {
    close: decimalText(close),
    quoted: { close: decimalText(close.times(unit.perCurrencyUnit)), unit: unit.code },
    dateTime: Temporal.Instant.from(price.dateTime).toString(),
  };
};

const currentItem = (lines: ReadonlyMap<string, Followed>, row: LatestRow): Item[] => {
  const { kind, close, currency, source, interval } = row;
  const price = { close, currency, source, interval, dateTime: row.date_time.toString() };
  const item = lines.get(`price:${row.listing_id}`)?.render({ kind, price }, PRESENT) ?? null;
  return item === null ? [] : [item];
};

/** See the file's own words. */
export const livePrices: Feed = {
  resolve: async (tx, ids) => (await queries.linesToFollow(tx, ids)).map(followLine),
  own: async (tx) => queries.instrumentsOfPerson(tx, MAX_FOLLOWED),
  current: async (tx, followed) => {
    const lines = new Map(followed.map((one) => [one.topic, one]));
    const listingIds = followed.map((one) => one.topic.slice('price:'.length));
    return (await queries.latestOf(tx, listingIds)).flatMap((row) => currentItem(lines, row));
  },
};

/** Who was away for longer than this gets the present prices instead of each one missed. */
const STREAM_HOURS = 2;

/** Forgets what the live stream published some time ago. @returns how many messages */
export const forgetOldMessages = async (tx: Tx, now: Temporal.Instant): Promise<number> =>
  queries.forgetOutbox(tx, now.subtract({ hours: STREAM_HOURS }));
