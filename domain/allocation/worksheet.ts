/**
 * Amounts to buy and sell as units that can be traded, and what they come to account by account.
 *
 * Contents: WorksheetLine · draftLines · settleWorksheet
 */
import { dec, Decimal, roundAmount, ZERO } from '@pm/domain/money';

import { sumOf } from './allocation.ts';
import type { AllocatedHolding } from './allocation.ts';

/** One holding as it may be traded. */
export type Tradable = {
  readonly id: string;
  readonly account: string;
  /** Units held. */
  readonly qty: Decimal;
  /** Price of one unit in the portfolio's currency. */
  readonly unitPrice: Decimal;
  /** Places of a unit that can be traded: 0 for whole ones. */
  readonly places: number;
};

/** Units to buy (> 0) or to sell (< 0) of one holding; none of most. */
export type WorksheetLine = Tradable & { readonly units: Decimal };

/** Places of the units of what can be bought in fractions. */
export const FRACTION_PLACES = 4;

const towardsZero = Decimal.ROUND_DOWN;
const awayFromZero = Decimal.ROUND_UP;

const amountOf = (line: Pick<WorksheetLine, 'units' | 'unitPrice'>): Decimal =>
  roundAmount(line.units.times(line.unitPrice));

/** Purchases are rounded down, so that they are paid for; sales up, so that they pay, but never beyond what is held. */
const unitsFor = (one: Tradable, amount: Decimal): Decimal => {
  if (one.unitPrice.lessThanOrEqualTo(0)) return ZERO;
  const exact = amount.abs().div(one.unitPrice);
  if (amount.greaterThan(0)) return exact.toDecimalPlaces(one.places, towardsZero);
  return Decimal.min(exact.toDecimalPlaces(one.places, awayFromZero), Decimal.max(one.qty, ZERO)).neg();
};

/** What rounding left in an account buys one more whole unit each of what lacks most, as far as it goes. */
const topUp = (
  lines: WorksheetLine[],
  moves: ReadonlyMap<string, Decimal>,
  cashIn: ReadonlyMap<string, Decimal>,
): void => {
  const left = new Map<string, Decimal>(cashIn);
  for (const line of lines) left.set(line.account, (left.get(line.account) ?? ZERO).minus(amountOf(line)));
  const lacking = lines
    .flatMap((line, at) => {
      const move = moves.get(line.id) ?? ZERO;
      const lack = move.minus(amountOf(line));
      return line.places === 0 && move.greaterThan(0) && lack.greaterThan(0) ? [{ at, lack }] : [];
    })
    .toSorted((one, other) => other.lack.comparedTo(one.lack));
  for (const { at } of lacking) {
    const line = lines[at];
    const money = line && left.get(line.account);
    if (!line || !money || line.unitPrice.lessThanOrEqualTo(0) || money.lessThan(line.unitPrice)) continue;
    lines[at] = { ...line, units: line.units.plus(1) };
    left.set(line.account, money.minus(roundAmount(line.unitPrice)));
  }
};

/**
 * The units that amounts come to. What is less than `least`, the smallest amount that can be paid, is no trade.
 */
export const draftLines = (
  holdings: readonly Tradable[],
  plan: { readonly moves: ReadonlyMap<string, Decimal>; readonly cashIn: ReadonlyMap<string, Decimal> },
  least: Decimal = dec('0.01'),
): WorksheetLine[] => {
  const lines = holdings.map((one) => {
    const move = plan.moves.get(one.id) ?? ZERO;
    return { ...one, units: move.abs().lessThan(least) ? ZERO : unitsFor(one, move) };
  });
  topUp(lines, plan.moves, plan.cashIn);
  return lines;
};

/** What the lines of one account come to: bought + left = sold + new money. */
export type AccountSettlement = {
  readonly account: string;
  readonly bought: Decimal;
  readonly sold: Decimal;
  /** New money that its purchases need beyond its own sales. */
  readonly newMoney: Decimal;
  /** What its sales bring beyond its purchases: it stays in the account, or is taken out. */
  readonly left: Decimal;
};

export type Settlement = {
  readonly lines: readonly { readonly id: string; readonly units: Decimal; readonly amount: Decimal }[];
  readonly accounts: readonly AccountSettlement[];
  readonly bought: Decimal;
  readonly sold: Decimal;
  /** Of the cash, what no purchase uses; below zero when purchases use more than there is. */
  readonly cashLeft: Decimal;
  /** What each holding is worth afterwards, by its id. */
  readonly after: ReadonlyMap<string, Decimal>;
};

/**
 * What lines come to, whoever wrote them. Money stays in its account: what one account sells never pays for another's
 * purchases. cash + sold = bought + what the accounts have left + what is left of the cash, exactly. Fees, taxes and
 * spreads are not in it.
 */
export const settleWorksheet = (
  lines: readonly WorksheetLine[],
  holdings: readonly AllocatedHolding[],
  cash: Decimal,
): Settlement => {
  const amounts = lines.map((line) => ({ id: line.id, units: line.units, amount: amountOf(line) }));
  const byAccount = new Map<string, { bought: Decimal; sold: Decimal }>();
  for (const [at, line] of lines.entries()) {
    const amount = amounts[at]?.amount ?? ZERO;
    if (amount.isZero()) continue;
    const { bought, sold } = byAccount.get(line.account) ?? { bought: ZERO, sold: ZERO };
    byAccount.set(
      line.account,
      amount.isNegative() ? { bought, sold: sold.minus(amount) } : { bought: bought.plus(amount), sold },
    );
  }
  const accounts = [...byAccount].map(([account, { bought, sold }]) => ({
    account,
    bought,
    sold,
    newMoney: Decimal.max(bought.minus(sold), ZERO),
    left: Decimal.max(sold.minus(bought), ZERO),
  }));
  const moved = new Map(amounts.map(({ id, amount }) => [id, amount]));
  return {
    lines: amounts,
    accounts,
    bought: sumOf(accounts.map((one) => one.bought)),
    sold: sumOf(accounts.map((one) => one.sold)),
    cashLeft: cash.minus(sumOf(accounts.map((one) => one.newMoney))),
    after: new Map(
      holdings.flatMap(({ id, value }) =>
        value === null ? [] : [[id, value.plus(moved.get(id) ?? ZERO)] as const],
      ),
    ),
  };
};
