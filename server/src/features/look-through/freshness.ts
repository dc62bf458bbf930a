/** How old the holdings are that figures rest on. Contents: fundFreshness · staleWarnings */
import type { FundUsed as FundUsedContract } from '@pm/contracts/look-through';
import { freshnessOf } from '@pm/domain/look-through';
import type { FundUsed } from '@pm/domain/look-through';
import type { Static } from 'typebox';

import type { InstrumentFacts } from '#features/instruments';

type Answer = Static<typeof FundUsedContract>;

/** Of a fund whose cadence and issuer's page may be known. */
export const fundFreshness = (
  fund: FundUsed,
  facts: Pick<InstrumentFacts, 'metadata'> | undefined,
  day: Temporal.PlainDate,
): Pick<Answer, 'ageDays' | 'stale' | 'cadence' | 'issuerUrl'> => {
  const cadence = facts?.metadata.constituentsRefreshCadence ?? null;
  const known = fund.asOf === null ? null : freshnessOf(Temporal.PlainDate.from(fund.asOf), day, cadence);
  return {
    ageDays: known?.ageDays ?? null,
    // One that another stands in for has no list that could be old; the other says its own age.
    stale: fund.treatedAs === null && (known?.stale ?? false),
    cadence,
    issuerUrl: facts?.metadata.issuerUrl ?? null,
  };
};

/** Funds named in the sentence; the list of funds marks all of them. */
const MAX_NAMED = 5;

/** Says which funds' holdings are older than they need be. */
export const staleWarnings = (funds: readonly Answer[]): string[] => {
  const stale = funds.filter((fund) => fund.stale);
  if (stale.length === 0) return [];
  const named = stale
    .slice(0, MAX_NAMED)
    .map(({ name, asOf, ageDays }) => `${name} (${asOf}, ${ageDays} days old)`);
  const more = stale.length - named.length;
  const rest = more > 0 ? ` and ${more} more` : '';
  return [`Newer holdings should be published by now, import them: ${named.join('; ')}${rest}.`];
};
