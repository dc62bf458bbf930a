import { useSyncExternalStore } from 'react';
import { api, type Answer } from '../../lib/api.ts';
import { newKey } from '../../lib/uuid.ts';

/**
 * Files on their way in. They live outside the page, so that one can leave it and come back while they are read and
 * stored.
 */

export type Preview = Answer<'POST /api/imports/constituents/preview'>;
export type Run = Answer<'GET /api/imports/:id'>;
export type Report = NonNullable<Run['result']>;

export type Fund = { readonly id: string; readonly name: string };

export type Incoming = {
  readonly key: string;
  readonly file: File;
  readonly state: 'reading' | 'ready' | 'storing' | 'done' | 'failed';
  readonly preview?: Preview;
  /** The fund that the file belongs to, as found or as chosen. */
  readonly fund?: Fund | undefined;
  /** The day of a file that does not say it. */
  readonly day?: string;
  /** Take weights that do not sum to 98–102 %. */
  readonly force?: boolean;
  readonly progress?: number;
  readonly report?: Report;
  readonly error?: unknown;
};

const MOST_AT_ONCE = 2;
const POLL_MS = 1_000;

let files: readonly Incoming[] = [];
const listeners = new Set<() => void>();

const set = (next: readonly Incoming[]): void => {
  files = next;
  for (const listener of listeners) listener();
};

/** Changes one file; nothing happens when it was removed meanwhile. */
export const changeFile = (key: string, change: Partial<Incoming>): void =>
  set(files.map((one) => (one.key === key ? { ...one, ...change } : one)));

export const removeFile = (key: string): void => set(files.filter((one) => one.key !== key));

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useIncoming = (): readonly Incoming[] => useSyncExternalStore(subscribe, () => files);

const fundOf = ({ assignedTo, candidates }: Preview): Fund | undefined => {
  const best = candidates.find((one) => one.instrumentId === assignedTo);
  return best && { id: best.instrumentId, name: best.name };
};

/** A file that has been read goes below those read before it, so that nothing in sight moves. */
const settle = (key: string, change: Partial<Incoming>): void => {
  const settled = files.find((one) => one.key === key);
  if (!settled) return;
  const others = files.filter((one) => one.key !== key);
  set([
    ...others.filter((one) => one.state !== 'reading'),
    { ...settled, ...change },
    ...others.filter((one) => one.state === 'reading'),
  ]);
};

const read = async (incoming: Incoming): Promise<void> => {
  try {
    const preview = await api('POST /api/imports/constituents/preview', {
      query: { fileName: incoming.file.name.slice(0, 255) },
      body: incoming.file,
    });
    settle(incoming.key, { state: 'ready', preview, fund: fundOf(preview) });
  } catch (error) {
    settle(incoming.key, { state: 'failed', error });
  }
};

/** Reads a file once more that could not be read, when that was no fault of the file. */
export const readAgain = async (incoming: Incoming): Promise<void> => {
  changeFile(incoming.key, { state: 'reading', error: undefined });
  await read(incoming);
};

const inTurns = async (items: readonly Incoming[], act: (item: Incoming) => Promise<void>): Promise<void> => {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) await act(next);
  };
  await Promise.all(Array.from({ length: MOST_AT_ONCE }, worker));
};

/** Takes dropped files in and reads each one without storing anything. */
export const addFiles = (dropped: readonly File[]): void => {
  const added = dropped.map((file): Incoming => ({ key: newKey(), file, state: 'reading' }));
  set([...files, ...added]);
  void inTurns(added, read);
};

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Follows a large import that the worker does, until it is over. */
const follow = async (key: string, importId: string): Promise<Report> => {
  for (;;) {
    const run = await api('GET /api/imports/:id', { params: { id: importId } });
    changeFile(key, { progress: run.progressPct });
    if (run.result) return run.result;
    if (run.error) throw new Error(run.error.detail);
    await wait(POLL_MS);
  }
};

/** Stores one file as its fund's constituents. */
export const storeFile = async (incoming: Incoming): Promise<void> => {
  const { key, file, fund, day, force } = incoming;
  if (!fund) return;
  changeFile(key, { state: 'storing', progress: 0, error: undefined });
  try {
    const answer = await api('POST /api/instruments/:id/constituents', {
      params: { id: fund.id },
      query: {
        fileName: file.name.slice(0, 255),
        asOf: day === undefined || day === '' ? undefined : day,
        force: force === true ? true : undefined,
      },
      body: file,
    });
    const report = 'status' in answer ? answer : await follow(key, answer.importId);
    changeFile(key, { state: 'done', report });
  } catch (error) {
    changeFile(key, { state: 'ready', error });
  }
};

/** Stores every file that has its fund, two at a time. */
export const storeAll = (ready: readonly Incoming[]): Promise<void> => inTurns(ready, storeFile);
