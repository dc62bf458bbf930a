import { Trans, useLingui } from '@lingui/react/macro';
import { CloseButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useState, useSyncExternalStore } from 'react';
import classes from './toasts.module.css';

type Toast = {
  readonly id: number;
  readonly message: string;
  readonly tone: 'plain' | 'bad';
  readonly undo?: (() => void) | undefined;
  readonly gone?: (() => void) | undefined;
};

/** How long a message stays, and with it the chance to undo. */
const TOAST_MS = 8_000;
/** Good news with nothing to undo. */
const NEWS_MS = 5_000;

const MOST_AT_ONCE = 3;
/** Below this width a message lies over the bar at the top, where there is room for one. */
const ONE_AT_A_TIME = '(width < 1024px)';

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

const set = (next: readonly Toast[]): void => {
  toasts = next;
  for (const listener of listeners) listener();
};

const remove = (id: number): void => {
  const toast = toasts.find((one) => one.id === id);
  if (!toast) return;
  set(toasts.filter((one) => one.id !== id));
  toast.gone?.();
};

/**
 * Shows a message for a while. With `undo` it offers to take the act back; `gone` runs when it was not taken back.
 */
export const toast = (
  message: string,
  options: { undo?: () => void; gone?: () => void; tone?: 'plain' | 'bad' } = {},
): void => {
  const added = {
    id: nextId,
    message,
    tone: options.tone ?? 'plain',
    undo: options.undo,
    gone: options.gone,
  };
  nextId += 1;
  // The same sentence once, unless each offers to take another act back.
  const others = toasts.filter((one) => one.message !== message || one.undo !== undefined);
  set([...others, added]);
  for (const dropped of others.slice(0, 1 - MOST_AT_ONCE)) remove(dropped.id);
};

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const ToastLine = ({ item }: { item: Toast }) => {
  const { t } = useLingui();
  const [held, setHeld] = useState(false);
  const isNews = item.undo === undefined && item.tone === 'plain';
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => remove(item.id), isNews ? NEWS_MS : TOAST_MS);
    return () => clearTimeout(timer);
  }, [held, isNews, item.id]);
  const undo = (): void => {
    set(toasts.filter((one) => one.id !== item.id));
    item.undo?.();
  };
  return (
    <div
      className={classes['toast']}
      data-tone={item.tone}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span className={classes['message']}>{item.message}</span>
      {item.undo && (
        <button type="button" className={classes['undo']} onClick={undo}>
          <Trans>Undo</Trans>
        </button>
      )}
      <CloseButton
        size="sm"
        variant="transparent"
        className={classes['close'] ?? ''}
        aria-label={t`Dismiss`}
        onClick={() => remove(item.id)}
      />
    </div>
  );
};

/** Where messages appear, once in the frame. */
export const Toasts = () => {
  const all = useSyncExternalStore(subscribe, () => toasts);
  // One that is not shown keeps its time, and with it the chance to undo, for when it is.
  const items = useMediaQuery(ONE_AT_A_TIME) ? all.slice(-1) : all;
  return (
    <div className={classes['region']} role="status" aria-live="polite">
      {items.map((item) => (
        <ToastLine key={item.id} item={item} />
      ))}
    </div>
  );
};
