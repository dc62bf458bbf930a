-- What requests and jobs need to be repeatable, resumable and connected to others.

CREATE TABLE pm.import_runs (
  user_id uuid NOT NULL REFERENCES pm.users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('constituents', 'prices', 'fx', 'local_storage', 'trades', 'archive')),
  status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'succeeded', 'failed')),
  file_name text CHECK (char_length(file_name) BETWEEN 1 AND 255),
  content_type text CHECK (char_length(content_type) BETWEEN 1 AND 255),
  options jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(options) = 'object' AND octet_length(options::text) <= 65536),
  payload bytea,
  payload_encoding text NOT NULL DEFAULT 'identity' CHECK (payload_encoding IN ('identity', 'gzip', 'br', 'zstd')),
  rows_total bigint CHECK (rows_total >= 0),
  rows_done bigint NOT NULL DEFAULT 0 CHECK (rows_done >= 0),
  result jsonb CHECK (jsonb_typeof(result) = 'object'),
  error jsonb CHECK (jsonb_typeof(error) = 'object'),
  started_at timestamptz,
  finished_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  UNIQUE (id),
  CONSTRAINT import_runs_finish CHECK ((finished_at IS NOT NULL) = (status IN ('succeeded', 'failed'))),
  CONSTRAINT import_runs_error_of_failed CHECK (error IS NULL OR status = 'failed')
);
ALTER TABLE pm.import_runs ALTER COLUMN payload SET STORAGE EXTERNAL;
CREATE INDEX import_runs_user_date ON pm.import_runs (user_id, created_at DESC);
CREATE INDEX import_runs_unfinished ON pm.import_runs (created_at) WHERE status IN ('queued', 'running');
CREATE TRIGGER touch BEFORE UPDATE ON pm.import_runs FOR EACH ROW EXECUTE FUNCTION pm.touch_version();
COMMENT ON TABLE pm.import_runs IS 'Imports too large for one request: taken, then worked off by a job.';
COMMENT ON COLUMN pm.import_runs.options IS 'How to read it: instrument, as-of day, scope, force …';
COMMENT ON COLUMN pm.import_runs.payload IS 'The file as received, until the job is done with it.';
COMMENT ON COLUMN pm.import_runs.rows_total IS 'Rows to do, once known.';
COMMENT ON COLUMN pm.import_runs.result IS 'What a synchronous import would have answered.';
COMMENT ON COLUMN pm.import_runs.error IS 'Problem details (RFC 9457) of why it failed.';

CREATE TABLE pm.idempotency_keys (
  user_id uuid NOT NULL REFERENCES pm.users (id) ON DELETE CASCADE,
  key text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
  method text NOT NULL CHECK (char_length(method) <= 10),
  path text NOT NULL CHECK (char_length(path) <= 2048),
  body_hash bytea NOT NULL CHECK (octet_length(body_hash) = 32),
  status integer CHECK (status BETWEEN 100 AND 599),
  headers jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(headers) = 'object'),
  body text,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL DEFAULT now() + interval '24 hours',
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_expiry ON pm.idempotency_keys (expires_at);
COMMENT ON TABLE pm.idempotency_keys IS 'Answers to writes that carried an Idempotency-Key, written in the write''s own transaction and repeated for 24 hours.';
COMMENT ON COLUMN pm.idempotency_keys.body_hash IS 'SHA-256 of the request''s body: the same key with another body is refused.';
COMMENT ON COLUMN pm.idempotency_keys.status IS 'HTTP status that was answered; NULL only inside the transaction that is working on it.';
COMMENT ON COLUMN pm.idempotency_keys.headers IS 'Headers worth repeating, such as ETag and Location.';
COMMENT ON COLUMN pm.idempotency_keys.body IS 'The answer''s body, as sent.';

CREATE TABLE pm.stream_outbox (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
  user_id uuid REFERENCES pm.users (id) ON DELETE CASCADE,
  topic text NOT NULL CHECK (char_length(topic) BETWEEN 1 AND 200),
  payload jsonb NOT NULL CHECK (octet_length(payload::text) <= 262144),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX stream_outbox_order ON pm.stream_outbox (transaction_id, seq);
CREATE INDEX stream_outbox_user ON pm.stream_outbox (user_id);
CREATE INDEX stream_outbox_age ON pm.stream_outbox USING brin (created_at);
COMMENT ON TABLE pm.stream_outbox IS 'Messages for /api/stream. Delivered in the order (transaction_id, seq), and only below pg_snapshot_xmin(pg_current_snapshot()): a transaction still open below that could add earlier ones.';
COMMENT ON COLUMN pm.stream_outbox.user_id IS 'Whose doing it was; NULL for what the worker publishes to all. Who receives it is decided by topic, subscription by subscription.';
COMMENT ON COLUMN pm.stream_outbox.topic IS 'e.g. price:<listing>, portfolio:<id>.';

CREATE TABLE pm.provider_credentials (
  id uuid PRIMARY KEY,
  owner_user_id uuid REFERENCES pm.users (id) ON DELETE CASCADE,
  provider text NOT NULL CHECK (provider ~ '^[a-z0-9_-]{1,50}$'),
  label text CHECK (char_length(label) BETWEEN 1 AND 100),
  sealed bytea NOT NULL CHECK (octet_length(sealed) BETWEEN 1 AND 16384),
  key_fingerprint text NOT NULL CHECK (char_length(key_fingerprint) BETWEEN 1 AND 128),
  last_used_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE NULLS NOT DISTINCT (provider, owner_user_id)
);
CREATE INDEX provider_credentials_owner ON pm.provider_credentials (owner_user_id);
CREATE TRIGGER touch BEFORE UPDATE ON pm.provider_credentials FOR EACH ROW EXECUTE FUNCTION pm.touch_version();
COMMENT ON TABLE pm.provider_credentials IS 'Keys for data providers, encrypted by the application. owner_user_id NULL: of the install, for admins only.';
COMMENT ON COLUMN pm.provider_credentials.sealed IS 'Ciphertext. The key never reaches SQL.';
COMMENT ON COLUMN pm.provider_credentials.key_fingerprint IS 'Which secret key sealed it, so that keys can be rotated.';

SELECT pm.protect_user_table('import_runs');
SELECT pm.protect_user_table('idempotency_keys');
SELECT pm.protect_user_table('stream_outbox', '{}');
GRANT INSERT (user_id, topic, payload) ON pm.stream_outbox TO app;

-- Shared rows here are secrets of the install: unlike elsewhere, members do not read them.
SELECT pm.secure_table('provider_credentials', '{SELECT,INSERT,UPDATE,DELETE}');
CREATE POLICY tenant ON pm.provider_credentials TO app
  USING (owner_user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid)
    OR (owner_user_id IS NULL AND (SELECT current_setting('app.user_role', true)) = 'admin'))
  WITH CHECK (owner_user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid)
    OR (owner_user_id IS NULL AND (SELECT current_setting('app.user_role', true)) = 'admin'));
