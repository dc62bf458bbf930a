/**
 * The install's secret key and what is made from it.
 *
 * The key comes from `PM_SECRET_KEY`, from the file named by `PM_SECRET_KEY_FILE`, or from `secret.key` in the data
 * folder, which is made on the first start. It never reaches the database. Several keys may be given, the current one
 * first: all of them open, only the first one seals.
 *
 * Contents: loadSecrets · createSecrets · generateSecretKey
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ConfigError } from './config.ts';
import type { Config } from './config.ts';
import { readOrCreatePrivateFile } from './private-file.ts';

/** Length of the derived keys: AES-256 and HMAC-SHA-256 both want 32 bytes. */
const KEY_BYTES = 32;
/** NIST SP 800-38D, 8.2: 96-bit random nonce. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_BYTES = 4;
/** 32 characters of base64 hold 192 bits; shorter ones are passwords, not keys. */
const MIN_KEY_CHARACTERS = 32;
const FORMAT = 'v1';
const KEY_FILE = 'secret.key';

/** Derives keys and seals values. Holds the key in memory only, and shows nothing of it when printed. */
export type Secrets = {
  /** Tells keys apart without giving anything away; a restore compares it. Eight hex digits. */
  readonly keyId: string;
  /** A 32-byte key for one purpose (`jwt`, `mail-links` …) from the current secret key. */
  deriveKey(purpose: string): Buffer;
  /** The same from every secret key, current first, to accept what an older one signed. */
  deriveKeys(purpose: string): readonly Buffer[];
  /**
   * Encrypts a text with AES-256-GCM under the current key.
   * @param context what the value is and to whom it belongs (`totp:<userId>`); the value opens only in that context
   */
  seal(plaintext: string, context: string): string;
  /**
   * Decrypts what `seal` made.
   * @throws {Error} when it was changed, belongs to another context, or its key is no longer given
   */
  open(sealed: string, context: string): string;
  /** True when an older key sealed the value, so that it should be sealed again. */
  needsReseal(sealed: string): boolean;
};

type Key = { readonly id: string; readonly material: Buffer };

/** A new random key as it may be put in `PM_SECRET_KEY`. */
export const generateSecretKey = (): string => randomBytes(KEY_BYTES).toString('base64url');

/**
 * Finds or makes the secret key of this install.
 * @throws {ConfigError} when a key is too short, a key file is empty or cannot be read
 */
export const loadSecrets = async (
  config: Pick<Config, 'dataDir' | 'secretKey' | 'secretKeyFile'>,
): Promise<Secrets> => {
  if (config.secretKey !== undefined) return createSecrets(config.secretKey.split(','), 'PM_SECRET_KEY');
  if (config.secretKeyFile !== undefined) {
    const content = await readFile(config.secretKeyFile, 'utf8').catch((error: unknown) => {
      throw new ConfigError([`PM_SECRET_KEY_FILE cannot be read (${reason(error)}).`]);
    });
    return createSecrets(content.split('\n'), 'PM_SECRET_KEY_FILE');
  }
  const path = join(config.dataDir, KEY_FILE);
  const content = await readOrCreatePrivateFile(path, () => `${generateSecretKey()}\n`).catch(
    (error: unknown) => {
      throw new ConfigError([
        `The key file ${KEY_FILE} in the data folder (PM_DATA_DIR) cannot be read or made (${reason(error)}).`,
      ]);
    },
  );
  return createSecrets(content.split('\n'), `The key file ${KEY_FILE} in the data folder`);
};

/**
 * Makes the tools from given keys.
 * @param source what to name when a key is refused
 * @throws {ConfigError} when there is no key or one is shorter than 32 characters
 */
export const createSecrets = (texts: readonly string[], source = 'The secret key'): Secrets => {
  const trimmed = texts.map((text) => text.trim()).filter((text) => text !== '');
  if (trimmed.length === 0) throw new ConfigError([`${source} holds no key.`]);
  if (trimmed.some((text) => text.length < MIN_KEY_CHARACTERS)) {
    throw new ConfigError([`${source} must hold keys of at least ${MIN_KEY_CHARACTERS} characters.`]);
  }
  const keys = trimmed.map(toKey);
  const current = keys[0] as Key;
  return Object.freeze({
    keyId: current.id,
    deriveKey: (purpose: string) => derive(current.material, purpose, KEY_BYTES),
    deriveKeys: (purpose: string) => keys.map((key) => derive(key.material, purpose, KEY_BYTES)),
    seal: (plaintext: string, context: string) => seal(current, plaintext, context),
    open: (sealed: string, context: string) => open(keys, sealed, context),
    needsReseal: (sealed: string) => split(sealed).keyId !== current.id,
  });
};

const toKey = (text: string): Key => {
  const material = Buffer.from(text, 'utf8');
  return { material, id: derive(material, 'key-id', KEY_ID_BYTES).toString('hex') };
};

/** HKDF (RFC 5869) with SHA-256; the purpose separates keys that come from one secret. */
const derive = (material: Buffer, purpose: string, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', material, 'portfolio-manager', purpose, bytes));

const seal = (key: Key, plaintext: string, context: string): string => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', derive(key.material, 'seal', KEY_BYTES), nonce);
  cipher.setAAD(Buffer.from(context, 'utf8'));
  const body = Buffer.concat([nonce, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${FORMAT}.${key.id}.${body.toString('base64url')}`;
};

const open = (keys: readonly Key[], sealed: string, context: string): string => {
  const { keyId, body } = split(sealed);
  const key = keys.find((candidate) => candidate.id === keyId);
  if (key === undefined) throw new Error(`A sealed value needs the secret key ${keyId}, which is not given.`);
  const nonce = body.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', derive(key.material, 'seal', KEY_BYTES), nonce);
  decipher.setAAD(Buffer.from(context, 'utf8'));
  decipher.setAuthTag(body.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString(
    'utf8',
  );
};

const split = (sealed: string): { keyId: string; body: Buffer } => {
  const [format, keyId, text, ...rest] = sealed.split('.');
  const body = Buffer.from(text ?? '', 'base64url');
  const whole = format === FORMAT && keyId !== undefined && rest.length === 0;
  // Only the canonical spelling counts: base64url has spare bits that a decoder ignores.
  if (!whole || body.length < NONCE_BYTES + TAG_BYTES || body.toString('base64url') !== text) {
    throw new Error('This is not a sealed value.');
  }
  return { keyId, body };
};

const reason = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
