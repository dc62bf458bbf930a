/**
 * Brokers' statements: looked at first, recorded as a whole or not at all, and taken back as a whole. A preview records in
 * full and takes it back at once, so that it refuses whatever recording would refuse.
 *
 * Contents: readFile · previewStatement · recordStatement · listStatements · undoStatement · rememberMapping
 */
import { createHash, randomUUIDv7 } from 'node:crypto';

import type {
  StatementImport,
  StatementMapping,
  StatementPreview,
  StatementReport,
} from '@pm/contracts/imports';
import { openStatement, STATEMENT_PRESETS, StatementError } from '@pm/domain/statements';
import type { StatementFile } from '@pm/domain/statements';
import { sql } from 'kysely';
import type { Static } from 'typebox';

import { recordInBulk, takeBackImport } from '#features/ledger';
import { readEditablePortfolio, readPortfolio } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';
import { AppError, isAppError, notFound, unprocessable } from '#platform/errors.ts';
import { DEFAULT_PAGE, pageOf, readCursor } from '#platform/paging.ts';

import {
  findMapping,
  getImport,
  heldNow,
  insertImport,
  listImports,
  saveMapping,
} from './statement-queries.ts';
import type { ImportRow } from './statement-queries.ts';
import { readWork } from './statement-work.ts';
import type { StatementRequest, StatementWork } from './statement-work.ts';

type Mapping = Static<typeof StatementMapping>;
type Problem = Static<typeof StatementPreview>['problems'][number];

/** Problems and rows that an answer lists; the counts tell of the others. */
const LISTED = 200;
const SAMPLES = 3;

/** In whose name, and when. */
export type Recorder = {
  readonly id: string;
  readonly role: 'admin' | 'member';
  readonly today: Temporal.PlainDate;
};

/**
 * Finds the table in a file. No database: meant for a request's `prepare`.
 * @throws {AppError} 422 `not_a_statement`, `too_many_rows`
 */
export const readFile = (bytes: Uint8Array): StatementFile => {
  try {
    return openStatement(bytes);
  } catch (error) {
    if (error instanceof StatementError) throw unprocessable(error.code, `${error.message}.`, 'body');
    throw error;
  }
};

export const signatureOf = (file: StatementFile): string =>
  createHash('sha256').update(file.signature).digest('base64url');

const mappingFor = async (tx: Tx, file: StatementFile): Promise<Mapping | null> =>
  ((await findMapping(tx, signatureOf(file))) as Mapping | undefined) ?? null;

const write = async (tx: Tx, work: StatementWork): Promise<void> =>
  recordInBulk(tx, work.plan.holdings, work.plan.trades);

/** What recording refuses, or what would be held after it. The caller takes back what it wrote. */
const tryOut = async (
  tx: Tx,
  work: StatementWork,
): Promise<{ problem: Problem | null; held: ReadonlyMap<string, string> }> => {
  try {
    await write(tx, work);
  } catch (error) {
    if (!isAppError(error) || error.status >= 500) throw error;
    const problem = { row: null, field: error.field ?? 'body', message: error.detail };
    return { problem, held: new Map<string, string>() };
  }
  const ids = [...new Set(work.plan.trades.map((one) => one.holding.id))];
  return { problem: null, held: await heldNow(tx, ids) };
};

const unknownSecurities = (work: StatementWork): Problem[] =>
  work.securities
    .filter((one) => one.instrument === null)
    .map((one) => ({
      row: one.firstRow,
      field: 'security',
      message: `${one.name ?? one.ticker ?? one.isin ?? one.key} is not known for sure. Choose which instrument it is, or create it.`,
    }));

/** What stands in the way before anything is tried. */
const problemsOf = (work: StatementWork): Problem[] => [
  ...work.reading.problems.filter((one) => !work.leaveOut.has(one.row)),
  ...unknownSecurities(work),
  ...work.plan.problems,
  ...work.targetProblems,
];

const heldAfter = (work: StatementWork, held: ReadonlyMap<string, string>) => {
  const made = new Set(work.plan.holdings.map((one) => one.id));
  return [...work.names].flatMap(([id, { name, cash }]) => {
    const qty = held.get(id);
    return qty === undefined ? [] : [{ name, isNew: made.has(id), qty, cash }];
  });
};

const describeFile = (file: StatementFile, { reading }: StatementWork) => ({
  signature: signatureOf(file),
  preset: reading.preset.id,
  presetTitle: reading.preset.title,
  known: reading.preset.known,
  presets: STATEMENT_PRESETS.map(({ id, title }) => ({ id, title })),
  headers: [...file.headers],
  samples: file.rows.slice(0, SAMPLES).map((row) => row.cells.map((cell) => cell.slice(0, 200))),
  columns: reading.columns,
  dayOrder: reading.conventions.dayOrder,
  currency: reading.conventions.currency,
});

/** What a statement would record, and what stands in its way. @throws {AppError} 404; 422 `read_only`, `unknown_name` */
export const previewStatement = async (
  tx: Tx,
  request: StatementRequest,
  file: StatementFile,
  recorder: Recorder,
): Promise<Static<typeof StatementPreview>> => {
  const mapping = await mappingFor(tx, file);
  await sql`savepoint statement_preview`.execute(tx);
  const work = await readWork(tx, {
    request,
    file,
    mapping: mapping ?? {},
    recorder,
    importId: randomUUIDv7(),
  });
  const before = problemsOf(work);
  const { problem, held } =
    before.length === 0 ? await tryOut(tx, work) : { problem: null, held: new Map<string, string>() };
  await sql`rollback to savepoint statement_preview`.execute(tx);
  const problems = problem === null ? before : [...before, problem];
  return {
    ...describeFile(file, work),
    remembered: mapping !== null,
    rows: file.rows.length,
    counts: work.counts,
    from: work.from?.toString() ?? null,
    to: work.to?.toString() ?? null,
    settle: work.settle,
    duplicates: work.duplicates,
    perhapsTwice: work.perhapsTwice.slice(0, LISTED),
    leftOut: work.leftOut.slice(0, LISTED),
    leftOutCount: work.leftOut.length,
    problems: problems.slice(0, LISTED),
    problemCount: problems.length,
    securities: work.securities.map(({ firstRow: _first, ...shown }) => shown),
    trades: work.plan.trades.length,
    holdings: heldAfter(work, held),
    ready: problems.length === 0 && work.plan.trades.length > 0,
  };
};

const refusal = (problems: readonly Problem[]): AppError => {
  const shown = problems.slice(0, 20).map(({ row, field, message }) => ({
    field: row === null ? field : `row ${row}, ${field}`,
    message,
  }));
  const [first] = shown;
  const more = problems.length > 1 ? ` And ${problems.length - 1} more.` : '';
  return new AppError(422, 'statement_problems', `${first?.field ?? ''}: ${first?.message ?? ''}${more}`, {
    field: 'body',
    errors: shown,
  });
};

/**
 * Records a statement, all of it or nothing; rows that an earlier one recorded are passed over.
 * @throws {AppError} 404; 422 `statement_problems` naming rows and fields, `oversold`, `read_only`
 */
export const recordStatement = async (
  tx: Tx,
  request: StatementRequest,
  file: StatementFile,
  recorder: Recorder,
): Promise<Static<typeof StatementReport>> => {
  const importId = randomUUIDv7();
  const mapping = (await mappingFor(tx, file)) ?? {};
  const work = await readWork(tx, { request, file, mapping, recorder, importId });
  const problems = problemsOf(work);
  if (problems.length > 0) throw refusal(problems);
  await write(tx, work);
  const { plan, reading, target } = work;
  const report = {
    importId,
    portfolioId: request.portfolioId,
    account: request.account,
    preset: reading.preset.id,
    presetTitle: reading.preset.title,
    rows: file.rows.length,
    recorded: plan.trades.filter((one) => one.leg === 'primary').length,
    trades: plan.trades.length,
    duplicates: work.duplicates,
    leftOut: work.leftOut.length,
    newHoldings: plan.holdings.length,
    from: work.from?.toString() ?? null,
    to: work.to?.toString() ?? null,
  };
  if (plan.trades.length > 0) {
    await insertImport(tx, {
      id: importId,
      userId: target.owner,
      portfolioId: request.portfolioId,
      account: request.account,
      preset: reading.preset.id,
      fileName: request.fileName === undefined || request.fileName === '' ? null : request.fileName,
      report,
      madeHoldings: plan.holdings.map((one) => one.id),
    });
  }
  return report;
};

const importAnswer = (row: ImportRow): Static<typeof StatementImport> => ({
  id: row.id,
  portfolioId: row.portfolio_id,
  fileName: row.file_name,
  // Written by us in the shape of the contract.
  report: row.report as Static<typeof StatementReport>,
  state: row.is_recorded ? 'recorded' : 'undone',
  createdAt: row.created_at.toString(),
});

export const listStatements = async (
  tx: Tx,
  query: { limit?: number; cursor?: string; portfolioId?: string },
) => {
  if (query.portfolioId !== undefined) await readPortfolio(tx, query.portfolioId);
  const limit = query.limit ?? DEFAULT_PAGE;
  const rows = await listImports(tx, {
    limit,
    after: readCursor(query.cursor),
    portfolioId: query.portfolioId,
  });
  const page = pageOf(rows, limit);
  return { items: page.items.map(importAnswer), nextCursor: page.nextCursor };
};

/** Takes back all that a statement recorded. @throws {AppError} 404; 422 `read_only`, `oversold` */
export const undoStatement = async (tx: Tx, id: string) => {
  const row = await getImport(tx, id);
  if (!row) throw notFound('import');
  await readEditablePortfolio(tx, row.portfolio_id);
  const title = `Statement${row.file_name === null ? '' : ` ${row.file_name}`}, ${row.account}`;
  const brought = { importId: id, portfolioId: row.portfolio_id, userId: row.user_id, title };
  return takeBackImport(tx, brought, row.made_holdings);
};

/** Remembers how files with these headers are read. */
export const rememberMapping = async (
  tx: Tx,
  userId: string,
  signature: string,
  mapping: Mapping,
): Promise<Mapping> => {
  await saveMapping(tx, userId, signature, mapping);
  return mapping;
};
