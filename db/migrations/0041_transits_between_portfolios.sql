-- What leaves one portfolio for another counts where it goes from that day on: so the history there changes from the day
-- on which it left.

CREATE FUNCTION pm.note_transit_history() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM changed c WHERE c.type IN ('transfer_in', 'transfer_out') AND c.event_id IS NOT NULL) THEN
    RETURN NULL;
  END IF;
  PERFORM pm.note_history(array_agg(t.portfolio_id), array_agg(t.day)) FROM (
    SELECT i.portfolio_id, least(c.date, o.date)::date AS day
    FROM changed c
    JOIN pm.trades o ON o.event_id = c.event_id AND o.type = 'transfer_out'
    JOIN pm.trades i ON i.event_id = c.event_id AND i.type = 'transfer_in' AND i.portfolio_id <> o.portfolio_id
    WHERE c.type IN ('transfer_in', 'transfer_out')) t;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION pm.note_transit_history() FROM PUBLIC;
CREATE TRIGGER note_transit_insert AFTER INSERT ON pm.trades REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_transit_history();
-- The day on which it left before, and the day on which it leaves now.
CREATE TRIGGER note_transit_before AFTER UPDATE ON pm.trades REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_transit_history();
CREATE TRIGGER note_transit_after AFTER UPDATE ON pm.trades REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.note_transit_history();
