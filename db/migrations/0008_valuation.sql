-- Derived figures that are kept: daily values, exposures, overlaps, and the summaries for lists and operators.

CREATE TABLE pm.portfolio_snapshots (
  user_id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  date pm.day NOT NULL,
  currency pm.currency_code NOT NULL,
  value pm.amount NOT NULL,
  cost pm.amount NOT NULL,
  net_external_flow pm.amount NOT NULL DEFAULT 0,
  cash pm.amount NOT NULL DEFAULT 0,
  as_of timestamptz NOT NULL,
  completeness_pct pm.percentage NOT NULL DEFAULT 100,
  missing jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(missing) = 'array'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, portfolio_id, date),
  FOREIGN KEY (user_id, portfolio_id) REFERENCES pm.portfolios (user_id, id) ON DELETE CASCADE
);
CREATE INDEX portfolio_snapshots_portfolio_date ON pm.portfolio_snapshots (portfolio_id, date DESC);
CREATE TRIGGER touch BEFORE UPDATE ON pm.portfolio_snapshots FOR EACH ROW EXECUTE FUNCTION pm.touch_updated_at();
COMMENT ON TABLE pm.portfolio_snapshots IS 'What a portfolio was worth at the end of each day of its owner''s time zone. Recomputed from the earliest day that a change concerns.';
COMMENT ON COLUMN pm.portfolio_snapshots.value IS 'Sum of what could be valued, in currency.';
COMMENT ON COLUMN pm.portfolio_snapshots.cost IS 'Sum of cost_basis, in currency.';
COMMENT ON COLUMN pm.portfolio_snapshots.net_external_flow IS 'Money and assets that came in (positive) or went out that day, in currency.';
COMMENT ON COLUMN pm.portfolio_snapshots.cash IS 'The part of value that is cash, in currency.';
COMMENT ON COLUMN pm.portfolio_snapshots.as_of IS 'Instant for which prices and rates were taken.';
COMMENT ON COLUMN pm.portfolio_snapshots.completeness_pct IS 'Share of included holdings that had a price and a rate, per cent of their number.';
COMMENT ON COLUMN pm.portfolio_snapshots.missing IS 'What the value leaves out and why.';

CREATE TABLE pm.exposure_snapshots (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  as_of timestamptz NOT NULL,
  basis text NOT NULL DEFAULT 'published' CHECK (basis IN ('published', 'normalised', 'marketValue')),
  exposures jsonb NOT NULL CHECK (jsonb_typeof(exposures) = 'object'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  UNIQUE (portfolio_id, as_of, basis),
  FOREIGN KEY (user_id, portfolio_id) REFERENCES pm.portfolios (user_id, id) ON DELETE CASCADE
);
CREATE INDEX exposure_snapshots_portfolio_date ON pm.exposure_snapshots (portfolio_id, as_of DESC);
CREATE TRIGGER touch BEFORE UPDATE ON pm.exposure_snapshots FOR EACH ROW EXECUTE FUNCTION pm.touch_updated_at();
COMMENT ON TABLE pm.exposure_snapshots IS 'What a portfolio was exposed to, looked through.';
COMMENT ON COLUMN pm.exposure_snapshots.basis IS 'Convention for weights; see docs/calculations.md.';
COMMENT ON COLUMN pm.exposure_snapshots.exposures IS 'byRegion, bySector, byCountry, byCurrency and others: name to per cent.';

CREATE TABLE pm.overlap_matrices (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  as_of timestamptz NOT NULL,
  matrix jsonb NOT NULL CHECK (jsonb_typeof(matrix) = 'object'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  UNIQUE (portfolio_id, as_of),
  FOREIGN KEY (user_id, portfolio_id) REFERENCES pm.portfolios (user_id, id) ON DELETE CASCADE
);
CREATE TRIGGER touch BEFORE UPDATE ON pm.overlap_matrices FOR EACH ROW EXECUTE FUNCTION pm.touch_updated_at();
COMMENT ON TABLE pm.overlap_matrices IS 'How much the funds of a portfolio hold in common.';
COMMENT ON COLUMN pm.overlap_matrices.matrix IS 'Key of a fund to key of a fund to per cent; 100 on the diagonal.';

SELECT pm.protect_portfolio_table('portfolio_snapshots', '{SELECT}');
SELECT pm.protect_portfolio_table('exposure_snapshots');
SELECT pm.protect_portfolio_table('overlap_matrices');

------------------------------------------------------------------------------------------------------------------------
-- Summaries of all portfolios at once. One portfolio's own summary is computed live; this is for lists and operators.
------------------------------------------------------------------------------------------------------------------------

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
    CASE WHEN i.type = 'Cash' THEN NULL ELSE price.date_time END AS priced_at
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
  WHERE p.deleted_at IS NULL
),
pairs AS (
  SELECT DISTINCT s.price_currency, s.base_currency FROM positions s WHERE s.price_currency IS NOT NULL
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
  SELECT s.user_id, s.portfolio_id, s.section, s.priced_at, s.qty * s.price * r.rate_to / r.rate_from AS value
  FROM positions s LEFT JOIN rates r ON r.price_currency = s.price_currency AND r.base_currency = s.base_currency
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

CREATE FUNCTION pm.refresh_portfolio_summaries() RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  REFRESH MATERIALIZED VIEW CONCURRENTLY pm.portfolio_summaries;
END
$$;
REVOKE ALL ON FUNCTION pm.refresh_portfolio_summaries() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pm.refresh_portfolio_summaries() TO worker;

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
