import type { ReactNode } from 'react';

/** One column of a table: how it reads, sorts and exports. */
export type TableColumn<T> = {
  readonly id: string;
  /** The heading in words; also names the column in the exported file. */
  readonly label: string;
  /** Unit of the figures, shown in the heading. */
  readonly unit?: string | undefined;
  readonly numeric?: boolean;
  readonly cell: (row: T) => ReactNode;
  /** The cell as text for CSV: exact figures, not rounded ones. */
  readonly text: (row: T) => string;
  /** Smaller first; given = the column sorts. */
  readonly compare?: ((one: T, other: T) => number) | undefined;
  /** Shortest sensible width in pixels. */
  readonly width?: number | undefined;
  /** Only where there is room for it: left out on a phone, always in the file. */
  readonly wide?: boolean;
  /** The heading is only read out: buttons say for themselves what they do. */
  readonly quiet?: boolean;
};

/** The order of a table, as it stands in the URL: `value.desc`. */
export type TableSort = { readonly id: string; readonly desc: boolean };

export const sortText = (sort: TableSort): string => `${sort.id}.${sort.desc ? 'desc' : 'asc'}`;

/** Reads `value.desc`; anything else is no order. */
export const readSort = (text: string | undefined): TableSort | undefined => {
  const found = /^([A-Za-z]+)\.(asc|desc)$/.exec(text ?? '');
  const id = found?.[1];
  return id === undefined ? undefined : { id, desc: found?.[2] === 'desc' };
};

/** Made once: for thousands of rows a comparison that sets up its own rules each time takes seconds. */
const words = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Orders text as a person expects: by the locale's rules, digits by value. */
export const byText =
  <T>(read: (row: T) => string) =>
  (one: T, other: T): number =>
    words.compare(read(one), read(other));

/** Orders exact decimals without turning them into numbers; missing ones come last when ascending is reversed too. */
export const byDecimal =
  <T>(read: (row: T) => string | null) =>
  (one: T, other: T): number => {
    const [a, b] = [read(one), read(other)];
    if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
    return compareDecimals(a, b);
  };

export const byNumber =
  <T>(read: (row: T) => number | null) =>
  (one: T, other: T): number =>
    (read(one) ?? Number.NEGATIVE_INFINITY) - (read(other) ?? Number.NEGATIVE_INFINITY);

/** Exact order of two plain decimal strings, whatever their length. */
export const compareDecimals = (one: string, other: string): number => {
  const [a, b] = [parts(one), parts(other)];
  if (a.negative !== b.negative) return a.negative ? -1 : 1;
  const size =
    a.whole.length - b.whole.length || compareText(a.whole, b.whole) || compareText(a.places, b.places);
  return a.negative ? -size : size;
};

const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const parts = (value: string): { negative: boolean; whole: string; places: string } => {
  const [whole = '', places = ''] = value.replace('-', '').split('.');
  const trimmed = { whole: whole.replace(/^0+/, ''), places: places.replace(/0+$/, '') };
  return { negative: value.startsWith('-') && trimmed.whole + trimmed.places !== '', ...trimmed };
};

type Extra<T> = Partial<Pick<TableColumn<T>, 'cell' | 'unit' | 'width'>>;

/** A column of words, in the order of the person's language. */
export const textColumn = <T>(
  column: Extra<T> & { id: string; label: string; read: (row: T) => string },
): TableColumn<T> => ({
  cell: column.read,
  ...column,
  text: column.read,
  compare: byText(column.read),
});

/** A column of percentages or counts, which are numbers; `write` puts them into words. */
export const numberColumn = <T>(
  column: Extra<T> & {
    id: string;
    label: string;
    read: (row: T) => number | null;
    write: (value: number) => string;
  },
): TableColumn<T> => ({
  cell: (row) => {
    const value = column.read(row);
    return value === null ? '' : column.write(value);
  },
  ...column,
  numeric: true,
  text: (row) => String(column.read(row) ?? ''),
  compare: byNumber(column.read),
});

/** A column of exact decimals: amounts, prices, quantities. */
export const decimalColumn = <T>(
  column: Extra<T> & {
    id: string;
    label: string;
    read: (row: T) => string | null;
    cell: (row: T) => ReactNode;
  },
): TableColumn<T> => ({
  ...column,
  numeric: true,
  text: (row) => column.read(row) ?? '',
  compare: byDecimal(column.read),
});
