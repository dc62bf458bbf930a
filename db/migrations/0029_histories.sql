-- Histories: what holdings and portfolios were worth every day, kept by the month, and from which day they have to be
-- computed anew. Why it is built like this: docs/adr/0014-histories-by-the-month.md

ALTER TABLE pm.portfolio_snapshots
  ADD COLUMN day_return pm.amount,
  ADD COLUMN growth pm.amount NOT NULL DEFAULT 1,
  ADD COLUMN held_count integer NOT NULL DEFAULT 0 CHECK (held_count >= 0),
  ADD COLUMN carried jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(carried) = 'array');
COMMENT ON COLUMN pm.portfolio_snapshots.day_return IS 'Time-weighted return of the day, 0.01 is 1 %; NULL where none can be said.';
COMMENT ON COLUMN pm.portfolio_snapshots.growth IS 'What one unit of currency of the first day has become; begins again at 1 after everything was lost.';
COMMENT ON COLUMN pm.portfolio_snapshots.held_count IS 'Included holdings of which something was held.';
COMMENT ON COLUMN pm.portfolio_snapshots.missing IS 'Ids of holdings that the value leaves out, for want of a price or a rate.';
COMMENT ON COLUMN pm.portfolio_snapshots.carried IS 'Ids of holdings whose price was more than seven days old.';

CREATE TABLE pm.holding_snapshots (
  user_id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  holding_id uuid NOT NULL,
  month pm.day NOT NULL CONSTRAINT holding_snapshots_first_of_month CHECK (extract(day FROM month) = 1),
  qty_after pm.amount NOT NULL,
  cost_after pm.amount NOT NULL,
  flow_after pm.amount NOT NULL,
  income_after pm.amount NOT NULL,
  currency_after pm.amount NOT NULL,
  contribution_after pm.amount NOT NULL,
  value numeric[] NOT NULL,
  flow numeric[] NOT NULL,
  income numeric[] NOT NULL,
  currency_effect numeric[] NOT NULL,
  contribution numeric[] NOT NULL,
  price_age integer[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, portfolio_id, holding_id, month),
  FOREIGN KEY (user_id, portfolio_id, holding_id) REFERENCES pm.holdings (user_id, portfolio_id, id) ON DELETE CASCADE
);
CREATE INDEX holding_snapshots_month ON pm.holding_snapshots (portfolio_id, month);
CREATE TRIGGER touch BEFORE UPDATE ON pm.holding_snapshots FOR EACH ROW EXECUTE FUNCTION pm.touch_updated_at();
COMMENT ON TABLE pm.holding_snapshots IS 'A month of a holding, in the portfolio''s base_currency. The arrays have an element for each day from the first of the month on; months in which nothing was held and nothing moved are left out. The sums after it make any stretch of days two look-ups.';
COMMENT ON COLUMN pm.holding_snapshots.qty_after IS 'Units held in the evening of the last day of the row.';
COMMENT ON COLUMN pm.holding_snapshots.flow_after IS 'Sum of flow from the first trade to the last day of the row; likewise income_after, currency_after and contribution_after.';
COMMENT ON COLUMN pm.holding_snapshots.value IS 'In the evening of each day; NULL when something was held and price or rate is not known.';
COMMENT ON COLUMN pm.holding_snapshots.flow IS 'What came into the holding (above zero) or left it, of whatever kind.';
COMMENT ON COLUMN pm.holding_snapshots.income IS 'Dividends and interest less charges of their own.';
COMMENT ON COLUMN pm.holding_snapshots.currency_effect IS 'What the exchange rate did.';
COMMENT ON COLUMN pm.holding_snapshots.contribution IS 'What the day added to portfolio_snapshots.growth.';
COMMENT ON COLUMN pm.holding_snapshots.price_age IS 'Days since the price that the value rests on.';
SELECT pm.protect_portfolio_table('holding_snapshots', '{SELECT}');
SELECT pm.make_quiet('holding_snapshots');

CREATE TABLE pm.history_changes (
  user_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  portfolio_id uuid NOT NULL,
  from_day pm.day NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  FOREIGN KEY (user_id, portfolio_id) REFERENCES pm.portfolios (user_id, id) ON DELETE CASCADE
);
CREATE INDEX history_changes_portfolio ON pm.history_changes (portfolio_id, from_day);
COMMENT ON TABLE pm.history_changes IS 'From which day snapshots do not hold any more; written by triggers in the transaction that makes the change, taken away by the worker that computed them anew. Rows are added and never changed, so that nobody waits for anybody.';
SELECT pm.protect_portfolio_table('history_changes', '{SELECT}');

-- Portfolios that are there and have snapshots from the day on; others have nothing to compute anew.
CREATE FUNCTION pm.note_history(p_portfolios uuid[], p_days date[]) RETURNS void
  LANGUAGE sql
  SET search_path = pg_catalog, pg_temp
AS $$
  INSERT INTO pm.history_changes (user_id, portfolio_id, from_day)
  SELECT p.user_id, p.id, greatest(min(c.day), DATE '1900-01-01')
  FROM unnest(p_portfolios, p_days) AS c (portfolio_id, day)
  JOIN pm.portfolios p ON p.id = c.portfolio_id
  WHERE EXISTS (SELECT FROM pm.portfolio_snapshots s WHERE s.portfolio_id = p.id AND s.date >= c.day)
  GROUP BY p.user_id, p.id
$$;

CREATE FUNCTION pm.note_trade_history() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    PERFORM pm.note_history(array_agg(c.portfolio_id), array_agg(c.day)) FROM (
      SELECT b.portfolio_id, min(b.date) AS day
      FROM (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) b GROUP BY b.portfolio_id) c;
  ELSE
    PERFORM pm.note_history(array_agg(c.portfolio_id), array_agg(c.day)) FROM (
      SELECT r.portfolio_id, min(r.date) AS day FROM changed r GROUP BY r.portfolio_id) c;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER note_insert AFTER INSERT ON pm.trades REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_trade_history();
CREATE TRIGGER note_update AFTER UPDATE ON pm.trades REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_trade_history();
CREATE TRIGGER note_delete AFTER DELETE ON pm.trades REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_trade_history();

-- What changes a whole history: what is held, whether it counts, the currency, when the owner's day ends.
CREATE FUNCTION pm.note_whole_history() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  portfolios uuid[];
BEGIN
  IF TG_TABLE_NAME = 'holdings' THEN
    portfolios := ARRAY[NEW.portfolio_id];
  ELSIF TG_TABLE_NAME = 'portfolios' THEN
    portfolios := ARRAY[NEW.id];
  ELSE
    portfolios := ARRAY(SELECT p.id FROM pm.portfolios p WHERE p.user_id = NEW.id);
  END IF;
  PERFORM pm.note_history(portfolios, array_fill(DATE '1900-01-01', ARRAY[cardinality(portfolios)]));
  RETURN NULL;
END
$$;
CREATE TRIGGER note_whole AFTER UPDATE OF instrument_id, include, deleted_at ON pm.holdings FOR EACH ROW
  WHEN ((OLD.instrument_id, OLD.include, OLD.deleted_at) IS DISTINCT FROM (NEW.instrument_id, NEW.include, NEW.deleted_at))
  EXECUTE FUNCTION pm.note_whole_history();
CREATE TRIGGER note_whole AFTER UPDATE OF base_currency ON pm.portfolios FOR EACH ROW
  WHEN (OLD.base_currency IS DISTINCT FROM NEW.base_currency) EXECUTE FUNCTION pm.note_whole_history();
CREATE TRIGGER note_whole AFTER UPDATE OF timezone ON pm.users FOR EACH ROW
  WHEN (OLD.timezone IS DISTINCT FROM NEW.timezone) EXECUTE FUNCTION pm.note_whole_history();

-- Portfolios that hold or held an instrument. A day earlier than in UTC, since elsewhere it may have been the day before.
CREATE FUNCTION pm.note_instrument_history(p_instruments uuid[], p_since timestamptz[], p_person uuid) RETURNS void
  LANGUAGE sql
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT pm.note_history(array_agg(c.portfolio_id), array_agg(c.day)) FROM (
    SELECT h.portfolio_id, min((i.since AT TIME ZONE 'UTC')::date - 1) AS day
    FROM unnest(p_instruments, p_since) AS i (id, since)
    JOIN pm.holdings h ON h.instrument_id = i.id AND (p_person IS NULL OR h.user_id = p_person)
    -- A price after the end of the last day that is kept concerns none of them.
    WHERE i.since <= (SELECT s.as_of FROM pm.portfolio_snapshots s WHERE s.portfolio_id = h.portfolio_id
      ORDER BY s.date DESC LIMIT 1)
    GROUP BY h.portfolio_id) c
$$;

CREATE FUNCTION pm.note_price_history() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM pm.note_instrument_history(array_agg(c.instrument_id), array_agg(c.since), NULL) FROM (
    SELECT l.instrument_id, min(r.date_time) AS since
    FROM changed r JOIN pm.instrument_listings l ON l.id = r.listing_id GROUP BY l.instrument_id) c;
  RETURN NULL;
END
$$;
CREATE TRIGGER note_insert AFTER INSERT ON pm.prices REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_price_history();
CREATE TRIGGER note_update AFTER UPDATE ON pm.prices REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_price_history();
CREATE TRIGGER note_delete AFTER DELETE ON pm.prices REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_price_history();

CREATE FUNCTION pm.note_manual_price_history() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM pm.note_instrument_history(array_agg(c.instrument_id), array_agg(c.since), c.user_id) FROM (
    SELECT r.user_id, r.instrument_id, min(r.date_time) AS since FROM changed r GROUP BY r.user_id, r.instrument_id) c
  GROUP BY c.user_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER note_insert AFTER INSERT ON pm.manual_prices REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_manual_price_history();
CREATE TRIGGER note_update AFTER UPDATE ON pm.manual_prices REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_manual_price_history();
CREATE TRIGGER note_delete AFTER DELETE ON pm.manual_prices REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_manual_price_history();

-- Another line counts, or it is in another currency now; or an instrument is something else.
CREATE FUNCTION pm.note_line_history() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM pm.note_instrument_history(
    ARRAY[CASE TG_TABLE_NAME WHEN 'instruments' THEN (to_jsonb(NEW) ->> 'id')::uuid ELSE (to_jsonb(NEW) ->> 'instrument_id')::uuid END],
    ARRAY[timestamptz '1900-01-02 00:00:00+00'], NULL);
  RETURN NULL;
END
$$;
CREATE TRIGGER note_lines AFTER UPDATE OF is_primary, instrument_id ON pm.instrument_listings FOR EACH ROW
  WHEN ((OLD.is_primary, OLD.instrument_id) IS DISTINCT FROM (NEW.is_primary, NEW.instrument_id))
  EXECUTE FUNCTION pm.note_line_history();
CREATE TRIGGER note_kind AFTER UPDATE OF type, currency ON pm.instruments FOR EACH ROW
  WHEN ((OLD.type, OLD.currency) IS DISTINCT FROM (NEW.type, NEW.currency)) EXECUTE FUNCTION pm.note_line_history();

-- Portfolios with something in another currency than their own.
CREATE FUNCTION pm.note_rate_history() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  since CONSTANT date := (SELECT min(r.date) FROM changed r);
BEGIN
  IF since IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM pm.note_history(array_agg(c.id), array_agg(since)) FROM (
    SELECT DISTINCT p.id FROM pm.portfolios p JOIN pm.holdings h ON h.portfolio_id = p.id AND h.user_id = p.user_id
    JOIN pm.instruments i ON i.id = h.instrument_id
    WHERE i.currency IS DISTINCT FROM p.base_currency OR EXISTS (
      SELECT FROM pm.instrument_listings l WHERE l.instrument_id = i.id AND l.currency <> p.base_currency)) c;
  RETURN NULL;
END
$$;
CREATE TRIGGER note_insert AFTER INSERT ON pm.fx_rates REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_rate_history();
CREATE TRIGGER note_update AFTER UPDATE ON pm.fx_rates REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_rate_history();
CREATE TRIGGER note_delete AFTER DELETE ON pm.fx_rates REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_rate_history();

REVOKE ALL ON FUNCTION pm.note_history(uuid[], date[]), pm.note_trade_history(), pm.note_whole_history(),
  pm.note_instrument_history(uuid[], timestamptz[], uuid), pm.note_price_history(), pm.note_manual_price_history(),
  pm.note_line_history(), pm.note_rate_history() FROM PUBLIC;
