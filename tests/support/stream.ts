/**
 * A listener of the live stream, for tests.
 *
 *   const listener = await listen(app, anna.token);
 *   listener.send({ type: 'follow', instruments: [id] });
 *   const told = await listener.next('following');
 *   expect(await listener.closed).toMatchObject({ code: 4403 });
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { STREAM_PROTOCOL } from '@pm/contracts/stream';
import type { StreamMessage, StreamRequest } from '@pm/contracts/stream';

const PATIENCE_MS = 20_000;

export type Listener = {
  send(message: StreamRequest | string): void;
  /** The next message of this type that was not taken yet; others before it are passed over. */
  next<T extends StreamMessage['type']>(type: T): Promise<Extract<StreamMessage, { type: T }>>;
  /** Every message so far. */
  readonly messages: readonly StreamMessage[];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  close(): void;
};

/** Connects with a token. @throws when the server refuses */
export const listen = async (address: string, token: string): Promise<Listener> => {
  const url = `${address.replace('http', 'ws')}/api/stream`;
  const socket = new WebSocket(url, [STREAM_PROTOCOL, `bearer.${token}`]);
  const messages: StreamMessage[] = [];
  let taken = 0;
  socket.addEventListener('message', ({ data }) => {
    messages.push(JSON.parse(String(data)) as StreamMessage);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.addEventListener('close', ({ code, reason }) => resolve({ code, reason }));
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error('The server refused the connection.')));
  });
  const next: Listener['next'] = async <T extends StreamMessage['type']>(type: T) => {
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(10)) {
      while (taken < messages.length) {
        const message = messages[taken];
        taken += 1;
        if (message?.type === type) return message as Extract<StreamMessage, { type: T }>;
      }
    }
    throw new Error(`No message of type ${type} came.`);
  };
  return {
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    next,
    messages,
    closed,
    close: () => socket.close(),
  };
};
