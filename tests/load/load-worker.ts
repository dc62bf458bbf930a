/**
 * The client of the load: HTTP over kept-alive connections, in a thread of its own so that what it costs is not taken
 * from the server's event loop. It knows just enough HTTP/1.1 for answers with a Content-Length.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';

import type { LoadAnswer, LoadJob } from './http-load.ts';

type Answer = { readonly status: number; readonly body: Buffer };

const HEADER_END = '\r\n\r\n';
const NOTHING = Buffer.alloc(0);

/** One connection: sends a request, waits for its answer. */
class Lane {
  readonly #socket: Socket;
  #received: Buffer = NOTHING;
  #settle: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('The server closed the connection.')));
  }

  static async open(port: number): Promise<Lane> {
    const socket = connect({ port, host: '127.0.0.1' });
    await once(socket, 'connect');
    return new Lane(socket);
  }

  get isOpen(): boolean {
    return this.#socket.writable && !this.#socket.destroyed;
  }

  async send(request: Uint8Array): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#settle = { resolve, reject };
    this.#socket.write(request);
    return promise;
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const end = this.#received.indexOf(HEADER_END);
    if (end < 0) return;
    const head = this.#received.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: *(\d+)/iu.exec(head)?.[1] ?? '0');
    const start = end + HEADER_END.length;
    if (this.#received.length < start + length) return;
    const body = this.#received.subarray(start, start + length);
    this.#received = this.#received.subarray(start + length);
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.resolve({ status: Number(head.slice(9, 12)), body });
  }

  #fail(error: Error): void {
    this.#settle?.reject(error);
    this.#settle = undefined;
  }
}

const open = new Map<string, Lane>();

const laneFor = async (port: number, index: number): Promise<Lane> => {
  const key = `${port} ${index}`;
  const known = open.get(key);
  if (known?.isOpen === true) return known;
  const lane = await Lane.open(port);
  open.set(key, lane);
  return lane;
};

const runJob = async (job: LoadJob): Promise<LoadAnswer> => {
  const lanes = await Promise.all(job.lanes.map(async (_, index) => laneFor(job.port, index)));
  const statuses = new Map<number, number>();
  const deadline = performance.now() + job.timeoutMs;
  let unlike = 0;
  const runLane = async (lane: Lane, index: number): Promise<string[]> => {
    const { requests, times } = job.lanes[index] ?? { requests: [], times: 0 };
    const bodies: string[] = [];
    for (let turn = 0; turn < times; turn += 1) {
      for (const request of requests) {
        if (performance.now() > deadline) throw new Error('The load took longer than it may.');
        const { status, body } = await lane.send(request);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (job.expected === undefined) bodies.push(body.toString('utf8'));
        else if (!body.equals(job.expected)) unlike += 1;
      }
    }
    return bodies;
  };
  const began = performance.now();
  const bodies = await Promise.all(lanes.map(runLane));
  const ms = performance.now() - began;
  return { id: job.id, ms, statuses: [...statuses], unlike, bodies };
};

parentPort?.on('message', (message: LoadJob | 'close') => {
  if (message === 'close') {
    for (const lane of open.values()) lane.close();
    open.clear();
    parentPort?.close();
    return;
  }
  runJob(message).then(
    (answer) => parentPort?.postMessage(answer),
    (error: unknown) => parentPort?.postMessage({ id: message.id, error: String(error) }),
  );
});
