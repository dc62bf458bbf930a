/**
 * Who lives with the soak: three people who hold and watch lines of the invented market, in pounds, dollars and euros.
 *
 * Contents: Person · settleHousehold
 */
import { createClient } from '../faults/client.ts';
import type { Client } from '../faults/client.ts';
import { LINES } from './market.ts';
import type { MarketLine } from './market.ts';

export type Person = {
  readonly name: string;
  readonly client: Client;
  /** A token that does not end. */
  readonly token: string;
  readonly password: string;
  readonly email: string;
  readonly portfolioId: string;
  readonly currency: 'GBP' | 'USD' | 'EUR';
};

export type Household = {
  readonly people: readonly Person[];
  /** Lines by the id of their instrument. */
  readonly lines: ReadonlyMap<string, MarketLine>;
};

const PEOPLE = [
  { name: 'anna', currency: 'GBP' },
  { name: 'ben', currency: 'USD' },
  { name: 'chloe', currency: 'EUR' },
] as const;
const PASSWORD = 'correct horse battery staple';
/** Of the last lines nothing is held; they are watched. */
const WATCHED = 2;

/** Registers everybody, makes the instruments, and fills the portfolios, through the API. */
export const settleHousehold = async (address: string): Promise<Household> => {
  const people: Person[] = [];
  for (const { name, currency } of PEOPLE) people.push(await register(address, name, currency));
  const [admin] = people;
  if (admin === undefined) throw new Error('nobody lives here');
  const lines = new Map<string, MarketLine>();
  for (const line of LINES) lines.set(await makeInstrument(admin.client, line), line);
  const ids = [...lines.keys()];
  for (const [index, person] of people.entries()) {
    // Everybody holds two lines in three, so that most have several holders, and the unknown one.
    const held = ids.slice(0, -WATCHED).filter((_id, at) => at % PEOPLE.length !== index);
    for (const [at, id] of [...new Set([...held, ids.at(-1) ?? ''])].entries()) {
      await person.client.expect(201, 'POST /api/portfolios/:id/holdings', {
        params: { id: person.portfolioId },
        idempotencyKey: `${person.name}-${id}`,
        body: {
          instrumentId: id,
          section: 'Core',
          theme: 'Shares',
          account: 'Account 1',
          qty: String(10 + at * 3),
          avgCost: '1',
          date: '2019-12-31',
        },
      });
    }
  }
  const watched = ids.at(-WATCHED) ?? '';
  await admin.client.expect(201, 'POST /api/watchlist', {
    idempotencyKey: 'watch',
    body: { instrumentId: watched },
  });
  return { people, lines };
};

const register = async (address: string, name: string, currency: Person['currency']): Promise<Person> => {
  const email = `${name}@example.test`;
  const signedIn = await createClient(address).expect(201, 'POST /api/auth/register', {
    body: { email, password: PASSWORD },
  });
  const { token } = await createClient(address, signedIn.token).expect(201, 'POST /api/me/tokens', {
    body: { name: 'soak' },
  });
  const client = createClient(address, token);
  const portfolio = await client.expect(201, 'POST /api/portfolios', {
    idempotencyKey: `portfolio-${name}`,
    body: {
      name: `Holdings of ${name}`,
      settings: { currency, livePriceUpdateInterval: 1 },
      lists: {
        sections: ['Core'],
        themes: ['Shares'],
        accounts: ['Account 1'],
        themeSections: { Shares: 'Core' },
      },
      budgets: { sections: { Core: { percent: 100 } }, themes: {}, accounts: {} },
    },
  });
  return { name, client, token, password: PASSWORD, email, portfolioId: portfolio.id, currency };
};

const makeInstrument = async (client: Client, line: MarketLine): Promise<string> => {
  const { id } = await client.expect(201, 'POST /api/instruments', {
    idempotencyKey: `instrument-${line.ticker}`,
    body: {
      type: 'Stock',
      name: `${line.ticker} invented company`,
      ticker: line.ticker,
      exchange: line.exchange,
      currency: line.currency,
      quoteUnit: line.unit,
    },
  });
  return id;
};
