/**
 * Where an event happens, and its legs before anything is said of them.
 *
 * Contents: EventPlace · cashCurrency · legBefore · emptyLeg
 */
import { randomUUIDv7 } from 'node:crypto';

import type { HoldingRow } from './queries.ts';
import { BLANK_TRADE } from './trade-queries.ts';
import type { TradeRow, TradeValues } from './trade-queries.ts';

/** Where an event happens: its holdings, locked, and its legs as they were when it is corrected. */
export type EventPlace = {
  readonly holding: HoldingRow;
  /** The cash that settles it. */
  readonly cash: HoldingRow | undefined;
  /** The holding that receives a transfer. */
  readonly target: HoldingRow | undefined;
  readonly before: readonly TradeRow[];
  readonly today: Temporal.PlainDate;
};

/** The currency of a Cash holding; null for anything else. */
export const cashCurrency = (holding: HoldingRow): string | null =>
  holding.instrument_type === 'Cash' ? (holding.instrument_currency ?? holding.base_currency) : null;

/** The leg that a corrected event has already, so that it keeps its id and its place. */
export const legBefore = (place: EventPlace, leg: string, holding: HoldingRow): TradeRow | undefined =>
  place.before.find((row) => row.leg === leg && row.holding_id === holding.id);

/** A leg with nothing in it but what all legs have. */
export const emptyLeg = (
  place: EventPlace,
  leg: string,
  holding: HoldingRow,
  facts: Pick<TradeValues, 'type' | 'date' | 'currency'>,
): TradeValues => {
  const id = legBefore(place, leg, holding)?.id ?? randomUUIDv7();
  return { ...BLANK_TRADE, ...facts, id, holding, quoteUnit: facts.currency, leg };
};
