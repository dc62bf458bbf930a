/**
 * Rows of the ledger as the contracts show them.
 *
 * Contents: plain · ledgerTrade · holdingAnswer · positionAnswer · tradeAnswer
 */
import type { Holding, Trade, TradeRecorded } from '@pm/contracts/ledger';
import { averageCost, tradeTotal } from '@pm/domain/ledger';
import type { LedgerTrade, Position } from '@pm/domain/ledger';
import { dec, decimalText, quoteUnit } from '@pm/domain/money';
import type { Static } from 'typebox';

import type { HoldingRow, TradeRow } from './queries.ts';

/** A stored NUMERIC without the zeros that its scale adds. */
export const plain = (numeric: string): string => decimalText(dec(numeric));

const plainOrNull = (value: ReturnType<typeof averageCost>): string | null =>
  value === null ? null : decimalText(value);

export const positionOf = (row: { readonly qty: string; readonly cost_basis: string }): Position => ({
  qty: dec(row.qty),
  cost: dec(row.cost_basis),
});

export const ledgerTrade = (row: TradeRow): LedgerTrade => ({
  id: row.id,
  type: row.type as LedgerTrade['type'],
  date: row.date,
  seq: Number(row.seq),
  qty: dec(row.qty ?? '0'),
  price: dec(row.price ?? '0'),
  fees: dec(row.fees),
  fxRate: dec(row.fx_rate ?? '1'),
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
  section: row.section,
  theme: row.theme,
  account: row.account,
  qty: plain(row.qty),
  avgCost: plainOrNull(averageCost(positionOf(row))),
  costBasis: plain(row.cost_basis),
  costCurrency: row.base_currency,
  targetPct: row.target_pct === null ? null : Number(row.target_pct),
  include: row.include,
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
    fees: plain(row.fees),
    fxRate: plain(row.fx_rate ?? '1'),
    fxSource:
      row.fx_date === null
        ? (row.fx_source ?? 'identity')
        : `${row.fx_source ?? ''}, ${row.fx_date.toString()}`,
    total: decimalText(tradeTotal(ledgerTrade(row))),
    totalCurrency: baseCurrency,
    notes: row.notes,
    version: row.version,
    createdAt: row.created_at.toString(),
  };
};
