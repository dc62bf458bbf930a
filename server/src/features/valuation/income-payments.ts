/**
 * Every payment of a portfolio by its day: what the ledger has, what was announced or waits to be confirmed, and what the
 * last year lets expect.
 *
 * Contents: Payment · paymentsOf · paymentAnswer
 */
import type { INCOME_STATUSES, IncomePayment } from '@pm/contracts/valuation';
import { FIRST_LEDGER_DAY, isAfter, isBefore } from '@pm/domain/calendar';
import { inReplayOrder, moneyAt, replay } from '@pm/domain/ledger';
import type { LedgerStep, LedgerTrade } from '@pm/domain/ledger';
import type { Rate } from '@pm/domain/market-data';
import { currency, decimalText, isCurrency, ONE, roundAmount } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import { entitledUnits, estimatedDividends, matchedPayments } from '@pm/domain/valuation/income';
import type { AnnouncedDividend } from '@pm/domain/valuation/income';
import type { Static } from 'typebox';

import { ledgerTrade, tradesSince } from '#features/ledger';
import type { TradeRow } from '#features/ledger';
import { dividendCalendars, findRatesOn } from '#features/market-data';
import type { DividendCalendar, Rates } from '#features/market-data';
import type { Tx } from '#platform/database/index.ts';

import { holdingsOf } from './history.ts';
import type { HistoryHolding } from './history.ts';
import { decisionsOf } from './income-queries.ts';
import type { Decision } from './income-queries.ts';

type Status = (typeof INCOME_STATUSES)[number];

/** A rate as it was used: the one a trade stores, or the one published for the day. */
type RateUsed = { readonly rate: Decimal; readonly source: string; readonly date: Temporal.PlainDate | null };

/** One payment of a holding. */
export type Payment = {
  readonly id: string;
  readonly holding: HistoryHolding;
  readonly kind: 'dividend' | 'interest';
  readonly status: Status;
  readonly exDate: Temporal.PlainDate | null;
  readonly place: number;
  readonly day: Temporal.PlainDate;
  readonly isDayKnown: boolean;
  readonly qty: Decimal | null;
  readonly perUnit: Decimal | null;
  readonly paidIn: string;
  readonly gross: Decimal;
  /** In the portfolio's currency; null without a rate. `net` is less what was charged. */
  readonly inBase: { readonly gross: Decimal; readonly net: Decimal } | null;
  readonly rate: RateUsed | null;
  readonly formula: string;
  readonly source: string;
  readonly tradeId: string | null;
  readonly confirmed: boolean;
};

/** A dividend that is expected, before it is known what it is in the portfolio's currency. */
type Expected = Omit<Payment, 'inBase' | 'rate'>;

const PAID = 'as recorded, less what was withheld or charged, at the rate of the trade';
const DUE = 'units held the evening before the ex-date, after splits of that day × the dividend for each';
const LIKELY = 'units held now × what a unit was paid a year before';

/** Dividends of longer ago than this are history that a statement tells, not something that waits. Years. */
const PROPOSED_YEARS = 10;

const receivedOf = (
  row: TradeRow,
  holding: HistoryHolding,
  dividend: AnnouncedDividend | undefined,
  confirmed: boolean,
): Payment => {
  const trade = ledgerTrade(row);
  const own = moneyAt(trade, ONE);
  const { gross, total } = moneyAt(trade, trade.fxRate);
  return {
    id: trade.id,
    holding,
    kind: trade.type === 'interest' ? 'interest' : 'dividend',
    status: 'received',
    exDate: dividend?.exDate ?? null,
    place: dividend?.place ?? 1,
    day: trade.date,
    isDayKnown: true,
    qty: null,
    perUnit: dividend?.perUnit ?? null,
    paidIn: trade.currency,
    gross: own.gross,
    inBase: { gross, net: total },
    rate: { rate: trade.fxRate, source: row.fx_source ?? 'identity', date: row.fx_date },
    formula: PAID,
    source: 'ledger',
    tradeId: trade.id,
    confirmed,
  };
};

/** The id of a dividend that is expected, also of its decision. */
const keyOf = (holdingId: string, exDate: Temporal.PlainDate, place: number): string =>
  `${holdingId}:${exDate.toString()}:${place}`;

const dueOf = (
  holding: HistoryHolding,
  dividend: AnnouncedDividend & { readonly source: string },
  qty: Decimal,
  today: Temporal.PlainDate,
  isDismissed: boolean,
): Expected => {
  const day = dividend.payDate ?? dividend.exDate;
  return {
    id: keyOf(holding.id, dividend.exDate, dividend.place),
    holding,
    kind: 'dividend',
    status: isDismissed ? 'dismissed' : isAfter(day, today) ? 'announced' : 'waiting',
    exDate: dividend.exDate,
    place: dividend.place,
    day,
    isDayKnown: dividend.payDate !== null,
    qty,
    perUnit: dividend.perUnit,
    paidIn: dividend.currency,
    gross: roundAmount(dividend.perUnit.times(qty)),
    formula: DUE,
    source: dividend.source,
    tradeId: null,
    confirmed: false,
  };
};

/** A holding's own trades; what is on its way to it counts from the day on which it left. */
const tradesOf = (rows: readonly TradeRow[]): ReadonlyMap<string, LedgerTrade[]> => {
  const trades = rows.map(ledgerTrade);
  const left = new Map(
    trades.flatMap(({ type, eventId, date }) =>
      type === 'transfer_out' && eventId !== null ? [[eventId, date] as const] : [],
    ),
  );
  const moved = trades.map((trade) => {
    const date = trade.type === 'transfer_in' ? left.get(trade.eventId ?? '') : undefined;
    return date === undefined ? trade : { ...trade, date };
  });
  return Map.groupBy(moved.toSorted(inReplayOrder), (trade) => trade.holdingId);
};

const stepsOf = (trades: readonly LedgerTrade[]): readonly LedgerStep[] => {
  const result = replay(trades);
  return 'oversold' in result ? [] : result.steps;
};

/** What a holding paid in the ledger as if it had been announced, for instruments of which no feed tells. */
const recordedPattern = (
  payments: readonly LedgerTrade[],
  steps: readonly LedgerStep[],
): AnnouncedDividend[] =>
  payments.flatMap((trade) => {
    const units = entitledUnits(steps, trade.date);
    return units.isZero()
      ? []
      : [
          {
            exDate: trade.date,
            place: 1,
            payDate: trade.date,
            perUnit: moneyAt(trade, ONE).gross.div(units),
            currency: trade.currency,
          },
        ];
  });

type Own = {
  readonly holding: HistoryHolding;
  readonly trades: readonly LedgerTrade[];
  readonly rows: readonly TradeRow[];
  readonly calendar: DividendCalendar;
  readonly decisions: ReadonlyMap<string, Decision>;
};

const estimatesOf = (
  { holding, trades, calendar }: Own,
  steps: readonly LedgerStep[],
  today: Temporal.PlainDate,
): Expected[] => {
  const qty = entitledUnits(steps, today.add({ days: 1 }));
  if (qty.isZero()) return [];
  const paid = trades.filter(({ type }) => type === 'dividend' || type === 'interest');
  const isTold = calendar.dividends.length > 0;
  const known = isTold ? calendar.dividends : recordedPattern(paid, steps);
  return estimatedDividends(known, calendar.splits, today).map((one): Expected => ({
    id: keyOf(holding.id, one.exDate, 0),
    holding,
    kind: holding.is_cash ? 'interest' : 'dividend',
    status: 'estimated',
    exDate: isTold ? one.exDate : null,
    place: 1,
    day: one.payDate,
    isDayKnown: false,
    qty,
    perUnit: one.perUnit,
    paidIn: one.currency,
    gross: roundAmount(one.perUnit.times(qty)),
    formula: LIKELY,
    source: `${isTold ? 'dividend' : 'payment'} of ${one.after.toString()}`,
    tradeId: null,
    confirmed: false,
  }));
};

/** What a holding was paid, is due and may expect. */
const ofHolding = (own: Own, today: Temporal.PlainDate): { received: Payment[]; expected: Expected[] } => {
  const { holding, trades, rows, calendar, decisions } = own;
  const earliest = today.subtract({ years: PROPOSED_YEARS });
  const steps = stepsOf(trades);
  const due = calendar.dividends
    .filter(({ exDate }) => isAfter(exDate, earliest))
    .map((dividend) => ({ dividend, qty: entitledUnits(steps, dividend.exDate) }))
    .filter(({ qty }) => !qty.isZero());
  const decided = due.map(({ dividend }) =>
    decisions.get(keyOf(holding.id, dividend.exDate, dividend.place)),
  );
  const confirmed = new Map(
    decided.flatMap((one, at) =>
      one?.status === 'confirmed' && one.trade_id !== null
        ? [[one.trade_id, due[at]?.dividend] as const]
        : [],
    ),
  );
  const open = due.filter((_, at) => decided[at] === undefined);
  const paid = rows.filter(({ type }) => type === 'dividend');
  const matched = matchedPayments(
    open.map(({ dividend }) => dividend),
    paid.filter(({ id }) => !confirmed.has(id)),
  );
  const payer = new Map([...matched].map(([at, id]) => [id, open[at]?.dividend] as const));
  return {
    received: rows.map((row) =>
      receivedOf(row, holding, confirmed.get(row.id) ?? payer.get(row.id), confirmed.has(row.id)),
    ),
    expected: [
      ...due.flatMap(({ dividend, qty }, at) =>
        decided[at]?.status === 'dismissed' ? [dueOf(holding, dividend, qty, today, true)] : [],
      ),
      ...open.flatMap(({ dividend, qty }, at) =>
        matched.has(at) ? [] : [dueOf(holding, dividend, qty, today, false)],
      ),
      ...estimatesOf(own, steps, today),
    ],
  };
};

const earlier = (a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate =>
  isBefore(a, b) ? a : b;

/** The rates of expected payments: of their day, of today for what is to come. */
const withRates = async (
  tx: Tx,
  expected: readonly Expected[],
  base: string,
  today: Temporal.PlainDate,
): Promise<Payment[]> => {
  const target = currency(base);
  const days = [
    ...new Map(expected.map(({ day }) => [earlier(day, today).toString(), earlier(day, today)])).values(),
  ];
  const pairs = [...new Set(expected.map(({ paidIn }) => paidIn))]
    .filter(isCurrency)
    .map((from) => ({ from, to: target }));
  const found = await findRatesOn(tx, pairs, days);
  const byDay = new Map<string, Rates>(days.map((day, at) => [day.toString(), found[at] ?? new Map()]));
  return expected.map((one) => {
    const rate = byDay.get(earlier(one.day, today).toString())?.get(`${one.paidIn}/${base}`);
    if (rate === undefined || 'missing' in rate) return { ...one, inBase: null, rate: null };
    const amount = roundAmount(one.gross.times(rate.rate));
    return { ...one, inBase: { gross: amount, net: amount }, rate: usedOf(rate) };
  });
};

const usedOf = ({ rate, source, date }: Rate): RateUsed => ({ rate, source, date });

const inOrder = (a: Payment, b: Payment): number =>
  Temporal.PlainDate.compare(a.day, b.day) || (a.id < b.id ? -1 : 1);

const NO_CALENDAR: DividendCalendar = { dividends: [], splits: [] };

/**
 * All payments of a portfolio that was entered before, by their days; what its owner left out of totals is not in it.
 * @param today where the person is
 */
export const paymentsOf = async (
  tx: Tx,
  portfolioId: string,
  base: string,
  today: Temporal.PlainDate,
): Promise<Payment[]> => {
  const holdings = (await holdingsOf(tx, portfolioId)).filter(({ include }) => include);
  const rows = await tradesSince(tx, portfolioId, FIRST_LEDGER_DAY);
  const calendars = await dividendCalendars(
    tx,
    holdings.flatMap(({ instrument_id: id }) => id ?? []),
  );
  const decisions = new Map(
    (await decisionsOf(tx, portfolioId)).map((one) => [keyOf(one.holding_id, one.ex_date, one.place), one]),
  );
  const incomeRows = Map.groupBy(
    rows.filter(({ type }) => type === 'dividend' || type === 'interest'),
    (row) => row.holding_id,
  );
  const trades = tradesOf(rows);
  const received: Payment[] = [];
  const expected: Expected[] = [];
  for (const holding of holdings) {
    const calendar = calendars.get(holding.instrument_id ?? '') ?? NO_CALENDAR;
    const own = incomeRows.get(holding.id) ?? [];
    if (calendar.dividends.length === 0 && own.length === 0) continue;
    const found = ofHolding(
      { holding, trades: trades.get(holding.id) ?? [], rows: own, calendar, decisions },
      today,
    );
    received.push(...found.received);
    expected.push(...found.expected);
  }
  return [...received, ...(await withRates(tx, expected, base, today))].toSorted(inOrder);
};

/** A payment as the contract shows it. */
export const paymentAnswer = (
  payment: Payment,
  of: { readonly portfolioId: string; readonly currency: string },
): Static<typeof IncomePayment> => {
  const { holding, rate, inBase } = payment;
  return {
    id: payment.id,
    portfolioId: of.portfolioId,
    holdingId: holding.id,
    instrumentId: holding.instrument_id,
    name: holding.name,
    account: holding.account,
    kind: payment.kind,
    status: payment.status,
    exDate: payment.exDate?.toString() ?? null,
    place: payment.place,
    payDate: payment.day.toString(),
    payDateKnown: payment.isDayKnown,
    qty: payment.qty === null ? null : decimalText(payment.qty),
    perUnit: payment.perUnit === null ? null : decimalText(roundAmount(payment.perUnit)),
    paidIn: payment.paidIn,
    gross: decimalText(payment.gross),
    currency: of.currency,
    amount: inBase === null ? null : decimalText(inBase.net),
    rate:
      rate === null
        ? null
        : { rate: decimalText(rate.rate), source: rate.source, date: rate.date?.toString() ?? null },
    formula: payment.formula,
    source: payment.source,
    confirmed: payment.confirmed,
    tradeId: payment.tradeId,
  };
};
