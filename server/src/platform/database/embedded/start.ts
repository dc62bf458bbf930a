/** The story of a start: folder, account, binaries, passwords, cluster, server, roles. */
import { chooseAccount } from './account.ts';
import { findNativeDir, prepareBinaries } from './binaries.ts';
import {
  type DataPaths,
  checkCluster,
  clusterStats,
  prepareDataFolder,
  unusableFolder,
} from './data-folder.ts';
import { endpointUrls } from './endpoint.ts';
import { EmbeddedPostgresError, systemCode } from './errors.ts';
import { initialiseCluster, removeSideFolders } from './initialise.ts';
import { type Keeper, keep } from './keeper.ts';
import { provision } from './provision.ts';
import { type Secrets, loadSecrets } from './secrets.ts';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from './types.ts';

const STOP_PATIENCE_MS = 20_000;

/**
 * Starts the embedded PostgreSQL of a data folder, or takes over the one that a killed program left running.
 *
 * Works for root too (PostgreSQL then runs under an unprivileged account). The returned server is this process's
 * alone: a second start on the same folder is refused. It must be stopped with `stop()`, after all pools are closed;
 * there is no exit hook behind the caller's back.
 * @throws {EmbeddedPostgresError} one sentence that says what is wrong and the way out
 */
export const startEmbeddedPostgres = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const begin = performance.now();
  try {
    return await start(options, begin);
  } catch (error) {
    if (options.signal?.aborted === true) {
      throw new EmbeddedPostgresError('aborted', 'The start of PostgreSQL was interrupted.', {
        cause: error,
      });
    }
    if (error instanceof EmbeddedPostgresError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new EmbeddedPostgresError('start_failed', `PostgreSQL cannot be started: ${reason}.`, {
      cause: error,
    });
  }
};

const start = async (options: EmbeddedPostgresOptions, begin: number): Promise<EmbeddedPostgres> => {
  const { log, signal, durability = 'full', transport = 'auto', stopPatienceMs = STOP_PATIENCE_MS } = options;
  signal?.throwIfAborted();
  const paths = prepareDataFolder(options.dataDir);
  const stats = clusterStats(paths.cluster);
  const account = chooseAccount(stats);
  if (stats !== undefined) checkCluster(paths.cluster, stats, account);
  const installed =
    options.nativeDir === undefined
      ? findNativeDir()
      : { nativeDir: options.nativeDir, packageVersion: 'given' };
  const binaries = await prepareBinaries({ ...installed, dataDir: paths.root, account, log });
  const secrets = await readSecrets(paths, log);
  if (stats === undefined) await initialiseCluster({ paths, account, binaries, secrets, durability, signal });
  const keeper = await keep({
    paths,
    account,
    binaries,
    secrets,
    durability,
    transport,
    stopPatienceMs,
    signal,
    log,
    endpoint: undefined,
  });
  try {
    removeSideFolders(paths);
    const made = await provision(keeper.first.guard, keeper.first.endpoint, secrets);
    signal?.throwIfAborted();
    const ms = Math.round(performance.now() - begin);
    log({ level: 'info', msg: 'The embedded PostgreSQL is ready', version: binaries.version, new: made, ms });
  } catch (error) {
    await keeper.stop();
    throw error;
  }
  return running(keeper, secrets, binaries.version);
};

const running = (keeper: Keeper, secrets: Secrets, version: string): EmbeddedPostgres => ({
  ...endpointUrls(keeper.first.endpoint, secrets),
  version,
  adopted: keeper.first.adopted,
  lost: keeper.lost,
  stop: () => keeper.stop(),
});

const readSecrets = async (paths: DataPaths, log: EmbeddedPostgresOptions['log']): Promise<Secrets> => {
  try {
    return await loadSecrets(paths.secrets, log);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    throw unusableFolder(paths.secrets, error);
  }
};
