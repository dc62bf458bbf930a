/**
 * What a statement means for an account: its rows read, its securities found, what is known already, and the plan.
 *
 * Contents: StatementRequest · StatementWork · readWork
 */
import type { StatementMapping, StatementPreview } from '@pm/contracts/imports';
import { isAfter } from '@pm/domain/calendar';
import { currency, dec, isCurrency } from '@pm/domain/money';
import { ENTRY_TYPES, readStatement, securityKey } from '@pm/domain/statements';
import type { StatementEntry, StatementFile, StatementReading } from '@pm/domain/statements';
import type { Static } from 'typebox';

import { createInstrument, describeInstruments, findSecurities } from '#features/instruments';
import type { FoundSecurity } from '#features/instruments';
import { cashCurrency, listHoldings } from '#features/ledger';
import type { HoldingRow } from '#features/ledger';
import { findRatesOn } from '#features/market-data';
import { enterPortfolio, lockedPortfolio } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';
import { unprocessable } from '#platform/errors.ts';

import { entryKeys, planStatement } from './statement-plan.ts';
import type { PlannedStatement, PlanParts, StatementTarget } from './statement-plan.ts';
import { byHand, cashInstruments, knownKeys } from './statement-queries.ts';

export type StatementRequest = {
  readonly portfolioId: string;
  readonly account: string;
  readonly fileName?: string | undefined;
  readonly section?: string | undefined;
  readonly theme?: string | undefined;
  readonly settle?: boolean | undefined;
  readonly overdraw?: boolean | undefined;
  readonly leaveOut?: string | undefined;
};

type Preview = Static<typeof StatementPreview>;
type Security = Preview['securities'][number] & { readonly firstRow: number };

/** A statement ready to be recorded, with all that is to be said of it. */
export type StatementWork = {
  readonly target: StatementTarget;
  readonly reading: StatementReading;
  readonly leaveOut: ReadonlySet<number>;
  readonly settle: boolean;
  readonly counts: Preview['counts'];
  readonly from: Temporal.PlainDate | null;
  readonly to: Temporal.PlainDate | null;
  readonly duplicates: number;
  readonly perhapsTwice: Preview['perhapsTwice'];
  readonly leftOut: Preview['leftOut'];
  readonly securities: readonly Security[];
  readonly targetProblems: readonly { row: number | null; field: string; message: string }[];
  readonly plan: PlannedStatement;
  /** What each holding of the plan is called, and for cash its currency. */
  readonly names: ReadonlyMap<string, { readonly name: string; readonly cash: string | null }>;
};

export type WorkParts = {
  readonly request: StatementRequest;
  readonly file: StatementFile;
  readonly mapping: Static<typeof StatementMapping>;
  readonly recorder: {
    readonly id: string;
    readonly role: 'admin' | 'member';
    readonly today: Temporal.PlainDate;
  };
  readonly importId: string;
};

/** Rows that tell of cash only: without the account's cash they are left out. */
const OF_CASH: ReadonlySet<string> = new Set(['deposit', 'withdrawal', 'interest', 'fee', 'tax']);

const named = (names: readonly string[], given: string | undefined, usual: string, field: string): string => {
  if (given !== undefined && !names.includes(given)) {
    throw unprocessable(
      'unknown_name',
      `“${given}” is not in the portfolio’s lists. Add it there first.`,
      field,
    );
  }
  return given ?? (names.includes(usual) ? usual : (names[0] ?? usual));
};

const targetOf = async (tx: Tx, { request }: WorkParts, settle: boolean) => {
  const portfolio = await lockedPortfolio(tx, request.portfolioId, 'change');
  const { lists } = portfolio;
  const account = named(lists.accounts, request.account, request.account, 'account');
  const owner = (await enterPortfolio(tx, portfolio.id)) ?? '';
  const target: StatementTarget = {
    portfolioId: portfolio.id,
    owner,
    base: portfolio.baseCurrency,
    account,
    section: named(lists.sections, request.section, lists.sections[0] ?? '', 'section'),
    theme: named(lists.themes, request.theme, lists.themes[0] ?? '', 'theme'),
    cashSection: named(lists.sections, undefined, 'Cash', 'section'),
    cashTheme: named(lists.themes, undefined, 'Cash', 'theme'),
    settle,
    overdraw: request.overdraw ?? false,
  };
  return { target, isOwner: portfolio.access === 'owner' };
};

/** The entries that count, without what is left out. */
const choose = (reading: StatementReading, parts: WorkParts) => {
  const leaveOut = new Set((parts.request.leaveOut ?? '').split(',').filter(Boolean).map(Number));
  const hasCash = reading.entries.some((entry) => OF_CASH.has(entry.type));
  const settle = parts.request.settle ?? (!reading.preset.tradesOnly && hasCash);
  const dropped = reading.problems.filter((one) => leaveOut.has(one.row));
  const leftOut: { row: number; reason: string }[] = [
    ...reading.leftOut,
    ...dropped.map(({ row }) => ({ row, reason: 'left out by you' })),
  ];
  const problems: { row: number; field: string; message: string }[] = [];
  const entries: StatementEntry[] = [];
  for (const entry of reading.entries) {
    if (leaveOut.has(entry.row)) leftOut.push({ row: entry.row, reason: 'left out by you' });
    else if (!settle && OF_CASH.has(entry.type)) {
      leftOut.push({ row: entry.row, reason: 'tells of cash only, which is not kept' });
    } else if (isAfter(entry.date, parts.recorder.today)) {
      const message = `${entry.date.toString()} is in the future. Correct the file, or leave the row out.`;
      problems.push({ row: entry.row, field: 'date', message });
    } else entries.push(entry);
  }
  return { leaveOut, settle, leftOut, problems, entries };
};

const WHY: Readonly<Record<FoundSecurity['how'], string>> = {
  isin: 'same ISIN',
  sedol: 'same SEDOL',
  ticker: 'same ticker',
  name: 'same name',
};

/** Every security of the entries, with the instrument that it is: chosen before, or sure by its numbers. */
const identify = async (
  tx: Tx,
  entries: readonly StatementEntry[],
  target: StatementTarget,
  chosen: Readonly<Record<string, string>>,
): Promise<Security[]> => {
  const rows = Map.groupBy(
    entries.filter((entry) => entry.security !== null && !OF_CASH.has(entry.type)),
    (entry) => (entry.security === null ? '' : securityKey(entry.security)),
  );
  const wanted = [...rows].flatMap(([key, [first]]) =>
    first?.security == null
      ? []
      : [{ key, ...first.security, currency: first.currency, firstRow: first.row }],
  );
  const found = await findSecurities(tx, wanted, target.owner);
  const remembered = wanted.flatMap(({ key }) => (Object.hasOwn(chosen, key) ? [chosen[key] ?? ''] : []));
  const facts = await describeInstruments(tx, remembered);
  return wanted.map(({ mic: _mic, ...one }) => {
    const candidates = (found.get(one.key) ?? []).map((hit) => ({
      instrumentId: hit.instrumentId,
      name: hit.name,
      why: WHY[hit.how],
      sure: hit.sure,
    }));
    const choice = Object.hasOwn(chosen, one.key) ? facts.get(chosen[one.key] ?? '') : undefined;
    const sure = candidates.find((candidate) => candidate.sure);
    const instrument =
      choice !== undefined
        ? { instrumentId: choice.id, name: choice.name, why: 'chosen by you' }
        : sure === undefined
          ? null
          : { instrumentId: sure.instrumentId, name: sure.name, why: sure.why };
    return {
      ...one,
      rows: rows.get(one.key)?.length ?? 0,
      instrument,
      candidates: candidates.map(({ sure: _sure, ...shown }) => shown),
    };
  });
};

/** Published rates of the currencies that occur, year by year so that each search stays short. */
const ratesFor = async (
  tx: Tx,
  entries: readonly StatementEntry[],
  base: string,
): Promise<PlanParts['rateOn']> => {
  const to = currency(base);
  const wanted = new Map<number, Map<string, Temporal.PlainDate>>();
  const pairs = new Map<string, { from: ReturnType<typeof currency>; to: typeof to }>();
  for (const entry of entries) {
    for (const code of new Set([entry.currency, entry.total?.currency ?? entry.currency])) {
      if (code === base || !isCurrency(code)) continue;
      pairs.set(code, { from: code, to });
      const days = wanted.get(entry.date.year) ?? new Map<string, Temporal.PlainDate>();
      days.set(entry.date.toString(), entry.date);
      wanted.set(entry.date.year, days);
    }
  }
  const found = new Map<string, NonNullable<ReturnType<PlanParts['rateOn']>>>();
  for (const days of wanted.values()) {
    const inOrder = [...days.values()];
    const rates = await findRatesOn(tx, [...pairs.values()], inOrder);
    for (const [at, day] of inOrder.entries()) {
      for (const code of pairs.keys()) {
        const rate = rates[at]?.get(`${code}/${base}`);
        if (rate === undefined || 'missing' in rate) continue;
        found.set(`${code} ${day.toString()}`, { rate: rate.rate, source: rate.source, date: rate.date });
      }
    }
  }
  return (code, day) => found.get(`${code} ${day.toString()}`) ?? null;
};

/** Cash instruments for the currencies that the statement moves; made where there is none yet. */
const cashFor = async (
  tx: Tx,
  parts: WorkParts,
  target: StatementTarget,
  entries: readonly StatementEntry[],
  held: readonly HoldingRow[],
  isOwner: boolean,
) => {
  const problems: { row: null; field: string; message: string }[] = [];
  if (!target.settle) return { cash: new Map<string, string>(), problems };
  const needed = [...new Set(entries.map((entry) => entry.total?.currency ?? entry.currency))];
  const cash = new Map<string, string>();
  for (const row of held) {
    const code = cashCurrency(row);
    if (code !== null && row.instrument_id !== null && !cash.has(code)) cash.set(code, row.instrument_id);
  }
  const missing = needed.filter((code) => !cash.has(code));
  const known = await cashInstruments(tx, target.portfolioId, target.owner, missing);
  for (const code of missing) {
    const id = known.get(code);
    if (id !== undefined) cash.set(code, id);
    else if (isOwner) {
      const draft = {
        type: 'Cash' as const,
        name: `${code} cash`,
        ticker: code,
        currency: code,
        scope: 'private' as const,
      };
      cash.set(code, (await createInstrument(tx, parts.recorder, draft)).id);
    } else {
      const message = `There is no cash in ${code} in this portfolio. Ask its owner to add it, or leave the cash out.`;
      problems.push({ row: null, field: 'settle', message });
    }
  }
  return { cash, problems };
};

const plain = (text: string | null): string => (text === null ? '' : dec(text).toFixed());

/** Rows that look like what somebody entered by hand. */
const twiceOf = async (
  tx: Tx,
  place: Parameters<typeof byHand>[1] | null,
  entries: readonly StatementEntry[],
  instruments: ReadonlyMap<string, string>,
): Promise<Preview['perhapsTwice']> => {
  if (place === null) return [];
  const entered = new Set<string>();
  for (const one of await byHand(tx, place)) {
    const what =
      one.type === 'buy' || one.type === 'sell' || one.type === 'deposit' || one.type === 'withdrawal'
        ? one.qty
        : one.amount;
    const where = OF_CASH.has(one.type) ? '' : (one.instrumentId ?? '');
    entered.add(`${one.type} ${one.day} ${where} ${plain(what)}`);
  }
  if (entered.size === 0) return [];
  return entries.flatMap((entry) => {
    const isTrade = entry.type === 'buy' || entry.type === 'sell';
    const what = isTrade ? entry.qty : (entry.total?.amount ?? null);
    const where =
      entry.security === null || OF_CASH.has(entry.type)
        ? ''
        : (instruments.get(securityKey(entry.security)) ?? '?');
    const key = `${entry.type} ${entry.date.toString()} ${where} ${what?.toFixed() ?? ''}`;
    if (!entered.has(key)) return [];
    const message = `A ${entry.type} of the same day and size was entered by hand. Leave the row out if it is the same one.`;
    return [{ row: entry.row, message }];
  });
};

/** The entries are in the order of their days. */
const span = (entries: readonly StatementEntry[]) => ({
  from: entries[0]?.date ?? null,
  to: entries.at(-1)?.date ?? null,
});

const countTypes = (entries: readonly StatementEntry[]): Preview['counts'] => {
  const counts = Object.fromEntries(ENTRY_TYPES.map((type) => [type, 0])) as Preview['counts'];
  for (const entry of entries) counts[entry.type] += 1;
  return counts;
};

/** Names of the holdings that the plan touches. */
const namesOf = async (
  tx: Tx,
  plan: PlannedStatement,
  held: readonly HoldingRow[],
): Promise<StatementWork['names']> => {
  const names = new Map<string, { name: string; cash: string | null }>();
  const touched = new Set(plan.trades.map((one) => one.holding.id));
  for (const row of held) {
    if (touched.has(row.id)) {
      names.set(row.id, { name: row.instrument_name ?? row.unlinked_name ?? '', cash: cashCurrency(row) });
    }
  }
  const facts = await describeInstruments(
    tx,
    plan.holdings.flatMap((one) => one.instrumentId ?? []),
  );
  for (const one of plan.holdings) {
    const fact = facts.get(one.instrumentId ?? '');
    names.set(one.id, { name: fact?.name ?? '', cash: fact?.type === 'Cash' ? fact.currency : null });
  }
  return names;
};

/**
 * Reads a statement against the account that it belongs to; the portfolio is locked from then on.
 * @throws {AppError} 404; 422 `read_only`, `unknown_name`
 */
export const readWork = async (tx: Tx, parts: WorkParts): Promise<StatementWork> => {
  const reading = readStatement(parts.file, parts.mapping);
  const chosen = choose(reading, parts);
  const { target, isOwner } = await targetOf(tx, parts, chosen.settle);
  const { from, to } = span(chosen.entries);
  const place =
    from === null || to === null
      ? null
      : { portfolioId: target.portfolioId, account: target.account, from, to };
  const known = place === null ? new Set<string>() : await knownKeys(tx, place);
  const keys = entryKeys(target.account, chosen.entries);
  const fresh = chosen.entries.flatMap((entry, at) =>
    known.has(keys[at] ?? '') ? [] : [[entry, keys[at] ?? ''] as const],
  );
  const entries = fresh.map(([entry]) => entry);
  const securities = await identify(tx, entries, target, parts.mapping.securities ?? {});
  const instruments = new Map(
    securities.flatMap((one) =>
      one.instrument === null ? [] : [[one.key, one.instrument.instrumentId] as const],
    ),
  );
  const held = (await listHoldings(tx, target.portfolioId)).filter((row) => row.account === target.account);
  const { cash, problems } = await cashFor(tx, parts, target, entries, held, isOwner);
  const places = new Map(
    held.flatMap((row) => (row.instrument_id === null ? [] : [[row.instrument_id, row.id] as const])),
  );
  const rateOn = await ratesFor(tx, entries, target.base);
  const plan =
    problems.length > 0
      ? { holdings: [], trades: [], problems: [] }
      : planStatement({ target, held: places, instruments, cash, rateOn, importId: parts.importId }, fresh);
  return {
    target,
    reading,
    ...chosen,
    counts: countTypes(entries),
    from,
    to,
    duplicates: chosen.entries.length - fresh.length,
    perhapsTwice: await twiceOf(tx, place, entries, instruments),
    securities,
    targetProblems: [...chosen.problems, ...problems],
    plan,
    names: await namesOf(tx, plan, held),
  };
};
