import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createSecrets, loadSecrets } from './secrets.ts';

const OLD = 'o'.repeat(40);
const NEW = 'n'.repeat(40);

describe('createSecrets', () => {
  it('opens what it sealed, in the same context only', () => {
    const secrets = createSecrets([NEW]);
    const sealed = secrets.seal('JBSWY3DPEHPK3PXP', 'totp:user-1');
    expect(sealed).not.toContain('JBSW');
    expect(secrets.open(sealed, 'totp:user-1')).toBe('JBSWY3DPEHPK3PXP');
    expect(() => secrets.open(sealed, 'totp:user-2')).toThrow('unable to authenticate');
    expect(secrets.seal('JBSWY3DPEHPK3PXP', 'totp:user-1')).not.toBe(sealed);
  });

  it('seals and opens the empty text', () => {
    const secrets = createSecrets([NEW]);
    expect(secrets.open(secrets.seal('', 'c'), 'c')).toBe('');
  });

  it('refuses a value that was changed anywhere', () => {
    const secrets = createSecrets([NEW]);
    const sealed = secrets.seal('secret', 'c');
    for (let at = 12; at < sealed.length; at += 5) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      expect(() => secrets.open(changed, 'c'), `at ${at}`).toThrow(
        /unable to authenticate|not a sealed value|needs the secret key/u,
      );
    }
    expect(() => secrets.open('nonsense', 'c')).toThrow('not a sealed value');
  });

  it('rotates: the old key still opens, the new one seals', () => {
    const sealed = createSecrets([OLD]).seal('x', 'c');
    const rotated = createSecrets([NEW, OLD]);
    expect(rotated.open(sealed, 'c')).toBe('x');
    expect(rotated.needsReseal(sealed)).toBe(true);
    expect(rotated.needsReseal(rotated.seal('x', 'c'))).toBe(false);
    expect(() => createSecrets([NEW]).open(sealed, 'c')).toThrow('which is not given');
    expect(rotated.deriveKeys('jwt')[1]).toEqual(createSecrets([OLD]).deriveKey('jwt'));
  });

  it('derives one key a purpose, the same each time', () => {
    const secrets = createSecrets([NEW]);
    expect(secrets.deriveKey('jwt')).toHaveLength(32);
    expect(secrets.deriveKey('jwt')).toEqual(createSecrets([NEW]).deriveKey('jwt'));
    expect(secrets.deriveKey('jwt')).not.toEqual(secrets.deriveKey('seal'));
  });

  it('refuses short and missing keys without repeating them, and prints nothing of the key', () => {
    expect(() => createSecrets(['short'])).toThrow(
      'The secret key must hold keys of at least 32 characters.',
    );
    expect(() => createSecrets([' '])).toThrow('The secret key holds no key.');
    expect(inspect(createSecrets([NEW]), { depth: 10, showHidden: true })).not.toContain('nnnn');
  });
});

describe('loadSecrets', () => {
  let dataDir = '';
  beforeEach(async () => void (dataDir = await mkdtemp(join(tmpdir(), 'pm-secrets-'))));
  afterEach(async () => rm(dataDir, { recursive: true, force: true }));
  const load = (given: { secretKey?: string; secretKeyFile?: string } = {}) =>
    loadSecrets({ dataDir: join(dataDir, 'data'), secretKey: undefined, secretKeyFile: undefined, ...given });

  it('makes a key file that only its owner reads, once, even for simultaneous starts', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, async () => load()));
    expect(new Set(all.map((secrets) => secrets.keyId)).size).toBe(1);
    const path = join(dataDir, 'data', 'secret.key');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await chmod(path, 0o644);
    expect((await load()).keyId).toBe(all[0]?.keyId);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('never replaces a damaged key file', async () => {
    await load();
    const path = join(dataDir, 'data', 'secret.key');
    await writeFile(path, '\n');
    await expect(load()).rejects.toThrow('The key file secret.key in the data folder holds no key.');
    expect(await readFile(path, 'utf8')).toBe('\n');
  });

  it('takes the environment or a named file instead', async () => {
    const file = join(dataDir, 'key');
    await writeFile(file, `${NEW}\n${OLD}\n`);
    const fromFile = await load({ secretKeyFile: file });
    expect(fromFile.keyId).toBe((await load({ secretKey: `${NEW},${OLD}` })).keyId);
    expect(fromFile.deriveKeys('x')).toHaveLength(2);
    await expect(load({ secretKeyFile: join(dataDir, 'none') })).rejects.toThrow(
      'PM_SECRET_KEY_FILE cannot be read (ENOENT).',
    );
  });
});
