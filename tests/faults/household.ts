/**
 * The household that writes: one person, a portfolio with holdings to trade in, shares, funds.
 *
 * Contents: Household · settleIn
 */
import type { Book } from './book.ts';
import type { Client } from './client.ts';
import { createClient, storedRequest } from './client.ts';
import { openingPlace, tradeFigures } from './figures.ts';

/** A holding that trades go to. */
export type TradedHolding = { readonly id: string; readonly instrumentId: string };

export type Household = {
  readonly client: Client;
  readonly portfolioId: string;
  readonly accounts: readonly string[];
  readonly shares: readonly string[];
  readonly funds: readonly string[];
  readonly holdings: readonly TradedHolding[];
};

/** As many as a list takes. */
const ACCOUNTS = 100;
const SHARES = 6;
const FUNDS = 3;
const HOLDINGS = 5;
/** So much that no sale of a run can be more than is held. */
const OPENING_QTY = '1000000';
const OPENING_PRICE = '12.5';
const OPENING_DAY = '2019-12-31';
export const SECTION = 'Core';
export const THEME = 'Shares';

/** Registers the first person of an install, who administers it, and makes what the writers write to. */
export const settleIn = async (address: string, book: Book): Promise<Household> => {
  const signedIn = await createClient(address).expect(201, 'POST /api/auth/register', {
    body: { email: 'writer@example.test', password: 'correct horse battery staple' },
  });
  // A session's token lasts a quarter of an hour, a run may take longer.
  const made = await createClient(address, signedIn.token).expect(201, 'POST /api/me/tokens', {
    body: { name: 'faults' },
  });
  const client = createClient(address, made.token);
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => `Account ${index + 1}`);
  const portfolio = await client.expect(201, 'POST /api/portfolios', {
    idempotencyKey: 'portfolio',
    body: {
      name: 'Written under fire',
      settings: { currency: 'GBP' },
      lists: { sections: [SECTION], themes: [THEME], accounts, themeSections: { [THEME]: SECTION } },
      budgets: { sections: { [SECTION]: { percent: 100 } }, themes: {}, accounts: {} },
    },
  });
  const shares = await makeInstruments(client, 'Stock', SHARES);
  const funds = await makeInstruments(client, 'ETF', FUNDS);
  const holdings: TradedHolding[] = [];
  for (const instrumentId of shares.slice(0, HOLDINGS)) {
    holdings.push(
      await openHolding(client, book, { portfolioId: portfolio.id, instrumentId, account: 'Account 1' }),
    );
  }
  return { client, portfolioId: portfolio.id, accounts: accounts.slice(1), shares, funds, holdings };
};

const makeInstruments = async (client: Client, type: 'Stock' | 'ETF', count: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let index = 1; index <= count; index += 1) {
    const { id } = await client.expect(201, 'POST /api/instruments', {
      idempotencyKey: `${type}-${index}`,
      body: {
        type,
        name: `${type} number ${index}`,
        ticker: `${type.slice(0, 1)}TEST${index}`,
        exchange: 'XLON',
        currency: 'GBP',
        quoteUnit: 'GBX',
      },
    });
    ids.push(id);
  }
  return ids;
};

/** A holding with so much in it that every sale of a run is covered. Its opening trade must stay as it is, too. */
const openHolding = async (
  client: Client,
  book: Book,
  place: { readonly portfolioId: string; readonly instrumentId: string; readonly account: string },
): Promise<TradedHolding> => {
  const { portfolioId, instrumentId, account } = place;
  const options = {
    params: { id: portfolioId },
    idempotencyKey: `opening-${instrumentId}`,
    body: {
      instrumentId,
      section: SECTION,
      theme: THEME,
      account,
      qty: OPENING_QTY,
      avgCost: OPENING_PRICE,
      date: OPENING_DAY,
    },
  };
  const key = 'POST /api/portfolios/:id/holdings';
  const body = await client.expect(201, key, options);
  const figures = tradeFigures({
    holdingId: body.id,
    type: 'opening',
    date: OPENING_DAY,
    qty: OPENING_QTY,
    price: OPENING_PRICE,
    unit: 'GBP',
    fees: '0',
    fxRate: '1',
  });
  const id = options.idempotencyKey;
  const write = book.open({
    id,
    place: openingPlace(body.id),
    figures,
    request: storedRequest(key, options),
  });
  book.close(write, { kind: 'answered', status: 201, replayed: false, body });
  return { id: body.id, instrumentId };
};
