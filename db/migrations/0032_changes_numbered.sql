-- What is told of a change carries the number of its transaction, so that processes which heard the same know that they
-- did, and can share answers that were computed from it.

CREATE SEQUENCE pm.changes_told;
CREATE SEQUENCE pm.changes_told_to_all;
COMMENT ON SEQUENCE pm.changes_told IS 'Grows with every statement that tells a change of somebody, committed or not: two processes that begin to listen at one number have missed nothing of each other.';
COMMENT ON SEQUENCE pm.changes_told_to_all IS 'The same for changes of what everybody shares.';
-- Whoever may change a row tells it.
GRANT USAGE ON SEQUENCE pm.changes_told, pm.changes_told_to_all TO app, pm_auth, pm_audit;
GRANT USAGE, SELECT ON SEQUENCE pm.changes_told, pm.changes_told_to_all TO worker;

CREATE OR REPLACE FUNCTION pm.tell_changes() RETURNS trigger
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
  IF people IS NULL THEN
    RETURN NULL;
  END IF;
  IF cardinality(people) > named_max OR array_position(people, NULL) IS NOT NULL THEN
    PERFORM nextval('pm.changes_told_to_all');
    PERFORM pg_notify('pm_changes', '* ' || pg_current_xact_id());
  ELSE
    PERFORM nextval('pm.changes_told');
    PERFORM pg_notify('pm_changes', p || ' ' || pg_current_xact_id()) FROM unnest(people) AS p;
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION pm.tell_changes_to_all() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM nextval('pm.changes_told_to_all');
  PERFORM pg_notify('pm_changes', '* ' || pg_current_xact_id());
  RETURN NULL;
END
$$;
