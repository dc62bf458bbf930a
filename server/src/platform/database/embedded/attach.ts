/**
 * A second program of the same install, such as a command beside the running product, uses the server that the first
 * one started. It does not own it: it neither stops it nor starts it again.
 */
import { clusterStats, prepareDataFolder } from './data-folder.ts';
import { endpointOf, endpointUrls } from './endpoint.ts';
import { lookForServer } from './look.ts';
import { loadSecrets } from './secrets.ts';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from './types.ts';

/** The addresses of a running server. */
export type AttachedPostgres = Pick<EmbeddedPostgres, 'ownerUrl' | 'appUrl' | 'workerUrl' | 'adminUrl'>;

/** The server that serves the data folder at this moment; undefined when none does. */
export const attachEmbeddedPostgres = async (
  options: Pick<EmbeddedPostgresOptions, 'dataDir' | 'log'>,
): Promise<AttachedPostgres | undefined> => {
  const paths = prepareDataFolder(options.dataDir);
  if (clusterStats(paths.cluster) === undefined) return undefined;
  const found = lookForServer(paths.cluster);
  if (found.kind !== 'serving') return undefined;
  const endpoint = endpointOf(found.lock, paths.cluster);
  if (endpoint === undefined) return undefined;
  return endpointUrls(endpoint, await loadSecrets(paths.secrets, options.log));
};
