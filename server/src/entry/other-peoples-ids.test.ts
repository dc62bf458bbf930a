/**
 * Somebody else's id, in every place of every route that takes one: 404, nothing told and nothing changed.
 *
 * The routes and their places are read off the contracts, the requests are the examples of the reference. A new route
 * that takes an id fails here until its example says of which thing (tests/support/examples), and until its own person
 * succeeds with it.
 */
import { randomUUID } from 'node:crypto';

import { routes } from '@pm/contracts';
import type { RouteContract } from '@pm/contracts';
import type { LightMyRequestResponse } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../tests/support/app.ts';
import { fill, placesIn } from '../../../tests/support/examples/fill.ts';
import { examples } from '../../../tests/support/examples/index.ts';
import { CONSTITUENTS, makeWorld } from '../../../tests/support/world.ts';
import type { World } from '../../../tests/support/world.ts';
import type { ApiKey } from '../platform/http/index.ts';

/** Stands in every text of the person whose things must stay hers. */
const MARK = 'Zanzibar';

let app: TestApp;
let anna: TestPerson;
let hers: World;
let worlds = 0;
/** Making a household of everything takes its time on a busy machine. */
const WORLD_MS = 180_000;

const worldOf = async (person: TestPerson, name: string): Promise<World> => {
  worlds += 1;
  const today = Temporal.Now.plainDateISO('Europe/London');
  return makeWorld({ app, person, mark: `${name}${worlds}`, today });
};

beforeAll(async () => {
  app = await createTestApp();
  anna = await app.register();
  hers = await worldOf(anna, MARK);
}, WORLD_MS);
afterAll(async () => app.close());

type Part = 'params' | 'query' | 'body';
const PARTS: readonly Part[] = ['params', 'query', 'body'];
/** Where a request takes an id, and of which of the things of a world. */
type Place = { readonly part: Part; readonly thing: keyof World };
type Request = Readonly<Partial<Record<Part, unknown>>> & { readonly once?: unknown };

/** What an example may say beside the things of a world. */
const NO_THINGS: ReadonlySet<string> = new Set(['email', 'password', 'refreshToken', 'now', 'archive']);

/** Ids that must be among those of one's own thing: hers is refused in the same words as one that nobody has. */
const IN_LISTS: ReadonlySet<string> = new Set(['POST /api/proposals/:id/confirm body holding']);

const requests: Readonly<Record<string, Request>> = examples;

const placesOf = (key: string): Place[] =>
  PARTS.flatMap((part) =>
    placesIn(requests[key]?.[part]).flatMap((name) =>
      name in hers ? [{ part, thing: name as keyof World }] : [],
    ),
  );

/** The fields that the contract takes an id in and the example of the route does not. */
const unshownIds = (key: string, contract: RouteContract): string[] => {
  const schemas = { params: contract.params, query: contract.query, body: contract.body };
  return PARTS.flatMap((part) => {
    const { properties = {} } = (schemas[part] ?? {}) as {
      readonly properties?: Readonly<Record<string, { format?: string; description?: string }>>;
    };
    const given = (requests[key]?.[part] ?? {}) as Readonly<Record<string, unknown>>;
    return Object.entries(properties)
      .filter(([, one]) => one.format === 'uuid' || /\bids?\b/iu.test(one.description ?? ''))
      .filter(([name]) => placesIn(given[name]).length === 0)
      .map(([name]) => `${key} takes an id as ${name}`);
  });
};

/** Sends the example with one's own things, but somebody else's at `stranger`. */
const send = async (
  person: TestPerson,
  key: string,
  own: World,
  stranger?: Place,
  theirs: World = hers,
): Promise<LightMyRequestResponse> => {
  const values = { ...own, now: Temporal.Now.instant().toString() };
  const part = (name: Part): Request => {
    const given = requests[key]?.[name];
    const strange = stranger?.part === name ? { [stranger.thing]: theirs[stranger.thing] } : {};
    return given === undefined ? {} : { [name]: fill(given, { ...values, ...strange }) };
  };
  const call: (key: ApiKey, options: never) => Promise<LightMyRequestResponse> = person.call;
  return call(key as ApiKey, { ...part('params'), ...part('query'), ...part('body') } as never);
};

const sentenceOf = (answer: LightMyRequestResponse): unknown => {
  const { requestId: _id, ...said } = answer.json<Record<string, unknown>>();
  return said;
};

/** Not found; or, within one's own thing, what is said of an id that nobody has. */
const refusalOf = async (person: TestPerson, key: string, own: World, place: Place): Promise<object> => {
  if (!IN_LISTS.has(`${key} ${place.part} ${place.thing}`)) {
    return { status: 404, said: { code: 'not_found' } };
  }
  const nobodys = await send(person, key, own, place, { ...hers, [place.thing]: randomUUID() });
  return { status: 422, said: sentenceOf(nobodys) };
};

const expectNothingOfHers = ({ payload }: LightMyRequestResponse): void =>
  expect(payload.toUpperCase()).not.toContain(MARK.toUpperCase());

/** A fingerprint of every row that is hers. */
const herRows = async (): Promise<string> =>
  app.database.owner.transaction().execute(async (tx) => {
    const tables = await sql<{ name: string; column: string }>`
      select c.relname as name, a.attname as column
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname in ('user_id', 'owner_user_id')
      where c.relnamespace = 'pm'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      order by 1, 2`.execute(tx);
    const prints: string[] = [];
    for (const { name, column } of tables.rows) {
      const { rows } = await sql<{ print: string | null }>`
        select md5(string_agg(t::text, '|' order by t::text)) as print
        from ${sql.table(`pm.${name}`)} t where t.${sql.ref(column)} = ${anna.id}`.execute(tx);
      prints.push(`${name} ${rows[0]?.print ?? 'none'}`);
    }
    return prints.join('\n');
  });

const all = Object.entries(routes) as [string, RouteContract][];
const withIds = all.filter(([key]) =>
  PARTS.some((part) => placesIn(requests[key]?.[part]).some((name) => !NO_THINGS.has(name))),
);
const others = [
  ['a member', async () => app.register()],
  ['an administrator', async () => app.admin],
] as const;

it('finds the routes that take ids', () => {
  expect(withIds.length).toBeGreaterThan(100);
  expect(all.flatMap(([key, contract]) => unshownIds(key, contract))).toEqual([]);
});

describe.each(others)('%s with her ids', (_who, find) => {
  let stranger: TestPerson;
  let own: World;
  beforeAll(async () => {
    stranger = await find();
    own = await worldOf(stranger, 'Own');
  }, WORLD_MS);

  it.each(withIds)('%s', async (key) => {
    const before = await herRows();
    expect(before).toMatch(/^holdings [0-9a-f]{32}$/mu);
    for (const place of placesOf(key)) {
      const answer = await send(stranger, key, own, place);
      const expected = await refusalOf(stranger, key, own, place);
      expect({ place, status: answer.statusCode, said: sentenceOf(answer) }).toMatchObject({
        place,
        ...expected,
      });
      expectNothingOfHers(answer);
    }
    expect(await herRows()).toBe(before);
    // With nothing but one's own it succeeds: the refusals were for her ids and for nothing else.
    const mine = requests[key]?.once === undefined ? own : await worldOf(stranger, 'Gone');
    const { statusCode, payload } = await send(stranger, key, mine);
    expect([statusCode < 300, payload]).toEqual([true, payload]);
  });

  it('finds nothing of hers in any list', async () => {
    const lists = all.filter(
      ([key, contract]) =>
        key.startsWith('GET') && !withIds.some(([one]) => one === key) && contract.auth !== 'none',
    );
    for (const [key] of lists) {
      const answer = await stranger.raw({ method: 'GET', url: `${key.split(' ')[1] ?? ''}?limit=200` });
      const found = await stranger.raw({ method: 'GET', url: `${key.split(' ')[1] ?? ''}?query=${MARK}` });
      expectNothingOfHers(answer);
      expectNothingOfHers(found);
    }
    const preview = await stranger.raw({
      method: 'POST',
      url: `/api/imports/constituents/preview?fileName=${MARK}1.csv`,
      headers: { 'content-type': 'text/csv' },
      payload: CONSTITUENTS,
    });
    expect(preview.statusCode).toBe(200);
    expectNothingOfHers(preview);
  });
});
