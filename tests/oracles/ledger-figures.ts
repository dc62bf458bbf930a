// The figures of the ledger oracle for the cases in fixtures/ledger-cases.json, as decimal text.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EuroRates } from './fx.ts';
import { readEcbHistory } from './fx.ts';
import type { Position, Priced, Replay, Trade } from './ledger.ts';
import { averageCost, replay, totalValue, valueOf } from './ledger.ts';

interface Cases {
  rates: string;
  histories: Array<{ name: string; note: string; trades: Trade[] }>;
  valuations: Array<{ base: string; day: string; holdings: Priced[] }>;
}

export interface WrittenPosition {
  qty: string;
  costBasis: string;
  avgCost: string | null;
  realised: string;
  income: string;
}

/** A position as decimal text with at most 18 places. */
export function writtenPosition(position: Position): WrittenPosition {
  return {
    qty: position.qty.toDecimal(),
    costBasis: position.costBasis.toDecimal(),
    avgCost: averageCost(position)?.toDecimal() ?? null,
    realised: position.realised.toDecimal(),
    income: position.income.toDecimal(),
  };
}

/** The outcome of a replay as plain JSON. */
export function writtenReplay(result: Replay): unknown {
  if (!result.ok) return { ...result, held: result.held.toDecimal(), wanted: result.wanted.toDecimal() };
  return {
    ok: true,
    position: writtenPosition(result.position),
    steps: result.steps.map(({ seq, position }) => ({ seq, ...writtenPosition(position) })),
  };
}

function valuation(rates: EuroRates, { base, day, holdings }: Cases['valuations'][number]): unknown {
  const total = totalValue(holdings, base, day, rates);
  return {
    base,
    day,
    value: total.value.toDecimal(),
    missing: total.missing,
    holdings: holdings.map((holding) => {
      const valued = valueOf(holding, base, day, rates);
      return valued.ok
        ? {
            ...holding,
            value: valued.value.toDecimal(),
            rate: valued.rate.toDecimal(20),
            rateDate: valued.rateDate,
          }
        : { ...holding, ...valued };
    }),
  };
}

/** The hand-written cases. */
export function ledgerCases(): Cases {
  return JSON.parse(
    readFileSync(join(import.meta.dirname, 'fixtures', 'ledger-cases.json'), 'utf8'),
  ) as Cases;
}

/** Figures of the hand-written cases. */
export function ledgerFigures(): unknown {
  const cases = ledgerCases();
  const rates = readEcbHistory(cases.rates);
  return {
    histories: cases.histories.map(({ name, note, trades }) => ({
      name,
      note,
      ...(writtenReplay(replay(trades)) as object),
    })),
    valuations: cases.valuations.map((one) => valuation(rates, one)),
  };
}
