/**
 * What an older version kept in the browser's localStorage: read without believing anything. Everything that is wrong is
 * told with its place; nothing is mended in silence.
 *
 * Contents: OldPortfolio · OldHolding · OldTrade · LocalStorageData · readLocalStorage
 */
import { FIRST_LEDGER_DAY, isAfter, isBefore, parseDay } from '@pm/domain/calendar';
import { dec, decimalProblem, decimalText, isCurrency } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';

export type OldTrade = {
  readonly id: string;
  readonly holdingId: string;
  readonly type: 'buy' | 'sell';
  readonly date: Temporal.PlainDate;
  readonly price: Decimal;
  readonly qty: Decimal;
  readonly fees: Decimal;
};

export type OldHolding = {
  readonly id: string;
  readonly section: string;
  readonly theme: string;
  readonly account: string;
  readonly name: string | null;
  readonly ticker: string | null;
  readonly isin: string | null;
  readonly qty: Decimal;
  readonly avgCost: Decimal;
  readonly targetPct: number | null;
  readonly include: boolean;
  readonly notes: string | null;
};

export type OldPortfolio = {
  readonly id: string;
  readonly name: string;
  readonly type: 'actual' | 'draft' | 'model';
  readonly parentId: string | null;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly lists: Readonly<Record<string, unknown>>;
  readonly budgets: Readonly<Record<string, unknown>>;
  readonly holdings: readonly OldHolding[];
  readonly trades: readonly OldTrade[];
};

/** Something said about a place in the data, such as `portfolios.0.holdings.2.qty`. */
export type Remark = { readonly field: string; readonly message: string };

export type LocalStorageData = {
  readonly portfolios: readonly OldPortfolio[];
  readonly refused: readonly Remark[];
};

const MOST_PORTFOLIOS = 200;
const MOST_HOLDINGS = 20_000;
const MOST_TRADES = 200_000;
const DEPTH_MAX = 20;
/** Keys that reach into how objects work instead of being data. */
const NOT_DATA = new Set(['__proto__', 'constructor', 'prototype']);

/** A JSON number keeps its digits: as a JavaScript number it would lose some. */
class Digits {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Source = { readonly source?: string };

/** Parses JSON with its numbers as written. Null when it is none. */
const parseExactly = (text: string): unknown => {
  try {
    return JSON.parse(text, (_key, value: unknown, context?: Source) =>
      typeof value === 'number' ? new Digits(context?.source ?? String(value)) : value,
    ) as unknown;
  } catch {
    return undefined;
  }
};

type Row = Readonly<Record<string, unknown>>;
const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Digits);

const EXPONENT = /^-?\d+(?:\.\d+)?[eE][+-]?\d{1,3}$/;

class Reader {
  readonly refused: Remark[] = [];
  private readonly today: Temporal.PlainDate;

  constructor(today: Temporal.PlainDate) {
    this.today = today;
  }

  refuse(field: string, message: string): void {
    this.refused.push({ field, message });
  }

  /** Names keys that are no data. */
  scan(value: unknown, field: string): void {
    if (Array.isArray(value)) {
      for (const [at, one] of value.entries()) this.scan(one, `${field}.${at}`);
    } else if (isRow(value)) {
      for (const [key, one] of Object.entries(value)) {
        const place = field === '' ? key : `${field}.${key.slice(0, 60)}`;
        if (NOT_DATA.has(key)) this.refuse(place, 'is a key that no data has');
        else this.scan(one, place);
      }
    }
  }

  text(row: Row, key: string, field: string, most: number, isNeeded: boolean): string | null {
    const value = row[key];
    if (value === undefined || value === null || value === '') {
      if (isNeeded) this.refuse(`${field}.${key}`, 'is missing');
      return null;
    }
    const shown = value instanceof Digits ? value.text : value;
    if (typeof shown !== 'string') this.refuse(`${field}.${key}`, 'must be text');
    else if (shown.trim() === '') this.refuse(`${field}.${key}`, 'must not be blank');
    else if (shown.length > most) this.refuse(`${field}.${key}`, `is longer than ${most} letters`);
    else if (/\p{Cc}/u.test(shown.replace(/[\t\n\r]/gu, '')) || !shown.isWellFormed()) {
      this.refuse(`${field}.${key}`, 'contains characters that cannot be stored');
    } else return shown.trim();
    return null;
  }

  number(row: Row, key: string, field: string): Decimal {
    const value = row[key];
    const place = `${field}.${key}`;
    if (value === undefined || value === null || value === '') return dec('0');
    const written = value instanceof Digits ? value.text : typeof value === 'string' ? value.trim() : null;
    const text = written !== null && EXPONENT.test(written) ? decimalText(dec('0').plus(written)) : written;
    if (text === null) {
      this.refuse(place, 'must be a number');
      return dec('0');
    }
    const problem = decimalProblem(text);
    if (problem !== null) this.refuse(place, problem);
    else if (text.startsWith('-') && !dec(text).isZero()) this.refuse(place, 'must not be negative');
    else return dec(text);
    return dec('0');
  }

  day(row: Row, field: string): Temporal.PlainDate {
    const value = row['date'];
    const day = typeof value === 'string' ? parseDay(value.slice(0, 10)) : null;
    if (day === null) this.refuse(`${field}.date`, 'is not a day such as 2024-02-23');
    else if (isBefore(day, FIRST_LEDGER_DAY)) this.refuse(`${field}.date`, 'is before 1900');
    else if (isAfter(day, this.today)) this.refuse(`${field}.date`, 'is in the future');
    return day ?? FIRST_LEDGER_DAY;
  }

  rows(row: Row, key: string, field: string): readonly (readonly [Row, string])[] {
    const list = row[key] ?? [];
    const place = field === '' ? key : `${field}.${key}`;
    if (!Array.isArray(list)) {
      this.refuse(place, 'must be a list');
      return [];
    }
    return list.flatMap((one: unknown, at): [Row, string][] => {
      if (isRow(one)) return [[one, `${place}.${at}`]];
      this.refuse(`${place}.${at}`, 'must be an object');
      return [];
    });
  }

  document(row: Row, key: string, field: string): Row {
    const value = row[key] ?? {};
    if (isRow(value)) return plainOf(value) as Row;
    this.refuse(`${field}.${key}`, 'must be an object');
    return {};
  }

  word<T extends string>(
    row: Row,
    key: string,
    field: string,
    words: readonly T[],
    usual: T | null,
  ): T | null {
    const value = row[key];
    if ((value === undefined || value === null) && usual !== null) return usual;
    const known = words.find((word) => word === value);
    if (known === undefined) this.refuse(`${field}.${key}`, `must be one of ${words.join(', ')}`);
    return known ?? null;
  }
}

/** Documents as plain JSON: amounts become text, shares and minutes numbers. */
const plainOf = (value: unknown): unknown => {
  if (value instanceof Digits) return Number(value.text);
  if (Array.isArray(value)) return value.map(plainOf);
  return isRow(value)
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plainOf(one)]))
    : value;
};

const readHolding = (reader: Reader, row: Row, field: string): OldHolding => {
  const target = reader.number(row, 'targetPct', field);
  if (target.greaterThan(100)) reader.refuse(`${field}.targetPct`, 'must be between 0 and 100');
  const include = row['include'];
  if (include !== undefined && typeof include !== 'boolean') {
    reader.refuse(`${field}.include`, 'must be true or false');
  }
  return {
    id: reader.text(row, 'id', field, 200, true) ?? '',
    section: reader.text(row, 'section', field, 100, true) ?? '',
    theme: reader.text(row, 'theme', field, 100, true) ?? '',
    account: reader.text(row, 'account', field, 100, true) ?? '',
    name: reader.text(row, 'name', field, 255, false),
    ticker: reader.text(row, 'ticker', field, 50, false),
    isin: reader.text(row, 'isin', field, 12, false),
    qty: reader.number(row, 'qty', field),
    avgCost: reader.number(row, 'avgCost', field),
    targetPct: row['targetPct'] === undefined || row['targetPct'] === null ? null : target.toNumber(),
    include: include !== false,
    notes: reader.text(row, 'notes', field, 4_000, false),
  };
};

const readTrade = (reader: Reader, row: Row, field: string, holdings: ReadonlySet<string>): OldTrade => {
  const holdingId = reader.text(row, 'holdingId', field, 200, true) ?? '';
  if (holdingId !== '' && !holdings.has(holdingId)) {
    reader.refuse(`${field}.holdingId`, 'names a holding that is not in this portfolio');
  }
  const price = reader.number(row, 'price', field);
  const qty = reader.number(row, 'qty', field);
  if (price.isZero()) reader.refuse(`${field}.price`, 'must be more than 0');
  if (qty.isZero()) reader.refuse(`${field}.qty`, 'must be more than 0');
  return {
    id: reader.text(row, 'id', field, 200, true) ?? '',
    holdingId,
    type: reader.word(row, 'type', field, ['buy', 'sell'], null) ?? 'buy',
    date: reader.day(row, field),
    price,
    qty,
    fees: reader.number(row, 'fees', field),
  };
};

/** Ids that occur twice: which one a reference means could not be said. */
const refuseTwins = (
  reader: Reader,
  kind: string,
  ids: readonly (readonly [id: string, field: string])[],
): void => {
  const seen = new Map<string, string>();
  for (const [id, field] of ids) {
    if (id === '') continue;
    const first = seen.get(id);
    if (first !== undefined) reader.refuse(`${field}.id`, `is the ${kind} id of ${first} too`);
    else seen.set(id, field);
  }
};

const refuseCycles = (reader: Reader, portfolios: readonly OldPortfolio[]): void => {
  const parents = new Map(portfolios.map((one) => [one.id, one.parentId]));
  for (const [at, { id, parentId }] of portfolios.entries()) {
    const field = `portfolios.${at}.parentId`;
    if (parentId === null) continue;
    if (!parents.has(parentId)) {
      reader.refuse(field, 'names a portfolio that is not in this data');
      continue;
    }
    const passed = new Set([id]);
    for (
      let next: string | null | undefined = parentId;
      next !== null && next !== undefined;
      next = parents.get(next)
    ) {
      if (passed.has(next)) {
        reader.refuse(field, 'leads back to itself');
        break;
      }
      passed.add(next);
    }
  }
};

const readPortfolio = (reader: Reader, row: Row, field: string): OldPortfolio => {
  const holdings = reader.rows(row, 'holdings', field).map(([one, place]) => readHolding(reader, one, place));
  const known = new Set(holdings.map((one) => one.id));
  const trades = reader
    .rows(row, 'trades', field)
    .map(([one, place]) => readTrade(reader, one, place, known));
  const settings = reader.document(row, 'settings', field);
  const currency = settings['currency'];
  if (currency !== undefined && (typeof currency !== 'string' || !isCurrency(currency))) {
    reader.refuse(`${field}.settings.currency`, 'is not an ISO 4217 currency');
  }
  return {
    id: reader.text(row, 'id', field, 200, true) ?? '',
    name: reader.text(row, 'name', field, 255, true) ?? '',
    type: reader.word(row, 'type', field, ['actual', 'draft', 'model'], 'actual') ?? 'actual',
    parentId: reader.text(row, 'parentId', field, 200, false),
    settings,
    lists: reader.document(row, 'lists', field),
    budgets: reader.document(row, 'budgets', field),
    holdings,
    trades,
  };
};

const NOTHING: Pick<LocalStorageData, 'portfolios'> = { portfolios: [] };

/** How deep brackets stand in one another; a parser would run out of stack before it could say so. */
const depthOf = (text: string): number => {
  let [depth, deepest] = [0, 0];
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charCodeAt(at);
    if (inText) {
      if (sign === 92) at += 1;
      else if (sign === 34) inText = false;
    } else if (sign === 34) inText = true;
    else if (sign === 123 || sign === 91) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (sign === 125 || sign === 93) depth -= 1;
  }
  return deepest;
};

/** The data itself, or one entry of localStorage that holds it as text. */
const dataIn = (value: unknown): unknown => {
  if (!isRow(value) || value['portfolios'] !== undefined) return value;
  const texts = Object.values(value).filter((one) => typeof one === 'string' && one.includes('"portfolios"'));
  const [only] = texts;
  return texts.length === 1 && typeof only === 'string' ? parseExactly(only) : value;
};

/** Reads the JSON. Whatever is refused is told; then nothing of it may be taken over. */
export const readLocalStorage = (text: string, today: Temporal.PlainDate): LocalStorageData => {
  const reader = new Reader(today);
  if (depthOf(text) > DEPTH_MAX) {
    return { ...NOTHING, refused: [{ field: 'body', message: `is nested more than ${DEPTH_MAX} deep` }] };
  }
  const parsed = parseExactly(text);
  if (parsed === undefined) {
    return {
      ...NOTHING,
      refused: [{ field: 'body', message: 'is not JSON: copy the whole text, from { to }' }],
    };
  }
  const data = dataIn(parsed);
  const list: unknown = Array.isArray(data) ? data : isRow(data) ? data['portfolios'] : undefined;
  if (!Array.isArray(list)) {
    return {
      ...NOTHING,
      refused: [{ field: 'portfolios', message: 'is missing: this is not the older version’s data' }],
    };
  }
  reader.scan(data, '');
  if (list.length > MOST_PORTFOLIOS) {
    return {
      ...NOTHING,
      refused: [{ field: 'portfolios', message: `has more than ${MOST_PORTFOLIOS} portfolios` }],
    };
  }
  const portfolios = reader
    .rows({ portfolios: list }, 'portfolios', '')
    .map(([row, field]) => readPortfolio(reader, row, field));
  const holdings = portfolios.flatMap((one, at) =>
    one.holdings.map(({ id }, i) => [id, `portfolios.${at}.holdings.${i}`] as const),
  );
  const trades = portfolios.flatMap((one, at) =>
    one.trades.map(({ id }, i) => [id, `portfolios.${at}.trades.${i}`] as const),
  );
  if (holdings.length > MOST_HOLDINGS) {
    reader.refuse('portfolios', `have more than ${MOST_HOLDINGS} holdings`);
  }
  if (trades.length > MOST_TRADES) reader.refuse('portfolios', `have more than ${MOST_TRADES} trades`);
  refuseTwins(
    reader,
    'portfolio',
    portfolios.map(({ id }, at) => [id, `portfolios.${at}`] as const),
  );
  refuseTwins(reader, 'holding', holdings);
  refuseTwins(reader, 'trade', trades);
  refuseCycles(reader, portfolios);
  return { portfolios, refused: reader.refused };
};
