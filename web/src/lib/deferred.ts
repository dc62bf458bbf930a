import { useSyncExternalStore } from 'react';
import { toast } from '../ui/toasts.tsx';

/**
 * Deletes that can be taken back: what goes disappears at once, the server hears of it when the chance to undo has
 * passed or the page is left, whichever comes first.
 */

const NONE: ReadonlySet<string> = new Set();
let hidden = NONE;
const waiting = new Map<string, () => void>();
const listeners = new Set<() => void>();

const setHidden = (next: ReadonlySet<string>): void => {
  hidden = next;
  for (const listener of listeners) listener();
};

const reveal = (id: string): void => {
  waiting.delete(id);
  setHidden(new Set([...hidden].filter((one) => one !== id)));
};

type Deletion = {
  readonly id: string;
  /** What goes, in words. */
  readonly message: string;
  readonly act: () => Promise<unknown>;
  /** Brings the figures up to date once it is gone. */
  readonly after: () => Promise<unknown>;
  /** Words for when the server refuses. */
  readonly refused: (error: unknown) => string;
};

export const deleteLater = ({ id, message, act, after, refused }: Deletion): void => {
  const commit = (): void => {
    if (!waiting.delete(id)) return;
    act()
      .then(after)
      .catch((error: unknown) => toast(refused(error), { tone: 'bad' }))
      .finally(() => reveal(id));
  };
  waiting.set(id, commit);
  setHidden(new Set([...hidden, id]));
  toast(message, { undo: () => reveal(id), gone: commit });
};

window.addEventListener('pagehide', () => {
  for (const commit of waiting.values()) commit();
});

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Ids of what is about to go, so that lists leave them out. */
export const useHidden = (): ReadonlySet<string> => useSyncExternalStore(subscribe, () => hidden);
