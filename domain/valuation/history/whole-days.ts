/**
 * A portfolio from day to day as the sum of its holdings: value, flow, return, and what each holding added to it.
 *
 * Source of the rules: docs/calculations.md, "Daily values", "Time-weighted return", "Contributions".
 */
import { ZERO, type Decimal } from '@pm/domain/money';

import { dayGrowth } from '../performance/time-weighted.ts';
import type { HoldingDay } from './holding-days.ts';

/** Amounts in the portfolio's currency. */
export type WholeDay = {
  /** Sum of what had a value. */
  readonly value: Decimal;
  readonly cost: Decimal;
  /** What came in from outside (above zero) or went out. */
  readonly flow: Decimal;
  readonly cash: Decimal;
  /** 0.01 is 1 %; null where no return can be said. */
  readonly dayReturn: number | null;
  /** What a pound of the first day has become; begins again at 1 after everything was lost. */
  readonly growth: number;
  readonly heldCount: number;
  /** Holdings that are held and have no value. */
  readonly missing: readonly string[];
  /** Holdings whose price is older than `CARRIED_DAYS`. */
  readonly carried: readonly string[];
};

/** The growth reached in the evening before. */
export type WholePast = { readonly growth: number };

/** A holding that counts, with its days and its value the evening before. */
export type Part = {
  readonly id: string;
  readonly isCash: boolean;
  readonly valueBefore: Decimal | null;
  readonly days: readonly HoldingDay[];
};

export type WholeHistory = {
  readonly days: readonly WholeDay[];
  /** By holding, what each day added to the growth of the whole. */
  readonly contributions: ReadonlyMap<string, readonly number[]>;
};

/** A price that stands in for longer than a weekend with its holidays is said. */
export const CARRIED_DAYS = 7;

/** Below this, a sum of flows is what rounding left of flows that cancel each other. */
const DUST = '0.000000000001';

/** The flow of the whole: what goes from one holding to another is none. */
export const netFlow = (sum: Decimal): Decimal => (sum.abs().lessThan(DUST) ? ZERO : sum);

type Sums = Pick<WholeDay, 'value' | 'cost' | 'cash' | 'heldCount' | 'missing' | 'carried'> & {
  readonly flow: Decimal;
};

const sumsOf = (parts: readonly Part[], at: number): Sums => {
  let [value, cost, flow, cash, heldCount] = [ZERO, ZERO, ZERO, ZERO, 0];
  const missing: string[] = [];
  const carried: string[] = [];
  for (const part of parts) {
    const day = part.days[at];
    if (day === undefined) continue;
    if (!day.flow.isZero()) flow = flow.plus(day.flow);
    if (day.position.qty.isZero()) continue;
    heldCount += 1;
    cost = cost.plus(day.position.cost);
    if (day.value === null) {
      missing.push(part.id);
      continue;
    }
    value = value.plus(day.value);
    if (part.isCash) cash = cash.plus(day.value);
    if (day.priceAge > CARRIED_DAYS) carried.push(part.id);
  }
  return { value, cost, flow: netFlow(flow), cash, heldCount, missing, carried };
};

/** Adds holdings up over so many days, which all of them have. */
export const wholeHistory = (past: WholePast, parts: readonly Part[], length: number): WholeHistory => {
  const contributions = new Map(parts.map(({ id }) => [id, [] as number[]]));
  const before = new Map(parts.map(({ id, valueBefore }) => [id, valueBefore ?? ZERO]));
  const days: WholeDay[] = [];
  let wholeBefore = parts.reduce((sum, { valueBefore }) => sum.plus(valueBefore ?? ZERO), ZERO);
  let { growth } = past;
  for (let at = 0; at < length; at += 1) {
    const sums = sumsOf(parts, at);
    const atWork = sums.flow.isPositive() ? wholeBefore.plus(sums.flow) : wholeBefore;
    const isCounted = atWork.greaterThan(DUST);
    const share = isCounted ? growth / atWork.toNumber() : 0;
    for (const { id, days: own } of parts) {
      const day = own[at];
      if (day === undefined) continue;
      const value = day.value ?? ZERO;
      const had = before.get(id) ?? ZERO;
      const isQuiet = value === had && day.flow.isZero();
      contributions.get(id)?.push(isQuiet ? 0 : value.minus(had).minus(day.flow).toNumber() * share);
      before.set(id, value);
    }
    const factor = dayGrowth({ before: wholeBefore, value: sums.value, flow: sums.flow });
    if (factor === 0) growth = 1;
    else if (factor !== null) growth *= factor;
    days.push({ ...sums, dayReturn: factor === null ? null : factor - 1, growth });
    wholeBefore = sums.value;
  }
  return { days, contributions };
};
