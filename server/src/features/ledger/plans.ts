/**
 * Recurring plans: an amount, split over holdings, on a day of the month or of the week. Each of its days proposes trades
 * once; what nobody confirms waits.
 *
 * Contents: listPlans · readPlan · createPlan · changePlan · deletePlan · proposeDue
 */
import { randomUUIDv7 } from 'node:crypto';

import type { Plan, PlanDraft, PlanPatch } from '@pm/contracts/ledger';
import { dayIn, FIRST_LEDGER_DAY, isAfter, isBefore, parseDay } from '@pm/domain/calendar';
import { nextPlannedDay, plannedDays, tradingDay } from '@pm/domain/ledger';
import type { PlanSchedule } from '@pm/domain/ledger';
import { dec, decimalText, HUNDRED, ZERO } from '@pm/domain/money';
import type { Static } from 'typebox';

import { enterPortfolio, lockedPortfolio, readPortfolio } from '#features/portfolios';
import { withWorker } from '#platform/database/index.ts';
import type { Db, Tx } from '#platform/database/index.ts';
import { notFound, preconditionFailed, unprocessable } from '#platform/errors.ts';
import { DEFAULT_PAGE, pageOf, readCursor } from '#platform/paging.ts';

import { plain } from './answers.ts';
import * as queries from './plan-queries.ts';
import type { DuePlan, PartValues, PlanRow, PlanValues } from './plan-queries.ts';
import { getHoldings } from './queries.ts';
import { amountIn } from './trade-input.ts';

/** Days proposed for one plan at once: more have been missed than anybody makes up for. */
const DAYS_AT_ONCE_MAX = 60;
/** How far ahead a plan may begin or end. Years. */
const AHEAD_MAX_YEARS = 100;
/** Plans that the worker looks at in one transaction. */
const BATCH = 500;

export const scheduleOf = (row: { readonly every: string; readonly day: number }): PlanSchedule => ({
  every: row.every === 'week' ? 'week' : 'month',
  day: row.day,
});

export const planAnswer = (row: PlanRow): Static<typeof Plan> => ({
  id: row.id,
  portfolioId: row.portfolio_id,
  name: row.name,
  amount: plain(row.amount),
  currency: row.base_currency,
  every: scheduleOf(row).every,
  day: row.day,
  startsOn: row.starts_on.toString(),
  endsOn: row.ends_on?.toString() ?? null,
  settle: row.settle,
  paused: row.paused,
  account: row.parts[0]?.account ?? '',
  parts: row.parts.map((part) => ({
    holdingId: part.holding_id,
    name: part.name,
    percent: part.percent === null ? null : Number(part.percent),
    amount: part.amount === null ? null : plain(part.amount),
  })),
  nextOn: row.paused ? null : (row.next_on?.toString() ?? null),
  openProposals: row.open_count,
  version: row.version,
});

/** @throws {AppError} 404 */
export const listPlans = async (tx: Tx, portfolioId: string, query: { limit?: number; cursor?: string }) => {
  await readPortfolio(tx, portfolioId);
  await enterPortfolio(tx, portfolioId);
  const limit = query.limit ?? DEFAULT_PAGE;
  const page = pageOf(
    await queries.listPlans(tx, portfolioId, { limit, after: readCursor(query.cursor) }),
    limit,
  );
  return { items: page.items.map(planAnswer), nextCursor: page.nextCursor };
};

const planRow = async (tx: Tx, id: string): Promise<PlanRow> => {
  const seen = await queries.getPlan(tx, id);
  if (!seen) throw notFound('plan');
  await enterPortfolio(tx, seen.portfolio_id);
  return (await queries.getPlan(tx, id)) ?? seen;
};

/** @throws {AppError} 404 */
export const readPlan = async (tx: Tx, id: string): Promise<Static<typeof Plan>> =>
  planAnswer(await planRow(tx, id));

/** A day of a plan, which may lie ahead. @throws {AppError} 422 naming the field */
const planDay = (field: string, text: string, today: Temporal.PlainDate): Temporal.PlainDate => {
  const day = parseDay(text);
  if (day === null) throw unprocessable('invalid_date', `${field} is not a day of the calendar.`, field);
  if (isBefore(day, FIRST_LEDGER_DAY) || isAfter(day, today.add({ years: AHEAD_MAX_YEARS }))) {
    const detail = `${field} must be between ${FIRST_LEDGER_DAY.toString()} and ${AHEAD_MAX_YEARS} years from now.`;
    throw unprocessable('invalid_date', detail, field);
  }
  return day;
};

type Terms = Pick<Static<typeof PlanDraft>, 'name' | 'amount' | 'every' | 'day' | 'startsOn' | 'settle'> & {
  readonly endsOn?: string | undefined;
};

/** @throws {AppError} 422 naming the field */
const readTerms = (draft: Terms, today: Temporal.PlainDate): Omit<PlanValues, 'next_on' | 'paused'> => {
  const name = draft.name.trim();
  if (name === '') throw unprocessable('invalid_name', 'A plan needs a name.', 'name');
  if (draft.every === 'week' && draft.day > 7) {
    throw unprocessable('invalid_day', 'A day of the week is from 1, Monday, to 7, Sunday.', 'day');
  }
  const startsOn = draft.startsOn === undefined ? today : planDay('startsOn', draft.startsOn, today);
  const endsOn = draft.endsOn === undefined ? null : planDay('endsOn', draft.endsOn, today);
  if (endsOn !== null && isBefore(endsOn, startsOn)) {
    throw unprocessable('invalid_date', 'A plan cannot end before it begins.', 'endsOn');
  }
  return {
    name,
    amount: decimalText(amountIn('amount', draft.amount, 'positive')),
    every: draft.every,
    day: draft.day,
    starts_on: startsOn,
    ends_on: endsOn,
    settle: draft.settle ?? false,
  };
};

type Part = Static<typeof PlanDraft>['parts'][number];

const isWhole = (parts: readonly PartValues[], amount: string): boolean => {
  const sum = parts.reduce((total, part) => total.plus(dec(part.amount ?? part.percent ?? '0')), ZERO);
  return sum.equals(parts[0]?.percent === null ? dec(amount) : HUNDRED);
};

const readPart = (part: Part, at: number): PartValues => {
  const field = `parts.${at}`;
  if ((part.percent === undefined) === (part.amount === undefined)) {
    throw unprocessable('invalid_split', 'Give each part a percentage or an amount.', field);
  }
  const { holdingId } = part;
  if (part.amount !== undefined) {
    const amount = decimalText(amountIn(`${field}.amount`, part.amount, 'positive'));
    return { holdingId, percent: null, amount };
  }
  const percent = decimalText(amountIn(`${field}.percent`, String(part.percent), 'positive', 6));
  return { holdingId, percent, amount: null };
};

/** The parts of a plan: holdings of one account of the portfolio that make up the whole. @throws {AppError} 404; 422 */
const readParts = async (
  tx: Tx,
  portfolioId: string,
  given: readonly Part[],
  amount: string,
): Promise<PartValues[]> => {
  const parts = given.map(readPart);
  if (new Set(parts.map((part) => part.holdingId)).size < parts.length) {
    throw unprocessable('invalid_split', 'A holding is named once in a plan.', 'parts');
  }
  const rows = await getHoldings(
    tx,
    parts.map((part) => part.holdingId),
  );
  const own = rows.filter((row) => row.portfolio_id === portfolioId);
  if (own.length < parts.length) throw notFound('holding in this portfolio');
  if (new Set(own.map((row) => row.account)).size > 1) {
    throw unprocessable('several_accounts', 'A plan pays into one account; make one for each.', 'parts');
  }
  const odd = own.find((row) => row.instrument_id === null || row.instrument_type === 'Cash');
  if (odd) {
    const detail = `“${odd.instrument_name ?? odd.unlinked_name ?? ''}” has no price to buy it at; choose an investment.`;
    throw unprocessable('not_bought', detail, 'parts');
  }
  if (new Set(parts.map((part) => part.percent === null)).size > 1 || !isWhole(parts, amount)) {
    const detail = 'The parts make 100 % together, or all are amounts that make the plan’s amount.';
    throw unprocessable('invalid_split', detail, 'parts');
  }
  return parts;
};

/** The first day on or after `from` within the plan's time; null when there is none. */
const nextWithin = (
  schedule: PlanSchedule,
  from: Temporal.PlainDate,
  endsOn: Temporal.PlainDate | null,
): Temporal.PlainDate | null => {
  const next = nextPlannedDay(schedule, from);
  return endsOn !== null && isAfter(next, endsOn) ? null : next;
};

/** Proposes every day that has come, once, and notes the next one. */
const propose = async (
  tx: Tx,
  due: readonly { readonly plan: Omit<DuePlan, 'timezone'>; readonly today: Temporal.PlainDate }[],
): Promise<number> => {
  const all = due.map(({ plan, today }) => {
    const schedule = scheduleOf(plan);
    const until = plan.ends_on !== null && isBefore(plan.ends_on, today) ? plan.ends_on : today;
    const days = plannedDays(schedule, { from: plan.next_on, until, max: DAYS_AT_ONCE_MAX }).filter(
      (day) => !isAfter(tradingDay(day), today),
    );
    const last = days.at(-1);
    const nextOn =
      last === undefined ? plan.next_on : nextWithin(schedule, last.add({ days: 1 }), plan.ends_on);
    return { plan, days, nextOn };
  });
  const rows = all.flatMap(({ plan, days }) =>
    days.map((dueOn) => ({ id: randomUUIDv7(), plan, dueOn, tradeOn: tradingDay(dueOn) })),
  );
  await queries.insertProposals(tx, rows);
  await queries.moveNext(
    tx,
    all.map(({ plan, nextOn }) => ({ id: plan.id, nextOn })),
  );
  return rows.length;
};

const proposeFor = async (tx: Tx, id: string, today: Temporal.PlainDate): Promise<void> => {
  const plan = await queries.getPlan(tx, id);
  if (!plan || plan.paused || plan.next_on === null) return;
  await propose(tx, [{ plan: { ...plan, next_on: plan.next_on }, today }]);
};

/**
 * Makes a plan and proposes what is due already.
 * @throws {AppError} 404 for the portfolio or a holding; 403 `read_only`; 422 naming the field
 */
export const createPlan = async (
  tx: Tx,
  portfolioId: string,
  draft: Static<typeof PlanDraft>,
  today: Temporal.PlainDate,
): Promise<Static<typeof Plan>> => {
  await lockedPortfolio(tx, portfolioId, 'kept');
  const userId = (await enterPortfolio(tx, portfolioId)) ?? '';
  const terms = readTerms(draft, today);
  const parts = await readParts(tx, portfolioId, draft.parts, terms.amount);
  const place = { id: randomUUIDv7(), userId, portfolioId };
  const next_on = nextWithin(scheduleOf(terms), terms.starts_on, terms.ends_on);
  await queries.insertPlan(tx, place, { ...terms, paused: false, next_on });
  await queries.replaceParts(tx, place, parts);
  await proposeFor(tx, place.id, today);
  return readPlan(tx, place.id);
};

const openPlan = async (tx: Tx, id: string, ifMatch: number | undefined): Promise<PlanRow> => {
  const seen = await planRow(tx, id);
  await lockedPortfolio(tx, seen.portfolio_id, 'kept');
  await queries.lockPlan(tx, id);
  const plan = await planRow(tx, id);
  if (ifMatch !== undefined && ifMatch !== plan.version) throw preconditionFailed();
  return plan;
};

const partGiven = (part: PlanRow['parts'][number]): Part => ({
  holdingId: part.holding_id,
  ...(part.percent !== null && { percent: Number(part.percent) }),
  ...(part.amount !== null && { amount: plain(part.amount) }),
});

const latest = (days: readonly Temporal.PlainDate[]): Temporal.PlainDate =>
  days.reduce((last, day) => (isAfter(day, last) ? day : last));

/**
 * Changes a plan. What waits follows it; days that passed while it was paused are not made up for.
 * @throws {AppError} 404; 403 `read_only`; 412; 422 naming the field
 */
export const changePlan = async (
  tx: Tx,
  id: string,
  patch: Static<typeof PlanPatch>,
  ifMatch: number | undefined,
  today: Temporal.PlainDate,
): Promise<Static<typeof Plan>> => {
  const before = await openPlan(tx, id, ifMatch);
  const same = planAnswer(before);
  const endsOn = patch.endsOn === undefined ? same.endsOn : patch.endsOn;
  const { endsOn: _, paused: _paused, parts: _parts, ...changed } = patch;
  const kept = { ...same, ...changed };
  const terms = readTerms({ ...kept, endsOn: endsOn ?? undefined }, today);
  // Pausing a plan must not fail because a holding of it is gone.
  const isSplitAnew = patch.parts !== undefined || patch.amount !== undefined;
  const parts = isSplitAnew
    ? await readParts(tx, before.portfolio_id, patch.parts ?? before.parts.map(partGiven), terms.amount)
    : null;
  const paused = patch.paused ?? before.paused;
  const last = await queries.lastDue(tx, id);
  const from = latest([
    terms.starts_on,
    ...(last === null ? [] : [last.add({ days: 1 })]),
    ...(before.paused && !paused ? [today] : []),
  ]);
  const next_on = nextWithin(scheduleOf(terms), from, terms.ends_on);
  await queries.updatePlan(tx, id, { ...terms, paused, next_on });
  const place = { id, userId: before.user_id, portfolioId: before.portfolio_id };
  if (parts !== null) await queries.replaceParts(tx, place, parts);
  await proposeFor(tx, id, today);
  return readPlan(tx, id);
};

/** Deletes a plan with its proposals; recorded trades stay. @throws {AppError} 404; 403 `read_only`; 412 */
export const deletePlan = async (tx: Tx, id: string, ifMatch: number | undefined): Promise<void> => {
  await openPlan(tx, id, ifMatch);
  await queries.deletePlan(tx, id);
};

/** One batch of the worker's: how much was proposed, and where the next one begins; null when this was the last. */
const proposeBatch = async (
  tx: Tx,
  now: Temporal.Instant,
  after: string | null,
): Promise<{ readonly proposed: number; readonly next: string | null }> => {
  // Somewhere on earth it is tomorrow already.
  const by = dayIn(now, 'UTC').add({ days: 1 });
  const plans = await queries.duePlans(tx, by, { limit: BATCH, after });
  const due = plans.map((plan) => ({ plan, today: dayIn(now, plan.timezone) }));
  const proposed = await propose(tx, due);
  return { proposed, next: plans.length < BATCH ? null : (plans.at(-1)?.id ?? null) };
};

/** Proposes what is due for everybody, each by their own calendar. Running it again proposes nothing twice. */
export const proposeDue = async (
  worker: Db,
  now: Temporal.Instant,
  after: string | null = null,
): Promise<{ proposed: number }> => {
  const { proposed, next } = await withWorker(worker, async (tx) => proposeBatch(tx, now, after));
  if (next === null) return { proposed };
  return { proposed: proposed + (await proposeDue(worker, now, next)).proposed };
};
