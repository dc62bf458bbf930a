-- Leaving, and leaving nothing behind.

CREATE TABLE pm.erasure_totals (
  month date PRIMARY KEY CHECK (month = date_trunc('month', month)),
  erased_count integer NOT NULL DEFAULT 0 CHECK (erased_count >= 0)
);
SELECT pm.protect_shared_table('erasure_totals', '{}');
REVOKE INSERT, UPDATE, DELETE ON pm.erasure_totals FROM worker;
COMMENT ON TABLE pm.erasure_totals IS 'How many people were erased in each month (UTC): all that remains of them here.';

-- The signed-in person leaves: from now on nobody gets in as them. The worker erases them afterwards.
-- PM401 for anybody else's id.
CREATE FUNCTION pm.request_erasure(p_user uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  UPDATE pm.users u SET deleted_at = now()
  WHERE u.id = p_user AND u.deleted_at IS NULL AND u.id = nullif(current_setting('app.user_id', true), '')::uuid;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'not the signed-in person' USING ERRCODE = 'PM401';
  END IF;
  UPDATE pm.sessions s SET revoked_at = now(), revoked_reason = 'account_deleted' WHERE s.user_id = p_user AND s.revoked_at IS NULL;
  UPDATE pm.personal_access_tokens t SET revoked_at = now() WHERE t.user_id = p_user AND t.revoked_at IS NULL;
END
$$;
GRANT UPDATE (deleted_at) ON pm.users TO pm_auth;
GRANT UPDATE (revoked_at) ON pm.personal_access_tokens TO pm_auth;
REVOKE ALL ON FUNCTION pm.request_erasure(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pm.request_erasure(uuid) TO app;

-- Removes a person who has left, with everything that is theirs, from every table. The log goes last.
-- What they decided for all (shared imports, reviews) stays, without their name.
-- PM404: there is no such person. PM422: the person has not left.
CREATE FUNCTION pm.erase_user(p_user uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  left_at timestamptz;
BEGIN
  SELECT u.deleted_at INTO left_at FROM pm.users u WHERE u.id = p_user FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such person' USING ERRCODE = 'PM404';
  ELSIF left_at IS NULL THEN
    RAISE EXCEPTION 'the person has not left' USING ERRCODE = 'PM422';
  END IF;
  INSERT INTO pm.erasures_in_progress (transaction_id) VALUES (pg_current_xact_id());
  PERFORM set_config('pm.erasing', 'on', true);

  -- In this order: holdings refer to private instruments.
  DELETE FROM pm.portfolios p WHERE p.user_id = p_user;
  DELETE FROM pm.instruments i WHERE i.owner_user_id = p_user;
  DELETE FROM pm.users u WHERE u.id = p_user;
  DELETE FROM pm.portfolios_history h WHERE h.user_id = p_user;
  DELETE FROM pm.holdings_history h WHERE h.user_id = p_user;
  DELETE FROM pm.trades_history h WHERE h.user_id = p_user;
  DELETE FROM pm.audit_log l WHERE l.user_id = p_user;
  -- In other people's logs, about portfolios that were shared with this person.
  UPDATE pm.audit_log l SET actor_id = NULL WHERE l.actor_id = p_user AND l.actor_id <> l.user_id;
  DELETE FROM pm.audit_log l
  WHERE l.table_name = 'portfolio_access' AND p_user::text IN (l.new_values ->> 'user_id', l.old_values ->> 'user_id');

  INSERT INTO pm.erasure_totals AS t (month, erased_count)
  VALUES (date_trunc('month', now() AT TIME ZONE 'UTC')::date, 1)
  ON CONFLICT (month) DO UPDATE SET erased_count = t.erased_count + 1;
  DELETE FROM pm.erasures_in_progress e WHERE e.transaction_id = pg_current_xact_id();
  PERFORM set_config('pm.erasing', '', true);
END
$$;
REVOKE ALL ON FUNCTION pm.erase_user(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pm.erase_user(uuid) TO worker;

GRANT CREATE ON SCHEMA pm TO pm_auth;
ALTER FUNCTION pm.request_erasure(uuid) OWNER TO pm_auth;
REVOKE CREATE ON SCHEMA pm FROM pm_auth;
