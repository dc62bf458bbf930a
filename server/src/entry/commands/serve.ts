/**
 * `pm serve`, which is `npm start`: database, API, worker and web app in one process.
 *
 * Order of the start: settings → web app → database → worker → listening. Order of the stop: no new requests, those
 * under way end → jobs under way end → pools → database. A second Ctrl-C does not wait for requests and jobs.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';

import { replayErasures } from '#features/privacy';
import { requestEcbRatesWhenStale, startLiveTrades } from '#features/market-data';
import { createCache } from '#platform/cache/index.ts';
import { listenForChanges } from '#platform/changes/index.ts';
import { openDatabases } from '#platform/database/open.ts';
import type { Databases } from '#platform/database/open.ts';
import { createMetrics } from '#platform/http/index.ts';
import { startWorker } from '#platform/jobs/index.ts';
import { registerPlatformMetrics } from '#platform/metrics.ts';
import { loadSecrets } from '#platform/secrets.ts';

import { WEB_FOLDER, buildApi } from '../api.ts';
import { JOBS } from '../jobs.ts';
import { CommandError, VERSION, createRuntime } from '../runtime.ts';
import type { Runtime } from '../runtime.ts';
import { untilStopped } from '../stop.ts';
import { buildWebWhenStale } from '../web-build.ts';
import { greet } from './greet.ts';

/** Something started, to be stopped in reverse order. */
type Part = { readonly what: string; readonly stop: () => Promise<void> };

export const serve = async (): Promise<void> => {
  const runtime = createRuntime(false);
  const stopped = untilStopped(runtime.log);
  const parts: Part[] = [];
  try {
    const { lost } = await start(runtime, parts, stopped.signal);
    const reason = await Promise.race([stopped.asked, lost]);
    if (reason instanceof Error) throw new CommandError(`The database is gone: ${reason.message}`);
    runtime.log.info({ signal: reason }, 'Stopping');
  } catch (error) {
    // Asked to stop while starting: what was begun ends now, and that is no failure.
    if (!stopped.signal.aborted) throw error;
    runtime.log.info(
      { reason: error instanceof Error ? error.message : String(error) },
      'The start was stopped',
    );
  } finally {
    for (const part of parts.toReversed()) {
      await part
        .stop()
        .catch((error: unknown) => runtime.log.warn({ err: error }, `${part.what} did not stop cleanly`));
    }
    stopped.release();
  }
  runtime.log.info('Stopped');
};

/** What runs now. In an object, because a promise that an async function returns is waited for. */
type Started = { readonly lost: Promise<Error> };

const start = async (runtime: Runtime, parts: Part[], signal: AbortSignal): Promise<Started> => {
  const { config, log, clock } = runtime;
  await checkPort(config.port, config.host);
  await buildWebWhenStale(log, signal);
  const metrics = createMetrics();
  const report = registerPlatformMetrics(metrics.registry);
  const databases = await openDatabases(config, log, { signal });
  parts.push({ what: 'The database', stop: async () => databases.close() });
  signal.throwIfAborted();
  await eraseAgain(databases, runtime);
  report.watchPool('app', databases.app);
  report.watchPool('worker', databases.worker);
  const secrets = await loadSecrets(config);
  const cache = createCache({
    redisUrl: config.redisUrl,
    sealKey: secrets.deriveKey('cache'),
    log,
    onEvent: report.onCacheEvent,
  });
  parts.push({ what: 'The cache', stop: async () => cache.close() });
  const changes = await listenForChanges(databases.workerUrl, log);
  parts.push({ what: 'Listening for changes', stop: async () => changes.close() });
  const worker = await startWorker({
    db: databases.worker,
    app: databases.appForJobs,
    workerUrl: databases.workerUrl,
    jobs: JOBS,
    log,
    clock,
    config,
    onJob: report.onJob,
  });
  parts.push({ what: 'The worker', stop: async () => worker.stop() });
  const trades = startLiveTrades({
    db: databases.worker,
    workerUrl: databases.workerUrl,
    settings: config.providers,
    clock,
    log,
  });
  parts.push({ what: 'Listening to trades', stop: async () => trades.stop() });
  const api = await buildApi({
    config,
    log,
    clock,
    secrets,
    db: databases.app,
    worker: databases.worker,
    databaseKind: databases.embedded ? 'embedded' : 'external',
    schemaVersion: databases.migrations.version,
    version: VERSION,
    cache,
    changes,
    onCacheEvent: report.onCacheEvent,
    metrics,
    webFolder: WEB_FOLDER,
  });
  parts.push({ what: 'The web server', stop: async () => api.close() });
  signal.throwIfAborted();
  const address = await listen(
    async () => api.listen({ port: config.port, host: config.host }),
    config.port,
    config.host,
  );
  await askForRates(databases, runtime);
  await greet({ address, databases, runtime });
  return { lost: databases.lost };
};

/** A restored backup brings back people who have left; they go before anybody is answered. */
const eraseAgain = async ({ worker }: Databases, { config, clock, log }: Runtime): Promise<void> => {
  const erased = await replayErasures(worker, config.dataDir, clock.now());
  if (erased > 0) log.info({ erased }, 'Erased again whom a backup had brought back');
};

/** Before anything slow is done for nothing. */
const checkPort = async (port: number, host: string): Promise<void> => {
  const probe = createServer();
  const listening = async (): Promise<string> => {
    probe.listen({ port, host });
    await once(probe, 'listening');
    return '';
  };
  try {
    await listen(listening, port, host);
  } finally {
    probe.close();
  }
};

const listen = async (open: () => Promise<string>, port: number, host: string): Promise<string> => {
  try {
    return await open();
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    if (code === 'EADDRINUSE') {
      throw new CommandError(
        `Port ${port} is in use; stop what uses it, or choose another with PORT=${port + 1} npm start.`,
      );
    }
    if (code === 'EACCES') {
      throw new CommandError(`Port ${port} may not be used by this user; choose one above 1023 with PORT.`);
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new CommandError(`${host} is not an address of this machine; correct HOST.`);
    }
    throw error;
  }
};

const askForRates = async (databases: Databases, { clock, log }: Runtime): Promise<void> => {
  if (await requestEcbRatesWhenStale(databases.worker, clock.now())) {
    log.info('Asked for the latest exchange rates');
  }
};
