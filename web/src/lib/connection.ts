import { onlineManager } from '@tanstack/react-query';

/**
 * Whether the server can be reached, as a store. Requests that fail on the network say so here; while offline a light
 * probe with growing pauses finds out when the server is back, and everything that waits goes on by itself.
 */

const FIRST_PROBE_MS = 1_000;
const LONGEST_PROBE_MS = 15_000;

type Listener = () => void;

let online = true;
let probing = false;
const listeners = new Set<Listener>();

const set = (next: boolean): void => {
  if (online === next) return;
  online = next;
  onlineManager.setOnline(next);
  for (const listener of listeners) listener();
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const answers = async (): Promise<boolean> => {
  try {
    const response = await fetch('/healthz', { cache: 'no-store' });
    return response.ok;
  } catch {
    return false;
  }
};

const probe = async (): Promise<void> => {
  if (probing) return;
  probing = true;
  let pause = FIRST_PROBE_MS;
  while (!(await answers())) {
    await sleep(pause);
    pause = Math.min(pause * 2, LONGEST_PROBE_MS);
  }
  probing = false;
  set(true);
};

/** A request failed before any answer came: show it and look for the way back. */
export const connectionLost = (): void => {
  set(false);
  void probe();
};

/** An answer arrived, whatever it said. */
export const connectionWorks = (): void => {
  if (!probing) set(true);
};

export const isOnline = (): boolean => online;

export const subscribeConnection = (listener: Listener): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Follows the browser's own idea of the network too. Call once. */
export const watchConnection = (): void => {
  onlineManager.setEventListener(() => undefined);
  window.addEventListener('offline', connectionLost);
  window.addEventListener('online', () => void probe());
};
