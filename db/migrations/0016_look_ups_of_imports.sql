-- What an import looks up by the thousand: securities by name, ticker and number.

-- A function of the owner, as for the search: lower() is not leakproof, so under row-level security every name of the
-- install would be read. What may be seen is asked only of what was found, and apart (OFFSET 0): while a new install has
-- no statistics yet, the planner would otherwise begin with everything that is shared, once for each name.
CREATE FUNCTION pm.instruments_named(p_names text[]) RETURNS SETOF uuid
  LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  me CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
BEGIN
  RETURN QUERY
  SELECT f.id FROM unnest(p_names) AS w (name) CROSS JOIN LATERAL (
    SELECT i.id, i.owner_user_id FROM pm.instruments i WHERE lower(i.name) = w.name OFFSET 0
  ) f
  WHERE f.owner_user_id IS NULL OR f.owner_user_id = me;
END
$$;
REVOKE ALL ON FUNCTION pm.instruments_named(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pm.instruments_named(text[]) TO app, worker;
COMMENT ON FUNCTION pm.instruments_named(text[]) IS 'Instruments with one of these names, given in lower case: shared ones and the caller''s own.';

-- Nearly every row is shared, so an index over the owner finds nothing by NULL that the table itself does not; and
-- without statistics the planner takes it for a selective one.
DROP INDEX pm.instruments_owner;
DROP INDEX pm.instrument_identifiers_owner;
DROP INDEX pm.instrument_listings_owner;
CREATE INDEX instruments_owner ON pm.instruments (owner_user_id) WHERE owner_user_id IS NOT NULL;
CREATE INDEX instrument_identifiers_owner ON pm.instrument_identifiers (owner_user_id) WHERE owner_user_id IS NOT NULL;
CREATE INDEX instrument_listings_owner ON pm.instrument_listings (owner_user_id) WHERE owner_user_id IS NOT NULL;
