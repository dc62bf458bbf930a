/**
 * What a portfolio is worth, what the figure rests on and what it leaves out.
 *
 * Contents: summarise · wrapperOf · Figures · figuresOf · figureTexts · missingAnswer · dayBefore
 */
import type { Missing, Summary } from '@pm/contracts/valuation';
import { dayIn, endOfDay } from '@pm/domain/calendar';
import { dec, decimalText, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import { isStale, totalsBy, valueOf } from '@pm/domain/valuation';
import type { Unvalued, Valued } from '@pm/domain/valuation';
import type { Static } from 'typebox';

import { inTransitOn, listHoldings } from '#features/ledger';
import { rateAnswer } from '#features/market-data';
import { enterPortfolio, readPortfolio, wrappersOf } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';

import { gainOf, momentOf, percentOf, valueAlso } from './positions.ts';
import type { Moment, ValuedRow } from './positions.ts';

export type ValuedOnly = ValuedRow & { readonly valued: Valued };
const isValued = (row: ValuedRow): row is ValuedOnly => !('missing' in row.valued);
const nameOf = (row: ValuedRow): string => row.row.instrument_name ?? row.row.unlinked_name ?? '';
const sum = (amounts: readonly Decimal[]): Decimal =>
  amounts.reduce((total, amount) => total.plus(amount), ZERO);

const texts = (totals: ReadonlyMap<string, Decimal>): Record<string, string> =>
  Object.fromEntries([...totals].map(([name, amount]) => [name, decimalText(amount)]));

/**
 * The summary of a portfolio now, or at the end of a past day.
 * @throws {AppError} 404; 422 naming `asOf`
 */
export const summarise = async (
  tx: Tx,
  portfolioId: string,
  request: { asOf?: string; now: Temporal.Instant; timezone: string },
): Promise<Static<typeof Summary>> => {
  const moment = momentOf(request.asOf, request.now, request.timezone);
  const portfolio = await readPortfolio(tx, portfolioId);
  await enterPortfolio(tx, portfolioId);
  const [rows, wrappers] = await Promise.all([listHoldings(tx, portfolioId), wrappersOf(tx, [portfolioId])]);
  const { valued: all, others } = await valueAlso(tx, rows, moment, [dayBefore(moment, request.timezone)]);
  const { held, included, valued, ...figures } = figuresOf(all, others[0]);
  const by = (name: (row: ValuedOnly) => string) => texts(totalsBy(valued, name, (row) => row.valued.value));
  return {
    portfolioId,
    currency: portfolio.baseCurrency,
    asOf: moment.day.toString(),
    valuedAt: moment.instant.toString(),
    ...figureTexts(figures),
    holdingCount: held.length,
    bySection: by((row) => row.row.section),
    byTheme: by((row) => row.row.theme),
    byAccount: by((row) => row.row.account),
    byCurrency: texts(byCurrencyOf(valued)),
    byWrapper: by(wrapperOf(wrappers)),
    complete: figures.complete,
    missing: included.flatMap((row) => missingAnswer(row, moment)),
    stale: valued.filter((row) => isStale(row.valued.price, moment.instant)).map(staleAnswer),
    inTransit: await onTheWay(tx, portfolioId, all, moment),
    excluded: held
      .filter((row) => !row.row.include)
      .map((row) => ({ holdingId: row.row.id, name: nameOf(row) })),
    rates: ratesUsed(valued),
  };
};

/** The tax wrapper of each holding's account; `other` where none is known. */
export const wrapperOf = (
  accounts: Awaited<ReturnType<typeof wrappersOf>>,
): ((row: ValuedOnly) => string) => {
  const wrappers = new Map(accounts.map((one) => [`${one.portfolio_id} ${one.name}`, one.wrapper]));
  return ({ row }) => wrappers.get(`${row.portfolio_id} ${row.account}`) ?? 'other';
};

/** Assets in the currency of their price, less debts in their own. */
const byCurrencyOf = (valued: readonly ValuedOnly[]): Map<string, Decimal> =>
  totalsBy(
    valued.flatMap(({ valued: { price, assets, owed } }) => [
      { code: price.currency, amount: assets },
      ...(owed === null ? [] : [{ code: owed.currency, amount: ZERO.minus(owed.value) }]),
    ]),
    ({ code }) => code,
    ({ amount }) => amount,
  );

/** What has left one holding for another and has not arrived; its value is in that of the holding it goes to. */
const onTheWay = async (
  tx: Tx,
  portfolioId: string,
  rows: readonly ValuedRow[],
  moment: Moment,
): Promise<Static<typeof Summary>['inTransit']> => {
  const byId = new Map(rows.map((row) => [row.row.id, row]));
  return (await inTransitOn(tx, [portfolioId], moment.day)).flatMap((one) => {
    const row = byId.get(one.holding_id);
    if (row === undefined) return [];
    const qty = dec(one.qty);
    const value = isValued(row) ? valueOf(qty, row.valued.price, row.valued.rate) : null;
    return [
      {
        holdingId: one.holding_id,
        name: nameOf(row),
        fromAccount: one.from_account,
        fromPortfolio: one.from_portfolio,
        toAccount: row.row.account,
        qty: decimalText(qty),
        leftOn: one.left_on.toString(),
        arrivesOn: one.arrives_on.toString(),
        value: value === null || 'missing' in value ? null : decimalText(value.value),
      },
    ];
  });
};

/** What holdings of one currency come to. Null where nothing is known that it could rest on. */
export type Figures = {
  /** Assets less debts. */
  readonly value: Decimal;
  readonly assets: Decimal;
  readonly debt: Decimal;
  readonly cost: Decimal;
  readonly gain: Decimal | null;
  /** Cost of the holdings that the gain is of. */
  readonly gainCost: Decimal;
  readonly dayChange: Decimal | null;
  readonly complete: boolean;
};

/** Sums over holdings of one currency, with the rows behind them: held, those of them that count, those with a value. */
export const figuresOf = (
  rows: readonly ValuedRow[],
  before: ReadonlyMap<string, Valued | Unvalued> | undefined,
): Figures & {
  readonly held: readonly ValuedRow[];
  readonly included: readonly ValuedRow[];
  readonly valued: readonly ValuedOnly[];
} => {
  const held = rows.filter((row) => !row.position.qty.isZero());
  const included = held.filter((row) => row.row.include);
  const valued = included.filter(isValued);
  const gains = valued.filter((row) => gainOf(row) !== null);
  return {
    held,
    included,
    valued,
    value: sum(valued.map((row) => row.valued.value)),
    assets: sum(valued.map((row) => row.valued.assets)),
    debt: sum(valued.map((row) => row.valued.owed?.value ?? ZERO)),
    cost: sum(included.map((row) => row.position.cost)),
    gain: gains.length === 0 ? null : sum(gains.map((row) => gainOf(row) ?? ZERO)),
    gainCost: sum(gains.map((row) => row.position.cost)),
    dayChange: dayChange(valued, before),
    complete: valued.length === included.length,
  };
};

/** Figures as they are answered. */
export const figureTexts = ({ value, assets, debt, cost, gain, gainCost, dayChange: change }: Figures) => ({
  value: decimalText(value),
  assets: decimalText(assets),
  debt: decimalText(debt),
  cost: decimalText(cost),
  gain: gain === null ? null : decimalText(gain),
  gainPct: gain === null ? null : percentOf(gain, gainCost),
  dayChange: change === null ? null : decimalText(change),
});

const staleAnswer = (row: ValuedOnly) => ({
  holdingId: row.row.id,
  name: nameOf(row),
  dateTime: row.valued.price.at.toString(),
  source: row.valued.price.source,
});

const ratesUsed = (valued: readonly ValuedOnly[]): Static<typeof Summary>['rates'] => {
  const used = new Map(
    valued.flatMap(({ valued: { rate, owed } }) =>
      [rate, ...(owed === null ? [] : [owed.rate])].map((one) => [one.from, one] as const),
    ),
  );
  return [...used.values()].filter((rate) => rate.method !== 'identity').map(rateAnswer);
};

export const missingAnswer = (row: ValuedRow, moment: Moment): Static<typeof Missing>[] => {
  if (!('missing' in row.valued)) return [];
  const what = row.valued.missing;
  return [
    {
      holdingId: row.row.id,
      instrumentId: row.row.instrument_id,
      name: nameOf(row),
      what,
      detail: missingDetail(row, row.valued, moment),
    },
  ];
};

const missingDetail = (row: ValuedRow, { missing: what, rateFrom }: Unvalued, moment: Moment): string => {
  if (what === 'instrument') {
    return `“${nameOf(row)}” is not linked to an instrument yet; its value is left out.`;
  }
  if (what === 'price') {
    return `There is no price for ${nameOf(row)} up to ${moment.day.toString()}; give one by hand. Its value is left out.`;
  }
  return `There is no ${rateFrom ?? ''} to ${row.row.base_currency} rate for ${moment.day.toString()} or the seven days before; import rates. Its value is left out.`;
};

/** The end of the day before, whose prices and rates a day's change is counted from. */
export const dayBefore = (moment: Moment, timezone: string): Moment => {
  const day = dayIn(moment.instant, timezone).subtract({ days: 1 });
  return { instant: endOfDay(day, timezone), day, isNow: false, timezone };
};

/**
 * What today's prices and rates changed since the end of the day before, for what is held now; null when nothing had a
 * price then.
 */
const dayChange = (
  valued: readonly ValuedOnly[],
  then: ReadonlyMap<string, Valued | Unvalued> = new Map(),
): Decimal | null => {
  const changes = valued.flatMap((row) => {
    const before = then.get(row.row.id);
    return before === undefined || 'missing' in before ? [] : [row.valued.value.minus(before.value)];
  });
  return changes.length === 0 ? null : sum(changes);
};
