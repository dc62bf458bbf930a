/**
 * Rows of the ledger as the contracts show them.
 *
 * Contents: plain · positionOf · ledgerTrade · plannedTrade · holdingAnswer · positionAnswer · runningAnswer · tradeAnswer
 */
import type { Holding, Trade, TradeRecorded } from '@pm/contracts/ledger';
import { averageCost, tradeTotal } from '@pm/domain/ledger';
import type { LedgerTrade, Leg, Position, TradeType } from '@pm/domain/ledger';
import { dec, decimalText, ONE, quoteUnit, ZERO } from '@pm/domain/money';
import type { Static } from 'typebox';

import type { HoldingRow } from './queries.ts';
import type { TradeRow, TradeValues } from './trade-queries.ts';

/** A stored NUMERIC without the zeros that its scale adds. */
export const plain = (numeric: string): string => decimalText(dec(numeric));

const plainOrNull = (value: ReturnType<typeof averageCost>): string | null =>
  value === null ? null : decimalText(value);

export const positionOf = (row: { readonly qty: string; readonly cost_basis: string }): Position => ({
  qty: dec(row.qty),
  cost: dec(row.cost_basis),
});

/** Most of a trade's sums are nothing; a shared zero spares making one each. */
const exact = (numeric: string): ReturnType<typeof dec> =>
  numeric === '0' ? ZERO : numeric === '1' ? ONE : dec(numeric);

/** What a stored trade and one that is about to be stored have in common, with NUMERIC as text. */
const tradeFacts = (facts: {
  readonly qty: string | null;
  readonly price: string | null;
  readonly amount: string | null;
  readonly fees: string;
  readonly taxes: string;
  readonly fxRate: string | null;
  readonly carriedCost: string | null;
  readonly leg: string;
}) => ({
  qty: exact(facts.qty ?? '0'),
  price: exact(facts.price ?? '0'),
  amount: facts.amount === null ? null : exact(facts.amount),
  fees: exact(facts.fees),
  taxes: exact(facts.taxes),
  fxRate: exact(facts.fxRate ?? '1'),
  carriedCost: facts.carriedCost === null ? null : exact(facts.carriedCost),
  leg: facts.leg as Leg,
});

/** A stored trade as the domain sees it. */
export const ledgerTrade = (row: TradeRow): LedgerTrade => ({
  id: row.id,
  holdingId: row.holding_id,
  type: row.type as TradeType,
  date: row.date,
  seq: Number(row.seq),
  currency: row.currency,
  ...tradeFacts({ ...row, fxRate: row.fx_rate, carriedCost: row.carried_cost }),
  split:
    row.split_numerator === null || row.split_denominator === null
      ? null
      : { numerator: dec(BigInt(row.split_numerator)), denominator: dec(BigInt(row.split_denominator)) },
  eventId: row.event_id,
  overdraw: row.overdraw,
});

/** A trade that is about to be stored, at this place in the order of recording. */
export const plannedTrade = (values: TradeValues, seq: number): LedgerTrade => ({
  id: values.id,
  holdingId: values.holding.id,
  type: values.type as TradeType,
  date: values.date,
  seq,
  currency: values.currency,
  ...tradeFacts(values),
  split:
    values.split === null
      ? null
      : {
          numerator: dec(BigInt(values.split.numerator)),
          denominator: dec(BigInt(values.split.denominator)),
        },
  eventId: values.eventId,
  overdraw: values.overdraw,
});

export const holdingAnswer = (row: HoldingRow): Static<typeof Holding> => ({
  id: row.id,
  portfolioId: row.portfolio_id,
  instrumentId: row.instrument_id,
  instrument:
    row.instrument_id === null || row.instrument_type === null
      ? null
      : {
          id: row.instrument_id,
          type: row.instrument_type,
          ticker: row.ticker,
          isin: row.isin,
          name: row.instrument_name ?? '',
          exchange: row.mic,
          currency: row.listing_currency ?? row.instrument_currency ?? row.base_currency,
          quoteUnit: row.quote_unit ?? row.instrument_currency ?? row.base_currency,
        },
  name: row.instrument_name ?? row.unlinked_name ?? '',
  section: row.section,
  theme: row.theme,
  account: row.account,
  qty: plain(row.qty),
  avgCost: plainOrNull(averageCost(positionOf(row))),
  costBasis: plain(row.cost_basis),
  costCurrency: row.base_currency,
  targetPct: row.target_pct === null ? null : Number(row.target_pct),
  include: row.include,
  overdraft: row.overdraft,
  hasDebt: row.has_debt,
  notes: row.notes,
  version: row.version,
  createdAt: row.created_at.toString(),
  updatedAt: row.updated_at.toString(),
});

export const positionAnswer = (
  holding: HoldingRow,
  position: Position,
  version: number,
): Static<typeof TradeRecorded>['holding'] => ({
  id: holding.id,
  qty: decimalText(position.qty),
  avgCost: plainOrNull(averageCost(position)),
  costBasis: decimalText(position.cost),
  costCurrency: holding.base_currency,
  version,
});

export const runningAnswer = (position: Position) => ({
  qty: decimalText(position.qty),
  costBasis: decimalText(position.cost),
  avgCost: plainOrNull(averageCost(position)),
});

export const tradeAnswer = (row: TradeRow, baseCurrency: string): Static<typeof Trade> => {
  const unit = quoteUnit(row.quote_unit ?? row.currency);
  return {
    id: row.id,
    holdingId: row.holding_id,
    type: row.type as Static<typeof Trade>['type'],
    date: row.date.toString(),
    price: plain(row.price ?? '0'),
    currency: row.currency,
    quoted: { price: decimalText(dec(row.price ?? '0').times(unit.perCurrencyUnit)), unit: unit.code },
    qty: plain(row.qty ?? '0'),
    amount: row.amount === null ? null : plain(row.amount),
    fees: plain(row.fees),
    taxes: plain(row.taxes),
    fxRate: plain(row.fx_rate ?? '1'),
    fxSource:
      row.fx_date === null
        ? (row.fx_source ?? 'identity')
        : `${row.fx_source ?? ''}, ${row.fx_date.toString()}`,
    split:
      row.split_numerator === null || row.split_denominator === null
        ? null
        : { numerator: row.split_numerator, denominator: row.split_denominator },
    carriedCost: row.carried_cost === null ? null : plain(row.carried_cost),
    source: row.deposit_source as Static<typeof Trade>['source'],
    eventId: row.event_id,
    leg: row.leg as Leg,
    overdraw: row.overdraw,
    total: decimalText(tradeTotal(ledgerTrade(row))),
    totalCurrency: baseCurrency,
    notes: row.notes,
    version: row.version,
    createdAt: row.created_at.toString(),
  };
};
