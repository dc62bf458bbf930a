/** Gives the superuser the password of the secrets file, for a data folder whose secrets file was lost or exchanged. */
import { spawn } from 'node:child_process';

import { SUPERUSER } from './endpoint.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { pathFor } from './initialise.ts';
import type { LaunchRequest } from './postmaster.ts';
import type { Secrets } from './secrets.ts';

const TIMEOUT_MS = 60_000;

/**
 * Runs PostgreSQL in single-user mode on the stopped cluster. Whoever can do that owns the files anyway.
 * @throws {EmbeddedPostgresError} `start_failed`
 */
export const resetSuperuser = async (
  { paths, account, binaries }: LaunchRequest,
  secrets: Secrets,
): Promise<void> => {
  const output = await new Promise<string>((resolve) => {
    const child = spawn(binaries.postgres, ['--single', '-D', pathFor(paths.cluster, account), SUPERUSER], {
      ...account.ids,
      cwd: paths.cluster,
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
      detached: true,
      timeout: TIMEOUT_MS,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
    child.stdin.on('error', () => undefined);
    child.once('error', (error) => resolve(`FATAL: ${error.message}`));
    child.once('close', () => resolve(text));
    child.stdin.end(`ALTER ROLE ${SUPERUSER} PASSWORD '${secrets.superuser}';\n`);
  });
  const failure = output.split('\n').find((line) => /(?:ERROR|FATAL|PANIC): /u.test(line));
  if (failure === undefined) return;
  throw new EmbeddedPostgresError(
    'start_failed',
    `The database in ${paths.cluster} has other passwords than ${paths.secrets}, and they cannot be set anew: restore that file from a backup.`,
    { lastLines: [failure] },
  );
};
