/**
 * From settings to working database pools: the one order in which a database is made ready.
 *
 * server (embedded or own) → roles → migrations → job queue → check of the request role → pools.
 */
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import { withConnection } from './connection.ts';
import { WORKER_LIMITS, createDatabase } from './database.ts';
import type { Db } from './database.ts';
import { EmbeddedPostgresError, attachEmbeddedPostgres, startEmbeddedPostgres } from './embedded/index.ts';
import { readMigrations } from './migrate.ts';
import type { MigrationResult } from './migrate.ts';
import { checkRequestRole, prepareRoles } from './roles.ts';
import { setUpDatabase } from './set-up.ts';

/** Jobs that run at once, and room for the queue's own statements. */
const WORKER_POOL_MAX = 10;
/** Work in people's names by jobs: two at a time, and room. */
const JOB_POOL_MAX = 4;

/** A database server that is ready to be prepared. */
export type DatabaseServer = {
  /** Direct connection of the owner: migrations, LISTEN, leader locks. */
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** Direct connection of the worker. */
  readonly workerUrl: string;
  /** True when the server is ours to start and stop. */
  readonly embedded: boolean;
  /** Settles when the embedded server is gone for good, which ends this process's work. */
  readonly lost: Promise<Error>;
  /** Stops the embedded server; does nothing for an own server. */
  stop(): Promise<void>;
};

/** Everything that the entry points need of the database. */
export type Databases = {
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly workerUrl: string;
  readonly embedded: boolean;
  /** Settles when the embedded server is gone for good. Never for an own server, which may come back. */
  readonly lost: Promise<Error>;
  /** What the start changed. */
  readonly migrations: MigrationResult;
  /** Pool of the request role. */
  readonly app: Db;
  /** Pool of the request role for jobs and commands, which may take longer than a request. */
  readonly appForJobs: Db;
  /** Pool of the worker role. */
  readonly worker: Db;
  /** Ends the pools, then the embedded server. Call it last, when nothing uses the database any more. */
  close(): Promise<void>;
};

const NEVER = new Promise<Error>(() => undefined);

/** Hooks for metrics, and the way to stop an opening that is under way. */
export type OpenHooks = {
  readonly onStatement?: (milliseconds: number, failed: boolean) => void;
  /** Ends the start of the embedded server, which after a crash may take its time. */
  readonly signal?: AbortSignal;
};

/**
 * Starts the embedded server, or takes the one at `DATABASE_URL`, and prepares the roles.
 * @throws {DatabaseSetupError} or the embedded server's own error, each one clear sentence
 */
export const startDatabaseServer = async (
  config: Config,
  log: Logger,
  signal?: AbortSignal,
): Promise<DatabaseServer> => {
  const server =
    config.databaseUrl === undefined
      ? await startEmbedded(config, log, signal)
      : ownServer(config, config.databaseUrl);
  const { ownerUrl, appUrl, workerUrl } = server;
  try {
    const urls = await prepareRoles({ ownerUrl, appUrl, workerUrl, dataDir: config.dataDir, log });
    return { ...server, ...urls };
  } catch (error) {
    await stopQuietly(server, log);
    throw error;
  }
};

type Server = Omit<DatabaseServer, 'appUrl' | 'workerUrl'> & {
  readonly appUrl: string | undefined;
  readonly workerUrl: string | undefined;
};

const startEmbedded = async (
  config: Config,
  log: Logger,
  signal: AbortSignal | undefined,
): Promise<Server> => {
  const server = await startEmbeddedPostgres({
    dataDir: config.dataDir,
    ...(signal === undefined ? {} : { signal }),
    log: ({ level, msg, ...fields }) => log[level](fields, msg),
  });
  const { ownerUrl, appUrl, workerUrl, lost } = server;
  return { ownerUrl, appUrl, workerUrl, lost, embedded: true, stop: async () => server.stop() };
};

const ownServer = (config: Config, ownerUrl: string): Server => ({
  ownerUrl,
  appUrl: config.databaseAppUrl,
  workerUrl: config.databaseWorkerUrl,
  lost: NEVER,
  embedded: false,
  stop: async () => undefined,
});

const stopQuietly = async (server: Pick<DatabaseServer, 'stop'>, log: Logger): Promise<void> => {
  await server
    .stop()
    .catch((error: unknown) => log.warn({ err: error }, 'The database did not stop cleanly'));
};

/**
 * Opens everything. When any step fails, what was started is stopped again.
 * @throws {DatabaseSetupError} with one clear sentence
 */
export const openDatabases = async (
  config: Config,
  log: Logger,
  hooks: OpenHooks = {},
): Promise<Databases> => {
  const server = await startDatabaseServer(config, log, hooks.signal);
  try {
    const migrations = await setUpDatabase(server.ownerUrl, log);
    // Once more, now that there are tables that it might own.
    await withConnection(server.appUrl, async (client) => checkRequestRole(client, 'DATABASE_APP_URL'));
    return { ...pools(server, config, log, hooks), migrations };
  } catch (error) {
    await stopQuietly(server, log);
    throw error;
  }
};

/**
 * Opens everything for a command, which may run beside the product: the server that is running is then used as it is,
 * with the schema that the running product keeps. Errors as in {@link openDatabases}.
 */
export const openBeside = async (config: Config, log: Logger): Promise<Databases> => {
  try {
    return await openDatabases(config, log);
  } catch (error) {
    if (!(error instanceof EmbeddedPostgresError) || error.code !== 'in_use') throw error;
    const running = await attachEmbeddedPostgres({
      dataDir: config.dataDir,
      log: ({ level, msg, ...fields }) => log[level](fields, msg),
    });
    if (running === undefined) throw error;
    const server = { ...running, lost: NEVER, embedded: true, stop: async () => undefined };
    const version = (await readMigrations()).at(-1)?.version ?? 0;
    return { ...pools(server, config, log, {}), migrations: { applied: [], version } };
  }
};

const pools = (
  server: DatabaseServer,
  { preparedStatements: prepare }: Config,
  log: Logger,
  hooks: OpenHooks,
): Omit<Databases, 'migrations'> => {
  const app = createDatabase({ url: server.appUrl, prepare, log, ...hooks });
  const appForJobs = createDatabase({
    url: server.appUrl,
    prepare,
    log,
    limits: WORKER_LIMITS,
    max: JOB_POOL_MAX,
    ...hooks,
  });
  const worker = createDatabase({
    url: server.workerUrl,
    log,
    limits: WORKER_LIMITS,
    max: WORKER_POOL_MAX,
    ...hooks,
  });
  return {
    ownerUrl: server.ownerUrl,
    appUrl: server.appUrl,
    workerUrl: server.workerUrl,
    embedded: server.embedded,
    lost: server.lost,
    app,
    appForJobs,
    worker,
    close: async () => {
      await Promise.all([app.destroy(), appForJobs.destroy(), worker.destroy()]);
      await server.stop();
    },
  };
};
