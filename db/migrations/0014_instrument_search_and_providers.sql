-- The search for instruments, and what is known of the providers of market data.

------------------------------------------------------------------------------------------------------------------------
-- Search
--
-- Functions of the owner, because row-level security keeps requests from the indexes: upper(), lower() and LIKE are not
-- leakproof, so under a policy every row is read before any is compared. Here the same visibility is written out: what
-- is shared, and what is the signed-in person's own.
------------------------------------------------------------------------------------------------------------------------

-- The order of a list: private before shared, then by name. The name is cut so that a place in the list fits a cursor.
-- The owner leads although it is the same throughout a walk: only so does the planner see that the index has the order.
CREATE INDEX instruments_browse ON pm.instruments (owner_user_id, (left(lower(name), 64) COLLATE "C"), id);

-- A GIN index keeps new entries in a list that every search reads from end to end. Beyond 64 kB the planner would rather
-- read the whole table; this size is also the quickest to load (20,000 instruments: 0.5 s, with the default 4 MB 0.7 s).
ALTER INDEX pm.instruments_name_words SET (gin_pending_list_limit = 64);

-- Planned with the values of each call: how many rows a pattern finds depends on nothing else.
-- Found by ISIN (rank 0), ticker (1), ticker without suffix (2), name that begins so (3), name with all words (4).
-- p_name_patterns: LIKE patterns of the longest word, one must fit; p_other_patterns: of the others, all must fit the
-- name with a blank before it. The page begins after the place given; null place: at the start.
CREATE FUNCTION pm.search_instruments(
    p_isin text, p_ticker text, p_bare_ticker text, p_phrase text, p_name_patterns text[], p_other_patterns text[],
    p_type text, p_with_constituents boolean,
    p_after_rank integer, p_after_shared boolean, p_after_name text, p_after_id uuid, p_limit integer)
  RETURNS TABLE (id uuid, rank integer, is_shared boolean, name_key text)
  LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
  me CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
BEGIN
  RETURN QUERY
  WITH candidate AS (
    SELECT i.id, i.owner_user_id, i.type, i.name, 0 AS rank
    FROM pm.instrument_identifiers f JOIN pm.instruments i ON i.id = f.instrument_id
    WHERE f.scheme = 'isin' AND f.value = p_isin AND (f.owner_user_id IS NULL OR f.owner_user_id = me)
    UNION ALL
    SELECT i.id, i.owner_user_id, i.type, i.name, 1
    FROM pm.instrument_listings l JOIN pm.instruments i ON i.id = l.instrument_id
    WHERE upper(l.ticker) = p_ticker AND (l.owner_user_id IS NULL OR l.owner_user_id = me)
    UNION ALL
    SELECT i.id, i.owner_user_id, i.type, i.name, 2
    FROM pm.instrument_listings l JOIN pm.instruments i ON i.id = l.instrument_id
    WHERE upper(l.ticker) = p_bare_ticker AND (l.owner_user_id IS NULL OR l.owner_user_id = me)
    UNION ALL
    SELECT i.id, i.owner_user_id, i.type, i.name, CASE WHEN starts_with(lower(i.name), p_phrase) THEN 3 ELSE 4 END
    FROM pm.instruments i
    WHERE lower(i.name) LIKE ANY (p_name_patterns) AND (' ' || lower(i.name)) LIKE ALL (p_other_patterns)
  ), found AS (
    SELECT DISTINCT ON (c.id) c.id, c.rank, c.owner_user_id IS NULL AS is_shared, left(lower(c.name), 64) COLLATE "C" AS name_key
    FROM candidate c
    WHERE (c.owner_user_id IS NULL OR c.owner_user_id = me)
      AND (p_type IS NULL OR c.type = p_type)
      AND (NOT p_with_constituents OR EXISTS (SELECT 1 FROM pm.constituent_imports m WHERE m.parent_instrument_id = c.id
        AND m.status = 'active' AND (m.owner_user_id IS NULL OR m.owner_user_id = me)))
    ORDER BY c.id, c.rank
  )
  SELECT f.id, f.rank, f.is_shared, f.name_key
  FROM found f
  WHERE p_after_id IS NULL OR (f.rank, f.is_shared, f.name_key, f.id) > (p_after_rank, p_after_shared, p_after_name COLLATE "C", p_after_id)
  ORDER BY f.rank, f.is_shared, f.name_key, f.id
  LIMIT p_limit;
END
$$;

-- Everything that the person may see, their own first, by name.
CREATE FUNCTION pm.browse_instruments(
    p_type text, p_with_constituents boolean, p_after_shared boolean, p_after_name text, p_after_id uuid, p_limit integer)
  RETURNS TABLE (id uuid, is_shared boolean, name_key text)
  LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
  me CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
BEGIN
  IF p_with_constituents THEN
    -- From one fund to the next in the index: there are few funds, and many lists of each.
    RETURN QUERY
    WITH RECURSIVE fund (id) AS (
      (SELECT c.parent_instrument_id FROM pm.constituent_imports c ORDER BY c.parent_instrument_id LIMIT 1)
      UNION ALL
      SELECT (SELECT c.parent_instrument_id FROM pm.constituent_imports c
        WHERE c.parent_instrument_id > fund.id ORDER BY c.parent_instrument_id LIMIT 1)
      FROM fund WHERE fund.id IS NOT NULL
    )
    SELECT i.id, i.owner_user_id IS NULL, left(lower(i.name), 64) COLLATE "C"
    FROM fund JOIN pm.instruments i ON i.id = fund.id
    WHERE (i.owner_user_id IS NULL OR i.owner_user_id = me)
      AND (p_type IS NULL OR i.type = p_type)
      AND EXISTS (SELECT 1 FROM pm.constituent_imports c WHERE c.parent_instrument_id = i.id
      AND c.status = 'active' AND (c.owner_user_id IS NULL OR c.owner_user_id = me))
      AND (p_after_id IS NULL OR (i.owner_user_id IS NULL, left(lower(i.name), 64) COLLATE "C", i.id)
        > (p_after_shared, p_after_name COLLATE "C", p_after_id))
    ORDER BY 2, 3, 1
    LIMIT p_limit;
    RETURN;
  END IF;
  -- Two walks along one index, so that a page costs the same at ten and at a million instruments.
  RETURN QUERY
  (SELECT i.id, false, left(lower(i.name), 64) COLLATE "C"
    FROM pm.instruments i
    WHERE i.owner_user_id = me AND (p_type IS NULL OR i.type = p_type) AND p_after_shared IS NOT TRUE
      AND (left(lower(i.name), 64) COLLATE "C", i.id)
        > (coalesce(p_after_name, '') COLLATE "C", coalesce(p_after_id, '00000000-0000-0000-0000-000000000000'))
    ORDER BY i.owner_user_id, left(lower(i.name), 64) COLLATE "C", i.id
    LIMIT p_limit)
  UNION ALL
  (SELECT i.id, true, left(lower(i.name), 64) COLLATE "C"
    FROM pm.instruments i
    WHERE i.owner_user_id IS NULL AND (p_type IS NULL OR i.type = p_type)
      AND (left(lower(i.name), 64) COLLATE "C", i.id)
        > (CASE WHEN p_after_shared THEN p_after_name ELSE '' END COLLATE "C",
           CASE WHEN p_after_shared THEN p_after_id ELSE '00000000-0000-0000-0000-000000000000' END)
    ORDER BY i.owner_user_id, left(lower(i.name), 64) COLLATE "C", i.id
    LIMIT p_limit)
  ORDER BY 2, 3, 1
  LIMIT p_limit;
END
$$;

REVOKE ALL ON FUNCTION
  pm.search_instruments(text, text, text, text, text[], text[], text, boolean, integer, boolean, text, uuid, integer),
  pm.browse_instruments(text, boolean, boolean, text, uuid, integer)
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  pm.search_instruments(text, text, text, text, text[], text[], text, boolean, integer, boolean, text, uuid, integer),
  pm.browse_instruments(text, boolean, boolean, text, uuid, integer)
TO app, worker;

------------------------------------------------------------------------------------------------------------------------
-- Providers
------------------------------------------------------------------------------------------------------------------------

CREATE TABLE pm.provider_states (
  provider text PRIMARY KEY CHECK (provider ~ '^[A-Za-z0-9_-]{1,50}$'),
  last_attempt_at timestamptz NOT NULL,
  last_success_at timestamptz,
  failing_since timestamptz,
  last_error text CHECK (char_length(last_error) BETWEEN 1 AND 500),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((failing_since IS NULL) = (last_error IS NULL))
);
CREATE TRIGGER touch BEFORE UPDATE ON pm.provider_states FOR EACH ROW EXECUTE FUNCTION pm.touch_updated_at();
COMMENT ON TABLE pm.provider_states IS 'How the last fetch from each provider of market data went; written by the worker, read by everybody.';
COMMENT ON COLUMN pm.provider_states.failing_since IS 'First of the failures since the last success; NULL while it works.';
COMMENT ON COLUMN pm.provider_states.last_error IS 'Why the last fetch failed, in words for a person; never an address with a key in it.';
SELECT pm.protect_shared_table('provider_states', '{SELECT}');
