-- What a company does, more finely than its sector: in an issuer's row, and of the security itself.

ALTER TABLE pm.constituents
  ADD COLUMN industry text CHECK (char_length(industry) BETWEEN 1 AND 150),
  ADD COLUMN industry_published text CHECK (char_length(industry_published) <= 255);
COMMENT ON COLUMN pm.constituents.industry IS 'GICS industry, or a group of several; NULL where the file has none or it is not known.';
COMMENT ON COLUMN pm.instruments.industry IS 'GICS industry ("Software"), or a group of several. NULL: not known or not applicable.';
COMMENT ON COLUMN pm.import_columns.attributes IS 'Sets of sector, industry, country, currency, asset class and kind, the securities'' own filled in.';
COMMENT ON COLUMN pm.constituent_imports.version IS 'Grows with every change of the import, of its rows, and of what its rows'' securities are: name, type, sector, industry, country, currency, asset class.';
SELECT pm.protect_scoped_table('constituents');

-- Once for a statement: a file may tell of thousands of securities what was not known of them.
CREATE FUNCTION pm.note_securities_changed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  changed uuid[];
  other_types uuid[];
BEGIN
  SELECT array_agg(n.id), array_agg(n.id) FILTER (WHERE n.type <> o.type) INTO changed, other_types
  FROM new_rows n JOIN old_rows o ON o.id = n.id
  WHERE (o.name, o.type, o.sector, o.industry, o.country, o.currency, o.asset_class)
    IS DISTINCT FROM (n.name, n.type, n.sector, n.industry, n.country, n.currency, n.asset_class);
  IF changed IS NULL THEN
    RETURN NULL;
  END IF;
  -- What does not count now gets a new version when it counts again.
  UPDATE pm.constituent_imports i SET fund_ids = i.fund_ids
  WHERE i.status = 'active' AND i.id IN (
    SELECT c.import_id FROM pm.constituents c WHERE c.child_instrument_id = ANY (changed));
  IF other_types IS NOT NULL THEN
    UPDATE pm.constituent_imports i SET fund_ids = pm.funds_among(i.id)
    WHERE i.id IN (SELECT c.import_id FROM pm.constituents c WHERE c.child_instrument_id = ANY (other_types));
  END IF;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION pm.note_securities_changed() FROM PUBLIC;
DROP TRIGGER note_changed_security ON pm.instruments;
DROP FUNCTION pm.note_security_changed();
CREATE TRIGGER note_changed_securities AFTER UPDATE ON pm.instruments
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_securities_changed();

CREATE OR REPLACE FUNCTION pm.add_up_constituents(p_merge uuid, p_from uuid, p_into uuid) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
  SELECT p_merge, t.owner_user_id, 'constituents', 'changed',
    jsonb_build_object('import_id', t.import_id, 'child_instrument_id', t.child_instrument_id),
    to_jsonb(t) - '{import_id,child_instrument_id,owner_user_id,row_count,created_at}'::text[]
  FROM pm.constituents t JOIN pm.constituents f ON f.import_id = t.import_id AND f.child_instrument_id = p_from
  WHERE t.child_instrument_id = p_into;
  UPDATE pm.constituents t SET
    (currency, asset_class, sector, industry, country, name, ticker, isin, cusip, sedol, exchange, asset_class_published,
      sector_published, industry_published, country_published, currency_published, match_method, match_confidence) =
    (SELECT s.currency, s.asset_class, s.sector, s.industry, s.country, s.name, s.ticker, s.isin, s.cusip, s.sedol,
        s.exchange, s.asset_class_published, s.sector_published, s.industry_published, s.country_published,
        s.currency_published, s.match_method, s.match_confidence
      FROM pm.constituents s WHERE s.import_id = t.import_id
        AND s.child_instrument_id = CASE WHEN abs(f.weight) > abs(t.weight) THEN p_from ELSE p_into END),
    weight = t.weight + f.weight,
    market_value = coalesce(t.market_value + f.market_value, t.market_value, f.market_value),
    notional = coalesce(t.notional + f.notional, t.notional, f.notional),
    quantity = coalesce(t.quantity + f.quantity, t.quantity, f.quantity),
    price = CASE WHEN t.price = f.price THEN t.price END,
    row_numbers = ARRAY(SELECT n FROM unnest(t.row_numbers || f.row_numbers) n ORDER BY n)
  FROM pm.constituents f
  WHERE f.import_id = t.import_id AND f.child_instrument_id = p_from AND t.child_instrument_id = p_into;
END
$$;
