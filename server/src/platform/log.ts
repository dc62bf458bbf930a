/**
 * Structured logs: one JSON line an event, on standard output.
 *
 * Secrets are kept out by key name at any depth (bounded), by cutting the query off logged URLs, and by masking
 * passwords inside connection addresses. Contents: createLogger · silentLogger · maskSecrets
 */
import { pino } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';

import type { LogLevel } from './config.ts';

/** The logger that is handed around. */
export type Logger = PinoLogger;

const REDACTED = '[redacted]';
const SECRET_KEYS =
  /^(?:authorization|proxy-authorization|cookie|set-cookie|secret|.*password.*|.*passwd|.*token|.*secret|.*secretkey|.*api[-_]?key|connectionstring|databaseurl|databaseappurl|databaseworkerurl|redisurl|ownerurl|appurl|workerurl|adminurl)$/iu;
const URL_KEYS = /^(?:url|originalurl|path|referer)$/iu;
/** Deeper structures are logged as their type only: a log line is no place for a tree. */
const MAX_DEPTH = 6;

/** Masks the password part of addresses such as `postgres://user:password@host`, anywhere in a text. */
export const maskSecrets = (text: string): string =>
  text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@]*@/giu, `$1:${REDACTED}@`);

/** What of an error goes into a log: name, message, code, stack and causes – never attached clients or parameters. */
const cleanError = (error: unknown, depth = 0): Record<string, unknown> => {
  if (!(error instanceof Error)) return { type: typeof error, message: maskSecrets(String(error)) };
  const cleaned: Record<string, unknown> = {
    type: error.name,
    message: maskSecrets(error.message),
    stack: error.stack === undefined ? undefined : maskSecrets(error.stack),
  };
  // PostgreSQL's and Node's diagnostic fields. `detail` is left out: it quotes row values.
  for (const key of [
    'code',
    'syscall',
    'severity',
    'constraint',
    'table',
    'schema',
    'routine',
    'status',
  ] as const) {
    const value: unknown = Reflect.get(error, key);
    if (typeof value === 'string' || typeof value === 'number') cleaned[key] = value;
  }
  if (error.cause !== undefined && depth < MAX_DEPTH) cleaned['cause'] = cleanError(error.cause, depth + 1);
  return cleaned;
};

const redact = (value: unknown, depth: number): unknown => {
  if (typeof value === 'string') return maskSecrets(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return cleanError(value);
  if (depth >= MAX_DEPTH) return `[${value.constructor?.name ?? 'object'}]`;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  // Class instances (Temporal, Decimal, sockets …) show what they themselves call their text or nothing.
  if (prototype !== Object.prototype && prototype !== null) {
    return 'toJSON' in value ? value : `[${value.constructor?.name ?? 'object'}]`;
  }
  return redactFields(value as Record<string, unknown>, depth + 1);
};

const redactFields = (fields: Record<string, unknown>, depth: number): Record<string, unknown> => {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (SECRET_KEYS.test(key)) result[key] = REDACTED;
    else if (typeof value === 'string' && URL_KEYS.test(key)) {
      result[key] = maskSecrets(value.replace(/\?.*$/su, '?…'));
    } else result[key] = redact(value, depth);
  }
  return result;
};

/** What a logger needs to know. */
export type LoggerOptions = {
  readonly level: LogLevel;
  /** Where lines go; default standard output. */
  readonly destination?: DestinationStream;
};

/** Makes the root logger. Children inherit the redaction. */
export const createLogger = ({ level, destination }: LoggerOptions): Logger => {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${Temporal.Now.instant().toString({ fractionalSecondDigits: 3 })}"`,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => redactFields(fields, 0),
    },
    serializers: { err: (error: unknown) => (error instanceof Error ? cleanError(error) : error) },
    hooks: {
      logMethod(this: Logger, args: Parameters<pino.LogFn>, method: pino.LogFn) {
        const masked = args.map((argument: unknown) =>
          typeof argument === 'string' ? maskSecrets(argument) : argument,
        );
        const first = masked[0];
        // pino would copy the error's own, unmasked message when none is given.
        if (first instanceof Error && masked.length === 1) masked.push(maskSecrets(first.message));
        method.apply(this, masked as Parameters<pino.LogFn>);
      },
    },
  } satisfies pino.LoggerOptions;
  return redactChildren(destination === undefined ? pino(options) : pino(options, destination));
};

/** pino's formatters leave out what children are given at their birth; their children inherit this method. */
const redactChildren = (root: Logger): Logger => {
  const makeChild: unknown = Reflect.get(root, 'child');
  if (typeof makeChild !== 'function') return root;
  return Object.defineProperty(root, 'child', {
    value(this: Logger, bindings: Record<string, unknown>, ...rest: unknown[]): unknown {
      return Reflect.apply(makeChild, this, [redactFields(bindings, 0), ...rest]);
    },
    writable: true,
    configurable: true,
  });
};

/** A logger that says nothing, for tests. */
export const silentLogger: Logger = createLogger({ level: 'silent' });
