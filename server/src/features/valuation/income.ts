/**
 * Dividends and interest that were received, from the ledger.
 *
 * Contents: incomeOf
 */
import type { Income, IncomeSums } from '@pm/contracts/valuation';
import { dayIn } from '@pm/domain/calendar';
import { moneyAt } from '@pm/domain/ledger';
import { dec, decimalText, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import { taxYearStart } from '@pm/domain/valuation/performance';
import type { Static } from 'typebox';

import { incomeTrades, ledgerTrade } from '#features/ledger';
import { enterPortfolio, readPortfolio } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';

import { holdingsOf } from './history.ts';
import { percentOf } from './positions.ts';
import { summarise } from './summary.ts';

/** One payment, in the portfolio's currency at its own rate. */
type Payment = {
  readonly day: Temporal.PlainDate;
  readonly holdingId: string;
  readonly account: string;
  readonly isInterest: boolean;
  readonly gross: Decimal;
  readonly net: Decimal;
};

const sum = (amounts: readonly Decimal[]): Decimal =>
  amounts.reduce((total, amount) => total.plus(amount), ZERO);

const sumsOf = (payments: readonly Payment[]): Static<typeof IncomeSums> => {
  const gross = (isInterest: boolean): Decimal =>
    sum(payments.filter((one) => one.isInterest === isInterest).map((one) => one.gross));
  const net = sum(payments.map((one) => one.net));
  const [dividends, interest] = [gross(false), gross(true)];
  return {
    dividends: decimalText(dividends),
    interest: decimalText(interest),
    charges: decimalText(dividends.plus(interest).minus(net)),
    net: decimalText(net),
  };
};

const grouped = (payments: readonly Payment[], key: (payment: Payment) => string) =>
  [...Map.groupBy(payments, key)]
    .map(([name, some]) => ({ name, ...sumsOf(some) }))
    .toSorted((a, b) => (a.name < b.name ? 1 : -1));

/** 2024/25 is the year from 6 April 2024. */
const taxYearOf = (day: Temporal.PlainDate): string => {
  const { year } = taxYearStart(day);
  return `${year}/${String((year + 1) % 100).padStart(2, '0')}`;
};

const DAYS_PER_YEAR = 365;

/** @throws {AppError} 404 */
export const incomeOf = async (
  tx: Tx,
  id: string,
  asked: { readonly now: Temporal.Instant; readonly timezone: string },
): Promise<Static<typeof Income>> => {
  const portfolio = await readPortfolio(tx, id);
  await enterPortfolio(tx, id);
  const today = dayIn(asked.now, asked.timezone);
  const holdings = new Map((await holdingsOf(tx, id)).map((one) => [one.id, one]));
  const payments = (await incomeTrades(tx, id)).flatMap((row): Payment[] => {
    const holding = holdings.get(row.holding_id);
    if (holding === undefined || !holding.include) return [];
    const trade = ledgerTrade(row);
    const { gross, total } = moneyAt(trade, trade.fxRate);
    return [
      {
        day: trade.date,
        holdingId: holding.id,
        account: holding.account,
        isInterest: trade.type === 'interest',
        gross,
        net: total,
      },
    ];
  });
  const yearAgo = today.subtract({ days: DAYS_PER_YEAR });
  const yearly = sum(
    payments
      .filter(
        ({ day }) =>
          Temporal.PlainDate.compare(day, yearAgo) > 0 && Temporal.PlainDate.compare(day, today) <= 0,
      )
      .map((one) => one.net),
  );
  const { value, cost } = await summarise(tx, id, asked);
  return {
    portfolioId: id,
    currency: portfolio.baseCurrency,
    from: payments[0]?.day.toString() ?? null,
    to: today.toString(),
    total: sumsOf(payments),
    byMonth: grouped(payments, ({ day }) => day.toPlainYearMonth().toString()),
    byTaxYear: grouped(payments, ({ day }) => taxYearOf(day)),
    byAccount: grouped(payments, ({ account }) => account).toReversed(),
    byHolding: [...Map.groupBy(payments, (one) => one.holdingId)].map(([holdingId, some]) => ({
      holdingId,
      name: holdings.get(holdingId)?.name ?? '',
      ...sumsOf(some),
    })),
    yearly: {
      net: decimalText(yearly),
      onCostPct: percentOf(yearly, dec(cost)),
      onValuePct: percentOf(yearly, dec(value)),
      formula: 'net income of the last 365 days ÷ the cost, or the value, of what is held now',
    },
  };
};
