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
import { dailyQuotes, dailyRates } from '#features/market-data';
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

/** The value of one unit of each instrument each evening, in the portfolio's currency; null before it has a price. */
const unitValues = async (
  tx: Tx,
  portfolio: HistoryPortfolio,
  span: SeriesSpan,
  instrumentIds: readonly string[],
): Promise<ReadonlyMap<string, readonly (Decimal | null)[]>> => {
  const { from, to, until } = span;
  const length = daysBetween(from, to) + 1;
  const quotes = await dailyQuotes(tx, {
    instrumentIds,
    ownerId: portfolio.ownerId,
    timezone: portfolio.timezone,
    from: from.toZonedDateTime(portfolio.timezone).toInstant(),
    until,
  });
  const evenings = eveningsOf(from, length, portfolio.timezone, until);
  const chosen = new Map(
    [...quotes].map(([id, found]) => [id, chosenThrough(found, dayNumber(from), evenings)]),
  );
  const codes = new Set([...chosen.values()].flatMap((days) => days.flatMap((one) => one?.currency ?? [])));
  codes.delete(portfolio.currency);
  const rates = await dailyRates(tx, [...codes], currency(portfolio.currency), { from, to });
  return new Map(
    [...chosen].map(([id, days]) => [
      id,
      days.map((quote, at) => {
        if (quote === null) return null;
        const rate = quote.currency === portfolio.currency ? ONE : (rates.get(quote.currency)?.[at] ?? null);
        return rate === null ? null : quote.close.times(rate);
      }),
    ]),
  );
};

/** Growth of one instrument, bridging evenings without a value by the one before; null where it has none to begin with. */
const growthOf = (values: readonly (Decimal | null)[]): number[] | null => {
  const first = values[0] ?? null;
  if (first === null || first.isZero()) return null;
  let last = 1;
  return values.map((value) => {
    if (value !== null) last = value.div(first).toNumber();
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
  const values = await unitValues(tx, portfolio, span, ids);
  const name = benchmark.parts
    .map(({ instrumentId, share }) => {
      const own = facts.get(instrumentId)?.name ?? '';
      return share === 1 ? own : `${share * 100} % ${own}`;
    })
    .join(', ');
  const formula =
    benchmark.parts.length === 1
      ? 'price × rate on each evening ÷ price × rate on the first'
      : 'the growth of each day is the weighted sum of the parts’ growth, with the shares as given';
  const grown = benchmark.parts.map(({ instrumentId, share }) => ({
    instrumentId,
    share,
    growth: growthOf(values.get(instrumentId) ?? []),
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
