/**
 * All portfolios that a person sees together, in one currency: drafts and models are for trying out and do not count.
 *
 * Contents: performanceOfAll
 */
import type { Performance } from '@pm/contracts/valuation';
import { currency, ONE, roundAmount, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import { wholeHistory } from '@pm/domain/valuation/history';
import type { HoldingDay, Part, WholeDay } from '@pm/domain/valuation/history';
import type { Static } from 'typebox';

import { firstTradeDay } from '#features/ledger';
import { dailyRates } from '#features/market-data';
import { allPortfolios } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';

import { benchmarkGrowth, readBenchmark } from './benchmark.ts';
import { targetCurrency } from './household.ts';
import { historyPortfolio, performanceAnswer } from './performance.ts';
import type { PerformanceAsked } from './performance.ts';
import { readPeriod } from './period.ts';
import type { ReadPeriod } from './period.ts';
import { readSeries } from './series.ts';
import type { PartSums, Series } from './series.ts';

type Asked = Omit<PerformanceAsked, 'scope'> & { readonly currency?: string; readonly userId: string };
type Portfolio = Awaited<ReturnType<typeof historyPortfolio>>;

/** A portfolio's days in the currency asked for; days without a rate have no value. */
const convertedPart = (
  portfolio: Portfolio,
  series: Series,
  rateOn: (at: number) => Decimal | null,
): Part => {
  const inCurrency = (amount: Decimal, at: number): Decimal | null => {
    if (amount.isZero()) return ZERO;
    const rate = rateOn(at);
    return rate === null ? null : roundAmount(amount.times(rate));
  };
  let before = inCurrency(series.startValue, 0);
  const valueBefore = before;
  const days = series.days.map((day, at): HoldingDay => {
    const value = inCurrency(day.value, at + 1);
    const given = inCurrency(day.flow, at + 1) ?? ZERO;
    // As for a holding: what has no rate is not in the reckoning meanwhile.
    const flow = value === null ? ZERO.minus(before ?? ZERO) : before === null ? value : given;
    before = value;
    return {
      position: { qty: day.heldCount === 0 ? ZERO : ONE, cost: ZERO },
      value,
      flow,
      income: ZERO,
      currency: ZERO,
      priceAge: 0,
    };
  });
  return { id: portfolio.id, isCash: false, valueBefore, days };
};

const sumsOf = (part: Part, contributions: readonly number[], isSaid: boolean): PartSums => ({
  startValue: part.valueBefore ?? ZERO,
  endValue: part.days.at(-1)?.value ?? part.valueBefore ?? ZERO,
  flow: part.days.reduce((sum, { flow }) => sum.plus(flow), ZERO),
  income: ZERO,
  currency: ZERO,
  contribution: isSaid ? contributions.reduce((sum, one) => sum + one, 0) : null,
});

/** Rates into the currency asked for, from the evening of `from` on, by currency. */
const ratesInto = async (
  tx: Tx,
  portfolios: readonly Portfolio[],
  code: string,
  { from, to }: ReadPeriod,
) => {
  const foreign = [...new Set(portfolios.map((one) => one.currency))].filter((one) => one !== code);
  const rates = await dailyRates(tx, foreign, currency(code), { from, to });
  return (portfolio: Portfolio) =>
    (at: number): Decimal | null =>
      portfolio.currency === code ? ONE : (rates.get(portfolio.currency)?.[at] ?? null);
};

const earliestOf = (days: readonly (Temporal.PlainDate | null)[]): Temporal.PlainDate | null =>
  days.reduce<Temporal.PlainDate | null>(
    (first, day) =>
      day === null || (first !== null && Temporal.PlainDate.compare(first, day) <= 0) ? first : day,
    null,
  );

/** Days that name portfolios, where holdings of theirs had no value or one by an old price. */
const namedDays = (
  days: readonly WholeDay[],
  all: readonly { readonly id: string; readonly series: Series }[],
): WholeDay[] =>
  days.map((day, at) => {
    const naming = (which: (own: WholeDay) => readonly string[]): string[] =>
      all.flatMap(({ id, series }) =>
        series.days[at] !== undefined && which(series.days[at]).length > 0 ? [id] : [],
      );
    return {
      ...day,
      missing: [...new Set([...day.missing, ...naming((own) => own.missing)])],
      carried: naming((own) => own.carried),
    };
  });

/** @throws {AppError} 422 naming `currency`, `from`, `to`, `period` or `benchmark` */
export const performanceOfAll = async (tx: Tx, asked: Asked): Promise<Static<typeof Performance>> => {
  const benchmark = readBenchmark(asked.benchmark);
  const seen = await allPortfolios(tx);
  const code = await targetCurrency(tx, asked.userId, asked.currency, seen);
  const ids = seen.filter(({ type }) => type === 'actual').map(({ id }) => id);
  const firsts: (Temporal.PlainDate | null)[] = [];
  for (const id of ids) firsts.push(await firstTradeDay(tx, id));
  const period = readPeriod(asked, earliestOf(firsts));
  const all: { readonly id: string; readonly portfolio: Portfolio; readonly series: Series }[] = [];
  for (const id of ids) {
    const portfolio = await historyPortfolio(tx, id, asked.timezone);
    all.push({ id, portfolio, series: await readSeries(tx, portfolio, period, null) });
  }
  const portfolios = all.map((one) => one.portfolio);
  const rateOf = await ratesInto(tx, portfolios, code, period);
  const parts = all.map(({ portfolio, series }) => convertedPart(portfolio, series, rateOf(portfolio)));
  const whole = wholeHistory({ growth: 1 }, parts, all[0]?.series.days.length ?? 0);
  const days = namedDays(whole.days, all);
  const isSaid = days.every((day) => day.dayReturn !== null);
  const together = { id: '', ownerId: asked.userId, currency: code, timezone: asked.timezone };
  const compared =
    benchmark === null ? null : { benchmark, grown: await benchmarkGrowth(tx, benchmark, together, period) };
  const series = {
    days,
    startValue: parts.reduce((sum, { valueBefore }) => sum.plus(valueBefore ?? ZERO), ZERO),
    parts: new Map(
      parts.map((part) => [part.id, sumsOf(part, whole.contributions.get(part.id) ?? [], isSaid)]),
    ),
    changedFrom: earliestOf(all.map((one) => one.series.changedFrom)),
    names: new Map(portfolios.map((one) => [one.id, one.name])),
  };
  const titled = { portfolioId: null, scope: 'all', name: 'All portfolios', currency: code };
  return performanceAnswer(titled, period, series, compared, false);
};
