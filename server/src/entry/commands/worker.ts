/** `pm worker`: jobs alone, for a provider that runs them apart from the API. Needs an own PostgreSQL. */
import { startLiveTrades } from '#features/market-data';
import { openDatabases } from '#platform/database/open.ts';
import { startWorker } from '#platform/jobs/index.ts';

import { JOBS } from '../jobs.ts';
import { CommandError, createRuntime } from '../runtime.ts';
import { untilStopped } from '../stop.ts';

export const runWorker = async (): Promise<void> => {
  const { config, log, clock } = createRuntime(false);
  if (config.databaseUrl === undefined) {
    throw new CommandError(
      'A worker of its own needs DATABASE_URL; with the embedded database `npm start` runs the jobs too.',
    );
  }
  const stopped = untilStopped(log);
  const databases = await openDatabases(config, log);
  try {
    const worker = await startWorker({
      db: databases.worker,
      app: databases.appForJobs,
      workerUrl: databases.workerUrl,
      jobs: JOBS,
      log,
      clock,
      config,
    });
    const trades = startLiveTrades({
      db: databases.worker,
      workerUrl: databases.workerUrl,
      settings: config.providers,
      clock,
      log,
    });
    log.info('The worker is ready');
    await stopped.asked;
    await trades.stop();
    await worker.stop();
  } finally {
    await databases.close();
    stopped.release();
  }
};
