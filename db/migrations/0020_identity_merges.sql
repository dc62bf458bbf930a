-- Two securities that turn out to be one become one, with everything that points to them; and it can be undone.
--
-- The one that is given up stays as a tombstone with merged_into set: its id is in histories, logs, reports and other
-- people's bookmarks, and must go on meaning something. Nothing new may point to it, and no list shows it.

ALTER TABLE pm.instruments
  ADD COLUMN merged_into uuid REFERENCES pm.instruments (id),
  ADD CONSTRAINT instruments_not_into_itself CHECK (merged_into <> id);
CREATE INDEX instruments_merged_into ON pm.instruments (merged_into) WHERE merged_into IS NOT NULL;
SELECT pm.guard_instrument_scope('instruments', 'merged_into', 'owner_user_id');
SELECT pm.protect_scoped_table('instruments');
COMMENT ON COLUMN pm.instruments.merged_into IS 'The instrument that this one was found to be. Then nothing else points here. NULL: it stands for itself.';

------------------------------------------------------------------------------------------------------------------------
-- Names besides the one that is shown
------------------------------------------------------------------------------------------------------------------------

CREATE TABLE pm.instrument_names (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  instrument_id uuid NOT NULL REFERENCES pm.instruments (id) ON DELETE CASCADE,
  owner_user_id uuid REFERENCES pm.users (id) ON DELETE CASCADE,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 255),
  source text CHECK (char_length(source) <= 100),
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT instrument_names_scope_key UNIQUE NULLS NOT DISTINCT (instrument_id, name, owner_user_id)
);
CREATE INDEX instrument_names_name ON pm.instrument_names (lower(name));
CREATE INDEX instrument_names_owner ON pm.instrument_names (owner_user_id) WHERE owner_user_id IS NOT NULL;
SELECT pm.guard_instrument_scope('instrument_names', 'instrument_id', 'owner_user_id');
SELECT pm.protect_scoped_table('instrument_names');
COMMENT ON TABLE pm.instrument_names IS 'Former names of instruments and other issuers'' spellings, by which later files are matched.';
COMMENT ON COLUMN pm.instrument_names.source IS 'Where it was learned: a merge, a file, a renaming.';

------------------------------------------------------------------------------------------------------------------------
-- Nothing points to what was merged away
------------------------------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION pm.check_instrument_scope_row() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  row_values CONSTANT jsonb := to_jsonb(NEW);
  referred CONSTANT uuid := (row_values ->> TG_ARGV[0])::uuid;
  row_owner CONSTANT uuid := (row_values ->> TG_ARGV[1])::uuid;
BEGIN
  IF referred IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM pm.instruments i
    WHERE i.id = referred AND i.merged_into IS NULL AND (i.owner_user_id IS NULL OR i.owner_user_id = row_owner)
  ) THEN
    RAISE EXCEPTION 'no such instrument for the owner of the row'
      USING ERRCODE = 'foreign_key_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
        COLUMN = TG_ARGV[0], CONSTRAINT = TG_TABLE_NAME || '_instrument_scope';
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION pm.check_instrument_scope_rows() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  is_outside boolean;
BEGIN
  EXECUTE format(
    'SELECT EXISTS (SELECT 1 FROM new_rows n LEFT JOIN pm.instruments i ON i.id = n.%1$I '
    'WHERE n.%1$I IS NOT NULL AND (i.id IS NULL OR i.merged_into IS NOT NULL OR i.owner_user_id <> n.%2$I '
    'OR (i.owner_user_id IS NOT NULL AND n.%2$I IS NULL)))',
    TG_ARGV[0], TG_ARGV[1]) INTO is_outside;
  IF is_outside THEN
    RAISE EXCEPTION 'no such instrument for the owner of the row'
      USING ERRCODE = 'foreign_key_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
        COLUMN = TG_ARGV[0], CONSTRAINT = TG_TABLE_NAME || '_instrument_scope';
  END IF;
  RETURN NULL;
END
$$;

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
) line ON true
WHERE i.merged_into IS NULL;
COMMENT ON VIEW pm.instrument_details IS 'Instruments with their current ISIN and primary listing, as the reader may see them; none that was merged away.';

CREATE OR REPLACE FUNCTION pm.instruments_named(p_names text[]) RETURNS SETOF uuid
  LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  me CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
BEGIN
  RETURN QUERY
  SELECT f.id FROM unnest(p_names) AS w (name) CROSS JOIN LATERAL (
    SELECT i.id, i.owner_user_id, i.merged_into FROM pm.instruments i WHERE lower(i.name) = w.name OFFSET 0
  ) f
  WHERE f.merged_into IS NULL AND (f.owner_user_id IS NULL OR f.owner_user_id = me)
  UNION
  SELECT f.id FROM unnest(p_names) AS w (name) CROSS JOIN LATERAL (
    SELECT o.instrument_id AS id, o.owner_user_id FROM pm.instrument_names o WHERE lower(o.name) = w.name OFFSET 0
  ) f
  WHERE f.owner_user_id IS NULL OR f.owner_user_id = me;
END
$$;
COMMENT ON FUNCTION pm.instruments_named(text[]) IS 'Instruments with one of these names, now or formerly, given in lower case: shared ones and the caller''s own.';

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

-- Everything that the person may see, their own first, by name.
CREATE OR REPLACE FUNCTION pm.browse_instruments(
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
      AND i.merged_into IS NULL AND (p_type IS NULL OR i.type = p_type)
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
    WHERE i.owner_user_id = me AND i.merged_into IS NULL AND (p_type IS NULL OR i.type = p_type) AND p_after_shared IS NOT TRUE
      AND (left(lower(i.name), 64) COLLATE "C", i.id)
        > (coalesce(p_after_name, '') COLLATE "C", coalesce(p_after_id, '00000000-0000-0000-0000-000000000000'))
    ORDER BY i.owner_user_id, left(lower(i.name), 64) COLLATE "C", i.id
    LIMIT p_limit)
  UNION ALL
  (SELECT i.id, true, left(lower(i.name), 64) COLLATE "C"
    FROM pm.instruments i
    WHERE i.owner_user_id IS NULL AND i.merged_into IS NULL AND (p_type IS NULL OR i.type = p_type)
      AND (left(lower(i.name), 64) COLLATE "C", i.id)
        > (CASE WHEN p_after_shared THEN p_after_name ELSE '' END COLLATE "C",
           CASE WHEN p_after_shared THEN p_after_id ELSE '00000000-0000-0000-0000-000000000000' END)
    ORDER BY i.owner_user_id, left(lower(i.name), 64) COLLATE "C", i.id
    LIMIT p_limit)
  ORDER BY 2, 3, 1
  LIMIT p_limit;
END
$$;

------------------------------------------------------------------------------------------------------------------------
-- Merges, and what each of them moved
------------------------------------------------------------------------------------------------------------------------

CREATE TABLE pm.identity_merges (
  id uuid PRIMARY KEY,
  owner_user_id uuid REFERENCES pm.users (id) ON DELETE CASCADE,
  from_instrument_id uuid NOT NULL REFERENCES pm.instruments (id) ON DELETE CASCADE,
  into_instrument_id uuid NOT NULL REFERENCES pm.instruments (id) ON DELETE CASCADE,
  renamed boolean NOT NULL DEFAULT false,
  merged_by uuid REFERENCES pm.users (id) ON DELETE SET NULL,
  undone_by uuid REFERENCES pm.users (id) ON DELETE SET NULL,
  undone_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX identity_merges_owner ON pm.identity_merges (owner_user_id) WHERE owner_user_id IS NOT NULL;
CREATE INDEX identity_merges_from ON pm.identity_merges (from_instrument_id);
CREATE INDEX identity_merges_into ON pm.identity_merges (into_instrument_id);
CREATE INDEX identity_merges_merged_by ON pm.identity_merges (merged_by) WHERE merged_by IS NOT NULL;
CREATE INDEX identity_merges_undone_by ON pm.identity_merges (undone_by) WHERE undone_by IS NOT NULL;
CREATE TRIGGER touch BEFORE UPDATE ON pm.identity_merges FOR EACH ROW EXECUTE FUNCTION pm.touch_version();
SELECT pm.guard_instrument_scope('identity_merges', 'from_instrument_id', 'owner_user_id');
SELECT pm.guard_instrument_scope('identity_merges', 'into_instrument_id', 'owner_user_id');
SELECT pm.protect_scoped_table('identity_merges', '{SELECT}');
COMMENT ON TABLE pm.identity_merges IS 'Securities that were found to be one: which was given up for which, by whom, and whether that was undone. Written by merge_instruments and undo_merge alone.';
COMMENT ON COLUMN pm.identity_merges.owner_user_id IS 'Whose the one given up is: NULL shared.';
COMMENT ON COLUMN pm.identity_merges.renamed IS 'They had different numbers of one kind: those of the one given up are numbers of the past.';

CREATE TABLE pm.identity_merge_moves (
  merge_id uuid NOT NULL REFERENCES pm.identity_merges (id) ON DELETE CASCADE,
  number bigint GENERATED ALWAYS AS IDENTITY,
  owner_user_id uuid REFERENCES pm.users (id) ON DELETE CASCADE,
  table_name text NOT NULL CHECK (char_length(table_name) <= 63),
  action text NOT NULL CHECK (action IN ('moved', 'changed', 'removed', 'added')),
  row_key jsonb NOT NULL CHECK (jsonb_typeof(row_key) = 'object'),
  before jsonb NOT NULL CHECK (jsonb_typeof(before) = 'object'),
  PRIMARY KEY (merge_id, number)
);
CREATE INDEX identity_merge_moves_owner ON pm.identity_merge_moves (owner_user_id) WHERE owner_user_id IS NOT NULL;
SELECT pm.protect_scoped_table('identity_merge_moves', '{SELECT}');
COMMENT ON TABLE pm.identity_merge_moves IS 'Every row that a merge touched, so that it can be put back exactly.';
COMMENT ON COLUMN pm.identity_merge_moves.owner_user_id IS 'Whose row it is; NULL: everybody''s.';
COMMENT ON COLUMN pm.identity_merge_moves.action IS 'moved: it pointed to the one given up. changed: other columns. removed: the survivor has one like it. added: made by the merge.';
COMMENT ON COLUMN pm.identity_merge_moves.row_key IS 'Its primary key after the merge; of a removed one, before.';
COMMENT ON COLUMN pm.identity_merge_moves.before IS 'The columns that the merge changed, as they were; of a removed one, all of them.';

-- What a later file with the same doubt is recognised by, beside row_key (ticker, place, name).
ALTER TABLE pm.identity_reviews
  ADD COLUMN identifier_key text CHECK (char_length(identifier_key) BETWEEN 1 AND 100),
  ADD COLUMN merge_id uuid REFERENCES pm.identity_merges (id) ON DELETE SET NULL;
CREATE INDEX identity_reviews_identifier_key ON pm.identity_reviews (identifier_key) WHERE identifier_key IS NOT NULL;
CREATE INDEX identity_reviews_merge ON pm.identity_reviews (merge_id) WHERE merge_id IS NOT NULL;
CREATE INDEX identity_reviews_import ON pm.identity_reviews (import_id);
SELECT pm.protect_scoped_table('identity_reviews');
COMMENT ON COLUMN pm.identity_reviews.identifier_key IS 'The row''s number, where it has one, such as "isin US0378331005"; a decision holds for it too.';
COMMENT ON COLUMN pm.identity_reviews.merge_id IS 'The merge by which it was decided; undoing that opens it again.';

------------------------------------------------------------------------------------------------------------------------
-- What stands in the way
------------------------------------------------------------------------------------------------------------------------

-- The person of the transaction may give up p_from for p_into: their own, or as an administrator what is shared; and
-- never what is shared for something private. Functions of the owner from here on: what points to a shared security is
-- other people's too, and follows it.
CREATE FUNCTION pm.may_merge(p_from uuid, p_into uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT 1 FROM pm.instruments f, pm.instruments i,
      (SELECT nullif(current_setting('app.user_id', true), '')::uuid AS id) me
    WHERE f.id = p_from AND i.id = p_into AND f.id <> i.id AND f.merged_into IS NULL AND i.merged_into IS NULL
      AND (f.owner_user_id = me.id OR (f.owner_user_id IS NULL AND current_setting('app.user_role', true) = 'admin'))
      AND (i.owner_user_id IS NULL OR i.owner_user_id = f.owner_user_id))
$$;

-- Reasons against a merge that only the data can tell, each with what a person needs to know of it:
--   numbers_differ  scheme, from_value, into_value (not asked when p_renamed)
--   holds_other     one is a fund that holds the other
--   held_twice      account, portfolio: both are held there, and the holdings must be joined by hand; NULL in both when
--                   it is somebody else's, of which no more is told
CREATE FUNCTION pm.merge_obstacles(p_from uuid, p_into uuid, p_renamed boolean)
  RETURNS TABLE (code text, first text, second text, scheme text)
  LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
  WITH me AS (SELECT nullif(current_setting('app.user_id', true), '')::uuid AS id)
  SELECT DISTINCT 'numbers_differ', f.value, i.value, f.scheme
  FROM pm.instrument_identifiers f JOIN pm.instrument_identifiers i ON i.scheme = f.scheme, me
  WHERE NOT p_renamed AND pm.may_merge(p_from, p_into) AND f.instrument_id = p_from AND i.instrument_id = p_into
    AND f.is_current AND i.is_current AND f.value <> i.value AND f.scheme IN ('isin', 'cusip')
    AND (f.owner_user_id IS NULL OR f.owner_user_id = me.id) AND (i.owner_user_id IS NULL OR i.owner_user_id = me.id)
  UNION ALL
  SELECT 'holds_other', NULL, NULL, NULL
  WHERE pm.may_merge(p_from, p_into) AND EXISTS (
    SELECT 1 FROM pm.constituent_imports m JOIN pm.constituents c ON c.import_id = m.id
    WHERE (m.parent_instrument_id = p_from AND c.child_instrument_id = p_into)
      OR (m.parent_instrument_id = p_into AND c.child_instrument_id = p_from))
  UNION ALL
  SELECT DISTINCT 'held_twice', CASE WHEN f.user_id = me.id THEN f.account END, CASE WHEN f.user_id = me.id THEN p.name END, NULL
  FROM pm.holdings f
  JOIN pm.holdings i ON i.portfolio_id = f.portfolio_id AND i.account = f.account
  JOIN pm.portfolios p ON p.user_id = f.user_id AND p.id = f.portfolio_id, me
  WHERE pm.may_merge(p_from, p_into) AND f.instrument_id = p_from AND i.instrument_id = p_into
    AND f.deleted_at IS NULL AND i.deleted_at IS NULL
$$;

-- Keeps imports and other merges out until the transaction ends; imports take the same lock for sharing. Then the two,
-- in the order of their ids: whoever points to one of them at this moment is waited for.
CREATE FUNCTION pm.lock_for_merge(p_one uuid, p_other uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('pm.identities', 0));
  PERFORM 1 FROM pm.instruments i WHERE i.id IN (p_one, p_other) ORDER BY i.id FOR UPDATE;
END
$$;

------------------------------------------------------------------------------------------------------------------------
-- Merging
------------------------------------------------------------------------------------------------------------------------

-- The columns of a table's primary key.
CREATE FUNCTION pm.key_columns(p_table regclass) RETURNS text[]
  LANGUAGE sql STABLE
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT array_agg(a.attname::text ORDER BY u.nth)
  FROM pg_index x, unnest(x.indkey::int2[]) WITH ORDINALITY u (num, nth), pg_attribute a
  WHERE x.indrelid = p_table AND x.indisprimary AND a.attrelid = p_table AND a.attnum = u.num
$$;

-- The column that says whose a row is, as an expression over t; NULL where rows are nobody's.
CREATE FUNCTION pm.row_owner(p_table regclass) RETURNS text
  LANGUAGE sql STABLE
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce((SELECT 't.' || a.attname FROM pg_attribute a
    WHERE a.attrelid = p_table AND a.attname IN ('user_id', 'owner_user_id') AND NOT a.attisdropped LIMIT 1), 'NULL::uuid')
$$;

-- Columns that refer to an instrument, other than the record of merges itself. One added later is among them by itself.
CREATE FUNCTION pm.instrument_references() RETURNS TABLE (table_name text, column_name text)
  LANGUAGE sql STABLE
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT k.conrelid::regclass::text, a.attname::text
  FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
  WHERE k.contype = 'f' AND k.confrelid = 'pm.instruments'::regclass AND k.conparentid = 0 AND cardinality(k.conkey) = 1
    AND k.conrelid <> 'pm.identity_merges'::regclass
  ORDER BY 1, 2
$$;

-- Lets what refers to one instrument refer to another. A row that the other already has one like of (by a unique index
-- over the column) is taken away; both are noted.
CREATE FUNCTION pm.move_references(p_merge uuid, p_table regclass, p_column text, p_from uuid, p_into uuid) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  bare CONSTANT text := (SELECT c.relname FROM pg_class c WHERE c.oid = p_table);
  key_of CONSTANT text := (SELECT 'jsonb_build_object(' || string_agg(format('%L, t.%I', k, k), ', ') || ')' FROM unnest(pm.key_columns(p_table)) k);
  clash record;
BEGIN
  FOR clash IN
    SELECT coalesce(pg_get_expr(x.indpred, x.indrelid), 'true') AS predicate,
      coalesce((SELECT string_agg(format(CASE WHEN x.indnullsnotdistinct THEN 'o.%1$I IS NOT DISTINCT FROM t.%1$I' ELSE 'o.%1$I = t.%1$I' END, a.attname), ' AND ')
        FROM pg_attribute a WHERE a.attrelid = p_table AND a.attnum = ANY (x.indkey) AND a.attname <> p_column), 'true') AS same
    FROM pg_index x JOIN pg_attribute c ON c.attrelid = x.indrelid AND c.attname = p_column
    WHERE x.indrelid = p_table AND x.indisunique AND c.attnum = ANY (x.indkey) AND x.indexprs IS NULL
  LOOP
    EXECUTE format($q$
      WITH gone AS (
        DELETE FROM %1$s t
        WHERE t.%2$I = $2 AND t.ctid IN (SELECT u.ctid FROM (SELECT ctid, * FROM %1$s WHERE %2$I = $2 AND %3$s) u)
          AND EXISTS (SELECT 1 FROM (SELECT * FROM %1$s WHERE %2$I = $3 AND %3$s) o WHERE %4$s)
        RETURNING t.*)
      INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
      SELECT $1, %5$s, %6$L, 'removed', %7$s, to_jsonb(t) FROM gone t$q$,
      p_table, p_column, clash.predicate, clash.same, pm.row_owner(p_table), bare, key_of)
    USING p_merge, p_from, p_into;
  END LOOP;
  EXECUTE format($q$
    WITH moved AS (UPDATE %1$s t SET %2$I = $3 WHERE t.%2$I = $2 RETURNING t.*)
    INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
    SELECT $1, %3$s, %4$L, 'moved', %5$s, jsonb_build_object(%2$L, $2) FROM moved t$q$,
    p_table, p_column, pm.row_owner(p_table), bare, key_of)
  USING p_merge, p_from, p_into;
END
$$;

-- An import that holds both: its rows are added up, as rows of one security are when a file is read. What they say
-- otherwise is said by the heavier one. (The row of the one given up is taken away by move_references.)
CREATE FUNCTION pm.add_up_constituents(p_merge uuid, p_from uuid, p_into uuid) RETURNS void
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
    (currency, asset_class, sector, country, name, ticker, isin, cusip, sedol, exchange, asset_class_published,
      sector_published, country_published, currency_published, match_method, match_confidence) =
    (SELECT s.currency, s.asset_class, s.sector, s.country, s.name, s.ticker, s.isin, s.cusip, s.sedol, s.exchange,
        s.asset_class_published, s.sector_published, s.country_published, s.currency_published, s.match_method,
        s.match_confidence
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

-- Columns other than the reference that must give way before rows of two instruments can stand together: one current
-- number of each kind, one primary line, one import that counts for a day, and no fund looked through as itself.
CREATE FUNCTION pm.make_room_for_merge(p_merge uuid, p_from uuid, p_into uuid) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  WITH past AS (
    UPDATE pm.instrument_identifiers t SET is_current = false
    WHERE t.instrument_id = p_from AND t.is_current AND EXISTS (
      SELECT 1 FROM pm.instrument_identifiers o
      WHERE o.instrument_id = p_into AND o.is_current AND o.scheme = t.scheme AND o.value <> t.value AND t.scheme IN ('isin', 'cusip')
        AND (o.owner_user_id IS NULL OR o.owner_user_id IS NOT DISTINCT FROM t.owner_user_id))
    RETURNING t.*)
  INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
  SELECT p_merge, t.owner_user_id, 'instrument_identifiers', 'changed', jsonb_build_object('id', t.id), '{"is_current": true}' FROM past t;
  WITH second AS (
    UPDATE pm.instrument_listings t SET is_primary = false
    WHERE t.instrument_id = p_from AND t.is_primary AND EXISTS (
      SELECT 1 FROM pm.instrument_listings o WHERE o.instrument_id = p_into AND o.is_primary
        AND (o.owner_user_id IS NULL OR o.owner_user_id IS NOT DISTINCT FROM t.owner_user_id))
    RETURNING t.*)
  INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
  SELECT p_merge, t.owner_user_id, 'instrument_listings', 'changed', jsonb_build_object('id', t.id), '{"is_primary": true}' FROM second t;
  WITH twin AS (
    UPDATE pm.constituent_imports t SET status = 'superseded', superseded_by = o.id, status_changed_at = now()
    FROM pm.constituent_imports o, pm.constituent_imports was
    WHERE t.parent_instrument_id = p_from AND t.status = 'active' AND o.parent_instrument_id = p_into AND o.status = 'active'
      AND o.as_of = t.as_of AND o.owner_user_id IS NOT DISTINCT FROM t.owner_user_id AND was.id = t.id
    RETURNING t.id, t.owner_user_id, was.status_changed_at)
  INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
  SELECT p_merge, t.owner_user_id, 'constituent_imports', 'changed', jsonb_build_object('id', t.id),
    jsonb_build_object('status', 'active', 'superseded_by', NULL, 'status_changed_at', t.status_changed_at) FROM twin t;
  WITH circle AS (
    DELETE FROM pm.fund_proxies t
    WHERE (t.fund_instrument_id, t.proxy_instrument_id) IN ((p_from, p_into), (p_into, p_from))
    RETURNING t.*)
  INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
  SELECT p_merge, t.owner_user_id, 'fund_proxies', 'removed', jsonb_build_object('id', t.id), to_jsonb(t) FROM circle t;
END
$$;

-- What was asked about the two is answered, and the rows in doubt are so no longer.
CREATE FUNCTION pm.answer_reviews_by_merge(p_merge uuid, p_from uuid, p_into uuid) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  WITH open AS (
    SELECT r.id FROM pm.identity_reviews r
    WHERE r.status = 'open' AND r.child_instrument_id = p_from
      AND EXISTS (SELECT 1 FROM pm.instruments c WHERE c.id = ANY (r.candidate_instrument_ids) AND p_into IN (c.id, c.merged_into))
  ), answered AS (
    UPDATE pm.identity_reviews t SET status = 'same', chosen_instrument_id = p_into, merge_id = p_merge,
      decided_by = nullif(current_setting('app.user_id', true), '')::uuid, decided_at = now()
    FROM open WHERE t.id = open.id
    RETURNING t.*)
  INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
  SELECT p_merge, t.owner_user_id, 'identity_reviews', 'changed', jsonb_build_object('id', t.id),
    '{"status": "open", "chosen_instrument_id": null, "merge_id": null, "decided_by": null, "decided_at": null}' FROM answered t;
  WITH decided AS (
    UPDATE pm.constituents t SET match_method = 'decision', match_confidence = 1
    FROM pm.constituents was
    WHERE t.child_instrument_id = p_from AND t.match_method = 'unsure'
      AND was.import_id = t.import_id AND was.child_instrument_id = t.child_instrument_id
    RETURNING t.*, was.match_confidence AS was_sure)
  INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
  SELECT p_merge, t.owner_user_id, 'constituents', 'changed',
    jsonb_build_object('import_id', t.import_id, 'child_instrument_id', t.child_instrument_id),
    jsonb_build_object('match_method', 'unsure', 'match_confidence', t.was_sure) FROM decided t;
END
$$;

-- The survivor keeps the other's name, and what speaks for its issuer, where both are of one scope.
CREATE FUNCTION pm.keep_name_of_merged(p_merge uuid, p_from uuid, p_into uuid) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  WITH kept AS (
    INSERT INTO pm.instrument_names (instrument_id, owner_user_id, name, source)
    SELECT p_into, f.owner_user_id, f.name, 'merge'
    FROM pm.instruments f, pm.instruments i WHERE f.id = p_from AND i.id = p_into AND lower(f.name) <> lower(i.name)
    ON CONFLICT ON CONSTRAINT instrument_names_scope_key DO NOTHING
    RETURNING *)
  INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
  SELECT p_merge, t.owner_user_id, 'instrument_names', 'added', jsonb_build_object('id', t.id), '{}' FROM kept t;
  WITH issued AS (
    UPDATE pm.instruments t SET issuer_keys = x.keys
    FROM pm.instruments was, pm.instruments f
    CROSS JOIN LATERAL (SELECT ARRAY(SELECT DISTINCT k FROM pm.instruments i, unnest(i.issuer_keys || f.issuer_keys) k
      WHERE i.id = p_into ORDER BY k LIMIT 20) AS keys) x
    WHERE t.id = p_into AND was.id = p_into AND f.id = p_from AND f.owner_user_id IS NOT DISTINCT FROM t.owner_user_id
      AND t.issuer_keys <> x.keys
    RETURNING t.id, t.owner_user_id, was.issuer_keys AS keys_before)
  INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
  SELECT p_merge, t.owner_user_id, 'instruments', 'changed', jsonb_build_object('id', t.id),
    jsonb_build_object('issuer_keys', t.keys_before) FROM issued t;
END
$$;

-- PM404: the person may not. PM409: something stands in the way (pm.merge_obstacles says what).
CREATE FUNCTION pm.merge_instruments(p_merge uuid, p_from uuid, p_into uuid, p_renamed boolean) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  reference record;
BEGIN
  PERFORM pm.lock_for_merge(p_from, p_into);
  IF NOT pm.may_merge(p_from, p_into) THEN
    RAISE EXCEPTION 'no such instruments for this person' USING ERRCODE = 'PM404';
  ELSIF EXISTS (SELECT 1 FROM pm.merge_obstacles(p_from, p_into, p_renamed)) THEN
    RAISE EXCEPTION 'something stands in the way of the merge' USING ERRCODE = 'PM409';
  END IF;
  INSERT INTO pm.identity_merges (id, owner_user_id, from_instrument_id, into_instrument_id, renamed, merged_by)
  SELECT p_merge, f.owner_user_id, p_from, p_into, p_renamed, nullif(current_setting('app.user_id', true), '')::uuid
  FROM pm.instruments f WHERE f.id = p_from;
  PERFORM pm.answer_reviews_by_merge(p_merge, p_from, p_into);
  PERFORM pm.make_room_for_merge(p_merge, p_from, p_into);
  PERFORM pm.add_up_constituents(p_merge, p_from, p_into);
  FOR reference IN SELECT r.table_name, r.column_name FROM pm.instrument_references() r LOOP
    PERFORM pm.move_references(p_merge, reference.table_name::regclass, reference.column_name, p_from, p_into);
  END LOOP;
  PERFORM pm.keep_name_of_merged(p_merge, p_from, p_into);
  UPDATE pm.instruments i SET merged_into = p_into WHERE i.id = p_from;
END
$$;

------------------------------------------------------------------------------------------------------------------------
-- Undoing
------------------------------------------------------------------------------------------------------------------------

-- Puts rows of one table back: those that were moved, then those that were removed, then what was changed in them.
CREATE FUNCTION pm.put_back(p_merge uuid, p_table regclass) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  bare CONSTANT text := (SELECT c.relname FROM pg_class c WHERE c.oid = p_table);
  same_row CONSTANT text := (SELECT string_agg(format('t.%1$I = (m.k).%1$I', k), ' AND ') FROM unnest(pm.key_columns(p_table)) k);
  noted CONSTANT text := format('SELECT v.before, jsonb_populate_record(NULL::%s, v.row_key) AS k, jsonb_populate_record(NULL::%1$s, v.before) AS b '
    'FROM pm.identity_merge_moves v WHERE v.merge_id = $1 AND v.table_name = %L', p_table, bare);
  columns CONSTANT text := (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
    WHERE a.attrelid = p_table AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity <> 'a');
  change record;
BEGIN
  FOR change IN
    SELECT v.action, v.names, (SELECT string_agg(format('%1$I = (m.b).%1$I', n), ', ') FROM unnest(v.names) n) AS assignments
    FROM (SELECT DISTINCT w.action, ARRAY(SELECT jsonb_object_keys(w.before) ORDER BY 1) AS names FROM pm.identity_merge_moves w
      WHERE w.merge_id = p_merge AND w.table_name = bare AND w.action = 'moved') v
    ORDER BY v.names
  LOOP
    EXECUTE format('UPDATE %s t SET %s FROM (%s AND v.action = %L) m WHERE %s AND m.before ?& $2',
      p_table, change.assignments, noted, change.action, same_row) USING p_merge, change.names;
  END LOOP;
  EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM (SELECT (m.b).* FROM (%s AND v.action = ''removed'') m) r',
    p_table, columns, columns, noted) USING p_merge;
  FOR change IN
    SELECT v.action, v.names, (SELECT string_agg(format('%1$I = (m.b).%1$I', n), ', ') FROM unnest(v.names) n) AS assignments
    FROM (SELECT DISTINCT w.action, ARRAY(SELECT jsonb_object_keys(w.before) ORDER BY 1) AS names FROM pm.identity_merge_moves w
      WHERE w.merge_id = p_merge AND w.table_name = bare AND w.action = 'changed') v
    ORDER BY cardinality(v.names) DESC
  LOOP
    EXECUTE format('UPDATE %s t SET %s FROM (%s AND v.action = %L) m WHERE %s AND ARRAY(SELECT jsonb_object_keys(m.before) ORDER BY 1) = $2',
      p_table, change.assignments, noted, change.action, same_row) USING p_merge, change.names;
  END LOOP;
  EXECUTE format('DELETE FROM %s t USING (%s AND v.action = ''added'') m WHERE %s', p_table, noted, same_row) USING p_merge;
END
$$;

-- Undoes a merge: what it moved goes back, what came to the survivor since stays with it.
-- PM404: there is none that the person may undo. PM409: undone already, or a later merge with the same survivor must be
-- undone first.
CREATE FUNCTION pm.undo_merge(p_merge uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  merge pm.identity_merges;
  touched record;
BEGIN
  SELECT * INTO merge FROM pm.identity_merges m
  WHERE m.id = p_merge AND (m.owner_user_id = nullif(current_setting('app.user_id', true), '')::uuid
    OR (m.owner_user_id IS NULL AND current_setting('app.user_role', true) = 'admin'));
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such merge for this person' USING ERRCODE = 'PM404';
  END IF;
  PERFORM pm.lock_for_merge(merge.from_instrument_id, merge.into_instrument_id);
  SELECT * INTO merge FROM pm.identity_merges m WHERE m.id = p_merge FOR UPDATE;
  IF merge.undone_at IS NOT NULL OR pm.merge_after(p_merge) IS NOT NULL THEN
    RAISE EXCEPTION 'the merge cannot be undone now' USING ERRCODE = 'PM409';
  END IF;
  UPDATE pm.instruments i SET merged_into = NULL WHERE i.id = merge.from_instrument_id;
  FOR touched IN
    SELECT DISTINCT v.table_name FROM pm.identity_merge_moves v WHERE v.merge_id = p_merge ORDER BY v.table_name
  LOOP
    PERFORM pm.put_back(p_merge, format('pm.%I', touched.table_name)::regclass);
  END LOOP;
  DELETE FROM pm.identity_merge_moves v WHERE v.merge_id = p_merge;
  UPDATE pm.identity_merges m SET undone_at = now(), undone_by = nullif(current_setting('app.user_id', true), '')::uuid
  WHERE m.id = p_merge;
END
$$;

-- The last merge that builds upon this one and is in force: into the same survivor, or of the survivor itself.
CREATE FUNCTION pm.merge_after(p_merge uuid) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT l.id FROM pm.identity_merges m JOIN pm.identity_merges l
    ON l.id > m.id AND l.undone_at IS NULL AND m.into_instrument_id IN (l.into_instrument_id, l.from_instrument_id)
  WHERE m.id = p_merge ORDER BY l.id DESC LIMIT 1
$$;

REVOKE ALL ON FUNCTION
  pm.may_merge(uuid, uuid), pm.merge_obstacles(uuid, uuid, boolean), pm.lock_for_merge(uuid, uuid), pm.key_columns(regclass),
  pm.row_owner(regclass), pm.instrument_references(), pm.move_references(uuid, regclass, text, uuid, uuid),
  pm.add_up_constituents(uuid, uuid, uuid), pm.make_room_for_merge(uuid, uuid, uuid), pm.answer_reviews_by_merge(uuid, uuid, uuid),
  pm.keep_name_of_merged(uuid, uuid, uuid), pm.merge_instruments(uuid, uuid, uuid, boolean),
  pm.put_back(uuid, regclass), pm.undo_merge(uuid), pm.merge_after(uuid)
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  pm.may_merge(uuid, uuid), pm.merge_obstacles(uuid, uuid, boolean), pm.lock_for_merge(uuid, uuid), pm.instrument_references(),
  pm.merge_instruments(uuid, uuid, uuid, boolean), pm.undo_merge(uuid), pm.merge_after(uuid)
TO app;
