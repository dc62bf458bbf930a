-- Brokers' statements: which trades one brought, and what a person chose for files of its form. What was taken over from
-- an older system, so that taking it over again adds nothing.

ALTER TABLE pm.trades ADD COLUMN import_id uuid;
ALTER TABLE pm.trades ADD COLUMN import_key text CHECK (char_length(import_key) BETWEEN 1 AND 100);
COMMENT ON COLUMN pm.trades.import_id IS 'One id for what one statement brought.';
COMMENT ON COLUMN pm.trades.import_key IS 'Which row of a statement it is: the same row of a later file has the same. NULL for what was entered by hand.';
SELECT pm.keep_history('trades', 'portfolio_id');
SELECT pm.protect_portfolio_table('trades');

ALTER TABLE pm.deletions DROP CONSTRAINT deletions_kind_check;
ALTER TABLE pm.deletions ADD CONSTRAINT deletions_kind_check CHECK (kind IN ('portfolio', 'holding', 'trade', 'import'));

CREATE TABLE pm.statement_imports (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  account text NOT NULL CHECK (char_length(account) BETWEEN 1 AND 100),
  preset text NOT NULL CHECK (char_length(preset) BETWEEN 1 AND 50),
  file_name text CHECK (char_length(file_name) BETWEEN 1 AND 255),
  report jsonb NOT NULL CHECK (jsonb_typeof(report) = 'object' AND octet_length(report::text) <= 1048576),
  made_holdings uuid[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  UNIQUE (id),
  FOREIGN KEY (user_id, portfolio_id) REFERENCES pm.portfolios (user_id, id) ON DELETE CASCADE
);
CREATE INDEX statement_imports_portfolio ON pm.statement_imports (user_id, portfolio_id);
COMMENT ON TABLE pm.statement_imports IS 'Statements that were recorded. Their trades carry the id; it is undone by deleting those, as one deletion.';
COMMENT ON COLUMN pm.statement_imports.report IS 'What was answered when it was recorded.';
COMMENT ON COLUMN pm.statement_imports.made_holdings IS 'Holdings that it made; they go with it when nothing else is in them.';
SELECT pm.protect_portfolio_table('statement_imports', '{SELECT,INSERT}');

CREATE TABLE pm.statement_mappings (
  user_id uuid NOT NULL REFERENCES pm.users (id) ON DELETE CASCADE,
  signature text NOT NULL CHECK (char_length(signature) BETWEEN 1 AND 64),
  mapping jsonb NOT NULL CHECK (jsonb_typeof(mapping) = 'object' AND octet_length(mapping::text) <= 262144),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, signature)
);
CREATE TRIGGER touch BEFORE UPDATE ON pm.statement_mappings FOR EACH ROW EXECUTE FUNCTION pm.touch_updated_at();
COMMENT ON TABLE pm.statement_mappings IS 'How a person has statements of one form read: preset, columns, order of day and month, and which instrument each security is.';
COMMENT ON COLUMN pm.statement_mappings.signature IS 'Hash of the file''s headers.';
SELECT pm.protect_user_table('statement_mappings');

CREATE TABLE pm.imported_ids (
  user_id uuid NOT NULL REFERENCES pm.users (id) ON DELETE CASCADE,
  source text NOT NULL CHECK (source IN ('local_storage', 'archive')),
  kind text NOT NULL CHECK (kind IN ('portfolio', 'holding', 'trade')),
  source_id text NOT NULL CHECK (char_length(source_id) BETWEEN 1 AND 200),
  target_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, source, kind, source_id)
);
COMMENT ON TABLE pm.imported_ids IS 'What things were called where they came from: taking them over again finds them.';
SELECT pm.protect_user_table('imported_ids');
