-- The trail also tells of recurring plans, of what is watched and of files that were taken in; and by whose name guests
-- acted.

SELECT pm.audit_table('recurring_plans', 'user_id');
SELECT pm.audit_table('watched_instruments', 'user_id');

-- A file that was taken in is an action, told with what it was and not with all that was in it. Of a statement it is the
-- portfolio's owner's; of an issuer's file, whose import it is, or who took in what everybody shares.
CREATE FUNCTION pm.log_file_imports() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  actor CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
BEGIN
  IF pm.is_erasing() THEN
    RETURN NULL;
  END IF;
  -- Column by column: the files themselves are never made into text.
  IF TG_TABLE_NAME = 'statement_imports' THEN
    INSERT INTO pm.audit_log (user_id, actor_id, action, row_id, portfolio_id, new_values)
    SELECT c.user_id, actor, 'import_statement', c.id, c.portfolio_id,
      jsonb_strip_nulls(jsonb_build_object('file_name', c.file_name, 'preset', c.preset, 'account', c.account))
    FROM changed c;
  ELSE
    INSERT INTO pm.audit_log (user_id, actor_id, action, row_id, new_values)
    SELECT coalesce(c.owner_user_id, c.imported_by), actor, 'import_constituents', c.id,
      jsonb_strip_nulls(jsonb_build_object('file_name', c.file_name, 'format', c.format, 'as_of', c.as_of, 'row_count', c.row_count))
    FROM changed c WHERE coalesce(c.owner_user_id, c.imported_by) IS NOT NULL;
  END IF;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION pm.log_file_imports() FROM PUBLIC;
CREATE TRIGGER log_import AFTER INSERT ON pm.statement_imports REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.log_file_imports();
CREATE TRIGGER log_import AFTER INSERT ON pm.constituent_imports REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.log_file_imports();

-- Names of those who acted on what is the signed-in person's: whoever shares it knows with whom.
GRANT SELECT (user_id, actor_id) ON pm.audit_log TO pm_auth;
CREATE POLICY doors ON pm.audit_log FOR SELECT TO pm_auth USING (true);
CREATE FUNCTION pm.people_who_acted(p_ids uuid[]) RETURNS TABLE (id uuid, name text, email text)
  LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT u.id, u.name, u.email FROM pm.users u
  WHERE u.id = ANY (p_ids) AND u.deleted_at IS NULL AND EXISTS (
    SELECT FROM pm.audit_log l
    WHERE l.actor_id = u.id AND l.actor_id <> l.user_id
      AND l.user_id = nullif(current_setting('app.user_id', true), '')::uuid)
$$;
REVOKE ALL ON FUNCTION pm.people_who_acted(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pm.people_who_acted(uuid[]) TO app;

-- Last, because the owner may not use a function in a trigger once it belongs to another role.
GRANT CREATE ON SCHEMA pm TO pm_audit, pm_auth;
ALTER FUNCTION pm.log_file_imports() OWNER TO pm_audit;
ALTER FUNCTION pm.people_who_acted(uuid[]) OWNER TO pm_auth;
REVOKE CREATE ON SCHEMA pm FROM pm_audit, pm_auth;
