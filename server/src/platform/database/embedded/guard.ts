/**
 * One program per data folder: the program holds an advisory lock in the cluster, over a connection that lives as long
 * as itself. When it is killed, the connection closes and the lock is free; no file can be left behind.
 */
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { type Endpoint, adminConnection } from './endpoint.ts';
import { systemCode } from './errors.ts';
import type { Secrets } from './secrets.ts';

/** The outcome of logging in as the superuser. */
export type Login =
  | { readonly kind: 'connected'; readonly client: pg.Client }
  /** The password is not that of the secrets file. */
  | { readonly kind: 'refused' }
  /** Nothing answers, or it answers that it is not ready. */
  | { readonly kind: 'not_yet'; readonly error: unknown };

const CONNECT_TIMEOUT_MS = 2_000;
const QUERY_TIMEOUT_MS = 30_000;
const GUARD_KEYS = [18, 28_781] as const;
/** A killed program's connection is closed within milliseconds; a server under load may notice a little later. */
const GUARD_PATIENCE_MS = 2_000;
const POLL_MS = 20;
const APPLICATION_NAME_MAX = 63;
/** 28P01 wrong password, 28000 no such role. */
const REFUSED = new Set(['28P01', '28000']);

/** Logs in as the superuser. */
export const login = async (endpoint: Endpoint, secrets: Secrets): Promise<Login> => {
  const client = new pg.Client({
    ...adminConnection(endpoint, secrets),
    application_name: `portfolio-manager, process ${process.pid} on ${hostname()}`.slice(
      0,
      APPLICATION_NAME_MAX,
    ),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
  });
  // A connection that is lost while idle says so by events; `end` follows and is what matters.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return { kind: 'connected', client };
  } catch (error) {
    await client.end().catch(() => undefined);
    return REFUSED.has(systemCode(error) ?? '') ? { kind: 'refused' } : { kind: 'not_yet', error };
  }
};

/**
 * Takes the lock that only one program may hold.
 * @returns the name of the program that has it; `undefined` when it is ours now
 */
export const takeGuard = async (client: pg.Client): Promise<string | undefined> => {
  const deadline = performance.now() + GUARD_PATIENCE_MS;
  for (;;) {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1, $2) as mine', [
      ...GUARD_KEYS,
    ]);
    if (rows[0]?.mine === true) return undefined;
    if (performance.now() > deadline) return holder(client);
    await sleep(POLL_MS);
  }
};

const holder = async (client: pg.Client): Promise<string> => {
  const { rows } = await client.query<{ name: string }>(
    `select a.application_name as name
       from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.granted and l.classid = $1 and l.objid = $2`,
    [...GUARD_KEYS],
  );
  return rows[0]?.name ?? 'another program';
};
