-- What people watch without holding it.

CREATE TABLE pm.watched_instruments (
  user_id uuid NOT NULL REFERENCES pm.users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  instrument_id uuid NOT NULL REFERENCES pm.instruments (id) ON DELETE CASCADE,
  note text CHECK (char_length(note) BETWEEN 1 AND 1000),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  UNIQUE (user_id, instrument_id)
);
CREATE INDEX watched_instruments_instrument ON pm.watched_instruments (instrument_id);
SELECT pm.guard_instrument_scope('watched_instruments', 'instrument_id', 'user_id');
SELECT pm.protect_user_table('watched_instruments');
COMMENT ON TABLE pm.watched_instruments IS 'What a person watches: its prices are fetched and told as if it were held.';
COMMENT ON COLUMN pm.watched_instruments.note IS 'Why, in the person''s own words.';

------------------------------------------------------------------------------------------------------------------------
-- Stored prices that turn out to be wrong
------------------------------------------------------------------------------------------------------------------------

-- Takes a stored price back, or replaces its close (in the currency of the line). What stood there is kept in quarantine
-- as rejected, from where it can be brought back. An administrator corrects what all share, a person their own lines.
-- Returns false when there is no such price, or not for this person to change.
CREATE FUNCTION pm.correct_price(p_listing uuid, p_at timestamptz, p_source text, p_close numeric, p_id uuid) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  me CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  is_admin CONSTANT boolean := current_setting('app.user_role', true) = 'admin';
  before pm.prices;
BEGIN
  SELECT p.* INTO before FROM pm.prices p JOIN pm.instrument_listings l ON l.id = p.listing_id
  WHERE p.listing_id = p_listing AND p.date_time = p_at AND p.source = p_source
    AND (l.owner_user_id = me OR (l.owner_user_id IS NULL AND is_admin))
  FOR UPDATE OF p;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO pm.price_quarantine AS q (id, listing_id, date_time, source, interval, open, high, low, close, volume, currency,
    reason, compared_close, compared_at, status, decided_by, decided_at)
  VALUES (p_id, before.listing_id, before.date_time, before.source, before.interval, before.open, before.high, before.low,
    before.close, before.volume, before.currency, 'other', p_close, CASE WHEN p_close IS NOT NULL THEN p_at END, 'rejected', me, now())
  ON CONFLICT (listing_id, date_time, source) DO UPDATE
    SET interval = excluded.interval, open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
      volume = excluded.volume, currency = excluded.currency, reason = 'other', compared_close = excluded.compared_close,
      compared_at = excluded.compared_at, status = 'rejected', decided_by = me, decided_at = now();
  IF p_close IS NULL THEN
    DELETE FROM pm.prices p WHERE p.listing_id = p_listing AND p.date_time = p_at AND p.source = p_source;
  ELSE
    UPDATE pm.prices p SET close = p_close, open = NULL, high = NULL, low = NULL
    WHERE p.listing_id = p_listing AND p.date_time = p_at AND p.source = p_source;
  END IF;
  RETURN true;
END
$$;

-- Opens a decision again: an accepted price is no longer stored, a rejected one waits once more. Under the same rights.
CREATE FUNCTION pm.reopen_held_price(p_id uuid) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  me CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  is_admin CONSTANT boolean := current_setting('app.user_role', true) = 'admin';
  held pm.price_quarantine;
BEGIN
  SELECT q.* INTO held FROM pm.price_quarantine q JOIN pm.instrument_listings l ON l.id = q.listing_id
  WHERE q.id = p_id AND q.status <> 'open' AND (l.owner_user_id = me OR (l.owner_user_id IS NULL AND is_admin))
  FOR UPDATE OF q;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  IF held.status = 'accepted' THEN
    DELETE FROM pm.prices p
    WHERE p.listing_id = held.listing_id AND p.date_time = held.date_time AND p.source = held.source AND p.close = held.close;
  END IF;
  UPDATE pm.price_quarantine q SET status = 'open', decided_by = NULL, decided_at = NULL WHERE q.id = p_id;
  RETURN true;
END
$$;

-- What was found out by asking for a line is forgotten, so that it is asked for again at once; under the same rights.
CREATE FUNCTION pm.forget_fetch(p_listing uuid) RETURNS void
  LANGUAGE sql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
  UPDATE pm.price_fetches f SET asked_at = NULL, attempts = '[]'
  FROM pm.instrument_listings l
  WHERE f.listing_id = p_listing AND l.id = p_listing
    AND (l.owner_user_id = nullif(current_setting('app.user_id', true), '')::uuid
      OR (l.owner_user_id IS NULL AND current_setting('app.user_role', true) = 'admin'))
$$;
REVOKE ALL ON FUNCTION pm.correct_price(uuid, timestamptz, text, numeric, uuid), pm.reopen_held_price(uuid),
  pm.forget_fetch(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pm.correct_price(uuid, timestamptz, text, numeric, uuid), pm.reopen_held_price(uuid),
  pm.forget_fetch(uuid) TO app;
