-- People, their sessions and tokens, and the only doors to them that open before anybody is signed in.

CREATE TABLE pm.users (
  id uuid PRIMARY KEY,
  email text NOT NULL CHECK (char_length(email) BETWEEN 3 AND 255 AND email ~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+$'),
  password_hash text NOT NULL CHECK (char_length(password_hash) BETWEEN 20 AND 255),
  name text CHECK (char_length(name) BETWEEN 1 AND 255),
  role text NOT NULL DEFAULT 'member' CHECK (role IN ('admin', 'member')),
  locale text NOT NULL DEFAULT 'en-GB' CHECK (locale ~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$' AND char_length(locale) <= 35),
  timezone text NOT NULL DEFAULT 'Europe/London' CHECK (timezone ~ '^[A-Za-z0-9_+/-]{1,50}$'),
  expertise_level text NOT NULL DEFAULT 'beginner' CHECK (expertise_level IN ('beginner', 'intermediate', 'advanced')),
  preferences jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(preferences) = 'object' AND octet_length(preferences::text) <= 65536),
  is_demo boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  last_login_at timestamptz,
  deleted_at timestamptz
);
CREATE UNIQUE INDEX users_email_live ON pm.users (lower(email)) WHERE deleted_at IS NULL;
CREATE INDEX users_preferences ON pm.users USING gin (preferences jsonb_path_ops);
CREATE TRIGGER touch BEFORE UPDATE ON pm.users FOR EACH ROW EXECUTE FUNCTION pm.touch_version();
COMMENT ON TABLE pm.users IS 'People who can sign in. A deleted one keeps the row until erasure removes everything.';
COMMENT ON COLUMN pm.users.email IS 'As typed; unique without regard to letter case among people who are not deleted.';
COMMENT ON COLUMN pm.users.password_hash IS 'bcrypt. Never readable by requests; see login_lookup.';
COMMENT ON COLUMN pm.users.role IS 'admin: may write what all share. The first person of an install is one.';
COMMENT ON COLUMN pm.users.timezone IS 'IANA name. A portfolio''s day ends at midnight here.';
COMMENT ON COLUMN pm.users.is_demo IS 'Made by the demo command; never counts as the first person.';

CREATE TABLE pm.sessions (
  user_id uuid NOT NULL REFERENCES pm.users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  user_agent text CHECK (char_length(user_agent) <= 512),
  ip text CHECK (char_length(ip) <= 64),
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_reason text CHECK (revoked_reason IN ('signed_out', 'revoked', 'token_reused', 'password_changed', 'account_deleted')),
  PRIMARY KEY (user_id, id),
  UNIQUE (id),
  CONSTRAINT sessions_revocation CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL))
);
COMMENT ON TABLE pm.sessions IS 'One sign-in on one device. Ends by expiry, signing out, revocation, or the re-use of an old refresh token.';
COMMENT ON COLUMN pm.sessions.last_used_at IS 'Last rotation of its refresh token.';
COMMENT ON COLUMN pm.sessions.ip IS 'Address at sign-in, as the server saw it.';

CREATE TABLE pm.session_tokens (
  user_id uuid NOT NULL,
  session_id uuid NOT NULL,
  token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  superseded_at timestamptz,
  PRIMARY KEY (user_id, token_hash),
  FOREIGN KEY (user_id, session_id) REFERENCES pm.sessions (user_id, id) ON DELETE CASCADE
);
CREATE INDEX session_tokens_session ON pm.session_tokens (user_id, session_id);
COMMENT ON TABLE pm.session_tokens IS 'Refresh tokens of a session, hashed. More than one is current only when two tabs refreshed within the grace of each other.';
COMMENT ON COLUMN pm.session_tokens.token_hash IS 'SHA-256 of the token, 32 bytes.';
COMMENT ON COLUMN pm.session_tokens.superseded_at IS 'When a newer token took its place. Within 20 s of that it is still honoured; later its use ends the session.';

CREATE TABLE pm.personal_access_tokens (
  user_id uuid NOT NULL REFERENCES pm.users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
  token_prefix text CHECK (char_length(token_prefix) <= 16),
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (user_id, id)
);
COMMENT ON TABLE pm.personal_access_tokens IS 'Tokens for scripts. Shown once when made; only the hash is kept.';
COMMENT ON COLUMN pm.personal_access_tokens.token_hash IS 'SHA-256 of the token, 32 bytes. Writable, never readable by requests.';
COMMENT ON COLUMN pm.personal_access_tokens.token_prefix IS 'First characters, to tell tokens apart in a list.';
COMMENT ON COLUMN pm.personal_access_tokens.last_used_at IS 'To the minute.';

------------------------------------------------------------------------------------------------------------------------
-- Protection. These tables have no plain grants: hashes are never readable by requests.
------------------------------------------------------------------------------------------------------------------------

SELECT pm.secure_table('users', '{}');
CREATE POLICY tenant ON pm.users TO app
  USING (id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid))
  WITH CHECK (id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
GRANT SELECT (id, email, name, role, locale, timezone, expertise_level, preferences, is_demo, version, created_at,
  updated_at, last_login_at, deleted_at) ON pm.users TO app;
GRANT UPDATE (email, name, locale, timezone, expertise_level, preferences) ON pm.users TO app;

SELECT pm.protect_user_table('sessions', '{SELECT}');
GRANT UPDATE (revoked_at, revoked_reason) ON pm.sessions TO app;

SELECT pm.protect_user_table('session_tokens', '{}');

SELECT pm.protect_user_table('personal_access_tokens', '{INSERT,DELETE}');
GRANT SELECT (user_id, id, name, token_prefix, created_at, last_used_at, expires_at, revoked_at)
  ON pm.personal_access_tokens TO app;
GRANT UPDATE (name, revoked_at) ON pm.personal_access_tokens TO app;

CREATE POLICY doors ON pm.users TO pm_auth USING (true) WITH CHECK (true);
CREATE POLICY doors ON pm.sessions TO pm_auth USING (true) WITH CHECK (true);
CREATE POLICY doors ON pm.session_tokens TO pm_auth USING (true) WITH CHECK (true);
CREATE POLICY doors ON pm.personal_access_tokens TO pm_auth USING (true) WITH CHECK (true);
GRANT SELECT (id, email, password_hash, role, locale, timezone, is_demo, deleted_at, updated_at, version),
  INSERT (id, email, password_hash, name, role, locale, timezone, is_demo),
  UPDATE (password_hash, last_login_at) ON pm.users TO pm_auth;
GRANT SELECT, INSERT (id, user_id, user_agent, ip, expires_at), UPDATE (last_used_at, expires_at, revoked_at, revoked_reason)
  ON pm.sessions TO pm_auth;
GRANT SELECT, INSERT (user_id, session_id, token_hash), UPDATE (superseded_at), DELETE ON pm.session_tokens TO pm_auth;
GRANT SELECT (id, user_id, token_hash, expires_at, revoked_at, last_used_at), UPDATE (last_used_at)
  ON pm.personal_access_tokens TO pm_auth;

------------------------------------------------------------------------------------------------------------------------
-- The doors: SECURITY DEFINER functions of pm_auth
------------------------------------------------------------------------------------------------------------------------

-- First statement of every request's transaction. PM401: the person is deleted, or the session is gone, revoked,
-- expired or another person's. A null session is a personal access token that was checked already.
CREATE FUNCTION pm.begin_request(p_user uuid, p_session uuid)
  RETURNS TABLE (role text, locale text, timezone text)
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  SELECT u.role, u.locale, u.timezone INTO begin_request.role, begin_request.locale, begin_request.timezone
  FROM pm.users u
  WHERE u.id = p_user AND u.deleted_at IS NULL
    AND (p_session IS NULL OR EXISTS (
      SELECT 1 FROM pm.sessions s
      WHERE s.user_id = p_user AND s.id = p_session AND s.revoked_at IS NULL AND s.expires_at > now()));
  IF NOT FOUND THEN
    RAISE EXCEPTION 'session ended' USING ERRCODE = 'PM401';
  END IF;
  PERFORM set_config('app.user_id', p_user::text, true),
          set_config('app.user_role', begin_request.role, true),
          set_config('app.session_id', coalesce(p_session::text, ''), true),
          set_config('app.portfolio_id', '', true);
  RETURN NEXT;
END
$$;

-- Makes a person. Under a lock, so that two first registrations make one admin.
-- PM403: registration is closed. PM409: the address is taken.
CREATE FUNCTION pm.register_user(p_id uuid, p_email text, p_password_hash text, p_name text, p_locale text,
    p_timezone text, p_demo boolean, p_open boolean)
  RETURNS TABLE (id uuid, role text)
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  is_first boolean;
  new_role text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('pm.register_user', 0));
  SELECT NOT EXISTS (SELECT 1 FROM pm.users u WHERE NOT u.is_demo AND u.deleted_at IS NULL) INTO is_first;
  IF NOT p_open AND NOT is_first THEN
    RAISE EXCEPTION 'registration is closed' USING ERRCODE = 'PM403';
  END IF;
  IF EXISTS (SELECT 1 FROM pm.users u WHERE lower(u.email) = lower(p_email) AND u.deleted_at IS NULL) THEN
    RAISE EXCEPTION 'address is taken' USING ERRCODE = 'PM409';
  END IF;
  new_role := CASE WHEN is_first AND NOT p_demo THEN 'admin' ELSE 'member' END;
  INSERT INTO pm.users (id, email, password_hash, name, role, locale, timezone, is_demo)
  VALUES (p_id, p_email, p_password_hash, p_name, new_role, coalesce(p_locale, 'en-GB'),
    coalesce(p_timezone, 'Europe/London'), p_demo);
  RETURN QUERY SELECT p_id, new_role;
END
$$;

-- Whether a stranger may register now: always while there is nobody, later when the install lets them.
CREATE FUNCTION pm.registration_is_open(p_open boolean) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT p_open OR NOT EXISTS (SELECT 1 FROM pm.users u WHERE NOT u.is_demo AND u.deleted_at IS NULL)
$$;

CREATE FUNCTION pm.login_lookup(p_email text)
  RETURNS TABLE (id uuid, password_hash text)
  LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT u.id, u.password_hash FROM pm.users u WHERE lower(u.email) = lower(p_email) AND u.deleted_at IS NULL
$$;

-- The signed-in person's own hash, to check the old password before a change; nothing for anybody else's id.
CREATE FUNCTION pm.password_hash_of(p_user uuid) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT u.password_hash FROM pm.users u
  WHERE u.id = p_user AND u.deleted_at IS NULL
    AND u.id = nullif(current_setting('app.user_id', true), '')::uuid
$$;

-- Sets the signed-in person's password and ends every other session. PM401 for anybody else's id.
CREATE FUNCTION pm.change_password(p_user uuid, p_password_hash text, p_keep_session uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  UPDATE pm.users u SET password_hash = p_password_hash
  WHERE u.id = p_user AND u.deleted_at IS NULL
    AND u.id = nullif(current_setting('app.user_id', true), '')::uuid;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'not the signed-in person' USING ERRCODE = 'PM401';
  END IF;
  UPDATE pm.sessions s SET revoked_at = now(), revoked_reason = 'password_changed'
  WHERE s.user_id = p_user AND s.revoked_at IS NULL AND s.id IS DISTINCT FROM p_keep_session;
END
$$;

CREATE FUNCTION pm.start_session(p_session uuid, p_user uuid, p_refresh_hash bytea, p_expires_at timestamptz,
    p_user_agent text, p_ip text)
  RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  UPDATE pm.users u SET last_login_at = now() WHERE u.id = p_user AND u.deleted_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such person' USING ERRCODE = 'PM401';
  END IF;
  INSERT INTO pm.sessions (id, user_id, user_agent, ip, expires_at)
  VALUES (p_session, p_user, left(p_user_agent, 512), left(p_ip, 64), p_expires_at);
  INSERT INTO pm.session_tokens (user_id, session_id, token_hash) VALUES (p_user, p_session, p_refresh_hash);
END
$$;

-- Exchanges a refresh token. Outcomes: rotated; grace (the old token within 20 s of its replacement, as two tabs do:
-- the new token is good as well); reused (an old token after that: the session is revoked); expired (or revoked);
-- unknown. Tokens replaced more than a day ago are forgotten.
CREATE FUNCTION pm.rotate_session(p_old_hash bytea, p_new_hash bytea, p_expires_at timestamptz)
  RETURNS TABLE (outcome text, user_id uuid, session_id uuid)
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  grace CONSTANT interval := interval '20 seconds';
  remembered CONSTANT interval := interval '1 day';
  live boolean;
  replaced_at timestamptz;
BEGIN
  SELECT t.user_id, t.session_id INTO rotate_session.user_id, rotate_session.session_id
  FROM pm.session_tokens t WHERE t.token_hash = p_old_hash;
  IF NOT FOUND THEN
    outcome := 'unknown';
    RETURN NEXT;
    RETURN;
  END IF;
  -- The session's row is the lock: two tabs that refresh at once come one after the other.
  SELECT s.revoked_at IS NULL AND s.expires_at > clock_timestamp() AND u.deleted_at IS NULL INTO live
  FROM pm.sessions s JOIN pm.users u ON u.id = s.user_id
  WHERE s.user_id = rotate_session.user_id AND s.id = rotate_session.session_id
  FOR NO KEY UPDATE OF s;
  SELECT t.superseded_at INTO replaced_at FROM pm.session_tokens t WHERE t.token_hash = p_old_hash;
  IF NOT FOUND OR live IS NULL THEN
    outcome := 'unknown';
  ELSIF NOT live THEN
    outcome := 'expired';
  ELSIF replaced_at IS NULL THEN
    outcome := 'rotated';
  ELSIF replaced_at > clock_timestamp() - grace THEN
    outcome := 'grace';
  ELSE
    outcome := 'reused';
    UPDATE pm.sessions s SET revoked_at = clock_timestamp(), revoked_reason = 'token_reused'
    WHERE s.user_id = rotate_session.user_id AND s.id = rotate_session.session_id;
  END IF;
  IF outcome IN ('rotated', 'grace') THEN
    IF outcome = 'rotated' THEN
      UPDATE pm.session_tokens t SET superseded_at = clock_timestamp()
      WHERE t.user_id = rotate_session.user_id AND t.session_id = rotate_session.session_id AND t.superseded_at IS NULL;
    END IF;
    DELETE FROM pm.session_tokens t
    WHERE t.user_id = rotate_session.user_id AND t.session_id = rotate_session.session_id
      AND t.superseded_at < clock_timestamp() - remembered;
    INSERT INTO pm.session_tokens (user_id, session_id, token_hash)
    VALUES (rotate_session.user_id, rotate_session.session_id, p_new_hash);
    UPDATE pm.sessions s SET last_used_at = clock_timestamp(), expires_at = p_expires_at
    WHERE s.user_id = rotate_session.user_id AND s.id = rotate_session.session_id;
  END IF;
  RETURN NEXT;
END
$$;

-- Signing out. Unknown tokens are no error: signing out twice is fine.
CREATE FUNCTION pm.end_session(p_refresh_hash bytea) RETURNS void
  LANGUAGE sql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
  UPDATE pm.sessions s SET revoked_at = now(), revoked_reason = 'signed_out'
  FROM pm.session_tokens t
  WHERE t.token_hash = p_refresh_hash AND s.user_id = t.user_id AND s.id = t.session_id AND s.revoked_at IS NULL
$$;

CREATE FUNCTION pm.token_lookup(p_hash bytea)
  RETURNS TABLE (user_id uuid, token_id uuid)
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  used_at timestamptz;
BEGIN
  SELECT t.user_id, t.id, t.last_used_at INTO token_lookup.user_id, token_lookup.token_id, used_at
  FROM pm.personal_access_tokens t JOIN pm.users u ON u.id = t.user_id
  WHERE t.token_hash = p_hash AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
    AND u.deleted_at IS NULL;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  -- To the minute: a busy script must not turn every read into a write.
  IF used_at IS NULL OR used_at < now() - interval '1 minute' THEN
    UPDATE pm.personal_access_tokens t SET last_used_at = now()
    WHERE t.user_id = token_lookup.user_id AND t.id = token_lookup.token_id;
  END IF;
  RETURN NEXT;
END
$$;

REVOKE ALL ON FUNCTION
  pm.begin_request(uuid, uuid), pm.register_user(uuid, text, text, text, text, text, boolean, boolean),
  pm.registration_is_open(boolean), pm.login_lookup(text), pm.password_hash_of(uuid), pm.change_password(uuid, text, uuid),
  pm.start_session(uuid, uuid, bytea, timestamptz, text, text), pm.rotate_session(bytea, bytea, timestamptz),
  pm.end_session(bytea), pm.token_lookup(bytea)
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  pm.begin_request(uuid, uuid), pm.register_user(uuid, text, text, text, text, text, boolean, boolean),
  pm.registration_is_open(boolean), pm.login_lookup(text), pm.password_hash_of(uuid), pm.change_password(uuid, text, uuid),
  pm.start_session(uuid, uuid, bytea, timestamptz, text, text), pm.rotate_session(bytea, bytea, timestamptz),
  pm.end_session(bytea), pm.token_lookup(bytea)
TO app;

-- A new owner of a function needs CREATE on its schema at that moment, and at no other.
GRANT CREATE ON SCHEMA pm TO pm_auth;
ALTER FUNCTION pm.begin_request(uuid, uuid) OWNER TO pm_auth;
ALTER FUNCTION pm.register_user(uuid, text, text, text, text, text, boolean, boolean) OWNER TO pm_auth;
ALTER FUNCTION pm.registration_is_open(boolean) OWNER TO pm_auth;
ALTER FUNCTION pm.login_lookup(text) OWNER TO pm_auth;
ALTER FUNCTION pm.password_hash_of(uuid) OWNER TO pm_auth;
ALTER FUNCTION pm.change_password(uuid, text, uuid) OWNER TO pm_auth;
ALTER FUNCTION pm.start_session(uuid, uuid, bytea, timestamptz, text, text) OWNER TO pm_auth;
ALTER FUNCTION pm.rotate_session(bytea, bytea, timestamptz) OWNER TO pm_auth;
ALTER FUNCTION pm.end_session(bytea) OWNER TO pm_auth;
ALTER FUNCTION pm.token_lookup(bytea) OWNER TO pm_auth;
REVOKE CREATE ON SCHEMA pm FROM pm_auth;
