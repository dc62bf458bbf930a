/**
 * How this install is doing, for a monitor and for its administrator.
 *
 * Contents: checkReadiness · readStatus
 */
import { poolUsage, withWorker, withoutTenant } from '#platform/database/index.ts';
import type { Db, Tx } from '#platform/database/index.ts';
import { isAppError } from '#platform/errors.ts';

import * as queries from './queries.ts';

/** How the cache is doing. */
export type CacheReport = { readonly kind: 'redis' | 'in-process'; readonly hitRate: number | null };

/** What operations needs of the install. */
export type OperationsDeps = {
  readonly db: Db;
  /** Pool of the worker role; absent where no jobs run (tests of other features). */
  readonly worker: Db | undefined;
  /** Version of the product. */
  readonly version: string;
  readonly startedAt: Temporal.Instant;
  readonly databaseKind: 'embedded' | 'external';
  /** The schema that this program was written for: the number of its last migration. */
  readonly schemaVersion: number;
  readonly cache: () => Promise<CacheReport>;
  /** Further parts that must work before the install can serve. */
  readonly checks?: readonly (() => Promise<Check>)[];
};

/** One thing that must be so. */
export type Check = { readonly name: string; readonly ok: boolean; readonly detail: string };

/** Whether this process can serve: database reachable, schema the one it was written for. Never throws for that. */
export const checkReadiness = async (deps: OperationsDeps): Promise<{ ready: boolean; checks: Check[] }> => {
  const checks = [await checkDatabase(deps), ...(await otherChecks(deps))];
  return { ready: checks.every(({ ok }) => ok), checks };
};

const checkDatabase = async (deps: OperationsDeps): Promise<Check> => {
  try {
    return judgeSchema(await withoutTenant(deps.db, queries.schemaVersion, { readOnly: true }), deps);
  } catch (error) {
    if (!isAppError(error) || error.status !== 503) throw error;
    return { name: 'database', ok: false, detail: 'The database cannot be reached.' };
  }
};

const judgeSchema = (version: number, deps: OperationsDeps): Check =>
  version === deps.schemaVersion
    ? { name: 'database', ok: true, detail: `Reachable, schema ${version}.` }
    : {
        name: 'database',
        ok: false,
        detail: `The schema is ${version}, this program needs ${deps.schemaVersion}.`,
      };

const otherChecks = async (deps: OperationsDeps): Promise<Check[]> =>
  Promise.all((deps.checks ?? []).map(async (check) => check()));

/** The figures for the administrator's page. */
export const readStatus = async (tx: Tx, deps: OperationsDeps) => {
  const { worker } = deps;
  const server = await queries.describeServer(tx);
  const checks = [judgeSchema(await queries.schemaVersion(tx), deps), ...(await otherChecks(deps))];
  const jobs =
    worker === undefined
      ? { waiting: 0, failed: 0 }
      : await withWorker(worker, queries.countJobs, { readOnly: true });
  const pool = poolUsage(deps.db) ?? { total: 0, idle: 0, waiting: 0 };
  return {
    version: deps.version,
    startedAt: deps.startedAt.toString(),
    database: { kind: deps.databaseKind, version: server.version, sizeBytes: server.size_bytes },
    cache: { ...(await deps.cache()) },
    pool: { total: pool.total, idle: pool.idle, waiting: pool.waiting },
    jobs: { ...jobs },
    checks,
  };
};
