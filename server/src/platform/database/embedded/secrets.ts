/** The passwords of the embedded cluster: random, made once, kept in a private file beside the data. */
import { randomBytes } from 'node:crypto';
import { renameSync } from 'node:fs';

import { readOrCreatePrivateFile } from '../../private-file.ts';
import type { EmbeddedPostgresLogLine } from './types.ts';

/** Long enough that SCRAM's iterations do not matter. */
const PASSWORD_BYTES = 32;
const PATTERN = /^[\w-]{20,}$/u;
const NAMES = ['id', 'superuser', 'owner', 'app', 'worker'] as const;

/** Who has which password; `id` is no secret and says which generation of passwords the cluster was given. */
export type Secrets = Readonly<Record<(typeof NAMES)[number], string>>;

/**
 * Reads the passwords, or makes them. Of two starts at once both get the same ones.
 * A damaged file is put aside: the cluster is then given the new passwords by `resetSuperuser`.
 */
export const loadSecrets = async (
  path: string,
  log: (line: EmbeddedPostgresLogLine) => void,
): Promise<Secrets> => {
  const secrets = parse(await readOrCreatePrivateFile(path, makeContent));
  if (secrets !== undefined) return secrets;
  renameSync(path, `${path}.damaged`);
  log({ level: 'warn', msg: 'The file with the database passwords was damaged; new ones are made', path });
  const fresh = parse(await readOrCreatePrivateFile(path, makeContent));
  if (fresh === undefined) throw new Error(`${path} cannot be written and read back`);
  return fresh;
};

const makeContent = (): string => {
  const secrets = Object.fromEntries(
    NAMES.map((name) => [name, randomBytes(PASSWORD_BYTES).toString('base64url')]),
  );
  return `${JSON.stringify(secrets, undefined, 2)}\n`;
};

const parse = (content: string): Secrets | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return undefined;
  }
  return isSecrets(value) ? value : undefined;
};

const isSecrets = (value: unknown): value is Secrets =>
  typeof value === 'object' &&
  value !== null &&
  NAMES.every((name) => {
    const secret: unknown = Reflect.get(value, name);
    return typeof secret === 'string' && PATTERN.test(secret);
  });
