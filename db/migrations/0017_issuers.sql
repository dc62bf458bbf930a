-- Who issued a security, so that share classes count as one company.

-- Keys and no table of issuers: what belongs together is found among the securities that are looked at, so a key learned
-- late joins what was apart, in every person's scope, and nothing has to be rewritten.
ALTER TABLE pm.instruments ADD COLUMN issuer_keys text[] NOT NULL DEFAULT '{}'
  CHECK (cardinality(issuer_keys) <= 20 AND octet_length(array_to_string(issuer_keys, ' ')) <= 8192);
COMMENT ON COLUMN pm.instruments.issuer_keys IS 'What speaks for its issuer: "lei …", "cusip …" (the first six characters), "name … | country". Securities that share one are one issuer''s. Made by issuerKeys and read by groupByIssuer of the domain; empty for funds, cash and contracts.';

-- A US or Canadian ISIN holds the CUSIP. Names are added by the next file that brings the security.
UPDATE pm.instruments i SET issuer_keys = ARRAY['cusip ' || substr(n.value, 3, 6)]
FROM pm.instrument_identifiers n
WHERE n.instrument_id = i.id AND n.scheme = 'isin' AND n.is_current AND n.owner_user_id IS NOT DISTINCT FROM i.owner_user_id
  AND n.value ~ '^(US|CA)(?!99)[A-Z0-9]{3}(?!99)' AND i.type NOT IN ('ETF', 'Fund', 'Cash', 'Derivative');

SELECT pm.protect_scoped_table('instruments');

CREATE OR REPLACE VIEW pm.instrument_details WITH (security_invoker = true) AS
SELECT i.id, i.owner_user_id, i.type, i.name, i.currency, i.country, i.sector, i.industry, i.asset_class, i.metadata,
  i.is_demo, i.version, i.created_at, i.updated_at,
  isin.value AS isin,
  line.id AS listing_id, line.mic, line.ticker, line.currency AS listing_currency, line.quote_unit,
  i.issuer_keys
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
