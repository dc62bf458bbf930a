-- The search asks the index for the longest words together. With one of them only, each name that has that word was read
-- to see whether it has the others: tens of thousands among a million instruments.

-- As before, but for the two lines that repeat the patterns of the second and third longest word as the index knows the
-- name, without the blank before it. Patterns of short words begin with a blank; the index has nothing for them. Planned
-- with the values of each call, so what does not apply is not there.
CREATE OR REPLACE FUNCTION pm.search_instruments(
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
      AND (p_other_patterns[1] IS NULL OR starts_with(p_other_patterns[1], '% ') OR lower(i.name) LIKE p_other_patterns[1])
      AND (p_other_patterns[2] IS NULL OR starts_with(p_other_patterns[2], '% ') OR lower(i.name) LIKE p_other_patterns[2])
      AND i.merged_into IS NULL
    UNION ALL
    SELECT i.id, i.owner_user_id, i.type, i.name, 4
    FROM pm.instrument_names o JOIN pm.instruments i ON i.id = o.instrument_id
    WHERE lower(o.name) = p_phrase AND (o.owner_user_id IS NULL OR o.owner_user_id = me)
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
