/**
 * Invented prices that need no network: the same for the same symbol and moment on every machine. For trying things out;
 * it is asked only where the settings name it, and only for instruments of the demonstration or lines with a symbol of
 * its own (`{"demo": "NAME@75.12"}` swings about 75.12).
 *
 * Contents: demo
 */
import { createHash } from 'node:crypto';

import { closeOfDay, exactNumber } from '@pm/domain/market-data';
import type { PublishedPrice } from '@pm/domain/market-data';
import { dec, decimalText, Decimal } from '@pm/domain/money';

import { writtenSymbol } from './provider.ts';
import type { Line, PriceProvider } from './provider.ts';

/** Parts of ten thousand that a price swings by, and in how many minutes. */
const SWINGS = [
  { parts: 900, minutes: 60 * 24 * 173 },
  { parts: 300, minutes: 60 * 24 * 19 },
  { parts: 80, minutes: 60 * 7 },
  { parts: 20, minutes: 37 },
] as const;
const MS_PER_MINUTE = 60_000;
const SATURDAY = 6;

/** From -1 to 1 and back in a straight line, as a fraction of `period`. */
const triangle = (at: number, period: number): Decimal => {
  const place = ((at % period) + period) % period;
  const half = new Decimal(period).div(2);
  return new Decimal(place).minus(half).abs().div(half).times(2).minus(1);
};

const baseOf = (symbol: string, seed: Buffer): Decimal => {
  const [, written = ''] = symbol.split('@');
  const given = exactNumber(written);
  return given !== null && dec(given).greaterThan(0)
    ? dec(given)
    : new Decimal(10 + (seed.readUInt16BE(0) % 490));
};

const priceAt = (symbol: string, at: Temporal.Instant): string => {
  const seed = createHash('sha256').update(symbol).digest();
  const minute = Math.floor(at.epochMilliseconds / MS_PER_MINUTE);
  const swing = SWINGS.reduce(
    (sum, { parts, minutes }, index) =>
      sum.plus(triangle(minute + seed.readUInt32BE(4 + 4 * index), minutes).times(parts)),
    new Decimal(10_000),
  );
  return decimalText(baseOf(symbol, seed).times(swing).div(10_000).toDecimalPlaces(4));
};

const bar = (symbol: string, at: Temporal.Instant, interval: 'quote' | '1d'): PublishedPrice => ({
  at,
  interval,
  close: priceAt(symbol, at),
  open: null,
  high: null,
  low: null,
  volume: null,
  unit: null,
});

/** See the file's own words. */
export const demo: PriceProvider = {
  id: 'demo',
  name: 'Demonstration',
  what: 'Invented prices, for trying things out',
  does: ['quote', 'history'],
  coverage: 'Instruments of the demonstration household, and lines with a symbol of its own',
  quoteUnit: 'That of the line',
  cost: 'Free; it asks nobody',
  needsKey: false,
  limit: { requests: 1000, seconds: 1 },
  offBecause: () => null,
  symbolFor: (line: Line) => {
    const written = writtenSymbol(line, 'demo');
    if (written !== null || !line.isDemo) return written;
    return line.ticker;
  },
  quote: async (symbol, _line, { now }) =>
    bar(symbol, now.round({ smallestUnit: 'minute', roundingMode: 'floor' }), 'quote'),
  history: async (symbol, line, { from, to }, { now }) => {
    const bars: PublishedPrice[] = [];
    for (let day = from; Temporal.PlainDate.compare(day, to) <= 0; day = day.add({ days: 1 })) {
      const at = closeOfDay(day, line.mic);
      const isOver = Temporal.Instant.compare(at, now) <= 0;
      if (isOver && day.dayOfWeek < SATURDAY) bars.push(bar(symbol, at, '1d'));
    }
    return { prices: bars, events: [] };
  },
};
