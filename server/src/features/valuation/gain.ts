/**
 * What holdings and portfolios have gained since their first trade, and where it came from.
 *
 * Contents: gainOfHolding · gainsOfHoldings · gainOfPortfolio
 */
import type { GainFigures, HoldingGain, PortfolioGain } from '@pm/contracts/valuation';
import {
  addGains,
  addSplits,
  COST_METHODS,
  gainOn,
  PORTFOLIO_TERMS,
  replay,
  replayBook,
  splitGain,
} from '@pm/domain/ledger';
import type { Gain, GainSplit, HoldingReplay, Terms } from '@pm/domain/ledger';
import { decimalText, ONE, roundAmount, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import type { Static } from 'typebox';

import {
  feeders,
  getHoldings,
  ledgerTrade,
  listHoldings,
  readHoldingRow,
  tradesOfHoldings,
  tradesUntil,
} from '#features/ledger';
import type { HoldingRow, TradeRow } from '#features/ledger';
import { rateAnswer } from '#features/market-data';
import { enterPortfolio, readPortfolio } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';
import { DEFAULT_PAGE, pageOf, readCursor } from '#platform/paging.ts';

import { currencyOf, ownCurrencyOf } from './own-currency.ts';
import { momentOf, priceAnswer, valueHoldings } from './positions.ts';
import type { Moment, ValuedRow } from './positions.ts';
import { missingAnswer } from './summary.ts';

type Method = keyof typeof COST_METHODS;
type Asked = {
  readonly asOf?: string;
  readonly method?: Method;
  readonly now: Temporal.Instant;
  readonly timezone: string;
};

const FORMULA =
  'value + proceeds + income − purchases − fees − taxes = realised + unrealised + income gain; what was sold is taken at ';
const METHOD_WORDS: Readonly<Record<Method, string>> = {
  average: 'average cost',
  fifo: 'first in, first out',
};

/** One holding's gain in both currencies. */
type Gained = {
  readonly row: ValuedRow;
  readonly history: HoldingReplay;
  /** Null where the value is missing. */
  readonly gain: Gain | null;
  readonly own: { readonly currency: string; readonly gain: Gain } | null;
  readonly split: GainSplit | null;
  readonly splitMissing: string | null;
};

const NOTHING = replay([]);

const historyIn = (book: ReturnType<typeof replayBook>, id: string): HoldingReplay => {
  if ('oversold' in book || 'oversold' in NOTHING) throw new Error('stored trades do not replay');
  return book.get(id) ?? NOTHING;
};

/** What is held is worth, in the portfolio's currency and whatever is owed; nothing is worth nothing at any price. */
const valueIn = ({ valued, position }: ValuedRow): Decimal | null => {
  if (position.qty.isZero()) return ZERO;
  return 'missing' in valued ? null : valued.assets;
};

/** The value in the instrument's own currency, and the rate from that to the portfolio's. */
const ownValue = (
  { row, valued, position }: ValuedRow,
  value: Decimal,
  today: Decimal | null,
): { local: Decimal; rate: Decimal } | null => {
  if (currencyOf(row) === row.base_currency) return { local: value, rate: ONE };
  if (position.qty.isZero() || 'missing' in valued) return { local: ZERO, rate: ONE };
  if (valued.price.currency === currencyOf(row)) {
    return { local: roundAmount(position.qty.times(valued.price.close)), rate: valued.rate.rate };
  }
  return today === null ? null : { local: roundAmount(value.times(today)), rate: ONE.div(today) };
};

type Books = {
  readonly ours: ReturnType<typeof replayBook>;
  readonly local: ReturnType<typeof replayBook>;
  readonly own: Awaited<ReturnType<typeof ownCurrencyOf>>;
};

const gainedBy = (row: ValuedRow, { ours, local, own }: Books): Gained => {
  const { id, base_currency: base } = row.row;
  const history = historyIn(ours, id);
  const value = valueIn(row);
  const lacking = own.missing.get(id) ?? null;
  const none = { row, history, gain: null, own: null, split: null };
  if (value === null) return { ...none, splitMissing: 'The value is missing.' };
  const gain = gainOn(history, value);
  const currency = currencyOf(row.row);
  const isSame = currency === base;
  const now = ownValue(row, value, own.today(row.row));
  if (!isSame && (lacking !== null || now === null)) {
    return {
      ...none,
      gain,
      splitMissing: lacking ?? `There is no ${base} to ${currency} rate for that day.`,
    };
  }
  const localHistory = isSame ? history : historyIn(local, id);
  const localTerms: Terms = isSame ? PORTFOLIO_TERMS : own.terms;
  const { local: localValue, rate } = now ?? { local: value, rate: ONE };
  const split = splitGain({
    ours: history,
    local: localHistory,
    terms: { ours: PORTFOLIO_TERMS, local: localTerms },
    value: { ours: value, local: localValue },
    rate,
  });
  return {
    row,
    history,
    gain,
    own: { currency, gain: gainOn(localHistory, localValue) },
    split,
    splitMissing: null,
  };
};

/** The trades that count on a day: those until then, and what had left another holding and was on its way. */
const countedOn = (day: Temporal.PlainDate, trades: readonly TradeRow[]): TradeRow[] => {
  const isPast = (trade: TradeRow): boolean => Temporal.PlainDate.compare(trade.date, day) <= 0;
  const left = new Set(
    trades.flatMap((one) =>
      one.type === 'transfer_out' && one.event_id !== null && isPast(one) ? [one.event_id] : [],
    ),
  );
  return trades.filter((one) => isPast(one) || (one.leg === 'counterpart' && left.has(one.event_id ?? '')));
};

/** Gains of holdings with their trades, and with the trades of those from which transfers came. */
const gainsOf = async (
  tx: Tx,
  valued: readonly ValuedRow[],
  trades: readonly TradeRow[],
  { moment, method }: { readonly moment: Moment; readonly method: Method },
): Promise<Gained[]> => {
  const rows = valued.map((one) => one.row);
  const known = new Set(rows.map((row) => row.id));
  const outside = (await feeders(tx, [...known])).filter((id) => !known.has(id));
  const [outsideRows, outsideTrades]: [HoldingRow[], TradeRow[]] =
    outside.length === 0 ? [[], []] : [await getHoldings(tx, outside), await tradesOfHoldings(tx, outside)];
  const all = countedOn(moment.day, [...trades, ...outsideTrades]).map(ledgerTrade);
  const own = await ownCurrencyOf(tx, [...rows, ...outsideRows], all, moment.day);
  const options = { method: COST_METHODS[method] };
  const ours = replayBook(all, options);
  const local = replayBook(all, { ...options, terms: own.terms });
  return valued.map((row) => gainedBy(row, { ours, local, own }));
};

const figures = (currency: string, gain: Gain): Static<typeof GainFigures> => ({
  currency,
  value: decimalText(gain.value),
  cost: decimalText(gain.cost),
  purchases: decimalText(gain.purchases),
  proceeds: decimalText(gain.proceeds),
  income: decimalText(gain.income),
  fees: decimalText(gain.fees),
  taxes: decimalText(gain.taxes),
  realised: decimalText(gain.realised),
  unrealised: decimalText(gain.unrealised),
  incomeGain: decimalText(gain.incomeGain),
  total: decimalText(gain.total),
});

/** What is known without a value. */
const withoutValue = (currency: string, history: HoldingReplay): Static<typeof GainFigures> => ({
  ...figures(currency, gainOn(history, ZERO)),
  value: null,
  unrealised: null,
  total: null,
});

const splitAnswer = ({ price, currency, income }: GainSplit) => ({
  price: decimalText(price),
  currency: decimalText(currency),
  income: decimalText(income),
});

const rowsByType = (histories: readonly HoldingReplay[]): Static<typeof HoldingGain>['rows'] => {
  const steps = Map.groupBy(
    histories.flatMap((history) => history.steps),
    (step) => step.trade.type,
  );
  return [...steps].map(([type, some]) => {
    const sum = (of: (step: (typeof some)[number]) => Decimal): string =>
      decimalText(some.reduce((total, step) => total.plus(of(step)), ZERO));
    return {
      type,
      count: some.length,
      gross: sum(({ money }) => money.gross),
      fees: sum(({ money }) => money.fees),
      taxes: sum(({ money }) => money.taxes),
      total: sum(({ money }) => money.total),
      realised: sum(({ realised }) => realised),
    };
  });
};

const formula = (method: Method): string => `${FORMULA}${METHOD_WORDS[method]}`;

/**
 * What a holding has gained since its first trade, now or at the end of a past day.
 * @throws {AppError} 404; 422 naming `asOf`
 */
export const gainOfHolding = async (
  tx: Tx,
  id: string,
  asked: Asked,
): Promise<Static<typeof HoldingGain>> => {
  const moment = momentOf(asked.asOf, asked.now, asked.timezone);
  const method = asked.method ?? 'average';
  await enterPortfolio(tx, (await readHoldingRow(tx, id)).portfolio_id);
  const [valued] = await valueHoldings(tx, [await readHoldingRow(tx, id)], moment);
  if (!valued) throw new Error('a holding that was read was not valued');
  const [one] = await gainsOf(tx, [valued], await tradesOfHoldings(tx, [id]), { moment, method });
  if (!one) throw new Error('a holding that was valued has no gain');
  const { base_currency: base } = valued.row;
  return {
    holdingId: id,
    asOf: moment.day.toString(),
    method,
    formula: formula(method),
    gain: one.gain === null ? withoutValue(base, one.history) : figures(base, one.gain),
    own: one.own === null ? null : figures(one.own.currency, one.own.gain),
    split: one.split === null ? null : splitAnswer(one.split),
    splitMissing: one.splitMissing,
    rows: rowsByType([one.history]),
    price: valued.valued.price === null ? null : priceAnswer(valued.valued.price, moment),
    rate: 'missing' in valued.valued ? null : rateAnswer(valued.valued.rate),
  };
};

/**
 * What each holding of a portfolio has gained, a page at a time, in the order in which they are listed.
 * @throws {AppError} 404; 422 naming `asOf`; 400 `bad_cursor`
 */
export const gainsOfHoldings = async (
  tx: Tx,
  id: string,
  asked: Asked & { readonly limit?: number; readonly cursor?: string },
) => {
  const moment = momentOf(asked.asOf, asked.now, asked.timezone);
  const portfolio = await readPortfolio(tx, id);
  await enterPortfolio(tx, id);
  const limit = asked.limit ?? DEFAULT_PAGE;
  const page = pageOf(await listHoldings(tx, id, { limit, after: readCursor(asked.cursor) }), limit);
  const valued = await valueHoldings(tx, page.items, moment);
  const ids = page.items.map((row) => row.id);
  const trades = ids.length === 0 ? [] : await tradesOfHoldings(tx, ids);
  const all = await gainsOf(tx, valued, trades, { moment, method: asked.method ?? 'average' });
  const { baseCurrency: base } = portfolio;
  const items = all.map((one) => ({
    holdingId: one.row.row.id,
    gain: one.gain === null ? withoutValue(base, one.history) : figures(base, one.gain),
    split: one.split === null ? null : splitAnswer(one.split),
    splitMissing: one.splitMissing,
  }));
  return { items, nextCursor: page.nextCursor };
};

/**
 * What a portfolio has gained since its first trade: the sum over its holdings that count, those that are sold included.
 * A holding whose value is missing is left out whole and named.
 * @throws {AppError} 404; 422 naming `asOf`
 */
export const gainOfPortfolio = async (
  tx: Tx,
  id: string,
  asked: Asked,
): Promise<Static<typeof PortfolioGain>> => {
  const moment = momentOf(asked.asOf, asked.now, asked.timezone);
  const method = asked.method ?? 'average';
  const portfolio = await readPortfolio(tx, id);
  await enterPortfolio(tx, id);
  const rows = (await listHoldings(tx, id)).filter((row) => row.include);
  const counted = new Set(rows.map((row) => row.id));
  const valued = await valueHoldings(tx, rows, moment);
  const trades = (await tradesUntil(tx, id, moment.day)).filter((trade) => counted.has(trade.holding_id));
  const all = await gainsOf(tx, valued, trades, { moment, method });
  const known = all.filter((one) => one.gain !== null);
  const unsplit = known.find((one) => one.split === null);
  return {
    portfolioId: id,
    asOf: moment.day.toString(),
    method,
    formula: formula(method),
    gain: figures(portfolio.baseCurrency, addGains(known.flatMap((one) => one.gain ?? []))),
    split: unsplit ? null : splitAnswer(addSplits(known.flatMap((one) => one.split ?? []))),
    splitMissing: unsplit?.splitMissing ?? null,
    rows: rowsByType(known.map((one) => one.history)),
    holdingCount: rows.length,
    complete: known.length === all.length,
    missing: all.filter((one) => one.gain === null).flatMap((one) => missingAnswer(one.row, moment)),
  };
};
