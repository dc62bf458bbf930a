/**
 * All portfolios that a person sees, together in one currency: their own, and those shared with them, each of these seen
 * with its owner's eyes as everywhere else.
 *
 * Contents: summariseAll · targetCurrency · valueAll
 */
import type { HouseholdSummary, PortfolioInHousehold } from '@pm/contracts/valuation';
import { currency as currencyCode, decimalText, isCurrency, ONE, roundAmount, ZERO } from '@pm/domain/money';
import type { Currency, Decimal } from '@pm/domain/money';
import type { Rate } from '@pm/domain/market-data';
import { totalsBy } from '@pm/domain/valuation';
import type { Static } from 'typebox';

import { readMe } from '#features/identity';
import { holdingsOf } from '#features/ledger';
import { findRatesOn, rateAnswer } from '#features/market-data';
import type { Rates } from '#features/market-data';
import { allPortfolios, enterPortfolio, wrappersOf } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';
import { unprocessable } from '#platform/errors.ts';

import { momentOf, percentOf, valueAlso, valueHoldings } from './positions.ts';
import type { Moment, ValuedRow } from './positions.ts';
import { dayBefore, figuresOf, figureTexts, wrapperOf } from './summary.ts';
import type { Figures, ValuedOnly } from './summary.ts';

type Portfolio = Awaited<ReturnType<typeof allPortfolios>>[number];

/** A portfolio with what is in it, in its own currency. */
type Part = {
  readonly portfolio: Portfolio;
  readonly counted: boolean;
  readonly figures: ReturnType<typeof figuresOf>;
};

/** Hands over one's own together; what is shared is entered one by one, because each owner sees something else. */
const bySight = async (
  tx: Tx,
  portfolios: readonly Portfolio[],
  run: (together: readonly Portfolio[]) => Promise<void>,
): Promise<void> => {
  await run(portfolios.filter((one) => one.access === 'owner'));
  for (const portfolio of portfolios.filter((one) => one.access !== 'owner')) {
    await enterPortfolio(tx, portfolio.id);
    await run([portfolio]);
  }
};

const idsOf = (portfolios: readonly Portfolio[]): string[] => portfolios.map((one) => one.id);

/** In the order of the portfolios. */
const partsOf = async (
  tx: Tx,
  portfolios: readonly Portfolio[],
  moment: Moment,
  before: Moment,
): Promise<Part[]> => {
  const parts = new Map<string, Part>();
  await bySight(tx, portfolios, async (together) => {
    const rows = await holdingsOf(tx, idsOf(together));
    const { valued, others } = await valueAlso(tx, rows, moment, [before]);
    const byPortfolio = Map.groupBy(valued, (row) => row.row.portfolio_id);
    for (const portfolio of together) {
      const figures = figuresOf(byPortfolio.get(portfolio.id) ?? [], others[0]);
      parts.set(portfolio.id, { portfolio, counted: isCounted(portfolio), figures });
    }
  });
  return portfolios.flatMap((one) => parts.get(one.id) ?? []);
};

/** Drafts and models are not owned. */
const isCounted = (portfolio: Portfolio): boolean => portfolio.type === 'actual';

/** @throws {AppError} 422 `unknown_currency` */
export const targetCurrency = async (
  tx: Tx,
  userId: string,
  asked: string | undefined,
  portfolios: readonly Portfolio[],
): Promise<Currency> => {
  if (asked !== undefined && !isCurrency(asked)) {
    throw unprocessable('unknown_currency', `${asked} is not a currency of ISO 4217.`, 'currency');
  }
  const { preferences } = await readMe(tx, userId);
  const first = portfolios.find((one) => one.type === 'actual')?.baseCurrency;
  return currencyCode(asked ?? preferences.currency ?? first ?? 'GBP');
};

const ratesTo = async (
  tx: Tx,
  parts: readonly Pick<Part, 'portfolio'>[],
  target: Currency,
  moment: Moment,
): Promise<ReadonlyMap<string, Rate>> => {
  const bases = [...new Set(parts.map(({ portfolio }) => currencyCode(portfolio.baseCurrency)))];
  const pairs = bases.map((from) => ({ from, to: target }));
  const [found = new Map() as Rates] = await findRatesOn(tx, pairs, [moment.day]);
  const known = bases.flatMap((from): [string, Rate][] => {
    const rate = found.get(`${from}/${target}`);
    return rate === undefined || 'missing' in rate ? [] : [[from, rate]];
  });
  return new Map(known);
};

const inTarget = (amount: Decimal, rate: Rate | undefined): Decimal =>
  roundAmount(amount.times(rate?.rate ?? ONE));

const partAnswer = (
  { portfolio, counted, figures }: Part,
  rate: Rate | undefined,
): Static<typeof PortfolioInHousehold> => {
  const text = (amount: Decimal | null): string | null =>
    amount === null || rate === undefined ? null : decimalText(inTarget(amount, rate));
  return {
    portfolioId: portfolio.id,
    name: portfolio.name,
    type: portfolio.type,
    access: portfolio.access,
    owner: portfolio.owner,
    isDemo: portfolio.isDemo,
    counted,
    baseCurrency: portfolio.baseCurrency,
    own: figureTexts(figures),
    value: text(figures.value),
    cost: text(figures.cost),
    gain: text(figures.gain),
    rate: rate === undefined ? null : rateAnswer(rate),
    holdingCount: figures.held.length,
    complete: figures.complete,
    missing: figures.included
      .filter((row) => 'missing' in row.valued)
      .map((row) => row.row.instrument_name ?? row.row.unlinked_name ?? ''),
  };
};

type Converted = { readonly part: Part; readonly rate: Rate };

/** Sums of what is known, each portfolio at its rate; null where no portfolio has the figure. */
const sumOf = (known: readonly Converted[], read: (figures: Figures) => Decimal | null): Decimal | null => {
  const amounts = known.flatMap(({ part, rate }) => {
    const amount = read(part.figures);
    return amount === null ? [] : [inTarget(amount, rate)];
  });
  return amounts.length === 0 ? null : amounts.reduce((total, amount) => total.plus(amount), ZERO);
};

const byWrapper = async (tx: Tx, known: readonly Converted[]): Promise<Record<string, string>> => {
  const rows = await wrappersOf(
    tx,
    known.map(({ part }) => part.portfolio.id),
  );
  const wrapper = wrapperOf(rows);
  const lines = known.flatMap(({ part, rate }) =>
    part.figures.valued.map((row: ValuedOnly) => ({ row, rate })),
  );
  const totals = totalsBy(
    lines,
    ({ row }) => wrapper(row),
    ({ row, rate }) => inTarget(row.valued.value, rate),
  );
  return Object.fromEntries([...totals].map(([name, amount]) => [name, decimalText(amount)]));
};

/**
 * Everything that a person sees, now or at the end of a past day.
 * @throws {AppError} 422 naming `asOf` or `currency`
 */
export const summariseAll = async (
  tx: Tx,
  userId: string,
  request: { asOf?: string; currency?: string; now: Temporal.Instant; timezone: string },
): Promise<Static<typeof HouseholdSummary>> => {
  const moment = momentOf(request.asOf, request.now, request.timezone);
  const portfolios = await allPortfolios(tx);
  const target = await targetCurrency(tx, userId, request.currency, portfolios);
  const parts = await partsOf(tx, portfolios, moment, dayBefore(moment, request.timezone));
  const rates = await ratesTo(tx, parts, target, moment);
  const counted = parts.filter((part) => part.counted);
  const known = counted.flatMap((part): Converted[] => {
    const rate = rates.get(part.portfolio.baseCurrency);
    return rate === undefined ? [] : [{ part, rate }];
  });
  const value = sumOf(known, (figures) => figures.value) ?? ZERO;
  const assets = sumOf(known, (figures) => figures.assets) ?? ZERO;
  const gain = sumOf(known, (figures) => figures.gain);
  const gainCost = sumOf(known, (figures) => (figures.gain === null ? null : figures.gainCost));
  const change = sumOf(known, (figures) => figures.dayChange);
  return {
    currency: target,
    asOf: moment.day.toString(),
    valuedAt: moment.instant.toString(),
    value: decimalText(value),
    assets: decimalText(assets),
    debt: decimalText(assets.minus(value)),
    cost: decimalText(sumOf(known, (figures) => figures.cost) ?? ZERO),
    gain: gain === null ? null : decimalText(gain),
    gainPct: gain === null || gainCost === null ? null : percentOf(gain, gainCost),
    dayChange: change === null ? null : decimalText(change),
    byWrapper: await byWrapper(tx, known),
    complete: known.length === counted.length && known.every(({ part }) => part.figures.complete),
    portfolios: parts.map((part) => partAnswer(part, rates.get(part.portfolio.baseCurrency))),
    rates: [...rates.values()].filter((rate) => rate.method !== 'identity').map(rateAnswer),
  };
};

/** A portfolio among all, its holdings valued in its own currency. */
export type ValuedPortfolio = {
  readonly portfolio: Portfolio;
  readonly valued: readonly ValuedRow[];
  /** Of its own currency to that of all; null where none is known. */
  readonly rate: Decimal | null;
};

/**
 * The holdings of every portfolio that counts. Holdings of a portfolio that is shared are valued with its owner's eyes.
 * @throws {AppError} 422 naming `currency`
 */
export const valueAll = async (
  tx: Tx,
  userId: string,
  asked: string | undefined,
  moment: Moment,
): Promise<{ readonly currency: Currency; readonly portfolios: readonly ValuedPortfolio[] }> => {
  const all = await allPortfolios(tx);
  const target = await targetCurrency(tx, userId, asked, all);
  const counted = all.filter(isCounted);
  const rates = await ratesTo(
    tx,
    counted.map((portfolio) => ({ portfolio })),
    target,
    moment,
  );
  const portfolios: ValuedPortfolio[] = [];
  await bySight(tx, counted, async (together) => {
    const rows = await valueHoldings(tx, await holdingsOf(tx, idsOf(together)), moment);
    const byPortfolio = Map.groupBy(rows, (row) => row.row.portfolio_id);
    for (const portfolio of together) {
      const rate = rates.get(portfolio.baseCurrency)?.rate ?? null;
      portfolios.push({ portfolio, valued: byPortfolio.get(portfolio.id) ?? [], rate });
    }
  });
  return { currency: target, portfolios };
};
