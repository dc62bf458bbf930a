/**
 * One connection: what waits for it, and what becomes of a reader who is slower than the prices.
 *
 * Contents: Item · Channel · StreamClient
 */
import type { Proof } from './outbox.ts';

/** A message's part that a client gets; of two with one key the one with the higher number is the newer state. */
export type Item = {
  readonly key: string;
  readonly seq: number;
  /** As it stands in the message. */
  readonly json: string;
};

/** What of a WebSocket is needed. */
export type Channel = {
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code: number, reason: string): void;
  terminate(): void;
};

/** Unsent bytes from which on only the newest state of each key is kept, instead of every message. */
const HOLD_ABOVE_BYTES = 256 * 1024;
/** Unsent bytes below which what was kept is sent. */
const SEND_BELOW_BYTES = 32 * 1024;
/** A reader who has not caught up after so long is sent away; it comes back with its cursor. */
const SLOW_FOR_MS = 30_000;

/** A connection with what it follows. */
export class StreamClient {
  readonly proof: Proof;
  /** When its access token ends, in milliseconds since 1970; null: it does not. */
  readonly expiresAt: number | null;
  /** Topic by the id that the client knows it by. */
  readonly followed = new Map<string, string>();
  readonly #channel: Channel;
  readonly #held = new Map<string, Item>();
  #heldCursor = '';
  #heldSince: number | null = null;
  #replaying = 0;

  constructor(channel: Channel, proof: Proof, expiresAt: number | null) {
    this.#channel = channel;
    this.proof = proof;
    this.expiresAt = expiresAt;
  }

  /** Sends a message of its own kind at once. */
  say(message: object): void {
    this.#channel.send(JSON.stringify(message));
  }

  /** Until {@link releaseAll} as many times, what is pushed waits: something older is about to be sent. */
  holdAll(): void {
    this.#replaying += 1;
  }

  releaseAll(now: number): void {
    this.#replaying -= 1;
    this.drain(now);
  }

  /** Sends items, or keeps the newest of each key while the reader is slow. */
  push(items: readonly Item[], cursor: string, now: number): void {
    const isBehind = this.#channel.bufferedAmount > HOLD_ABOVE_BYTES;
    if (!isBehind && this.#replaying === 0 && this.#held.size === 0) {
      this.#send(items, cursor);
      return;
    }
    for (const item of items) {
      const before = this.#held.get(item.key);
      if (before === undefined || before.seq < item.seq) this.#held.set(item.key, item);
    }
    this.#heldCursor = cursor;
    this.#heldSince ??= now;
  }

  /** Sends what was kept, once there is room. @returns false when the reader has been slow for too long */
  drain(now: number): boolean {
    if (this.#held.size === 0) return true;
    if (this.#replaying === 0 && this.#channel.bufferedAmount < SEND_BELOW_BYTES) {
      const items = [...this.#held.values()];
      this.#held.clear();
      this.#heldSince = null;
      this.#send(items, this.#heldCursor);
      return true;
    }
    return now - (this.#heldSince ?? now) < SLOW_FOR_MS;
  }

  /** True when there is nothing to tell that is older than now. */
  get isIdle(): boolean {
    return this.#held.size === 0 && this.#replaying === 0;
  }

  close(code: number, reason: string): void {
    this.#channel.close(code, reason);
  }

  terminate(): void {
    this.#channel.terminate();
  }

  #send(items: readonly Item[], cursor: string): void {
    const prices = items.map((item) => item.json).join(',');
    this.#channel.send(`{"type":"prices","cursor":"${cursor}","prices":[${prices}]}`);
  }
}
