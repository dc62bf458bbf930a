/**
 * Any table: a mapping says under which header each field is.
 *
 * Contents: StatementMapping · generalPreset · guessColumns
 */
import { foldHeader } from '../cells.ts';
import type { Conventions, StatementField, StatementPreset } from '../kinds.ts';
import { cashBySign, typeOf } from './words.ts';

/** Field → header as the file writes it. */
export type ColumnMapping = Readonly<Partial<Record<StatementField, string>>>;

/** Headers under which people and brokers put each field. */
const USUAL: Readonly<Record<StatementField, readonly string[]>> = {
  date: [
    'date',
    'trade date',
    'transaction date',
    'time',
    'timestamp',
    'day',
    'deal date',
    'trade date time',
  ],
  type: ['type', 'action', 'transaction', 'transaction type', 'activity', 'buy sell', 'side', 'direction'],
  isin: ['isin'],
  sedol: ['sedol'],
  ticker: ['ticker', 'symbol', 'epic', 'tidm', 'code'],
  exchange: ['exchange', 'mic', 'market'],
  name: ['name', 'security', 'instrument', 'stock', 'investment', 'fund', 'title', 'asset'],
  qty: ['quantity', 'qty', 'shares', 'units', 'no of shares', 'number of shares'],
  price: ['price', 'share price', 'unit price', 'price per share', 'unit cost', 'price share'],
  priceUnit: ['price currency', 'currency price share', 'quote unit', 'price unit'],
  amount: [
    'amount',
    'total',
    'value',
    'net amount',
    'total amount',
    'consideration',
    'value £',
    'amount £',
    'amount gbp',
  ],
  debit: ['debit', 'paid out', 'payment', 'debit £'],
  credit: ['credit', 'paid in', 'receipt', 'credit £'],
  currency: ['currency', 'account currency', 'currency total', 'ccy'],
  fees: ['fee', 'fees', 'commission', 'charges', 'dealing charge'],
  taxes: ['tax', 'taxes', 'stamp duty', 'withholding tax'],
  fxFee: ['fx fee', 'fx charge', 'conversion fee', 'currency conversion fee'],
  fxRate: ['fx rate', 'exchange rate', 'rate'],
  split: ['split', 'split ratio', 'ratio'],
  reference: ['reference', 'ref', 'id', 'order id', 'transaction id'],
  notes: ['notes', 'description', 'details', 'comment', 'memo'],
};

/** Which headers mean which field, where a header says so in the usual words. */
export const guessColumns = (headers: readonly string[]): ColumnMapping => {
  const found: Partial<Record<StatementField, string>> = {};
  const taken = new Set<string>();
  for (const [field, names] of Object.entries(USUAL) as [StatementField, readonly string[]][]) {
    for (const name of names) {
      const header = headers.find((one) => !taken.has(one) && foldHeader(one) === name);
      if (header === undefined) continue;
      found[field] = header;
      taken.add(header);
      break;
    }
  }
  return found;
};

/** What moved in cash: one column with a sign, or two of which one is filled in. */
const totalOf = (cell: (field: StatementField) => string, hasAmount: boolean): string => {
  if (hasAmount) return cell('amount');
  return /[1-9]/.test(cell('debit')) ? `-${cell('debit').replace(/^-/, '')}` : cell('credit');
};

/** A way of reading a table by its mapping. */
export const generalPreset = (
  columns: ColumnMapping,
  conventions: Conventions,
  priceUnit: string | undefined,
): StatementPreset => {
  const folded = new Map(Object.entries(columns).map(([field, header]) => [field, foldHeader(header)]));
  return {
    id: 'general',
    title: 'A table with chosen columns',
    known: 'documented',
    headers: [],
    conventions,
    tradesOnly: columns.amount === undefined && columns.debit === undefined && columns.credit === undefined,
    read: (cells) => {
      const cell = (field: StatementField): string => {
        const header = folded.get(field);
        return header === undefined ? '' : cells(header);
      };
      const total = totalOf(cell, columns.amount !== undefined);
      const word = cell('type');
      const said = typeOf(word === '' ? cell('notes') : word);
      const isTrade = /[1-9]/.test(cell('qty'));
      const type = said ?? (word === '' && !isTrade && total !== '' ? cashBySign(total) : null);
      if (type === null) {
        const shown =
          word === ''
            ? 'Nothing says what this row is'
            : `“${word.slice(0, 60)}” is no kind of transaction that is known here`;
        return {
          problem: {
            field: 'type',
            message: `${shown}. Choose the column that says it, or leave the row out.`,
          },
        };
      }
      return {
        type,
        date: cell('date'),
        isin: cell('isin'),
        sedol: cell('sedol'),
        ticker: cell('ticker'),
        exchange: cell('exchange'),
        ...((type === 'buy' || type === 'sell' || type === 'dividend' || type === 'split') && {
          name: cell('name'),
        }),
        qty: cell('qty'),
        price: cell('price'),
        priceUnit:
          cell('priceUnit') === ''
            ? (priceUnit ?? (cell('currency') === '' ? undefined : cell('currency')))
            : cell('priceUnit'),
        total,
        totalCurrency: cell('currency') === '' ? undefined : cell('currency'),
        fees: [cell('fees'), cell('fxFee')],
        taxes: [cell('taxes')],
        rate: cell('fxRate'),
        rateIs: 'cash-per-unit',
        split: cell('split') === '' ? undefined : cell('split'),
        reference: cell('reference'),
        notes: cell('notes'),
        feesFollow: columns.fees === undefined && columns.fxFee === undefined && columns.taxes === undefined,
      };
    },
  };
};
