/**
 * An issuer's file becomes a version of what a fund holds: read, checked, matched and stored as a whole or not at all.
 *
 * Contents: readFile · checkFile · importFile
 */
import { createHash, randomUUIDv7 } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import type { ImportReport } from '@pm/contracts/look-through';
import { isAfter } from '@pm/domain/calendar';
import { dec, decimalProblem, decimalText } from '@pm/domain/money';
import {
  FormatError,
  issuerKeys,
  joinRows,
  namesAgree,
  planConstituents,
  readConstituentFile,
} from '@pm/domain/look-through';
import type { ConstituentFile, KnownSecurity } from '@pm/domain/look-through';
import type { Static } from 'typebox';

import { readInstrument, settleConstituentsUpdate } from '#features/instruments';
import type { Tx } from '#platform/database/index.ts';
import { AppError, forbidden, unprocessable } from '#platform/errors.ts';

import { IDENTIFIER_SCHEMES, knownSecurities } from './known-securities.ts';
import { refreshSoon } from './refresh.ts';
import { rememberedFor } from './remembered.ts';
import * as store from './store-import.ts';
import type { Owner, Settled } from './store-import.ts';

export type Report = Static<typeof ImportReport>;

/** What a person says about a file when sending it. */
export type ImportRequest = {
  readonly fundId: string;
  readonly asOf?: string | undefined;
  readonly force?: boolean | undefined;
  readonly scope?: 'shared' | 'private' | undefined;
  readonly fileName?: string | undefined;
  readonly contentType?: string | undefined;
};

/** Who imports, and on which day of their calendar. */
export type Importer = {
  readonly id: string;
  readonly role: 'admin' | 'member';
  readonly today: Temporal.PlainDate;
};

/** A file read, with its bytes: what `prepare` makes before the transaction. */
export type ReadFile = { readonly file: ConstituentFile; readonly bytes: Buffer };

/** Published weights of a whole fund sum to this, in per cent; anything else needs `force`. */
const LEAST_SUM = dec('98');
const MOST_SUM = dec('102');

/** Reads a file. @throws {AppError} 422 with the format's own code and words */
export const readFile = (
  bytes: Buffer,
  hint: { fileName?: string | undefined; contentType?: string | undefined },
): ReadFile => {
  try {
    const given = {
      ...(hint.fileName !== undefined && { fileName: hint.fileName }),
      ...(hint.contentType !== undefined && { contentType: hint.contentType }),
    };
    return { file: readConstituentFile(bytes, given), bytes };
  } catch (error) {
    if (error instanceof FormatError) {
      throw new AppError(422, error.code, error.message, { field: error.field ?? 'file' });
    }
    throw error;
  }
};

const dayOf = (
  file: ConstituentFile,
  request: ImportRequest,
  today: Temporal.PlainDate,
): Temporal.PlainDate => {
  const given = request.asOf === undefined ? null : Temporal.PlainDate.from(request.asOf);
  const day = file.asOf ?? given;
  if (day === null) {
    throw unprocessable('as_of_missing', 'The file does not say for which day it is; give asOf.', 'asOf');
  }
  if (given && !given.equals(day)) {
    const detail = `The file is for ${day.toString()}, not for ${given.toString()}; leave asOf out.`;
    throw unprocessable('as_of_conflict', detail, 'asOf');
  }
  if (isAfter(day, today)) {
    throw unprocessable(
      'as_of_in_future',
      `The file is for ${day.toString()}, which is still to come.`,
      'asOf',
    );
  }
  if (day.year < 1970) {
    throw unprocessable(
      'as_of_too_old',
      `${day.toString()} is before any fund published its holdings.`,
      'asOf',
    );
  }
  return day;
};

/** Why a file may not be the whole of what a fund holds; it is then only taken when somebody says so. */
export type Doubt = { readonly code: 'weights_do_not_sum' | 'looks_partial'; readonly words: string };

const DOUBTS: ReadonlySet<string> = new Set<Doubt['code']>(['weights_do_not_sum', 'looks_partial']);

/** What speaks against a file being the whole fund; null when nothing does. */
export const doubtOf = ({ totals, warnings }: ConstituentFile): Doubt | null => {
  const sum = dec(totals.weightSumPct);
  if (sum.lt(LEAST_SUM) || sum.gt(MOST_SUM)) {
    const words = `The weights sum to ${sum.toDecimalPlaces(4).toFixed()} %, not to 98–102 %`;
    return {
      code: 'weights_do_not_sum',
      words: `${words}: this may be a part of the fund only, such as its ten largest.`,
    };
  }
  // Weights that were scaled up to 100 % look whole.
  const partial = warnings.find(({ code }) => code === 'looks_partial');
  return partial === undefined ? null : { code: 'looks_partial', words: partial.message };
};

const checkWhole = (file: ConstituentFile, force: boolean): string[] => {
  const doubt = doubtOf(file);
  if (doubt === null) return [];
  if (force) return [`${doubt.words} It was taken all the same because you said so.`];
  throw unprocessable(
    doubt.code,
    `${doubt.words} Send it with force=true to take it all the same.`,
    'weight',
  );
};

/** Numbers that the database would refuse or round are named by row instead. */
const checkNumbers = (file: ConstituentFile): void => {
  for (const row of file.rows) {
    for (const field of ['weightPct', 'marketValue', 'notional', 'quantity', 'price'] as const) {
      const value = row[field];
      const problem = value === null ? null : decimalProblem(value);
      if (problem !== null) {
        throw unprocessable(
          'invalid_number',
          `Row ${row.rowNumbers[0] ?? '?'}, ${row.name}: ${field} ${problem}.`,
          field,
        );
      }
    }
  }
};

const LOOKED_THROUGH = new Set(['ETF', 'Fund', 'Other']);

const ownerOf = (
  fund: { scope: 'shared' | 'private' },
  request: ImportRequest,
  importer: Importer,
): { owner: Owner; scope: 'shared' | 'private' } => {
  const scope =
    request.scope ?? (fund.scope === 'shared' && importer.role === 'admin' ? 'shared' : 'private');
  if (scope === 'private') return { owner: importer.id, scope };
  if (fund.scope === 'private') {
    throw unprocessable('fund_is_private', 'A private fund’s file cannot be shared with everybody.', 'scope');
  }
  if (importer.role !== 'admin') {
    throw forbidden(
      'shared_needs_admin',
      'Only an administrator can import for everybody; leave scope out to import for yourself.',
    );
  }
  return { owner: null, scope };
};

/** Stores a file that was read. Nothing is written unless all of it is. @throws {AppError} 404, 403, 422 naming the field */
export const importFile = async (
  tx: Tx,
  request: ImportRequest,
  read: ReadFile,
  importer: Importer,
): Promise<Report> => {
  const { file, bytes } = read;
  const fund = await readInstrument(tx, request.fundId);
  if (!LOOKED_THROUGH.has(fund.type)) {
    throw unprocessable(
      'not_a_fund',
      `${fund.name} is a ${fund.type}; only funds have constituents.`,
      'type',
    );
  }
  const { owner, scope } = ownerOf(fund, request, importer);
  const asOf = dayOf(file, request, importer.today);
  checkNumbers(file);
  const forced = checkWhole(file, request.force === true);
  await store.lockScope(tx, owner);
  const checksum = createHash('sha256').update(bytes).digest();
  const before = await store.activeImport(tx, fund.id, owner, asOf);
  if (before && checksum.equals(before.checksum_sha256)) {
    const earlier = before.report as Report;
    return {
      ...earlier,
      warnings: ['This very file was imported before; nothing changed.', ...earlier.warnings],
    };
  }
  const joined = joinRows(file.rows);
  // The file is packed by another thread while PostgreSQL looks.
  const [known, remembered, packed] = await Promise.all([
    knownSecurities(tx, joined.rows, owner),
    rememberedFor(tx, joined.rows, owner),
    pack(bytes, { level: GZIP_LEVEL }),
  ]);
  const plan = planConstituents(file.rows, known, joined, remembered);
  const settled: Settled[] = plan.constituents.map((one) => ({
    ...one,
    childId: one.instrumentId ?? one.pendingId ?? randomUUIDv7(),
  }));
  const report = reportOf({
    id: randomUUIDv7(),
    fund,
    scope,
    asOf,
    file,
    settled,
    supersedes: before?.id ?? null,
  });
  const whole: Report = {
    ...report,
    warnings: [
      ...forced,
      ...new Set(
        [...file.warnings, ...plan.warnings]
          .filter(({ code }) => !DOUBTS.has(code))
          .map((warning) => warning.message),
      ),
    ],
  };
  await write(tx, { request, read, packed, importer, owner, whole, settled, known, checksum });
  await Promise.all([settleConstituentsUpdate(tx, fund.id), refreshSoon(tx, fund.id)]);
  return whole;
};

const pack = promisify(gzip);

/** Numbers that rows give of securities known without one of that kind. */
const learnedFrom = (settled: readonly Settled[], known: readonly KnownSecurity[]): store.Learned[] => {
  const before = new Map(known.map((one) => [one.instrumentId, one]));
  return settled.flatMap(({ row, childId, outcome }) => {
    const security = outcome === 'same' ? before.get(childId) : undefined;
    if (security === undefined) return [];
    return IDENTIFIER_SCHEMES.flatMap((scheme) => {
      const value = row[scheme];
      return value === null || security[scheme] !== null ? [] : [{ id: childId, scheme, value }];
    });
  });
};

/** Names that no known name of a security recognised by its number agrees with. */
const namesFrom = (settled: readonly Settled[], known: readonly KnownSecurity[]): store.LearnedName[] => {
  const before = new Map(known.map((one) => [one.instrumentId, one]));
  return settled.flatMap(({ row, childId, method }) => {
    const isNumber = IDENTIFIER_SCHEMES.some((scheme) => scheme === method);
    const security = isNumber ? before.get(childId) : undefined;
    if (security === undefined || row.name === security.name) return [];
    const names = [security.name, ...security.otherNames];
    return names.some((name) => namesAgree(name, row.name) === 'agree')
      ? []
      : [{ id: childId, name: row.name }];
  });
};

/** More keys than any issuer has; what is beyond is of no use. */
const MAX_ISSUER_KEYS = 20;

/** Numbers of issuers that rows give of known securities; and the name, where no key of that kind is known. */
const issuersFrom = (settled: readonly Settled[], known: readonly KnownSecurity[]): store.LearnedIssuer[] => {
  const before = new Map(known.map((one) => [one.instrumentId, one.issuerKeys ?? []]));
  return settled.flatMap(({ row, childId, outcome }) => {
    const keys = outcome === 'same' && row.kind === 'security' ? before.get(childId) : undefined;
    if (keys === undefined) return [];
    const isNamed = keys.some((key) => key.startsWith('name '));
    const more = issuerKeys(row).filter(
      (key) => !keys.includes(key) && !(isNamed && key.startsWith('name ')),
    );
    if (more.length === 0) return [];
    return [{ id: childId, keys: [...keys, ...more].toSorted().slice(0, MAX_ISSUER_KEYS) }];
  });
};

/** What rows say of securities of which it is not known. Of a fund a row says nothing that holds of what is in it. */
const traitsFrom = (settled: readonly Settled[], known: readonly KnownSecurity[]): store.LearnedTraits[] => {
  const before = new Map(known.map((one) => [one.instrumentId, one]));
  return settled.flatMap(({ row, childId, outcome }) => {
    const security = outcome === 'same' && row.kind === 'security' ? before.get(childId) : undefined;
    if (security === undefined || security.kind !== 'security') return [];
    const traits = {
      sector: security.sector == null ? store.known(row.sector) : null,
      industry: security.industry == null ? (row.industry ?? null) : null,
      country: security.country === null ? store.known(row.country) : null,
    };
    return Object.values(traits).every((trait) => trait === null) ? [] : [{ id: childId, ...traits }];
  });
};

type Reported = {
  readonly id: string;
  readonly fund: { readonly id: string };
  readonly scope: 'shared' | 'private';
  readonly asOf: Temporal.PlainDate;
  readonly file: ConstituentFile;
  readonly settled: readonly Settled[];
  readonly supersedes: string | null;
};

const percent = (text: string): number => dec(text).toDecimalPlaces(10).toNumber();

/** Rows by the way in which they were matched. */
const methodsOf = (settled: readonly Settled[]): Record<string, number> => {
  const methods: Record<string, number> = {};
  for (const { method, row } of settled) methods[method] = (methods[method] ?? 0) + row.rowNumbers.length;
  return methods;
};

const reportOf = (one: Reported): Report => {
  const { file, settled } = one;
  const unsure = settled.filter((row) => row.outcome === 'unsure');
  const rowsOf = (rows: readonly Settled[]): number =>
    rows.reduce((count, { row }) => count + row.rowNumbers.length, 0);
  return {
    importId: one.id,
    status: 'active',
    instrumentId: one.fund.id,
    scope: one.scope,
    format: file.format,
    fundName: file.fundName,
    asOf: one.asOf.toString(),
    rows: file.rows.length,
    weightSumPct: percent(file.totals.weightSumPct),
    cashPct: percent(file.totals.cashPct),
    derivativesPct: percent(file.totals.derivativesPct),
    matched: file.rows.length - rowsOf(unsure),
    created: settled.filter((row) => row.outcome === 'new').length,
    unmatched: rowsOf(unsure),
    methods: methodsOf(settled),
    unsure: unsure.slice(0, MAX_UNSURE_REPORTED).map(({ row, candidates }) => ({
      row: row.rowNumbers[0] ?? 0,
      ticker: row.ticker,
      name: row.name,
      weightPct: decimalText(dec(row.weightPct)),
      candidates: [...candidates],
    })),
    supersedes: one.supersedes,
    warnings: [],
  };
};

/** The report names this many doubtful rows; the others stand in the review list. */
const MAX_UNSURE_REPORTED = 200;

type Writing = {
  readonly request: ImportRequest;
  readonly read: ReadFile;
  readonly packed: Buffer;
  readonly importer: Importer;
  readonly owner: Owner;
  readonly whole: Report;
  readonly settled: readonly Settled[];
  readonly known: readonly KnownSecurity[];
  readonly checksum: Buffer;
};

/** None of the statements needs another's answer: all are on their way while the first ones run. */
const write = async (tx: Tx, one: Writing): Promise<void> => {
  const { whole, owner, settled, known } = one;
  const rows = writeRows(tx, one);
  // Whoever waits for them hears of a failure; meanwhile they go out.
  rows.catch(() => undefined);
  await setImmediate();
  await Promise.all([
    rows,
    store.learnIdentifiers(tx, learnedFrom(settled, known), owner),
    store.learnNames(tx, namesFrom(settled, known), owner),
    store.learnIssuers(tx, issuersFrom(settled, known), owner),
    store.learnTraits(tx, traitsFrom(settled, known), owner),
  ]);
  if (whole.supersedes !== null) await store.nameSuccessor(tx, whole.supersedes, whole.importId);
};

const writeRows = async (tx: Tx, one: Writing): Promise<void> => {
  const { whole, owner, settled, read } = one;
  const fresh = settled.filter((row) => row.outcome !== 'same' && row.pendingId === null);
  const unsure = settled.filter((row) => row.outcome === 'unsure');
  await Promise.all([
    store.insertSecurities(tx, fresh, owner),
    whole.supersedes === null ? null : store.supersede(tx, whole.supersedes),
    store.insertImport(tx, {
      id: whole.importId,
      fundId: whole.instrumentId,
      owner,
      importedBy: one.importer.id,
      asOf: Temporal.PlainDate.from(whole.asOf),
      format: whole.format,
      checksum: one.checksum,
      fileName: one.request.fileName?.slice(0, 255) || null,
      contentType: one.request.contentType?.slice(0, 255) || null,
      file: one.packed,
      encoding: 'gzip',
      sizeBytes: read.bytes.length,
      weightSum: read.file.totals.weightSumPct,
      rowCount: whole.rows,
      matched: whole.matched,
      unmatched: whole.unmatched,
      forced: one.request.force === true,
      report: whole,
    }),
    store.insertConstituents(tx, whole.importId, owner, settled),
    store.insertReviews(tx, whole.importId, owner, unsure),
  ]);
};

/** Issuers' files are text; the quickest level already makes them four times smaller. */
const GZIP_LEVEL = 1;
