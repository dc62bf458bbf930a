/**
 * Everybody who listens to this process: reads what was published, and gives each what they follow.
 *
 * What is published is looked for a few times a second while anybody listens; that also finds what a transaction that
 * took long had kept back. Contents: Feed · Followed · StreamHub
 */
import { CLOSE_CODES } from '@pm/contracts/stream';

import type { Clock } from '../clock.ts';
import { withTenant, withoutTenant } from '../database/index.ts';
import type { Db, Tx } from '../database/index.ts';
import type { Logger } from '../log.ts';
import type { Item, StreamClient } from './client.ts';
import { cursorText, proofsThatHold, reachesBack, readAfter, readCursor, readPosition } from './outbox.ts';
import type { Cursor, OutboxRow } from './outbox.ts';

/** Something that a person may follow. */
export type Followed = {
  /** The id that the client knows it by. */
  readonly id: string;
  readonly topic: string;
  /** A published message as clients get it; null for one that is not understood. */
  readonly render: (payload: unknown, seq: number) => Item | null;
};

/** What can be followed: knows its topics and who may see them. */
export type Feed = {
  /** Those of these ids that the person of the transaction may follow. */
  resolve(tx: Tx, ids: readonly string[]): Promise<readonly Followed[]>;
  /** The ids of all that is the person's own. */
  own(tx: Tx): Promise<readonly string[]>;
  /** Their state now. */
  current(tx: Tx, followed: readonly Followed[]): Promise<readonly Item[]>;
};

export type HubParts = {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly feed: Feed;
  /**
   * Resolves when this process has heard of every change committed before the call. Whoever is told of a price asks anew
   * for what rests on it; by then no answer kept from before it may be sent again.
   */
  readonly settled?: (() => Promise<void>) | undefined;
};

const POLL_MS = 200;
/** Messages read at a time; with more waiting the next are read at once. */
const ROWS_PER_READ = 5_000;
/** A client that missed more than this gets the present state instead. */
const REPLAY_MAX = 5_000;
/** How often it is asked whether everybody is still signed in. */
const PROOF_CHECK_MS = 5_000;
/** So often every client hears that the connection lives, and where it stands. */
const ALIVE_MS = 25_000;

type Topic = { readonly clients: Set<StreamClient>; readonly render: Followed['render'] };

/** The listeners of one process. */
export class StreamHub {
  readonly #parts: HubParts;
  readonly #clients = new Set<StreamClient>();
  readonly #topics = new Map<string, Topic>();
  /** Up to where messages were given out; null while nobody listens. */
  #position: Cursor | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isReading = false;
  #isFailing = false;
  #checkedAt = 0;
  #saidAliveAt = 0;

  constructor(parts: HubParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#clients.size;
  }

  /** How many connections a person has here. */
  countOf(userId: string): number {
    return [...this.#clients].filter((client) => client.proof.userId === userId).length;
  }

  add(client: StreamClient): void {
    this.#clients.add(client);
    this.#timer ??= setInterval(() => void this.#tick(), POLL_MS).unref();
  }

  remove(client: StreamClient): void {
    this.#clients.delete(client);
    this.unfollow(client, [...client.followed.keys()]);
    if (this.#clients.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    // Nobody listens: the next one begins where the stream then stands.
    this.#position = null;
  }

  /**
   * Lets a client follow what its person may see of `wanted`, or all that is theirs (null), and sends what it missed since its cursor, or the state now.
   * @throws {AppError} 401 when the session has ended; 503 when the database is away
   */
  async follow(
    client: StreamClient,
    wanted: readonly string[] | null,
    since: string | undefined,
  ): Promise<void> {
    const { db, feed, clock } = this.#parts;
    const { userId, sessionId } = client.proof;
    const tenant = { userId, sessionId };
    const { ids, followed } = await withTenant(db, tenant, async (tx) => {
      const of = wanted ?? (await feed.own(tx));
      return { ids: of, followed: await feed.resolve(tx, of) };
    });
    const position = await this.#ensurePosition();
    client.holdAll();
    try {
      for (const one of followed) this.#enter(client, one);
      const { items, complete } = await withTenant(db, tenant, async (tx) => this.#past(tx, followed, since));
      const known = new Set(followed.map((one) => one.id));
      client.say({
        type: 'following',
        instruments: [...known],
        unknown: ids.filter((id) => !known.has(id)),
        complete,
        prices: items.map((item) => JSON.parse(item.json) as unknown),
        cursor: cursorText(position),
      });
    } finally {
      client.releaseAll(clock.now().epochMilliseconds);
    }
  }

  unfollow(client: StreamClient, ids: readonly string[]): void {
    for (const id of ids) {
      const name = client.followed.get(id);
      if (name === undefined) continue;
      client.followed.delete(id);
      const topic = this.#topics.get(name);
      topic?.clients.delete(client);
      if (topic?.clients.size === 0) this.#topics.delete(name);
    }
  }

  /** Sends everybody away; they come back elsewhere. */
  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    for (const client of this.#clients) client.close(1001, 'The service is restarting.');
  }

  #enter(client: StreamClient, { id, topic: name, render }: Followed): void {
    client.followed.set(id, name);
    const topic = this.#topics.get(name) ?? { clients: new Set(), render };
    topic.clients.add(client);
    this.#topics.set(name, topic);
  }

  async #ensurePosition(): Promise<Cursor> {
    const read = this.#position ?? (await withoutTenant(this.#parts.db, readPosition));
    this.#position ??= read;
    return this.#position;
  }

  /** What was missed since a cursor; where that cannot be said, or there is none, the state now. */
  async #past(
    tx: Tx,
    followed: readonly Followed[],
    since: string | undefined,
  ): Promise<{ items: readonly Item[]; complete: boolean }> {
    if (followed.length === 0) return { items: [], complete: true };
    const cursor = since === undefined ? null : readCursor(since);
    if (cursor !== null && (await reachesBack(tx, cursor))) {
      const topics = followed.map((one) => one.topic);
      const rows = await readAfter(tx, cursor, topics, REPLAY_MAX + 1);
      if (rows.length <= REPLAY_MAX) {
        const byTopic = new Map(followed.map((one) => [one.topic, one.render]));
        return {
          items: rows.flatMap((row) => byTopic.get(row.topic)?.(row.payload, Number(row.seq)) ?? []),
          complete: true,
        };
      }
    }
    return { items: await this.#parts.feed.current(tx, followed), complete: since === undefined };
  }

  async #tick(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      await this.#read();
      const now = this.#parts.clock.now().epochMilliseconds;
      for (const client of this.#clients) {
        if (client.drain(now)) continue;
        this.#sendAway(client, CLOSE_CODES.tooSlow, 'Messages were not read in time.');
      }
      await this.#checkProofs(now);
      this.#sayAlive(now);
      this.#isFailing = false;
    } catch (error) {
      // Once, until it works again: what was published meanwhile is still there then.
      if (!this.#isFailing) this.#parts.log.warn({ err: error }, 'The live stream waits for the database');
      this.#isFailing = true;
    } finally {
      this.#isReading = false;
    }
  }

  async #read(): Promise<void> {
    for (;;) {
      const position = await this.#ensurePosition();
      const rows = await withoutTenant(this.#parts.db, async (tx) =>
        readAfter(tx, position, null, ROWS_PER_READ),
      );
      const last = rows.at(-1);
      if (last === undefined || this.#clients.size === 0) return;
      await this.#parts.settled?.();
      this.#position = { transaction: last.transaction_id, seq: last.seq };
      this.#deliver(rows, cursorText(this.#position));
      if (rows.length < ROWS_PER_READ) return;
    }
  }

  #deliver(rows: readonly OutboxRow[], cursor: string): void {
    const parts = new Map<StreamClient, Item[]>();
    for (const row of rows) {
      const topic = this.#topics.get(row.topic);
      const item = topic?.render(row.payload, Number(row.seq)) ?? null;
      if (topic === undefined || item === null) continue;
      for (const client of topic.clients) {
        const items = parts.get(client);
        if (items === undefined) parts.set(client, [item]);
        else items.push(item);
      }
    }
    const now = this.#parts.clock.now().epochMilliseconds;
    for (const [client, items] of parts) client.push(items, cursor, now);
  }

  async #checkProofs(now: number): Promise<void> {
    if (now - this.#checkedAt < PROOF_CHECK_MS) return;
    this.#checkedAt = now;
    const clients = [...this.#clients];
    const holding = await withoutTenant(this.#parts.db, async (tx) =>
      proofsThatHold(
        tx,
        clients.map((client) => client.proof),
      ),
    );
    for (const [place, client] of clients.entries()) {
      if (!holding.has(place)) this.#sendAway(client, CLOSE_CODES.signedOut, 'You are signed out.');
      else if (client.expiresAt !== null && client.expiresAt <= now) {
        this.#sendAway(client, CLOSE_CODES.tokenExpired, 'Your access token has expired.');
      }
    }
  }

  #sayAlive(now: number): void {
    if (now - this.#saidAliveAt < ALIVE_MS || this.#position === null) return;
    this.#saidAliveAt = now;
    const cursor = cursorText(this.#position);
    for (const client of this.#clients) if (client.isIdle) client.say({ type: 'alive', cursor });
  }

  #sendAway(client: StreamClient, code: number, reason: string): void {
    this.remove(client);
    client.close(code, reason);
  }
}
