/**
 * What each holding was worth in the evenings of a calendar year, added up: what a yearly charge is charged on.
 *
 * Contents: YearlyValues · yearlyValues
 */
import { dec, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

import { holdingsOf } from './history.ts';
import type { HistoryHolding, HistoryPortfolio } from './history.ts';
import { keptOf, tailOf } from './series.ts';
import type { SeriesSpan } from './series.ts';

/** Of one holding and year, in the portfolio's currency. */
type YearValues = {
  /** The values of all evenings added up. */
  readonly valueDays: Decimal;
  /** Evenings on which something was held whose price or rate is not known. */
  readonly missingDays: number;
};

export type YearlyValues = {
  readonly holdings: readonly HistoryHolding[];
  /** By holding, then by year. */
  readonly byHolding: ReadonlyMap<string, ReadonlyMap<number, YearValues>>;
  /** By holding, on the last day; those without a value are left out. */
  readonly worth: ReadonlyMap<string, Decimal>;
};

type Row = {
  readonly holding_id: string;
  readonly year: number;
  readonly value_days: string;
  readonly missing_days: number;
};

/** Months are kept whole and none lies in two years. */
const keptYears = async (tx: Tx, portfolioId: string, through: Temporal.PlainDate): Promise<Row[]> => {
  const { rows } = await sql<Row>`
    select s.holding_id, extract(year from s.month)::integer as year, coalesce(sum(v.x), 0) as value_days,
      count(*) filter (where v.x is null)::integer as missing_days
    from pm.holding_snapshots s cross join lateral unnest(s.value) as v (x)
    where s.portfolio_id = ${portfolioId}::uuid and s.month <= ${through}::date
    group by s.holding_id, 2`.execute(tx);
  return rows;
};

/** Every holding that counts, up to and including `span.to`. The caller has entered the portfolio. */
export const yearlyValues = async (
  tx: Tx,
  portfolio: HistoryPortfolio,
  span: SeriesSpan,
): Promise<YearlyValues> => {
  const kept = await keptOf(tx, portfolio.id);
  const tail = await tailOf(tx, portfolio, kept, span);
  const holdings = (tail?.history.holdings ?? (await holdingsOf(tx, portfolio.id))).filter(
    ({ include }) => include,
  );
  const byHolding = new Map(holdings.map(({ id }) => [id, new Map<number, YearValues>()]));
  const add = (id: string, year: number, more: YearValues): void => {
    const years = byHolding.get(id);
    const before = years?.get(year) ?? { valueDays: ZERO, missingDays: 0 };
    years?.set(year, {
      valueDays: before.valueDays.plus(more.valueDays),
      missingDays: before.missingDays + more.missingDays,
    });
  };
  for (const row of kept.through === null ? [] : await keptYears(tx, portfolio.id, kept.through)) {
    add(row.holding_id, row.year, { valueDays: dec(row.value_days), missingDays: row.missing_days });
  }
  if (tail !== null) {
    const { from, days } = tail.history;
    const count = tail.history.whole.days.length;
    const years = Array.from({ length: count }, (_, at) => from.add({ days: at }).year);
    for (const [id, own] of days) {
      for (const [at, { value }] of own.days.entries()) {
        const year = years[at];
        if (year === undefined || value?.isZero() === true) continue;
        add(id, year, { valueDays: value ?? ZERO, missingDays: value === null ? 1 : 0 });
      }
    }
  }
  const worth = new Map(
    [...(tail?.history.days ?? [])].flatMap(([id, { days }]) => {
      const value = days.at(-1)?.value ?? null;
      return value === null ? [] : [[id, value] as const];
    }),
  );
  return { holdings, byHolding, worth };
};
