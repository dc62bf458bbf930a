/**
 * What portfolios were exposed to, kept: written by the worker when a fund that they reach or their holdings change.
 *
 * A day has one snapshot, its last. Each is made in its owner's name, so it shows what they would have seen.
 * Contents: portfoliosReaching · portfoliosChanged · snapshotPortfolios
 */
import { randomUUIDv7 } from 'node:crypto';

import { exposureIn, lookThrough, overlapMatrix } from '@pm/domain/look-through';
import type { Closures } from '@pm/domain/look-through';
import { sql } from 'kysely';

import { holdingsOf } from '#features/ledger';
import { momentOf, valueHoldings } from '#features/valuation';
import type { Moment, ValuedRow } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';

import { loadClosures } from './closures.ts';
import { readComposition } from './composition.ts';
import { comparableFunds, MAX_INSTRUMENTS } from './overlap.ts';
import { subjectOf } from './subjects.ts';

/** A portfolio and whose it is. */
export type Owned = { readonly user_id: string; readonly id: string };

/** Live portfolios that hold a fund, or a fund that holds it, or one that is treated as it. For the worker. */
export const portfoliosReaching = async (tx: Tx, fundId: string): Promise<readonly Owned[]> => {
  const { rows } = await sql<Owned>`
    with recursive above as (
      select ${fundId}::uuid as id
      union
      select f.id from above a cross join lateral (
        select m.parent_instrument_id as id from pm.constituent_imports m
        where m.status = 'active' and m.fund_ids @> array[a.id]
        union all
        select p.fund_instrument_id from pm.fund_proxies p where p.proxy_instrument_id = a.id
      ) f
    )
    select distinct p.user_id, p.id
    from above a join pm.holdings h on h.instrument_id = a.id and h.deleted_at is null and h.include
    join pm.portfolios p on p.user_id = h.user_id and p.id = h.portfolio_id and p.deleted_at is null
    order by p.user_id, p.id`.execute(tx);
  return rows;
};

/** Live portfolios whose holdings changed after their last snapshot. For the worker. */
export const portfoliosChanged = async (tx: Tx): Promise<readonly Owned[]> => {
  const { rows } = await sql<Owned>`
    select p.user_id, p.id from pm.portfolios p
    where p.deleted_at is null and exists (
      select from pm.holdings h where h.portfolio_id = p.id and h.user_id = p.user_id and h.updated_at > coalesce(
        (select max(s.as_of) from pm.exposure_snapshots s where s.portfolio_id = p.id), '-infinity'))
    order by p.user_id, p.id`.execute(tx);
  return rows;
};

/** Largest companies that a snapshot names. */
const COMPANIES = 10;

type Snapshot = { readonly id: string; readonly exposures: object; readonly matrix: object };

/**
 * Writes what portfolios of one person are exposed to now, in place of earlier snapshots of their owner's day: as many
 * statements for many as for one. Those that are gone are left out. @returns how many were written
 */
export const snapshotPortfolios = async (
  tx: Tx,
  { userId, ids }: { readonly userId: string; readonly ids: readonly string[] },
  now: Temporal.Instant,
  timezone: string,
): Promise<number> => {
  const moment = momentOf(undefined, now, timezone);
  const [live, rows] = await Promise.all([livePortfolios(tx, ids), holdingsOf(tx, ids)]);
  const held = [...new Set(rows.flatMap((row) => (row.include ? (row.instrument_id ?? []) : [])))];
  const [valued, composition] = await Promise.all([
    valueHoldings(tx, rows, moment),
    readComposition(tx, held, moment.day),
  ]);
  const closures = await loadClosures(tx, composition, 'published');
  const byPortfolio = Map.groupBy(valued, ({ row }) => row.portfolio_id);
  const snapshots = live.map((id) => ({ id, ...snapshotOf(byPortfolio.get(id) ?? [], closures) }));
  await replaceToday(tx, userId, { moment, timezone }, snapshots);
  return snapshots.length;
};

const livePortfolios = async (tx: Tx, ids: readonly string[]): Promise<readonly string[]> => {
  const { rows } = await sql<{ id: string }>`
    select p.id from pm.portfolios p where p.id = any (${ids}::uuid[]) and p.deleted_at is null order by p.id`.execute(
    tx,
  );
  return rows.map((row) => row.id);
};

const snapshotOf = (rows: readonly ValuedRow[], closures: Closures): Omit<Snapshot, 'id'> => {
  const { positions, missing } = subjectOf(rows, rows[0]?.row.base_currency ?? '');
  const looked = lookThrough(positions, closures.graph, 'published', closures);
  const { byRegion, bySector, byIndustry, byCountry, byCurrency, byAssetClass, ...rest } = exposureIn(
    looked,
    COMPANIES,
  );
  const funds = comparableFunds(rows.map(({ row }) => row))
    .filter((one) => closures.of(one.instrumentId) !== null)
    .slice(0, MAX_INSTRUMENTS);
  return {
    exposures: {
      byRegion,
      bySector,
      byIndustry,
      byCountry,
      byCurrency,
      byAssetClass,
      coveragePct: rest.coveragePct,
      unclassifiedPct: rest.unclassifiedPct,
      byCompany: rest.byCompany.map(({ instrumentId, name, pct }) => ({ instrumentId, name, pct })),
      missing: missing.length,
    },
    matrix: overlapMatrix(funds, closures.graph, { closures }).matrix,
  };
};

const replaceToday = async (
  tx: Tx,
  userId: string,
  { moment: { instant, day }, timezone }: { readonly moment: Moment; readonly timezone: string },
  snapshots: readonly Snapshot[],
): Promise<void> => {
  const from = day.toZonedDateTime(timezone).toInstant();
  const ids = snapshots.map((one) => one.id);
  const gone = sql`
    with gone as (
      delete from pm.overlap_matrices where portfolio_id = any (${ids}::uuid[])
        and as_of >= ${from}::timestamptz and as_of < ${instant}::timestamptz
    )
    delete from pm.exposure_snapshots where portfolio_id = any (${ids}::uuid[]) and basis = 'published'
      and as_of >= ${from}::timestamptz and as_of < ${instant}::timestamptz`;
  const keys = snapshots.map(() => randomUUIDv7());
  const kept = sql`
    with given as (
      select * from unnest(${keys}::uuid[], ${ids}::uuid[], ${snapshots.map((one) => JSON.stringify(one.matrix))}::text[],
        ${snapshots.map((one) => JSON.stringify(one.exposures))}::text[]) as g (id, portfolio_id, matrix, exposures)
    ), matrices as (
      insert into pm.overlap_matrices (user_id, id, portfolio_id, as_of, matrix)
      select ${userId}::uuid, g.id, g.portfolio_id, ${instant}::timestamptz, g.matrix::jsonb from given g
      on conflict (portfolio_id, as_of) do update set matrix = excluded.matrix
    )
    insert into pm.exposure_snapshots (user_id, id, portfolio_id, as_of, basis, exposures)
    select ${userId}::uuid, g.id, g.portfolio_id, ${instant}::timestamptz, 'published', g.exposures::jsonb from given g
    on conflict (portfolio_id, as_of, basis) do update set exposures = excluded.exposures`;
  await Promise.all([gone.execute(tx), kept.execute(tx)]);
};
