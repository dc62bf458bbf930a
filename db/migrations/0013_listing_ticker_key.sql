-- Issuers write one ticker in several ways (BRK.B, BRK/B, BRKB; 700 and 0700): imports look listings up by its key.

ALTER TABLE pm.instrument_listings ADD COLUMN ticker_key text GENERATED ALWAYS AS (
  regexp_replace(upper(regexp_replace(ticker, '[^[:alnum:]]+', '', 'g')), '^0+([0-9]+)$', '\1')) STORED;
CREATE INDEX instrument_listings_ticker_key ON pm.instrument_listings (ticker_key);
COMMENT ON COLUMN pm.instrument_listings.ticker_key IS 'The ticker in upper case without punctuation, numbers without leading zeros; not unique.';
