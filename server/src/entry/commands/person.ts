/** In whose name a command acts. */
import { withWorker } from '#platform/database/index.ts';
import type { Databases } from '#platform/database/open.ts';

import { CommandError } from '../runtime.ts';

/** The person with this address, or the install's first administrator. @throws {CommandError} when there is none */
export const findPerson = async (databases: Databases, email: string | undefined): Promise<string> => {
  const row = await withWorker(databases.worker, async (tx) => {
    const users = tx.selectFrom('users').select('id').where('deleted_at', 'is', null);
    return email === undefined
      ? users.where('role', '=', 'admin').orderBy('created_at').limit(1).executeTakeFirst()
      : users.where((eb) => eb.fn<string>('lower', ['email']), '=', email.toLowerCase()).executeTakeFirst();
  });
  if (row) return row.id;
  throw new CommandError(
    email === undefined
      ? 'Nobody has an account yet; create one on the page first.'
      : `There is no account with the address ${email}.`,
  );
};
