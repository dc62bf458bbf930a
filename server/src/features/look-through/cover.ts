/** The fewest funds of a portfolio that hold most of what all of them hold. Contents: coverAnswer */
import type { Cover } from '@pm/contracts/look-through';
import { coverOf, exposureOf } from '@pm/domain/look-through';
import type { Static } from 'typebox';

import { describeInstruments } from '#features/instruments';
import type { Moment } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';

import { lookedThrough } from './exposure.ts';
import { portfolioSubject } from './subjects.ts';

const DEFAULT_TARGET_PCT = 90;

/** @throws {AppError} 404 */
export const coverAnswer = async (
  tx: Tx,
  portfolioId: string,
  query: { readonly target?: number },
  moment: Moment,
): Promise<Static<typeof Cover>> => {
  const targetPct = query.target ?? DEFAULT_TARGET_PCT;
  const subject = await portfolioSubject(tx, portfolioId, moment);
  const { looked, graph } = await lookedThrough(tx, subject, { basis: 'published' });
  const { closures } = looked;
  const { funds, others, ...cover } = coverOf(subject.positions, targetPct, graph, closures);
  const { warnings } = exposureOf(subject.positions, graph, 'published', { companies: 0, closures });
  const facts = await describeInstruments(
    tx,
    [...funds, ...others].map((one) => one.instrumentId),
  );
  const described = (instrumentId: string) => ({
    name: facts.get(instrumentId)?.name ?? instrumentId,
    ticker: facts.get(instrumentId)?.ticker ?? null,
    heldPct: subject.holdings
      .filter((holding) => holding.instrumentId === instrumentId)
      .reduce((sum, holding) => sum + holding.pct, 0),
  });
  return {
    asOf: moment.day.toString(),
    targetPct,
    ...cover,
    funds: funds.map((one) => ({ ...one, ...described(one.instrumentId) })),
    others: others.map((one) => ({ ...one, ...described(one.instrumentId) })),
    warnings: warnings.map((warning) => warning.message),
    missing: [...subject.missing],
  };
};
