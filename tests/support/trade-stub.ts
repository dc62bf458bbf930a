/**
 * A stand-in for a provider's WebSocket of trades, on this machine and a free port.
 *
 *   const stub = await startTradeStub();
 *   … FINNHUB_STREAM_URL = stub.url …
 *   await stub.followed('ACME');                     // until somebody follows it
 *   stub.push({ type: 'trade', data: [{ s: 'ACME', p: 75.12, t: 1790000000123, v: 10 }] });
 *   stub.drop();                                     // every connection is lost
 *   stub.refuse(true);                               // 401 from now on
 *   await stub.close();
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

export type TradeStub = {
  readonly url: string;
  /** Connections at this moment, and how many there were in all. */
  readonly open: number;
  readonly connections: number;
  /** Addresses that were asked for. */
  readonly addresses: readonly string[];
  /** Symbols followed by some connection. */
  symbols(): readonly string[];
  followed(symbol: string): Promise<void>;
  /** Sends a message, as JSON unless it is text, to everybody. */
  push(message: object | string): void;
  drop(): void;
  refuse(refused: boolean): void;
  close(): Promise<void>;
};

/** RFC 6455, section 1.3. */
const ACCEPT = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT_FRAME = 0x81;
const CLOSE_OPCODE = 8;
const PATIENCE_MS = 15_000;

/** A text frame from a server: unmasked. */
const frameOf = (text: string): Buffer => {
  const body = Buffer.from(text);
  const head =
    body.length < 126
      ? Buffer.from([TEXT_FRAME, body.length])
      : Buffer.from([TEXT_FRAME, 126, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([head, body]);
};

/** Whole frames of a client (masked, shorter than 64 KB), and what is left. */
const readFrames = (
  bytes: Buffer,
): { readonly texts: string[]; readonly isClosing: boolean; readonly rest: Buffer } => {
  const texts: string[] = [];
  let isClosing = false;
  let at = 0;
  while (at + 6 <= bytes.length) {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const length = short === 126 ? bytes.readUInt16BE(at + 2) : short;
    const start = at + (short === 126 ? 4 : 2);
    const end = start + 4 + length;
    if (end > bytes.length) break;
    const mask = bytes.subarray(start, start + 4);
    const body = bytes.subarray(start + 4, end).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    if (((bytes[at] ?? 0) & 0x0f) === CLOSE_OPCODE) isClosing = true;
    else texts.push(Buffer.from(body).toString());
    at = end;
  }
  return { texts, isClosing, rest: bytes.subarray(at) };
};

export const startTradeStub = async (): Promise<TradeStub> => {
  const followed = new Map<Duplex, Set<string>>();
  const addresses: string[] = [];
  let connections = 0;
  let isRefusing = false;
  const server = createServer((_request, response) => void response.writeHead(404).end());
  server.on('upgrade', (request, socket: Duplex) => {
    addresses.push(request.url ?? '');
    if (isRefusing) {
      socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const key = request.headers['sec-websocket-key'] ?? '';
    const accept = createHash('sha1').update(`${key}${ACCEPT}`).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
    );
    const symbols = new Set<string>();
    followed.set(socket, symbols);
    connections += 1;
    let rest = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      const read = readFrames(Buffer.concat([rest, chunk]));
      rest = Buffer.from(read.rest);
      for (const text of read.texts) {
        const { type, symbol } = JSON.parse(text) as { type: string; symbol: string };
        if (type === 'subscribe') symbols.add(symbol);
        if (type === 'unsubscribe') symbols.delete(symbol);
      }
      if (read.isClosing) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => followed.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const symbols = (): string[] => [...new Set([...followed.values()].flatMap((one) => [...one]))].toSorted();
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get open() {
      return followed.size;
    },
    get connections() {
      return connections;
    },
    addresses,
    symbols,
    followed: async (symbol) => {
      const until = Date.now() + PATIENCE_MS;
      while (!symbols().includes(symbol)) {
        if (Date.now() > until) throw new Error(`Nobody follows ${symbol}.`);
        await sleep(20);
      }
    },
    push: (message) => {
      const text = typeof message === 'string' ? message : JSON.stringify(message);
      for (const socket of followed.keys()) socket.write(frameOf(text));
    },
    drop: () => {
      for (const socket of followed.keys()) socket.destroy();
    },
    refuse: (refused) => void (isRefusing = refused),
    close: async () => {
      for (const socket of followed.keys()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
