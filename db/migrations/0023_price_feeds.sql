-- Prices that are fetched: which lines, when, from whom and why from nobody; providers that are left alone for a while;
-- and the word of a person on prices that were held back.

CREATE TABLE pm.price_fetches (
  listing_id uuid PRIMARY KEY REFERENCES pm.instrument_listings (id) ON DELETE CASCADE,
  claimed_until timestamptz,
  asked_at timestamptz,
  provider text CHECK (char_length(provider) BETWEEN 1 AND 50),
  attempts jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(attempts) = 'array' AND octet_length(attempts::text) <= 16384),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER touch BEFORE UPDATE ON pm.price_fetches FOR EACH ROW EXECUTE FUNCTION pm.touch_updated_at();
COMMENT ON TABLE pm.price_fetches IS 'The last time that the price of a line was asked for; written by the worker, read by everybody.';
COMMENT ON COLUMN pm.price_fetches.claimed_until IS 'A worker is asking and means to be done by then; no other one asks before.';
COMMENT ON COLUMN pm.price_fetches.provider IS 'Whose price was taken; NULL when nobody had one that could be believed.';
COMMENT ON COLUMN pm.price_fetches.attempts IS 'Per provider in the order of asking: provider, outcome (used, held, skipped, failed), why in words without symbol, key or address, and since when it refuses the line.';
SELECT pm.protect_shared_table('price_fetches', '{SELECT}');

ALTER TABLE pm.provider_states
  ADD COLUMN failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
  ADD COLUMN paused_until timestamptz;
COMMENT ON COLUMN pm.provider_states.failures IS 'Failures one after the other, since the last success.';
COMMENT ON COLUMN pm.provider_states.paused_until IS 'It is not asked before this moment: it failed too often, or wants fewer requests.';

-- The list of what waits, and of what was decided.
CREATE INDEX price_quarantine_status ON pm.price_quarantine (status, id);

-- Ends the wait of held prices: accepted ones are stored, rejected ones are not. An administrator decides on what all
-- share, a person on their own lines; others are left as they are. Returns how many were decided. The partitions of
-- accepted prices must be there.
CREATE FUNCTION pm.decide_held_prices(p_ids uuid[], p_accept boolean) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  me CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  is_admin CONSTANT boolean := current_setting('app.user_role', true) = 'admin';
  decided integer;
BEGIN
  WITH done AS (
    UPDATE pm.price_quarantine q
    SET status = CASE WHEN p_accept THEN 'accepted' ELSE 'rejected' END, decided_by = me, decided_at = now()
    FROM pm.instrument_listings l
    WHERE l.id = q.listing_id AND q.id = ANY (p_ids) AND q.status = 'open'
      AND (l.owner_user_id = me OR (l.owner_user_id IS NULL AND is_admin))
      AND (NOT p_accept OR (q.close > 0 AND q.currency = l.currency))
    RETURNING q.*
  ), stored AS (
    INSERT INTO pm.prices AS p (listing_id, date_time, source, interval, open, high, low, close, volume, currency)
    SELECT d.listing_id, d.date_time, d.source, d.interval, d.open, d.high, d.low, d.close, d.volume, d.currency
    FROM done d WHERE p_accept
    ORDER BY d.listing_id, d.date_time, d.source
    ON CONFLICT (listing_id, date_time, source) DO UPDATE
      SET interval = excluded.interval, open = excluded.open, high = excluded.high, low = excluded.low,
        close = excluded.close, volume = excluded.volume, currency = excluded.currency
    RETURNING 1
  )
  SELECT count(*) INTO decided FROM done;
  RETURN decided;
END
$$;
REVOKE ALL ON FUNCTION pm.decide_held_prices(uuid[], boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pm.decide_held_prices(uuid[], boolean) TO app;
