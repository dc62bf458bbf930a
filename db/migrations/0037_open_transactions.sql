-- What holds the stream back: transactions still open in this database. A snapshot names those of every database of the
-- cluster; another's long transaction cannot publish here and must not keep prices waiting. Nor must the server's own
-- upkeep, whose processes have no user: gathering statistics of a large table takes long and publishes nothing.

-- The transactions open when the caller's snapshot was taken, without those known to be another database's or upkeep.
-- Whose a transaction belongs to is read after the snapshot: one that it names and that is still open then has had
-- its connection all along. One that has ended meanwhile, or was prepared, counts as this database's.
CREATE FUNCTION pm.open_transactions() RETURNS SETOF xid8
  LANGUAGE plpgsql STABLE
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  now_open CONSTANT pg_snapshot := pg_current_snapshot();
BEGIN
  IF pg_snapshot_xmin(now_open) = pg_snapshot_xmax(now_open) THEN
    RETURN;
  END IF;
  PERFORM pg_stat_clear_snapshot();
  RETURN QUERY SELECT x FROM pg_snapshot_xip(now_open) x
    WHERE NOT EXISTS (SELECT FROM pg_stat_activity a
      WHERE a.backend_xid = x::xid
        AND (a.usesysid IS NULL OR a.datid <> (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())));
END
$$;
COMMENT ON FUNCTION pm.open_transactions() IS 'Transactions of this database that were open when the snapshot was taken.';

-- Everything before (this, 0) can be read, and nothing before it will be added.
CREATE OR REPLACE FUNCTION pm.stream_position() RETURNS xid8
  LANGUAGE sql STABLE
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce((SELECT o FROM pm.open_transactions() o ORDER BY o LIMIT 1), pg_snapshot_xmax(pg_current_snapshot()))
$$;

CREATE OR REPLACE FUNCTION pm.stream_after(p_transaction xid8, p_seq bigint, p_topics text[], p_limit integer)
  RETURNS TABLE (transaction_id xid8, seq bigint, topic text, payload jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT o.transaction_id, o.seq, o.topic, o.payload
  FROM pm.stream_outbox o
  WHERE (o.transaction_id, o.seq) > (p_transaction, p_seq)
    AND o.transaction_id < (SELECT pm.stream_position())
    AND (p_topics IS NULL OR o.topic = ANY (p_topics))
  ORDER BY o.transaction_id, o.seq
  LIMIT p_limit
$$;

-- A place that no transaction has reached yet was not given by this database.
CREATE OR REPLACE FUNCTION pm.stream_reaches(p_transaction xid8, p_seq bigint) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (SELECT FROM pm.stream_outbox o WHERE (o.transaction_id, o.seq) <= (p_transaction, p_seq))
    AND p_transaction <= pg_snapshot_xmax(pg_current_snapshot())
$$;

REVOKE ALL ON FUNCTION pm.open_transactions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pm.open_transactions() TO app, worker;
COMMENT ON TABLE pm.stream_outbox IS 'Messages for /api/stream. Delivered in the order (transaction_id, seq), and only below pm.stream_position(): a transaction of this database still open below that could add earlier ones.';
