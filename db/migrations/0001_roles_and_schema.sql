-- The schema, what the roles may see of it, shared domains, and the helpers that later migrations use to protect tables.
--
-- Roles (made by whoever sets the server up): the role that runs this file owns everything; `app` answers requests and
-- owns nothing; `worker` runs jobs; `pm_auth` and `pm_audit` cannot log in and own the few SECURITY DEFINER functions.
-- Why it is built like this: docs/adr/0004-row-level-security.md

CREATE SCHEMA IF NOT EXISTS pm;

REVOKE ALL ON SCHEMA pm FROM PUBLIC;
GRANT USAGE ON SCHEMA pm TO app, worker, pm_auth, pm_audit;

COMMENT ON SCHEMA pm IS 'Portfolio Manager. Amounts, prices and quantities are NUMERIC(38,18), rates NUMERIC(38,20); times are timestamptz, trade days are dates.';

-- Trigram indexes serve the search for instruments by parts of their name.
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA pm;

------------------------------------------------------------------------------------------------------------------------
-- Domains
------------------------------------------------------------------------------------------------------------------------

-- Pence (GBX, GBp), South African cents (ZAc) and Israeli agorot (ILA) are quote units of a listing, never currencies.
CREATE DOMAIN pm.currency_code AS text
  CONSTRAINT currency_code_shape CHECK (VALUE ~ '^[A-Z]{3}$' AND VALUE NOT IN ('GBX', 'ZAC', 'ILA'));
COMMENT ON DOMAIN pm.currency_code IS 'ISO 4217 alphabetic code. Quote units such as GBX are refused.';

CREATE DOMAIN pm.quote_unit_code AS text
  CONSTRAINT quote_unit_code_shape CHECK (VALUE IN ('GBX', 'ZAc', 'ILA') OR (VALUE ~ '^[A-Z]{3}$' AND VALUE <> 'ZAC'));
COMMENT ON DOMAIN pm.quote_unit_code IS 'What a price is quoted in: a currency, or its hundredth (GBX of GBP, ZAc of ZAR, ILA of ILS).';

CREATE DOMAIN pm.mic_code AS text
  CONSTRAINT mic_code_shape CHECK (VALUE ~ '^[A-Z0-9]{4}$');
COMMENT ON DOMAIN pm.mic_code IS 'ISO 10383 market identifier code, such as XLON.';

CREATE DOMAIN pm.day AS date
  CONSTRAINT day_range CHECK (VALUE >= DATE '1900-01-01' AND VALUE < DATE '2200-01-01');
COMMENT ON DOMAIN pm.day IS 'A calendar day from 1900 to 2199.';

-- NUMERIC accepts NaN, and counts it as greater than every number, so that a check "> 0" alone lets it in.
CREATE DOMAIN pm.amount AS numeric(38, 18)
  CONSTRAINT amount_is_number CHECK (VALUE <> 'NaN'::numeric);
COMMENT ON DOMAIN pm.amount IS 'Money, price, quantity or published weight: 20 digits before the point, 18 after. Values with more places must be refused before they get here: SQL would round them.';

CREATE DOMAIN pm.rate AS numeric(38, 20)
  CONSTRAINT rate_is_positive CHECK (VALUE > 0 AND VALUE <> 'NaN'::numeric);
COMMENT ON DOMAIN pm.rate IS 'Exchange rate: units of the target currency per 1 unit of the source currency.';

CREATE DOMAIN pm.percentage AS numeric(9, 6)
  CONSTRAINT percentage_range CHECK (VALUE >= 0 AND VALUE <= 100);
COMMENT ON DOMAIN pm.percentage IS 'Per cent, from 0 to 100.';

CREATE DOMAIN pm.isin_code AS text
  CONSTRAINT isin_code_shape CHECK (VALUE ~ '^[A-Z]{2}[A-Z0-9]{9}[0-9]$');
COMMENT ON DOMAIN pm.isin_code IS 'ISO 6166 number. The check digit is checked where it is read, so that an issuer''s misprint can be kept as published.';

------------------------------------------------------------------------------------------------------------------------
-- Triggers that many tables share
------------------------------------------------------------------------------------------------------------------------

-- The start of the transaction, so that all rows of one transaction change at one instant; moved on by a microsecond
-- when another transaction that began later has already written the row, so that versions never overlap.
CREATE FUNCTION pm.next_stamp(p_previous timestamptz) RETURNS timestamptz
  LANGUAGE sql STABLE
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE WHEN p_previous <= now() THEN now() ELSE p_previous + interval '1 microsecond' END
$$;
REVOKE ALL ON FUNCTION pm.next_stamp(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pm.next_stamp(timestamptz) TO app, worker, pm_auth, pm_audit;

CREATE FUNCTION pm.touch_updated_at() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  NEW.updated_at := pm.next_stamp(OLD.updated_at);
  RETURN NEW;
END
$$;

-- For tables that carry a version: a lost update is refused by comparing it (HTTP If-Match).
CREATE FUNCTION pm.touch_version() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  NEW.updated_at := pm.next_stamp(OLD.updated_at);
  NEW.version := OLD.version + 1;
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION pm.touch_updated_at(), pm.touch_version() FROM PUBLIC;

------------------------------------------------------------------------------------------------------------------------
-- Protection of tables. Each helper may be run again, and is, whenever a migration adds columns to a table.
-- A table belongs to exactly one kind:
--   user        user_id; only that person
--   portfolio   user_id and portfolio_id; that person and whoever the portfolio is shared with
--   scoped      owner_user_id; NULL is shared with everybody, written by admins; otherwise private to one person
--   shared      no person in it; read by everybody, written by admins
------------------------------------------------------------------------------------------------------------------------

-- What all kinds have in common. `p_app` lists what requests may do. By column, so that a request can neither change
-- whose row it is nor write what triggers keep (version, updated_at: the history's times).
CREATE FUNCTION pm.secure_table(p_table text, p_app text[]) RETURNS void
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
END
$$;

CREATE FUNCTION pm.protect_user_table(p_table text, p_app text[] DEFAULT '{SELECT,INSERT,UPDATE,DELETE}') RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  me CONSTANT text := $e$(SELECT nullif(current_setting('app.user_id', true), '')::uuid)$e$;
BEGIN
  PERFORM pm.secure_table(p_table, p_app);
  EXECUTE format('CREATE POLICY tenant ON pm.%I TO app USING (user_id = %s) WITH CHECK (user_id = %s)', p_table, me, me);
END
$$;

-- `p_column` is the column that holds the portfolio's id. The composite foreign key (user_id, portfolio_id) is what
-- keeps a person from filing rows of their own under somebody else's portfolio.
CREATE FUNCTION pm.protect_portfolio_table(
  p_table text, p_app text[] DEFAULT '{SELECT,INSERT,UPDATE,DELETE}', p_column text DEFAULT 'portfolio_id'
) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  me CONSTANT text := $e$(SELECT nullif(current_setting('app.user_id', true), '')::uuid)$e$;
  may_read text := format('user_id = %s OR %I = ANY (ARRAY(SELECT a.portfolio_id FROM pm.portfolio_access a WHERE a.user_id = %s))',
    me, p_column, me);
  may_edit text := format('user_id = %s OR %I = ANY (ARRAY(SELECT a.portfolio_id FROM pm.portfolio_access a WHERE a.user_id = %s AND a.role = ''edit''))',
    me, p_column, me);
BEGIN
  PERFORM pm.secure_table(p_table, p_app);
  EXECUTE format('CREATE POLICY tenant_read ON pm.%I FOR SELECT TO app USING (%s)', p_table, may_read);
  EXECUTE format('CREATE POLICY tenant_insert ON pm.%I FOR INSERT TO app WITH CHECK (%s)', p_table, may_edit);
  EXECUTE format('CREATE POLICY tenant_update ON pm.%I FOR UPDATE TO app USING (%s) WITH CHECK (%s)', p_table, may_edit, may_edit);
  EXECUTE format('CREATE POLICY tenant_delete ON pm.%I FOR DELETE TO app USING (%s)', p_table, may_edit);
END
$$;

-- Private rows of somebody who shares a portfolio with me are readable only inside a transaction that has entered that
-- portfolio (pm.enter_portfolio), and never writable.
CREATE FUNCTION pm.protect_scoped_table(
  p_table text, p_app text[] DEFAULT '{SELECT,INSERT,UPDATE,DELETE}', p_column text DEFAULT 'owner_user_id'
) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  me CONSTANT text := $e$(SELECT nullif(current_setting('app.user_id', true), '')::uuid)$e$;
  may_read text := format(
    '%1$I IS NULL OR %1$I = %2$s OR %1$I = ANY (ARRAY(SELECT a.owner_id FROM pm.portfolio_access a '
    'WHERE a.user_id = %2$s AND a.portfolio_id = (SELECT nullif(current_setting(''app.portfolio_id'', true), '''')::uuid)))',
    p_column, me);
  may_write text := format(
    '%1$I = %2$s OR (%1$I IS NULL AND (SELECT current_setting(''app.user_role'', true)) = ''admin'')', p_column, me);
BEGIN
  PERFORM pm.secure_table(p_table, p_app);
  IF p_column = 'user_id' THEN
    may_write := format('%I = %s', p_column, me);
    may_read := replace(may_read, format('%I IS NULL OR ', p_column), '');
  END IF;
  EXECUTE format('CREATE POLICY tenant_read ON pm.%I FOR SELECT TO app USING (%s)', p_table, may_read);
  EXECUTE format('CREATE POLICY tenant_insert ON pm.%I FOR INSERT TO app WITH CHECK (%s)', p_table, may_write);
  EXECUTE format('CREATE POLICY tenant_update ON pm.%I FOR UPDATE TO app USING (%s) WITH CHECK (%s)', p_table, may_write, may_write);
  EXECUTE format('CREATE POLICY tenant_delete ON pm.%I FOR DELETE TO app USING (%s)', p_table, may_write);
END
$$;

CREATE FUNCTION pm.protect_shared_table(p_table text, p_app text[] DEFAULT '{SELECT,INSERT,UPDATE,DELETE}') RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  admin CONSTANT text := $e$(SELECT current_setting('app.user_role', true)) = 'admin'$e$;
BEGIN
  PERFORM pm.secure_table(p_table, p_app);
  EXECUTE format('CREATE POLICY tenant_read ON pm.%I FOR SELECT TO app USING (true)', p_table);
  EXECUTE format('CREATE POLICY tenant_insert ON pm.%I FOR INSERT TO app WITH CHECK (%s)', p_table, admin);
  EXECUTE format('CREATE POLICY tenant_update ON pm.%I FOR UPDATE TO app USING (%s) WITH CHECK (%s)', p_table, admin, admin);
  EXECUTE format('CREATE POLICY tenant_delete ON pm.%I FOR DELETE TO app USING (%s)', p_table, admin);
END
$$;

REVOKE ALL ON FUNCTION
  pm.secure_table(text, text[]), pm.protect_user_table(text, text[]), pm.protect_portfolio_table(text, text[], text),
  pm.protect_scoped_table(text, text[], text), pm.protect_shared_table(text, text[])
FROM PUBLIC;
