import { createHmac } from 'node:crypto';

import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';

import { fixedClock } from './clock.ts';
import { createSecrets } from './secrets.ts';
import {
  createAccessTokens,
  hashToken,
  isPersonalToken,
  newPersonalToken,
  newRefreshToken,
} from './tokens.ts';

const KEY = 'k'.repeat(32);
const OLDER_KEY = 'o'.repeat(32);
const CLAIMS = {
  userId: '0190a8b2-0000-7000-8000-000000000001',
  sessionId: '0190a8b2-0000-7000-8000-000000000002',
};
const clock = fixedClock('2024-02-23T12:00:00Z');
const tokens = createAccessTokens(createSecrets([KEY]), clock);

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const parts = (
  token: string,
): [header: Record<string, unknown>, payload: Record<string, unknown>, signature: string] => {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const read = (text: string) =>
    JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>;
  return [read(header), read(payload), signature];
};
const refusal = (code: string) => ({ status: 401, code });

describe('access tokens', () => {
  it('last 15 minutes and not a second longer', async () => {
    const own = fixedClock('2024-02-23T12:00:00Z');
    const signer = createAccessTokens(createSecrets([KEY]), own);
    const { token, expiresAt } = await signer.issue(CLAIMS);
    expect(expiresAt.toString()).toBe('2024-02-23T12:15:00Z');
    own.advance({ minutes: 14, seconds: 59 });
    await expect(signer.verify(token)).resolves.toMatchObject(CLAIMS);
    own.advance({ seconds: 1 });
    await expect(signer.verify(token)).rejects.toMatchObject(refusal('token_expired'));
  });

  it('are refused unsigned, whatever `alg` says', async () => {
    const [header, payload, signature] = parts((await tokens.issue(CLAIMS)).token);
    for (const alg of ['none', 'None', 'NONE', 'RS256', 'HS512']) {
      const head = base64({ ...header, alg });
      for (const tail of ['', signature]) {
        await expect(tokens.verify(`${head}.${base64(payload)}.${tail}`)).rejects.toMatchObject(
          refusal('token_invalid'),
        );
      }
    }
  });

  it('are refused when anything in them was changed', async () => {
    const [header, payload, signature] = parts((await tokens.issue(CLAIMS)).token);
    const other = { ...payload, sub: '0190a8b2-0000-7000-8000-00000000000f' };
    await expect(tokens.verify(`${base64(header)}.${base64(other)}.${signature}`)).rejects.toMatchObject(
      refusal('token_invalid'),
    );
  });

  it('are refused when signed with another key under our key id', async () => {
    const [header, payload] = parts((await tokens.issue(CLAIMS)).token);
    const text = `${base64(header)}.${base64(payload)}`;
    const forged = createHmac('sha256', 'another key').update(text).digest('base64url');
    await expect(tokens.verify(`${text}.${forged}`)).rejects.toMatchObject(refusal('token_invalid'));
  });

  it.each<[what: string, claims: object, head: object]>([
    ['another audience', { aud: 'someone-else' }, {}],
    ['another issuer', { iss: 'someone-else' }, {}],
    ['no session', { sid: undefined }, {}],
    ['a subject that is no id', { sub: 'admin' }, {}],
    ['no expiry', { exp: undefined }, {}],
    ['another type', {}, { typ: 'JWT' }],
    ['an unknown key', {}, { kid: '00000000' }],
    ['no key named', {}, { kid: undefined }],
  ])('are refused with %s, even when signed by us', async (_what, claims, head) => {
    const [header, payload] = parts((await tokens.issue(CLAIMS)).token);
    const key = createSecrets([KEY]).deriveKey('jwt');
    const token = await new SignJWT({ ...payload, ...claims })
      .setProtectedHeader({ alg: 'HS256', ...header, ...head })
      .sign(key);
    await expect(tokens.verify(token)).rejects.toMatchObject(refusal('token_invalid'));
  });

  it.each(['', 'x', 'a.b', 'a.b.c', '....', 'x'.repeat(500)])('are refused as %j', async (token) => {
    await expect(tokens.verify(token)).rejects.toMatchObject(refusal('token_invalid'));
  });

  it('stay valid when the secret key is rotated, until the old one is dropped', async () => {
    const old = await createAccessTokens(createSecrets([OLDER_KEY]), clock).issue(CLAIMS);
    await expect(
      createAccessTokens(createSecrets([KEY, OLDER_KEY]), clock).verify(old.token),
    ).resolves.toMatchObject(CLAIMS);
    await expect(tokens.verify(old.token)).rejects.toMatchObject(refusal('token_invalid'));
  });
});

describe('random tokens', () => {
  it('tell their kind, never repeat, and are stored as SHA-256', () => {
    expect(isPersonalToken(newPersonalToken())).toBe(true);
    expect(isPersonalToken(newRefreshToken())).toBe(false);
    expect(newPersonalToken()).not.toBe(newPersonalToken());
    expect(newRefreshToken()).toMatch(/^pmr_[\w-]{43}$/u);
    // echo -n abc | sha256sum
    expect(hashToken('abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
