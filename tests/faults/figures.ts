/**
 * How what was sent and what is read back are written down, so that both can be compared as text.
 *
 * Contents: places · tradeFigures · priceFigures · holdingFigures · importFigures
 */
import { createHash } from 'node:crypto';

export const tradePlace = (note: string): string => `trade ${note}`;
export const openingPlace = (holdingId: string): string => `opening of ${holdingId}`;
export const holdingPlace = (note: string): string => `holding ${note}`;
export const pricePlace = (instrumentId: string, dateTime: string): string =>
  `price of ${instrumentId} at ${dateTime}`;
export const importPlace = (fundId: string, asOf: string): string => `constituents of ${fundId} on ${asOf}`;

/** A trade; all amounts are decimal text without trailing zeros, the price in `unit`. */
export type TradeFigures = {
  readonly holdingId: string;
  readonly type: string;
  readonly date: string;
  readonly qty: string;
  readonly price: string;
  readonly unit: string;
  readonly fees: string;
  readonly fxRate: string;
};

export const tradeFigures = (one: TradeFigures): string =>
  `${one.type} of ${one.qty} at ${one.price} ${one.unit} on ${one.date}, fees ${one.fees}, rate ${one.fxRate}, in ${one.holdingId}`;

export const priceFigures = (close: string, unit: string): string => `${close} ${unit}`;

export const holdingFigures = (one: {
  readonly instrumentId: string;
  readonly account: string;
  readonly qty: string;
  readonly costBasis: string;
}): string => `${one.qty} of ${one.instrumentId} in ${one.account} costing ${one.costBasis}`;

/** One row of what a fund holds. */
export type ConstituentFigures = { readonly isin: string; readonly name: string; readonly weightPct: string };

/** Stands for all rows of an import, in any order: how many, and what they say. */
export const importFigures = (rows: readonly ConstituentFigures[]): string => {
  const lines = rows.map(({ isin, name, weightPct }) => `${isin} ${name} ${weightPct}`).toSorted();
  const digest = createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 12);
  return `${rows.length} rows (${digest})`;
};
