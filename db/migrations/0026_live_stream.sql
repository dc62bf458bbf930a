-- The live stream: what is published when a latest price changes, how it is read in an order that loses nothing, and
-- whether those who listen are still signed in.

-- Every way in which a latest price changes ends here: fetched, imported, accepted, corrected, deleted. Within a line
-- and kind the numbers are given while its row is locked, so the highest number is the newest state.
CREATE FUNCTION pm.publish_latest_prices() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO pm.stream_outbox (topic, payload)
  SELECT 'price:' || c.listing_id, jsonb_build_object('kind', c.kind, 'price', CASE WHEN TG_OP <> 'DELETE' THEN jsonb_build_object(
    'close', trim_scale(c.close)::text, 'currency', c.currency, 'dateTime', to_char(c.date_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'source', c.source, 'interval', c.interval) END)
  FROM changed c
  ORDER BY c.listing_id, c.kind;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION pm.publish_latest_prices() FROM PUBLIC;
CREATE TRIGGER publish_new AFTER INSERT ON pm.latest_prices REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.publish_latest_prices();
CREATE TRIGGER publish_changed AFTER UPDATE ON pm.latest_prices REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.publish_latest_prices();
CREATE TRIGGER publish_gone AFTER DELETE ON pm.latest_prices REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION pm.publish_latest_prices();

-- Where the stream stands: everything before (transaction_id, 0) can be read, and nothing before it will be added.
CREATE FUNCTION pm.stream_position() RETURNS xid8
  LANGUAGE sql STABLE
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT pg_snapshot_xmin(pg_current_snapshot())
$$;

-- Messages after a place, in order, of some topics or of all, and no further than nothing can be added before. The
-- readers are the processes that serve the stream; which of it a person gets is decided subscription by subscription.
CREATE FUNCTION pm.stream_after(p_transaction xid8, p_seq bigint, p_topics text[], p_limit integer)
  RETURNS TABLE (transaction_id xid8, seq bigint, topic text, payload jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT o.transaction_id, o.seq, o.topic, o.payload
  FROM pm.stream_outbox o
  WHERE (o.transaction_id, o.seq) > (p_transaction, p_seq)
    AND o.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
    AND (p_topics IS NULL OR o.topic = ANY (p_topics))
  ORDER BY o.transaction_id, o.seq
  LIMIT p_limit
$$;

-- Whether everything after a place is still there: what is forgotten is forgotten from the oldest on, so that a message
-- at the place or before it proves it. False proves nothing.
CREATE FUNCTION pm.stream_reaches(p_transaction xid8, p_seq bigint) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (SELECT FROM pm.stream_outbox o WHERE (o.transaction_id, o.seq) <= (p_transaction, p_seq))
    AND p_transaction <= pg_snapshot_xmin(pg_current_snapshot())
$$;

-- Of proofs given side by side (person, and session or personal token), the places of those that still hold.
CREATE FUNCTION pm.proofs_that_hold(p_users uuid[], p_sessions uuid[], p_tokens uuid[]) RETURNS TABLE (place integer)
  LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
  SELECT g.place::integer
  FROM unnest(p_users, p_sessions, p_tokens) WITH ORDINALITY AS g (user_id, session_id, token_id, place)
  JOIN pm.users u ON u.id = g.user_id AND u.deleted_at IS NULL
  WHERE EXISTS (SELECT FROM pm.sessions s
      WHERE s.user_id = g.user_id AND s.id = g.session_id AND s.revoked_at IS NULL AND s.expires_at > now())
    OR EXISTS (SELECT FROM pm.personal_access_tokens t
      WHERE t.user_id = g.user_id AND t.id = g.token_id AND t.revoked_at IS NULL
        AND (t.expires_at IS NULL OR t.expires_at > now()))
$$;

REVOKE ALL ON FUNCTION pm.stream_position(), pm.stream_after(xid8, bigint, text[], integer),
  pm.stream_reaches(xid8, bigint), pm.proofs_that_hold(uuid[], uuid[], uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pm.stream_position(), pm.stream_after(xid8, bigint, text[], integer),
  pm.stream_reaches(xid8, bigint), pm.proofs_that_hold(uuid[], uuid[], uuid[]) TO app;
GRANT CREATE ON SCHEMA pm TO pm_auth;
ALTER FUNCTION pm.proofs_that_hold(uuid[], uuid[], uuid[]) OWNER TO pm_auth;
REVOKE CREATE ON SCHEMA pm FROM pm_auth;
