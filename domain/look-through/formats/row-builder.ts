import { dec, decimalText } from '@pm/domain/money';
import { validLei } from '../identity/index.ts';
import type { PublishedRow } from '../published/index.ts';
import {
  assetClassOf,
  countryOf,
  countryOfCurrency,
  currencyOf,
  exchangeOf,
  industryOf,
  isDerivativeClass,
  sectorOf,
  type AssetClass,
} from '../terms/index.ts';
import { classify } from './classify.ts';
import { readCodes, type Codes } from './codes.ts';
import type { Field } from './columns.ts';
import { readDay } from './dates.ts';
import { refuseTwiceEncoded } from './decode.ts';
import { FormatError } from './format-error.ts';
import { MAX_CELL_CHARS } from './limits.ts';
import type { Notes } from './notes.ts';
import { isLessThan, parsePublished, type DecimalSign } from './numbers.ts';

/** The decimal sign of a column; null where it cannot be told. */
export type DecimalSigns = (field: Field) => DecimalSign | null;

export type RowContext = {
  readonly columns: ReadonlyMap<Field, number>;
  readonly decimalSign: DecimalSigns;
  readonly notes: Notes;
  readonly terms: TermTables;
};

/** A thousand rows share a dozen words: each is looked up once a file. */
const remembering = <T>(look: (word: string | null) => T): ((word: string | null) => T) => {
  const known = new Map<string | null, T>();
  return (word) => {
    const before = known.get(word);
    if (before !== undefined) return before;
    const found = look(word);
    known.set(word, found);
    return found;
  };
};

/** The tables of terms, for one file. */
export const termTables = () => ({
  sector: remembering(sectorOf),
  industry: remembering(industryOf),
  country: remembering(countryOf),
  currency: remembering(currencyOf),
  exchange: remembering(exchangeOf),
  assetClass: remembering(assetClassOf),
});
export type TermTables = ReturnType<typeof termTables>;

type Reading = { readonly context: RowContext; readonly cells: readonly string[]; readonly line: number };

const SPREADSHEET_ERROR = /^#(?:REF|N\/A|VALUE|DIV\/0|NAME|NUM|NULL|SPILL|CALC)[!?]?$/i;
const NOTHING = new Set([
  '',
  '-',
  '--',
  '---',
  '—',
  '–',
  'n/a',
  'na',
  'n.a.',
  'n.d.',
  'null',
  'none',
  '#n/a',
]);
const LONGEST_NOTHING = 4;
const ASCII = /^[ -~]*$/;
/** NA is the ticker of a bank in Toronto. */
const isTicker = (field: Field, cell: string): boolean => field === 'ticker' && cell === 'NA';

/** Blanks that are not single spaces. */
const MORE_THAN_BLANKS = /\s{2}|[^\S ]/;

/** Cell of a field without surrounding blanks, or null where the file has nothing there. */
const rawCell = ({ context, cells, line }: Reading, field: Field): string | null => {
  const column = context.columns.get(field);
  if (column === undefined) return null;
  const cell = (cells[column] ?? '').trim();
  if (cell.length <= LONGEST_NOTHING && NOTHING.has(cell.toLowerCase()) && !isTicker(field, cell)) {
    return null;
  }
  if (cell.length > MAX_CELL_CHARS) {
    throw new FormatError(
      'malformed_row',
      `The ${field} on line ${line} is longer than ${MAX_CELL_CHARS} signs.`,
      {
        field,
        rowNumber: line,
      },
    );
  }
  return cell;
};

/**
 * Text of a field. `="005930"`, the way to keep a spreadsheet's hands off a code, is that code. Any other formula is
 * never calculated: as a name it is text like any other, elsewhere it is left out, as a spreadsheet's error values are.
 */
const textCell = (reading: Reading, field: Field): string | null => {
  const cell = rawCell(reading, field);
  if (cell === null) return null;
  const literal = /^="([^"]*)"$/.exec(cell)?.[1];
  if (literal !== undefined) return literal.trim() === '' ? null : literal.trim();
  const formula = cell.startsWith('=');
  if (formula || SPREADSHEET_ERROR.test(cell)) {
    reading.context.notes.cell('formula_cell', field, `${field} "${cell.slice(0, 40)}"`, reading.line);
    if (!formula || field !== 'name') return null;
  }
  if (cell.includes('\ufffd')) {
    reading.context.notes.cell('damaged_text', field, `${field} "${cell.slice(0, 40)}"`, reading.line);
  }
  if (!ASCII.test(cell)) refuseTwiceEncoded(cell, reading.line);
  return MORE_THAN_BLANKS.test(cell) ? cell.replace(/\s+/g, ' ') : cell;
};

const UNDIVIDED = /^[^.,]*$/;

/** A number of a column; where its decimal sign cannot be told, only numbers that need none. */
const parseColumn = (cell: string, sign: DecimalSign | null): string | null =>
  sign === null && !UNDIVIDED.test(cell) ? null : parsePublished(cell, sign ?? 'point');

/** The weight: a blank or "<0.01%" counts as 0 and is reported; anything else that is no number refuses the file. */
const weightCell = (reading: Reading): string => {
  const cell = rawCell(reading, 'weight');
  const { notes, decimalSign } = reading.context;
  if (cell === null) {
    notes.cell('weight_missing', 'weight', textCell(reading, 'name') ?? 'unnamed', reading.line);
    return '0';
  }
  if (isLessThan(cell)) {
    notes.cell('weight_below_printed', 'weight', cell, reading.line);
    return '0';
  }
  const weight = parseColumn(cell, decimalSign('weight'));
  if (weight === null) {
    throw new FormatError(
      'invalid_number',
      `The weight "${cell.slice(0, 40)}" on line ${reading.line} is not a number.`,
      { field: 'weight', rowNumber: reading.line },
    );
  }
  if (Math.abs(Number(weight)) > 100) notes.cell('weight_beyond_100', 'weight', `${weight} %`, reading.line);
  return weight;
};

const numberCell = (reading: Reading, field: Field): string | null => {
  const cell = rawCell(reading, field);
  if (cell === null) return null;
  const value = parseColumn(cell, reading.context.decimalSign(field));
  if (value === null) {
    reading.context.notes.cell('invalid_number', field, `${field} "${cell.slice(0, 40)}"`, reading.line);
  }
  return value;
};

/** The currency that a row of cash names where no column gives one ("USD CASH", ticker USD). */
const cashCurrency = (ticker: string | null, name: string): string | null =>
  currencyOf(ticker).currency ?? currencyOf(name.split(' ')[0] ?? null).currency ?? currencyOf(name).currency;

/** Money and contracts that have no name of their own are named by what they are: "USD cash". */
const moneyName = (assetClass: AssetClass, currency: string | null): string | null => {
  if (assetClass !== 'Cash' && !isDerivativeClass(assetClass)) return null;
  const word = assetClass === 'Cash' ? 'cash' : assetClass;
  return currency === null ? word : `${currency} ${word}`;
};

/** An issuer has many bonds under one name: without a code, coupon and maturity tell them apart. */
const bondName = (reading: Reading, name: string): string => {
  const coupon = textCell(reading, 'coupon');
  const rate = coupon === null ? null : parseColumn(coupon, reading.context.decimalSign('coupon'));
  const maturity = textCell(reading, 'maturity');
  const day = maturity === null ? null : readDay(maturity, null);
  const parts = [
    rate === null ? coupon : `${decimalText(dec(rate))}%`,
    day === null || day === 'ambiguous' ? maturity : day.day.toString(),
  ];
  return [name, ...parts.filter((part) => part !== null && !name.includes(part))].join(' ');
};

/** The identifiers of a row, with a note for each that is none. */
const rowCodes = (reading: Reading, money: boolean): Codes => {
  // What issuers give money and contracts in a column of no particular scheme is a code of their own.
  const { codes, rejected } = readCodes((field) =>
    money && field === 'identifier' ? null : textCell(reading, field),
  );
  for (const { field, cell } of rejected) {
    const label = field === 'identifier' ? 'identifier' : field.toUpperCase();
    reading.context.notes.cell('invalid_identifier', field, `${label} ${cell.slice(0, 20)}`, reading.line);
  }
  return codes;
};

/** The terms of a row made canonical, with a note for each word that no table has. */
const readTerms = (reading: Reading) => {
  const { notes, terms } = reading.context;
  const published = {
    sector: textCell(reading, 'sector'),
    industry: textCell(reading, 'industry'),
    country: textCell(reading, 'country'),
    currency: textCell(reading, 'currency'),
    exchange: textCell(reading, 'exchange'),
    assetClass: textCell(reading, 'assetClass'),
  };
  const fine = terms.industry(published.industry) ?? terms.industry(published.sector);
  const sectorText = published.sector ?? published.industry;
  const sector = terms.sector(sectorText);
  const country = terms.country(published.country);
  const currency = terms.currency(published.currency);
  const exchange = terms.exchange(published.exchange);
  const assetClass = terms.assetClass(published.assetClass);
  const unknown = (known: boolean, code: Parameters<Notes['term']>[0], word: string | null): void => {
    if (!known && word !== null) notes.term(code, word, reading.line);
  };
  unknown(sector.known, 'unknown_sector', sectorText);
  // Where there is no column of sectors, the word was looked up as one already.
  const isOwnWord = published.sector !== null && published.industry !== null;
  unknown(
    fine !== null || !isOwnWord || terms.sector(published.industry).known,
    'unknown_industry',
    published.industry,
  );
  unknown(country.known, 'unknown_country', published.country);
  unknown(currency.known, 'unknown_currency', published.currency);
  unknown(exchange.known, 'unknown_exchange', published.exchange);
  unknown(assetClass.known, 'unknown_asset_class', published.assetClass);
  const industry = fine?.industry ?? null;
  return { published, sector, industry, country, currency, exchange, assetClass };
};

/** The issuer's legal entity identifier, where its check digits hold. */
const leiCell = (reading: Reading): string | null => {
  const cell = textCell(reading, 'lei');
  if (cell === null) return null;
  const valid = validLei(cell);
  if (valid === null) {
    reading.context.notes.cell('invalid_identifier', 'lei', `LEI ${cell.slice(0, 20)}`, reading.line);
  }
  return valid;
};

/** Makes one published row of a line of cells. Null (with a note) for a row that says nothing of what it is. */
export const buildRow = (
  context: RowContext,
  cells: readonly string[],
  line: number,
): PublishedRow | null => {
  const reading = { context, cells, line };
  const weightPct = weightCell(reading);
  const ticker = textCell(reading, 'ticker');
  const { published, sector, industry, country, currency, exchange, assetClass } = readTerms(reading);
  const plainName = textCell(reading, 'name');
  const kind = classify({
    ...assetClass,
    published: published.assetClass,
    sector: sector.sector,
    name: plainName ?? ticker ?? '',
    ticker,
    matures: rawCell(reading, 'maturity') !== null,
  });
  const money = kind.kind === 'cash' || kind.kind === 'derivative';
  const codes = rowCodes(reading, money);
  const lei = leiCell(reading);
  const code = codes.isin ?? codes.cusip ?? codes.sedol ?? codes.figi;
  const called = plainName ?? ticker ?? code ?? moneyName(kind.assetClass, currency.currency);
  if (called === null) {
    context.notes.cell('row_without_identity', 'name', `${weightPct} %`, line);
    return null;
  }
  const name = kind.assetClass === 'Fixed Income' && code === null ? bondName(reading, called) : called;
  const inCurrency = currency.currency ?? (kind.kind === 'cash' ? cashCurrency(ticker, name) : null);
  const atHome =
    kind.kind === 'cash' && country.name === 'Unclassified' && inCurrency !== null
      ? countryOfCurrency(inCurrency)
      : country.name;
  return {
    rowNumbers: [line],
    kind: kind.kind,
    ticker,
    name,
    ...codes,
    ...(lei !== null && { lei }),
    sector:
      money || (kind.assetClass === 'Cash' && sector.sector === 'Unclassified')
        ? 'Cash and derivatives'
        : sector.sector,
    sectorPublished: published.sector,
    ...(industry === null || money ? {} : { industry }),
    ...(published.industry === null ? {} : { industryPublished: published.industry }),
    country: atHome,
    countryPublished: published.country,
    currency: inCurrency,
    mic: exchange.mic,
    exchangePublished: published.exchange,
    assetClass: kind.assetClass,
    assetClassPublished: published.assetClass,
    weightPct,
    marketValue: numberCell(reading, 'marketValue'),
    notional: numberCell(reading, 'notional'),
    quantity: numberCell(reading, 'quantity'),
    price: numberCell(reading, 'price'),
  };
};
