-- Who changed what (audit_log), and what was recorded at any past moment (*_history). Two different questions:
-- "at" reads the rows as they were recorded then; "asOf" reads today's ledger for a day of the past.

------------------------------------------------------------------------------------------------------------------------
-- Erasure in progress: the one thing that switches both off, for one transaction. Only the eraser writes here.
------------------------------------------------------------------------------------------------------------------------

CREATE TABLE pm.erasures_in_progress (
  transaction_id xid8 PRIMARY KEY
);
REVOKE ALL ON pm.erasures_in_progress FROM PUBLIC, app, worker;
GRANT SELECT ON pm.erasures_in_progress TO pm_audit;
COMMENT ON TABLE pm.erasures_in_progress IS 'Transactions that erase a person and must leave no trace of what they delete. Empty outside of such a transaction.';

-- The setting is only a hint that saves the look-up for everybody else; it opens nothing by itself.
CREATE FUNCTION pm.is_erasing() RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF current_setting('pm.erasing', true) IS DISTINCT FROM 'on' THEN
    RETURN false;
  END IF;
  RETURN EXISTS (SELECT 1 FROM pm.erasures_in_progress e WHERE e.transaction_id = pg_current_xact_id_if_assigned());
END
$$;
REVOKE ALL ON FUNCTION pm.is_erasing() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pm.is_erasing() TO pm_audit;

------------------------------------------------------------------------------------------------------------------------
-- Audit
------------------------------------------------------------------------------------------------------------------------

CREATE TABLE pm.audit_log (
  user_id uuid NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL DEFAULT now(),
  actor_id uuid,
  db_role text NOT NULL DEFAULT session_user,
  action text NOT NULL CHECK (action ~ '^[a-z_]{1,50}$'),
  table_name text CHECK (char_length(table_name) <= 63),
  row_id uuid,
  portfolio_id uuid,
  old_values jsonb,
  new_values jsonb,
  PRIMARY KEY (user_id, id)
);
-- The newest first is the primary key backwards: ids rise with time.
CREATE INDEX audit_log_row ON pm.audit_log (row_id) WHERE row_id IS NOT NULL;
CREATE INDEX audit_log_portfolio ON pm.audit_log (portfolio_id, id) WHERE portfolio_id IS NOT NULL;
CREATE INDEX audit_log_guests ON pm.audit_log (actor_id) WHERE actor_id <> user_id;
COMMENT ON TABLE pm.audit_log IS 'Every change to what a person owns, and what they did. Written by triggers only; no foreign keys, so that it outlives what it tells of.';
COMMENT ON COLUMN pm.audit_log.user_id IS 'Whose data it is.';
COMMENT ON COLUMN pm.audit_log.actor_id IS 'Who did it: the owner, or somebody the portfolio is shared with. NULL: a job.';
COMMENT ON COLUMN pm.audit_log.db_role IS 'Login role of the database session.';
COMMENT ON COLUMN pm.audit_log.action IS 'insert, update, delete, or an action such as export.';
COMMENT ON COLUMN pm.audit_log.old_values IS 'Update: the columns that changed, before. Delete: the whole row, unless its history keeps it. Never secrets.';
COMMENT ON COLUMN pm.audit_log.new_values IS 'Update: the columns that changed, after. Insert: the whole row, unless its history keeps it. Never secrets.';

SELECT pm.protect_user_table('audit_log', '{SELECT}');
REVOKE INSERT, UPDATE, DELETE ON pm.audit_log FROM worker;
CREATE POLICY writer ON pm.audit_log FOR INSERT TO pm_audit WITH CHECK (true);
GRANT INSERT (user_id, actor_id, action, table_name, row_id, portfolio_id, old_values, new_values) ON pm.audit_log TO pm_audit;

-- Set-based, so that an import of ten thousand rows is logged by one statement.
-- Arguments: the column that says whose row it is; and for tables that keep their history, which has every row from its
-- first version to its last, the column that says which portfolio: the log then only notes that and by whom.
CREATE FUNCTION pm.write_audit_log() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  actor CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  secrets CONSTANT text[] := '{password_hash,token_hash,reference_sealed}';
  -- What changes with every use, or follows from the change itself.
  noise CONSTANT text[] := '{updated_at,version,last_used_at,last_login_at,expires_at}';
BEGIN
  IF pm.is_erasing() THEN
    RETURN NULL;
  END IF;
  IF TG_NARGS = 2 AND TG_OP <> 'UPDATE' THEN
    IF TG_OP = 'INSERT' AND TG_ARGV[1] = 'id' THEN
      INSERT INTO pm.audit_log (user_id, actor_id, action, table_name, row_id, portfolio_id)
      SELECT n.user_id, actor, 'insert', TG_TABLE_NAME, n.id, n.id FROM new_rows n;
    ELSIF TG_OP = 'INSERT' THEN
      INSERT INTO pm.audit_log (user_id, actor_id, action, table_name, row_id, portfolio_id)
      SELECT n.user_id, actor, 'insert', TG_TABLE_NAME, n.id, n.portfolio_id FROM new_rows n;
    ELSIF TG_ARGV[1] = 'id' THEN
      INSERT INTO pm.audit_log (user_id, actor_id, action, table_name, row_id, portfolio_id)
      SELECT o.user_id, actor, 'delete', TG_TABLE_NAME, o.id, o.id FROM old_rows o;
    ELSE
      INSERT INTO pm.audit_log (user_id, actor_id, action, table_name, row_id, portfolio_id)
      SELECT o.user_id, actor, 'delete', TG_TABLE_NAME, o.id, o.portfolio_id FROM old_rows o;
    END IF;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO pm.audit_log (user_id, actor_id, action, table_name, row_id, portfolio_id, new_values)
    SELECT (n.v ->> TG_ARGV[0])::uuid, actor, 'insert', TG_TABLE_NAME, (coalesce(n.v ->> 'id', n.v ->> 'portfolio_id'))::uuid,
      (CASE TG_TABLE_NAME WHEN 'portfolios' THEN n.v ->> 'id' ELSE n.v ->> 'portfolio_id' END)::uuid, n.v - secrets
    FROM (SELECT to_jsonb(r) AS v FROM new_rows r) n;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO pm.audit_log (user_id, actor_id, action, table_name, row_id, portfolio_id, old_values)
    SELECT (o.v ->> TG_ARGV[0])::uuid, actor, 'delete', TG_TABLE_NAME, (coalesce(o.v ->> 'id', o.v ->> 'portfolio_id'))::uuid,
      (CASE TG_TABLE_NAME WHEN 'portfolios' THEN o.v ->> 'id' ELSE o.v ->> 'portfolio_id' END)::uuid, o.v - secrets
    FROM (SELECT to_jsonb(r) AS v FROM old_rows r) o;
  ELSE
    INSERT INTO pm.audit_log (user_id, actor_id, action, table_name, row_id, portfolio_id, old_values, new_values)
    WITH o AS MATERIALIZED (
      SELECT to_jsonb(r) AS v, coalesce(to_jsonb(r) ->> 'id', concat(to_jsonb(r) ->> 'user_id', to_jsonb(r) ->> 'portfolio_id')) AS key
      FROM old_rows r
    ), n AS MATERIALIZED (
      SELECT to_jsonb(r) AS v, coalesce(to_jsonb(r) ->> 'id', concat(to_jsonb(r) ->> 'user_id', to_jsonb(r) ->> 'portfolio_id')) AS key
      FROM new_rows r
    )
    SELECT (n.v ->> TG_ARGV[0])::uuid, actor, 'update', TG_TABLE_NAME, (coalesce(n.v ->> 'id', n.v ->> 'portfolio_id'))::uuid,
      (CASE TG_TABLE_NAME WHEN 'portfolios' THEN n.v ->> 'id' ELSE n.v ->> 'portfolio_id' END)::uuid, d.before, d.after
    FROM n JOIN o ON o.key = n.key
    CROSS JOIN LATERAL (
      -- That a secret changed is told, what it is is not.
      SELECT jsonb_object_agg(k.name, CASE WHEN k.name = ANY (secrets) THEN '"(secret)"'::jsonb ELSE o.v -> k.name END) AS before,
        jsonb_object_agg(k.name, CASE WHEN k.name = ANY (secrets) THEN '"(changed)"'::jsonb ELSE n.v -> k.name END) AS after
      FROM jsonb_object_keys(n.v) AS k (name)
      WHERE (o.v -> k.name) IS DISTINCT FROM (n.v -> k.name) AND k.name <> ALL (noise)
    ) d
    WHERE d.after IS NOT NULL;
  END IF;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION pm.write_audit_log() FROM PUBLIC;

-- What a person did that is no change of a row: an export, an import, a restore. PM401 without a person.
CREATE FUNCTION pm.log_action(p_action text, p_detail jsonb) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  actor CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
BEGIN
  IF actor IS NULL THEN
    RAISE EXCEPTION 'nobody is signed in' USING ERRCODE = 'PM401';
  END IF;
  INSERT INTO pm.audit_log (user_id, actor_id, action, new_values) VALUES (actor, actor, p_action, p_detail);
END
$$;
REVOKE ALL ON FUNCTION pm.log_action(text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pm.log_action(text, jsonb) TO app;

-- May be used by later migrations for their tables; the triggers must exist before the function changes hands.
-- `p_history_column`: for tables with keep_history, the column that holds the portfolio's id.
CREATE FUNCTION pm.audit_table(p_table text, p_owner_column text, p_history_column text DEFAULT NULL) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  arguments CONSTANT text := concat_ws(', ', quote_literal(p_owner_column), quote_literal(p_history_column));
BEGIN
  EXECUTE format('CREATE TRIGGER audit_insert AFTER INSERT ON pm.%I REFERENCING NEW TABLE AS new_rows '
    'FOR EACH STATEMENT EXECUTE FUNCTION pm.write_audit_log(%s)', p_table, arguments);
  EXECUTE format('CREATE TRIGGER audit_update AFTER UPDATE ON pm.%I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows '
    'FOR EACH STATEMENT EXECUTE FUNCTION pm.write_audit_log(%s)', p_table, arguments);
  EXECUTE format('CREATE TRIGGER audit_delete AFTER DELETE ON pm.%I REFERENCING OLD TABLE AS old_rows '
    'FOR EACH STATEMENT EXECUTE FUNCTION pm.write_audit_log(%s)', p_table, arguments);
END
$$;
REVOKE ALL ON FUNCTION pm.audit_table(text, text, text) FROM PUBLIC;

SELECT pm.audit_table('users', 'id');
SELECT pm.audit_table('sessions', 'user_id');
SELECT pm.audit_table('personal_access_tokens', 'user_id');
SELECT pm.audit_table('portfolios', 'user_id', 'id');
SELECT pm.audit_table('portfolio_access', 'owner_id');
SELECT pm.audit_table('accounts', 'user_id');
SELECT pm.audit_table('holdings', 'user_id', 'portfolio_id');
SELECT pm.audit_table('trades', 'user_id', 'portfolio_id');
SELECT pm.audit_table('manual_prices', 'user_id');
SELECT pm.audit_table('alerts', 'user_id');

------------------------------------------------------------------------------------------------------------------------
-- History
------------------------------------------------------------------------------------------------------------------------

-- Keeps every version of a table's rows that was ever visible to others. A version lasts from its updated_at to that
-- of the next one; the version in force is the row itself, so that a new row costs nothing here. Versions that came and
-- went inside one transaction were never seen and are not kept. Run again after adding columns.
-- `p_portfolio_column` is the column that holds the portfolio's id.
CREATE FUNCTION pm.keep_history(p_table text, p_portfolio_column text) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  history CONSTANT text := p_table || '_history';
  is_new CONSTANT boolean := to_regclass(format('pm.%I', history)) IS NULL;
  missing record;
  columns text;
  old_columns text;
BEGIN
  IF is_new THEN
    EXECUTE format('CREATE TABLE pm.%I (LIKE pm.%I, valid_from timestamptz NOT NULL, valid_to timestamptz NOT NULL, '
      'PRIMARY KEY (user_id, id, valid_from), CHECK (valid_from < valid_to))', history, p_table);
    EXECUTE format('CREATE INDEX %I ON pm.%I (%I, valid_to)', history || '_portfolio', history, p_portfolio_column);
    EXECUTE format('COMMENT ON TABLE pm.%I IS %L', history,
      format('Past versions of %s, each in force from valid_from until before valid_to. The present one is in %s; both together are %s_versions.',
        p_table, p_table, p_table));
  END IF;
  FOR missing IN
    SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type
    FROM pg_attribute a
    WHERE a.attrelid = format('pm.%I', p_table)::regclass AND a.attnum > 0 AND NOT a.attisdropped
      AND NOT EXISTS (SELECT 1 FROM pg_attribute h
        WHERE h.attrelid = format('pm.%I', history)::regclass AND h.attname = a.attname AND NOT h.attisdropped)
  LOOP
    EXECUTE format('ALTER TABLE pm.%I ADD COLUMN %I %s', history, missing.attname, missing.type);
  END LOOP;
  PERFORM pm.protect_portfolio_table(history, '{SELECT}', p_portfolio_column);
  EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON pm.%I FROM worker', history);

  SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), string_agg('o.' || quote_ident(a.attname), ', ' ORDER BY a.attnum)
  INTO columns, old_columns
  FROM pg_attribute a WHERE a.attrelid = format('pm.%I', p_table)::regclass AND a.attnum > 0 AND NOT a.attisdropped;

  EXECUTE format($f$
CREATE OR REPLACE FUNCTION pm.%1$I() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  IF pm.is_erasing() THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO pm.%2$I (%3$s, valid_from, valid_to)
    SELECT %4$s, o.updated_at, n.updated_at FROM old_rows o JOIN new_rows n ON n.user_id = o.user_id AND n.id = o.id
    WHERE n.updated_at > o.updated_at;
  ELSE
    INSERT INTO pm.%2$I (%3$s, valid_from, valid_to)
    SELECT %4$s, o.updated_at, pm.next_stamp(o.updated_at) FROM old_rows o
    WHERE pm.next_stamp(o.updated_at) > o.updated_at;
  END IF;
  RETURN NULL;
END
$body$
$f$, 'keep_' || history, history, columns, old_columns);
  EXECUTE format('REVOKE ALL ON FUNCTION pm.%I() FROM PUBLIC', 'keep_' || history);
  IF is_new THEN
    EXECUTE format('CREATE TRIGGER history_update AFTER UPDATE ON pm.%I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows '
      'FOR EACH STATEMENT EXECUTE FUNCTION pm.%I()', p_table, 'keep_' || history);
    EXECUTE format('CREATE TRIGGER history_delete AFTER DELETE ON pm.%I REFERENCING OLD TABLE AS old_rows '
      'FOR EACH STATEMENT EXECUTE FUNCTION pm.%I()', p_table, 'keep_' || history);
  END IF;

  IF NOT is_new THEN
    -- Not replaced: a view cannot get new columns in between.
    EXECUTE format('DROP VIEW pm.%I', p_table || '_versions');
  END IF;
  EXECUTE format('CREATE VIEW pm.%I WITH (security_invoker = true) AS '
    'SELECT %s, o.updated_at AS valid_from, NULL::timestamptz AS valid_to FROM pm.%I o '
    'UNION ALL SELECT %s, o.valid_from, o.valid_to FROM pm.%I o',
    p_table || '_versions', old_columns, p_table, old_columns, history);
  EXECUTE format('GRANT SELECT ON pm.%I TO app, worker', p_table || '_versions');
  EXECUTE format('COMMENT ON VIEW pm.%I IS %L', p_table || '_versions',
    format('Every version of %s: as recorded at a moment t are those with valid_from <= t and t < valid_to, which is NULL for the version in force.', p_table));
END
$$;
REVOKE ALL ON FUNCTION pm.keep_history(text, text) FROM PUBLIC;

SELECT pm.keep_history('portfolios', 'id');
SELECT pm.keep_history('holdings', 'portfolio_id');
SELECT pm.keep_history('trades', 'portfolio_id');

-- Last, because the owner may not use a function in a trigger once it belongs to another role.
GRANT CREATE ON SCHEMA pm TO pm_audit;
ALTER FUNCTION pm.write_audit_log() OWNER TO pm_audit;
ALTER FUNCTION pm.log_action(text, jsonb) OWNER TO pm_audit;
REVOKE CREATE ON SCHEMA pm FROM pm_audit;
