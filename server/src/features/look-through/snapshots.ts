/**
 * What portfolios were exposed to, kept: written by the worker when a fund that they reach or their holdings change.
 *
 * A day has one snapshot, its last. Each is made in its owner's name, so it shows what they would have seen.
 * Contents: portfoliosReaching · portfoliosChanged · snapshotPortfolio
 */
import { randomUUIDv7 } from 'node:crypto';

import { exposureIn } from '@pm/domain/look-through';
import { sql } from 'kysely';

import { momentOf } from '#features/valuation';
import type { Moment } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';

import { lookedThrough } from './exposure.ts';
import { portfolioOverlap } from './overlap.ts';
import { portfolioSubject } from './subjects.ts';

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

/** Writes what a portfolio is exposed to now, in place of an earlier snapshot of its owner's day. */
export const snapshotPortfolio = async (
  tx: Tx,
  portfolio: Owned,
  now: Temporal.Instant,
  timezone: string,
): Promise<void> => {
  const moment = momentOf(undefined, now, timezone);
  const subject = await portfolioSubject(tx, portfolio.id, moment);
  const { looked } = await lookedThrough(tx, subject, { basis: 'published' });
  const { byRegion, bySector, byIndustry, byCountry, byCurrency, byAssetClass, ...rest } = exposureIn(
    looked,
    COMPANIES,
  );
  const { matrix } = await portfolioOverlap(tx, portfolio.id, moment, 0);
  const exposures = {
    byRegion,
    bySector,
    byIndustry,
    byCountry,
    byCurrency,
    byAssetClass,
    coveragePct: rest.coveragePct,
    unclassifiedPct: rest.unclassifiedPct,
    byCompany: rest.byCompany.map(({ instrumentId, name, pct }) => ({
      instrumentId,
      name,
      pct,
    })),
    missing: subject.missing.length,
  };
  await replaceToday(tx, portfolio, moment, timezone, { exposures, matrix });
};

const replaceToday = async (
  tx: Tx,
  { user_id: userId, id }: Owned,
  { instant, day }: Moment,
  timezone: string,
  what: { readonly exposures: object; readonly matrix: object },
): Promise<void> => {
  const from = day.toZonedDateTime(timezone).toInstant();
  await sql`
    with gone as (
      delete from pm.overlap_matrices where portfolio_id = ${id}::uuid and as_of >= ${from}::timestamptz and as_of < ${instant}::timestamptz
    )
    delete from pm.exposure_snapshots
    where portfolio_id = ${id}::uuid and basis = 'published' and as_of >= ${from}::timestamptz and as_of < ${instant}::timestamptz`.execute(
    tx,
  );
  await sql`
    with matrix as (
      insert into pm.overlap_matrices (user_id, id, portfolio_id, as_of, matrix)
      values (${userId}::uuid, ${randomUUIDv7()}::uuid, ${id}::uuid, ${instant}::timestamptz, ${JSON.stringify(what.matrix)}::jsonb)
      on conflict (portfolio_id, as_of) do update set matrix = excluded.matrix
    )
    insert into pm.exposure_snapshots (user_id, id, portfolio_id, as_of, basis, exposures)
    values (${userId}::uuid, ${randomUUIDv7()}::uuid, ${id}::uuid, ${instant}::timestamptz, 'published',
      ${JSON.stringify(what.exposures)}::jsonb)
    on conflict (portfolio_id, as_of, basis) do update set exposures = excluded.exposures`.execute(tx);
};
