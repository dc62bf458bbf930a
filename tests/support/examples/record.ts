/**
 * Sends the example of every route to a running install and writes down what was asked and answered, in words that are
 * the same each time: ids, secrets, addresses and the database's own times are put in their place by fixed ones.
 *
 *   const clock = fixedClock(EXAMPLE_NOW);
 *   const recorded = await recordExamples(await createTestApp({ clock }), clock);
 */
import { routes } from '@pm/contracts';
import type { RouteContract } from '@pm/contracts';
import type { StreamRequest } from '@pm/contracts/stream';
import type { LightMyRequestResponse } from 'fastify';

import type { ApiKey } from '../../../server/src/platform/http/index.ts';
import type {
  ApiExamples,
  RouteExample,
  ShownValue,
} from '../../../server/src/platform/http/openapi-examples.ts';
import type { ProblemJson } from '../../../server/src/platform/http/problem.ts';
import type { FixedClock } from '../../../server/src/platform/clock.ts';
import type { TestApp, TestClient, TestPerson } from '../app.ts';
import { listen } from '../stream.ts';
import { makeWorld } from '../world.ts';
import type { World } from '../world.ts';
import { examples } from './index.ts';
import { fill, placesIn } from './fill.ts';
import { EXAMPLE_NOW, settle, settledValue } from './settle.ts';
import type { Settling } from './settle.ts';

/** What stands in the texts of the world. */
const MARK = 'Alder';
const RATES = Buffer.from('Date,USD,GBP,\n2024-02-29,1.0813,0.8555,\n');

type Asker = {
  readonly client: TestClient;
  readonly values: Readonly<Record<string, string>>;
  readonly archive?: Buffer;
};
type Loose = {
  readonly says: string;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: unknown;
  readonly by?: 'newcomer';
  readonly once?: true | 'alone';
  readonly byDatabaseClock?: true;
  readonly varies?: Readonly<Record<string, unknown>>;
};

const contracts: Readonly<Record<string, RouteContract>> = routes;
const all: Readonly<Record<string, Loose>> = examples;

/** Every example with its answer, in the order of the contracts. @throws when one of them is refused */
export const recordExamples = async (app: TestApp, clock: FixedClock): Promise<ApiExamples> => {
  await app.admin.expect(201, 'POST /api/fx/import', { body: RATES });
  const settling: Settling = { began: Temporal.Now.instant(), meant: Temporal.Instant.from(EXAMPLE_NOW) };
  const askerOf = await askers(app);
  const recorded: Record<string, RouteExample> = {};
  // What reads comes first: it sees the world as it was made, whatever examples are added to those that write.
  for (const key of Object.keys(all).toSorted((a, b) => turnOf(a) - turnOf(b))) {
    const byDatabaseClock = all[key]?.byDatabaseClock === true;
    if (byDatabaseClock) clock.set(Temporal.Now.instant());
    const asker = await askerOf(key);
    if (byDatabaseClock) clock.set(Temporal.Now.instant());
    recorded[key] = await recordOne(key as ApiKey, asker, settling);
    clock.set(EXAMPLE_NOW);
  }
  const inOrder = Object.keys(routes).flatMap((key) =>
    recorded[key] ? [[key, recorded[key]] as const] : [],
  );
  return {
    routes: Object.fromEntries(inOrder),
    problems: await recordProblems(app, settling),
    stream: await recordStream(app, settling),
  };
};

const turnOf = (key: string): number => {
  const { once, by, byDatabaseClock } = all[key] ?? {};
  if (once !== undefined || by !== undefined || byDatabaseClock === true) return 2;
  return key.startsWith('GET') ? 0 : 1;
};

let people = 0;

const anna = async (app: TestApp): Promise<Asker> => {
  people += 1;
  const person = await app.register(`anna.${people}@example.test`);
  await person.expect(200, 'PATCH /api/me', { body: { name: 'Anna Alder' } });
  const world = await makeWorld({ app, person, mark: MARK, today: Temporal.PlainDate.from('2024-03-01') });
  return { client: person, values: valuesOf(person, world) };
};

const valuesOf = (
  { id: me, email, password, refreshToken, token: accessToken }: TestPerson,
  world: Partial<World>,
): Readonly<Record<string, string>> => ({ ...world, me, email, password, refreshToken, accessToken });

/** Says who sends an example: with a world of their own where it changes what others rely on. */
const askers = async (app: TestApp): Promise<(key: string) => Promise<Asker>> => {
  const own = await anna(app);
  const { rawPayload: archive } = await own.client.call('GET /api/me/export');
  let spare = own;
  let spent: readonly string[] = [];
  const signedIn = async (key: string): Promise<Asker> => {
    const { once, byDatabaseClock, says: _says, ...request }: Loose = all[key] ?? { says: '' };
    if (once === 'alone' || byDatabaseClock === true) return anna(app);
    if (once === undefined) return own;
    const places = placesIn(request);
    if (spare === own || places.some((place) => spent.includes(place))) {
      spare = await anna(app);
      spent = [];
    }
    spent = [...spent, ...places];
    return spare;
  };
  return async (key) => {
    const { auth } = contracts[key] ?? {};
    if (auth === 'admin') return { client: app.admin, values: valuesOf(app.admin, {}) };
    if (all[key]?.by === 'newcomer') return { ...(await dora(app)), archive };
    const { client, values } = await signedIn(key);
    return { client: auth === 'none' ? app.anonymous : client, values };
  };
};

/** Somebody whose account is empty. */
const dora = async (app: TestApp): Promise<Asker> => {
  people += 1;
  const person = await app.register(`dora.${people}@example.test`);
  return { client: person, values: valuesOf(person, {}) };
};

const recordOne = async (
  key: ApiKey,
  { client, values, archive }: Asker,
  settling: Settling,
): Promise<RouteExample> => {
  const {
    says,
    by: _by,
    once: _once,
    byDatabaseClock: _clock,
    varies,
    ...request
  }: Loose = all[key] ?? { says: '' };
  const filled = fill(request, { ...values, now: Temporal.Now.instant().toString() });
  const call: (key: ApiKey, options: never) => Promise<LightMyRequestResponse> = client.call;
  const answer = await call(key, (isArchive(request) ? { body: archive } : filled) as never);
  const status = answer.statusCode;
  if (!(status in (contracts[key]?.response ?? {}))) {
    throw new Error(`The example of ${key} was answered ${status}: ${answer.payload}`);
  }
  const { params, query, body } = fill(request, settledValue) as typeof request;
  return {
    says,
    ...(params !== undefined && { params }),
    ...(query !== undefined && { query }),
    ...(body !== undefined &&
      !isArchive(request) && { body: Buffer.isBuffer(body) ? body.toString() : body }),
    status,
    ...(answer.payload !== '' && {
      answer: shownAs(settle(key, answerOf(answer), values, settling), varies),
    }),
  };
};

const isArchive = ({ body }: { readonly body?: unknown }): boolean =>
  Buffer.isBuffer(body) && body.toString() === '{archive}';

const shownAs = (answer: unknown, varies: Readonly<Record<string, unknown>> | undefined): unknown => {
  if (varies === undefined || typeof answer !== 'object') return answer;
  const unknown = Object.keys(varies).filter((name) => !(name in (answer ?? {})));
  if (unknown.length > 0) throw new Error(`The answer has no ${unknown.join(', ')}.`);
  return { ...answer, ...varies };
};

/** JSON, or the text of a file; undefined for a file that is no text. */
const answerOf = (answer: LightMyRequestResponse): unknown => {
  const type = String(answer.headers['content-type']);
  if (type.includes('json')) return answer.json();
  return type.includes('zip') ? undefined : answer.payload;
};

/** What can be refused of any request. */
const recordProblems = async (app: TestApp, settling: Settling): Promise<ApiExamples['problems']> => {
  const { client, values } = await anna(app);
  const { portfolio = '', holding = '', token = '' } = values;
  const problems: Record<string, ShownValue> = {};
  const add = (says: string, problem: ProblemJson): void => {
    problems[problem.code] = { says, value: settle(problem.code, problem, values, settling) };
  };
  const trade = { type: 'buy', date: '2024-02-30', price: '10', qty: '5' } as const;
  add('Not signed in.', await app.anonymous.refused(401, 'GET /api/me'));
  add(
    'Not there, or somebody else’s.',
    await client.refused(404, 'GET /api/portfolios/:id', { params: { id: token } }),
  );
  add(
    'A field is not as it should be.',
    await client.refused(400, 'POST /api/holdings/:id/trades', { params: { id: holding }, body: trade }),
  );
  add(
    'Somebody else was quicker.',
    await client.refused(412, 'PATCH /api/portfolios/:id', {
      params: { id: portfolio },
      body: { name: 'Mine' },
      ifMatch: 99,
    }),
  );
  const plain = await client.raw({ method: 'GET', url: '/api/stream' });
  add('The live stream was asked for like a page.', plain.json());
  return problems;
};

const recordStream = async (app: TestApp, settling: Settling): Promise<ApiExamples['stream']> => {
  const { values } = await anna(app);
  const listener = await listen(
    await app.server.listen({ host: '127.0.0.1', port: 0 }),
    values['accessToken'] ?? '',
  );
  const request = { type: 'follow', instruments: ['{instrument}'] } as const;
  const ready = await listener.next('ready');
  listener.send(fill(request, values) as StreamRequest);
  const following = await listener.next('following');
  listener.close();
  const shown = (value: unknown): unknown => settle('GET /api/stream', value, values, settling);
  return {
    ready: {
      says: 'Once connected, the server says until when the access token lasts:',
      value: shown(ready),
    },
    follow: { says: 'The client follows an instrument:', value: fill(request, settledValue) },
    following: {
      says: 'The server tells its price, and from now on each change of it:',
      value: shown(following),
    },
  };
};
