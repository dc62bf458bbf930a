/**
 * Connection addresses and the raw driver: one place where a URL with a password becomes a connection.
 *
 * Addresses are taken apart at once, because a driver object that keeps the text shows its password wherever it is
 * printed. Contents: connectionParts · withConnection · describeTarget
 */
import pg from 'pg';

import { pgTypes } from './pg-types.ts';

/** How long a connection attempt, or the wait for a free one, may last (the specification's figure). */
export const CONNECTION_TIMEOUT_MS = 2_000;
/** Migrations and role set-up may wait for a server that is just starting. */
const OWNER_CONNECTION_TIMEOUT_MS = 10_000;

const APPLICATION_NAME = 'portfolio-manager';

/** What pg needs to connect, without the address it came from. */
export type ConnectionParts = Pick<
  pg.ClientConfig,
  'host' | 'port' | 'user' | 'password' | 'database' | 'ssl' | 'types' | 'application_name' | 'keepAlive'
>;

/**
 * Takes a connection address apart, as pg itself reads it (`postgres://user:password@host/db?sslmode=…`, or a socket
 * folder as `host` parameter).
 */
export const connectionParts = (url: string): ConnectionParts => {
  // A client that is never connected: pg's own parser, including its defaults and TLS options.
  const parsed = new pg.Client({ connectionString: url });
  const parts: ConnectionParts = {
    host: parsed.host,
    port: parsed.port,
    user: parsed.user ?? '',
    database: parsed.database ?? '',
    ssl: parsed.ssl,
    types: pgTypes,
    application_name: APPLICATION_NAME,
    keepAlive: true,
  };
  // Not enumerable, so that printing an object that holds the parts does not print the password.
  return Object.defineProperty(parts, 'password', { value: parsed.password, enumerable: false });
};

/** Copies connection parts into other options without making the password enumerable on the way in. */
export const clientConfig = (url: string, extra: pg.PoolConfig = {}): pg.PoolConfig => {
  const parts = connectionParts(url);
  return Object.defineProperty({ ...parts, ...extra }, 'password', {
    value: parts.password,
    enumerable: false,
  });
};

/** The target of an address as it may be shown: `user@host:port/database`. */
export const describeTarget = (url: string): string => {
  const { user, host, port, database } = connectionParts(url);
  return `${user}@${host}:${port}/${database}`;
};

/**
 * Runs `fn` on one direct connection of its own and closes it, whatever happens.
 * For migrations, role set-up and tools; requests use the pool.
 */
export const withConnection = async <T>(url: string, fn: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client(clientConfig(url, { connectionTimeoutMillis: OWNER_CONNECTION_TIMEOUT_MS }));
  // A connection that dies while idle emits instead of rejecting; the next query reports it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await fn(client);
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** Quotes a name for SQL. */
export const quoteIdentifier = (name: string): string => pg.escapeIdentifier(name);

/** Quotes a text for SQL, where parameters are not allowed (`CREATE ROLE … PASSWORD`). */
export const quoteLiteral = (text: string): string => pg.escapeLiteral(text);
