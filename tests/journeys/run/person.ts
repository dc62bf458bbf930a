/**
 * People of the stories, and what they have before a story begins, made through the API as a script would.
 *
 * Contents: newPerson · send · signUp · forgetPerson · asAdministrator · rememberAdministrator · addDemo · addQuietFund
 */
import type { Api } from '@pm/contracts';
import type { Static, TSchema } from 'typebox';

import type { Product } from './product.ts';
import type { Stage } from './stage.ts';

export type Person = { readonly email: string; readonly password: string; readonly name: string };

type Key = keyof Api;
type Good<R> = R extends { readonly 200: infer S extends TSchema }
  ? Static<S>
  : R extends { readonly 201: infer S extends TSchema }
    ? Static<S>
    : undefined;

let people = 0;

/** Somebody whom the product does not know yet. */
export const newPerson = (name = 'Ann Example'): Person => {
  people += 1;
  return { email: `person-${people}@example.org`, password: 'three quiet rivers', name };
};

type Parts = {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** Sends a request as the person of this stage. @throws {Error} when it is refused */
export const send = async <K extends Key>(
  stage: Stage,
  key: K,
  parts: Parts = {},
): Promise<Good<Api[K]['response']>> => {
  const [method = '', path = ''] = key.split(' ');
  const filled = path.replaceAll(/:(\w+)/gu, (_, name: string) => parts.params?.[name] ?? '');
  const query = new URLSearchParams(parts.query).toString();
  const answer = await stage.page.request.fetch(query === '' ? filled : `${filled}?${query}`, {
    method,
    headers: { origin: stage.product.url },
    ...(parts.body === undefined ? {} : { data: parts.body }),
  });
  if (!answer.ok()) throw new Error(`${key} was answered ${answer.status()}: ${await answer.text()}`);
  // What the server answers is what its contract says, by test.
  return (await answer.json()) as Good<Api[K]['response']>;
};

/** Nobody is signed in any more. The page is left first: what it still asks for would be refused. */
export const forgetPerson = async ({ page, context }: Stage): Promise<void> => {
  await page.goto('about:blank');
  await context.clearCookies();
};

/** Registers somebody, who is then signed in on this stage. */
export const signUp = async (stage: Stage, person: Person = newPerson()): Promise<Person> => {
  await send(stage, 'POST /api/auth/register', { body: person });
  return person;
};

/** Who registered first on each product, and so administers it. */
const administrators = new WeakMap<Product, Person>();

export const rememberAdministrator = (product: Product, person: Person): void => {
  if (!administrators.has(product)) administrators.set(product, person);
};

/** Signs this stage in as the person who administers the install; the first to need them makes them. */
export const asAdministrator = async (stage: Stage): Promise<Person> => {
  const known = administrators.get(stage.product);
  if (known !== undefined) {
    await send(stage, 'POST /api/auth/login', { body: { email: known.email, password: known.password } });
    return known;
  }
  const person = await signUp(stage);
  rememberAdministrator(stage.product, person);
  return person;
};

export type Household = {
  /** In pounds; the second one is in euros. */
  readonly portfolioId: string;
  readonly eurosId: string;
  readonly holdingId: string;
  readonly instrumentId: string;
};

/** Adds the demo household to whoever is signed in. */
export const addDemo = async (stage: Stage): Promise<Household> => {
  const { portfolios } = await send(stage, 'POST /api/demo', { body: {} });
  const [pounds, euros] = portfolios;
  if (pounds === undefined || euros === undefined) throw new Error('The demo household has two portfolios');
  const { items } = await send(stage, 'GET /api/portfolios/:id/holdings', { params: { id: pounds.id } });
  const fund = items.find((one) => one.instrument?.ticker === 'DWLD');
  if (fund?.instrumentId == null) throw new Error('The demo household holds a world fund');
  return {
    portfolioId: pounds.id,
    eurosId: euros.id,
    holdingId: fund.id,
    instrumentId: fund.instrumentId,
  };
};

/** A portfolio of one fund: ten units at £3 in a SIPP. */
export const addQuietFund = async (stage: Stage, name: string): Promise<string> => {
  const { id: instrumentId } = await send(stage, 'POST /api/instruments', {
    body: { type: 'ETF', name: 'Quiet Fund', ticker: 'QUIET', currency: 'GBP', scope: 'private' },
  });
  const dateTime = new Date(Date.now() - 3_600_000).toISOString();
  await send(stage, 'POST /api/instruments/:id/prices', {
    params: { id: instrumentId },
    body: { dateTime, close: '3', currency: 'GBP' },
  });
  const { id } = await send(stage, 'POST /api/portfolios', { body: { name } });
  await send(stage, 'POST /api/portfolios/:id/holdings', {
    params: { id },
    body: { instrumentId, section: 'Core', theme: 'Global Equity', account: 'SIPP', qty: '10', avgCost: '2' },
  });
  return id;
};
