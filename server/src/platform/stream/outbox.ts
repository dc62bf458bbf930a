/**
 * SQL of the stream: messages in an order that loses none, and who may go on listening.
 *
 * Contents: Cursor · readPosition · readAfter · reachesBack · proofsThatHold
 */
import { sql } from 'kysely';

import type { Tx } from '../database/index.ts';

/** A place in the order of messages: a transaction and a number within all of them. */
export type Cursor = { readonly transaction: string; readonly seq: string };

/** As clients carry it. */
export const cursorText = ({ transaction, seq }: Cursor): string => `${transaction}.${seq}`;

/** A cursor as {@link cursorText} wrote it; its shape was checked by the contract. */
export const readCursor = (text: string): Cursor => {
  const [transaction = '0', seq = '0'] = text.split('.');
  return { transaction, seq };
};

/** A message as it was published. */
export type OutboxRow = {
  readonly transaction_id: string;
  readonly seq: string;
  readonly topic: string;
  readonly payload: unknown;
};

/** Where the stream stands now: what comes later is after this. */
export const readPosition = async (tx: Tx): Promise<Cursor> => {
  const { rows } = await sql<{ at: string }>`select pm.stream_position()::text as at`.execute(tx);
  return { transaction: rows[0]?.at ?? '0', seq: '0' };
};

/** Up to `limit` messages after a place, in order, of some topics or (null) of all. */
export const readAfter = async (
  tx: Tx,
  after: Cursor,
  topics: readonly string[] | null,
  limit: number,
): Promise<OutboxRow[]> => {
  const { rows } = await sql<OutboxRow>`
    select transaction_id::text, seq::text, topic, payload
    from pm.stream_after(${after.transaction}::xid8, ${after.seq}::bigint, ${topics}::text[], ${limit})`.execute(
    tx,
  );
  return rows;
};

/** Whether every message after a place is still there; false when that cannot be known. */
export const reachesBack = async (tx: Tx, after: Cursor): Promise<boolean> => {
  const { rows } = await sql<{ reaches: boolean }>`
    select pm.stream_reaches(${after.transaction}::xid8, ${after.seq}::bigint) as reaches`.execute(tx);
  return rows[0]?.reaches ?? false;
};

/** By what somebody is signed in. */
export type Proof = {
  readonly userId: string;
  readonly sessionId: string | null;
  readonly tokenId: string | null;
};

/** Which of these still hold, by their places. */
export const proofsThatHold = async (tx: Tx, proofs: readonly Proof[]): Promise<ReadonlySet<number>> => {
  const { rows } = await sql<{ place: number }>`
    select place from pm.proofs_that_hold(${proofs.map((one) => one.userId)}::uuid[],
      ${proofs.map((one) => one.sessionId)}::uuid[], ${proofs.map((one) => one.tokenId)}::uuid[])`.execute(
    tx,
  );
  return new Set(rows.map((row) => row.place - 1));
};
