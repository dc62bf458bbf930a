/**
 * The database and the roles of the product, made in a new cluster. Each step may be repeated, so a kill in between
 * costs nothing; a comment on the database says that all were done, and with which generation of passwords.
 */
import pg from 'pg';

import { DATABASE, type Endpoint, adminConnection } from './endpoint.ts';
import type { Secrets } from './secrets.ts';

/** Raise it when a step is added: it is then done in existing clusters too. */
const GENERATION = 1;

const LOGINS = ['owner', 'app', 'worker'] as const;

/**
 * Makes what is missing.
 * @param admin the superuser, connected to the database `postgres`
 * @returns true when anything was made
 */
export const provision = async (admin: pg.Client, endpoint: Endpoint, secrets: Secrets): Promise<boolean> => {
  const done = `portfolio-manager ${GENERATION} ${secrets.id}`;
  const { rows } = await admin.query<{ note: string | null }>(
    `select shobj_description(oid, 'pg_database') as note from pg_database where datname = $1`,
    [DATABASE],
  );
  if (rows[0]?.note === done) return false;
  for (const role of LOGINS) await ensureLogin(admin, role, secrets[role]);
  // As PostgreSQL itself does for a role's maker: the owner may manage them, but does not become them.
  await admin.query('grant app, worker to owner with admin true, inherit false, set false');
  if (rows[0] === undefined) await admin.query(`create database ${DATABASE} owner owner`);
  await admin.query(`revoke connect, temporary on database ${DATABASE}, postgres, template1 from public`);
  await admin.query(`grant connect on database ${DATABASE} to app, worker`);
  await closePublicSchema(endpoint, secrets);
  await admin.query(`comment on database ${DATABASE} is ${pg.escapeLiteral(done)}`);
  return true;
};

const ensureLogin = async (
  admin: pg.Client,
  role: (typeof LOGINS)[number],
  password: string,
): Promise<void> => {
  const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [role]);
  const may = role === 'owner' ? 'createrole' : 'nocreaterole';
  await admin.query(
    `${rowCount === 0 ? 'create' : 'alter'} role ${role} login inherit nosuperuser nobypassrls nocreatedb noreplication ${may}
     password ${pg.escapeLiteral(password)}`,
  );
  await admin.query(`alter role ${role} set search_path = pm`);
};

/** Nobody makes objects where others would find them by name. */
const closePublicSchema = async (endpoint: Endpoint, secrets: Secrets): Promise<void> => {
  const client = new pg.Client({ ...adminConnection(endpoint, secrets), database: DATABASE });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('revoke create on schema public from public');
  } finally {
    await client.end();
  }
};
