/**
 * Reads through the API what is there, and writes it down as figures at places.
 *
 * Contents: readBack · readImports
 */
import { Fraction } from '../oracles/fraction.ts';
import type { Write } from './book.ts';
import type { Client } from './client.ts';
import {
  holdingFigures,
  holdingPlace,
  importFigures,
  importPlace,
  openingPlace,
  priceFigures,
  pricePlace,
  tradeFigures,
  tradePlace,
} from './figures.ts';
import type { Household, TradedHolding } from './household.ts';
import type { Observed } from './judge.ts';

type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null };
/** What was found, and sums that do not come out. */
export type Reading = { readonly observed: Observed; readonly problems: readonly string[] };

const PAGE = 200;
const PAGES_MAX = 500;

/** Reads trades, prices and holdings whole, and the constituents of those funds' days that are asked for. */
export const readBack = async (household: Household, imports: readonly Write[]): Promise<Reading> => {
  const found = new Map<string, string[]>();
  const note = (place: string, figures: string): void => {
    found.set(place, [...(found.get(place) ?? []), figures]);
  };
  const problems: string[] = [];
  const traded = new Map(household.holdings.map((holding) => [holding.id, holding]));
  for (const one of await allHoldings(household)) {
    const holding = traded.get(one.id);
    if (holding !== undefined) problems.push(...(await readTrades(household.client, holding, one.qty, note)));
    else {
      note(
        holdingPlace(one.notes ?? one.id),
        holdingFigures({ ...one, instrumentId: one.instrumentId ?? 'no instrument' }),
      );
    }
  }
  for (const id of household.shares) await readPrices(household.client, id, note);
  const days = new Set(imports.map(({ place }) => place));
  for (const place of days) {
    const figures = await readConstituents(household.client, place);
    if (figures !== undefined) note(place, figures);
  }
  const covers = (place: string): boolean => days.has(place) || !place.startsWith('constituents ');
  return { observed: { covers, found }, problems };
};

const allHoldings = async ({ client, portfolioId }: Household) =>
  allPages((query) =>
    client.expect(200, 'GET /api/portfolios/:id/holdings', { params: { id: portfolioId }, query }),
  );

/** Notes the trades of a holding. @returns what is wrong when its quantity is not the sum of its trades */
const readTrades = async (
  client: Client,
  holding: TradedHolding,
  stored: string,
  note: (place: string, figures: string) => void,
): Promise<string[]> => {
  const trades = await allPages((query) =>
    client.expect(200, 'GET /api/holdings/:id/trades', { params: { id: holding.id }, query }),
  );
  let sum = Fraction.of('0');
  for (const trade of trades) {
    const { type, date, qty, quoted, fees, fxRate, notes } = trade;
    const place = type === 'opening' ? openingPlace(holding.id) : tradePlace(notes ?? trade.id);
    const figures = { type, date, qty, price: quoted.price, unit: quoted.unit, fees, fxRate };
    note(place, tradeFigures({ ...figures, holdingId: trade.holdingId }));
    sum = type === 'sell' ? sum.minus(Fraction.of(qty)) : sum.plus(Fraction.of(qty));
  }
  return sum.compare(Fraction.of(stored)) === 0
    ? []
    : [`holding ${holding.id} has ${stored}, its ${trades.length} trades sum to ${sum.toDecimal()}`];
};

const readPrices = async (
  client: Client,
  instrumentId: string,
  note: (place: string, figures: string) => void,
): Promise<void> => {
  const prices = await allPages((query) =>
    client.expect(200, 'GET /api/instruments/:id/prices', { params: { id: instrumentId }, query }),
  );
  for (const { dateTime, quoted } of prices) {
    note(pricePlace(instrumentId, dateTime), priceFigures(quoted.close, quoted.unit));
  }
};

/** The rows of the version that counts for exactly that day; undefined when there is none. */
const readConstituents = async (client: Client, place: string): Promise<string | undefined> => {
  const [, id = '', asOf = ''] = /^constituents of (\S+) on (\S+)$/u.exec(place) ?? [];
  let hasVersion = true;
  const rows = await allPages(async (query) => {
    const answer = await client.expect(200, 'GET /api/instruments/:id/constituents', {
      params: { id },
      query: { ...query, asOf },
    });
    hasVersion = answer.asOf === asOf;
    return hasVersion ? answer : { items: [], nextCursor: null };
  });
  if (!hasVersion || importPlace(id, asOf) !== place) return undefined;
  return importFigures(
    rows.map(({ isin, name, weightPct }) => ({ isin: isin ?? 'no ISIN', name, weightPct })),
  );
};

const allPages = async <T>(
  read: (query: { readonly limit: number; readonly cursor?: string }) => Promise<Page<T>>,
): Promise<readonly T[]> => {
  const items: T[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page: Page<T> = await read({ limit: PAGE, ...(cursor === null ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === null) return items;
  }
  throw new Error(`a list does not end after ${PAGES_MAX} pages`);
};
