import { validCusip, validFigi, validIsin, validSedol } from '../identity/index.ts';
import type { PublishedRow } from '../published/index.ts';
import {
  assetClassOf,
  countryOf,
  countryOfCurrency,
  currencyOf,
  exchangeOf,
  sectorOf,
} from '../terms/index.ts';
import { classify } from './classify.ts';
import type { Field } from './columns.ts';
import { refuseTwiceEncoded } from './decode.ts';
import { FormatError } from './format-error.ts';
import { MAX_CELL_CHARS } from './limits.ts';
import type { Notes } from './notes.ts';
import { parsePublished, type DecimalSign } from './numbers.ts';

export type RowContext = {
  readonly columns: ReadonlyMap<Field, number>;
  readonly decimalSign: DecimalSign;
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
  country: remembering(countryOf),
  currency: remembering(currencyOf),
  exchange: remembering(exchangeOf),
  assetClass: remembering(assetClassOf),
});
export type TermTables = ReturnType<typeof termTables>;

type Reading = { readonly context: RowContext; readonly cells: readonly string[]; readonly line: number };

const SPREADSHEET_ERROR = /^#(?:REF|N\/A|VALUE|DIV\/0|NAME|NUM|NULL|SPILL|CALC)[!?]?$/i;
const NOTHING = new Set(['', '-', '--', '—', '–', 'n/a', 'na', 'n.a.', 'n.d.', 'null', 'none', '#n/a']);
const LONGEST_NOTHING = 4;
const ASCII = /^[ -~]*$/;
/** Blanks that are not single spaces. */
const MORE_THAN_BLANKS = /\s{2}|[^\S ]/;

/** Cell of a field without surrounding blanks, or null where the file has nothing there. */
const rawCell = ({ context, cells, line }: Reading, field: Field): string | null => {
  const column = context.columns.get(field);
  if (column === undefined) return null;
  const cell = (cells[column] ?? '').trim();
  if (cell.length <= LONGEST_NOTHING && NOTHING.has(cell.toLowerCase())) return null;
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
 * Text of a field. `="005930"`, the way to keep a spreadsheet's hands off a code, is that code; any other formula and
 * a spreadsheet's error values are no text.
 */
const textCell = (reading: Reading, field: Field): string | null => {
  const cell = rawCell(reading, field);
  if (cell === null) return null;
  const literal = /^="([^"]*)"$/.exec(cell)?.[1];
  if (literal !== undefined) return literal.trim() === '' ? null : literal.trim();
  if (cell.startsWith('=') || SPREADSHEET_ERROR.test(cell)) {
    reading.context.notes.cell('formula_cell', field, `${field} "${cell.slice(0, 40)}"`, reading.line);
    return null;
  }
  if (cell.includes('\ufffd')) {
    reading.context.notes.cell('damaged_text', field, `${field} "${cell.slice(0, 40)}"`, reading.line);
  }
  if (!ASCII.test(cell)) refuseTwiceEncoded(cell, reading.line);
  return MORE_THAN_BLANKS.test(cell) ? cell.replace(/\s+/g, ' ') : cell;
};

/** The weight: a blank counts as 0 and is reported; anything else that is no number refuses the file. */
const weightCell = (reading: Reading): string => {
  const cell = rawCell(reading, 'weight');
  const { notes, decimalSign } = reading.context;
  if (cell === null) {
    notes.cell('weight_missing', 'weight', textCell(reading, 'name') ?? 'unnamed', reading.line);
    return '0';
  }
  const weight = parsePublished(cell, decimalSign);
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
  const value = parsePublished(cell, reading.context.decimalSign);
  if (value === null) {
    reading.context.notes.cell('invalid_number', field, `${field} "${cell.slice(0, 40)}"`, reading.line);
  }
  return value;
};

const VALIDATORS = { isin: validIsin, cusip: validCusip, sedol: validSedol, figi: validFigi } as const;

const identifierCell = (reading: Reading, field: keyof typeof VALIDATORS): string | null => {
  const cell = textCell(reading, field);
  if (cell === null) return null;
  // Spreadsheets drop the leading zeros of numeric codes.
  const padded = field === 'cusip' && /^\d{6,8}$/.test(cell) ? cell.padStart(9, '0') : cell;
  const restored = field === 'sedol' && /^\d{4,6}$/.test(padded) ? padded.padStart(7, '0') : padded;
  const valid = VALIDATORS[field](restored);
  if (valid === null) {
    const label = field.toUpperCase();
    reading.context.notes.cell('invalid_identifier', field, `${label} ${cell.slice(0, 20)}`, reading.line);
  }
  return valid;
};

/** The currency that a row of cash names where no column gives one ("USD CASH", ticker USD). */
const cashCurrency = (ticker: string | null, name: string): string | null =>
  currencyOf(ticker).currency ?? currencyOf(name.split(' ')[0] ?? null).currency ?? currencyOf(name).currency;

/** The terms of a row made canonical, with a note for each word that no table has. */
const readTerms = (reading: Reading) => {
  const { notes, terms } = reading.context;
  const published = {
    sector: textCell(reading, 'sector'),
    country: textCell(reading, 'country'),
    currency: textCell(reading, 'currency'),
    exchange: textCell(reading, 'exchange'),
    assetClass: textCell(reading, 'assetClass'),
  };
  const sector = terms.sector(published.sector);
  const country = terms.country(published.country);
  const currency = terms.currency(published.currency);
  const exchange = terms.exchange(published.exchange);
  const assetClass = terms.assetClass(published.assetClass);
  const unknown = (known: boolean, code: Parameters<Notes['term']>[0], word: string | null): void => {
    if (!known && word !== null) notes.term(code, word, reading.line);
  };
  unknown(sector.known, 'unknown_sector', published.sector);
  unknown(country.known, 'unknown_country', published.country);
  unknown(currency.known, 'unknown_currency', published.currency);
  unknown(exchange.known, 'unknown_exchange', published.exchange);
  unknown(assetClass.known, 'unknown_asset_class', published.assetClass);
  return { published, sector, country, currency, exchange, assetClass };
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
  const isin = identifierCell(reading, 'isin');
  const cusip = identifierCell(reading, 'cusip');
  const sedol = identifierCell(reading, 'sedol');
  const figi = identifierCell(reading, 'figi');
  const name = textCell(reading, 'name') ?? ticker ?? isin ?? cusip ?? sedol ?? figi;
  if (name === null) {
    context.notes.cell('row_without_identity', 'name', `${weightPct} %`, line);
    return null;
  }
  const { published, sector, country, currency, exchange, assetClass } = readTerms(reading);
  const kind = classify({
    ...assetClass,
    published: published.assetClass,
    sector: sector.sector,
    name,
    ticker,
  });
  const money = kind.kind === 'cash' || kind.kind === 'derivative';
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
    isin,
    cusip,
    sedol,
    figi,
    sector:
      money || (kind.assetClass === 'Cash' && sector.sector === 'Unclassified')
        ? 'Cash and derivatives'
        : sector.sector,
    sectorPublished: published.sector,
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
