/**
 * Rows of instruments as the contracts and the other features see them.
 *
 * Contents: InstrumentFacts · factsOf · instrumentAnswer · listingAnswer
 */
import type { Instrument, InstrumentType, Listing } from '@pm/contracts/instruments';
import type { Static } from 'typebox';

import type { Metadata } from './checks.ts';
import type { InstrumentRow, ListingRow } from './queries.ts';

export type InstrumentAnswer = Static<typeof Instrument>;
export type ListingAnswer = Static<typeof Listing>;

/** What other features need to know of an instrument. */
export type InstrumentFacts = {
  readonly id: string;
  readonly type: Static<typeof InstrumentType>;
  readonly name: string;
  readonly ticker: string | null;
  readonly isin: string | null;
  /** MIC of the primary line. */
  readonly exchange: string | null;
  /** Trading currency of the primary line; without a line, the currency the instrument is denominated in. */
  readonly currency: string;
  /** Unit in which the primary line is quoted; always one of `currency`. */
  readonly quoteUnit: string;
  readonly scope: 'shared' | 'private';
  /** Whose it is; null for shared ones. */
  readonly ownerUserId: string | null;
  /** Country, sector, industry and the funds' figures, where known. */
  readonly metadata: Metadata;
};

export const factsOf = (row: InstrumentRow): InstrumentFacts => ({
  id: row.id,
  // A check constraint of the table holds the types of the contract.
  type: row.type as InstrumentFacts['type'],
  name: row.name,
  ticker: row.ticker,
  isin: row.isin,
  exchange: row.mic,
  currency: row.listing_currency ?? row.currency,
  quoteUnit: row.quote_unit ?? row.currency,
  scope: row.owner_user_id === null ? 'shared' : 'private',
  ownerUserId: row.owner_user_id,
  metadata: {
    ...row.metadata,
    ...(row.country === null ? {} : { country: row.country }),
    ...(row.sector === null ? {} : { sector: row.sector }),
    ...(row.industry === null ? {} : { industry: row.industry }),
    ...(row.is_demo ? { demo: true } : {}),
  },
});

export const listingAnswer = (row: ListingRow): ListingAnswer => ({
  id: row.id,
  exchange: row.mic,
  ticker: row.ticker,
  currency: row.currency,
  quoteUnit: row.quote_unit,
  isPrimary: row.is_preferred,
});

export const instrumentAnswer = (
  row: InstrumentRow,
  listings: readonly ListingRow[],
  constituentsAsOf: Temporal.PlainDate | undefined,
): InstrumentAnswer => {
  const { ownerUserId: _owner, ...facts } = factsOf(row);
  return {
    ...facts,
    listings: listings.map(listingAnswer),
    constituentsAsOf: constituentsAsOf?.toString() ?? null,
    version: row.version,
    createdAt: row.created_at.toString(),
    updatedAt: row.updated_at.toString(),
  };
};
