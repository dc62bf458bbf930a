/**
 * Charges of funds by the value that was in them, and the margin of a changed sum.
 *
 * Contents: ongoingCharge · chargeOver · exchangeMargin
 */
import { isOutlay, type TradeType } from '@pm/domain/ledger';
import { HUNDRED, ZERO, type Decimal } from '@pm/domain/money';

/** What is known of an instrument's charge. */
export type ChargedInstrument = {
  /** Whether it charges for holding others' securities at all; shares, bonds and cash do not. */
  readonly isFund: boolean;
  /** Ongoing charge in per cent a year, as its issuer says; null where it is not known. */
  readonly ocfPct: Decimal | null;
  /** The funds inside with their weights in per cent; null where its constituents are not known. */
  readonly inside: readonly { readonly id: string; readonly weightPct: Decimal }[] | null;
};

/** A charge in per cent a year, of which `knownPct` per cent is known; and whose figure it rests on. */
export type ChargeFound = {
  readonly pct: Decimal;
  readonly knownPct: Decimal;
  readonly from: 'none' | 'own' | 'inside' | 'unknown';
};

const NOTHING: ChargeFound = { pct: ZERO, knownPct: HUNDRED, from: 'none' };
const UNKNOWN: ChargeFound = { pct: ZERO, knownPct: ZERO, from: 'unknown' };

/**
 * What an instrument charges. A fund's own ongoing charge includes those of the funds inside it; where it is not known, the
 * funds inside are charged by their weights, to any depth, and the rest inside costs nothing.
 * Source: CESR/10-674, which defines the ongoing charges figure of funds of funds as a synthetic one.
 */
export const ongoingCharge = (
  id: string,
  instruments: ReadonlyMap<string, ChargedInstrument>,
  above: ReadonlySet<string> = new Set(),
): ChargeFound => {
  const one = instruments.get(id);
  if (one === undefined || above.has(id)) return UNKNOWN;
  if (!one.isFund) return NOTHING;
  if (one.ocfPct !== null) return { pct: one.ocfPct, knownPct: HUNDRED, from: 'own' };
  if (one.inside === null || one.inside.length === 0) return UNKNOWN;
  const path = new Set([...above, id]);
  let [pct, knownPct] = [ZERO, HUNDRED];
  for (const { id: child, weightPct } of one.inside) {
    const found = ongoingCharge(child, instruments, path);
    pct = pct.plus(found.pct.times(weightPct).div(HUNDRED));
    knownPct = knownPct.minus(weightPct.times(HUNDRED.minus(found.knownPct)).div(HUNDRED));
  }
  return knownPct.greaterThan(0) ? { pct, knownPct, from: 'inside' } : UNKNOWN;
};

/**
 * What a yearly charge came to on money that was in for some days.
 * @param valueDays the values of the evenings added up
 * @param daysInYear 365 or 366
 */
export const chargeOver = (pct: Decimal, valueDays: Decimal, daysInYear: number): Decimal =>
  valueDays.times(pct).div(HUNDRED).div(daysInYear);

/**
 * What changing money cost against the rate of the day, in the portfolio's currency: above zero where more was paid for a
 * purchase, or less received for a sale, than by the day's rate; below zero where it was better.
 * @param amount of the trade in its own currency, charges included
 * @param paid units of the portfolio's currency for one of the trade's, as it was really paid
 * @param published the same as published for the day
 */
export const exchangeMargin = (
  type: TradeType,
  amount: Decimal,
  paid: Decimal,
  published: Decimal,
): Decimal => {
  const dearer = paid.minus(published).times(amount);
  return isOutlay(type) ? dearer : ZERO.minus(dearer);
};
