import { describe, expect, it } from 'vitest';

import { createLogger } from './log.ts';

const capture = (act: (log: ReturnType<typeof createLogger>) => void): string => {
  let written = '';
  act(createLogger({ level: 'trace', destination: { write: (line) => void (written += line) } }));
  return written;
};

const LEAK = 'hunter2';

describe('createLogger', () => {
  it('writes one JSON line with time, level and message', () => {
    const line: unknown = JSON.parse(capture((log) => log.info({ userId: 'u1' }, 'Portfolio created')));
    expect(line).toMatchObject({ level: 'info', msg: 'Portfolio created', userId: 'u1' });
    expect(line).toHaveProperty('time', expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u));
  });

  it.each([
    ['a password field', { password: LEAK }],
    [
      'a nested header',
      { req: { headers: { authorization: `Bearer ${LEAK}`, cookie: `pm_access=${LEAK}` } } },
    ],
    [
      'tokens of any name',
      { body: { refreshToken: LEAK, access_token: LEAK, newPassword: LEAK, apiKey: LEAK } },
    ],
    ['a query string', { req: { url: `/api/auth?token=${LEAK}` } }],
    ['a connection address', { at: `postgres://app:${LEAK}@db/pm` }],
    ['settings', { config: { secretKey: LEAK, databaseUrl: `postgres://x:${LEAK}@h/d` } }],
    ['a list', { all: [{ secret: LEAK }] }],
    [
      'an error with a client on it',
      { err: Object.assign(new Error('lost'), { client: { password: LEAK } }) },
    ],
    ['the cause of an error', { err: new Error('x', { cause: new Error(`to postgres://a:${LEAK}@b/c`) }) }],
    [
      'a row quoted by the database',
      { err: Object.assign(new Error('dup'), { detail: `Key (email)=(${LEAK})` }) },
    ],
  ])('keeps %s out', (_what, fields) => {
    const written = capture((log) => log.warn(fields, 'event'));
    expect(written).toContain('"msg":"event"');
    expect(written).not.toContain(LEAK);
  });

  it('masks addresses inside the message and in errors logged alone', () => {
    expect(capture((log) => log.info(`connecting to redis://:${LEAK}@cache:6379`))).not.toContain(LEAK);
    expect(capture((log) => log.error(new Error(`no route to postgres://o:${LEAK}@h/d`)))).not.toContain(
      LEAK,
    );
    expect(capture((log) => log.child({ token: LEAK }).child({ password: LEAK }).info('x'))).not.toContain(
      LEAK,
    );
  });

  it('keeps what is needed to find the fault', () => {
    const error = Object.assign(new Error('duplicate key'), { code: '23505', constraint: 'users_email_key' });
    const line: unknown = JSON.parse(
      capture((log) => log.error({ err: error, at: Temporal.PlainDate.from('2024-02-23') }, 'x')),
    );
    expect(line).toMatchObject({
      at: '2024-02-23',
      err: { type: 'Error', message: 'duplicate key', code: '23505', constraint: 'users_email_key' },
    });
  });
});
