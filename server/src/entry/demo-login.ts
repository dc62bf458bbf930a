/**
 * The demo household's own sign-in: a person of the demo, whose password is random and shown once.
 *
 * Contents: makeDemoLogin · isUnused
 */
import { randomInt, randomUUIDv7 } from 'node:crypto';

import { makeDemo, prepareDemo } from '#features/demo';
import { createPasswords } from '#features/identity';
import { withTenant, withWorker, withoutTenant } from '#platform/database/index.ts';
import type { Databases } from '#platform/database/open.ts';
import { sql } from 'kysely';

export type DemoLogin = { readonly email: string; readonly password: string };

const EMAIL = 'demo@portfolio.example';
/** No letters and digits that look alike. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LENGTH = 4;

const randomPassword = (): string =>
  Array.from({ length: GROUPS }, () =>
    Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join(''),
  ).join('-');

/** Whether nobody, not even a demo, has an account here yet. */
export const isUnused = async (databases: Databases): Promise<boolean> =>
  withWorker(
    databases.worker,
    async (tx) => (await tx.selectFrom('users').select('id').limit(1).execute()).length === 0,
  );

/** Makes the demo person with the household. An earlier one is left as it is; the new one has a numbered address. */
export const makeDemoLogin = async (databases: Databases, now: Temporal.Instant): Promise<DemoLogin> => {
  const demo = await prepareDemo();
  const taken = await withWorker(databases.worker, async (tx) =>
    tx
      .selectFrom('users')
      .select('email')
      .where('email', 'like', 'demo%@portfolio.example')
      .where('deleted_at', 'is', null)
      .execute(),
  );
  const email = freeAddress(new Set(taken.map((row) => row.email)));
  const password = randomPassword();
  const hash = await createPasswords().hash(password, email);
  const id = randomUUIDv7();
  await withoutTenant(databases.appForJobs, async (tx) => {
    await sql`select * from pm.register_user(${id}::uuid, ${email}, ${hash}, ${'Demo household'}, ${'en-GB'}, ${'Europe/London'}, true, true)`.execute(
      tx,
    );
  });
  await withTenant(databases.appForJobs, { userId: id }, async (tx, person) => {
    await makeDemo(tx, { id, role: person.role, timezone: person.timezone }, demo, now);
  });
  return { email, password };
};

const freeAddress = (taken: ReadonlySet<string>): string => {
  let email = EMAIL;
  for (let number = 2; taken.has(email); number += 1) email = EMAIL.replace('@', `${number}@`);
  return email;
};
