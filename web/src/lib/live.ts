import type { StreamMessage, StreamRequest } from '@pm/contracts/stream';
import { useEffect, useSyncExternalStore } from 'react';
import { isOnline, subscribeConnection } from './connection.ts';

/**
 * One shared connection to the live stream. It says that prices changed; what rests on them is then asked for anew, so that
 * price, value and provenance on a page always belong together. A lost connection is taken up again where it ended.
 */

const PROTOCOL = 'pm.v1';
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** The server says something at least every 25 seconds. */
const SILENCE_MS = 60_000;
/** Changes that come together are shown together. */
const GATHER_MS = 250;
/** Figures are asked for again at most this often. */
const REFRESH_MS = 5_000;
/** What changes within this time after a tick changed because of it. */
const PULSE_MS = 4_000;
/** A short gap is nobody's business. */
const AWAY_AFTER_MS = 6_000;
const SIGNED_OUT = 4403;

type Parts = {
  /** Makes sure that the session is good, and that the server is there. @throws while it is not */
  readonly renew: () => Promise<unknown>;
  /** Asks anew for what rests on prices. */
  readonly refresh: () => void;
};

let parts: Parts | null = null;
let socket: WebSocket | null = null;
let cursor: string | undefined;
let pause = FIRST_PAUSE_MS;
let pulsedAt = 0;
let refreshedAt = 0;
let gathering: ReturnType<typeof setTimeout> | undefined;
let silence: ReturnType<typeof setTimeout> | undefined;
let away = false;
let awayTimer: ReturnType<typeof setTimeout> | undefined;
const followed = new Map<string, number>();
const listeners = new Set<() => void>();

const setAway = (next: boolean): void => {
  clearTimeout(awayTimer);
  if (next && !away) {
    awayTimer = setTimeout(() => {
      away = true;
      for (const listener of listeners) listener();
    }, AWAY_AFTER_MS);
  } else if (!next && away) {
    away = false;
    for (const listener of listeners) listener();
  }
};

const say = (message: StreamRequest): void => {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
};

const pulse = (): void => {
  const wait = Math.max(GATHER_MS, refreshedAt + REFRESH_MS - Date.now());
  gathering ??= setTimeout(() => {
    gathering = undefined;
    refreshedAt = Date.now();
    pulsedAt = Date.now();
    parts?.refresh();
  }, wait);
};

const hear = (message: StreamMessage): void => {
  if ('cursor' in message) cursor = message.cursor;
  if (message.type === 'prices') pulse();
  // What was missed while away; the first answer only says what the page has asked for already.
  const isNews =
    message.type === 'following' && (!message.complete || message.prices.some((one) => one.seq > 0));
  if (isNews) pulse();
};

const expectWords = (): void => {
  clearTimeout(silence);
  silence = setTimeout(() => socket?.close(), SILENCE_MS);
};

const open = (): void => {
  const { protocol, host } = window.location;
  const made = new WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/api/stream`, [PROTOCOL]);
  socket = made;
  made.addEventListener('open', () => {
    pause = FIRST_PAUSE_MS;
    setAway(false);
    expectWords();
    const since = cursor === undefined ? {} : { since: cursor };
    say({ type: 'follow', held: true, ...since });
    if (followed.size > 0) say({ type: 'follow', instruments: [...followed.keys()], ...since });
  });
  made.addEventListener('message', ({ data }) => {
    expectWords();
    // Our own server's words, shaped by the contract.
    hear(JSON.parse(String(data)) as StreamMessage);
  });
  made.addEventListener('close', ({ code }) => {
    clearTimeout(silence);
    if (socket !== made) return;
    socket = null;
    if (code === SIGNED_OUT) void parts?.renew().catch(() => undefined);
    else void comeBack();
  });
};

const untilOnline = async (): Promise<void> => {
  if (isOnline()) return;
  await new Promise<void>((resolve) => {
    const stop = subscribeConnection(() => {
      if (!isOnline()) return;
      stop();
      resolve();
    });
  });
};

const comeBack = async (): Promise<void> => {
  setAway(true);
  await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
  pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  await untilOnline();
  if (parts === null || socket !== null) return;
  try {
    // The access token may have ended: a WebSocket cannot refresh it.
    await parts.renew();
  } catch {
    if (parts !== null) void comeBack();
    return;
  }
  if (parts !== null) open();
};

/** While the connection is away a try can only fail, and browsers complain of it where people look for faults. */
const begin = async (): Promise<void> => {
  await untilOnline();
  if (parts !== null && socket === null) open();
};

/** Connects, and stays connected until the returned function is called. */
export const startLive = (given: Parts): (() => void) => {
  parts = given;
  void begin();
  return () => {
    parts = null;
    cursor = undefined;
    clearTimeout(gathering);
    gathering = undefined;
    const closing = socket;
    socket = null;
    closing?.close();
    setAway(false);
  };
};

/** What is held has changed: follows it as it is now. */
export const followHeld = (): void => say({ type: 'follow', held: true });

/** Follows an instrument while it is looked at, held or not. */
export const useFollow = (instrumentId: string): void => {
  useEffect(() => {
    const count = followed.get(instrumentId) ?? 0;
    followed.set(instrumentId, count + 1);
    if (count === 0) say({ type: 'follow', instruments: [instrumentId] });
    return () => {
      const left = (followed.get(instrumentId) ?? 1) - 1;
      if (left > 0) followed.set(instrumentId, left);
      else followed.delete(instrumentId);
    };
  }, [instrumentId]);
};

/** True while figures change because prices did. */
export const isTicking = (): boolean => Date.now() - pulsedAt < PULSE_MS;

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** True once the stream has been away for a while. */
export const useLiveAway = (): boolean => useSyncExternalStore(subscribe, () => away);
