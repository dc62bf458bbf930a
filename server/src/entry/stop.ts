/**
 * Ctrl-C and `kill`: asked once, everything ends in order; asked twice, at once.
 *
 * Contents: untilStopped
 */
import type { Logger } from '#platform/log.ts';

/** Both copies of a Ctrl-C that a terminal and npm pass on arrive within this time. */
const SAME_SIGNAL_MS = 1_000;
/** A stop that hangs longer than this is given up. */
const STOP_PATIENCE_MS = 40_000;

export type Stopping = {
  /** Settles with the signal's name. */
  readonly asked: Promise<string>;
  /** Aborts at the same moment, for what is still starting. */
  readonly signal: AbortSignal;
  release(): void;
};

/** Listens for signals from now on. */
export const untilStopped = (log: Logger): Stopping => {
  const controller = new AbortController();
  const asked = Promise.withResolvers<string>();
  let firstAt: number | undefined;
  const onSignal = (name: NodeJS.Signals): void => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      controller.abort(new Error(`Stopped by ${name} while starting.`));
      asked.resolve(name);
      setTimeout(() => {
        log.error('The stop took too long; giving up');
        process.exit(1);
      }, STOP_PATIENCE_MS).unref();
    } else if (now - firstAt > SAME_SIGNAL_MS) {
      log.warn('Asked again; stopping at once');
      process.exit(1);
    }
  };
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const name of signals) process.on(name, onSignal);
  return {
    asked: asked.promise,
    signal: controller.signal,
    release: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
};
