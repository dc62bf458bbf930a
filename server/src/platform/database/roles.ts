/**
 * The roles of an own PostgreSQL server, and the proof that the request role can do no harm.
 *
 * | role       | login | what for                                                     |
 * |------------|-------|--------------------------------------------------------------|
 * | owner      | yes   | owns schema and tables, runs the migrations (`DATABASE_URL`) |
 * | `app`      | yes   | requests; owns nothing; sees one user's rows at a time       |
 * | `worker`   | yes   | jobs; sees all rows                                          |
 * | `pm_auth`  | no    | owns the definer functions of sign-in                        |
 * | `pm_audit` | no    | owns the triggers that write the audit log                   |
 *
 * Contents: prepareRoles · checkRequestRole · withCredentials
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import type { Client } from 'pg';

import type { Logger } from '../log.ts';
import { readOrCreatePrivateFile } from '../private-file.ts';
import {
  connectionParts,
  describeTarget,
  quoteIdentifier,
  quoteLiteral,
  withConnection,
} from './connection.ts';
import { errorCode } from './failures.ts';
import { scramVerifier } from './scram.ts';
import { DatabaseSetupError, connectionFailure } from './setup-error.ts';

/** The oldest PostgreSQL whose SQL the schema is written for. */
const MIN_SERVER_VERSION = 150_000;
/** From 16 on a membership says apart whether it inherits and whether it may be switched to. */
const VERSION_WITH_GRANT_OPTIONS = 160_000;
const PASSWORD_BYTES = 24;
const PASSWORD_FILE = 'database-roles.json';

const LOGIN_ROLES = ['app', 'worker'] as const;
const OWNING_ROLES = ['pm_auth', 'pm_audit'] as const;

type LoginRole = (typeof LOGIN_ROLES)[number];

const VARIABLES: Readonly<Record<LoginRole, string>> = {
  app: 'DATABASE_APP_URL',
  worker: 'DATABASE_WORKER_URL',
};

type Login = {
  readonly role: string;
  readonly variable: string;
  readonly given: string | undefined;
  readonly password: string;
};
type ReadyLogin = Login & { readonly url: string; readonly isRequestRole: boolean };

/** The addresses that the server works with. */
export type RoleUrls = { readonly appUrl: string; readonly workerUrl: string };

/** What `prepareRoles` needs. */
export type RoleOptions = {
  readonly ownerUrl: string;
  /** Given logins; they are made members of `app` and `worker`. */
  readonly appUrl?: string | undefined;
  readonly workerUrl?: string | undefined;
  /** Where the passwords of roles that we create are kept. */
  readonly dataDir: string;
  readonly log: Logger;
  /** Put before every role name, for tests on a server where the real roles are in use. */
  readonly rolePrefix?: string;
};

/**
 * Checks the server, makes sure that all roles exist and fit together, and returns the addresses to use.
 * @throws {DatabaseSetupError} with one sentence that says what to change
 */
export const prepareRoles = async (options: RoleOptions): Promise<RoleUrls> => {
  const { appUrl } = options;
  if (appUrl !== undefined) {
    // First of all: a login that will be refused is not granted anything.
    await connectAs(VARIABLES.app, appUrl, async (client) => checkRequestRole(client, VARIABLES.app));
  }
  const logins: ReadyLogin[] = [];
  const urls = await connectAs('DATABASE_URL', options.ownerUrl, async (owner) => {
    const version = await checkServer(owner);
    await warnAboutSuperuser(owner, options.log);
    const passwords = await ownPasswords(options);
    const prefix = options.rolePrefix ?? '';
    for (const role of OWNING_ROLES) {
      await ensureRole(owner, prefix + role, 'nologin');
      await ensureOwnerMaySwitchTo(owner, prefix + role, version);
    }
    const result: Record<LoginRole, string> = { app: '', worker: '' };
    for (const kind of LOGIN_ROLES) {
      const login: Login = {
        role: prefix + kind,
        variable: VARIABLES[kind],
        given: kind === 'app' ? options.appUrl : options.workerUrl,
        password: passwords[kind],
      };
      result[kind] = await ensureLogin(owner, login, options.ownerUrl, version);
      logins.push({ ...login, url: result[kind], isRequestRole: kind === 'app' });
    }
    return result;
  });
  for (const login of logins) await checkLogin(login);
  return { appUrl: urls.app, workerUrl: urls.worker };
};

/**
 * Refuses a server that is too old or stores text in another encoding than UTF-8.
 * @returns the server's version as a number such as 150018
 */
const checkServer = async (client: Client): Promise<number> => {
  const { rows } = await client.query<{ version: string; encoding: string }>(
    `select current_setting('server_version_num') as version, pg_encoding_to_char(encoding) as encoding
       from pg_database where datname = current_database()`,
  );
  const version = Number(rows[0]?.version);
  if (!(version >= MIN_SERVER_VERSION)) {
    throw new DatabaseSetupError(
      `The PostgreSQL server at DATABASE_URL is version ${Math.trunc(version / 10_000)}, but at least version 15 is needed.`,
    );
  }
  if (rows[0]?.encoding !== 'UTF8') {
    throw new DatabaseSetupError(
      `The database at DATABASE_URL has the encoding ${rows[0]?.encoding ?? 'unknown'}, but UTF8 is needed: create it with ENCODING 'UTF8'.`,
    );
  }
  return version;
};

/**
 * Refuses a request role that row-level security does not bind: a superuser, one with BYPASSRLS, an owner of tables,
 * or a member of such a role.
 */
export const checkRequestRole = async (client: Client, variable: string): Promise<void> => {
  const { rows } = await client.query<{ login: string; role: string; reason: string }>(
    `select current_user as login, r.rolname as role,
            case when r.rolsuper then 'is a superuser'
                 when r.rolbypassrls then 'has BYPASSRLS'
                 when r.rolname in ('pm_auth', 'pm_audit') then 'owns the sign-in and audit functions'
                 else 'owns a table' end as reason
       from pg_roles r
      where pg_has_role(current_user, r.oid, 'MEMBER')
        and (r.rolsuper or r.rolbypassrls or r.rolname in ('pm_auth', 'pm_audit') or exists (
              select from pg_class c
               where c.relowner = r.oid and c.relkind in ('r', 'p', 'v', 'm', 'f')
                 and c.relnamespace <> 'pg_catalog'::regnamespace and c.relnamespace <> 'information_schema'::regnamespace
                 and c.relpersistence <> 't'))
      order by r.rolname = current_user desc, r.rolsuper desc
      limit 1`,
  );
  const found = rows[0];
  if (found === undefined) return;
  const who =
    found.role === found.login
      ? `the role ${found.login}`
      : `the role ${found.login} belongs to ${found.role}, which`;
  throw new DatabaseSetupError(
    `${variable} is refused: ${who} ${found.reason}, so row-level security would not protect one user from another; use a plain login role.`,
  );
};

/** The same address with another user and password. */
export const withCredentials = (url: string, user: string, password: string): string => {
  const match = /^(postgres(?:ql)?:\/\/)(?:[^@/?#]*@)?(.*)$/su.exec(url);
  if (match === null) throw new DatabaseSetupError('DATABASE_URL is not a PostgreSQL address.');
  const [server = '', query = ''] = (match[2] ?? '').split('?', 2);
  const kept = query.split('&').filter((part) => part !== '' && !/^(?:user|password)=/iu.test(part));
  const rest = kept.length === 0 ? server : `${server}?${kept.join('&')}`;
  return `${match[1]}${encodeURIComponent(user)}:${encodeURIComponent(password)}@${rest}`;
};

const connectAs = async <T>(
  variable: string,
  url: string,
  fn: (client: Client) => Promise<T>,
): Promise<T> => {
  let connected = false;
  try {
    return await withConnection(url, async (client) => {
      connected = true;
      return fn(client);
    });
  } catch (error) {
    if (connected) throw error;
    throw connectionFailure(variable, describeTarget(url), error);
  }
};

const warnAboutSuperuser = async (owner: Client, log: Logger): Promise<void> => {
  const { rows } = await owner.query<{ super: boolean }>(
    'select rolsuper or rolbypassrls as super from pg_roles where rolname = current_user',
  );
  if (rows[0]?.super === true) {
    log.warn(
      'DATABASE_URL logs in as a superuser or with BYPASSRLS; a plain owner with CREATEROLE is enough and safer.',
    );
  }
};

const ownPasswords = async (options: RoleOptions): Promise<Record<LoginRole, string>> => {
  if (options.appUrl !== undefined && options.workerUrl !== undefined) return { app: '', worker: '' };
  const make = () => randomBytes(PASSWORD_BYTES).toString('base64url');
  const content = await readOrCreatePrivateFile(
    join(options.dataDir, PASSWORD_FILE),
    () => `${JSON.stringify({ app: make(), worker: make() })}\n`,
  );
  const passwords = parseJson(content);
  if (isObject(passwords)) {
    const { app, worker } = passwords;
    if (typeof app === 'string' && typeof worker === 'string') return { app, worker };
  }
  throw new DatabaseSetupError(
    `The file ${PASSWORD_FILE} in the data folder (PM_DATA_DIR) is damaged; restore it from a backup.`,
  );
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Creates a role unless it is there, also when another process creates it in the same moment. */
const ensureRole = async (owner: Client, role: string, attributes: string): Promise<void> => {
  const { rowCount } = await owner.query('select from pg_roles where rolname = $1', [role]);
  if (rowCount !== 0) return;
  try {
    await owner.query(`create role ${quoteIdentifier(role)} ${attributes}`);
  } catch (error) {
    const code = errorCode(error);
    if (code === '42710' || code === '23505') return;
    if (code !== '42501') throw error;
    throw new DatabaseSetupError(
      `The role ${role} does not exist and the owner at DATABASE_URL may not create it: run "ALTER ROLE … CREATEROLE" for the owner as an administrator, or create the roles app, worker, pm_auth and pm_audit by hand.`,
      error,
    );
  }
};

/**
 * Lets the owner hand functions over to a NOLOGIN role, which takes membership (15) or the SET option (16 and later).
 */
const ensureOwnerMaySwitchTo = async (owner: Client, role: string, version: number): Promise<void> => {
  const kind = version >= VERSION_WITH_GRANT_OPTIONS ? 'SET' : 'MEMBER';
  const { rows } = await owner.query<{ may: boolean }>(
    'select pg_has_role(current_user, $1::name, $2) as may',
    [role, kind],
  );
  if (rows[0]?.may === true) return;
  const options = version >= VERSION_WITH_GRANT_OPTIONS ? ' with set true, inherit false' : '';
  await grant(
    owner,
    `grant ${quoteIdentifier(role)} to current_user${options}`,
    role,
    'the owner at DATABASE_URL',
  );
};

const grant = async (owner: Client, statement: string, role: string, to: string): Promise<void> => {
  try {
    await owner.query(statement);
  } catch (error) {
    if (errorCode(error) !== '42501') throw error;
    throw new DatabaseSetupError(
      `The role ${role} must be granted to ${to}, which the owner at DATABASE_URL may not do itself: run GRANT ${role} as an administrator.`,
      error,
    );
  }
};

const ensureLogin = async (
  owner: Client,
  login: Login,
  ownerUrl: string,
  version: number,
): Promise<string> => {
  const { role, given, password } = login;
  if (given === undefined) {
    await ensureRole(owner, role, `login password ${quoteLiteral(scramVerifier(password))}`);
    await preferOwnSchema(owner, role);
    return withCredentials(ownerUrl, role, password);
  }
  await ensureRole(owner, role, 'nologin');
  const user = connectionParts(given).user ?? '';
  const { rows } = await owner.query<{ member: boolean }>(
    `select pg_has_role(oid, $2::name, 'USAGE') as member from pg_roles where rolname = $1`,
    [user, role],
  );
  if (rows[0] === undefined) {
    throw new DatabaseSetupError(
      `${login.variable} names the user ${user}, which does not exist on the server.`,
    );
  }
  if (!rows[0].member) {
    const options = version >= VERSION_WITH_GRANT_OPTIONS ? ' with inherit true' : '';
    await grant(
      owner,
      `grant ${quoteIdentifier(role)} to ${quoteIdentifier(user)}${options}`,
      role,
      `the user ${user}`,
    );
  }
  return given;
};

/** For people with psql only: our own transactions set the path themselves. */
const preferOwnSchema = async (owner: Client, role: string): Promise<void> => {
  await owner.query(`alter role ${quoteIdentifier(role)} set search_path = pm`).catch((error: unknown) => {
    if (errorCode(error) !== '42501') throw error;
  });
};

const checkLogin = async ({ role, variable, url, given, isRequestRole }: ReadyLogin): Promise<void> => {
  try {
    await connectAs(variable, url, async (client) => {
      if (isRequestRole) await checkRequestRole(client, variable);
      const { rows } = await client.query<{ uses: boolean }>(
        `select pg_has_role(current_user, $1::name, 'USAGE') as uses`,
        [role],
      );
      if (rows[0]?.uses === true) return;
      throw new DatabaseSetupError(
        `${variable} is refused: its user does not inherit the role ${role}; make it INHERIT.`,
      );
    });
  } catch (error) {
    const wrongPassword = error instanceof DatabaseSetupError && errorCode(error.cause) === '28P01';
    if (given !== undefined || !wrongPassword) throw error;
    throw new DatabaseSetupError(
      `The role ${role} exists on the server with a password that is not in ${PASSWORD_FILE} of the data folder: give ${variable}, or drop the role so that it is made again.`,
      error,
    );
  }
};
