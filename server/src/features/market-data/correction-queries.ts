/** SQL of corrections. Contents: symbolsOf · saveSymbols · correctPrice · ownPrice · correctOwnPrice */
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

/** What providers call a line, as somebody wrote it down. */
export const symbolsOf = async (tx: Tx, listingId: string): Promise<Readonly<Record<string, string>>> => {
  const { rows } = await sql<{ provider_symbols: Readonly<Record<string, string>> }>`
    select provider_symbols from pm.instrument_listings where id = ${listingId}`.execute(tx);
  return rows[0]?.provider_symbols ?? {};
};

/** Keeps the symbols; the line is due at once, and what providers refused under other symbols is forgotten. */
export const saveSymbols = async (
  tx: Tx,
  listingId: string,
  symbols: Readonly<Record<string, string>>,
): Promise<void> => {
  await sql`update pm.instrument_listings set provider_symbols = ${JSON.stringify(symbols)}::jsonb
    where id = ${listingId}`.execute(tx);
  await sql`select pm.forget_fetch(${listingId})`.execute(tx);
};

/** @returns false when there is no such price, or not for this person to change */
export const correctPrice = async (
  tx: Tx,
  of: {
    readonly listingId: string;
    readonly at: Temporal.Instant;
    readonly source: string;
    readonly close: string | null;
    readonly id: string;
  },
): Promise<boolean> => {
  const { rows } = await sql<{ done: boolean }>`
    select pm.correct_price(${of.listingId}, ${of.at}, ${of.source}, ${of.close}::numeric, ${of.id}) as done`.execute(
    tx,
  );
  return rows[0]?.done ?? false;
};

export const ownPrice = async (
  tx: Tx,
  instrumentId: string,
  at: Temporal.Instant,
): Promise<{ readonly currency: string; readonly quote_unit: string } | null> => {
  const { rows } = await sql<{ currency: string; quote_unit: string }>`
    select currency, quote_unit from pm.manual_prices
    where user_id = nullif(current_setting('app.user_id', true), '')::uuid
      and instrument_id = ${instrumentId} and date_time = ${at}`.execute(tx);
  return rows[0] ?? null;
};

/** Replaces the close of the person's own price, or deletes the price. */
export const correctOwnPrice = async (
  tx: Tx,
  instrumentId: string,
  at: Temporal.Instant,
  close: string | null,
): Promise<void> => {
  const own = sql`user_id = nullif(current_setting('app.user_id', true), '')::uuid
    and instrument_id = ${instrumentId} and date_time = ${at}`;
  await (
    close === null
      ? sql`delete from pm.manual_prices where ${own}`
      : sql`update pm.manual_prices set close = ${close}::numeric, open = null, high = null, low = null where ${own}`
  ).execute(tx);
};
