/**
 * What `npm start` says when it is ready: the address and, on the first start of a household's own install, how to look
 * at the demo.
 */
import { makeDemoLogin, isUnused } from '../demo-login.ts';
import type { DemoLogin } from '../demo-login.ts';
import type { Databases } from '#platform/database/open.ts';
import type { Runtime } from '../runtime.ts';

type Ready = { readonly address: string; readonly databases: Databases; readonly runtime: Runtime };

/** Prints for a person on standard output; the log says the same to machines. */
export const greet = async ({ address, databases, runtime }: Ready): Promise<void> => {
  runtime.log.info({ address }, 'Ready');
  const login = await firstDemo(databases, runtime);
  const lines = ['', `  Portfolio Manager is ready at ${address.replace('127.0.0.1', 'localhost')}`];
  if (login !== undefined) {
    lines.push(
      '',
      '  To look around in a made-up household, sign in with',
      `    email     ${login.email}`,
      `    password  ${login.password}   (shown once)`,
      '  The first account that you create yourself administers this install.',
    );
  }
  process.stdout.write(`${lines.join('\n')}\n\n  Ctrl-C stops everything.\n\n`);
};

/** A provider's install on its own server starts without; `pm demo` makes one there. */
const firstDemo = async (
  databases: Databases,
  { config, clock, log }: Runtime,
): Promise<DemoLogin | undefined> => {
  if (!config.demoAtFirstStart || !databases.embedded || !(await isUnused(databases))) return undefined;
  try {
    return await makeDemoLogin(databases, clock.now());
  } catch (error) {
    log.warn({ err: error }, 'The demo household could not be made');
    return undefined;
  }
};
