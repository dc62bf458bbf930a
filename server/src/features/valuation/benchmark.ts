/**
 * What a period's money is compared with: an instrument, several in fixed shares, or a fixed rate.
 *
 * Contents: Benchmark · readBenchmark · benchmarkGrowth · investedIn
 */
import { currency, ONE, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import { daysBetween } from '@pm/domain/calendar';
import { dayNumber } from '@pm/domain/valuation/history';
import type { WholeDay } from '@pm/domain/valuation/history';

import { describeInstruments } from '#features/instruments';
import { corporateEvents, dailyQuotes, dailyRates } from '#features/market-data';
import type { CorporateEvents } from '#features/market-data';
import type { Tx } from '#platform/database/index.ts';
import { notFound, unprocessable } from '#platform/errors.ts';

import { chosenThrough, eveningsOf } from './history.ts';
import type { HistoryPortfolio } from './history.ts';
import type { SeriesSpan } from './series.ts';

type Part = { readonly instrumentId: string; readonly share: number };

export type Benchmark = { readonly text: string } & (
  | { readonly kind: 'rate'; readonly perYear: number }
  | { readonly kind: 'parts'; readonly parts: readonly Part[] }
);

/** Instruments in a blend: more say nothing that a person could still tell apart. */
const PARTS_MAX = 8;
const DAYS_PER_YEAR = 365;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const refused = (detail: string) => unprocessable('invalid_benchmark', detail, 'benchmark');

const readBlend = (text: string): Part[] => {
  const parts = text.split(',').map((one) => {
    const [id = '', weight = ''] = one.split('*');
    if (!UUID.test(id) || !/^\d{1,3}(\.\d{1,6})?$/.test(weight)) {
      throw refused('A blend is written blend:ID*60,ID*40, with ids of instruments and shares in per cent.');
    }
    return { instrumentId: id, share: Number(weight) / 100 };
  });
  const sum = parts.reduce((total, { share }) => total + share, 0);
  if (parts.length > PARTS_MAX) throw refused(`A blend has at most ${PARTS_MAX} instruments.`);
  if (Math.abs(sum - 1) > 1e-9) {
    throw refused(`The shares of a blend make 100 per cent; these make ${sum * 100}.`);
  }
  return parts;
};

/** @throws {AppError} 422 naming `benchmark` */
export const readBenchmark = (text: string | undefined): Benchmark | null => {
  if (text === undefined || text === '') return null;
  const [kind = '', rest = ''] = text.split(/:(.*)/s);
  if (kind === 'rate') {
    if (!/^-?\d{1,2}(\.\d{1,6})?$/.test(rest)) {
      throw refused('A fixed rate is written rate:4.5, in per cent per year, from −99 to 99.');
    }
    return { text, kind: 'rate', perYear: Number(rest) / 100 };
  }
  if (kind === 'instrument' && UUID.test(rest)) {
    return { text, kind: 'parts', parts: [{ instrumentId: rest, share: 1 }] };
  }
  if (kind === 'blend') return { text, kind: 'parts', parts: readBlend(rest) };
  throw refused('benchmark must be instrument:ID, rate:4.5 or blend:ID*60,ID*40.');
};

/** What one unit became by each evening from `from` on; or why that cannot be said. */
export type BenchmarkGrowth = {
  readonly name: string;
  readonly index: readonly number[] | null;
  readonly missing: string | null;
  readonly formula: string;
};

const ofRate = (perYear: number, length: number): BenchmarkGrowth => ({
  name: `${perYear * 100} % per year`,
  index: Array.from({ length }, (_, at) => (1 + perYear) ** (at / DAYS_PER_YEAR)),
  missing: null,
  formula: '(1 + rate) to the power of days ÷ 365',
});

/** One unit in the evening of a day, by the price that stood for it; null before it has a price or a rate. */
type Unit = { readonly atMs: number; readonly value: Decimal } | null;

/** What one instrument was worth and paid. `rate` converts on the evening of a place in `units`. */
type Instrument = {
  readonly units: readonly Unit[];
  readonly events: CorporateEvents;
  readonly rate: (code: string, at: number) => Decimal | null;
};

/** The instruments from the evening of `from` on, in the portfolio's currency. */
const instrumentsOf = async (
  tx: Tx,
  portfolio: HistoryPortfolio,
  span: SeriesSpan,
  instrumentIds: readonly string[],
): Promise<ReadonlyMap<string, Instrument>> => {
  const { from, to, until } = span;
  const length = daysBetween(from, to) + 1;
  const quotes = await dailyQuotes(tx, {
    instrumentIds,
    ownerId: portfolio.ownerId,
    timezone: portfolio.timezone,
    from: from.toZonedDateTime(portfolio.timezone).toInstant(),
    until,
  });
  const events = await corporateEvents(tx, instrumentIds);
  const evenings = eveningsOf(from, length, portfolio.timezone, until);
  const chosen = new Map(
    [...quotes].map(([id, found]) => [id, chosenThrough(found, dayNumber(from), evenings)]),
  );
  const codes = new Set([
    ...[...chosen.values()].flatMap((days) => days.flatMap((one) => one?.currency ?? [])),
    ...[...events.values()].flatMap((one) => one.dividends.map((dividend) => dividend.currency)),
  ]);
  codes.delete(portfolio.currency);
  const rates = await dailyRates(tx, [...codes], currency(portfolio.currency), { from, to });
  const rate = (code: string, at: number): Decimal | null =>
    code === portfolio.currency ? ONE : (rates.get(code)?.[at] ?? null);
  return new Map(
    [...chosen].map(([id, days]) => {
      const units = days.map((quote, at): Unit => {
        const converted = quote === null ? null : rate(quote.currency, at);
        return quote === null || converted === null
          ? null
          : { atMs: quote.atMs, value: quote.close.times(converted) };
      });
      return [id, { units, events: events.get(id) ?? { splits: [], dividends: [] }, rate }];
    }),
  );
};

/** What one unit has become between two prices: split, and its dividends put into more units at the second price. */
const unitsBetween = (
  { events, rate }: Instrument,
  before: number,
  now: NonNullable<Unit>,
  at: number,
): Decimal => {
  const isBetween = ({ at: moment }: { readonly at: Temporal.Instant }): boolean =>
    moment.epochMilliseconds > before && moment.epochMilliseconds <= now.atMs;
  const split = events.splits
    .filter(isBetween)
    .reduce((ratio, { numerator, denominator }) => ratio.times(numerator).div(denominator), ONE);
  return events.dividends.filter(isBetween).reduce((units, { amount, currency: code }) => {
    const converted = rate(code, at);
    return converted === null ? units : units.times(ONE.plus(amount.times(converted).div(now.value)));
  }, split);
};

/** Growth of one instrument, bridging evenings without a value by the one before; null where it has none to begin with. */
const growthOf = (instrument: Instrument | undefined): number[] | null => {
  const first = instrument?.units[0] ?? null;
  if (instrument === undefined || first === null || first.value.isZero()) return null;
  let [units, before, last] = [ONE, first.atMs, 1];
  return instrument.units.map((unit, at) => {
    if (unit === null) return last;
    if (unit.atMs > before) units = units.times(unitsBetween(instrument, before, unit, at));
    before = Math.max(before, unit.atMs);
    last = unit.value.times(units).div(first.value).toNumber();
    return last;
  });
};

/** Each day the shares are put right again: the day's growth is the weighted sum of the parts'. */
const blended = (
  parts: readonly { readonly growth: readonly number[]; readonly share: number }[],
): number[] => {
  let index = 1;
  return Array.from({ length: parts[0]?.growth.length ?? 0 }, (_, at) => {
    if (at > 0) {
      index *= parts.reduce((sum, { growth, share }) => {
        const before = growth[at - 1] ?? 1;
        return sum + share * ((growth[at] ?? before) / before);
      }, 0);
    }
    return index;
  });
};

/** @throws {AppError} 404 for an instrument that the person does not see */
export const benchmarkGrowth = async (
  tx: Tx,
  benchmark: Benchmark,
  portfolio: HistoryPortfolio,
  span: SeriesSpan,
): Promise<BenchmarkGrowth> => {
  if (benchmark.kind === 'rate') {
    return ofRate(benchmark.perYear, daysBetween(span.from, span.to) + 1);
  }
  const ids = benchmark.parts.map(({ instrumentId }) => instrumentId);
  const facts = await describeInstruments(tx, ids);
  const unknown = ids.find((id) => !facts.has(id));
  if (unknown !== undefined) throw notFound('instrument');
  const instruments = await instrumentsOf(tx, portfolio, span, ids);
  const name = benchmark.parts
    .map(({ instrumentId, share }) => {
      const own = facts.get(instrumentId)?.name ?? '';
      return share === 1 ? own : `${share * 100} % ${own}`;
    })
    .join(', ');
  const formula =
    benchmark.parts.length === 1
      ? 'price × rate on each evening ÷ price × rate on the first, splits counted and dividends put into more units on their ex-date'
      : 'the growth of each day is the weighted sum of the parts’ growth, with the shares as given';
  const grown = benchmark.parts.map(({ instrumentId, share }) => ({
    instrumentId,
    share,
    growth: growthOf(instruments.get(instrumentId)),
  }));
  const lacking = grown.find(({ growth }) => growth === null);
  if (lacking !== undefined) {
    const missing = `${facts.get(lacking.instrumentId)?.name ?? ''} has no price, or no rate, by ${span.from.toString()}.`;
    return { name, index: null, missing, formula };
  }
  return {
    name,
    index: blended(grown.map(({ growth, share }) => ({ growth: growth ?? [], share }))),
    missing: null,
    formula,
  };
};

/** What the same money would be worth in the benchmark each evening: in from the morning, out in the evening. */
export const investedIn = (
  index: readonly number[],
  startValue: Decimal,
  days: readonly Pick<WholeDay, 'flow'>[],
): number[] => {
  let worth = startValue.toNumber();
  return days.map(({ flow }, at) => {
    const growth = (index[at + 1] ?? 1) / (index[at] ?? 1);
    const moved = flow.toNumber();
    worth = flow.greaterThan(ZERO) ? (worth + moved) * growth : worth * growth + moved;
    return worth;
  });
};
