/** The columns of the holdings that a person may choose, in their order. The holding's name always stands first. */
export const COLUMNS = [
  'value',
  'share',
  'qty',
  'price',
  'gain',
  'gainPct',
  'cost',
  'avgCost',
  'realised',
  'income',
  'total',
  'byPrice',
  'byCurrency',
  'type',
  'isin',
  'target',
  'notes',
] as const;
export type ColumnId = (typeof COLUMNS)[number];

/** Names of where a holding belongs, which stand under its own. */
export const PLACES = ['section', 'theme', 'account'] as const;
export type PlaceId = (typeof PLACES)[number];

export type Choosable = ColumnId | PlaceId;

/** Columns that rest on what was gained since the first trade, which is fetched only for them. */
const OF_GAIN: readonly ColumnId[] = ['realised', 'income', 'total', 'byPrice', 'byCurrency'];

/** Not shown until somebody asks for them. */
const HIDDEN_AT_FIRST: readonly Choosable[] = [...OF_GAIN, 'type', 'isin', 'target', 'notes'];

export type Stored = Readonly<Record<string, boolean>>;

/** Whether a column is shown: as the portfolio's settings say, else as it is at first. */
export const isShown = (stored: Stored, id: Choosable): boolean =>
  stored[id] ?? !HIDDEN_AT_FIRST.includes(id);

export const shownColumns = (stored: Stored): readonly ColumnId[] =>
  COLUMNS.filter((id) => isShown(stored, id));

export const needsGains = (stored: Stored): boolean => OF_GAIN.some((id) => isShown(stored, id));
