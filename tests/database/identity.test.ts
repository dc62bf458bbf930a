/** The doors of identity: what they let in, and that two at once do not slip through together. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';

import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { connect, connectTimes, openFixture, type Fixture } from './fixture.ts';
import { asPerson, outcomeOf, PASSWORD_HASH, register } from './people.ts';

let fixture: Fixture;
let app: Client;
let owner: Client;

beforeAll(async () => {
  fixture = await openFixture();
  ({ app, owner } = fixture);
});

afterAll(async () => {
  await fixture.close();
});

const hash = (): Buffer => createHash('sha256').update(randomBytes(16)).digest();

const registerWith = async (
  client: Client,
  values: { email?: string; demo?: boolean; open?: boolean },
): Promise<string> => {
  const { rows } = await client.query<{ role: string }>(
    'select role from pm.register_user($1, $2, $3, $4, null, null, $5, $6)',
    [
      randomUUID(),
      values.email ?? `${randomUUID()}@example.org`,
      PASSWORD_HASH,
      'N',
      values.demo ?? false,
      values.open ?? true,
    ],
  );
  return rows[0]?.role ?? '';
};

/** Takes everybody out, so that the next person is the first again. */
const empty = async (): Promise<void> => {
  await owner.query('delete from pm.users');
};

describe('registration', () => {
  it('makes one admin when many register first at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      await empty();
      const clients = await connectTimes(fixture.database.appUrl, 6);
      const roles = await Promise.all(clients.map(async (client) => registerWith(client, {})));
      await Promise.all(clients.map(async (client) => client.end()));
      expect(roles.toSorted()).toEqual(['admin', 'member', 'member', 'member', 'member', 'member']);
    }
  });

  it('lets one of two with the same address in, whatever its letter case', async () => {
    const [one, two] = await Promise.all([
      connect(fixture.database.appUrl),
      connect(fixture.database.appUrl),
    ]);
    const email = `Same-${randomUUID()}@Example.org`;
    const results = await Promise.allSettled([
      registerWith(one, { email }),
      registerWith(two, { email: email.toLowerCase() }),
    ]);
    await Promise.all([one.end(), two.end()]);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(refused[0]?.reason).toMatchObject({ code: 'PM409' });
  });

  it('does not count demo people as the first, and opens for the first when it is closed', async () => {
    await empty();
    expect(await registerWith(app, { demo: true })).toBe('member');
    expect(await registerWith(app, { open: false })).toBe('admin');
    await expect(registerWith(app, { open: false })).rejects.toMatchObject({ code: 'PM403' });
    expect(await registerWith(app, {})).toBe('member');
  });

  it('frees the address of a person who left', async () => {
    const email = `${randomUUID()}@example.org`;
    const person = await register(app, email);
    await asPerson(
      app,
      person,
      async (client) => client.query('select pm.request_erasure($1)', [person]),
      'commit',
    );
    expect(await registerWith(app, { email })).toBe('member');
  });

  it.each(['nobody', 'a b@example.org', '@example.org', 'a@', `a@b\n.org`])(
    'refuses the address %j',
    async (email) => {
      await expect(registerWith(app, { email })).rejects.toMatchObject({ code: '23514' });
    },
  );
});

describe('begin_request', () => {
  const begin = async (user: string, session: string | null): Promise<unknown> => {
    await app.query('begin');
    try {
      return (await app.query('select * from pm.begin_request($1, $2)', [user, session])).rows[0];
    } finally {
      await app.query('rollback');
    }
  };
  const startSession = async (
    person: string,
    expires = '1 hour',
  ): Promise<{ session: string; token: Buffer }> => {
    const session = randomUUID();
    const token = hash();
    await app.query(`select pm.start_session($1, $2, $3, now() + $4::interval, 'agent', '127.0.0.1')`, [
      session,
      person,
      token,
      expires,
    ]);
    return { session, token };
  };

  it('lets a person in with a living session of their own, or with none', async () => {
    const person = await register(app);
    const { session } = await startSession(person);
    const expected = { role: 'member', locale: 'en-GB', timezone: 'Europe/London' };
    expect(await begin(person, session)).toEqual(expected);
    expect(await begin(person, null)).toEqual(expected);
  });

  it('refuses a session that is unknown, another’s, expired or revoked, and a person who left', async () => {
    const person = await register(app);
    const other = await register(app);
    const refused = { code: 'PM401' };
    await expect(begin(person, randomUUID())).rejects.toMatchObject(refused);
    await expect(begin(person, (await startSession(other)).session)).rejects.toMatchObject(refused);
    await expect(begin(person, (await startSession(person, '-1 second')).session)).rejects.toMatchObject(
      refused,
    );
    const { session, token } = await startSession(person);
    await app.query('select pm.end_session($1)', [token]);
    await expect(begin(person, session)).rejects.toMatchObject(refused);
    await asPerson(
      app,
      person,
      async (client) => client.query('select pm.request_erasure($1)', [person]),
      'commit',
    );
    await expect(begin(person, null)).rejects.toMatchObject(refused);
    await expect(begin(randomUUID(), null)).rejects.toMatchObject(refused);
  });

  it('leaves nothing to the next transaction of the connection', async () => {
    const person = await register(app);
    await asPerson(
      app,
      person,
      async (client) => expect(await outcomeOf(client, 'select id from pm.users')).toBe(1),
      'commit',
    );
    await asPerson(app, null, async (client) => {
      expect(await outcomeOf(client, 'select id from pm.users')).toBe(0);
      expect(await outcomeOf(client, 'select id from pm.portfolios')).toBe(0);
    });
  });
});

describe('refresh tokens', () => {
  const rotate = async (old: Buffer, next: Buffer): Promise<string> => {
    const { rows } = await app.query<{ outcome: string }>(
      `select outcome from pm.rotate_session($1, $2, now() + interval '1 hour')`,
      [old, next],
    );
    return rows[0]?.outcome ?? '';
  };
  const signIn = async (): Promise<{ person: string; session: string; token: Buffer }> => {
    const person = await register(app);
    const session = randomUUID();
    const token = hash();
    await app.query(`select pm.start_session($1, $2, $3, now() + interval '1 hour', null, null)`, [
      session,
      person,
      token,
    ]);
    return { person, session, token };
  };
  const age = async (token: Buffer, seconds: number): Promise<void> => {
    await owner.query(
      `update pm.session_tokens set superseded_at = superseded_at - make_interval(secs => $2) where token_hash = $1`,
      [token, seconds],
    );
  };
  const isRevoked = async (session: string): Promise<boolean> => {
    const { rows } = await owner.query<{ revoked: boolean }>(
      'select revoked_at is not null as revoked from pm.sessions where id = $1',
      [session],
    );
    return rows[0]?.revoked ?? true;
  };

  it('rotate, again and again', async () => {
    const { token, session } = await signIn();
    const [second, third] = [hash(), hash()];
    expect(await rotate(token, second)).toBe('rotated');
    expect(await rotate(second, third)).toBe('rotated');
    expect(await isRevoked(session)).toBe(false);
  });

  it('bear two tabs: the old token is good for 20 seconds, and both tabs go on', async () => {
    const { token, session } = await signIn();
    const [first, second] = [hash(), hash()];
    expect(await rotate(token, first)).toBe('rotated');
    expect(await rotate(token, second)).toBe('grace');
    await age(token, 19);
    expect(await rotate(token, hash())).toBe('grace');
    // Whichever of them the browser kept.
    expect(await rotate(first, hash())).toBe('rotated');
    expect(await isRevoked(session)).toBe(false);
  });

  it('end the session when an old one turns up later', async () => {
    const { token, session, person } = await signIn();
    const next = hash();
    await rotate(token, next);
    await age(token, 21);
    expect(await rotate(token, hash())).toBe('reused');
    expect(await isRevoked(session)).toBe(true);
    expect(await rotate(next, hash())).toBe('expired');
    await app.query('begin');
    await expect(app.query('select pm.begin_request($1, $2)', [person, session])).rejects.toMatchObject({
      code: 'PM401',
    });
    await app.query('rollback');
  });

  it('end the session when a thief went on from a copy', async () => {
    const { token, session } = await signIn();
    const [thief, owned] = [hash(), hash()];
    await rotate(token, owned);
    expect(await rotate(token, thief)).toBe('grace');
    expect(await rotate(thief, hash())).toBe('rotated');
    await age(owned, 21);
    expect(await rotate(owned, hash())).toBe('reused');
    expect(await isRevoked(session)).toBe(true);
  });

  it('are not accepted when unknown, or when the session expired', async () => {
    expect(await rotate(hash(), hash())).toBe('unknown');
    const { token, session } = await signIn();
    await owner.query(`update pm.sessions set expires_at = now() - interval '1 second' where id = $1`, [
      session,
    ]);
    expect(await rotate(token, hash())).toBe('expired');
  });

  it('rotate once when two requests come in the same moment', async () => {
    const { token, session } = await signIn();
    const clients = await connectTimes(fixture.database.appUrl, 4);
    const outcomes = await Promise.all(
      clients.map(async (client) => {
        const { rows } = await client.query<{ outcome: string }>(
          `select outcome from pm.rotate_session($1, $2, now() + interval '1 hour')`,
          [token, hash()],
        );
        return rows[0]?.outcome ?? '';
      }),
    );
    await Promise.all(clients.map(async (client) => client.end()));
    expect(outcomes.toSorted()).toEqual(['grace', 'grace', 'grace', 'rotated']);
    expect(await isRevoked(session)).toBe(false);
  });
});

describe('tokens and passwords', () => {
  it('a personal access token finds its person until it is revoked or expires', async () => {
    const person = await register(app);
    const token = hash();
    const look = async (): Promise<unknown> =>
      (await app.query('select user_id from pm.token_lookup($1)', [token])).rows[0];
    const id = randomUUID();
    await asPerson(
      app,
      person,
      async (client) =>
        client.query(
          `insert into pm.personal_access_tokens (user_id, id, name, token_hash) values ($1, $2, 'ci', $3)`,
          [person, id, token],
        ),
      'commit',
    );
    expect(await look()).toEqual({ user_id: person });
    await owner.query(
      `update pm.personal_access_tokens set expires_at = now() - interval '1 second' where id = $1`,
      [id],
    );
    expect(await look()).toBeUndefined();
    await owner.query(
      'update pm.personal_access_tokens set expires_at = null, revoked_at = now() where id = $1',
      [id],
    );
    expect(await look()).toBeUndefined();
  });

  it('the hash is handed out for sign-in and to its owner, and to nobody else', async () => {
    const email = `${randomUUID()}@example.org`;
    const person = await register(app, email);
    const other = await register(app);
    expect((await app.query('select * from pm.login_lookup($1)', [email.toUpperCase()])).rows).toEqual([
      { id: person, password_hash: PASSWORD_HASH },
    ]);
    const hashOf = async (asker: string): Promise<unknown> =>
      asPerson(
        app,
        asker,
        async (client) =>
          (await client.query<{ hash: string | null }>('select pm.password_hash_of($1) as hash', [person]))
            .rows[0],
      );
    expect(await hashOf(person)).toEqual({ hash: PASSWORD_HASH });
    expect(await hashOf(other)).toEqual({ hash: null });
    expect(
      await asPerson(app, person, async (client) => outcomeOf(client, 'select password_hash from pm.users')),
    ).toBe('42501');
  });

  it('a change of password ends every other session, and only its owner can make it', async () => {
    const person = await register(app);
    const other = await register(app);
    const kept = randomUUID();
    for (const session of [kept, randomUUID()]) {
      await app.query(`select pm.start_session($1, $2, $3, now() + interval '1 hour', null, null)`, [
        session,
        person,
        hash(),
      ]);
    }
    const next = '$2b$12$'.padEnd(60, 'y');
    await expect(
      asPerson(app, other, async (client) =>
        client.query('select pm.change_password($1, $2, null)', [person, next]),
      ),
    ).rejects.toMatchObject({ code: 'PM401' });
    await asPerson(
      app,
      person,
      async (client) => client.query('select pm.change_password($1, $2, $3)', [person, next, kept]),
      'commit',
    );
    const { rows } = await owner.query(
      'select id from pm.sessions where user_id = $1 and revoked_at is null',
      [person],
    );
    expect(rows).toEqual([{ id: kept }]);
  });
});
