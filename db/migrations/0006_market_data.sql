-- Prices, rates, and what was held back. Everybody reads them, admins and the worker write them; a person's own prices
-- are in manual_prices.

CREATE TABLE pm.prices (
  listing_id uuid NOT NULL REFERENCES pm.instrument_listings (id) ON DELETE CASCADE,
  date_time timestamptz NOT NULL,
  source text NOT NULL CHECK (char_length(source) BETWEEN 1 AND 50),
  interval text NOT NULL DEFAULT 'quote' CHECK (interval IN ('quote', '1m', '5m', '15m', '30m', '1h', '1d', '1w', '1mo')),
  open pm.amount CHECK (open > 0),
  high pm.amount CHECK (high > 0),
  low pm.amount CHECK (low > 0),
  close pm.amount NOT NULL CHECK (close > 0),
  volume pm.amount CHECK (volume >= 0),
  currency pm.currency_code NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (listing_id, date_time, source),
  CONSTRAINT prices_high_above_low CHECK (high >= low)
) PARTITION BY RANGE (date_time);
CREATE INDEX prices_recorded ON pm.prices USING brin (date_time);
CREATE TRIGGER touch BEFORE UPDATE ON pm.prices FOR EACH ROW EXECUTE FUNCTION pm.touch_updated_at();
COMMENT ON TABLE pm.prices IS 'Prices as published, one partition a month (UTC). Call ensure_price_partition before inserting; give bulk rows sorted by key and without doubles.';
COMMENT ON COLUMN pm.prices.date_time IS 'Instant of the price; a daily bar carries the instant of the exchange''s close.';
COMMENT ON COLUMN pm.prices.source IS 'Provider or file that published it.';
COMMENT ON COLUMN pm.prices.interval IS 'quote: a single price. Otherwise the span of the bar that ends at date_time.';
COMMENT ON COLUMN pm.prices.close IS 'Per unit, in currency, never in a quote unit such as pence. Not adjusted for splits.';
COMMENT ON COLUMN pm.prices.volume IS 'Units traded in the interval.';
COMMENT ON COLUMN pm.prices.currency IS 'Trading currency of the listing at that time.';

-- Makes the partition for the month of the given day, if it is missing. Returns true when it made one.
-- Bounded: a mistyped year must not fill the catalogue.
CREATE FUNCTION pm.ensure_price_partition(p_day date) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  SET timezone = 'UTC'
AS $$
DECLARE
  month CONSTANT date := date_trunc('month', p_day)::date;
  following CONSTANT date := (month + interval '1 month')::date;
  partition CONSTANT text := 'prices_' || to_char(month, 'YYYY_MM');
BEGIN
  IF p_day IS NULL OR month < DATE '1960-01-01' OR month > date_trunc('month', now())::date + interval '3 months' THEN
    RAISE EXCEPTION 'prices are kept from 1960 until three months from now, not for %', p_day USING ERRCODE = 'PM422';
  END IF;
  IF EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = 'pm'::regnamespace AND c.relname = partition) THEN
    RETURN false;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('pm.ensure_price_partition', 0));
  -- Asked again, and of the table: the cache behind to_regclass has not heard yet of what was made while this waited.
  IF EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = 'pm'::regnamespace AND c.relname = partition) THEN
    RETURN false;
  END IF;
  -- Made apart and attached: that lets readers and writers of the other months go on.
  EXECUTE format('CREATE TABLE pm.%I (LIKE pm.prices INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', partition);
  EXECUTE format('ALTER TABLE pm.%I ENABLE ROW LEVEL SECURITY', partition);
  EXECUTE format('ALTER TABLE pm.prices ATTACH PARTITION pm.%I FOR VALUES FROM (%L) TO (%L)',
    partition, month::timestamptz, following::timestamptz);
  RETURN true;
END
$$;
-- Every month from the first day to the last. Returns how many partitions it made.
CREATE FUNCTION pm.ensure_price_partitions(p_from date, p_to date) RETURNS integer
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  month date := date_trunc('month', p_from)::date;
  made integer := 0;
BEGIN
  WHILE month <= p_to LOOP
    made := made + pm.ensure_price_partition(month)::integer;
    month := (month + interval '1 month')::date;
  END LOOP;
  RETURN made;
END
$$;
REVOKE ALL ON FUNCTION pm.ensure_price_partition(date), pm.ensure_price_partitions(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pm.ensure_price_partition(date), pm.ensure_price_partitions(date, date) TO app, worker;

------------------------------------------------------------------------------------------------------------------------
-- The latest price, kept by the statement that stores the price
------------------------------------------------------------------------------------------------------------------------

CREATE TABLE pm.latest_prices (
  listing_id uuid NOT NULL REFERENCES pm.instrument_listings (id) ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('live', 'close')),
  date_time timestamptz NOT NULL,
  source text NOT NULL,
  interval text NOT NULL,
  close pm.amount NOT NULL,
  currency pm.currency_code NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (listing_id, kind)
);
COMMENT ON TABLE pm.latest_prices IS 'The newest price of each listing and kind; kept by triggers on prices and written by nothing else. Whether it is fresh is judged by the reader.';
COMMENT ON COLUMN pm.latest_prices.kind IS 'close: daily bars and longer. live: everything shorter.';
COMMENT ON COLUMN pm.latest_prices.close IS 'Per unit, in currency.';

CREATE FUNCTION pm.price_kind(p_interval text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE WHEN p_interval IN ('1d', '1w', '1mo') THEN 'close' ELSE 'live' END
$$;
REVOKE ALL ON FUNCTION pm.price_kind(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pm.price_kind(text) TO app, worker;

-- Order of prices of one listing and kind: by time; at one instant the source that comes first in the alphabet wins,
-- so that the result does not depend on the order in which prices arrive.

-- Takes the newest of the rows just written. An older back-fill loses against what is there.
CREATE FUNCTION pm.raise_latest_prices() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO pm.latest_prices AS l (listing_id, kind, date_time, source, interval, close, currency, updated_at)
  SELECT DISTINCT ON (n.listing_id, n.kind) n.listing_id, n.kind, n.date_time, n.source, n.interval, n.close, n.currency, now()
  FROM (SELECT r.*, pm.price_kind(r.interval) AS kind FROM new_rows r) n
  -- Also the order in which rows are locked: the same for everybody, so that two writers cannot block each other.
  ORDER BY n.listing_id, n.kind, n.date_time DESC, n.source
  ON CONFLICT (listing_id, kind) DO UPDATE
    SET date_time = excluded.date_time, source = excluded.source, interval = excluded.interval,
        close = excluded.close, currency = excluded.currency, updated_at = excluded.updated_at
    WHERE excluded.date_time > l.date_time OR (excluded.date_time = l.date_time AND excluded.source <= l.source);
  RETURN NULL;
END
$$;

-- Looks the newest price of one listing and kind up again.
CREATE FUNCTION pm.recompute_latest_price(p_listing uuid, p_kind text) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  newest record;
BEGIN
  PERFORM 1 FROM pm.latest_prices l WHERE l.listing_id = p_listing AND l.kind = p_kind FOR UPDATE;
  -- A statement of its own, after the lock: it sees what others stored while this one waited.
  SELECT p.date_time, p.source, p.interval, p.close, p.currency INTO newest
  FROM pm.prices p
  WHERE p.listing_id = p_listing
    AND (p.interval IN ('1d', '1w', '1mo')) = (p_kind = 'close')
  ORDER BY p.date_time DESC, p.source LIMIT 1;
  IF FOUND THEN
    INSERT INTO pm.latest_prices AS l (listing_id, kind, date_time, source, interval, close, currency, updated_at)
    VALUES (p_listing, p_kind, newest.date_time, newest.source, newest.interval, newest.close, newest.currency, now())
    ON CONFLICT (listing_id, kind) DO UPDATE
      SET date_time = excluded.date_time, source = excluded.source, interval = excluded.interval,
          close = excluded.close, currency = excluded.currency, updated_at = excluded.updated_at;
  ELSE
    DELETE FROM pm.latest_prices l WHERE l.listing_id = p_listing AND l.kind = p_kind;
  END IF;
END
$$;

-- Where the newest row is gone.
CREATE FUNCTION pm.lower_latest_prices_of_deleted() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  fallen record;
BEGIN
  FOR fallen IN
    SELECT l.listing_id, l.kind
    FROM old_rows o JOIN pm.latest_prices l
      ON l.listing_id = o.listing_id AND l.date_time = o.date_time AND l.source = o.source
    ORDER BY l.listing_id, l.kind
  LOOP
    PERFORM pm.recompute_latest_price(fallen.listing_id, fallen.kind);
  END LOOP;
  RETURN NULL;
END
$$;

-- Where the newest row has another key, or became one of the other kind. (A corrected price under the same key needs
-- no look-up; raise_latest_prices takes it.)
CREATE FUNCTION pm.lower_latest_prices_of_changed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  fallen record;
BEGIN
  FOR fallen IN
    SELECT l.listing_id, l.kind
    FROM old_rows o JOIN pm.latest_prices l
      ON l.listing_id = o.listing_id AND l.date_time = o.date_time AND l.source = o.source
    WHERE NOT EXISTS (SELECT 1 FROM new_rows n
      WHERE n.listing_id = o.listing_id AND n.date_time = o.date_time AND n.source = o.source
        AND pm.price_kind(n.interval) = l.kind)
    ORDER BY l.listing_id, l.kind
  LOOP
    PERFORM pm.recompute_latest_price(fallen.listing_id, fallen.kind);
  END LOOP;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION pm.raise_latest_prices(), pm.recompute_latest_price(uuid, text),
  pm.lower_latest_prices_of_deleted(), pm.lower_latest_prices_of_changed() FROM PUBLIC;

CREATE TRIGGER latest_of_new AFTER INSERT ON pm.prices REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION pm.raise_latest_prices();
-- In this order (triggers fire by name): first what fell away, then what is newer.
CREATE TRIGGER latest_of_changed_1 AFTER UPDATE ON pm.prices REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION pm.lower_latest_prices_of_changed();
CREATE TRIGGER latest_of_changed_2 AFTER UPDATE ON pm.prices REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION pm.raise_latest_prices();
CREATE TRIGGER latest_of_deleted AFTER DELETE ON pm.prices REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION pm.lower_latest_prices_of_deleted();

------------------------------------------------------------------------------------------------------------------------
-- A person's own prices, and prices held back
------------------------------------------------------------------------------------------------------------------------

CREATE TABLE pm.manual_prices (
  user_id uuid NOT NULL REFERENCES pm.users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  instrument_id uuid NOT NULL REFERENCES pm.instruments (id) ON DELETE CASCADE,
  date_time timestamptz NOT NULL CHECK (date_time >= TIMESTAMPTZ '1900-01-01 00:00:00+00'),
  open pm.amount CHECK (open > 0),
  high pm.amount CHECK (high > 0),
  low pm.amount CHECK (low > 0),
  close pm.amount NOT NULL CHECK (close > 0),
  volume pm.amount CHECK (volume >= 0),
  currency pm.currency_code NOT NULL,
  quote_unit pm.quote_unit_code NOT NULL,
  notes text CHECK (char_length(notes) <= 10000),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  UNIQUE (id),
  UNIQUE (user_id, instrument_id, date_time),
  CONSTRAINT manual_prices_quote_unit_fits CHECK (
    CASE quote_unit WHEN 'GBX' THEN 'GBP' WHEN 'ZAc' THEN 'ZAR' WHEN 'ILA' THEN 'ILS' ELSE quote_unit END = currency),
  CONSTRAINT manual_prices_high_above_low CHECK (high >= low)
);
CREATE INDEX manual_prices_instrument ON pm.manual_prices (instrument_id);
CREATE TRIGGER touch BEFORE UPDATE ON pm.manual_prices FOR EACH ROW EXECUTE FUNCTION pm.touch_version();
SELECT pm.guard_instrument_scope('manual_prices', 'instrument_id', 'user_id');
COMMENT ON TABLE pm.manual_prices IS 'Prices that a person gave. They count for that person only, and for those they share a portfolio with inside that portfolio.';
COMMENT ON COLUMN pm.manual_prices.close IS 'Per unit, in currency (converted when it was entered in pence).';
COMMENT ON COLUMN pm.manual_prices.quote_unit IS 'Unit in which it was entered.';

CREATE TABLE pm.price_quarantine (
  id uuid PRIMARY KEY,
  listing_id uuid NOT NULL REFERENCES pm.instrument_listings (id) ON DELETE CASCADE,
  date_time timestamptz NOT NULL,
  source text NOT NULL CHECK (char_length(source) BETWEEN 1 AND 50),
  interval text NOT NULL DEFAULT 'quote' CHECK (interval IN ('quote', '1m', '5m', '15m', '30m', '1h', '1d', '1w', '1mo')),
  open numeric,
  high numeric,
  low numeric,
  close numeric,
  volume numeric,
  currency text CHECK (char_length(currency) <= 10),
  reason text NOT NULL CHECK (reason IN ('jump_up_100', 'jump_down_100', 'jump', 'zero', 'missing', 'negative', 'wrong_currency', 'split_not_recorded', 'other')),
  compared_close pm.amount,
  compared_at timestamptz,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'accepted', 'rejected')),
  decided_by uuid REFERENCES pm.users (id) ON DELETE SET NULL,
  decided_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (listing_id, date_time, source),
  CONSTRAINT price_quarantine_decision CHECK ((status = 'open') = (decided_at IS NULL))
);
CREATE INDEX price_quarantine_open ON pm.price_quarantine (created_at) WHERE status = 'open';
CREATE INDEX price_quarantine_decided_by ON pm.price_quarantine (decided_by) WHERE decided_by IS NOT NULL;
CREATE TRIGGER touch BEFORE UPDATE ON pm.price_quarantine FOR EACH ROW EXECUTE FUNCTION pm.touch_updated_at();
COMMENT ON TABLE pm.price_quarantine IS 'Prices that look wrong, as received, until somebody accepts or rejects them. Never used for a value.';
COMMENT ON COLUMN pm.price_quarantine.close IS 'As received; may be zero, negative or missing.';
COMMENT ON COLUMN pm.price_quarantine.compared_close IS 'The stored price that it was compared with, at compared_at.';

CREATE TABLE pm.fx_rates (
  from_currency pm.currency_code NOT NULL,
  to_currency pm.currency_code NOT NULL,
  date pm.day NOT NULL,
  source text NOT NULL CHECK (char_length(source) BETWEEN 1 AND 50),
  rate pm.rate NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (from_currency, to_currency, date, source),
  CONSTRAINT fx_rates_two_currencies CHECK (from_currency <> to_currency)
);
CREATE INDEX fx_rates_pair_date ON pm.fx_rates (from_currency, to_currency, date DESC) INCLUDE (source, rate);
CREATE INDEX fx_rates_source_date ON pm.fx_rates (source, date DESC);
CREATE TRIGGER touch BEFORE UPDATE ON pm.fx_rates FOR EACH ROW EXECUTE FUNCTION pm.touch_updated_at();
COMMENT ON TABLE pm.fx_rates IS 'Rates as published and no others: inverse and cross rates are computed where they are used.';
COMMENT ON COLUMN pm.fx_rates.rate IS 'Units of to_currency per 1 unit of from_currency.';
COMMENT ON COLUMN pm.fx_rates.date IS 'The day for which it was published.';
COMMENT ON COLUMN pm.fx_rates.source IS 'ECB (EUR to X) or BoE (X per GBP), or a file''s name.';

SELECT pm.protect_shared_table('prices');
SELECT pm.protect_shared_table('latest_prices', '{SELECT}');
REVOKE INSERT, UPDATE, DELETE ON pm.latest_prices FROM worker;
SELECT pm.protect_scoped_table('manual_prices', '{SELECT,INSERT,UPDATE,DELETE}', 'user_id');
SELECT pm.protect_shared_table('price_quarantine');
SELECT pm.protect_shared_table('fx_rates');
