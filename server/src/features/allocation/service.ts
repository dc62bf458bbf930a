/**
 * Actual against target of a portfolio, and what to trade to come back to target.
 *
 * Contents: allocationOf
 */
import type { Allocation, AllocationHolding, Rebalance } from '@pm/contracts/allocation';
import { allocate, draftLines, FRACTION_PLACES, rebalance, settleWorksheet } from '@pm/domain/allocation';
import type {
  AllocatedHolding,
  AllocationRow,
  ModelWeight,
  Plan,
  RebalanceRequest,
  Tradable,
} from '@pm/domain/allocation';
import {
  currency,
  currencyScale,
  dec,
  Decimal,
  decimalProblem,
  decimalText,
  roundAmount,
} from '@pm/domain/money';
import { entryOf, targetTotalOf } from '@pm/domain/portfolios';
import type { Static } from 'typebox';

import { enterPortfolio, readPortfolio } from '#features/portfolios';
import { missingAnswer, momentOf, valuePortfolio } from '#features/valuation';
import type { ValuedRow } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';
import { unprocessable } from '#platform/errors.ts';

import { followed, readModel } from './model.ts';
import type { Model } from './model.ts';

type Answer = Static<typeof Allocation>;
type Units = Static<typeof Rebalance>['units'];

/** Types of instrument that exchanges trade in whole units; funds, crypto and cash go in fractions. */
const IN_WHOLE_UNITS: ReadonlySet<string> = new Set(['ETF', 'Stock', 'Bond', 'Derivative', 'Commodity']);

/** Coins are divided further than units of funds. */
const COIN_PLACES = 8;

type Request = {
  readonly asOf?: string;
  readonly cash?: string;
  readonly mode?: RebalanceRequest['mode'];
  readonly account?: string;
  readonly units?: Units;
  readonly now: Temporal.Instant;
  readonly timezone: string;
};

const nameOf = ({ row }: ValuedRow): string => row.instrument_name ?? row.unlinked_name ?? '';

const numberOrNull = (value: Decimal | null): number | null => (value === null ? null : value.toNumber());
const textOrNull = (value: Decimal | null): string | null => (value === null ? null : decimalText(value));

const figuresOf = (row: AllocationRow) => ({
  value: decimalText(row.value),
  actualPct: numberOrNull(row.actualPct),
  targetPct: numberOrNull(row.targetPct),
  target: textOrNull(row.target),
  driftPct: numberOrNull(row.driftPct),
  drift: textOrNull(row.drift),
});

const partOf = (row: AllocationRow) => ({
  name: row.name,
  ...figuresOf(row),
  holdingCount: row.holdingCount,
  missingCount: row.missingCount,
});

const unitPriceOf = ({ valued }: ValuedRow): Decimal | null =>
  'missing' in valued ? null : roundAmount(valued.price.close.times(valued.rate.rate));

const placesOf = ({ row, valued }: ValuedRow, units: Units): number => {
  if (row.instrument_type === 'Cash') {
    return 'missing' in valued ? 2 : currencyScale(currency(valued.price.currency));
  }
  if (row.instrument_type === 'Crypto' && units !== 'whole') return COIN_PLACES;
  if (units === 'asTraded') return IN_WHOLE_UNITS.has(row.instrument_type ?? '') ? 0 : FRACTION_PLACES;
  return units === 'whole' ? 0 : FRACTION_PLACES;
};

const holdingOf = (
  row: ValuedRow,
  figures: AllocationRow | undefined,
  units: Units,
): Static<typeof AllocationHolding>[] => {
  if (figures === undefined) return [];
  return [
    {
      holdingId: row.row.id,
      name: nameOf(row),
      section: row.row.section,
      theme: row.row.theme,
      account: row.row.account,
      instrumentType: row.row.instrument_type,
      qty: decimalText(row.position.qty),
      ...figuresOf(figures),
      unitPrice: textOrNull(unitPriceOf(row)),
      places: placesOf(row, units),
    },
  ];
};

/** What was asked for; null when only the allocation was. @throws {AppError} 422 naming `cash` or `account` */
const requestOf = (request: Request, accounts: readonly string[]): RebalanceRequest | null => {
  const { mode, account } = request;
  if (request.cash === undefined && mode === undefined) return null;
  const problem = decimalProblem(request.cash ?? '0');
  if (problem !== null) throw unprocessable('invalid_amount', `cash ${problem}.`, 'cash');
  const cash = dec(request.cash ?? '0');
  if (cash.isNegative() && mode !== 'buyAndSell') {
    const detail = 'Money is taken out by selling: give a positive amount, or mode=buyAndSell.';
    throw unprocessable('cash_negative', detail, 'cash');
  }
  if (account !== undefined && !accounts.includes(account)) {
    const known = accounts.map((one) => `“${one}”`).join(', ');
    throw unprocessable('unknown_name', `“${account}” is not one of the accounts: ${known}.`, 'account');
  }
  return { cash, mode: mode ?? 'buyOnly', account: account ?? null };
};

const FORMULA = {
  buyOnly:
    'target share × (value + cash) − value, for each target that lacks something; where cash does not reach, in proportion to what each lacks',
  buyAndSell: 'target share × (value + cash) − value, as far as the money in each account reaches',
} as const;

const rebalanceAnswer = (
  rows: readonly ValuedRow[],
  holdings: readonly AllocatedHolding[],
  plan: Plan,
  {
    request,
    ...context
  }: {
    readonly request: RebalanceRequest;
    readonly units: Units;
    readonly currency: string;
  },
): Static<typeof Rebalance> => {
  const outcome = rebalance(holdings, plan, request);
  const tradables = rows.flatMap((row): Tradable[] => {
    const unitPrice = unitPriceOf(row);
    const { id, account } = row.row;
    return unitPrice === null
      ? []
      : [{ id, account, qty: row.position.qty, unitPrice, places: placesOf(row, context.units) }];
  });
  const least = new Decimal(10).pow(-currencyScale(currency(context.currency)));
  const settled = settleWorksheet(draftLines(tradables, outcome, least), holdings, request.cash);
  const textsOf = <T extends Record<string, Decimal | string>>(all: T) =>
    Object.fromEntries(
      Object.entries(all).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : decimalText(value),
      ]),
    ) as { [K in keyof T]: string };
  return {
    cash: decimalText(request.cash),
    mode: request.mode,
    account: request.account,
    units: context.units,
    size: decimalText(outcome.size),
    formula: FORMULA[request.mode],
    lines: settled.lines
      .filter((line) => !line.units.isZero())
      .map(({ id, units, amount }) => ({
        holdingId: id,
        units: decimalText(units),
        amount: decimalText(amount),
        goal: textOrNull(outcome.goals.get(id) ?? null),
      })),
    accounts: settled.accounts.map(textsOf),
    bought: decimalText(settled.bought),
    sold: decimalText(settled.sold),
    cashLeft: decimalText(settled.cashLeft),
    heldBack: decimalText(outcome.heldBack),
    unplaced: outcome.unplaced.map((one) => ({ ...one, amount: decimalText(one.amount) })),
    untargeted: [...outcome.untargeted],
  };
};

const modelAnswer = (model: Model, notHeld: readonly ModelWeight[]): NonNullable<Answer['model']> => ({
  portfolioId: model.id,
  name: model.name,
  weightsFrom: model.weightsFrom,
  notHeld: notHeld.map(({ key, section, theme, pct }) => ({
    instrumentId: model.instruments.has(key) ? key : null,
    name: model.instruments.get(key) ?? key,
    section,
    theme,
    targetPct: pct.toNumber(),
  })),
});

/** What is held, or is to be. */
const areThere = (rows: readonly ValuedRow[], holdings: readonly AllocatedHolding[]) =>
  rows.flatMap((row, at) => {
    const holding = holdings[at];
    const isThere = holding && (!row.position.qty.isZero() || (holding.targetPct ?? 0) > 0);
    return isThere === true ? [{ row, holding }] : [];
  });

/**
 * Actual, target and drift of a portfolio now or at the end of a past day; and what to trade to come back to target, when
 * an amount of cash or a mode is given. Targets are those of the model that it follows, else its own. Holdings that do not count (`include` = false) are in none of it, and are named.
 * @throws {AppError} 404; 422 naming `asOf`, `cash` or `account`
 */
export const allocationOf = async (tx: Tx, portfolioId: string, request: Request): Promise<Answer> => {
  const moment = momentOf(request.asOf, request.now, request.timezone);
  const portfolio = await readPortfolio(tx, portfolioId);
  const { lists, settings, baseCurrency } = portfolio;
  const asked = requestOf(request, lists.accounts);
  const model = await readModel(tx, portfolio, moment);
  await enterPortfolio(tx, portfolioId);
  const all = await valuePortfolio(tx, portfolioId, moment);
  const counted = all.filter((one) => one.row.include);
  const { holdings: aimed, budgets, notHeld } = followed(counted, model, portfolio);
  const there = areThere(counted, aimed);
  const [rows, holdings] = [there.map((one) => one.row), there.map((one) => one.holding)];
  const plan: Plan = { lists, budgets, total: targetTotalOf(settings) };
  const allocation = allocate(holdings, plan);
  const units = request.units ?? 'asTraded';
  const missing = rows.flatMap((row) => missingAnswer(row, moment));
  return {
    portfolioId,
    currency: baseCurrency,
    asOf: moment.day.toString(),
    valuedAt: moment.instant.toString(),
    value: decimalText(allocation.value),
    base: decimalText(allocation.base),
    baseFrom: allocation.baseFrom,
    sections: allocation.sections.map(partOf),
    themes: allocation.themes.map((row) => ({
      ...partOf(row),
      section: entryOf(lists.themeSections, row.name) ?? null,
      targetOfSectionPct: entryOf(budgets.themes, row.name)?.percentOfSection ?? null,
    })),
    accounts: allocation.accounts.map(partOf),
    holdings: rows.flatMap((row, at) => holdingOf(row, allocation.holdings[at], units)),
    complete: missing.length === 0,
    missing,
    model: model === null ? null : modelAnswer(model, notHeld),
    excluded: all
      .filter((one) => !one.row.include && !one.position.qty.isZero())
      .map((one) => ({ holdingId: one.row.id, name: nameOf(one) })),
    rebalance:
      asked === null
        ? null
        : rebalanceAnswer(rows, holdings, plan, { request: asked, units, currency: baseCurrency }),
  };
};
