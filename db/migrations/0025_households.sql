-- Sharing a portfolio within the install: who is asked, who said yes, and how people read each other's names.

CREATE TABLE pm.portfolio_invitations (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  email text NOT NULL CHECK (char_length(email) BETWEEN 3 AND 255),
  role text NOT NULL CHECK (role IN ('view', 'edit')),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL DEFAULT now() + interval '30 days',
  PRIMARY KEY (user_id, id),
  UNIQUE (id),
  FOREIGN KEY (user_id, portfolio_id) REFERENCES pm.portfolios (user_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX portfolio_invitations_once ON pm.portfolio_invitations (portfolio_id, lower(email));
CREATE INDEX portfolio_invitations_email ON pm.portfolio_invitations (lower(email));
COMMENT ON TABLE pm.portfolio_invitations IS 'Whom a portfolio''s owner asked to share it. The same whether or not somebody has that address; gone when it is accepted, declined or withdrawn.';
COMMENT ON COLUMN pm.portfolio_invitations.email IS 'As typed by the owner. Whoever is signed in with this address may accept.';
COMMENT ON COLUMN pm.portfolio_invitations.role IS 'What is offered: view or edit.';

SELECT pm.protect_user_table('portfolio_invitations', '{SELECT,INSERT,DELETE}');

-- Nothing remains of an address whose owner was erased.
CREATE FUNCTION pm.forget_invitations() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  DELETE FROM pm.portfolio_invitations i WHERE lower(i.email) = lower(OLD.email);
  RETURN OLD;
END
$$;
REVOKE ALL ON FUNCTION pm.forget_invitations() FROM PUBLIC;
CREATE TRIGGER forget_invitations AFTER DELETE ON pm.users FOR EACH ROW EXECUTE FUNCTION pm.forget_invitations();

------------------------------------------------------------------------------------------------------------------------
-- Doors: what people of one household may know of each other. Definer functions of pm_auth.
------------------------------------------------------------------------------------------------------------------------

CREATE POLICY doors ON pm.portfolios FOR SELECT TO pm_auth USING (true);
CREATE POLICY doors ON pm.portfolio_access TO pm_auth USING (true) WITH CHECK (true);
CREATE POLICY doors ON pm.portfolio_invitations TO pm_auth USING (true) WITH CHECK (true);
GRANT SELECT (name) ON pm.users TO pm_auth;
GRANT SELECT (user_id, id, name, deleted_at) ON pm.portfolios TO pm_auth;
GRANT SELECT, INSERT (user_id, portfolio_id, owner_id, role), UPDATE (role) ON pm.portfolio_access TO pm_auth;
GRANT SELECT, DELETE ON pm.portfolio_invitations TO pm_auth;

-- Invitations to the signed-in person's address, with who sent them.
CREATE FUNCTION pm.invitations_to_me()
  RETURNS TABLE (id uuid, portfolio_name text, owner_name text, owner_email text, role text, created_at timestamptz, expires_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT i.id, p.name, o.name, o.email, i.role, i.created_at, i.expires_at
  FROM pm.users me
  JOIN pm.portfolio_invitations i ON lower(i.email) = lower(me.email) AND i.user_id <> me.id AND i.expires_at > now()
  JOIN pm.portfolios p ON p.user_id = i.user_id AND p.id = i.portfolio_id AND p.deleted_at IS NULL
  JOIN pm.users o ON o.id = i.user_id AND o.deleted_at IS NULL
  WHERE me.id = nullif(current_setting('app.user_id', true), '')::uuid AND me.deleted_at IS NULL
$$;

-- Takes an invitation to the signed-in person's address. The portfolio, or NULL when there is no such invitation.
CREATE FUNCTION pm.accept_invitation(p_id uuid) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  me CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  taken record;
BEGIN
  DELETE FROM pm.portfolio_invitations i
  WHERE i.id = p_id AND EXISTS (SELECT FROM pm.invitations_to_me() m WHERE m.id = i.id)
  RETURNING i.user_id, i.portfolio_id, i.role INTO taken;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  INSERT INTO pm.portfolio_access (user_id, portfolio_id, owner_id, role)
  VALUES (me, taken.portfolio_id, taken.user_id, taken.role)
  ON CONFLICT (user_id, portfolio_id) DO UPDATE SET role = excluded.role;
  RETURN taken.portfolio_id;
END
$$;

-- Turns an invitation to the signed-in person's address down. False when there is no such invitation.
CREATE FUNCTION pm.decline_invitation(p_id uuid) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  DELETE FROM pm.portfolio_invitations i
  WHERE i.id = p_id AND EXISTS (SELECT FROM pm.invitations_to_me() m WHERE m.id = i.id);
  RETURN FOUND;
END
$$;

-- Who is in a portfolio: to its owner everybody, to a guest the owner and themselves. Empty for everybody else.
CREATE FUNCTION pm.people_of_portfolio(p_portfolio uuid)
  RETURNS TABLE (user_id uuid, name text, email text, role text, since timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
  WITH me AS (SELECT nullif(current_setting('app.user_id', true), '')::uuid AS id),
  there AS (
    SELECT p.user_id AS owner_id FROM pm.portfolios p, me
    WHERE p.id = p_portfolio AND p.deleted_at IS NULL
      AND (p.user_id = me.id OR EXISTS (SELECT FROM pm.portfolio_access a WHERE a.portfolio_id = p.id AND a.user_id = me.id)))
  SELECT u.id, u.name, u.email, 'owner', NULL::timestamptz FROM there t JOIN pm.users u ON u.id = t.owner_id
  UNION ALL
  SELECT u.id, u.name, u.email, a.role, a.created_at
  FROM there t JOIN pm.portfolio_access a ON a.portfolio_id = p_portfolio AND a.owner_id = t.owner_id
  JOIN pm.users u ON u.id = a.user_id AND u.deleted_at IS NULL, me
  WHERE t.owner_id = me.id OR a.user_id = me.id
$$;

-- The owners of what is shared with the signed-in person.
CREATE FUNCTION pm.owners_of_shared() RETURNS TABLE (portfolio_id uuid, name text, email text)
  LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT a.portfolio_id, u.name, u.email
  FROM pm.portfolio_access a JOIN pm.users u ON u.id = a.owner_id
  WHERE a.user_id = nullif(current_setting('app.user_id', true), '')::uuid
$$;

REVOKE ALL ON FUNCTION pm.invitations_to_me(), pm.accept_invitation(uuid), pm.decline_invitation(uuid),
  pm.people_of_portfolio(uuid), pm.owners_of_shared() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pm.invitations_to_me(), pm.accept_invitation(uuid), pm.decline_invitation(uuid),
  pm.people_of_portfolio(uuid), pm.owners_of_shared() TO app;

GRANT CREATE ON SCHEMA pm TO pm_auth;
ALTER FUNCTION pm.invitations_to_me() OWNER TO pm_auth;
ALTER FUNCTION pm.accept_invitation(uuid) OWNER TO pm_auth;
ALTER FUNCTION pm.decline_invitation(uuid) OWNER TO pm_auth;
ALTER FUNCTION pm.people_of_portfolio(uuid) OWNER TO pm_auth;
ALTER FUNCTION pm.owners_of_shared() OWNER TO pm_auth;
REVOKE CREATE ON SCHEMA pm FROM pm_auth;
