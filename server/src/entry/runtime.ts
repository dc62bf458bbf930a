/**
 * What every command stands on: settings, log, secrets and clock; and how a failure is said.
 *
 * Contents: Runtime · createRuntime · withDatabases · sayFailure · VERSION
 */
import { readFileSync } from 'node:fs';

import { systemClock } from '#platform/clock.ts';
import type { Clock } from '#platform/clock.ts';
import { ConfigError, loadConfig } from '#platform/config.ts';
import type { Config } from '#platform/config.ts';
import { EmbeddedPostgresError } from '#platform/database/embedded/index.ts';
import { openBeside } from '#platform/database/open.ts';
import type { Databases } from '#platform/database/open.ts';
import { connectionLoss, isUnavailable } from '#platform/database/failures.ts';
import { DatabaseSetupError } from '#platform/database/setup-error.ts';
import { isAppError } from '#platform/errors.ts';
import { createLogger } from '#platform/log.ts';
import type { Logger } from '#platform/log.ts';

import { terminalDestination } from './terminal-log.ts';

/** Version of the product. */
export const VERSION = (
  JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

export type Runtime = { readonly config: Config; readonly log: Logger; readonly clock: Clock };

/** Reads the settings. A command shows only what goes wrong, unless the log level is set. */
export const createRuntime = (quiet: boolean): Runtime => {
  const config = loadConfig();
  const level = quiet && config.logLevel === 'info' ? 'error' : config.logLevel;
  const destination = process.stdout.isTTY ? terminalDestination : undefined;
  const log = createLogger({ level, ...(destination !== undefined && { destination }) });
  return { config, log, clock: systemClock };
};

/** Runs a command on the install's database, beside the running product or alone, and closes what it opened. */
export const withDatabases = async <T>(
  runtime: Runtime,
  run: (databases: Databases) => Promise<T>,
): Promise<T> => {
  const databases = await openBeside(runtime.config, runtime.log);
  try {
    return await run(databases);
  } finally {
    await databases.close();
  }
};

/** A failure that is meant for the person at the keyboard. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

const systemProblem = (error: Error): string | undefined => {
  const code: unknown = Reflect.get(error, 'code');
  const path: unknown = Reflect.get(error, 'path');
  if (code === 'ENOENT' && typeof path === 'string') return `There is no file ${path}.`;
  if ((code === 'EACCES' || code === 'EPERM') && typeof path === 'string') {
    return `${path} may not be read or written by this user.`;
  }
  if (code === 'ENOSPC') return 'The disk is full.';
  return undefined;
};

/** The sentence for a failure; undefined when it is a fault of ours that needs its stack. */
export const sentenceOf = (error: unknown): string | undefined => {
  if (isAppError(error)) return error.detail;
  const isOurs =
    error instanceof CommandError ||
    error instanceof ConfigError ||
    error instanceof EmbeddedPostgresError ||
    error instanceof DatabaseSetupError;
  if (isOurs) return error.message;
  const problem = error instanceof Error ? systemProblem(error) : undefined;
  if (problem !== undefined || !isUnavailable(error)) return problem;
  return `The database went away meanwhile (${connectionLoss(error).reason}); what was done is kept, start again.`;
};
