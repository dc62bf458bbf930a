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
import type { ChangeBook, Changes, Start } from './changes.ts';

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
    versionOf: async (people) => {
      if (book.isAhead(people)) await catchUp(book, ask, people);
      return book.versionOf(people);
    },
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

/** Asks until what this process wrote itself has been heard; not where something else is heard meanwhile. */
const catchUp = async (book: ChangeBook, ask: Ask | undefined, people: readonly string[]): Promise<void> => {
  const mark = book.mark();
  if (ask === undefined || mark === undefined) return;
  const hasAnswered = await ask().then(
    () => true,
    () => false,
  );
  if (hasAnswered && book.unchangedSince(mark, people)) book.caughtUp(people);
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

/**
 * Where listening begins, the same for two processes only if nothing was told between their beginnings: the number of
 * what has been told, read before who is still about to tell, and the start of the server, whose restore may take numbers
 * back.
 */
const startOf = async (client: pg.Client): Promise<Start> => {
  const told = await client.query<Start>(
    'select (select last_value::text from pm.changes_told_to_all) as all, (select last_value::text from pm.changes_told) as each',
  );
  const open = await client.query<{
    open: string;
  }>(`select concat_ws(' ', extract(epoch from pg_postmaster_start_time()),
    (select string_agg(x::text, ' ' order by x) from pm.open_transactions() x)) as open`);
  const [{ all, each } = { all: '', each: '' }, { open: rest } = { open: '' }] = [told.rows[0], open.rows[0]];
  return { all: `start ${all} ${rest}`, each: `start ${each} ${rest}` };
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
    const [person = EVERYBODY, transaction = ''] = (payload ?? '').split(' ');
    book.told(person === EVERYBODY || person === '' ? null : person, transaction);
  });
  try {
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
    book.setListening(true, await startOf(client));
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
