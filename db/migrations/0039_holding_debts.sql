-- What is owed against a holding: a mortgage against a house. It counts against the holding's value.

CREATE TABLE pm.holding_debts (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  holding_id uuid NOT NULL,
  date pm.day NOT NULL,
  amount pm.amount NOT NULL CHECK (amount >= 0),
  currency pm.currency_code NOT NULL,
  notes text CHECK (char_length(notes) <= 4000),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  UNIQUE (id),
  UNIQUE (holding_id, date),
  FOREIGN KEY (user_id, portfolio_id, holding_id) REFERENCES pm.holdings (user_id, portfolio_id, id) ON DELETE CASCADE
);
CREATE INDEX holding_debts_portfolio ON pm.holding_debts (portfolio_id, holding_id, date);
CREATE TRIGGER touch BEFORE UPDATE ON pm.holding_debts FOR EACH ROW EXECUTE FUNCTION pm.touch_version();
COMMENT ON TABLE pm.holding_debts IS 'What is owed against a holding from a day on, until the next one. It counts while something is held.';
COMMENT ON COLUMN pm.holding_debts.date IS 'The first day of the amount.';
COMMENT ON COLUMN pm.holding_debts.amount IS 'Owed in the evening of the day, in currency; 0 when it is paid off.';

SELECT pm.protect_portfolio_table('holding_debts');

-- The trail belongs to pm_audit by now, which lets the owner hang it on further tables.
SET LOCAL ROLE pm_audit;
GRANT EXECUTE ON FUNCTION pm.write_audit_log() TO SESSION_USER;
RESET ROLE;
SELECT pm.audit_table('holding_debts', 'user_id');

------------------------------------------------------------------------------------------------------------------------
-- Histories that a debt changes
------------------------------------------------------------------------------------------------------------------------

CREATE TRIGGER note_insert AFTER INSERT ON pm.holding_debts REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_trade_history();
CREATE TRIGGER note_update AFTER UPDATE ON pm.holding_debts REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_trade_history();
CREATE TRIGGER note_delete AFTER DELETE ON pm.holding_debts REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_trade_history();

-- As before, and portfolios that owe in another currency than their own.
CREATE OR REPLACE FUNCTION pm.note_rate_history() RETURNS trigger
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
      SELECT FROM pm.instrument_listings l WHERE l.instrument_id = i.id AND l.currency <> p.base_currency)
    UNION
    SELECT p.id FROM pm.holding_debts d JOIN pm.portfolios p ON p.id = d.portfolio_id AND p.user_id = d.user_id
    WHERE d.currency <> p.base_currency) c;
  RETURN NULL;
END
$$;

------------------------------------------------------------------------------------------------------------------------
-- Summaries of all portfolios, net of debts
------------------------------------------------------------------------------------------------------------------------

DROP VIEW pm.my_portfolio_summaries;
DROP MATERIALIZED VIEW pm.portfolio_summaries;

CREATE MATERIALIZED VIEW pm.portfolio_summaries AS
WITH recent_rates AS MATERIALIZED (
  -- Every source publishes against one currency of its own; that currency against itself is 1.
  SELECT r.source, r.date::date AS date, r.from_currency::text AS hub, r.to_currency::text AS currency, r.rate::numeric AS rate
  FROM pm.fx_rates r WHERE r.date >= (now() AT TIME ZONE 'UTC')::date - 7 AND r.date <= (now() AT TIME ZONE 'UTC')::date
  UNION
  SELECT r.source, r.date::date, r.from_currency::text, r.from_currency::text, 1::numeric
  FROM pm.fx_rates r WHERE r.date >= (now() AT TIME ZONE 'UTC')::date - 7 AND r.date <= (now() AT TIME ZONE 'UTC')::date
),
positions AS (
  SELECT p.user_id, p.id AS portfolio_id, p.base_currency::text AS base_currency, h.section, h.qty::numeric AS qty,
    CASE WHEN i.type = 'Cash' THEN 1::numeric ELSE price.close END AS price,
    CASE WHEN i.type = 'Cash' THEN i.currency::text ELSE price.currency END AS price_currency,
    CASE WHEN i.type = 'Cash' THEN NULL ELSE price.date_time END AS priced_at,
    debt.amount AS debt, coalesce(debt.currency, p.base_currency::text) AS debt_currency
  FROM pm.portfolios p
  JOIN pm.holdings h ON h.portfolio_id = p.id AND h.user_id = p.user_id AND h.deleted_at IS NULL AND h.include
  LEFT JOIN pm.instruments i ON i.id = h.instrument_id
  LEFT JOIN LATERAL (
    -- A fresh live price, else the owner's own, else the stale live one.
    SELECT c.close, c.currency, c.date_time FROM (
      (SELECT l.close::numeric AS close, l.currency::text AS currency, l.date_time, 'live' AS origin
       FROM pm.latest_prices l
       WHERE l.listing_id = (
         SELECT n.id FROM pm.instrument_listings n
         WHERE n.instrument_id = h.instrument_id AND n.is_primary AND (n.owner_user_id IS NULL OR n.owner_user_id = h.user_id)
         ORDER BY n.owner_user_id NULLS LAST LIMIT 1)
       ORDER BY l.date_time DESC LIMIT 1)
      UNION ALL
      (SELECT m.close::numeric, m.currency::text, m.date_time, 'manual'
       FROM pm.manual_prices m
       WHERE m.user_id = h.user_id AND m.instrument_id = h.instrument_id AND m.date_time <= now()
       ORDER BY m.date_time DESC LIMIT 1)
    ) c
    ORDER BY CASE WHEN c.origin = 'live' AND c.date_time > now() - interval '72 hours' THEN 0 WHEN c.origin = 'manual' THEN 1 ELSE 2 END
    LIMIT 1
  ) price ON true
  LEFT JOIN LATERAL (
    SELECT d.amount::numeric AS amount, d.currency::text AS currency FROM pm.holding_debts d
    WHERE d.user_id = h.user_id AND d.holding_id = h.id AND h.qty <> 0 ORDER BY d.date DESC LIMIT 1
  ) debt ON true
  WHERE p.deleted_at IS NULL
),
pairs AS (
  SELECT s.price_currency, s.base_currency FROM positions s WHERE s.price_currency IS NOT NULL
  UNION SELECT s.debt_currency, s.base_currency FROM positions s
),
rates AS (
  SELECT c.price_currency, c.base_currency,
    CASE WHEN c.price_currency = c.base_currency THEN 1::numeric ELSE crossed.rate_from END AS rate_from,
    CASE WHEN c.price_currency = c.base_currency THEN 1::numeric ELSE crossed.rate_to END AS rate_to
  FROM pairs c
  LEFT JOIN LATERAL (
    -- Both legs from one source and one day, the newest, the ECB's first.
    SELECT f.rate AS rate_from, t.rate AS rate_to FROM recent_rates f
    JOIN recent_rates t ON t.source = f.source AND t.date = f.date AND t.hub = f.hub
    WHERE f.currency = c.price_currency AND t.currency = c.base_currency
    ORDER BY f.date DESC, (f.source = 'ECB') DESC, f.source LIMIT 1
  ) crossed ON true
),
valued AS (
  -- Divided last, so that nothing is rounded before it must be.
  SELECT s.user_id, s.portfolio_id, s.section, s.priced_at,
    s.qty * s.price * r.rate_to / r.rate_from - coalesce(s.debt, 0) * o.rate_to / o.rate_from AS value
  FROM positions s
  LEFT JOIN rates r ON r.price_currency = s.price_currency AND r.base_currency = s.base_currency
  LEFT JOIN rates o ON o.price_currency = s.debt_currency AND o.base_currency = s.base_currency
),
sections AS (
  SELECT v.portfolio_id, v.section, count(*) AS holding_count, count(v.value) AS valued_count,
    coalesce(sum(v.value), 0) AS value, min(v.priced_at) AS oldest_price_at
  FROM valued v GROUP BY v.portfolio_id, v.section
)
SELECT p.id AS portfolio_id, p.user_id, p.base_currency::text AS currency,
  coalesce(sum(s.holding_count), 0)::integer AS holding_count,
  coalesce(sum(s.holding_count - s.valued_count), 0)::integer AS missing_count,
  round(coalesce(sum(s.value), 0), 18) AS total_value,
  coalesce(jsonb_object_agg(s.section, round(s.value, 18)::text) FILTER (WHERE s.section IS NOT NULL), '{}'::jsonb) AS section_totals,
  min(s.oldest_price_at) AS oldest_price_at,
  now() AS refreshed_at
FROM pm.portfolios p
LEFT JOIN sections s ON s.portfolio_id = p.id
WHERE p.deleted_at IS NULL
GROUP BY p.id, p.user_id, p.base_currency;
CREATE UNIQUE INDEX portfolio_summaries_portfolio ON pm.portfolio_summaries (portfolio_id);
CREATE INDEX portfolio_summaries_user ON pm.portfolio_summaries (user_id);
REVOKE ALL ON pm.portfolio_summaries FROM PUBLIC, app;
GRANT SELECT ON pm.portfolio_summaries TO worker;
COMMENT ON MATERIALIZED VIEW pm.portfolio_summaries IS 'Value of every portfolio as of refreshed_at, converted to its base_currency. Requests read my_portfolio_summaries.';
COMMENT ON COLUMN pm.portfolio_summaries.holding_count IS 'Included live holdings.';
COMMENT ON COLUMN pm.portfolio_summaries.missing_count IS 'Those among them without a price or a rate; total_value leaves them out.';
COMMENT ON COLUMN pm.portfolio_summaries.section_totals IS 'Section to value in currency, as a decimal in text.';
COMMENT ON COLUMN pm.portfolio_summaries.oldest_price_at IS 'Instant of the oldest price used.';

-- A materialized view has no row-level security: this is the only way to it for requests.
CREATE VIEW pm.my_portfolio_summaries WITH (security_barrier = true) AS
SELECT s.portfolio_id, s.user_id, s.currency, s.holding_count, s.missing_count, s.total_value, s.section_totals,
  s.oldest_price_at, s.refreshed_at
FROM pm.portfolio_summaries s
WHERE s.user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid)
  OR s.portfolio_id = ANY (ARRAY(SELECT a.portfolio_id FROM pm.portfolio_access a
    WHERE a.user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid)));
GRANT SELECT ON pm.my_portfolio_summaries TO app;
COMMENT ON VIEW pm.my_portfolio_summaries IS 'portfolio_summaries of one''s own and shared portfolios.';
