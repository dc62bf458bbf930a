/**
 * All portfolios that a person sees as one subject: their own, and those shared with them, each looked through with its
 * owner's eyes.
 *
 * Contents: householdSubject
 */
import { HUNDRED, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';

import { enterPortfolio } from '#features/portfolios';
import { valueAll } from '#features/valuation';
import type { Moment, ValuedPortfolio } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';

import { readComposition } from './composition.ts';
import { missingOf } from './subjects.ts';
import type { CountedHolding, Sight, Subject } from './subjects.ts';

/** A holding that counts, by its value in the currency of all. */
type Worth = {
  readonly holding: Pick<CountedHolding, 'holdingId' | 'instrumentId' | 'account'>;
  readonly value: Decimal;
};

const worthOf = ({ valued, rate }: ValuedPortfolio): Worth[] =>
  valued.flatMap(({ row, position, valued: value }) => {
    const { id: holdingId, instrument_id: instrumentId, account, include } = row;
    if (rate === null || 'missing' in value || instrumentId === null || !include || position.qty.isZero()) {
      return [];
    }
    // Not rounded: only shares of it are shown.
    return [{ holding: { holdingId, instrumentId, account }, value: value.value.times(rate) }];
  });

const missingIn = ({ portfolio, valued, rate }: ValuedPortfolio, currency: string): Subject['missing'] => {
  const counted = valued.filter(({ row, position }) => row.include && !position.qty.isZero());
  if (rate !== null) return counted.flatMap(missingOf);
  const why = `there is no rate from ${portfolio.baseCurrency} to ${currency}`;
  return counted.map(({ row }) => {
    const name = row.instrument_name ?? row.unlinked_name ?? '';
    return { holdingId: row.id, name, detail: `${name} in ${portfolio.name} is left out: ${why}.` };
  });
};

/**
 * Everything held in the portfolios that count, by its share of all that they are worth.
 * @param currency without it the person's own
 * @throws {AppError} 422 naming `currency`
 */
export const householdSubject = async (
  tx: Tx,
  userId: string,
  currency: string | undefined,
  moment: Moment,
): Promise<Subject> => {
  const { currency: target, portfolios } = await valueAll(tx, userId, currency, moment);
  const total = portfolios.flatMap(worthOf).reduce((sum, one) => sum.plus(one.value), ZERO);
  const own = portfolios.filter((one) => one.portfolio.access === 'owner');
  const shared = portfolios.filter((one) => one.portfolio.access !== 'owner');
  const sights: Sight[] = [];
  const holdings: CountedHolding[] = [];
  for (const [sight, together] of [own, ...shared.map((one) => [one])].entries()) {
    const enter = together[0]?.portfolio.id ?? null;
    if (enter !== null) await enterPortfolio(tx, enter);
    const counted = total.isZero() ? [] : together.flatMap(worthOf);
    const held = counted.map(({ holding, value }): CountedHolding => ({
      ...holding,
      pct: value.times(HUNDRED).div(total).toNumber(),
      sight,
    }));
    const positions = held.map(({ instrumentId, pct }) => ({ instrumentId, weightPct: pct }));
    const ids = [...new Set(positions.map((one) => one.instrumentId))];
    sights.push({ enter, positions, composition: await readComposition(tx, ids, moment.day) });
    holdings.push(...held);
  }
  return {
    positions: sights.flatMap((one) => one.positions),
    holdings,
    missing: portfolios.flatMap((one) => missingIn(one, target)),
    sights,
  };
};
