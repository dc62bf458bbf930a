import { dec, decimalText } from '@pm/domain/money';
import type { PublishedRow, Warning } from '../published/index.ts';
import { fxPairOf } from './fx-pair.ts';
import { normaliseName } from './names.ts';
import { normaliseTicker } from './tickers.ts';

/** Groups named in one warning at most; the rest is counted. */
const MAX_NAMED = 5;

type Group = { readonly key: string; readonly label: string; readonly rows: PublishedRow[] };

/** What makes two rows of one file one constituent, and how to say it. Null: the row stands alone. */
const joinKey = (row: PublishedRow): { key: string; label: string } | null => {
  if (row.kind === 'cash') {
    return { key: `cash ${row.currency ?? ''}`, label: `${row.currency ?? 'unknown'} cash` };
  }
  if (row.assetClass === 'FX forward') {
    const pair = fxPairOf(row.name) ?? fxPairOf(row.ticker ?? '');
    return pair === null ? null : { key: `fx ${pair}`, label: pair };
  }
  if (row.isin !== null) return { key: `isin ${row.isin}`, label: `ISIN ${row.isin}` };
  if (row.cusip !== null) return { key: `cusip ${row.cusip}`, label: `CUSIP ${row.cusip}` };
  if (row.sedol !== null) return { key: `sedol ${row.sedol}`, label: `SEDOL ${row.sedol}` };
  if (row.figi !== null) return { key: `figi ${row.figi}`, label: `FIGI ${row.figi}` };
  const ticker = normaliseTicker(row.ticker);
  if (ticker === '') return null;
  // Without an identifier only rows that say the same in every respect are one: one ticker can be two companies.
  const place = row.mic ?? row.exchangePublished ?? '';
  const name = row.kind === 'derivative' ? row.name.toUpperCase() : normaliseName(row.name);
  const key = [row.kind, ticker, place, row.country, row.currency ?? '', name].join('|');
  return { key, label: `${row.ticker ?? ''} ${row.name}` };
};

const addUp = (values: ReadonlyArray<string | null>): string | null => {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return decimalText(known.reduce((sum, value) => sum.plus(dec(value)), dec('0')));
};

const sortKey = (row: PublishedRow): string => JSON.stringify({ ...row, rowNumbers: [] });

/** The row that speaks for a group whatever the order of the file: the heaviest, ties by their contents. */
const speaker = (rows: readonly PublishedRow[]): PublishedRow => {
  const ranked = rows.toSorted((a, b) => {
    const byWeight = dec(b.weightPct).abs().cmp(dec(a.weightPct).abs());
    if (byWeight !== 0) return byWeight;
    const [keyA, keyB] = [sortKey(a), sortKey(b)];
    return keyA < keyB ? -1 : Number(keyA > keyB);
  });
  const [first] = ranked;
  if (first === undefined) throw new RangeError('A group of rows is never empty');
  return first;
};

/** Adds rows of one constituent up: weights, values and quantities; what they say otherwise is said by the heaviest. */
export const mergeRows = (rows: readonly PublishedRow[]): PublishedRow => {
  const [only] = rows;
  if (only !== undefined && rows.length === 1) return only;
  const best = speaker(rows);
  const prices = new Set(rows.map((row) => row.price));
  return {
    ...best,
    rowNumbers: rows.flatMap((row) => row.rowNumbers).toSorted((a, b) => a - b),
    weightPct: addUp(rows.map((row) => row.weightPct)) ?? '0',
    marketValue: addUp(rows.map((row) => row.marketValue)),
    notional: addUp(rows.map((row) => row.notional)),
    quantity: addUp(rows.map((row) => row.quantity)),
    price: prices.size === 1 ? best.price : null,
  };
};

/** Cash and currency forwards get the one name that every file's cash and forwards share. */
const renamed = (row: PublishedRow): PublishedRow => {
  if (row.kind === 'cash' && row.currency !== null) {
    return { ...row, ticker: row.currency, name: `${row.currency} cash` };
  }
  const pair = row.assetClass === 'FX forward' ? (fxPairOf(row.name) ?? fxPairOf(row.ticker ?? '')) : null;
  return pair === null ? row : { ...row, ticker: pair, name: pair };
};

const listed = (groups: readonly Group[]): string => {
  const named = groups
    .slice(0, MAX_NAMED)
    .map((group) => `${group.label} (rows ${group.rows.flatMap((row) => row.rowNumbers).join(', ')})`);
  const more = groups.length - named.length;
  return named.join('; ') + (more > 0 ? ` and ${more} more` : '');
};

const warningsOf = (groups: readonly Group[]): Warning[] => {
  const many = groups.filter((group) => group.rows.length > 1);
  const contracts = many.filter((group) => /^(?:cash|fx) /.test(group.key));
  const repeats = many.filter((group) => !contracts.includes(group));
  const warnings: Warning[] = [];
  if (repeats.length > 0) {
    warnings.push({
      code: 'identifier_repeats',
      message: `The same security stands in several rows; their weights were added: ${listed(repeats)}.`,
      rowNumbers: repeats.flatMap((group) => group.rows.flatMap((row) => row.rowNumbers)).slice(0, 20),
    });
  }
  if (contracts.length > 0) {
    const count = contracts.reduce((sum, group) => sum + group.rows.length, 0);
    const labels = contracts.map((group) => group.label).slice(0, MAX_NAMED * 2);
    const more = contracts.length - labels.length;
    warnings.push({
      code: 'rows_joined',
      message: `${count} rows of cash and currency forwards were added up per currency: ${labels.join(', ')}${
        more > 0 ? ` and ${more} more` : ''
      }.`,
    });
  }
  return warnings;
};

/**
 * Joins the rows of one file that are one constituent: one identifier, one currency's cash, one pair's forwards. The
 * result stands in the order of first appearance and says the same whatever the order of the rows was.
 */
export const joinRows = (
  rows: readonly PublishedRow[],
): { readonly rows: readonly PublishedRow[]; readonly warnings: readonly Warning[] } => {
  const groups = new Map<string, Group>();
  for (const [index, row] of rows.entries()) {
    const found = joinKey(row) ?? { key: `row ${index}`, label: row.name };
    const group = groups.get(found.key);
    if (group === undefined) groups.set(found.key, { ...found, rows: [row] });
    else group.rows.push(row);
  }
  const all = [...groups.values()];
  return { rows: all.map((group) => renamed(mergeRows(group.rows))), warnings: warningsOf(all) };
};
