/**
 * What a portfolio is worth, what the figure rests on and what it leaves out.
 *
 * Contents: summarise · missingAnswer
 */
import type { Missing, Summary } from '@pm/contracts/valuation';
import { dayIn, endOfDay } from '@pm/domain/calendar';
import { decimalText, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import { isStale, totalsBy } from '@pm/domain/valuation';
import type { PriceQuote, Unvalued, Valued } from '@pm/domain/valuation';
import type { Static } from 'typebox';

import { listHoldings } from '#features/ledger';
import { rateAnswer } from '#features/market-data';
import { enterPortfolio, readPortfolio } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';

import { gainOf, momentOf, percentOf, valueAlso } from './positions.ts';
import type { Moment, ValuedRow } from './positions.ts';

type ValuedOnly = ValuedRow & { readonly valued: Valued };
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
  const rows = await listHoldings(tx, portfolioId);
  const { valued: all, others } = await valueAlso(tx, rows, moment, [dayBefore(moment, request.timezone)]);
  const held = all.filter((row) => !row.position.qty.isZero());
  const included = held.filter((row) => row.row.include);
  const valued = included.filter(isValued);
  const gains = valued.filter((row) => gainOf(row) !== null);
  const gain = sum(gains.map((row) => gainOf(row) ?? ZERO));
  const by = (name: (row: ValuedOnly) => string) => texts(totalsBy(valued, name, (row) => row.valued.value));
  return {
    portfolioId,
    currency: portfolio.baseCurrency,
    asOf: moment.day.toString(),
    valuedAt: moment.instant.toString(),
    value: decimalText(sum(valued.map((row) => row.valued.value))),
    cost: decimalText(sum(included.map((row) => row.position.cost))),
    gain: gains.length === 0 ? null : decimalText(gain),
    gainPct: gains.length === 0 ? null : percentOf(gain, sum(gains.map((row) => row.position.cost))),
    dayChange: dayChange(valued, others[0]),
    holdingCount: held.length,
    bySection: by((row) => row.row.section),
    byTheme: by((row) => row.row.theme),
    byAccount: by((row) => row.row.account),
    byCurrency: by((row) => row.valued.price.currency),
    complete: valued.length === included.length,
    missing: included.flatMap((row) => missingAnswer(row, moment)),
    stale: valued.filter((row) => isStale(row.valued.price, moment.instant)).map(staleAnswer),
    excluded: held
      .filter((row) => !row.row.include)
      .map((row) => ({ holdingId: row.row.id, name: nameOf(row) })),
    rates: ratesUsed(valued),
  };
};

const staleAnswer = (row: ValuedOnly) => ({
  holdingId: row.row.id,
  name: nameOf(row),
  dateTime: row.valued.price.at.toString(),
  source: row.valued.price.source,
});

const ratesUsed = (valued: readonly ValuedOnly[]): Static<typeof Summary>['rates'] => {
  const used = new Map(valued.map((row) => [row.valued.rate.from, row.valued.rate]));
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
      detail: missingDetail(row, what, row.valued.price, moment),
    },
  ];
};

const missingDetail = (
  row: ValuedRow,
  what: 'price' | 'rate' | 'instrument',
  price: PriceQuote | null,
  moment: Moment,
): string => {
  if (what === 'instrument') {
    return `“${nameOf(row)}” is not linked to an instrument yet; its value is left out.`;
  }
  if (what === 'price') {
    return `There is no price for ${nameOf(row)} up to ${moment.day.toString()}; give one by hand. Its value is left out.`;
  }
  return `There is no ${price?.currency ?? ''} to ${row.row.base_currency} rate for ${moment.day.toString()} or the seven days before; import rates. Its value is left out.`;
};

/** The end of the day before, whose prices and rates a day's change is counted from. */
const dayBefore = (moment: Moment, timezone: string): Moment => {
  const day = dayIn(moment.instant, timezone).subtract({ days: 1 });
  return { instant: endOfDay(day, timezone), day, isNow: false };
};

/**
 * What today's prices and rates changed since the end of the day before, for what is held now; null when nothing had a
 * price then.
 */
const dayChange = (
  valued: readonly ValuedOnly[],
  then: ReadonlyMap<string, Valued | Unvalued> = new Map(),
): string | null => {
  const changes = valued.flatMap((row) => {
    const before = then.get(row.row.id);
    return before === undefined || 'missing' in before ? [] : [row.valued.value.minus(before.value)];
  });
  return changes.length === 0 ? null : decimalText(sum(changes));
};
