/**
 * Instruments: found, read, made with their primary line, corrected; and their lines.
 *
 * An instrument is shared (written by administrators, seen by everybody) or private to one person, who sees it first.
 * Contents: listInstruments · readInstrument · readSurvivor · describeInstruments · createInstrument · changeInstrument ·
 * settleConstituentsUpdate · listListings · addListing
 */
import { randomUUIDv7 } from 'node:crypto';

import type { InstrumentDraft, InstrumentPatch } from '@pm/contracts/instruments';
import { issuerKeys } from '@pm/domain/look-through';
import type { Static } from 'typebox';

import type { Tx } from '#platform/database/index.ts';
import {
  AppError,
  conflict,
  forbidden,
  invalidFields,
  notFound,
  preconditionFailed,
  unprocessable,
} from '#platform/errors.ts';
import type { FieldError } from '#platform/errors.ts';
import { DEFAULT_PAGE, pageOf, readCursor } from '#platform/paging.ts';

import { factsOf, instrumentAnswer, listingAnswer } from './answers.ts';
import type { InstrumentAnswer, InstrumentFacts, ListingAnswer } from './answers.ts';
import { checkIsin, checkLine, cleanName, splitMetadata } from './checks.ts';
import type { LineDraft, Metadata } from './checks.ts';
import * as queries from './queries.ts';
import type { InstrumentRow, IsinHolder } from './queries.ts';
import { placeText, readPlace, readTerms } from './search-terms.ts';

/** Who writes. */
export type Writer = { readonly id: string; readonly role: 'admin' | 'member' };

/** More lines than any security has; a limit because every answer carries them. */
export const MAX_LISTINGS = 200;

type ListQuery = {
  readonly limit?: number;
  readonly cursor?: string;
  readonly query?: string;
  readonly type?: string;
  readonly withConstituents?: boolean;
};

/**
 * Searches: an ISIN, a ticker (also with a suffix such as VUSA.L), or words of the name. Without a query all that may
 * be seen, by name. One's own instruments stand before shared ones of the same rank.
 */
export const listInstruments = async (tx: Tx, query: ListQuery) => {
  const limit = query.limit ?? DEFAULT_PAGE;
  const page = { limit, place: readPlace(query.cursor) };
  const filter = { type: query.type, withConstituents: query.withConstituents ?? false };
  const terms = readTerms(query.query ?? '');
  const found =
    terms === null
      ? await queries.browseInstruments(tx, filter, page)
      : await queries.searchInstruments(tx, terms, filter, page);
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: await readInstruments(
      tx,
      shown.map((row) => row.id),
    ),
    nextCursor:
      found.length > limit && last !== undefined
        ? placeText({ rank: last.rank, isShared: last.is_shared, nameKey: last.name_key, id: last.id })
        : null,
  };
};

/** The instruments in the order of the ids; those that the person may not see are left out. */
const readInstruments = async (tx: Tx, ids: readonly string[]): Promise<InstrumentAnswer[]> => {
  if (ids.length === 0) return [];
  // Sent together, they take one round trip.
  const [found, lines, days] = await Promise.all([
    queries.getInstruments(tx, ids),
    queries.getListings(tx, ids),
    queries.getConstituentDays(tx, ids),
  ]);
  const rows = new Map(found.map((row) => [row.id, row]));
  const listings = Map.groupBy(lines, (listing) => listing.instrument_id);
  return ids.flatMap((id) => {
    const row = rows.get(id);
    return row === undefined ? [] : [instrumentAnswer(row, listings.get(id) ?? [], days.get(id))];
  });
};

/**
 * One instrument. @throws {AppError} 404 `not_found` when there is none that the person may see; 404 `merged` when it was
 * found to be another one, which is named
 */
export const readInstrument = async (tx: Tx, id: string): Promise<InstrumentAnswer> => {
  const [instrument] = await readInstruments(tx, [id]);
  if (instrument !== undefined) return instrument;
  const survivor = await queries.survivorOf(tx, id);
  if (survivor === null) throw notFound('instrument');
  const detail = `This instrument was found to be “${survivor.name}” (id ${survivor.id}). Use that one.`;
  throw new AppError(404, 'merged', detail);
};

/** The same; of an instrument that was merged into another one, that other one, whose id is then not the one asked for. */
export const readSurvivor = async (tx: Tx, id: string): Promise<InstrumentAnswer> =>
  readInstrument(tx, (await queries.survivorOf(tx, id))?.id ?? id);

/** What is known of each instrument, in one statement. Ids of none that the person may see are left out. */
export const describeInstruments = async (
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, InstrumentFacts>> => {
  if (ids.length === 0) return new Map();
  const rows = await queries.getInstruments(tx, [...new Set(ids)]);
  return new Map(rows.map((row) => [row.id, factsOf(row)]));
};

const findRow = async (tx: Tx, id: string): Promise<InstrumentRow> => {
  const [row] = await queries.getInstruments(tx, [id]);
  if (row === undefined) throw notFound('instrument');
  return row;
};

/** Whose the new instrument is: null for shared. @throws {AppError} 403 when a member asks for a shared one */
const ownerOf = (writer: Writer, scope: 'shared' | 'private' | undefined): string | null => {
  if (writer.role === 'admin') return scope === 'private' ? writer.id : null;
  if (scope === 'shared') {
    const detail = 'Only an administrator can add what everybody sees. Leave scope out, or make it private.';
    throw new AppError(403, 'admin_only', detail, { field: 'scope' });
  }
  return writer.id;
};

/** A twin in the same scope, named so that the person can use it instead. */
const taken = (
  code: string,
  what: string,
  holder: IsinHolder,
  ownerUserId: string | null,
  field: string,
): AppError => {
  const scope = ownerUserId === null ? 'shared' : 'private';
  const detail = `${what} already belongs to the ${scope} instrument “${holder.name}” (id ${holder.id}). Use that one, or correct it.`;
  return conflict(code, detail, field);
};

/**
 * Makes an instrument with its primary line.
 * @throws {AppError} 400 `invalid_fields` naming each field; 403 `admin_only`; 409 `isin_taken` or `ticker_taken`
 */
export const createInstrument = async (
  tx: Tx,
  writer: Writer,
  draft: Static<typeof InstrumentDraft>,
  options: { readonly isDemo?: boolean } = {},
): Promise<InstrumentAnswer> => {
  const errors: FieldError[] = [];
  const name = cleanName(draft.name, errors);
  if (draft.isin !== undefined) checkIsin(draft.isin, errors);
  const line = checkLine(draft, errors);
  if (errors.length > 0) throw invalidFields(errors);
  const ownerUserId = ownerOf(writer, draft.scope);
  const id = randomUUIDv7();
  const stored = splitMetadata(draft.metadata ?? {});
  await queries.insertInstrument(tx, {
    id,
    ownerUserId,
    type: draft.type,
    name,
    currency: line.currency,
    isDemo: options.isDemo ?? false,
    ...stored,
    issuerKeys: issuerKeysOf({ type: draft.type, name, country: stored.country, isin: draft.isin ?? null }),
  });
  if (draft.isin !== undefined) await giveIsin(tx, id, ownerUserId, draft.isin);
  await insertLine(tx, { ...line, id: randomUUIDv7(), instrumentId: id, ownerUserId, isPrimary: true });
  return readInstrument(tx, id);
};

/** Types of what no company issues, or of what is no company's security. */
const WITHOUT_ISSUER = new Set(['ETF', 'Fund', 'Cash', 'Crypto', 'Derivative', 'Property', 'Commodity']);

/** What speaks for its issuer now; a legal entity that a file named before stays. */
const issuerKeysOf = (
  now: { type: string; name: string; country: string | null; isin: string | null },
  before?: InstrumentRow,
): readonly string[] => {
  if (WITHOUT_ISSUER.has(now.type)) return [];
  const entities = (before?.issuer_keys ?? []).filter((key) => key.startsWith('lei '));
  return [...entities, ...issuerKeys(now)];
};

const giveIsin = async (
  tx: Tx,
  instrumentId: string,
  ownerUserId: string | null,
  isin: string,
): Promise<void> => {
  const holder = await queries.insertIsin(tx, { instrumentId, ownerUserId, isin });
  if (holder !== null) throw taken('isin_taken', `ISIN ${isin}`, holder, ownerUserId, 'isin');
};

const insertLine = async (tx: Tx, line: queries.NewListing): Promise<void> => {
  const holder = await queries.insertListing(tx, line);
  if (holder === null) return;
  throw taken('ticker_taken', `${line.ticker} on ${line.mic}`, holder, line.ownerUserId, 'ticker');
};

/**
 * Corrects an instrument. What is not named stays; metadata that is named is replaced as a whole, and an ISIN that is
 * replaced is forgotten.
 * @throws {AppError} 404; 403 `admin_only` for a shared one; 412 when `ifMatch` is not the current version;
 *   400 naming each field; 409 `isin_taken`
 */
export const changeInstrument = async (
  tx: Tx,
  writer: Writer,
  id: string,
  patch: Static<typeof InstrumentPatch>,
  ifMatch: number | undefined,
): Promise<InstrumentAnswer> => {
  const before = await findRow(tx, id);
  mustBeWritable(writer, before);
  if (ifMatch !== undefined && ifMatch !== before.version) throw preconditionFailed();
  const errors: FieldError[] = [];
  const name = patch.name === undefined ? before.name : cleanName(patch.name, errors);
  if (typeof patch.isin === 'string') checkIsin(patch.isin, errors);
  if (errors.length > 0) throw invalidFields(errors);
  const type = patch.type ?? before.type;
  const stored = changedMetadata(before, patch.metadata);
  const isin = patch.isin === undefined ? before.isin : patch.isin;
  const change = {
    type,
    name,
    ...stored,
    issuerKeys: issuerKeysOf({ type, name, country: stored.country, isin }, before),
  };
  if (!(await queries.updateInstrument(tx, id, before.version, change))) throw preconditionFailed();
  if (patch.isin !== undefined && patch.isin !== before.isin) {
    await queries.deleteIsin(tx, id);
    if (patch.isin !== null) await giveIsin(tx, id, before.owner_user_id, patch.isin);
  }
  return readInstrument(tx, id);
};

const changedMetadata = (before: InstrumentRow, given: Metadata | undefined) =>
  given === undefined
    ? { country: before.country, sector: before.sector, industry: before.industry, metadata: before.metadata }
    : splitMetadata({ ...keptMetadata(before), ...given });

/** The day of the newest constituents is ours to keep; a person who replaces the rest does not lose it. */
const keptMetadata = ({ metadata: { lastConstituentsUpdate } }: InstrumentRow): Metadata =>
  lastConstituentsUpdate === undefined ? {} : { lastConstituentsUpdate };

/**
 * Notes the day of a fund's newest list of constituents in its metadata. For the import of constituents, which has
 * checked that the person may write them; where they may not write the fund itself, nothing changes.
 */
export const settleConstituentsUpdate = async (tx: Tx, id: string): Promise<void> =>
  queries.settleConstituentsUpdate(tx, id);

const mustBeWritable = (writer: Writer, row: InstrumentRow): void => {
  if (row.owner_user_id === writer.id) return;
  if (row.owner_user_id !== null) {
    throw forbidden('not_yours', 'This instrument is private to somebody else.');
  }
  if (writer.role === 'admin') return;
  throw forbidden(
    'admin_only',
    'This instrument is shared by everybody, so only an administrator can change it. Make a private one instead.',
  );
};

/** Lines of an instrument in the order of making. @throws {AppError} 404 */
export const listListings = async (
  tx: Tx,
  instrumentId: string,
  query: { readonly limit?: number; readonly cursor?: string },
) => {
  await findRow(tx, instrumentId);
  const limit = query.limit ?? DEFAULT_PAGE;
  const rows = await queries.pageOfListings(tx, instrumentId, { limit, after: readCursor(query.cursor) });
  const page = pageOf(rows, limit);
  return { items: page.items.map(listingAnswer), nextCursor: page.nextCursor };
};

/**
 * Adds a line. An administrator's line of a shared instrument is shared; a member's is private, and as primary line it
 * counts for that member alone. A line made primary takes that from the one before; the first line always is.
 * @throws {AppError} 404; 403; 400 naming each field; 409 `ticker_taken`; 422 `too_many_listings`
 */
export const addListing = async (
  tx: Tx,
  writer: Writer,
  instrumentId: string,
  draft: LineDraft & { readonly isPrimary?: boolean },
): Promise<ListingAnswer> => {
  const instrument = await findRow(tx, instrumentId);
  const errors: FieldError[] = [];
  const line = checkLine(draft, errors);
  if (errors.length > 0) throw invalidFields(errors);
  const isShared = instrument.owner_user_id === null;
  if (!isShared) mustBeWritable(writer, instrument);
  const ownerUserId = isShared && writer.role === 'admin' ? null : writer.id;
  await queries.lockListings(tx, instrumentId);
  if ((await queries.countListings(tx, instrumentId)) >= MAX_LISTINGS) {
    throw unprocessable('too_many_listings', `An instrument can have ${MAX_LISTINGS} lines at most.`);
  }
  const isPrimary = draft.isPrimary ?? instrument.listing_currency === null;
  if (isPrimary) await queries.clearPrimary(tx, instrumentId, ownerUserId);
  const id = randomUUIDv7();
  await insertLine(tx, { ...line, id, instrumentId, ownerUserId, isPrimary });
  const added = (await queries.getListings(tx, [instrumentId])).find((row) => row.id === id);
  if (added === undefined) throw notFound('instrument');
  return listingAnswer(added);
};
