-- Whether the signed-in person is the only one who administers the install: requests see nobody else's row.

CREATE FUNCTION pm.am_last_administrator() RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (SELECT FROM pm.users u
      WHERE u.id = nullif(current_setting('app.user_id', true), '')::uuid AND u.role = 'admin' AND NOT u.is_demo)
    AND NOT EXISTS (SELECT FROM pm.users u
      WHERE u.id <> nullif(current_setting('app.user_id', true), '')::uuid AND u.role = 'admin'
        AND u.deleted_at IS NULL AND NOT u.is_demo)
$$;
REVOKE ALL ON FUNCTION pm.am_last_administrator() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pm.am_last_administrator() TO app;
GRANT CREATE ON SCHEMA pm TO pm_auth;
ALTER FUNCTION pm.am_last_administrator() OWNER TO pm_auth;
REVOKE CREATE ON SCHEMA pm FROM pm_auth;
