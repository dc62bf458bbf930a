/**
 * Sends HTTP requests over N kept-alive connections on the loopback address, and measures how long they take.
 *
 * Contents: createLoad · requestBytes · rateOf · parsedBodies
 */
import { Worker } from 'node:worker_threads';

/** What one connection sends, one after the other: its requests, so many times over. */
export type LoadLane = { readonly requests: readonly Uint8Array[]; readonly times: number };

/** One batch, as the thread gets it. */
export type LoadJob = {
  readonly id: number;
  readonly port: number;
  readonly lanes: readonly LoadLane[];
  /** The body that each answer must have; without it the bodies are handed back. */
  readonly expected: Uint8Array | undefined;
  readonly timeoutMs: number;
};

/** How a batch went. */
export type LoadAnswer = {
  readonly id: number;
  readonly ms: number;
  readonly statuses: readonly (readonly [status: number, count: number])[];
  /** Answers whose body was not the expected one. */
  readonly unlike: number;
  /** Bodies by connection. */
  readonly bodies: readonly (readonly string[])[];
};

type Failure = { readonly id: number; readonly error: string };

type Batch = {
  readonly port: number;
  readonly lanes: readonly LoadLane[];
  readonly expected?: Uint8Array;
  /** The status that every answer must have. */
  readonly status: number;
};

/** The client of the load. */
export type Load = {
  /** Runs a batch. @throws {Error} for another status or body than expected, a lost connection, or a batch too long */
  run(batch: Batch): Promise<LoadAnswer>;
  close(): Promise<void>;
};

/** No batch is meant to last more than a few seconds. */
const BATCH_MS_MAX = 60_000;

/** Starts the client's thread. */
export const createLoad = (): Load => {
  const worker = new Worker(new URL('load-worker.ts', import.meta.url));
  const waiting = new Map<
    number,
    { resolve: (answer: LoadAnswer) => void; reject: (error: unknown) => void }
  >();
  let last = 0;
  worker.on('message', (message: LoadAnswer | Failure) => {
    const settle = waiting.get(message.id);
    waiting.delete(message.id);
    if ('error' in message) settle?.reject(new Error(message.error));
    else settle?.resolve(message);
  });
  worker.on('error', (error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  const run: Load['run'] = async ({ port, lanes, expected, status }) => {
    last += 1;
    const { promise, resolve, reject } = Promise.withResolvers<LoadAnswer>();
    waiting.set(last, { resolve, reject });
    const job: LoadJob = { id: last, port, lanes, expected, timeoutMs: BATCH_MS_MAX };
    worker.postMessage(job);
    const answer = await promise;
    requireAnswers(answer, status);
    return answer;
  };
  const close = async (): Promise<void> => {
    worker.postMessage('close');
    await worker.terminate();
  };
  return { run, close };
};

const requireAnswers = ({ statuses, unlike, bodies }: LoadAnswer, wanted: number): void => {
  const others = statuses.filter(([status]) => status !== wanted);
  if (others.length > 0) {
    const said = others.map(([status, count]) => `${count} × ${status}`).join(', ');
    const example = bodies.flat().find((body) => body.includes('"detail"')) ?? '';
    throw new Error(`Answers other than ${wanted}: ${said} ${example.slice(0, 300)}`);
  }
  if (unlike > 0) throw new Error(`${unlike} answers had another body than expected.`);
};

/** Requests a second of a batch. */
export const rateOf = (batch: Pick<Batch, 'lanes'>, { ms }: Pick<LoadAnswer, 'ms'>): number =>
  (batch.lanes.reduce((sum, { requests, times }) => sum + requests.length * times, 0) / ms) * 1000;

/** The bodies of a batch as JSON, connection by connection. */
export const parsedBodies = <T>({ bodies }: LoadAnswer): T[][] =>
  bodies.map((lane) => lane.map((body) => JSON.parse(body) as T));

type Request = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
};

/** A request as bytes. */
export const requestBytes = ({ method, path, token, headers = {}, body }: Request): Uint8Array => {
  const payload = typeof body === 'string' ? Buffer.from(body) : (body ?? Buffer.alloc(0));
  const all: Record<string, string> = {
    host: '127.0.0.1',
    connection: 'keep-alive',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-length': String(payload.length) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), payload]);
};
