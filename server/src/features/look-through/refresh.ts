/**
 * After a fund's holdings changed: what is computed of them is made anew by the worker.
 *
 * Contents: refreshSoon · refreshFunds (job) · packImports
 */
import { sql } from 'kysely';
import Type from 'typebox';

import { withTenant, withWorker } from '#platform/database/index.ts';
import type { Db, Tx } from '#platform/database/index.ts';
import { isAppError } from '#platform/errors.ts';
import { defineJob, enqueue } from '#platform/jobs/index.ts';
import type { JobContext } from '#platform/jobs/index.ts';

import { packRows, writePacked } from './columns.ts';
import { rowsOfImports } from './graph-rows.ts';
import { portfoliosChanged, portfoliosReaching, snapshotPortfolios } from './snapshots.ts';
import type { Owned } from './snapshots.ts';

export const REFRESH_FUNDS = 'look-through.refresh-funds';

/** Asks for it as part of the transaction that changes a fund; several changes of one fund wait for one run. */
export const refreshSoon = async (tx: Tx, fundId: string): Promise<void> => {
  await enqueue(tx, REFRESH_FUNDS, { fundId }, { key: fundId });
};

/** Imports whose columns are made in one transaction: thousands of rows each. */
const IMPORTS_AT_ONCE = 20;

type Waiting = {
  readonly id: string;
  readonly fund_id: string;
  readonly version: number;
  readonly owner_user_id: string | null;
};

/** Imports that count and whose columns are missing or of an earlier version; of one fund, or of all. */
const waitingImports = async (tx: Tx, fundId: string | undefined): Promise<readonly Waiting[]> => {
  const { rows } = await sql<Waiting>`
    select m.id, m.parent_instrument_id as fund_id, m.version, m.owner_user_id
    from pm.constituent_imports m left join pm.import_columns c on c.import_id = m.id
    where m.status = 'active' and c.import_version is distinct from m.version
      and (${fundId === undefined}::boolean or m.parent_instrument_id = ${fundId ?? null}::uuid)
    order by m.as_of desc, m.id limit ${IMPORTS_AT_ONCE}`.execute(tx);
  return rows;
};

/** Makes the columns that are missing, the newest first, and removes those that count no longer. Returns whose it made. */
export const packImports = async (
  db: Db,
  signal: AbortSignal,
  fundId?: string,
): Promise<ReadonlySet<string>> => {
  const funds = new Set<string>();
  for (let packed = IMPORTS_AT_ONCE; packed === IMPORTS_AT_ONCE && !signal.aborted;) {
    packed = await withWorker(db, async (tx) => {
      const waiting = await waitingImports(tx, fundId);
      const rows = await rowsOfImports(
        tx,
        waiting.map((one) => one.id),
      );
      const byImport = Map.groupBy(rows, (row) => row.import_id);
      for (const { id, version, owner_user_id: owner } of waiting) {
        await writePacked(tx, { importId: id, version, owner }, packRows(byImport.get(id) ?? []));
      }
      for (const { fund_id: fund } of waiting) funds.add(fund);
      return waiting.length;
    });
  }
  await withWorker(db, async (tx) => {
    await sql`
      delete from pm.import_columns c using pm.constituent_imports m
      where m.id = c.import_id and m.status <> 'active'
        and (${fundId === undefined}::boolean or m.parent_instrument_id = ${fundId ?? null}::uuid)`.execute(
      tx,
    );
  });
  return funds;
};

/** Portfolios of one person in one transaction: nobody waits long for the rows that it writes. */
const PORTFOLIOS_AT_ONCE = 50;

/** By owner, at most so many together. */
const batchesOf = (
  portfolios: readonly Owned[],
): { readonly userId: string; readonly ids: readonly string[] }[] =>
  [...Map.groupBy(portfolios, (one) => one.user_id)].flatMap(([userId, owned]) =>
    Array.from({ length: Math.ceil(owned.length / PORTFOLIOS_AT_ONCE) }, (_, n) => ({
      userId,
      ids: owned.slice(n * PORTFOLIOS_AT_ONCE, (n + 1) * PORTFOLIOS_AT_ONCE).map((one) => one.id),
    })),
  );

/** Takes snapshots, those of one owner together and in their name. Who is gone in the meantime is left out. */
const snapshotAll = async (
  { app, clock, helpers, log }: Pick<JobContext<unknown>, 'app' | 'clock' | 'helpers' | 'log'>,
  portfolios: readonly Owned[],
): Promise<void> => {
  const began = performance.now();
  let done = 0;
  for (const batch of batchesOf(portfolios)) {
    if (helpers.signal.aborted) break;
    try {
      done += await withTenant(app, { userId: batch.userId }, async (tx, { timezone }) =>
        snapshotPortfolios(tx, batch, clock.now(), timezone),
      );
    } catch (error) {
      if (!isAppError(error) || error.status >= 500) throw error;
      log.info({ code: error.code }, 'Portfolios have no snapshot');
    }
  }
  if (done > 0) log.info({ portfolios: done, ms: Math.round(performance.now() - began) }, 'Snapshots taken');
};

/** Portfolios whose holdings changed, and those that reach a fund whose holdings did: by a merge, or by a security's sector. */
const portfoliosToDo = async (tx: Tx, funds: ReadonlySet<string>): Promise<readonly Owned[]> => {
  const found = new Map((await portfoliosChanged(tx)).map((one) => [one.id, one]));
  for (const fundId of funds) {
    for (const one of await portfoliosReaching(tx, fundId)) found.set(one.id, one);
  }
  return [...found.values()];
};

/**
 * Runs for one fund when it changed: its columns, then a snapshot of every portfolio that reaches it. Every minute, and
 * after merges, for all: columns that are missing, and portfolios of which something changed.
 */
export const refreshFunds = defineJob({
  name: REFRESH_FUNDS,
  schema: Type.Object({ fundId: Type.Optional(Type.String()) }),
  cron: { match: '* * * * *' },
  run: async (context) => {
    const { fundId } = context.payload;
    const packed = await packImports(context.db, context.helpers.signal, fundId);
    const portfolios = await withWorker(context.db, async (tx) =>
      fundId === undefined ? portfoliosToDo(tx, packed) : portfoliosReaching(tx, fundId),
    );
    await snapshotAll(context, portfolios);
  },
});
