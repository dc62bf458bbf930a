/**
 * Listeners of the live stream, as the web app is one: they come back with their cursor whenever the connection is lost, and
 * write down every change that they are told.
 *
 * Contents: SoakListener · startListener · missedBy
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { CLOSE_CODES, STREAM_PROTOCOL } from '@pm/contracts/stream';
import type { LivePrice, StreamMessage } from '@pm/contracts/stream';

export type SoakListener = {
  readonly name: string;
  readonly heard: {
    /** Numbers told, by line and kind. */
    readonly told: ReadonlyMap<string, ReadonlySet<number>>;
    /** The newest state told, by line and kind. */
    readonly newest: ReadonlyMap<string, LivePrice>;
    /** Instruments that it follows. */
    readonly followed: ReadonlySet<string>;
    /** Where the stream stood when it first followed them; empty until then. */
    readonly firstCursor: string;
    /** How often it was told that what it missed is forgotten. */
    readonly incomplete: number;
  };
  connections(): number;
  readonly problems: readonly string[];
  /** Loses the connection, as when a lid is closed. */
  drop(): void;
  stop(): Promise<void>;
};

const PAUSE_MS = 300;
const MAX_PAUSE_MS = 3_000;
/** Longer than the server is silent for. */
const SILENCE_MS = 60_000;

/** The key of a state: line and kind. */
export const keyOfPrice = ({ listingId, kind }: LivePrice): string => `${listingId} ${kind}`;

/** What a listener has heard so far. */
class Heard {
  readonly told = new Map<string, Set<number>>();
  readonly newest = new Map<string, LivePrice>();
  readonly followed = new Set<string>();
  incomplete = 0;
  firstCursor = '';
  cursor = '';

  hear(message: StreamMessage): void {
    if (message.type === 'following') {
      const isResumed = this.cursor !== '' && message.complete;
      if (this.cursor !== '' && !message.complete) this.incomplete += 1;
      for (const price of message.prices) this.#take(price, !isResumed);
      for (const id of message.instruments) this.followed.add(id);
    }
    if (message.type === 'prices') for (const price of message.prices) this.#take(price, false);
    if ('cursor' in message) this.cursor = message.cursor;
    if (this.firstCursor === '') this.firstCursor = this.cursor;
  }

  #take(price: LivePrice, isPresent: boolean): void {
    const key = keyOfPrice(price);
    if (!isPresent) this.told.set(key, (this.told.get(key) ?? new Set()).add(price.seq));
    const before = this.newest.get(key);
    if (before === undefined || isPresent || before.seq <= price.seq) this.newest.set(key, price);
  }
}

/** A connection until it ends. @returns why it ended; 0 where nobody said */
const converse = async (
  socket: WebSocket,
  heard: Heard,
  onMessage: (type: string) => void,
): Promise<number> => {
  let heardAt = performance.now();
  const silence = setInterval(() => {
    if (performance.now() - heardAt > SILENCE_MS) socket.close();
  }, PAUSE_MS);
  socket.addEventListener('open', () => {
    onMessage('open');
    const since = heard.cursor === '' ? {} : { since: heard.cursor };
    socket.send(JSON.stringify({ type: 'follow', held: true, ...since }));
  });
  socket.addEventListener('message', ({ data }) => {
    heardAt = performance.now();
    const message = JSON.parse(String(data)) as StreamMessage;
    heard.hear(message);
    onMessage(message.type);
  });
  const code = await new Promise<number>((resolve) => {
    socket.addEventListener('close', (event) => resolve(event.code));
    socket.addEventListener('error', () => resolve(0));
  });
  clearInterval(silence);
  return code;
};

const OUR_FAULTS: readonly number[] = [CLOSE_CODES.notUnderstood, CLOSE_CODES.tooSlow, CLOSE_CODES.tooMany];

/** Follows all that a person holds or watches until it is stopped. `token` gives one that holds at the moment. */
export const startListener = (name: string, address: string, token: () => Promise<string>): SoakListener => {
  const heard = new Heard();
  const problems: string[] = [];
  const state = { connections: 0, isStopped: false, failures: 0 };
  let socket: WebSocket | undefined;
  const listenOnce = async (): Promise<void> => {
    const protocols = [STREAM_PROTOCOL, `bearer.${await token()}`];
    socket = new WebSocket(`${address.replace('http', 'ws')}/api/stream`, protocols);
    const code = await converse(socket, heard, (type) => {
      if (type === 'open') state.connections += 1;
      if (type === 'following') state.failures = 0;
    });
    if (OUR_FAULTS.includes(code)) problems.push(`${name} was sent away with ${code}`);
  };
  const listening = (async () => {
    while (!state.isStopped) {
      await listenOnce().catch(() => undefined);
      state.failures += 1;
      const pause = Math.random() * Math.min(MAX_PAUSE_MS, PAUSE_MS * 2 ** state.failures);
      if (!state.isStopped) await sleep(pause);
    }
  })();
  return {
    name,
    heard,
    connections: () => state.connections,
    problems,
    drop: () => socket?.close(),
    stop: async () => {
      state.isStopped = true;
      socket?.close();
      await listening;
    },
  };
};

/** What was published about a line and kind, and where in the stream. */
export type Publication = {
  readonly instrumentId: string;
  readonly key: string;
  readonly transaction: bigint;
  readonly seq: number;
};

/** Publications since a listener began to follow that it was never told. */
export const missedBy = (
  { heard }: Pick<SoakListener, 'heard'>,
  published: readonly Publication[],
): readonly Publication[] => {
  const [transaction = '0', seq = '0'] = heard.firstCursor.split('.');
  const since = { transaction: BigInt(transaction), seq: Number(seq) };
  return published.filter(
    (one) =>
      heard.followed.has(one.instrumentId) &&
      (one.transaction > since.transaction ||
        (one.transaction === since.transaction && one.seq > since.seq)) &&
      heard.told.get(one.key)?.has(one.seq) !== true,
  );
};
