-- What becomes of prices with the years: quotes of a day are thinned to its last one; whole months can be taken out of the
-- table, kept beside it, and put back.

-- Of quotes and bars shorter than a day, from one day (UTC) up to another, keeps the last of each day, line and source.
-- Returns how many went.
CREATE FUNCTION pm.thin_prices(p_from date, p_until date) RETURNS bigint
  LANGUAGE sql
  SET search_path = pg_catalog, pg_temp
  SET timezone = 'UTC'
AS $$
  WITH placed AS (
    SELECT p.listing_id, p.date_time, p.source,
      row_number() OVER (PARTITION BY p.listing_id, p.source, p.date_time::date ORDER BY p.date_time DESC) AS place
    FROM pm.prices p
    WHERE p.date_time >= p_from::timestamptz AND p.date_time < p_until::timestamptz AND p.interval NOT IN ('1d', '1w', '1mo')
  ), gone AS (
    DELETE FROM pm.prices p USING placed d
    WHERE d.place > 1 AND p.listing_id = d.listing_id AND p.date_time = d.date_time AND p.source = d.source
      AND p.date_time >= p_from::timestamptz AND p.date_time < p_until::timestamptz
    RETURNING 1
  )
  SELECT count(*) FROM gone
$$;

-- Takes the partition of a month out of the table. It stays as detached_prices_YYYY_MM, for a dump or a look; its prices
-- count no more, but the latest ones stay known. Only months that ended a year ago. Returns false when there is none.
CREATE FUNCTION pm.detach_price_partition(p_month date) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  month CONSTANT date := date_trunc('month', p_month)::date;
  name CONSTANT text := to_char(month, 'YYYY_MM');
BEGIN
  IF month > date_trunc('month', now() AT TIME ZONE 'UTC')::date - interval '12 months' THEN
    RAISE EXCEPTION 'prices of the last twelve months stay' USING ERRCODE = 'PM422';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('pm.ensure_price_partition', 0));
  IF NOT EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = 'pm'::regnamespace AND c.relname = 'prices_' || name) THEN
    RETURN false;
  END IF;
  EXECUTE format('ALTER TABLE pm.prices DETACH PARTITION pm.%I', 'prices_' || name);
  EXECUTE format('ALTER TABLE pm.%I RENAME TO %I', 'prices_' || name, 'detached_prices_' || name);
  RETURN true;
END
$$;

-- Puts a month back. Returns false when none was taken out; fails when prices of that month were stored meanwhile.
CREATE FUNCTION pm.attach_price_partition(p_month date) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  SET timezone = 'UTC'
AS $$
DECLARE
  month CONSTANT date := date_trunc('month', p_month)::date;
  name CONSTANT text := to_char(month, 'YYYY_MM');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('pm.ensure_price_partition', 0));
  IF NOT EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = 'pm'::regnamespace AND c.relname = 'detached_prices_' || name) THEN
    RETURN false;
  END IF;
  IF EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = 'pm'::regnamespace AND c.relname = 'prices_' || name) THEN
    RAISE EXCEPTION 'prices of that month were stored meanwhile' USING ERRCODE = 'PM422';
  END IF;
  EXECUTE format('ALTER TABLE pm.%I RENAME TO %I', 'detached_prices_' || name, 'prices_' || name);
  EXECUTE format('ALTER TABLE pm.prices ATTACH PARTITION pm.%I FOR VALUES FROM (%L) TO (%L)',
    'prices_' || name, month::timestamptz, (month + interval '1 month')::timestamptz);
  RETURN true;
END
$$;
REVOKE ALL ON FUNCTION pm.thin_prices(date, date), pm.detach_price_partition(date), pm.attach_price_partition(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pm.thin_prices(date, date), pm.detach_price_partition(date), pm.attach_price_partition(date) TO worker;
