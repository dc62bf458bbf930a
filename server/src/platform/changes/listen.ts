/**
 * Hears what transactions of every process changed: one connection of its own, kept open.
 *
 * Contents: listenForChanges
 */
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { clientConfig } from '../database/connection.ts';
import { connectionLoss } from '../database/failures.ts';
import type { Logger } from '../log.ts';
import { createChangeBook } from './changes.ts';
import type { ChangeBook, Changes } from './changes.ts';

/** The channel of `pm.tell_changes`. */
const CHANNEL = 'pm_changes';
/** What is said when a change concerns everybody. */
const EVERYBODY = '*';
const RECONNECT_PAUSE_MS = 500;
/** A connection that says nothing may be dead without our knowing: it is asked this often, and given as long. */
const HEARTBEAT_MS = 5_000;

/** The book of changes, and the end of listening. */
export type ChangeListener = Changes & {
  /** Resolves when everything has been heard that was committed before the call, or when nothing is heard at all. */
  settled(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Listens from now on, and again whenever the connection was lost; meanwhile the book says that nothing can be kept.
 * @param url a direct connection: a pooler in transaction mode does not pass on what is told
 */
export const listenForChanges = async (url: string, log: Logger): Promise<ChangeListener> => {
  const book = createChangeBook();
  let ask: Ask | undefined;
  const ended = new AbortController();
  const first = Promise.withResolvers<undefined>();
  const onListening = (asking: Ask): void => {
    ask = asking;
    first.resolve(undefined);
  };
  const work = (async () => {
    while (!ended.signal.aborted) {
      try {
        await listenOnce(url, book, ended.signal, onListening);
      } catch (error) {
        log.warn(
          { reason: connectionLoss(error).reason },
          'Changes are not heard; nothing is kept meanwhile',
        );
      }
      ask = undefined;
      first.resolve(undefined);
      await sleep(RECONNECT_PAUSE_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  })();
  await first.promise;
  return {
    mark: () => book.mark(),
    unchangedSince: (mark, people) => book.unchangedSince(mark, people),
    note: (person) => book.note(person),
    settled: async () => {
      // What is told comes before the answer to a question that was asked later.
      await ask?.().catch(() => undefined);
    },
    close: async () => {
      ended.abort();
      await work;
    },
  };
};

/** Asks the server for nothing but an answer, one question after the other. */
type Ask = () => Promise<void>;

/** Callers of one moment share a question; those who come while it is under way share the next one. */
const oneAtATime = (question: () => Promise<unknown>): Ask => {
  let underWay: Promise<unknown> = Promise.resolve();
  let next: Promise<void> | undefined;
  const askNext = async (): Promise<void> => {
    await underWay.catch(() => undefined);
    await setImmediate();
    next = undefined;
    underWay = question();
    await underWay;
  };
  return async () => (next ??= askNext());
};

/** One connection's life. Ends quietly when aborted. @throws when the connection is lost */
const listenOnce = async (
  url: string,
  book: ChangeBook,
  signal: AbortSignal,
  onListening: (ask: Ask) => void,
): Promise<void> => {
  const client = new pg.Client(
    clientConfig(url, { connectionTimeoutMillis: HEARTBEAT_MS, query_timeout: HEARTBEAT_MS }),
  );
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => undefined);
  const lose = (error: Error): void => {
    book.setListening(false);
    lost.reject(error);
  };
  client.on('error', lose);
  client.on('end', () => lose(new Error('The connection was closed.')));
  client.on('notification', ({ payload }) => {
    if (payload === EVERYBODY || payload === undefined) book.noteAll();
    else book.note(payload);
  });
  try {
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
    book.setListening(true);
    const ask = oneAtATime(async () => {
      try {
        await client.query('select');
      } catch (error) {
        lose(error instanceof Error ? error : new Error(String(error)));
        throw error;
      }
    });
    onListening(ask);
    while (!signal.aborted) {
      await Promise.race([sleep(HEARTBEAT_MS, undefined, { signal }).catch(() => undefined), lost.promise]);
      if (!signal.aborted) await Promise.race([ask(), lost.promise]);
    }
  } finally {
    book.setListening(false);
    await client.end().catch(() => undefined);
  }
};
