-- What funds hold, as their issuers published it: imports (versions), their rows, and matches to be decided.

CREATE TABLE pm.constituent_imports (
  id uuid PRIMARY KEY,
  parent_instrument_id uuid NOT NULL REFERENCES pm.instruments (id) ON DELETE CASCADE,
  owner_user_id uuid REFERENCES pm.users (id) ON DELETE CASCADE,
  imported_by uuid REFERENCES pm.users (id) ON DELETE SET NULL,
  as_of pm.day NOT NULL,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'superseded', 'withdrawn')),
  format text NOT NULL CHECK (char_length(format) BETWEEN 1 AND 100),
  checksum_sha256 bytea NOT NULL CHECK (octet_length(checksum_sha256) = 32),
  file_name text CHECK (char_length(file_name) BETWEEN 1 AND 255),
  content_type text CHECK (char_length(content_type) BETWEEN 1 AND 255),
  raw_file bytea NOT NULL,
  raw_encoding text NOT NULL DEFAULT 'identity' CHECK (raw_encoding IN ('identity', 'gzip', 'br', 'zstd')),
  raw_size_bytes bigint NOT NULL CHECK (raw_size_bytes > 0),
  currency pm.currency_code,
  weight_sum pm.amount NOT NULL,
  row_count integer NOT NULL CHECK (row_count >= 0),
  matched_count integer NOT NULL DEFAULT 0 CHECK (matched_count >= 0),
  unmatched_count integer NOT NULL DEFAULT 0 CHECK (unmatched_count >= 0),
  forced boolean NOT NULL DEFAULT false,
  report jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(report) = 'object'),
  superseded_by uuid REFERENCES pm.constituent_imports (id) ON DELETE SET NULL,
  status_changed_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT constituent_imports_successor CHECK (superseded_by IS NULL OR status = 'superseded')
);
-- The file is kept as it came, mostly compressed already.
ALTER TABLE pm.constituent_imports ALTER COLUMN raw_file SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX constituent_imports_one_active ON pm.constituent_imports (parent_instrument_id, owner_user_id, as_of)
  NULLS NOT DISTINCT WHERE status = 'active';
CREATE INDEX constituent_imports_parent ON pm.constituent_imports (parent_instrument_id, as_of DESC);
CREATE INDEX constituent_imports_owner ON pm.constituent_imports (owner_user_id);
CREATE INDEX constituent_imports_imported_by ON pm.constituent_imports (imported_by) WHERE imported_by IS NOT NULL;
CREATE INDEX constituent_imports_superseded_by ON pm.constituent_imports (superseded_by) WHERE superseded_by IS NOT NULL;
CREATE TRIGGER touch BEFORE UPDATE ON pm.constituent_imports FOR EACH ROW EXECUTE FUNCTION pm.touch_version();
SELECT pm.guard_instrument_scope('constituent_imports', 'parent_instrument_id', 'owner_user_id');
COMMENT ON TABLE pm.constituent_imports IS 'One published list of what a fund holds. A later file for the same day supersedes it; an undone one is withdrawn; nothing is overwritten.';
COMMENT ON COLUMN pm.constituent_imports.owner_user_id IS 'NULL: counts for everybody. Otherwise for this person only, who prefers it over a shared one.';
COMMENT ON COLUMN pm.constituent_imports.as_of IS 'The day for which the issuer published it.';
COMMENT ON COLUMN pm.constituent_imports.raw_file IS 'The file as received, in raw_encoding. Select it only to hand it back.';
COMMENT ON COLUMN pm.constituent_imports.raw_size_bytes IS 'Size as received, in bytes.';
COMMENT ON COLUMN pm.constituent_imports.currency IS 'Currency of market_value and notional in its rows, when the file says so.';
COMMENT ON COLUMN pm.constituent_imports.weight_sum IS 'Sum of the published weights, per cent.';
COMMENT ON COLUMN pm.constituent_imports.row_count IS 'Rows of the file that were read as constituents.';
COMMENT ON COLUMN pm.constituent_imports.forced IS 'Accepted although its weights sum to less than 98 or more than 102.';
COMMENT ON COLUMN pm.constituent_imports.report IS 'What was read, matched, left out and warned of.';

CREATE TABLE pm.constituents (
  import_id uuid NOT NULL REFERENCES pm.constituent_imports (id) ON DELETE CASCADE,
  child_instrument_id uuid NOT NULL REFERENCES pm.instruments (id) ON DELETE CASCADE,
  owner_user_id uuid REFERENCES pm.users (id) ON DELETE CASCADE,
  weight pm.amount NOT NULL,
  market_value pm.amount,
  notional pm.amount,
  quantity pm.amount,
  price pm.amount,
  currency pm.currency_code,
  asset_class text CHECK (char_length(asset_class) BETWEEN 1 AND 100),
  sector text CHECK (char_length(sector) BETWEEN 1 AND 100),
  country text CHECK (char_length(country) BETWEEN 1 AND 100),
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 500),
  ticker text CHECK (char_length(ticker) <= 100),
  isin text CHECK (char_length(isin) <= 50),
  cusip text CHECK (char_length(cusip) <= 50),
  sedol text CHECK (char_length(sedol) <= 50),
  exchange text CHECK (char_length(exchange) <= 255),
  asset_class_published text CHECK (char_length(asset_class_published) <= 255),
  sector_published text CHECK (char_length(sector_published) <= 255),
  country_published text CHECK (char_length(country_published) <= 255),
  currency_published text CHECK (char_length(currency_published) <= 100),
  row_numbers integer[] NOT NULL CHECK (cardinality(row_numbers) >= 1),
  row_count integer NOT NULL GENERATED ALWAYS AS (cardinality(row_numbers)) STORED,
  match_method text NOT NULL CHECK (char_length(match_method) BETWEEN 1 AND 50),
  match_confidence numeric(4, 3) NOT NULL CHECK (match_confidence >= 0 AND match_confidence <= 1),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (import_id, child_instrument_id)
);
CREATE INDEX constituents_child ON pm.constituents (child_instrument_id);
CREATE INDEX constituents_owner ON pm.constituents (owner_user_id) WHERE owner_user_id IS NOT NULL;
SELECT pm.guard_instrument_scope('constituents', 'child_instrument_id', 'owner_user_id');
COMMENT ON TABLE pm.constituents IS 'What an import says its fund holds: one row per security. Rows of one security are added up; row_numbers says which.';
COMMENT ON COLUMN pm.constituents.owner_user_id IS 'Always that of the import; here so that row-level security needs no join.';
COMMENT ON COLUMN pm.constituents.weight IS 'Published weight, per cent; negative for short positions and cash owed.';
COMMENT ON COLUMN pm.constituents.market_value IS 'In the import''s currency.';
COMMENT ON COLUMN pm.constituents.notional IS 'In the import''s currency.';
COMMENT ON COLUMN pm.constituents.quantity IS 'Units, shares or nominal, as published.';
COMMENT ON COLUMN pm.constituents.price IS 'Per unit in currency, as published.';
COMMENT ON COLUMN pm.constituents.currency IS 'Currency of exposure, canonical.';
COMMENT ON COLUMN pm.constituents.asset_class IS 'Canonical English word; NULL where the file has none or it is not known. Likewise sector (GICS) and country (ISO English short name).';
COMMENT ON COLUMN pm.constituents.sector_published IS 'The issuer''s own word. Likewise the other _published columns.';
COMMENT ON COLUMN pm.constituents.ticker IS 'As published, as are isin, cusip, sedol, exchange and name.';
COMMENT ON COLUMN pm.constituents.row_numbers IS 'Lines of the file, from 1.';
COMMENT ON COLUMN pm.constituents.match_method IS 'How the row was matched to its security, e.g. isin, cusip, ticker-exchange-name, new.';
COMMENT ON COLUMN pm.constituents.match_confidence IS 'From 0 (kept apart, unsure) to 1 (certain).';

CREATE TABLE pm.identity_reviews (
  id uuid PRIMARY KEY,
  owner_user_id uuid REFERENCES pm.users (id) ON DELETE CASCADE,
  import_id uuid NOT NULL REFERENCES pm.constituent_imports (id) ON DELETE CASCADE,
  row_number integer NOT NULL CHECK (row_number >= 1),
  row_key text NOT NULL CHECK (char_length(row_key) BETWEEN 1 AND 500),
  child_instrument_id uuid REFERENCES pm.instruments (id) ON DELETE CASCADE,
  candidate_instrument_ids uuid[] NOT NULL DEFAULT '{}',
  evidence jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(evidence) = 'object'),
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'same', 'different')),
  chosen_instrument_id uuid REFERENCES pm.instruments (id) ON DELETE SET NULL,
  decided_by uuid REFERENCES pm.users (id) ON DELETE SET NULL,
  decided_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (import_id, row_number),
  CONSTRAINT identity_reviews_decision CHECK ((status = 'open') = (decided_at IS NULL)),
  CONSTRAINT identity_reviews_choice CHECK (chosen_instrument_id IS NULL OR status = 'same')
);
CREATE INDEX identity_reviews_open ON pm.identity_reviews (owner_user_id, created_at) WHERE status = 'open';
CREATE INDEX identity_reviews_owner ON pm.identity_reviews (owner_user_id);
CREATE INDEX identity_reviews_key ON pm.identity_reviews (row_key);
CREATE INDEX identity_reviews_child ON pm.identity_reviews (child_instrument_id);
CREATE INDEX identity_reviews_chosen ON pm.identity_reviews (chosen_instrument_id) WHERE chosen_instrument_id IS NOT NULL;
CREATE INDEX identity_reviews_decided_by ON pm.identity_reviews (decided_by) WHERE decided_by IS NOT NULL;
CREATE TRIGGER touch BEFORE UPDATE ON pm.identity_reviews FOR EACH ROW EXECUTE FUNCTION pm.touch_version();
SELECT pm.guard_instrument_scope('identity_reviews', 'child_instrument_id', 'owner_user_id');
SELECT pm.guard_instrument_scope('identity_reviews', 'chosen_instrument_id', 'owner_user_id');
COMMENT ON TABLE pm.identity_reviews IS 'Rows that may be a security which is already known. Nothing is guessed: the row stays apart until somebody decides.';
COMMENT ON COLUMN pm.identity_reviews.row_key IS 'The row''s normalised identity; a decision holds for later files with the same key.';
COMMENT ON COLUMN pm.identity_reviews.child_instrument_id IS 'The security made for the row in the meantime.';
COMMENT ON COLUMN pm.identity_reviews.candidate_instrument_ids IS 'Securities that it may be, the likeliest first.';

-- A row's scope is its import's. NULL cannot be part of a foreign key that is enforced, hence a trigger.
CREATE FUNCTION pm.check_import_scope_rows() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM (SELECT DISTINCT n.import_id, n.owner_user_id FROM new_rows n) n
    LEFT JOIN pm.constituent_imports i ON i.id = n.import_id
    WHERE i.id IS NULL OR i.owner_user_id IS DISTINCT FROM n.owner_user_id
  ) THEN
    RAISE EXCEPTION 'rows belong to another scope than their import'
      USING ERRCODE = 'foreign_key_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
        COLUMN = 'import_id', CONSTRAINT = TG_TABLE_NAME || '_import_scope';
  END IF;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION pm.check_import_scope_rows() FROM PUBLIC;
CREATE TRIGGER import_scope_of_new AFTER INSERT ON pm.constituents REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION pm.check_import_scope_rows();
CREATE TRIGGER import_scope_of_changed AFTER UPDATE ON pm.constituents REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION pm.check_import_scope_rows();
CREATE TRIGGER import_scope_of_new AFTER INSERT ON pm.identity_reviews REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION pm.check_import_scope_rows();
CREATE TRIGGER import_scope_of_changed AFTER UPDATE ON pm.identity_reviews REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION pm.check_import_scope_rows();

SELECT pm.protect_scoped_table('constituent_imports');
SELECT pm.protect_scoped_table('constituents');
SELECT pm.protect_scoped_table('identity_reviews');
