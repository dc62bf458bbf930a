/**
 * Rows that may be a known security: shown with their evidence, decided by a person, and taken back.
 *
 * A decision is about the security that was made for the row, so it answers every open question about that one; and it
 * is remembered for later files (see `remembered.ts`).
 * Contents: listReviews · readReview · decideReview · reopenReview
 */
import type { IdentityReview } from '@pm/contracts/look-through';
import { dec, decimalText } from '@pm/domain/money';
import { sql } from 'kysely';
import type { Static } from 'typebox';

import type { Writer } from '#features/instruments';
import type { Tx } from '#platform/database/index.ts';
import { conflict, forbidden, notFound, preconditionFailed, unprocessable } from '#platform/errors.ts';
import { DEFAULT_PAGE, pageOf, readCursor } from '#platform/paging.ts';

import { mergeInstruments, undoMerge } from './merges.ts';
import { mustExist, securityTraits } from './traits.ts';

type Answer = Static<typeof IdentityReview>;

/** What an import noted about a row in doubt. */
type Noted = {
  readonly evidence?: string;
  readonly candidates?: ReadonlyArray<{ readonly instrumentId: string; readonly why: string }>;
};

type Row = {
  readonly id: string;
  readonly owner_user_id: string | null;
  readonly status: Answer['status'];
  readonly import_id: string;
  readonly fund_id: string;
  readonly fund_name: string;
  readonly file_name: string | null;
  readonly as_of: Temporal.PlainDate;
  readonly row_number: number;
  readonly child_instrument_id: string | null;
  readonly evidence: Noted;
  readonly candidates: ReadonlyArray<{ readonly was: string; readonly id: string }>;
  readonly chosen_instrument_id: string | null;
  readonly merge_id: string | null;
  readonly decided_by: string | null;
  readonly decided_at: Temporal.Instant | null;
  readonly created_at: Temporal.Instant;
  readonly version: number;
} & { readonly [K in PublishedColumn]: string | null };

type PublishedColumn =
  | 'name'
  | 'ticker'
  | 'exchange'
  | 'isin'
  | 'cusip'
  | 'sedol'
  | 'country'
  | 'sector'
  | 'currency'
  | 'weight';

/** A candidate that was merged away in the meantime stands for what it was merged into. */
const reviewRows = sql`
  select r.id, r.owner_user_id, r.status, r.import_id, m.parent_instrument_id as fund_id, f.name as fund_name, m.file_name,
    m.as_of, r.row_number, r.child_instrument_id, r.evidence, r.chosen_instrument_id, r.merge_id, r.decided_by, r.decided_at,
    r.created_at, r.version, c.name, c.ticker, c.exchange, c.isin, c.cusip, c.sedol, c.country, c.sector, c.currency, c.weight,
    coalesce((select json_agg(json_build_object('was', i.id, 'id', coalesce(i.merged_into, i.id)) order by n.nth)
      from unnest(r.candidate_instrument_ids) with ordinality n (id, nth) join pm.instruments i on i.id = n.id), '[]') as candidates
  from pm.identity_reviews r
  join pm.constituent_imports m on m.id = r.import_id
  join pm.instruments f on f.id = m.parent_instrument_id
  left join pm.constituents c on c.import_id = r.import_id and c.child_instrument_id = r.child_instrument_id`;

const mayDecide = (row: Row, person: Writer): boolean =>
  row.owner_user_id === person.id || (row.owner_user_id === null && person.role === 'admin');

const candidatesOf = (row: Row, traits: Awaited<ReturnType<typeof securityTraits>>): Answer['candidates'] => {
  const whys = new Map((row.evidence.candidates ?? []).map((one) => [one.instrumentId, one.why]));
  const byId = new Map<string, Answer['candidates'][number]>();
  for (const { was, id } of row.candidates) {
    const known = traits.get(id);
    if (known !== undefined && id !== row.child_instrument_id) {
      byId.set(id, { ...known, why: whys.get(was) ?? '' });
    }
  }
  return [...byId.values()];
};

const answersOf = async (tx: Tx, rows: readonly Row[], person: Writer): Promise<Answer[]> => {
  const traits = await securityTraits(
    tx,
    rows.flatMap((row) => row.candidates.map(({ id }) => id)),
  );
  return rows.map((row) => ({
    id: row.id,
    status: row.status,
    scope: row.owner_user_id === null ? 'shared' : 'private',
    mayDecide: mayDecide(row, person),
    importId: row.import_id,
    fund: { instrumentId: row.fund_id, name: row.fund_name },
    fileName: row.file_name,
    asOf: row.as_of.toString(),
    row: {
      number: row.row_number,
      name: row.name ?? '',
      ticker: row.ticker,
      exchange: row.exchange,
      isin: row.isin,
      cusip: row.cusip,
      sedol: row.sedol,
      country: row.country,
      sector: row.sector,
      currency: row.currency,
      weightPct: decimalText(dec(row.weight ?? '0')),
    },
    evidence: row.evidence.evidence ?? '',
    securityId: row.child_instrument_id,
    candidates: candidatesOf(row, traits),
    chosenInstrumentId: row.chosen_instrument_id,
    mergeId: row.merge_id,
    decidedByYou: row.decided_by === person.id,
    decidedAt: row.decided_at?.toString() ?? null,
    createdAt: row.created_at.toString(),
    version: row.version,
  }));
};

type ListQuery = {
  readonly limit?: number;
  readonly cursor?: string;
  readonly status?: Answer['status'];
  readonly importId?: string;
  /** The fund whose file it is, the security made for the row, or the one chosen. */
  readonly instrumentId?: string;
};

/** Questions that the person may see, the newest first. @throws {AppError} 404 for a filter of nothing; 400 `bad_cursor` */
export const listReviews = async (tx: Tx, person: Writer, query: ListQuery) => {
  if (query.importId !== undefined) await mustExist(tx, 'constituent_imports', query.importId);
  if (query.instrumentId !== undefined) await mustExist(tx, 'instruments', query.instrumentId);
  const limit = query.limit ?? DEFAULT_PAGE;
  const before = readCursor(query.cursor);
  const about = query.instrumentId ?? null;
  const { rows } = await sql<Row>`${reviewRows}
    where (${before}::uuid is null or r.id < ${before}::uuid)
      and (${query.status ?? null}::text is null or r.status = ${query.status ?? null}::text)
      and (${query.importId ?? null}::uuid is null or r.import_id = ${query.importId ?? null}::uuid)
      and (${about}::uuid is null
        or ${about}::uuid in (m.parent_instrument_id, r.child_instrument_id, r.chosen_instrument_id))
    order by r.id desc limit ${limit + 1}`.execute(tx);
  const page = pageOf(rows, limit);
  return { items: await answersOf(tx, page.items, person), nextCursor: page.nextCursor };
};

const findReview = async (tx: Tx, id: string): Promise<Row> => {
  const { rows } = await sql<Row>`${reviewRows} where r.id = ${id}::uuid`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw notFound('review');
  return row;
};

/** One question. @throws {AppError} 404 */
export const readReview = async (tx: Tx, person: Writer, id: string): Promise<Answer> => {
  const [answer] = await answersOf(tx, [await findReview(tx, id)], person);
  if (answer === undefined) throw notFound('review');
  return answer;
};

const changeable = async (tx: Tx, person: Writer, id: string, ifMatch: number | undefined): Promise<Row> => {
  const row = await findReview(tx, id);
  if (!mayDecide(row, person)) {
    throw forbidden(
      'admin_only',
      'This question is about what everybody sees, so only an administrator can decide it.',
    );
  }
  if (ifMatch !== undefined && ifMatch !== row.version) throw preconditionFailed();
  return row;
};

type Decision = {
  readonly decision: 'same' | 'different';
  readonly instrumentId?: string;
  readonly renamed?: boolean;
};

/**
 * Decides a question. `same` merges the security made for the row into the candidate that `instrumentId` names;
 * `different` lets it stand by itself.
 * @throws {AppError} 404; 403 `admin_only`; 412; 409 `already_decided`; 422 `candidate_missing`, `not_a_candidate`;
 *   what `mergeInstruments` throws
 */
export const decideReview = async (
  tx: Tx,
  person: Writer,
  id: string,
  decision: Decision,
  ifMatch?: number,
): Promise<Answer> => {
  const row = await changeable(tx, person, id, ifMatch);
  if (decision.instrumentId !== undefined) await mustExist(tx, 'instruments', decision.instrumentId);
  if (row.status !== 'open') {
    throw conflict('already_decided', 'This question is decided; take that decision back first.');
  }
  if (decision.decision === 'different') await markDifferent(tx, row, person);
  else await mergeInto(tx, row, decision, person);
  return readReview(tx, person, id);
};

const mergeInto = async (tx: Tx, row: Row, decision: Decision, person: Writer): Promise<void> => {
  const { instrumentId } = decision;
  if (instrumentId === undefined) {
    throw unprocessable(
      'candidate_missing',
      'Say which of the candidates it is: give instrumentId.',
      'instrumentId',
    );
  }
  if (row.child_instrument_id === null || !row.candidates.some(({ id }) => id === instrumentId)) {
    throw unprocessable(
      'not_a_candidate',
      'This is none of the candidates. To make it one with any other instrument, merge the two.',
      'instrumentId',
    );
  }
  const request = {
    into: instrumentId,
    ...(decision.renamed !== undefined && { renamed: decision.renamed }),
  };
  await mergeInstruments(tx, person, row.child_instrument_id, request);
};

const sameSecurity = (
  row: Row,
) => sql`r.child_instrument_id is not distinct from ${row.child_instrument_id}::uuid
  and r.owner_user_id is not distinct from ${row.owner_user_id}::uuid`;

const markRows = async (tx: Tx, row: Row, from: string, to: string, confidence: number): Promise<void> => {
  await sql`
    update pm.constituents c set match_method = ${to}, match_confidence = ${confidence}
    from pm.identity_reviews r
    where c.import_id = r.import_id and c.child_instrument_id = r.child_instrument_id and c.match_method = ${from}
      and ${sameSecurity(row)}`.execute(tx);
};

const markDifferent = async (tx: Tx, row: Row, person: Writer): Promise<void> => {
  await sql`
    update pm.identity_reviews r set status = 'different', decided_by = ${person.id}::uuid, decided_at = now()
    where r.status = 'open' and ${sameSecurity(row)}`.execute(tx);
  await markRows(tx, row, 'unsure', 'decision', 1);
};

/**
 * Takes a decision back; the question is open again, and after `same` everything that was merged is as before.
 * @throws {AppError} 404; 403 `admin_only`; 412; 409 `not_decided`; what `undoMerge` throws
 */
export const reopenReview = async (tx: Tx, person: Writer, id: string, ifMatch?: number): Promise<Answer> => {
  const row = await changeable(tx, person, id, ifMatch);
  if (row.status === 'open') throw conflict('not_decided', 'This question is still open.');
  if (row.merge_id === null) {
    await sql`
      update pm.identity_reviews r set status = 'open', decided_by = null, decided_at = null, chosen_instrument_id = null
      where r.status = ${row.status} and r.merge_id is null and ${sameSecurity(row)}`.execute(tx);
    await markRows(tx, row, 'decision', 'unsure', 0);
  } else {
    await undoMerge(tx, person, row.merge_id);
  }
  return readReview(tx, person, id);
};
