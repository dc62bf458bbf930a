import {
  allocate,
  settleWorksheet,
  type AllocatedHolding as Weighed,
  type Allocation as Weighing,
  type Settlement,
  type WorksheetLine,
} from '@pm/domain/allocation';
import { dec, type Decimal, decimalText, ZERO } from '@pm/domain/money';
import { targetTotalOf } from '@pm/domain/portfolios';
import type { Portfolio } from '../portfolios/queries.ts';
import type { AllocatedHolding, Allocation } from './queries.ts';

/** Units of holdings as they were typed, by holding; empty for none. */
export type Typed = Readonly<Record<string, string>>;

/** One line of the worksheet. */
export type SheetLine = {
  readonly holding: AllocatedHolding;
  readonly text: string;
  /** Null when what was typed is no number. */
  readonly units: Decimal | null;
  readonly amount: Decimal;
  readonly after: Decimal;
  /** Share of the portfolio afterwards, in per cent; null while nothing has a value. */
  readonly sharePct: Decimal | null;
  /** More is sold than there is. */
  readonly oversold: boolean;
};

export type Sheet = {
  readonly lines: readonly SheetLine[];
  readonly settlement: Settlement;
  /** Actual against target, once the lines are carried out. */
  readonly after: Weighing;
};

const weighed = (one: AllocatedHolding, value: Decimal | null): Weighed => ({
  id: one.holdingId,
  section: one.section,
  theme: one.theme,
  account: one.account,
  value,
  targetPct: one.targetPct,
});

/** The units that the server worked out, as text to begin with. */
export const computedUnits = (allocation: Allocation): Typed =>
  Object.fromEntries((allocation.rebalance?.lines ?? []).map((line) => [line.holdingId, line.units]));

/**
 * What the lines come to as they stand: amounts, accounts, what is left of the cash, and how far from target it leaves the
 * portfolio. A line that cannot be read counts as none.
 */
export const sheetOf = (
  portfolio: Portfolio,
  allocation: Allocation,
  typed: Typed,
  read: (text: string) => string | null,
): Sheet => {
  const tradable = allocation.holdings.flatMap((holding) =>
    holding.unitPrice === null ? [] : [{ holding, unitPrice: dec(holding.unitPrice) }],
  );
  const units = new Map(
    tradable.map(({ holding: { holdingId } }) => {
      const text = typed[holdingId] ?? '';
      const number = text.trim() === '' ? '0' : read(text);
      return [holdingId, number === null ? null : dec(number)] as const;
    }),
  );
  const lines = tradable.map(({ holding, unitPrice }): WorksheetLine => ({
    id: holding.holdingId,
    account: holding.account,
    qty: dec(holding.qty),
    unitPrice,
    places: holding.places,
    units: units.get(holding.holdingId) ?? ZERO,
  }));
  const before = allocation.holdings.map((one) =>
    weighed(one, one.unitPrice === null ? null : dec(one.value)),
  );
  const settlement = settleWorksheet(lines, before, dec(allocation.rebalance?.cash ?? '0'));
  const after = allocate(
    allocation.holdings.map((one) => weighed(one, settlement.after.get(one.holdingId) ?? null)),
    { lists: portfolio.lists, budgets: portfolio.budgets, total: targetTotalOf(portfolio.settings) },
  );
  const shares = new Map(after.holdings.map((row) => [row.name, row.actualPct]));
  return {
    settlement,
    after,
    lines: tradable.map(({ holding }, at) => ({
      holding,
      text: typed[holding.holdingId] ?? '',
      units: units.get(holding.holdingId) ?? null,
      amount: settlement.lines[at]?.amount ?? ZERO,
      after: settlement.after.get(holding.holdingId) ?? ZERO,
      sharePct: shares.get(holding.holdingId) ?? null,
      oversold: (units.get(holding.holdingId) ?? ZERO).plus(dec(holding.qty)).lessThan(0),
    })),
  };
};

/** An exact decimal as text, for figures and files. */
export const exact = (value: Decimal): string => decimalText(value);
