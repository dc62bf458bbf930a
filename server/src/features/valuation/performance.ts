/**
 * How a portfolio, or a part of it, did over a period: every figure with what it rests on.
 *
 * Contents: performanceOf · performanceAnswer
 */
import type { Contribution, Performance } from '@pm/contracts/valuation';
import { daysBetween } from '@pm/domain/calendar';
import { dec, decimalText, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import { dayNumber, dayOfNumber } from '@pm/domain/valuation/history';
import type { WholeDay } from '@pm/domain/valuation/history';
import {
  annualised,
  maxDrawdown,
  moneyWeighted,
  monthReturns,
  volatility,
} from '@pm/domain/valuation/performance';
import type { IndexPoint, MoneyWeighted } from '@pm/domain/valuation/performance';
import type { Static } from 'typebox';

import { firstTradeDay } from '#features/ledger';
import { enterPortfolio, readPortfolio } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';
import { notFound, unprocessable } from '#platform/errors.ts';

import { benchmarkGrowth, investedIn, readBenchmark } from './benchmark.ts';
import type { Benchmark, BenchmarkGrowth } from './benchmark.ts';
import type { HistoryPortfolio } from './history.ts';
import { readPeriod } from './period.ts';
import type { PeriodAsked, ReadPeriod } from './period.ts';
import { readScope } from './scope.ts';
import type { Scope } from './scope.ts';
import { readSeries } from './series.ts';
import type { PartSums, Series } from './series.ts';

type Answer = Static<typeof Performance>;

export type PerformanceAsked = PeriodAsked & { readonly scope?: string; readonly benchmark?: string };

/** Places of a percentage. */
const PCT_PLACES = 10;
const HUNDRED = 100;
/** Points of the chart: more than a screen has columns says nothing more. */
const POINTS_MAX = 400;
const FLOWS_MAX = 500;
const CONTRIBUTIONS_MAX = 200;
const MONEY_PLACES = 6;

/** A fraction as a percentage: 0.1 is 10. */
const pct = (fraction: number): number => Number((fraction * HUNDRED).toFixed(PCT_PLACES));
const pctOrNull = (fraction: number | null): number | null =>
  fraction === null || !Number.isFinite(fraction) ? null : pct(fraction);
const money = (amount: number): string => decimalText(dec(amount.toFixed(MONEY_PLACES)));

const TIME_WEIGHTED =
  'each day: (value in the evening + what went out) ÷ (value the evening before + what came in); the days multiplied, less 1';
const MONEY_WEIGHTED =
  'the growth at which the start value and every flow, each for its days, come to the end value; per year by days ÷ 365';
const NO_RATE = {
  nothing_invested: 'Nothing was invested.',
  no_time: 'No day has passed.',
  no_rate_fits: 'No rate fits what came, went and was there.',
  too_many_turns: 'Money came and went by turns so often that several rates may fit.',
} as const;

/** Names of what the answer is of. */
export type Titled = {
  readonly portfolioId: string | null;
  readonly scope: string;
  readonly name: string;
  readonly currency: string;
};

const indexOf = (from: Temporal.PlainDate, days: readonly WholeDay[]): IndexPoint[] => {
  let index = 1;
  const points: IndexPoint[] = [{ day: from, index }];
  const first = dayNumber(from) + 1;
  for (const [at, { dayReturn }] of days.entries()) {
    index *= 1 + (dayReturn ?? 0);
    points.push({ day: dayOfNumber(first + at), index });
  }
  return points;
};

const timeWeightedAnswer = (
  points: readonly IndexPoint[],
  days: readonly WholeDay[],
): Answer['timeWeighted'] => {
  const undefinedDays = days.flatMap(({ dayReturn }, at) => {
    const day = points[at + 1]?.day;
    return dayReturn === null && day !== undefined ? [day.toString()] : [];
  });
  const period = undefinedDays.length === 0 ? (points.at(-1)?.index ?? 1) - 1 : null;
  return {
    pct: pctOrNull(period),
    annualisedPct: period === null ? null : pctOrNull(annualised(period, days.length)),
    undefinedDays,
    formula: TIME_WEIGHTED,
  };
};

const moneyWeightedAnswer = (found: MoneyWeighted): Answer['moneyWeighted'] => {
  const rates = found.kind === 'one' ? [found] : found.kind === 'several' ? found.rates : [];
  const [only] = found.kind === 'one' ? rates : [];
  return {
    kind: found.kind,
    pct: only === undefined ? null : pctOrNull(only.period),
    annualPct: only === undefined ? null : pctOrNull(only.perYear),
    rates: rates
      .filter(({ period, perYear }) => Number.isFinite(period) && Number.isFinite(perYear))
      .map(({ period, perYear }) => ({ pct: pct(period), annualPct: pct(perYear) })),
    reason: found.kind === 'none' ? NO_RATE[found.reason] : null,
    formula: MONEY_WEIGHTED,
  };
};

const extremesOf = (points: readonly IndexPoint[], months: ReturnType<typeof monthReturns>) => {
  const days = points.flatMap((point, at) => {
    const before = points[at - 1];
    return before === undefined || before.index === 0
      ? []
      : [{ from: before.day.toString(), to: point.day.toString(), pct: pct(point.index / before.index - 1) }];
  });
  const whole = months
    .filter((one) => one.whole)
    .map((one) => ({
      from: one.month.toPlainDate({ day: 1 }).subtract({ days: 1 }).toString(),
      to: one.month.toPlainDate({ day: one.month.daysInMonth }).toString(),
      pct: pct(one.return),
    }));
  type Extreme = (typeof days)[number];
  const pick = (all: readonly Extreme[], better: (a: Extreme, b: Extreme) => boolean): Extreme | null =>
    all.reduce<Extreme | null>((best, one) => (best === null || better(one, best) ? one : best), null);
  const above = (a: Extreme, b: Extreme): boolean => a.pct > b.pct;
  const below = (a: Extreme, b: Extreme): boolean => a.pct < b.pct;
  return {
    best: { day: pick(days, above), month: pick(whole, above) },
    worst: { day: pick(days, below), month: pick(whole, below) },
  };
};

/** Points of the chart: the last day of each equal stretch, with what flowed since the point before. */
const chartOf = (
  points: readonly IndexPoint[],
  series: Pick<Series, 'days' | 'startValue'>,
  index: readonly number[] | null,
): Answer['series'] => {
  const { days, startValue } = series;
  const step = Math.ceil(days.length / POINTS_MAX);
  const worth = index === null ? null : investedIn(index, startValue, days);
  const [first] = points;
  const chart: Answer['series'] = [];
  if (first !== undefined) {
    chart.push({
      date: first.day.toString(),
      value: decimalText(startValue),
      flow: '0',
      pct: 0,
      benchmarkPct: index === null ? null : 0,
      benchmarkValue: index === null ? null : decimalText(startValue),
    });
  }
  let flow = ZERO;
  for (const [at, day] of days.entries()) {
    flow = flow.plus(day.flow);
    const isLast = at === days.length - 1;
    if ((at + 1) % step !== 0 && !isLast) continue;
    chart.push({
      date: points[at + 1]?.day.toString() ?? '',
      value: decimalText(day.value),
      flow: decimalText(flow),
      pct: pctOrNull((points[at + 1]?.index ?? 1) - 1),
      benchmarkPct: pctOrNull((index?.[at + 1] ?? Number.NaN) - 1),
      benchmarkValue: worth === null ? null : money(worth[at] ?? 0),
    });
    flow = ZERO;
  }
  return chart;
};

const splitOf = ({ startValue, endValue, flow, income, currency }: PartSums) => {
  const gain = endValue.minus(startValue).minus(flow);
  return {
    gain,
    split: {
      price: decimalText(gain.minus(income).minus(currency)),
      currency: decimalText(currency),
      income: decimalText(income),
    },
  };
};

const contributionAnswer = (id: string, name: string, part: PartSums): Static<typeof Contribution> => {
  const { gain, split } = splitOf(part);
  return {
    id,
    name,
    startValue: decimalText(part.startValue),
    endValue: decimalText(part.endValue),
    netFlow: decimalText(part.flow),
    gain: decimalText(gain),
    split,
    contributionPct: pctOrNull(part.contribution),
  };
};

const isIdle = (part: PartSums): boolean =>
  part.startValue.isZero() && part.endValue.isZero() && part.flow.isZero() && part.income.isZero();

const addParts = (parts: Iterable<PartSums>): PartSums =>
  [...parts].reduce<PartSums>(
    (sum, part) => ({
      startValue: sum.startValue.plus(part.startValue),
      endValue: sum.endValue.plus(part.endValue),
      flow: sum.flow.plus(part.flow),
      income: sum.income.plus(part.income),
      currency: sum.currency.plus(part.currency),
      contribution: null,
    }),
    { startValue: ZERO, endValue: ZERO, flow: ZERO, income: ZERO, currency: ZERO, contribution: null },
  );

const gapsOf = (
  from: Temporal.PlainDate,
  days: readonly WholeDay[],
  names: ReadonlyMap<string, string>,
  which: (day: WholeDay) => readonly string[],
): Answer['completeness']['missing'] => {
  const gaps = new Map<string, { first: number; last: number; days: number }>();
  for (const [at, day] of days.entries()) {
    for (const id of which(day)) {
      const gap = gaps.get(id) ?? { first: at, last: at, days: 0 };
      gaps.set(id, { ...gap, last: at, days: gap.days + 1 });
    }
  }
  return [...gaps].map(([id, gap]) => ({
    id,
    name: names.get(id) ?? '',
    days: gap.days,
    from: from.add({ days: gap.first + 1 }).toString(),
    to: from.add({ days: gap.last + 1 }).toString(),
  }));
};

const benchmarkAnswer = (
  benchmark: Benchmark,
  grown: BenchmarkGrowth,
  series: Pick<Series, 'days' | 'startValue'>,
  ownPct: number | null,
): Answer['benchmark'] => {
  const last = grown.index?.at(-1) ?? null;
  const own = last === null ? null : pct(last - 1);
  const worth = grown.index === null ? null : investedIn(grown.index, series.startValue, series.days);
  return {
    id: benchmark.text,
    name: grown.name,
    pct: own,
    annualisedPct: last === null ? null : pctOrNull(annualised(last - 1, series.days.length)),
    differencePct: own === null || ownPct === null ? null : Number((ownPct - own).toFixed(PCT_PLACES)),
    endValue: worth === null ? null : money(worth.at(-1) ?? 0),
    missing: grown.missing,
    formula: grown.formula,
  };
};

const drawdownAnswer = (points: readonly IndexPoint[]): Answer['drawdown'] => {
  const found = maxDrawdown(points);
  return found === null
    ? null
    : {
        pct: pct(found.depth),
        peak: found.peak.toString(),
        trough: found.trough.toString(),
        recovered: found.recovered?.toString() ?? null,
      };
};

/** What compares, and how it grew. */
export type Compared = { readonly benchmark: Benchmark; readonly grown: BenchmarkGrowth };

const flowsOf = (from: Temporal.PlainDate, days: readonly WholeDay[]) =>
  days.flatMap(({ flow }, at) => (flow.isZero() ? [] : [{ day: from.add({ days: at + 1 }), amount: flow }]));

/** The figures of a period as the contract shows them. */
export const performanceAnswer = (
  titled: Titled,
  period: ReadPeriod,
  series: Omit<Series, 'startGrowth' | 'holdings' | 'reckonedFrom'> & {
    readonly names: ReadonlyMap<string, string>;
  },
  compared: Compared | null,
  hasSplit = true,
): Answer => {
  const { from, to } = period;
  const { days, startValue, parts, names } = series;
  const points = indexOf(from, days);
  const endValue = days.at(-1)?.value ?? startValue;
  const flows = flowsOf(from, days);
  const netFlow = flows.reduce((sum, { amount }) => sum.plus(amount), ZERO);
  const whole: PartSums = { ...addParts(parts.values()), startValue, endValue, flow: netFlow };
  const { gain, split } = splitOf(whole);
  const timeWeighted = timeWeightedAnswer(points, days);
  const months = monthReturns(points);
  const active = [...parts].filter(([, part]) => !isIdle(part));
  const size = ([, part]: (typeof active)[number]): Decimal =>
    part.endValue.minus(part.startValue).minus(part.flow).abs();
  const missing = gapsOf(from, days, names, (day) => day.missing);
  return {
    ...titled,
    period: period.name,
    from: from.toString(),
    to: to.toString(),
    days: daysBetween(from, to),
    startValue: decimalText(startValue),
    endValue: decimalText(endValue),
    netFlow: decimalText(netFlow),
    gain: decimalText(gain),
    split: hasSplit ? split : null,
    timeWeighted,
    moneyWeighted: moneyWeightedAnswer(moneyWeighted({ from, startValue, flows, to, endValue })),
    drawdown: drawdownAnswer(points),
    volatilityPct: pctOrNull(volatility(points)),
    months: months.map((one) => ({ month: one.month.toString(), pct: pct(one.return), whole: one.whole })),
    ...extremesOf(points, months),
    flows: flows
      .slice(-FLOWS_MAX)
      .map(({ day, amount }) => ({ date: day.toString(), amount: decimalText(amount) })),
    flowDays: flows.length,
    contributions: active
      .toSorted((a, b) => size(b).comparedTo(size(a)) || (a[0] < b[0] ? -1 : 1))
      .slice(0, CONTRIBUTIONS_MAX)
      .map(([id, part]) => {
        const answer = contributionAnswer(id, names.get(id) ?? '', part);
        return hasSplit ? answer : { ...answer, split: null };
      }),
    contributionCount: active.length,
    series: chartOf(points, series, compared?.grown.index ?? null),
    benchmark:
      compared === null
        ? null
        : benchmarkAnswer(compared.benchmark, compared.grown, series, timeWeighted.pct),
    completeness: {
      complete: missing.length === 0,
      missing,
      carried: gapsOf(from, days, names, (day) => day.carried),
      changedFrom: series.changedFrom?.toString() ?? null,
    },
  };
};

/** The portfolio with its owner, read with the owner's eyes from now on. @throws {AppError} 404 */
export const historyPortfolio = async (
  tx: Tx,
  id: string,
  timezone: string,
): Promise<HistoryPortfolio & { readonly name: string }> => {
  const portfolio = await readPortfolio(tx, id);
  const ownerId = await enterPortfolio(tx, id);
  if (ownerId === null) throw notFound('portfolio');
  return { id, ownerId, currency: portfolio.baseCurrency, timezone, name: portfolio.name };
};

const titleOf = (scope: Scope, portfolioName: string, series: Series): string => {
  if (scope.chosen === null) return portfolioName;
  if (!scope.text.startsWith('holding:')) return scope.name ?? scope.text.split(':').slice(1).join(':');
  return series.holdings[0]?.name ?? '';
};

/**
 * How a portfolio or a part of it did.
 * @throws {AppError} 404; 422 naming `from`, `to`, `period`, `scope` or `benchmark`
 */
export const performanceOf = async (tx: Tx, id: string, asked: PerformanceAsked): Promise<Answer> => {
  const scope = readScope(asked.scope);
  const benchmark = readBenchmark(asked.benchmark);
  const portfolio = await historyPortfolio(tx, id, asked.timezone);
  const period = readPeriod(asked, await firstTradeDay(tx, id));
  const series = await readSeries(tx, portfolio, period, scope.chosen);
  if (scope.chosen !== null && series.holdings.length === 0) {
    if (scope.text.startsWith('holding:')) throw notFound('holding');
    throw unprocessable('unknown_scope', 'Nothing in this portfolio is filed under that name.', 'scope');
  }
  const compared =
    benchmark === null ? null : { benchmark, grown: await benchmarkGrowth(tx, benchmark, portfolio, period) };
  const names = new Map(series.holdings.map((one) => [one.id, one.name]));
  const titled = {
    portfolioId: id,
    scope: scope.text,
    name: titleOf(scope, portfolio.name, series),
    currency: portfolio.currency,
  };
  return performanceAnswer(titled, period, { ...series, names }, compared);
};
