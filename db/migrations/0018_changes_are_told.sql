-- Every process of the product hears, when a transaction commits, whose data it changed, so that none answers with
-- what it kept from before. The channel is pm_changes; what is said is a person's id, or * when it concerns everybody.

CREATE FUNCTION pm.tell_changes() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  -- Beyond this many people in one statement it is cheaper for everybody to look anew.
  named_max CONSTANT integer := 50;
  people uuid[];
BEGIN
  IF TG_ARGV[0] = 'user_id' THEN
    SELECT array_agg(DISTINCT c.user_id) INTO people FROM changed c;
  ELSIF TG_ARGV[0] = 'owner_user_id' THEN
    SELECT array_agg(DISTINCT c.owner_user_id) INTO people FROM changed c;
  ELSE
    SELECT array_agg(DISTINCT c.id) INTO people FROM changed c;
  END IF;
  IF cardinality(people) > named_max OR array_position(people, NULL) IS NOT NULL THEN
    PERFORM pg_notify('pm_changes', '*');
  ELSE
    PERFORM pg_notify('pm_changes', p::text) FROM unnest(people) AS p;
  END IF;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION pm.tell_changes() FROM PUBLIC;
COMMENT ON FUNCTION pm.tell_changes() IS 'Says on the channel pm_changes whose rows a statement changed. The argument names the column with the person.';

CREATE FUNCTION pm.tell_changes_to_all() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM pg_notify('pm_changes', '*');
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION pm.tell_changes_to_all() FROM PUBLIC;
COMMENT ON FUNCTION pm.tell_changes_to_all() IS 'Says on the channel pm_changes that something changed which everybody sees.';

-- Makes a table tell. Tables of a person or a scope do so from secure_table on; a table of neither kind tells everybody.
CREATE FUNCTION pm.make_telling(p_table text) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  person CONSTANT text := (
    SELECT a.attname FROM pg_attribute a
    WHERE a.attrelid = format('pm.%I', p_table)::regclass AND NOT a.attisdropped
      AND (a.attname IN ('owner_user_id', 'user_id') OR (p_table = 'users' AND a.attname = 'id'))
    ORDER BY a.attname <> 'owner_user_id' LIMIT 1);
  event text;
BEGIN
  PERFORM pm.make_quiet(p_table);
  IF person IS NULL THEN
    EXECUTE format('CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON pm.%I '
      'FOR EACH STATEMENT EXECUTE FUNCTION pm.tell_changes_to_all()', p_table);
    RETURN;
  END IF;
  FOREACH event IN ARRAY ARRAY['insert', 'update', 'delete'] LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER %s ON pm.%I REFERENCING %s TABLE AS changed '
      'FOR EACH STATEMENT EXECUTE FUNCTION pm.tell_changes(%L)',
      'tell_' || event, event, p_table, CASE event WHEN 'delete' THEN 'OLD' ELSE 'NEW' END, person);
  END LOOP;
END
$$;
COMMENT ON FUNCTION pm.make_telling(text) IS 'For migrations: from now on every change of the table is told on the channel pm_changes.';

CREATE FUNCTION pm.make_quiet(p_table text) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  trigger_name text;
BEGIN
  FOR trigger_name IN
    SELECT t.tgname FROM pg_trigger t
    WHERE t.tgrelid = format('pm.%I', p_table)::regclass AND t.tgname IN ('tell', 'tell_insert', 'tell_update', 'tell_delete')
  LOOP
    EXECUTE format('DROP TRIGGER %I ON pm.%I', trigger_name, p_table);
  END LOOP;
END
$$;
COMMENT ON FUNCTION pm.make_quiet(text) IS 'For migrations: changes of the table are not told, because no kept answer shows it, or because it only remembers what was computed.';
REVOKE ALL ON FUNCTION pm.make_telling(text), pm.make_quiet(text) FROM PUBLIC;

-- As before, and the table tells.
CREATE OR REPLACE FUNCTION pm.secure_table(p_table text, p_app text[]) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  policy_name text;
  columns text;
  privilege text;
BEGIN
  EXECUTE format('ALTER TABLE pm.%I ENABLE ROW LEVEL SECURITY', p_table);
  EXECUTE format('ALTER TABLE pm.%I FORCE ROW LEVEL SECURITY', p_table);
  FOR policy_name IN
    SELECT p.polname FROM pg_policy p
    WHERE p.polrelid = format('pm.%I', p_table)::regclass AND (p.polname = 'system' OR p.polname LIKE 'tenant%')
  LOOP
    EXECUTE format('DROP POLICY %I ON pm.%I', policy_name, p_table);
  END LOOP;
  EXECUTE format('CREATE POLICY system ON pm.%I TO CURRENT_ROLE, worker USING (true) WITH CHECK (true)', p_table);

  EXECUTE format('REVOKE ALL ON pm.%I FROM PUBLIC, app, worker', p_table);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON pm.%I TO worker', p_table);
  FOREACH privilege IN ARRAY p_app LOOP
    IF privilege IN ('INSERT', 'UPDATE') THEN
      SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO columns
      FROM pg_attribute a
      WHERE a.attrelid = format('pm.%I', p_table)::regclass AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attgenerated = '' AND a.attname NOT IN ('version', 'updated_at')
        AND (privilege = 'INSERT' OR a.attname NOT IN ('id', 'user_id', 'owner_user_id', 'created_at', 'is_demo'));
      IF columns IS NOT NULL THEN
        EXECUTE format('GRANT %s (%s) ON pm.%I TO app', privilege, columns, p_table);
      END IF;
    ELSIF privilege IN ('SELECT', 'DELETE') THEN
      EXECUTE format('GRANT %s ON pm.%I TO app', privilege, p_table);
    ELSE
      RAISE EXCEPTION 'privilege % is not for app', privilege;
    END IF;
  END LOOP;
  IF p_table NOT LIKE '%\_history' AND EXISTS (
    SELECT FROM pg_attribute a
    WHERE a.attrelid = format('pm.%I', p_table)::regclass AND a.attname IN ('user_id', 'owner_user_id') AND NOT a.attisdropped
  ) THEN
    PERFORM pm.make_telling(p_table);
  END IF;
END
$$;

DO $$
DECLARE
  t text;
BEGIN
  FOR t IN
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'pm'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('user_id', 'owner_user_id') AND NOT a.attisdropped)
      -- Records and what was merely computed: no answer is kept that shows them.
      AND c.relname NOT LIKE '%\_history' AND c.relname NOT IN ('audit_log', 'idempotency_keys', 'import_runs',
        'personal_access_tokens', 'provider_credentials', 'session_tokens', 'stream_outbox', 'exposure_snapshots',
        'overlap_matrices', 'portfolio_snapshots')
  LOOP
    PERFORM pm.make_telling(t);
  END LOOP;
  PERFORM pm.make_telling(u) FROM unnest(ARRAY['users', 'prices', 'fx_rates']) AS u;
END
$$;
