/**
 * SQL of recurring plans and of what they propose.
 *
 * Contents: listPlans · getPlan · lockPlan · insertPlan · updatePlan · replaceParts · deletePlan · lastDue · duePlans ·
 * insertProposals · moveNext · listProposals · getProposal · lockProposal · decideProposal
 */
import { sql } from 'kysely';

import { json } from '#platform/database/index.ts';
import type { Tx } from '#platform/database/index.ts';

/** A part as the database keeps it; one of percent and amount is null. Its holding may have been deleted. */
export type PartRow = {
  readonly holding_id: string;
  readonly name: string;
  readonly account: string;
  readonly percent: string | null;
  readonly amount: string | null;
};

const partsJson = sql<PartRow[]>`coalesce((
  select jsonb_agg(jsonb_build_object('holding_id', h.id, 'name', coalesce(i.name, h.unlinked_name, ''), 'account', h.account,
    'percent', s.percent::text, 'amount', s.amount::text) order by s.position)
  from pm.recurring_plan_parts s
  join pm.holdings h on h.id = s.holding_id
  left join pm.instrument_details i on i.id = h.instrument_id
  where s.plan_id = r.id), '[]')`;

const planRows = (tx: Tx) =>
  tx
    .selectFrom('recurring_plans as r')
    .innerJoin('portfolios as p', 'p.id', 'r.portfolio_id')
    .select([
      'r.id',
      'r.user_id',
      'r.portfolio_id',
      'r.name',
      'r.amount',
      'r.every',
      'r.day',
      'r.starts_on',
      'r.ends_on',
      'r.settle',
      'r.paused',
      'r.next_on',
      'r.version',
      'p.base_currency',
      partsJson.as('parts'),
      sql<number>`(select count(*)::int from pm.plan_proposals o where o.plan_id = r.id and o.status = 'open')`.as(
        'open_count',
      ),
    ])
    .where('p.deleted_at', 'is', null);

export type PlanRow = Awaited<ReturnType<typeof getPlan>> & object;

/** Plans of a portfolio after `after`, one more than `limit` when there are more. */
export const listPlans = (tx: Tx, portfolioId: string, page: { limit: number; after: string | null }) =>
  planRows(tx)
    .where('r.portfolio_id', '=', portfolioId)
    .$if(page.after !== null, (query) => query.where('r.id', '>', page.after))
    .orderBy('r.id')
    .limit(page.limit + 1)
    .execute();

export const getPlan = (tx: Tx, id: string) => planRows(tx).where('r.id', '=', id).executeTakeFirst();

/** Keeps others from changing a plan until the transaction ends. */
export const lockPlan = async (tx: Tx, id: string): Promise<void> => {
  await tx.selectFrom('recurring_plans').select('id').where('id', '=', id).forNoKeyUpdate().execute();
};

/** What of a plan is written. */
export type PlanValues = {
  readonly name: string;
  readonly amount: string;
  readonly every: string;
  readonly day: number;
  readonly starts_on: Temporal.PlainDate;
  readonly ends_on: Temporal.PlainDate | null;
  readonly settle: boolean;
  readonly paused: boolean;
  readonly next_on: Temporal.PlainDate | null;
};

type Place = { readonly id: string; readonly userId: string; readonly portfolioId: string };

export const insertPlan = async (tx: Tx, place: Place, values: PlanValues): Promise<void> => {
  await tx
    .insertInto('recurring_plans')
    .values({ id: place.id, user_id: place.userId, portfolio_id: place.portfolioId, ...values })
    .execute();
};

export const updatePlan = async (tx: Tx, id: string, values: PlanValues): Promise<void> => {
  await tx.updateTable('recurring_plans').set(values).where('id', '=', id).execute();
};

export type PartValues = {
  readonly holdingId: string;
  readonly percent: string | null;
  readonly amount: string | null;
};

/** The parts of a plan, in place of those it had. */
export const replaceParts = async (tx: Tx, place: Place, parts: readonly PartValues[]): Promise<void> => {
  await tx.deleteFrom('recurring_plan_parts').where('plan_id', '=', place.id).execute();
  await tx
    .insertInto('recurring_plan_parts')
    .values(
      parts.map(({ holdingId, percent, amount }, position) => ({
        user_id: place.userId,
        plan_id: place.id,
        portfolio_id: place.portfolioId,
        holding_id: holdingId,
        percent,
        amount,
        position,
      })),
    )
    .execute();
};

export const deletePlan = async (tx: Tx, id: string): Promise<void> => {
  await tx.deleteFrom('recurring_plans').where('id', '=', id).execute();
};

/** The latest day that something was proposed for. */
export const lastDue = async (tx: Tx, planId: string): Promise<Temporal.PlainDate | null> => {
  const row = await tx
    .selectFrom('plan_proposals')
    .select('due_on')
    .where('plan_id', '=', planId)
    .orderBy('due_on', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.due_on ?? null;
};

/** A plan on whose days something may have to be proposed, with its owner's time zone. */
export type DuePlan = {
  readonly id: string;
  readonly user_id: string;
  readonly portfolio_id: string;
  readonly every: string;
  readonly day: number;
  readonly ends_on: Temporal.PlainDate | null;
  readonly next_on: Temporal.PlainDate;
  readonly timezone: string;
};

/** Plans of anybody that are due by a day, after `after`; for the worker. Those that another one works on are left out. */
export const duePlans = async (
  tx: Tx,
  by: Temporal.PlainDate,
  page: { limit: number; after: string | null },
): Promise<DuePlan[]> =>
  (
    await sql<DuePlan>`
      select r.id, r.user_id, r.portfolio_id, r.every, r.day, r.ends_on, r.next_on, u.timezone
      from pm.recurring_plans r
      join pm.portfolios p on p.user_id = r.user_id and p.id = r.portfolio_id and p.deleted_at is null
      join pm.users u on u.id = r.user_id and u.deleted_at is null
      where not r.paused and r.next_on <= ${by.toString()}::date and (${page.after}::uuid is null or r.id > ${page.after}::uuid)
      order by r.id limit ${page.limit} for no key update of r skip locked`.execute(tx)
  ).rows;

export type NewProposal = {
  readonly id: string;
  readonly plan: Pick<DuePlan, 'id' | 'user_id' | 'portfolio_id'>;
  readonly dueOn: Temporal.PlainDate;
  readonly tradeOn: Temporal.PlainDate;
};

/** One for each plan and day; those that are there already stay as they are. */
export const insertProposals = async (tx: Tx, rows: readonly NewProposal[]): Promise<void> => {
  if (rows.length === 0) return;
  await tx
    .insertInto('plan_proposals')
    .values(
      rows.map(({ id, plan, dueOn, tradeOn }) => ({
        id,
        user_id: plan.user_id,
        plan_id: plan.id,
        portfolio_id: plan.portfolio_id,
        due_on: dueOn,
        trade_on: tradeOn,
      })),
    )
    .onConflict((conflict) => conflict.columns(['plan_id', 'due_on']).doNothing())
    .execute();
};

/** Notes the next day of each plan; null where it has ended. */
export const moveNext = async (
  tx: Tx,
  moves: readonly { readonly id: string; readonly nextOn: Temporal.PlainDate | null }[],
): Promise<void> => {
  if (moves.length === 0) return;
  const rows = json(moves.map(({ id, nextOn }) => ({ id, next_on: nextOn?.toString() ?? null })));
  await sql`update pm.recurring_plans r set next_on = m.next_on
    from jsonb_to_recordset(${rows}::jsonb) as m (id uuid, next_on date)
    where r.id = m.id and r.next_on is distinct from m.next_on`.execute(tx);
};

const proposalRows = (tx: Tx) =>
  tx
    .selectFrom('plan_proposals as o')
    .innerJoin('recurring_plans as r', 'r.id', 'o.plan_id')
    .innerJoin('portfolios as p', 'p.id', 'o.portfolio_id')
    .select([
      'o.id',
      'o.plan_id',
      'o.portfolio_id',
      'o.due_on',
      'o.trade_on',
      'o.status',
      'o.trade_ids',
      'o.decided_at',
      'r.name as plan_name',
      'r.amount',
      'r.settle',
      'p.base_currency',
      partsJson.as('parts'),
    ])
    .where('p.deleted_at', 'is', null);

export type ProposalRow = Awaited<ReturnType<typeof getProposal>> & object;

/** Proposals of a portfolio, the oldest day first, after the one with the id `after`. */
export const listProposals = (
  tx: Tx,
  portfolioId: string,
  page: { limit: number; after: string | null; status: string | undefined },
) =>
  proposalRows(tx)
    .where('o.portfolio_id', '=', portfolioId)
    .$if(page.status !== undefined, (query) => query.where('o.status', '=', page.status ?? ''))
    .$if(page.after !== null, (query) =>
      query.where(
        sql<boolean>`(o.due_on, o.id) > (select c.due_on, c.id from pm.plan_proposals c where c.id = ${page.after}::uuid)`,
      ),
    )
    .orderBy('o.due_on')
    .orderBy('o.id')
    .limit(page.limit + 1)
    .execute();

export const getProposal = (tx: Tx, id: string) => proposalRows(tx).where('o.id', '=', id).executeTakeFirst();

/** Keeps others from deciding a proposal until the transaction ends. */
export const lockProposal = async (tx: Tx, id: string): Promise<void> => {
  await tx.selectFrom('plan_proposals').select('id').where('id', '=', id).forNoKeyUpdate().execute();
};

export const decideProposal = async (
  tx: Tx,
  id: string,
  status: 'open' | 'confirmed' | 'skipped',
  tradeIds: readonly string[] = [],
): Promise<void> => {
  await tx
    .updateTable('plan_proposals')
    .set({
      status,
      trade_ids: [...tradeIds],
      decided_at: status === 'open' ? null : sql<Temporal.Instant>`now()`,
    })
    .where('id', '=', id)
    .execute();
};
