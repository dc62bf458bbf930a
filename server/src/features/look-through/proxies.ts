/**
 * Funds that are looked through as another one, by somebody's assumption, while their own holdings are not known.
 *
 * Contents: readProxy · setProxy · removeProxy
 */
import { randomUUIDv7 } from 'node:crypto';

import type { FundProxy, FundProxyDraft } from '@pm/contracts/look-through';
import { sql } from 'kysely';
import type { Static } from 'typebox';

import { readInstrument } from '#features/instruments';
import type { Tx } from '#platform/database/index.ts';
import { forbidden, notFound, unprocessable } from '#platform/errors.ts';

import { readComposition } from './composition.ts';
import { FUND_TYPES } from './graph-rows.ts';
import { refreshSoon } from './refresh.ts';

type Answer = Static<typeof FundProxy>;
type Person = { readonly id: string; readonly role: 'admin' | 'member' };

type Row = {
  readonly owner_user_id: string | null;
  readonly proxy_id: string;
  readonly proxy_name: string;
  readonly valid_from: Temporal.PlainDate | null;
  readonly note: string | null;
};

/** The person's own assumption, else the one for everybody. */
const findProxy = async (tx: Tx, fundId: string): Promise<Row | undefined> => {
  const { rows } = await sql<Row>`
    select p.owner_user_id, p.proxy_instrument_id as proxy_id, i.name as proxy_name, p.valid_from, p.note
    from pm.fund_proxies p join pm.instruments i on i.id = p.proxy_instrument_id
    where p.fund_instrument_id = ${fundId}::uuid
    order by p.owner_user_id nulls last limit 1`.execute(tx);
  return rows[0];
};

const answerOf = (fundId: string, row: Row, person: Person): Answer => ({
  instrumentId: fundId,
  proxyInstrumentId: row.proxy_id,
  proxyName: row.proxy_name,
  scope: row.owner_user_id === null ? 'shared' : 'private',
  validFrom: row.valid_from?.toString() ?? null,
  note: row.note,
  mayChange: row.owner_user_id !== null || person.role === 'admin',
});

/** What a fund is looked through as, or null. @throws {AppError} 404 */
export const readProxy = async (
  tx: Tx,
  fundId: string,
  person: Person,
): Promise<{ proxy: Answer | null }> => {
  await readInstrument(tx, fundId);
  const row = await findProxy(tx, fundId);
  return { proxy: row === undefined ? null : answerOf(fundId, row, person) };
};

type Fund = Awaited<ReturnType<typeof readInstrument>>;

const readFund = async (tx: Tx, id: string, field: string): Promise<Fund> => {
  const fund = await readInstrument(tx, id);
  if (FUND_TYPES.has(fund.type)) return fund;
  throw unprocessable('not_a_fund', `${fund.name} is a ${fund.type}; only funds are looked through.`, field);
};

/** NULL is for everybody. @throws {AppError} 403, 422 */
const ownerFor = (
  funds: readonly Fund[],
  scope: 'shared' | 'private' | undefined,
  person: Person,
): string | null => {
  const isShared = funds.every((fund) => fund.scope === 'shared');
  const wanted = scope ?? (isShared && person.role === 'admin' ? 'shared' : 'private');
  if (wanted === 'private') return person.id;
  if (person.role !== 'admin') {
    throw forbidden(
      'shared_needs_admin',
      'Only an administrator can assume something for everybody; leave scope out to assume it for yourself.',
    );
  }
  if (isShared) return null;
  throw unprocessable('fund_is_private', 'A private fund cannot be part of what everybody assumes.', 'scope');
};

/** @throws {AppError} 422 when the one that would stand in leads back to the fund, through assumptions or holdings */
const refuseCircle = async (tx: Tx, fund: Fund, proxy: Fund, today: Temporal.PlainDate): Promise<void> => {
  const { rows } = await sql<{ found: boolean }>`
    with recursive chain as (
      select ${proxy.id}::uuid as id
      union
      select p.proxy_instrument_id from chain c join pm.fund_proxies p on p.fund_instrument_id = c.id
    )
    select exists (select from chain where id = ${fund.id}::uuid) as found`.execute(tx);
  const { funds } = await readComposition(tx, [proxy.id], today);
  const isInside = [...funds.values()].some((one) => one.inside.includes(fund.id));
  if (rows[0]?.found !== true && !isInside) return;
  throw unprocessable(
    'proxy_in_circle',
    `${proxy.name} is itself looked through to ${fund.name}, so it cannot stand in for it.`,
    'proxyInstrumentId',
  );
};

/** Assumes that a fund holds what another one holds. @throws {AppError} 404; 403; 422 naming the field */
export const setProxy = async (
  tx: Tx,
  fundId: string,
  draft: Static<typeof FundProxyDraft>,
  person: Person,
  today: Temporal.PlainDate,
): Promise<Answer> => {
  const fund = await readFund(tx, fundId, 'id');
  const proxy = await readFund(tx, draft.proxyInstrumentId, 'proxyInstrumentId');
  if (fund.id === proxy.id) {
    throw unprocessable('proxy_is_itself', 'A fund cannot stand in for itself.', 'proxyInstrumentId');
  }
  const owner = ownerFor([fund, proxy], draft.scope, person);
  await refuseCircle(tx, fund, proxy, today);
  await sql`
    insert into pm.fund_proxies (id, owner_user_id, fund_instrument_id, proxy_instrument_id, valid_from, note)
    values (${randomUUIDv7()}::uuid, ${owner}::uuid, ${fund.id}::uuid, ${proxy.id}::uuid,
      ${draft.validFrom ?? null}::date, ${draft.note?.trim() || null})
    on conflict on constraint fund_proxies_one do update set proxy_instrument_id = excluded.proxy_instrument_id,
      valid_from = excluded.valid_from, note = excluded.note`.execute(tx);
  await refreshSoon(tx, fund.id);
  const row = await findProxy(tx, fund.id);
  if (row === undefined) throw notFound('assumption');
  return answerOf(fund.id, row, person);
};

/** Takes back the person's own assumption, or as an administrator the one for everybody. @throws {AppError} 404; 403 */
export const removeProxy = async (tx: Tx, fundId: string, person: Person): Promise<void> => {
  await readInstrument(tx, fundId);
  const row = await findProxy(tx, fundId);
  if (row === undefined) throw notFound('assumption');
  if (row.owner_user_id === null && person.role !== 'admin') {
    throw forbidden(
      'shared_needs_admin',
      'This is assumed for everybody, so only an administrator can take it back. Assume something else for yourself.',
    );
  }
  await sql`
    delete from pm.fund_proxies p
    where p.fund_instrument_id = ${fundId}::uuid and p.owner_user_id is not distinct from ${row.owner_user_id}::uuid`.execute(
    tx,
  );
  await refreshSoon(tx, fundId);
};
