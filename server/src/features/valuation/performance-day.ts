/**
 * One point of a history opened: what was held in that evening and the one before, at which prices and rates, and what
 * came and went.
 *
 * Contents: performanceDay
 */
import type { PerformanceDay } from '@pm/contracts/valuation';
import { dayIn, endOfDay, FIRST_LEDGER_DAY, isAfter, isBefore, parseDay } from '@pm/domain/calendar';
import { tradeTotal } from '@pm/domain/ledger';
import { decimalText, ZERO } from '@pm/domain/money';
import type { Static } from 'typebox';

import { ledgerTrade, listHoldings, tradesOnDay } from '#features/ledger';
import { rateAnswer } from '#features/market-data';
import type { Tx } from '#platform/database/index.ts';
import { notFound, unprocessable } from '#platform/errors.ts';

import { holdingsOf } from './history.ts';
import { historyPortfolio } from './performance.ts';
import { momentOf, owedAnswer, priceAnswer, valueHoldings } from './positions.ts';
import type { ValuedRow } from './positions.ts';
import { readScope } from './scope.ts';
import { readSeries } from './series.ts';

const FORMULA =
  'return = (value in the evening + what went out) ÷ (value the evening before + what came in) − 1; value = quantity × price × rate, less what is owed';

const dayAsked = (text: string, today: Temporal.PlainDate): Temporal.PlainDate => {
  const day = parseDay(text);
  if (day === null || !isAfter(day, FIRST_LEDGER_DAY)) {
    throw unprocessable('invalid_date', 'date is not a day of the calendar since 1900.', 'date');
  }
  if (isAfter(day, today)) {
    throw unprocessable('invalid_date', `date is in the future; today is ${today.toString()}.`, 'date');
  }
  return day;
};

const valueText = (row: ValuedRow | undefined): string | null =>
  row === undefined || row.position.qty.isZero()
    ? '0'
    : 'missing' in row.valued
      ? null
      : decimalText(row.valued.value);

/** @throws {AppError} 404; 422 naming `date` or `scope` */
export const performanceDay = async (
  tx: Tx,
  id: string,
  asked: {
    readonly date: string;
    readonly scope?: string;
    readonly now: Temporal.Instant;
    readonly timezone: string;
  },
): Promise<Static<typeof PerformanceDay>> => {
  const scope = readScope(asked.scope);
  const portfolio = await historyPortfolio(tx, id, asked.timezone);
  const today = dayIn(asked.now, asked.timezone);
  const day = dayAsked(asked.date, today);
  const before = day.subtract({ days: 1 });
  const moment = momentOf(day.toString(), asked.now, asked.timezone);
  const chosen = (await holdingsOf(tx, id)).filter(scope.chosen ?? (({ include }) => include));
  if (scope.text.startsWith('holding:') && chosen.length === 0) throw notFound('holding');
  const ids = new Set(chosen.map((one) => one.id));
  const rows = (await listHoldings(tx, id)).filter((row) => ids.has(row.id));
  const now = await valueHoldings(tx, rows, moment);
  const earlier = await valueHoldings(tx, rows, {
    instant: endOfDay(before, asked.timezone),
    day: before,
    isNow: false,
    timezone: asked.timezone,
  });
  const then = new Map(earlier.map((row) => [row.row.id, row]));
  const until = isBefore(day, today) ? endOfDay(day, asked.timezone) : asked.now;
  const series = await readSeries(tx, portfolio, { from: before, to: day, until }, scope.chosen);
  const [whole] = series.days;
  const trades = (await tradesOnDay(tx, id, day)).filter((trade) => ids.has(trade.holding_id));
  const names = new Map(chosen.map((one) => [one.id, one.name]));
  const held = now.filter(
    (row) => !row.position.qty.isZero() || then.get(row.row.id)?.position.qty.isZero() === false,
  );
  return {
    date: day.toString(),
    currency: portfolio.currency,
    value: decimalText(whole?.value ?? ZERO),
    valueBefore: decimalText(series.startValue),
    flow: decimalText(whole?.flow ?? ZERO),
    pct: whole?.dayReturn == null ? null : Number((whole.dayReturn * 100).toFixed(10)),
    formula: FORMULA,
    rows: held.map((row) => ({
      holdingId: row.row.id,
      name: names.get(row.row.id) ?? '',
      account: row.row.account,
      qty: decimalText(row.position.qty),
      value: valueText(row),
      valueBefore: valueText(then.get(row.row.id)),
      price: row.valued.price === null ? null : priceAnswer(row.valued.price, moment),
      rate: 'missing' in row.valued ? null : rateAnswer(row.valued.rate),
      owed: 'missing' in row.valued || row.valued.owed === null ? null : owedAnswer(row.valued.owed),
      missing: 'missing' in row.valued ? row.valued.missing : null,
    })),
    trades: trades.map((trade) => ({
      id: trade.id,
      holdingId: trade.holding_id,
      name: names.get(trade.holding_id) ?? '',
      type: ledgerTrade(trade).type,
      total: decimalText(tradeTotal(ledgerTrade(trade))),
    })),
  };
};
