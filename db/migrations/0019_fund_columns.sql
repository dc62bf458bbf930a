-- What funds hold, ready for adding up: each import's rows once more as columns of numbers, which of them are funds, and
-- funds that are looked through as another one.

-- Small numbers make sums over thousands of securities additions in arrays.
ALTER TABLE pm.instruments ADD COLUMN no integer GENERATED ALWAYS AS IDENTITY;
CREATE UNIQUE INDEX instruments_no ON pm.instruments (no);
COMMENT ON COLUMN pm.instruments.no IS 'Its number within this install, for calculations only: not kept by exports.';
SELECT pm.protect_scoped_table('instruments');

ALTER TABLE pm.constituent_imports ADD COLUMN fund_ids uuid[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN pm.constituent_imports.fund_ids IS 'Its rows that are or may be funds. Kept by triggers, so that the funds in funds are found without reading rows.';
COMMENT ON COLUMN pm.constituent_imports.version IS 'Grows with every change of the import, of its rows, and of what its rows'' securities are: name, type, sector, country, currency, asset class.';
SELECT pm.protect_scoped_table('constituent_imports');

CREATE FUNCTION pm.funds_among(p_import uuid) RETURNS uuid[]
  LANGUAGE sql STABLE
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce(array_agg(c.child_instrument_id ORDER BY c.child_instrument_id), '{}')
  FROM pm.constituents c JOIN pm.instruments i ON i.id = c.child_instrument_id
  WHERE c.import_id = p_import AND i.type IN ('ETF', 'Fund', 'Other')
$$;
REVOKE ALL ON FUNCTION pm.funds_among(uuid) FROM PUBLIC;

UPDATE pm.constituent_imports SET fund_ids = pm.funds_among(id) WHERE pm.funds_among(id) <> '{}';

-- Definer, because an administrator's change of a shared security concerns everybody's private imports that hold it.
CREATE FUNCTION pm.note_rows_changed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  UPDATE pm.constituent_imports i SET fund_ids = pm.funds_among(i.id)
  WHERE i.id IN (SELECT DISTINCT r.import_id FROM changed_rows r);
  RETURN NULL;
END
$$;
CREATE FUNCTION pm.note_security_changed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF NEW.type <> OLD.type THEN
    UPDATE pm.constituent_imports i SET fund_ids = pm.funds_among(i.id)
    WHERE i.id IN (SELECT c.import_id FROM pm.constituents c WHERE c.child_instrument_id = NEW.id);
  ELSE
    -- What does not count now gets a new version when it counts again.
    UPDATE pm.constituent_imports i SET fund_ids = i.fund_ids
    WHERE i.status = 'active' AND i.id IN (SELECT c.import_id FROM pm.constituents c WHERE c.child_instrument_id = NEW.id);
  END IF;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION pm.note_rows_changed(), pm.note_security_changed() FROM PUBLIC;
CREATE TRIGGER note_new_rows AFTER INSERT ON pm.constituents REFERENCING NEW TABLE AS changed_rows
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_rows_changed();
CREATE TRIGGER note_changed_rows AFTER UPDATE ON pm.constituents REFERENCING NEW TABLE AS changed_rows
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_rows_changed();
CREATE TRIGGER note_lost_rows AFTER DELETE ON pm.constituents REFERENCING OLD TABLE AS changed_rows
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_rows_changed();
CREATE TRIGGER note_changed_security AFTER UPDATE OF name, type, sector, country, currency, asset_class ON pm.instruments
  FOR EACH ROW WHEN (
    (OLD.name, OLD.type, OLD.sector, OLD.country, OLD.currency, OLD.asset_class)
    IS DISTINCT FROM (NEW.name, NEW.type, NEW.sector, NEW.country, NEW.currency, NEW.asset_class))
  EXECUTE FUNCTION pm.note_security_changed();

CREATE TABLE pm.import_columns (
  import_id uuid PRIMARY KEY REFERENCES pm.constituent_imports (id) ON DELETE CASCADE,
  owner_user_id uuid REFERENCES pm.users (id) ON DELETE CASCADE,
  import_version integer NOT NULL,
  instrument bytea NOT NULL,
  attribute bytea NOT NULL,
  weight bytea NOT NULL,
  market bytea,
  has_market_gaps boolean NOT NULL DEFAULT false,
  attributes jsonb NOT NULL CHECK (jsonb_typeof(attributes) = 'array'),
  funds jsonb NOT NULL CHECK (jsonb_typeof(funds) = 'array'),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX import_columns_owner ON pm.import_columns (owner_user_id) WHERE owner_user_id IS NOT NULL;
-- Read whole and at once: unpacking would take longer than reading more bytes.
ALTER TABLE pm.import_columns ALTER COLUMN instrument SET STORAGE EXTERNAL, ALTER COLUMN attribute SET STORAGE EXTERNAL,
  ALTER COLUMN weight SET STORAGE EXTERNAL, ALTER COLUMN market SET STORAGE EXTERNAL;
CREATE TRIGGER import_scope_of_new AFTER INSERT ON pm.import_columns REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION pm.check_import_scope_rows();
CREATE TRIGGER import_scope_of_changed AFTER UPDATE ON pm.import_columns REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION pm.check_import_scope_rows();
COMMENT ON TABLE pm.import_columns IS 'The rows of an import that counts, as columns of numbers in order of the securities. Made by the worker of pm.constituents; of use only while import_version is the import''s version.';
COMMENT ON COLUMN pm.import_columns.owner_user_id IS 'Always that of the import.';
COMMENT ON COLUMN pm.import_columns.instrument IS 'pm.instruments.no of each row: int4, little-endian, ascending.';
COMMENT ON COLUMN pm.import_columns.attribute IS 'Place in attributes of each row: int4, little-endian.';
COMMENT ON COLUMN pm.import_columns.weight IS 'Published weight of each row, per cent: float8, little-endian.';
COMMENT ON COLUMN pm.import_columns.market IS 'Each row''s share of the market values, per cent: float8, little-endian. NULL: there are none to divide by.';
COMMENT ON COLUMN pm.import_columns.attributes IS 'Sets of sector, country, currency, asset class and kind, the securities'' own filled in.';
COMMENT ON COLUMN pm.import_columns.funds IS 'Rows that are or may be funds: place, instrument and name of each.';
SELECT pm.protect_scoped_table('import_columns');
-- Only remembers what was computed.
SELECT pm.make_quiet('import_columns');

CREATE TABLE pm.fund_proxies (
  id uuid PRIMARY KEY,
  owner_user_id uuid REFERENCES pm.users (id) ON DELETE CASCADE,
  fund_instrument_id uuid NOT NULL REFERENCES pm.instruments (id) ON DELETE CASCADE,
  proxy_instrument_id uuid NOT NULL REFERENCES pm.instruments (id) ON DELETE CASCADE,
  valid_from pm.day,
  note text CHECK (char_length(note) BETWEEN 1 AND 500),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT fund_proxies_one UNIQUE NULLS NOT DISTINCT (fund_instrument_id, owner_user_id),
  CONSTRAINT fund_proxies_another CHECK (fund_instrument_id <> proxy_instrument_id)
);
CREATE INDEX fund_proxies_proxy ON pm.fund_proxies (proxy_instrument_id);
CREATE INDEX fund_proxies_owner ON pm.fund_proxies (owner_user_id) WHERE owner_user_id IS NOT NULL;
CREATE TRIGGER touch BEFORE UPDATE ON pm.fund_proxies FOR EACH ROW EXECUTE FUNCTION pm.touch_version();
SELECT pm.guard_instrument_scope('fund_proxies', 'fund_instrument_id', 'owner_user_id');
SELECT pm.guard_instrument_scope('fund_proxies', 'proxy_instrument_id', 'owner_user_id');
COMMENT ON TABLE pm.fund_proxies IS 'Assumptions: a fund whose holdings are not known on a day is looked through as another one.';
COMMENT ON COLUMN pm.fund_proxies.owner_user_id IS 'NULL: for everybody. Otherwise for this person only, who prefers it over a shared one.';
COMMENT ON COLUMN pm.fund_proxies.valid_from IS 'First day on which the assumption is made; NULL: ever.';
SELECT pm.protect_scoped_table('fund_proxies');
