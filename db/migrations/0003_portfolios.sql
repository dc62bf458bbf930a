-- Portfolios, with whom they are shared, and the accounts in them.

CREATE TABLE pm.portfolios (
  user_id uuid NOT NULL REFERENCES pm.users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 255),
  type text NOT NULL DEFAULT 'actual' CHECK (type IN ('actual', 'draft', 'model')),
  parent_id uuid CONSTRAINT portfolios_not_own_parent CHECK (parent_id <> id),
  base_currency pm.currency_code NOT NULL DEFAULT 'GBP',
  settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object' AND octet_length(settings::text) <= 262144),
  lists jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(lists) = 'object' AND octet_length(lists::text) <= 262144),
  budgets jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(budgets) = 'object' AND octet_length(budgets::text) <= 262144),
  is_demo boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  deletion_id uuid,
  PRIMARY KEY (user_id, id),
  UNIQUE (id),
  -- The column is named: the plain form would null user_id as well.
  FOREIGN KEY (user_id, parent_id) REFERENCES pm.portfolios (user_id, id) ON DELETE SET NULL (parent_id),
  CONSTRAINT portfolios_deletion CHECK ((deleted_at IS NULL) = (deletion_id IS NULL))
);
CREATE INDEX portfolios_user ON pm.portfolios (user_id, created_at) WHERE deleted_at IS NULL;
CREATE INDEX portfolios_parent ON pm.portfolios (user_id, parent_id);
CREATE INDEX portfolios_type ON pm.portfolios (user_id, type);
CREATE INDEX portfolios_deletion ON pm.portfolios (deletion_id) WHERE deletion_id IS NOT NULL;
CREATE TRIGGER touch BEFORE UPDATE ON pm.portfolios FOR EACH ROW EXECUTE FUNCTION pm.touch_version();
COMMENT ON TABLE pm.portfolios IS 'A person''s portfolio: what they have (actual), consider (draft) or aim for (model).';
COMMENT ON COLUMN pm.portfolios.parent_id IS 'The portfolio that this one was copied from: a draft''s origin, a promoted portfolio''s draft.';
COMMENT ON COLUMN pm.portfolios.base_currency IS 'Currency of its totals and of its holdings'' cost_basis.';
COMMENT ON COLUMN pm.portfolios.settings IS 'currency is shown from base_currency; lockTotal, lockedTotal, targetPortfolioValue, enableLivePrices, livePriceUpdateInterval (minutes), visibleColumns.';
COMMENT ON COLUMN pm.portfolios.lists IS 'sections, themes, accounts (names in order), themeSections (theme to section).';
COMMENT ON COLUMN pm.portfolios.budgets IS 'sections, themes, accounts: percent, percentOfSection (0 to 100) and amount in base_currency.';
COMMENT ON COLUMN pm.portfolios.deletion_id IS 'One id for everything that one deletion took along; undo restores exactly that.';

CREATE TABLE pm.portfolio_access (
  user_id uuid NOT NULL REFERENCES pm.users (id) ON DELETE CASCADE,
  portfolio_id uuid NOT NULL,
  owner_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('view', 'edit')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, portfolio_id),
  FOREIGN KEY (owner_id, portfolio_id) REFERENCES pm.portfolios (user_id, id) ON DELETE CASCADE,
  CONSTRAINT portfolio_access_not_with_oneself CHECK (user_id <> owner_id)
);
CREATE INDEX portfolio_access_owner ON pm.portfolio_access (owner_id, portfolio_id);
CREATE TRIGGER touch BEFORE UPDATE ON pm.portfolio_access FOR EACH ROW EXECUTE FUNCTION pm.touch_updated_at();
COMMENT ON TABLE pm.portfolio_access IS 'With whom a portfolio is shared within the install. The owner needs no row.';
COMMENT ON COLUMN pm.portfolio_access.user_id IS 'The person it is shared with. May leave by deleting the row.';
COMMENT ON COLUMN pm.portfolio_access.owner_id IS 'The person whose portfolio it is; only they add, change and revoke.';
COMMENT ON COLUMN pm.portfolio_access.role IS 'view: read everything in it. edit: also write it, but not delete or share it.';

CREATE TABLE pm.accounts (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  wrapper text NOT NULL DEFAULT 'other' CHECK (wrapper IN ('ISA', 'LISA', 'JISA', 'SIPP', 'GIA', 'other')),
  owner_name text CHECK (char_length(owner_name) BETWEEN 1 AND 255),
  provider text CHECK (char_length(provider) BETWEEN 1 AND 255),
  reference_sealed bytea CHECK (octet_length(reference_sealed) <= 4096),
  opened_on pm.day,
  closed_on pm.day,
  position integer NOT NULL DEFAULT 0,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  UNIQUE (id),
  UNIQUE (portfolio_id, name),
  FOREIGN KEY (user_id, portfolio_id) REFERENCES pm.portfolios (user_id, id) ON DELETE CASCADE,
  CONSTRAINT accounts_closed_after_opened CHECK (closed_on >= opened_on)
);
CREATE TRIGGER touch BEFORE UPDATE ON pm.accounts FOR EACH ROW EXECUTE FUNCTION pm.touch_version();
COMMENT ON TABLE pm.accounts IS 'What is known of the accounts that a portfolio lists by name. Two of one wrapper are normal.';
COMMENT ON COLUMN pm.accounts.name IS 'The name in lists.accounts and in holdings.account.';
COMMENT ON COLUMN pm.accounts.wrapper IS 'Tax wrapper: ISA, LISA, JISA, SIPP, GIA (none) or other.';
COMMENT ON COLUMN pm.accounts.owner_name IS 'Whose account it is, in the household''s words.';
COMMENT ON COLUMN pm.accounts.reference_sealed IS 'The broker''s account number, encrypted by the application. The key never reaches SQL.';
COMMENT ON COLUMN pm.accounts.position IS 'Order in lists, from 0.';

SELECT pm.protect_portfolio_table('portfolios', '{SELECT,INSERT,UPDATE,DELETE}', 'id');
-- Sharing lets others edit a portfolio, never make, delete or hide one in the owner's name.
DROP POLICY tenant_insert ON pm.portfolios;
CREATE POLICY tenant_insert ON pm.portfolios FOR INSERT TO app
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
DROP POLICY tenant_delete ON pm.portfolios;
CREATE POLICY tenant_delete ON pm.portfolios FOR DELETE TO app
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
DROP POLICY tenant_update ON pm.portfolios;
CREATE POLICY tenant_update ON pm.portfolios FOR UPDATE TO app
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid)
    OR (deleted_at IS NULL AND id = ANY (ARRAY(SELECT a.portfolio_id FROM pm.portfolio_access a
      WHERE a.user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid) AND a.role = 'edit'))))
  WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid)
    OR (deleted_at IS NULL AND id = ANY (ARRAY(SELECT a.portfolio_id FROM pm.portfolio_access a
      WHERE a.user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid) AND a.role = 'edit'))));

SELECT pm.secure_table('portfolio_access', '{SELECT,INSERT,DELETE}');
GRANT UPDATE (role) ON pm.portfolio_access TO app;
CREATE POLICY tenant ON pm.portfolio_access TO app
  USING (owner_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid))
  WITH CHECK (owner_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
CREATE POLICY tenant_read ON pm.portfolio_access FOR SELECT TO app
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
CREATE POLICY tenant_leave ON pm.portfolio_access FOR DELETE TO app
  USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));

SELECT pm.protect_portfolio_table('accounts');

-- Says whose portfolio it is, and lets this transaction read that person's private instruments, imports and manual
-- prices, as far as the portfolio is shared with the caller. NULL: there is no such portfolio for the caller.
-- The setting alone opens nothing: the policies check it against portfolio_access.
CREATE FUNCTION pm.enter_portfolio(p_portfolio uuid) RETURNS uuid
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  portfolio_owner uuid;
BEGIN
  SELECT p.user_id INTO portfolio_owner FROM pm.portfolios p WHERE p.id = p_portfolio AND p.deleted_at IS NULL;
  PERFORM set_config('app.portfolio_id', CASE WHEN portfolio_owner IS NULL THEN '' ELSE p_portfolio::text END, true);
  RETURN portfolio_owner;
END
$$;
REVOKE ALL ON FUNCTION pm.enter_portfolio(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pm.enter_portfolio(uuid) TO app, worker;
