-- Inside a portfolio that somebody shares with me I see it with its owner's eyes: what is shared with everybody and what
-- is the owner's, and none of my own private instruments, lines, files and prices. With my own among them a fund that
-- both of us have a file or a price for would be worth something else to me than to its owner.

CREATE OR REPLACE FUNCTION pm.protect_scoped_table(
  p_table text, p_app text[] DEFAULT '{SELECT,INSERT,UPDATE,DELETE}', p_column text DEFAULT 'owner_user_id'
) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  me CONSTANT text := $e$(SELECT nullif(current_setting('app.user_id', true), '')::uuid)$e$;
  -- The setting alone opens nothing: without a row of portfolio_access the eyes are one's own.
  whose_eyes CONSTANT text := format(
    'coalesce((SELECT a.owner_id FROM pm.portfolio_access a WHERE a.user_id = %1$s '
    'AND a.portfolio_id = (SELECT nullif(current_setting(''app.portfolio_id'', true), '''')::uuid)), %1$s)', me);
  may_read text := format('%1$I IS NULL OR %1$I = %2$s', p_column, whose_eyes);
  may_write text := format(
    '%1$I = %2$s OR (%1$I IS NULL AND (SELECT current_setting(''app.user_role'', true)) = ''admin'')', p_column, me);
BEGIN
  PERFORM pm.secure_table(p_table, p_app);
  IF p_column = 'user_id' THEN
    may_write := format('%I = %s', p_column, me);
    may_read := format('%I = %s', p_column, whose_eyes);
  END IF;
  EXECUTE format('CREATE POLICY tenant_read ON pm.%I FOR SELECT TO app USING (%s)', p_table, may_read);
  EXECUTE format('CREATE POLICY tenant_insert ON pm.%I FOR INSERT TO app WITH CHECK (%s)', p_table, may_write);
  EXECUTE format('CREATE POLICY tenant_update ON pm.%I FOR UPDATE TO app USING (%s) WITH CHECK (%s)', p_table, may_write, may_write);
  EXECUTE format('CREATE POLICY tenant_delete ON pm.%I FOR DELETE TO app USING (%s)', p_table, may_write);
END
$$;

SELECT pm.protect_scoped_table('instruments');
SELECT pm.protect_scoped_table('instrument_identifiers');
SELECT pm.protect_scoped_table('instrument_listings');
SELECT pm.protect_scoped_table('manual_prices', '{SELECT,INSERT,UPDATE,DELETE}', 'user_id');
SELECT pm.protect_scoped_table('constituent_imports');
SELECT pm.protect_scoped_table('constituents');
SELECT pm.protect_scoped_table('identity_reviews');
SELECT pm.protect_scoped_table('events');

COMMENT ON FUNCTION pm.enter_portfolio(uuid) IS 'Says whose portfolio it is, and lets this transaction see with that person''s eyes: their private instruments, files and prices instead of the caller''s, as far as the portfolio is shared with the caller.';
