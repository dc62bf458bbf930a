-- Instruments (one per security), by what they are identified, and where they are traded.
-- owner_user_id NULL: shared with everybody. Otherwise private to that person, who prefers it over a shared one.

CREATE TABLE pm.instruments (
  id uuid PRIMARY KEY,
  owner_user_id uuid REFERENCES pm.users (id) ON DELETE CASCADE,
  type text NOT NULL CHECK (type IN ('ETF', 'Stock', 'Bond', 'Crypto', 'Fund', 'Cash', 'Other', 'Derivative', 'Property', 'Commodity')),
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 255),
  currency pm.currency_code NOT NULL DEFAULT 'GBP',
  country text CHECK (char_length(country) BETWEEN 1 AND 100),
  sector text CHECK (char_length(sector) BETWEEN 1 AND 100),
  industry text CHECK (char_length(industry) BETWEEN 1 AND 150),
  asset_class text CHECK (char_length(asset_class) BETWEEN 1 AND 100),
  metadata jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object' AND octet_length(metadata::text) <= 65536),
  is_demo boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX instruments_owner ON pm.instruments (owner_user_id);
CREATE INDEX instruments_type ON pm.instruments (type);
CREATE INDEX instruments_name ON pm.instruments (lower(name));
CREATE INDEX instruments_metadata ON pm.instruments USING gin (metadata jsonb_path_ops);
-- The operator class is looked up: on a server of one's own the extension may live in another schema.
DO $$
BEGIN
  EXECUTE format('CREATE INDEX instruments_name_words ON pm.instruments USING gin (lower(name) %I.gin_trgm_ops)',
    (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm'));
END
$$;
CREATE TRIGGER touch BEFORE UPDATE ON pm.instruments FOR EACH ROW EXECUTE FUNCTION pm.touch_version();
COMMENT ON TABLE pm.instruments IS 'One row per security, fund, currency held as cash, property or other thing that can be held.';
COMMENT ON COLUMN pm.instruments.currency IS 'Currency it is denominated in; each listing has its own trading currency.';
COMMENT ON COLUMN pm.instruments.country IS 'Country of exposure: ISO 3166 English short name in everyday form ("United States"). NULL: not known. Not derived from an ISIN''s prefix.';
COMMENT ON COLUMN pm.instruments.sector IS 'GICS sector ("Information Technology"). NULL: not known or not applicable.';
COMMENT ON COLUMN pm.instruments.metadata IS 'Funds: domicile, replicationMethod, securitiesLending, ocf and trackingDifference (per cent a year), distributionPolicy, lastConstituentsUpdate, constituentsRefreshCadence.';

CREATE TABLE pm.instrument_identifiers (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  instrument_id uuid NOT NULL REFERENCES pm.instruments (id) ON DELETE CASCADE,
  scheme text NOT NULL CHECK (scheme IN ('isin', 'cusip', 'sedol', 'figi')),
  value text NOT NULL,
  owner_user_id uuid REFERENCES pm.users (id) ON DELETE CASCADE,
  is_current boolean NOT NULL DEFAULT true,
  source text CHECK (char_length(source) <= 100),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- One security per identifier in each scope; shared is a scope like any other.
  CONSTRAINT instrument_identifiers_scope_key UNIQUE NULLS NOT DISTINCT (scheme, value, owner_user_id),
  CONSTRAINT instrument_identifiers_shape CHECK (CASE scheme
    WHEN 'isin' THEN value ~ '^[A-Z]{2}[A-Z0-9]{9}[0-9]$'
    WHEN 'cusip' THEN value ~ '^[A-Z0-9*@#]{8}[0-9]$'
    WHEN 'sedol' THEN value ~ '^[A-Z0-9]{6}[0-9]$'
    ELSE value ~ '^[A-Z0-9]{12}$' END)
);
CREATE INDEX instrument_identifiers_owner ON pm.instrument_identifiers (owner_user_id);
CREATE INDEX instrument_identifiers_instrument ON pm.instrument_identifiers (instrument_id, scheme);
-- Per scope, as everywhere: a private row that nobody else sees must not stand in the way of a shared one.
CREATE UNIQUE INDEX instrument_identifiers_one_isin ON pm.instrument_identifiers (instrument_id, owner_user_id) NULLS NOT DISTINCT
  WHERE scheme = 'isin' AND is_current;
CREATE TRIGGER touch BEFORE UPDATE ON pm.instrument_identifiers FOR EACH ROW EXECUTE FUNCTION pm.touch_updated_at();
COMMENT ON TABLE pm.instrument_identifiers IS 'Numbers by which a security is known. Check digits are checked before storing.';
COMMENT ON COLUMN pm.instrument_identifiers.is_current IS 'False for a number of the past, such as the ISIN before a redomiciliation. One current ISIN at most.';
COMMENT ON COLUMN pm.instrument_identifiers.source IS 'Where it was learned: a person, a file''s format, a provider.';

CREATE TABLE pm.instrument_listings (
  id uuid PRIMARY KEY,
  instrument_id uuid NOT NULL REFERENCES pm.instruments (id) ON DELETE CASCADE,
  owner_user_id uuid REFERENCES pm.users (id) ON DELETE CASCADE,
  mic pm.mic_code,
  ticker text CHECK (char_length(ticker) BETWEEN 1 AND 50 AND ticker !~ '[[:cntrl:]]' AND ticker = btrim(ticker)),
  currency pm.currency_code NOT NULL,
  quote_unit pm.quote_unit_code NOT NULL,
  provider_symbols jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(provider_symbols) = 'object' AND octet_length(provider_symbols::text) <= 8192),
  is_primary boolean NOT NULL DEFAULT false,
  delisted_on pm.day,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT instrument_listings_quote_unit_fits CHECK (
    CASE quote_unit WHEN 'GBX' THEN 'GBP' WHEN 'ZAc' THEN 'ZAR' WHEN 'ILA' THEN 'ILS' ELSE quote_unit END = currency)
);
CREATE INDEX instrument_listings_instrument ON pm.instrument_listings (instrument_id);
CREATE INDEX instrument_listings_owner ON pm.instrument_listings (owner_user_id);
CREATE INDEX instrument_listings_ticker ON pm.instrument_listings (upper(ticker) text_pattern_ops);
CREATE UNIQUE INDEX instrument_listings_line ON pm.instrument_listings (mic, ticker, owner_user_id) NULLS NOT DISTINCT
  WHERE mic IS NOT NULL AND ticker IS NOT NULL AND delisted_on IS NULL;
CREATE UNIQUE INDEX instrument_listings_one_primary ON pm.instrument_listings (instrument_id, owner_user_id) NULLS NOT DISTINCT
  WHERE is_primary;
CREATE TRIGGER touch BEFORE UPDATE ON pm.instrument_listings FOR EACH ROW EXECUTE FUNCTION pm.touch_version();
COMMENT ON TABLE pm.instrument_listings IS 'A line of trading: one instrument may have several, in several currencies. Prices belong to a listing.';
COMMENT ON COLUMN pm.instrument_listings.mic IS 'Market (ISO 10383). NULL: not traded on an exchange, or not known.';
COMMENT ON COLUMN pm.instrument_listings.currency IS 'Trading currency; prices are stored in it.';
COMMENT ON COLUMN pm.instrument_listings.quote_unit IS 'Unit in which prices are quoted: the currency, or its hundredth (GBX = GBP/100).';
COMMENT ON COLUMN pm.instrument_listings.provider_symbols IS 'Symbol by provider, e.g. {"yahoo": "SWDA.L"}.';
COMMENT ON COLUMN pm.instrument_listings.is_primary IS 'The line used where nothing else is said. One per instrument and scope.';
COMMENT ON COLUMN pm.instrument_listings.delisted_on IS 'Last day of trading; after it another security may use the ticker.';

SELECT pm.protect_scoped_table('instruments');
SELECT pm.protect_scoped_table('instrument_identifiers');
SELECT pm.protect_scoped_table('instrument_listings');

------------------------------------------------------------------------------------------------------------------------
-- References to instruments stay within what the row's owner may see. A foreign key does not ask that.
------------------------------------------------------------------------------------------------------------------------

-- Arguments: the column that refers to an instrument, and the column with the row's owner (NULL in it: shared).
CREATE FUNCTION pm.check_instrument_scope_row() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  row_values CONSTANT jsonb := to_jsonb(NEW);
  referred CONSTANT uuid := (row_values ->> TG_ARGV[0])::uuid;
  row_owner CONSTANT uuid := (row_values ->> TG_ARGV[1])::uuid;
BEGIN
  IF referred IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM pm.instruments i
    WHERE i.id = referred AND (i.owner_user_id IS NULL OR i.owner_user_id = row_owner)
  ) THEN
    RAISE EXCEPTION 'no such instrument for the owner of the row'
      USING ERRCODE = 'foreign_key_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
        COLUMN = TG_ARGV[0], CONSTRAINT = TG_TABLE_NAME || '_instrument_scope';
  END IF;
  RETURN NULL;
END
$$;

-- The same for all rows of one INSERT at once: imports add thousands.
CREATE FUNCTION pm.check_instrument_scope_rows() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  is_outside boolean;
BEGIN
  EXECUTE format(
    'SELECT EXISTS (SELECT 1 FROM new_rows n LEFT JOIN pm.instruments i ON i.id = n.%1$I '
    'WHERE n.%1$I IS NOT NULL AND (i.id IS NULL OR i.owner_user_id <> n.%2$I OR (i.owner_user_id IS NOT NULL AND n.%2$I IS NULL)))',
    TG_ARGV[0], TG_ARGV[1]) INTO is_outside;
  IF is_outside THEN
    RAISE EXCEPTION 'no such instrument for the owner of the row'
      USING ERRCODE = 'foreign_key_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
        COLUMN = TG_ARGV[0], CONSTRAINT = TG_TABLE_NAME || '_instrument_scope';
  END IF;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION pm.check_instrument_scope_row(), pm.check_instrument_scope_rows() FROM PUBLIC;

CREATE FUNCTION pm.guard_instrument_scope(p_table text, p_column text, p_owner_column text) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON pm.%I REFERENCING NEW TABLE AS new_rows '
    'FOR EACH STATEMENT EXECUTE FUNCTION pm.check_instrument_scope_rows(%L, %L)',
    'scope_of_new_' || p_column, p_table, p_column, p_owner_column);
  EXECUTE format('CREATE TRIGGER %I AFTER UPDATE OF %I, %I ON pm.%I '
    'FOR EACH ROW EXECUTE FUNCTION pm.check_instrument_scope_row(%L, %L)',
    'scope_of_changed_' || p_column, p_column, p_owner_column, p_table, p_column, p_owner_column);
END
$$;
REVOKE ALL ON FUNCTION pm.guard_instrument_scope(text, text, text) FROM PUBLIC;

SELECT pm.guard_instrument_scope('instrument_identifiers', 'instrument_id', 'owner_user_id');
SELECT pm.guard_instrument_scope('instrument_listings', 'instrument_id', 'owner_user_id');

-- An instrument with its current ISIN and its primary listing, the private one first.
CREATE VIEW pm.instrument_details WITH (security_invoker = true) AS
SELECT i.id, i.owner_user_id, i.type, i.name, i.currency, i.country, i.sector, i.industry, i.asset_class, i.metadata,
  i.is_demo, i.version, i.created_at, i.updated_at,
  isin.value AS isin,
  line.id AS listing_id, line.mic, line.ticker, line.currency AS listing_currency, line.quote_unit
FROM pm.instruments i
LEFT JOIN LATERAL (
  SELECT n.value FROM pm.instrument_identifiers n
  WHERE n.instrument_id = i.id AND n.scheme = 'isin' AND n.is_current
  ORDER BY n.owner_user_id NULLS LAST LIMIT 1
) isin ON true
LEFT JOIN LATERAL (
  SELECT l.id, l.mic, l.ticker, l.currency, l.quote_unit FROM pm.instrument_listings l
  WHERE l.instrument_id = i.id AND l.is_primary
  ORDER BY l.owner_user_id NULLS LAST LIMIT 1
) line ON true;
COMMENT ON VIEW pm.instrument_details IS 'Instruments with their current ISIN and primary listing, as the reader may see them.';
GRANT SELECT ON pm.instrument_details TO app, worker;
