/**
 * Dividends and interest: received by the ledger, expected by what was announced, estimated by the last year.
 *
 * Contents: incomeOf · incomeOfAll · listPayments · listAllPayments
 */
import type { Income, INCOME_STATUSES, IncomePayment, IncomeSums } from '@pm/contracts/valuation';
import { dayIn, isAfter, isBefore, parseDay } from '@pm/domain/calendar';
import { currency, dec, decimalText, isCurrency, ONE, roundAmount, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import { incomePeriod, taxYearName } from '@pm/domain/valuation/income';
import type { IncomePeriod, IncomePeriodName } from '@pm/domain/valuation/income';
import type { Static } from 'typebox';

import { findRatesOn } from '#features/market-data';
import { allPortfolios, enterPortfolio, readPortfolio } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';
import { unprocessable } from '#platform/errors.ts';
import { badCursor, DEFAULT_PAGE } from '#platform/paging.ts';

import { summariseAll, targetCurrency } from './household.ts';
import { paymentAnswer, paymentsOf } from './income-payments.ts';
import type { Payment } from './income-payments.ts';
import { percentOf } from './positions.ts';
import { summarise } from './summary.ts';

type Asked = {
  readonly from?: string;
  readonly to?: string;
  readonly period?: IncomePeriodName;
  readonly now: Temporal.Instant;
  readonly timezone: string;
};
type Answer = Static<typeof Income>;
/** A payment with its amounts in the currency of the answer; null without a rate. */
type Counted = Omit<Payment, 'inBase'> & {
  readonly inBase: NonNullable<Payment['inBase']>;
};

const DAYS_PER_YEAR = 365;

const sum = (amounts: readonly Decimal[]): Decimal =>
  amounts.reduce((total, amount) => total.plus(amount), ZERO);

const isExpected = ({ status }: Pick<Payment, 'status'>): boolean =>
  status === 'waiting' || status === 'announced';

const sumsOf = (payments: readonly Counted[]): Static<typeof IncomeSums> => {
  const gross = (which: (one: Counted) => boolean): Decimal =>
    sum(payments.filter(which).map(({ inBase }) => inBase.gross));
  const received = payments.filter(({ status }) => status === 'received');
  const net = sum(received.map(({ inBase }) => inBase.net));
  const dividends = gross(({ status, kind }) => status === 'received' && kind === 'dividend');
  const interest = gross(({ status, kind }) => status === 'received' && kind === 'interest');
  return {
    dividends: decimalText(dividends),
    interest: decimalText(interest),
    charges: decimalText(dividends.plus(interest).minus(net)),
    net: decimalText(net),
    expected: decimalText(gross(isExpected)),
    estimated: decimalText(gross(({ status }) => status === 'estimated')),
  };
};

const grouped = (payments: readonly Counted[], key: (payment: Counted) => string) =>
  [...Map.groupBy(payments, key)]
    .map(([name, some]) => ({ name, ...sumsOf(some) }))
    .toSorted((a, b) => (a.name < b.name ? 1 : -1));

const readDay = (text: string, field: 'from' | 'to'): Temporal.PlainDate => {
  const day = parseDay(text);
  if (day === null) throw unprocessable('invalid_date', `${field} is not a day of the calendar.`, field);
  return day;
};

/** @throws {AppError} 422 naming `from`, `to` or `period` */
const readPeriod = (
  asked: Pick<Asked, 'from' | 'to' | 'period'>,
  today: Temporal.PlainDate,
): IncomePeriod => {
  if (asked.period !== undefined) {
    if (asked.from === undefined && asked.to === undefined) return incomePeriod(asked.period, today);
    throw unprocessable('two_periods', 'Give either days or period, not both.', 'period');
  }
  const from = asked.from === undefined ? null : readDay(asked.from, 'from');
  const to = asked.to === undefined ? today.add({ days: DAYS_PER_YEAR }) : readDay(asked.to, 'to');
  if (from !== null && isAfter(from, to)) {
    throw unprocessable('invalid_period', 'from must not be after to.', 'from');
  }
  return { from, to };
};

const within =
  ({ from, to }: IncomePeriod) =>
  ({ day }: Pick<Payment, 'day'>): boolean =>
    (from === null || !isBefore(day, from)) && !isAfter(day, to);

/** What a year brings, over cost and value of what is held now. */
const yieldOf = (amount: Decimal, { cost, value }: { readonly cost: string; readonly value: string }) => ({
  onCostPct: percentOf(amount, dec(cost)),
  onValuePct: percentOf(amount, dec(value)),
});

const YEARLY = 'net income of the last 365 days ÷ the cost, or the value, of what is held now';
const COMING =
  'announced, waiting and estimated payments of the next 365 days, gross ÷ the cost, or the value, of what is held now';

type Held = {
  readonly portfolioId: string | null;
  readonly currency: string;
  readonly cost: string;
  readonly value: string;
};

/** Everything that counts, in the currency of the answer; and in words what does not. */
const counted = (payments: readonly Payment[]): { known: Counted[]; missing: string[] } => ({
  known: payments.flatMap((one) => (one.inBase === null ? [] : [{ ...one, inBase: one.inBase }])),
  missing: [
    ...new Set(
      payments
        .filter(({ inBase, status }) => inBase === null && status !== 'dismissed')
        .map(({ holding, paidIn }) => `${holding.name}: there is no rate for ${paidIn}.`),
    ),
  ],
});

const incomeAnswer = (
  all: readonly Payment[],
  held: Held,
  period: IncomePeriod,
  today: Temporal.PlainDate,
): Answer => {
  const { known, missing } = counted(all.filter(({ status }) => status !== 'dismissed'));
  const shown = known.filter(within(period));
  const yearAgo = today.subtract({ days: DAYS_PER_YEAR });
  const lastYear = known.filter(
    ({ status, day }) => status === 'received' && isAfter(day, yearAgo) && !isAfter(day, today),
  );
  const net = sum(lastYear.map(({ inBase }) => inBase.net));
  const ahead = known.filter(within({ from: today, to: today.add({ days: DAYS_PER_YEAR }) }));
  const [expected, estimated] = [isExpected, (one: Counted) => one.status === 'estimated'].map((which) =>
    sum(ahead.filter(which).map(({ inBase }) => inBase.gross)),
  ) as [Decimal, Decimal];
  const gross = expected.plus(estimated);
  return {
    portfolioId: held.portfolioId,
    currency: held.currency,
    from: all.find(({ status }) => status === 'received')?.day.toString() ?? null,
    to: today.toString(),
    period: { from: period.from?.toString() ?? null, to: period.to.toString() },
    total: sumsOf(shown),
    byMonth: grouped(shown, ({ day }) => day.toPlainYearMonth().toString()),
    byTaxYear: grouped(shown, ({ day }) => taxYearName(day)),
    byAccount: grouped(shown, ({ holding }) => holding.account).toReversed(),
    byHolding: [...Map.groupBy(shown, (one) => one.holding.id)].map(([holdingId, some]) => ({
      holdingId,
      name: some[0]?.holding.name ?? '',
      ...sumsOf(some),
    })),
    yearly: { net: decimalText(net), ...yieldOf(net, held), formula: YEARLY },
    coming: {
      gross: decimalText(gross),
      expected: decimalText(expected),
      estimated: decimalText(estimated),
      ...yieldOf(gross, held),
      formula: COMING,
    },
    waiting: all.filter(({ status }) => status === 'waiting').length,
    missing,
  };
};

/** @throws {AppError} 404; 422 naming `from` or `to` */
export const incomeOf = async (tx: Tx, id: string, asked: Asked): Promise<Answer> => {
  const { baseCurrency } = await readPortfolio(tx, id);
  await enterPortfolio(tx, id);
  const today = dayIn(asked.now, asked.timezone);
  const period = readPeriod(asked, today);
  const payments = await paymentsOf(tx, id, baseCurrency, today);
  const { value, cost } = await summarise(tx, id, { now: asked.now, timezone: asked.timezone });
  return incomeAnswer(payments, { portfolioId: id, currency: baseCurrency, cost, value }, period, today);
};

/** Payments in another currency: at the rate of their day, of today for what is to come. */
const converted = async (
  tx: Tx,
  payments: readonly Payment[],
  from: string,
  to: string,
  today: Temporal.PlainDate,
): Promise<Payment[]> => {
  if (from === to) return [...payments];
  const days = payments.map(({ day }) => (isAfter(day, today) ? today : day));
  const unique = [...new Map(days.map((day) => [day.toString(), day])).values()];
  const found = await findRatesOn(tx, [{ from: currency(from), to: currency(to) }], unique);
  const rates = new Map(unique.map((day, at) => [day.toString(), found[at]?.get(`${from}/${to}`)]));
  return payments.map((one, at) => {
    const rate = rates.get(days[at]?.toString() ?? '');
    if (one.inBase === null || rate === undefined || 'missing' in rate) return { ...one, inBase: null };
    const into = (amount: Decimal): Decimal => roundAmount(amount.times(rate.rate ?? ONE));
    return { ...one, inBase: { gross: into(one.inBase.gross), net: into(one.inBase.net) } };
  });
};

/** The payments of each portfolio that counts, seen with its owner's eyes. */
const ofEach = async <T>(
  tx: Tx,
  today: Temporal.PlainDate,
  use: (payments: Payment[], portfolio: { readonly id: string; readonly baseCurrency: string }) => Promise<T>,
): Promise<T[]> => {
  const results: T[] = [];
  for (const portfolio of (await allPortfolios(tx)).filter(({ type }) => type === 'actual')) {
    await enterPortfolio(tx, portfolio.id);
    results.push(await use(await paymentsOf(tx, portfolio.id, portfolio.baseCurrency, today), portfolio));
  }
  return results;
};

/** All portfolios that count together. @throws {AppError} 422 naming `from`, `to` or `currency` */
export const incomeOfAll = async (
  tx: Tx,
  userId: string,
  asked: Asked & { readonly currency?: string },
): Promise<Answer> => {
  const today = dayIn(asked.now, asked.timezone);
  const period = readPeriod(asked, today);
  if (asked.currency !== undefined && !isCurrency(asked.currency)) {
    throw unprocessable('unknown_currency', `${asked.currency} is not a currency of ISO 4217.`, 'currency');
  }
  const code = await targetCurrency(tx, userId, asked.currency, await allPortfolios(tx));
  const each = await ofEach(tx, today, async (payments, portfolio) =>
    converted(tx, payments, portfolio.baseCurrency, code, today),
  );
  const { value, cost } = await summariseAll(tx, userId, {
    currency: code,
    now: asked.now,
    timezone: asked.timezone,
  });
  const all = each.flat().toSorted((a, b) => Temporal.PlainDate.compare(a.day, b.day));
  return incomeAnswer(all, { portfolioId: null, currency: code, cost, value }, period, today);
};

type PageAsked = Asked & {
  readonly status?: (typeof INCOME_STATUSES)[number];
  readonly limit?: number;
  readonly cursor?: string;
};

type Item = Static<typeof IncomePayment>;

/** A page of what was computed as a whole: after the payment that the cursor names. @throws {AppError} 400 `bad_cursor` */
const pageOfPayments = (all: readonly Item[], asked: PageAsked) => {
  const after = asked.cursor === undefined ? -1 : all.findIndex(({ id }) => id === asked.cursor);
  if (asked.cursor !== undefined && after < 0) throw badCursor();
  const items = all.slice(after + 1, after + 1 + (asked.limit ?? DEFAULT_PAGE));
  const isLast = after + 1 + items.length >= all.length;
  return { items, nextCursor: isLast ? null : (items.at(-1)?.id ?? null) };
};

const chosen =
  (asked: PageAsked, today: Temporal.PlainDate) =>
  (payment: Payment): boolean =>
    within(readPeriod(asked, today))(payment) &&
    (asked.status === undefined || payment.status === asked.status);

/** @throws {AppError} 404; 400 `bad_cursor`; 422 naming `from` or `to` */
export const listPayments = async (tx: Tx, id: string, asked: PageAsked) => {
  const { baseCurrency } = await readPortfolio(tx, id);
  await enterPortfolio(tx, id);
  const today = dayIn(asked.now, asked.timezone);
  const payments = (await paymentsOf(tx, id, baseCurrency, today)).filter(chosen(asked, today));
  return pageOfPayments(
    payments.map((one) => paymentAnswer(one, { portfolioId: id, currency: baseCurrency })),
    asked,
  );
};

/** The same of all portfolios that count, each in its own currency. */
export const listAllPayments = async (tx: Tx, asked: PageAsked) => {
  const today = dayIn(asked.now, asked.timezone);
  const each = await ofEach(tx, today, (payments, portfolio) =>
    Promise.resolve(
      payments
        .filter(chosen(asked, today))
        .map((one) => paymentAnswer(one, { portfolioId: portfolio.id, currency: portfolio.baseCurrency })),
    ),
  );
  const all = each
    .flat()
    .toSorted((a, b) => (a.payDate === b.payDate ? (a.id < b.id ? -1 : 1) : a.payDate < b.payDate ? -1 : 1));
  return pageOfPayments(all, asked);
};
