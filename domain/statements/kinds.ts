/**
 * What a broker's statement says: its rows as entries of a ledger, and what cannot be read of them in words.
 *
 * Contents: STATEMENT_FIELDS · ENTRY_TYPES · StatementSecurity · StatementEntry · RowProblem · RawEntry · Conventions ·
 * Reading · StatementPreset · StatementError
 */
import type { Decimal } from '@pm/domain/money';

/** Columns that a general statement may have; a mapping says which header each is under. */
export const STATEMENT_FIELDS = [
  'date',
  'type',
  'isin',
  'sedol',
  'ticker',
  'exchange',
  'name',
  'qty',
  'price',
  'priceUnit',
  'amount',
  'debit',
  'credit',
  'currency',
  'fees',
  'taxes',
  'fxFee',
  'fxRate',
  'split',
  'reference',
  'notes',
] as const;
export type StatementField = (typeof STATEMENT_FIELDS)[number];

/** What a row of a statement can be. */
export const ENTRY_TYPES = [
  'buy',
  'sell',
  'dividend',
  'interest',
  'fee',
  'tax',
  'split',
  'deposit',
  'withdrawal',
] as const;
export type EntryType = (typeof ENTRY_TYPES)[number];

/** What a row says of the security; identifiers only where their check digits hold. */
export type StatementSecurity = {
  readonly isin: string | null;
  readonly sedol: string | null;
  readonly ticker: string | null;
  /** The exchange's code, where the row names it as one. */
  readonly mic: string | null;
  readonly name: string | null;
};

/** A sum with the currency that it is in. */
export type Sum = { readonly amount: Decimal; readonly currency: string };

/** One row that can be recorded. Amounts are not negative; the type says the direction. */
export type StatementEntry = {
  /** Line of the file, from 1. */
  readonly row: number;
  readonly type: EntryType;
  /** Day, and where the file has it the time, as text that sorts: `2024-01-31` or `2024-01-31 10:15:00`. */
  readonly at: string;
  readonly date: Temporal.PlainDate;
  readonly security: StatementSecurity | null;
  readonly qty: Decimal | null;
  /** Price of one unit, in `currency` (pence have become pounds). */
  readonly price: Decimal | null;
  /** Unit in which the price was written. */
  readonly quoteUnit: string;
  readonly currency: string;
  readonly fees: Decimal;
  readonly taxes: Decimal;
  /** The currency of fees and taxes. */
  readonly chargesIn: string;
  /** What moved in cash, where the file says it. */
  readonly total: Sum | null;
  /** Units of the cash's currency for one of the trade's, as the file says. */
  readonly rate: Decimal | null;
  readonly split: { readonly numerator: number; readonly denominator: number } | null;
  readonly reference: string | null;
  readonly notes: string | null;
};

/** Why a row cannot be recorded, and what to do. */
export type RowProblem = { readonly row: number; readonly field: string; readonly message: string };

/** The texts of a row, under the names that every preset uses. */
export type RawEntry = {
  readonly type: EntryType;
  readonly date: string;
  readonly isin?: string | undefined;
  readonly sedol?: string | undefined;
  readonly ticker?: string | undefined;
  readonly exchange?: string | undefined;
  readonly name?: string | undefined;
  readonly qty?: string | undefined;
  readonly price?: string | undefined;
  /** A currency, or a hundredth of one such as GBX. */
  readonly priceUnit?: string | undefined;
  /** What moved in cash, of either sign. */
  readonly total?: string | undefined;
  readonly totalCurrency?: string | undefined;
  readonly fees?: readonly (string | undefined)[];
  readonly taxes?: readonly (string | undefined)[];
  readonly chargesIn?: string | undefined;
  readonly rate?: string | undefined;
  /** How the file writes its rate: what one unit of the trade's currency is worth, or what one of the cash's buys. */
  readonly rateIs?: 'cash-per-unit' | 'unit-per-cash' | undefined;
  readonly split?: string | undefined;
  readonly reference?: string | undefined;
  readonly notes?: string | undefined;
  /** What the cash moved beyond quantity × price are the fees, since the file has no column for them. */
  readonly feesFollow?: boolean;
};

export type DayOrder = 'dmy' | 'mdy' | 'ymd';

/** How a file writes days and numbers. */
export type Conventions = {
  /** Null: not known, so a day that can be read in two ways is refused. */
  readonly dayOrder: DayOrder | null;
  readonly decimalSign: 'point' | 'comma';
  /** The currency where a row says none. */
  readonly currency: string;
};

/** What a preset makes of one row. */
export type Reading =
  | RawEntry
  | { readonly leftOut: string }
  | { readonly problem: { readonly field: string; readonly message: string } };

/** The cell under a header, trimmed; empty when there is no such column. */
export type Cells = (header: string) => string;

/** A broker's way of writing statements. */
export type StatementPreset = {
  readonly id: string;
  readonly title: string;
  /** Whether its columns are published by people who read real files, or put together from descriptions. */
  readonly known: 'documented' | 'inferred';
  /** Headers that must all be there, as `foldHeader` writes them. One list for each form of the file. */
  readonly headers: readonly (readonly string[])[];
  readonly conventions: Conventions;
  /** The file lists trades only, so that it says nothing of the cash. */
  readonly tradesOnly: boolean;
  readonly read: (cells: Cells) => Reading;
};

/** A statement that cannot be taken, in words for the person who sent it. */
export class StatementError extends Error {
  override readonly name = 'StatementError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
