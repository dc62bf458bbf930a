/**
 * Makes the demo household for a person: private instruments with constituents and prices, and two portfolios with
 * trades, all marked as demo. It goes through the same services as what a person enters.
 *
 * Contents: prepareDemo · makeDemo
 */
import { dayIn } from '@pm/domain/calendar';
import { isQuoteUnit, quoteUnit } from '@pm/domain/money';
import { sql } from 'kysely';

import { createInstrument } from '#features/instruments';
import { addHolding, recordTrade } from '#features/ledger';
import { importFile, readFile } from '#features/look-through';
import type { ReadFile } from '#features/look-through';
import { givePrice } from '#features/market-data';
import { createPortfolio } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';
import { conflict } from '#platform/errors.ts';

import { readConstituents, readHousehold } from './household.ts';
import type { Household } from './household.ts';

/** The household with its files read, made before the transaction. */
export type PreparedDemo = { readonly household: Household; readonly files: ReadonlyMap<string, ReadFile> };

/** Who gets the demo, and where their days begin. */
export type DemoOwner = { readonly id: string; readonly role: 'admin' | 'member'; readonly timezone: string };

/** How old the funds' files are said to be. */
const FILE_AGE_DAYS = 20;

export const prepareDemo = async (): Promise<PreparedDemo> => {
  const household = await readHousehold();
  const names = new Set(household.instruments.flatMap((one) => (one.file === undefined ? [] : [one.file])));
  const files = new Map<string, ReadFile>();
  for (const name of names) files.set(name, readFile(await readConstituents(name), { fileName: name }));
  return { household, files };
};

/** Makes the household in the transaction given. @throws {AppError} 409 `demo_exists` when the person has it already */
export const makeDemo = async (tx: Tx, owner: DemoOwner, demo: PreparedDemo, now: Temporal.Instant) => {
  // Asked for twice at once, it is made once.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`pm.demo ${owner.id}`}, 0))`.execute(tx);
  const has = await tx
    .selectFrom('portfolios')
    .select('id')
    .where('user_id', '=', owner.id)
    .where('is_demo', '=', true)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (has) throw conflict('demo_exists', 'Your account has the demo household already.');
  const today = dayIn(now, owner.timezone);
  const ids = await makeInstruments(tx, owner, demo, now);
  const portfolios: { id: string; name: string }[] = [];
  for (const one of demo.household.portfolios) {
    const draft = { name: one.name, settings: { currency: one.currency } };
    const portfolio = await createPortfolio(tx, owner.id, draft, { isDemo: true });
    for (const holding of one.holdings) {
      await makeHolding(tx, { portfolioId: portfolio.id, ids, today }, holding, demo.household);
    }
    portfolios.push({ id: portfolio.id, name: portfolio.name });
  }
  return { portfolios };
};

const makeInstruments = async (
  tx: Tx,
  owner: DemoOwner,
  demo: PreparedDemo,
  now: Temporal.Instant,
): Promise<Map<string, string>> => {
  const ids = new Map<string, string>();
  const before = await demoInstruments(tx, owner.id);
  for (const one of demo.household.instruments) {
    const known = before.find((row) =>
      row.ticker === null ? row.name === one.name : row.ticker === one.ticker,
    );
    const id = known?.id ?? (await makeInstrument(tx, owner, one));
    ids.set(one.key, id);
    await givePrices(tx, owner.id, { id, one }, now);
  }
  const today = dayIn(now, owner.timezone);
  for (const one of demo.household.instruments) {
    const read = one.file === undefined ? undefined : demo.files.get(one.file);
    const fundId = ids.get(one.key);
    if (!read || fundId === undefined) continue;
    const asOf = today.subtract({ days: FILE_AGE_DAYS }).toString();
    await importFile(tx, { fundId, asOf, scope: 'private', fileName: one.file }, read, {
      id: owner.id,
      role: owner.role,
      today,
    });
  }
  return ids;
};

/** Those that an earlier demo left: deleting its portfolios does not take them along. */
const demoInstruments = async (
  tx: Tx,
  ownerId: string,
): Promise<readonly { id: string; name: string; ticker: string | null }[]> => {
  const found = await sql<{ id: string; name: string; ticker: string | null }>`
    select id, name, ticker from pm.instrument_details where owner_user_id = ${ownerId} and is_demo`.execute(
    tx,
  );
  return found.rows;
};

type DemoInstrument = Household['instruments'][number];

const makeInstrument = async (tx: Tx, owner: DemoOwner, one: DemoInstrument): Promise<string> => {
  const { key: _key, file: _file, prices: _prices, ocf, distributionPolicy, ...facts } = one;
  const metadata = {
    ...(ocf !== undefined && { ocf }),
    ...(distributionPolicy !== undefined && { distributionPolicy }),
    demo: true,
  };
  const made = await createInstrument(tx, owner, { ...facts, metadata, scope: 'private' }, { isDemo: true });
  return made.id;
};

const givePrices = async (
  tx: Tx,
  ownerId: string,
  { id, one: { prices = [], quoteUnit: quotedIn } }: { readonly id: string; readonly one: DemoInstrument },
  now: Temporal.Instant,
): Promise<void> => {
  const unit = quotedIn === undefined ? {} : { quoteUnit: quotedIn };
  const latest = now.subtract({ hours: 24 });
  for (const [index, close] of prices.entries()) {
    const daysAgo = (prices.length - 1 - index) * DAYS_A_MONTH;
    const dateTime = latest.subtract({ hours: daysAgo * 24 }).toString();
    await givePrice(tx, ownerId, id, { dateTime, close, ...unit }, now);
  }
};

const DAYS_A_MONTH = 30;

type Place = {
  readonly portfolioId: string;
  readonly ids: ReadonlyMap<string, string>;
  readonly today: Temporal.PlainDate;
};

const makeHolding = async (
  tx: Tx,
  { portfolioId, ids, today }: Place,
  holding: Household['portfolios'][number]['holdings'][number],
  household: Household,
): Promise<void> => {
  const { instrument, section, theme, account, targetPct, qty, trades = [] } = holding;
  const instrumentId = ids.get(instrument);
  const facts = household.instruments.find((one) => one.key === instrument);
  if (instrumentId === undefined || !facts) {
    throw new Error(`The demo household has no instrument ${instrument}.`);
  }
  const { id } = await addHolding(
    tx,
    portfolioId,
    {
      instrumentId,
      section,
      theme,
      account,
      ...(targetPct !== undefined && { targetPct }),
      ...(qty !== undefined && { qty, avgCost: '1' }),
    },
    today,
  );
  for (const [type, monthsAgo, price, amount, fees] of trades) {
    const unit =
      facts.quoteUnit !== undefined && isQuoteUnit(facts.quoteUnit)
        ? { quoteUnit: quoteUnit(facts.quoteUnit).code }
        : {};
    const date = today.subtract({ days: monthsAgo * DAYS_A_MONTH }).toString();
    await recordTrade(tx, id, { type, date, price, qty: amount, fees, ...unit }, today);
  }
};
