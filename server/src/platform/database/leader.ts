/**
 * One process among many: whoever holds an advisory lock on a connection of its own does a work that only one may do at a
 * time. PostgreSQL releases the lock the moment the process or its connection is gone; then another one takes over.
 *
 * Contents: whileLeading
 */
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import type { Logger } from '../log.ts';
import { clientConfig } from './connection.ts';
import { connectionLoss } from './failures.ts';

/** How often those who do not lead ask for the lead: a random part of this and as much again. */
const ASK_MS = 5_000;

type Leading = {
  /** A direct connection: a pooler in transaction mode gives locks to whoever comes next. */
  readonly url: string;
  /** What is led; the same in all processes. */
  readonly name: string;
  readonly log: Logger;
  /** Ends all of it. */
  readonly signal: AbortSignal;
  readonly askMs?: number;
};

/**
 * Does `work` whenever this process leads, until `signal` aborts. The signal that the work gets aborts too when the lead is lost;
 * it then has to end soon. A work that fails is begun again.
 */
export const whileLeading = async (
  { url, name, log, signal, askMs = ASK_MS }: Leading,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> => {
  while (!signal.aborted) {
    const client = new pg.Client(clientConfig(url));
    const lost = new AbortController();
    client.on('error', () => lost.abort());
    client.on('end', () => lost.abort());
    try {
      await client.connect();
      const { rows } = await client.query<{ leads: boolean }>(
        'select pg_try_advisory_lock(hashtextextended($1, 0)) as leads',
        [`pm leader ${name}`],
      );
      if (rows[0]?.leads === true) await work(AbortSignal.any([signal, lost.signal]));
    } catch (error) {
      if (!signal.aborted) log.warn({ reason: connectionLoss(error).reason, name }, 'The lead was lost');
    } finally {
      await client.end().catch(() => undefined);
    }
    await sleep(askMs * (1 + Math.random()), undefined, { signal }).catch(() => undefined);
  }
};
