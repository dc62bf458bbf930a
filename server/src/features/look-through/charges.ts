/** What holding things costs by the year. Contents: isChargingFund · chargeOf */
import { dec, HUNDRED, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';

import type { InstrumentFacts } from '#features/instruments';

/** Only these charge for holding others' securities. */
const FUNDS: ReadonlySet<string> = new Set(['ETF', 'Fund', 'Other']);

export const isChargingFund = (type: string): boolean => FUNDS.has(type);

/**
 * The ongoing charge of weights in per cent: each fund's own by its weight; shares, bonds, cash and the like have none.
 * Null where nothing is held, or no charge is known at all.
 */
export const chargeOf = (
  weights: ReadonlyMap<string, number>,
  facts: ReadonlyMap<string, InstrumentFacts>,
): { readonly pct: Decimal; readonly knownPct: number } | null => {
  let pct = ZERO;
  let knownPct = 0;
  for (const [id, weight] of weights) {
    const one = facts.get(id);
    if (one === undefined) continue;
    const ocf = isChargingFund(one.type) ? one.metadata.ocf : 0;
    if (typeof ocf !== 'number') continue;
    knownPct += weight;
    pct = pct.plus(
      dec(String(ocf))
        .times(dec(String(weight)))
        .div(HUNDRED),
    );
  }
  return knownPct === 0 ? null : { pct, knownPct };
};
