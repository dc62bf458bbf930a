/**
 * What of each table is in a person's archive. Every table with a person in it is listed once: taken out and brought back
 * in, taken out for reading only, or left out, each of the latter with its reason. A test walks the catalogue.
 *
 * Contents: ARCHIVED · SHOWN · LEFT_OUT · ARCHIVE_VERSION
 */

/** Grows when an older archive would be read wrongly. */
export const ARCHIVE_VERSION = 1;

/** A table that is taken out and brought back in. */
export type ArchivedTable = {
  readonly table: string;
  /** Column that says whose row it is. */
  readonly owner: 'user_id' | 'owner_user_id';
  /** Columns that are not taken along, each said why in `LEFT_OUT_COLUMNS`. */
  readonly without?: readonly string[];
  /** The row's own ids and those that rows share among themselves; made anew. */
  readonly own: readonly string[];
  /** Columns that name an instrument. */
  readonly instruments?: readonly string[];
  /** Columns that name other rows of the archive; those that may be lost become null. */
  readonly refers?: Readonly<Record<string, 'needed' | 'lost'>>;
  /** In this order they are taken out and brought in. */
  readonly order: string;
};

/** In the order of what they refer to. */
export const ARCHIVED: readonly ArchivedTable[] = [
  {
    table: 'instruments',
    owner: 'owner_user_id',
    without: ['no'],
    own: ['id'],
    instruments: ['merged_into'],
    order: 'id',
  },
  {
    table: 'instrument_identifiers',
    owner: 'owner_user_id',
    own: ['id'],
    instruments: ['instrument_id'],
    order: 'scheme, value',
  },
  {
    table: 'instrument_names',
    owner: 'owner_user_id',
    own: ['id'],
    instruments: ['instrument_id'],
    order: 'id',
  },
  {
    table: 'instrument_listings',
    owner: 'owner_user_id',
    own: ['id'],
    instruments: ['instrument_id'],
    order: 'id',
  },
  {
    table: 'fund_proxies',
    owner: 'owner_user_id',
    own: ['id'],
    instruments: ['fund_instrument_id', 'proxy_instrument_id'],
    order: 'id',
  },
  { table: 'manual_prices', owner: 'user_id', own: ['id'], instruments: ['instrument_id'], order: 'id' },
  {
    table: 'watched_instruments',
    owner: 'user_id',
    own: ['id'],
    instruments: ['instrument_id'],
    order: 'id',
  },
  {
    table: 'portfolios',
    owner: 'user_id',
    own: ['id', 'deletion_id'],
    refers: { parent_id: 'lost', model_id: 'lost' },
    order: 'id',
  },
  {
    table: 'accounts',
    owner: 'user_id',
    without: ['reference_sealed'],
    own: ['id'],
    refers: { portfolio_id: 'needed' },
    order: 'id',
  },
  {
    table: 'holdings',
    owner: 'user_id',
    own: ['id', 'deletion_id'],
    instruments: ['instrument_id'],
    refers: { portfolio_id: 'needed' },
    order: 'id',
  },
  {
    table: 'holding_debts',
    owner: 'user_id',
    own: ['id'],
    refers: { portfolio_id: 'needed', holding_id: 'needed' },
    order: 'id',
  },
  {
    table: 'trades',
    owner: 'user_id',
    without: ['seq'],
    own: ['id', 'event_id', 'deletion_id', 'import_id'],
    refers: { portfolio_id: 'needed', holding_id: 'needed' },
    order: 'seq',
  },
  {
    table: 'recurring_plans',
    owner: 'user_id',
    own: ['id'],
    refers: { portfolio_id: 'needed' },
    order: 'id',
  },
  {
    table: 'recurring_plan_parts',
    owner: 'user_id',
    own: [],
    refers: { plan_id: 'needed', portfolio_id: 'needed', holding_id: 'needed' },
    order: 'plan_id, position',
  },
  {
    table: 'plan_proposals',
    owner: 'user_id',
    without: ['trade_ids'],
    own: ['id'],
    refers: { plan_id: 'needed', portfolio_id: 'needed' },
    order: 'id',
  },
  {
    table: 'income_decisions',
    owner: 'user_id',
    own: ['id'],
    refers: { portfolio_id: 'needed', holding_id: 'needed', trade_id: 'lost' },
    order: 'id',
  },
  { table: 'deletions', owner: 'user_id', own: ['id'], refers: { portfolio_id: 'needed' }, order: 'id' },
  {
    table: 'statement_imports',
    owner: 'user_id',
    own: ['id'],
    refers: { portfolio_id: 'needed' },
    order: 'id',
  },
  { table: 'statement_mappings', owner: 'user_id', own: [], order: 'signature' },
  {
    table: 'imported_ids',
    owner: 'user_id',
    own: [],
    refers: { target_id: 'needed' },
    order: 'source, kind, source_id',
  },
  { table: 'alerts', owner: 'user_id', own: ['id'], refers: { portfolio_id: 'lost' }, order: 'id' },
  { table: 'chat_messages', owner: 'user_id', own: ['id'], order: 'id' },
];

/** Columns of these tables that no archive carries, and why. */
export const LEFT_OUT_COLUMNS: Readonly<Record<string, string>> = {
  'instruments.no': 'a number of this database only',
  'accounts.reference_sealed': 'encrypted with this install’s own key',
  'plan_proposals.trade_ids': 'the trades are in the archive themselves',
  'trades.seq': 'a number of this database only; the order of the rows says it',
};

/** Tables that are in the archive to be read, and are not brought back in. */
export const SHOWN: readonly {
  readonly table: string;
  readonly owner: string;
  readonly without?: readonly string[];
  readonly order: string;
  readonly reason: string;
}[] = [
  {
    table: 'constituent_imports',
    owner: 'owner_user_id',
    order: 'id',
    reason:
      'the files themselves are in it; they are taken in again like any issuer’s file, and matched anew',
  },
  {
    table: 'portfolio_access',
    owner: 'owner_id',
    order: 'portfolio_id, user_id',
    reason: 'names other people of this install',
  },
  {
    table: 'portfolio_snapshots',
    owner: 'user_id',
    order: 'portfolio_id, date',
    reason: 'written by the daily job',
  },
  {
    table: 'education_progress',
    owner: 'user_id',
    order: 'id',
    reason: 'belongs to the lessons of this install',
  },
  { table: 'sessions', owner: 'user_id', order: 'id', reason: 'belongs to this install' },
  {
    table: 'personal_access_tokens',
    owner: 'user_id',
    without: ['token_hash', 'token_prefix'],
    order: 'id',
    reason: 'the tokens themselves are known to nobody; new ones are made where they are needed',
  },
  { table: 'audit_log', owner: 'user_id', order: 'id', reason: 'written by the database alone' },
  {
    table: 'portfolios_history',
    owner: 'user_id',
    order: 'id, valid_from',
    reason: 'written by the database alone',
  },
  {
    table: 'holdings_history',
    owner: 'user_id',
    order: 'id, valid_from',
    reason: 'written by the database alone',
  },
  {
    table: 'trades_history',
    owner: 'user_id',
    order: 'id, valid_from',
    reason: 'written by the database alone',
  },
];

/** Tables with a person in them of which an archive has nothing, and why. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  constituents: 'made from the files in constituent_imports',
  import_columns: 'made from the files in constituent_imports',
  identity_reviews: 'questions about rows of those files; asked anew when they are taken in again',
  identity_merges: 'what they joined is in the instruments as they are now',
  identity_merge_moves: 'how to undo a merge on this install',
  events: 'announced by issuers; nothing that a person wrote',
  exposure_snapshots: 'computed',
  holding_snapshots: 'computed every day from trades and prices',
  history_changes: 'says which days are to be computed anew',
  overlap_matrices: 'computed',
  import_runs: 'files under way; what they brought is in the other tables',
  idempotency_keys: 'answers kept for a day so that a request sent twice is done once',
  stream_outbox: 'messages on their way to open pages',
  session_tokens: 'secret',
  provider_credentials: 'secret',
  portfolio_invitations: 'open for some days only, and to people of this install',
};
