-- Made from db/migrations by `npm run generate`. Do not edit, and do not run: see db/migrations.
-- Names without schema are in pm. "owner" is the role that ran the migrations.

------------------------------------------------------------------------------------------------------------------------
-- Schema
------------------------------------------------------------------------------------------------------------------------
GRANT USAGE ON SCHEMA pm TO app;
GRANT USAGE ON SCHEMA pm TO pm_audit;
GRANT USAGE ON SCHEMA pm TO pm_auth;
GRANT USAGE ON SCHEMA pm TO worker;

------------------------------------------------------------------------------------------------------------------------
-- Extensions
------------------------------------------------------------------------------------------------------------------------
CREATE EXTENSION pg_trgm WITH SCHEMA pm;

------------------------------------------------------------------------------------------------------------------------
-- Domains
------------------------------------------------------------------------------------------------------------------------
CREATE DOMAIN amount AS numeric(38,18) CONSTRAINT amount_is_number CHECK ((VALUE <> 'NaN'::numeric));
COMMENT ON DOMAIN amount IS 'Money, price, quantity or published weight: 20 digits before the point, 18 after. Values with more places must be refused before they get here: SQL would round them.';
CREATE DOMAIN currency_code AS text CONSTRAINT currency_code_shape CHECK (((VALUE ~ '^[A-Z]{3}$'::text) AND (VALUE <> ALL (ARRAY['GBX'::text, 'ZAC'::text, 'ILA'::text]))));
COMMENT ON DOMAIN currency_code IS 'ISO 4217 alphabetic code. Quote units such as GBX are refused.';
CREATE DOMAIN day AS date CONSTRAINT day_range CHECK (((VALUE >= '1900-01-01'::date) AND (VALUE < '2200-01-01'::date)));
COMMENT ON DOMAIN day IS 'A calendar day from 1900 to 2199.';
CREATE DOMAIN isin_code AS text CONSTRAINT isin_code_shape CHECK ((VALUE ~ '^[A-Z]{2}[A-Z0-9]{9}[0-9]$'::text));
COMMENT ON DOMAIN isin_code IS 'ISO 6166 number. The check digit is checked where it is read, so that an issuer''s misprint can be kept as published.';
CREATE DOMAIN mic_code AS text CONSTRAINT mic_code_shape CHECK ((VALUE ~ '^[A-Z0-9]{4}$'::text));
COMMENT ON DOMAIN mic_code IS 'ISO 10383 market identifier code, such as XLON.';
CREATE DOMAIN percentage AS numeric(9,6) CONSTRAINT percentage_range CHECK (((VALUE >= (0)::numeric) AND (VALUE <= (100)::numeric)));
COMMENT ON DOMAIN percentage IS 'Per cent, from 0 to 100.';
CREATE DOMAIN quote_unit_code AS text CONSTRAINT quote_unit_code_shape CHECK (((VALUE = ANY (ARRAY['GBX'::text, 'ZAc'::text, 'ILA'::text])) OR ((VALUE ~ '^[A-Z]{3}$'::text) AND (VALUE <> 'ZAC'::text))));
COMMENT ON DOMAIN quote_unit_code IS 'What a price is quoted in: a currency, or its hundredth (GBX of GBP, ZAc of ZAR, ILA of ILS).';
CREATE DOMAIN rate AS numeric(38,20) CONSTRAINT rate_is_positive CHECK (((VALUE > (0)::numeric) AND (VALUE <> 'NaN'::numeric)));
COMMENT ON DOMAIN rate IS 'Exchange rate: units of the target currency per 1 unit of the source currency.';

------------------------------------------------------------------------------------------------------------------------
-- Tables
------------------------------------------------------------------------------------------------------------------------

CREATE TABLE accounts (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  name text NOT NULL,
  wrapper text DEFAULT 'other'::text NOT NULL,
  owner_name text,
  provider text,
  reference_sealed bytea,
  opened_on day,
  closed_on day,
  "position" integer DEFAULT 0 NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT accounts_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT accounts_id_key UNIQUE (id),
  CONSTRAINT accounts_portfolio_id_name_key UNIQUE (portfolio_id, name),
  CONSTRAINT accounts_user_id_portfolio_id_fkey FOREIGN KEY (user_id, portfolio_id) REFERENCES portfolios(user_id, id) ON DELETE CASCADE,
  CONSTRAINT accounts_closed_after_opened CHECK (((closed_on)::date >= (opened_on)::date)),
  CONSTRAINT accounts_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100))),
  CONSTRAINT accounts_owner_name_check CHECK (((char_length(owner_name) >= 1) AND (char_length(owner_name) <= 255))),
  CONSTRAINT accounts_provider_check CHECK (((char_length(provider) >= 1) AND (char_length(provider) <= 255))),
  CONSTRAINT accounts_reference_sealed_check CHECK ((octet_length(reference_sealed) <= 4096)),
  CONSTRAINT accounts_wrapper_check CHECK ((wrapper = ANY (ARRAY['ISA'::text, 'LISA'::text, 'JISA'::text, 'SIPP'::text, 'GIA'::text, 'other'::text])))
);
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts FORCE ROW LEVEL SECURITY;
CREATE TRIGGER audit_delete AFTER DELETE ON accounts REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER audit_insert AFTER INSERT ON accounts REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER audit_update AFTER UPDATE ON accounts REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER tell_delete AFTER DELETE ON accounts REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON accounts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON accounts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER touch BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY system ON accounts TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON accounts FOR DELETE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_insert ON accounts FOR INSERT TO app WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_read ON accounts FOR SELECT TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE (a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY tenant_update ON accounts FOR UPDATE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text))))))) WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
GRANT DELETE, INSERT, SELECT, UPDATE ON accounts TO worker;
GRANT DELETE, SELECT ON accounts TO app;
GRANT INSERT (user_id, id, portfolio_id, name, wrapper, owner_name, provider, reference_sealed, opened_on, closed_on, "position", created_at) ON accounts TO app;
GRANT UPDATE (portfolio_id, name, wrapper, owner_name, provider, reference_sealed, opened_on, closed_on, "position") ON accounts TO app;
COMMENT ON TABLE accounts IS 'What is known of the accounts that a portfolio lists by name. Two of one wrapper are normal.';
COMMENT ON COLUMN accounts.name IS 'The name in lists.accounts and in holdings.account.';
COMMENT ON COLUMN accounts.wrapper IS 'Tax wrapper: ISA, LISA, JISA, SIPP, GIA (none) or other.';
COMMENT ON COLUMN accounts.owner_name IS 'Whose account it is, in the household''s words.';
COMMENT ON COLUMN accounts.reference_sealed IS 'The broker''s account number, encrypted by the application. The key never reaches SQL.';
COMMENT ON COLUMN accounts."position" IS 'Order in lists, from 0.';

CREATE TABLE alerts (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid,
  type text NOT NULL,
  condition jsonb NOT NULL,
  status text DEFAULT 'active'::text NOT NULL,
  triggered_at timestamp with time zone,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT alerts_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT alerts_id_key UNIQUE (id),
  CONSTRAINT alerts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT alerts_user_id_portfolio_id_fkey FOREIGN KEY (user_id, portfolio_id) REFERENCES portfolios(user_id, id) ON DELETE CASCADE,
  CONSTRAINT alerts_condition_check CHECK (((jsonb_typeof(condition) = 'object'::text) AND (octet_length((condition)::text) <= 16384))),
  CONSTRAINT alerts_status_check CHECK ((status = ANY (ARRAY['active'::text, 'triggered'::text, 'dismissed'::text]))),
  CONSTRAINT alerts_triggered CHECK (((status <> 'triggered'::text) OR (triggered_at IS NOT NULL))),
  CONSTRAINT alerts_type_check CHECK ((type = ANY (ARRAY['price'::text, 'drift'::text, 'event'::text, 'rebalance'::text, 'exposure'::text])))
);
ALTER TABLE alerts ENABLE ROW LEVEL SECURITY;
ALTER TABLE alerts FORCE ROW LEVEL SECURITY;
CREATE INDEX alerts_portfolio ON alerts USING btree (user_id, portfolio_id);
CREATE INDEX alerts_type ON alerts USING btree (type) WHERE status = 'active'::text;
CREATE INDEX alerts_user_status ON alerts USING btree (user_id, status);
CREATE TRIGGER audit_delete AFTER DELETE ON alerts REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER audit_insert AFTER INSERT ON alerts REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER audit_update AFTER UPDATE ON alerts REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER tell_delete AFTER DELETE ON alerts REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON alerts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON alerts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER touch BEFORE UPDATE ON alerts FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY system ON alerts TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant ON alerts TO app USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
GRANT DELETE, INSERT, SELECT, UPDATE ON alerts TO worker;
GRANT DELETE, SELECT ON alerts TO app;
GRANT INSERT (user_id, id, portfolio_id, type, condition, status, triggered_at, created_at) ON alerts TO app;
GRANT UPDATE (portfolio_id, type, condition, status, triggered_at) ON alerts TO app;
COMMENT ON TABLE alerts IS 'What a person wants to be told. Their own, also when they watch a shared portfolio.';
COMMENT ON COLUMN alerts.portfolio_id IS 'The portfolio that it watches, when it is one of the person''s own; a shared one is named in condition.';
COMMENT ON COLUMN alerts.condition IS 'ticker or instrumentId, theme, section …; operator, threshold, unit.';

CREATE TABLE audit_log (
  user_id uuid NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  at timestamp with time zone DEFAULT now() NOT NULL,
  actor_id uuid,
  db_role text DEFAULT SESSION_USER NOT NULL,
  action text NOT NULL,
  table_name text,
  row_id uuid,
  portfolio_id uuid,
  old_values jsonb,
  new_values jsonb,
  CONSTRAINT audit_log_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT audit_log_action_check CHECK ((action ~ '^[a-z_]{1,50}$'::text)),
  CONSTRAINT audit_log_table_name_check CHECK ((char_length(table_name) <= 63))
);
ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_log FORCE ROW LEVEL SECURITY;
CREATE INDEX audit_log_guests ON audit_log USING btree (actor_id) WHERE actor_id <> user_id;
CREATE INDEX audit_log_portfolio ON audit_log USING btree (portfolio_id, id) WHERE portfolio_id IS NOT NULL;
CREATE INDEX audit_log_row ON audit_log USING btree (row_id) WHERE row_id IS NOT NULL;
CREATE INDEX audit_log_time ON audit_log USING btree (user_id, at DESC);
CREATE POLICY doors ON audit_log FOR SELECT TO pm_auth USING (true);
CREATE POLICY system ON audit_log TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant ON audit_log TO app USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY writer ON audit_log FOR INSERT TO pm_audit WITH CHECK (true);
GRANT SELECT ON audit_log TO app;
GRANT SELECT ON audit_log TO worker;
GRANT INSERT (user_id, actor_id, action, table_name, row_id, portfolio_id, old_values, new_values) ON audit_log TO pm_audit;
GRANT SELECT (user_id, actor_id) ON audit_log TO pm_auth;
COMMENT ON TABLE audit_log IS 'Every change to what a person owns, and what they did. Written by triggers only; no foreign keys, so that it outlives what it tells of.';
COMMENT ON COLUMN audit_log.user_id IS 'Whose data it is.';
COMMENT ON COLUMN audit_log.actor_id IS 'Who did it: the owner, or somebody the portfolio is shared with. NULL: a job.';
COMMENT ON COLUMN audit_log.db_role IS 'Login role of the database session.';
COMMENT ON COLUMN audit_log.action IS 'insert, update, delete, or an action such as export.';
COMMENT ON COLUMN audit_log.old_values IS 'Update: the columns that changed, before. Delete: the whole row, unless its history keeps it. Never secrets.';
COMMENT ON COLUMN audit_log.new_values IS 'Update: the columns that changed, after. Insert: the whole row, unless its history keeps it. Never secrets.';

CREATE TABLE chat_messages (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  message text NOT NULL,
  response text NOT NULL,
  context jsonb,
  tokens_used integer,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT chat_messages_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT chat_messages_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT chat_messages_context_check CHECK ((octet_length((context)::text) <= 262144)),
  CONSTRAINT chat_messages_message_check CHECK (((char_length(message) >= 1) AND (char_length(message) <= 20000))),
  CONSTRAINT chat_messages_response_check CHECK ((char_length(response) <= 200000)),
  CONSTRAINT chat_messages_tokens_used_check CHECK ((tokens_used >= 0))
);
ALTER TABLE chat_messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE chat_messages FORCE ROW LEVEL SECURITY;
CREATE INDEX chat_messages_user_date ON chat_messages USING btree (user_id, created_at DESC);
CREATE TRIGGER tell_delete AFTER DELETE ON chat_messages REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON chat_messages REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON chat_messages REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE POLICY system ON chat_messages TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant ON chat_messages TO app USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
GRANT DELETE, INSERT, SELECT, UPDATE ON chat_messages TO worker;
GRANT DELETE, SELECT ON chat_messages TO app;
GRANT INSERT (user_id, id, message, response, context, tokens_used, created_at) ON chat_messages TO app;
COMMENT ON TABLE chat_messages IS 'Questions to the assistant and its answers.';
COMMENT ON COLUMN chat_messages.context IS 'What of the portfolio was sent along; figures as they were then.';

CREATE TABLE constituent_imports (
  id uuid NOT NULL,
  parent_instrument_id uuid NOT NULL,
  owner_user_id uuid,
  imported_by uuid,
  as_of day NOT NULL,
  status text DEFAULT 'active'::text NOT NULL,
  format text NOT NULL,
  checksum_sha256 bytea NOT NULL,
  file_name text,
  content_type text,
  raw_file bytea NOT NULL,
  raw_encoding text DEFAULT 'identity'::text NOT NULL,
  raw_size_bytes bigint NOT NULL,
  currency currency_code,
  weight_sum amount NOT NULL,
  row_count integer NOT NULL,
  matched_count integer DEFAULT 0 NOT NULL,
  unmatched_count integer DEFAULT 0 NOT NULL,
  forced boolean DEFAULT false NOT NULL,
  report jsonb DEFAULT '{}'::jsonb NOT NULL,
  superseded_by uuid,
  status_changed_at timestamp with time zone,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  fund_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
  CONSTRAINT constituent_imports_pkey PRIMARY KEY (id),
  CONSTRAINT constituent_imports_imported_by_fkey FOREIGN KEY (imported_by) REFERENCES users(id) ON DELETE SET NULL,
  CONSTRAINT constituent_imports_owner_user_id_fkey FOREIGN KEY (owner_user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT constituent_imports_parent_instrument_id_fkey FOREIGN KEY (parent_instrument_id) REFERENCES instruments(id) ON DELETE CASCADE,
  CONSTRAINT constituent_imports_superseded_by_fkey FOREIGN KEY (superseded_by) REFERENCES constituent_imports(id) ON DELETE SET NULL,
  CONSTRAINT constituent_imports_checksum_sha256_check CHECK ((octet_length(checksum_sha256) = 32)),
  CONSTRAINT constituent_imports_content_type_check CHECK (((char_length(content_type) >= 1) AND (char_length(content_type) <= 255))),
  CONSTRAINT constituent_imports_file_name_check CHECK (((char_length(file_name) >= 1) AND (char_length(file_name) <= 255))),
  CONSTRAINT constituent_imports_format_check CHECK (((char_length(format) >= 1) AND (char_length(format) <= 100))),
  CONSTRAINT constituent_imports_matched_count_check CHECK ((matched_count >= 0)),
  CONSTRAINT constituent_imports_raw_encoding_check CHECK ((raw_encoding = ANY (ARRAY['identity'::text, 'gzip'::text, 'br'::text, 'zstd'::text]))),
  CONSTRAINT constituent_imports_raw_size_bytes_check CHECK ((raw_size_bytes > 0)),
  CONSTRAINT constituent_imports_report_check CHECK ((jsonb_typeof(report) = 'object'::text)),
  CONSTRAINT constituent_imports_row_count_check CHECK ((row_count >= 0)),
  CONSTRAINT constituent_imports_status_check CHECK ((status = ANY (ARRAY['active'::text, 'superseded'::text, 'withdrawn'::text]))),
  CONSTRAINT constituent_imports_successor CHECK (((superseded_by IS NULL) OR (status = 'superseded'::text))),
  CONSTRAINT constituent_imports_unmatched_count_check CHECK ((unmatched_count >= 0))
);
ALTER TABLE constituent_imports ENABLE ROW LEVEL SECURITY;
ALTER TABLE constituent_imports FORCE ROW LEVEL SECURITY;
CREATE INDEX constituent_imports_fund_ids ON constituent_imports USING gin (fund_ids) WHERE status = 'active'::text;
CREATE INDEX constituent_imports_imported_by ON constituent_imports USING btree (imported_by) WHERE imported_by IS NOT NULL;
CREATE UNIQUE INDEX constituent_imports_one_active ON constituent_imports USING btree (parent_instrument_id, owner_user_id, as_of) NULLS NOT DISTINCT WHERE status = 'active'::text;
CREATE INDEX constituent_imports_owner ON constituent_imports USING btree (owner_user_id);
CREATE INDEX constituent_imports_parent ON constituent_imports USING btree (parent_instrument_id, as_of DESC);
CREATE INDEX constituent_imports_superseded_by ON constituent_imports USING btree (superseded_by) WHERE superseded_by IS NOT NULL;
CREATE TRIGGER log_import AFTER INSERT ON constituent_imports REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION log_file_imports();
CREATE TRIGGER scope_of_changed_parent_instrument_id AFTER UPDATE OF parent_instrument_id, owner_user_id ON constituent_imports FOR EACH ROW EXECUTE FUNCTION check_instrument_scope_row('parent_instrument_id', 'owner_user_id');
CREATE TRIGGER scope_of_new_parent_instrument_id AFTER INSERT ON constituent_imports REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_instrument_scope_rows('parent_instrument_id', 'owner_user_id');
CREATE TRIGGER tell_delete AFTER DELETE ON constituent_imports REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON constituent_imports REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON constituent_imports REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER touch BEFORE UPDATE ON constituent_imports FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY system ON constituent_imports TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON constituent_imports FOR DELETE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_insert ON constituent_imports FOR INSERT TO app WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_read ON constituent_imports FOR SELECT TO app USING (((owner_user_id IS NULL) OR (owner_user_id = COALESCE(( SELECT a.owner_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.portfolio_id = ( SELECT (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid AS "nullif")))), ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))));
CREATE POLICY tenant_update ON constituent_imports FOR UPDATE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)))) WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
GRANT DELETE, INSERT, SELECT, UPDATE ON constituent_imports TO worker;
GRANT DELETE, SELECT ON constituent_imports TO app;
GRANT INSERT (id, parent_instrument_id, owner_user_id, imported_by, as_of, status, format, checksum_sha256, file_name, content_type, raw_file, raw_encoding, raw_size_bytes, currency, weight_sum, row_count, matched_count, unmatched_count, forced, report, superseded_by, status_changed_at, created_at, fund_ids) ON constituent_imports TO app;
GRANT UPDATE (parent_instrument_id, imported_by, as_of, status, format, checksum_sha256, file_name, content_type, raw_file, raw_encoding, raw_size_bytes, currency, weight_sum, row_count, matched_count, unmatched_count, forced, report, superseded_by, status_changed_at, fund_ids) ON constituent_imports TO app;
COMMENT ON TABLE constituent_imports IS 'One published list of what a fund holds. A later file for the same day supersedes it; an undone one is withdrawn; nothing is overwritten.';
COMMENT ON COLUMN constituent_imports.owner_user_id IS 'NULL: counts for everybody. Otherwise for this person only, who prefers it over a shared one.';
COMMENT ON COLUMN constituent_imports.as_of IS 'The day for which the issuer published it.';
COMMENT ON COLUMN constituent_imports.raw_file IS 'The file as received, in raw_encoding. Select it only to hand it back.';
COMMENT ON COLUMN constituent_imports.raw_size_bytes IS 'Size as received, in bytes.';
COMMENT ON COLUMN constituent_imports.currency IS 'Currency of market_value and notional in its rows, when the file says so.';
COMMENT ON COLUMN constituent_imports.weight_sum IS 'Sum of the published weights, per cent.';
COMMENT ON COLUMN constituent_imports.row_count IS 'Rows of the file that were read as constituents.';
COMMENT ON COLUMN constituent_imports.forced IS 'Accepted although its weights sum to less than 98 or more than 102.';
COMMENT ON COLUMN constituent_imports.report IS 'What was read, matched, left out and warned of.';
COMMENT ON COLUMN constituent_imports.version IS 'Grows with every change of the import, of its rows, and of what its rows'' securities are: name, type, sector, industry, country, currency, asset class.';
COMMENT ON COLUMN constituent_imports.fund_ids IS 'Its rows that are or may be funds. Kept by triggers, so that the funds in funds are found without reading rows.';

CREATE TABLE constituents (
  import_id uuid NOT NULL,
  child_instrument_id uuid NOT NULL,
  owner_user_id uuid,
  weight amount NOT NULL,
  market_value amount,
  notional amount,
  quantity amount,
  price amount,
  currency currency_code,
  asset_class text,
  sector text,
  country text,
  name text NOT NULL,
  ticker text,
  isin text,
  cusip text,
  sedol text,
  exchange text,
  asset_class_published text,
  sector_published text,
  country_published text,
  currency_published text,
  row_numbers integer[] NOT NULL,
  row_count integer GENERATED ALWAYS AS (cardinality(row_numbers)) STORED NOT NULL,
  match_method text NOT NULL,
  match_confidence numeric(4,3) NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  industry text,
  industry_published text,
  CONSTRAINT constituents_pkey PRIMARY KEY (import_id, child_instrument_id),
  CONSTRAINT constituents_child_instrument_id_fkey FOREIGN KEY (child_instrument_id) REFERENCES instruments(id) ON DELETE CASCADE,
  CONSTRAINT constituents_import_id_fkey FOREIGN KEY (import_id) REFERENCES constituent_imports(id) ON DELETE CASCADE,
  CONSTRAINT constituents_owner_user_id_fkey FOREIGN KEY (owner_user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT constituents_asset_class_check CHECK (((char_length(asset_class) >= 1) AND (char_length(asset_class) <= 100))),
  CONSTRAINT constituents_asset_class_published_check CHECK ((char_length(asset_class_published) <= 255)),
  CONSTRAINT constituents_country_check CHECK (((char_length(country) >= 1) AND (char_length(country) <= 100))),
  CONSTRAINT constituents_country_published_check CHECK ((char_length(country_published) <= 255)),
  CONSTRAINT constituents_currency_published_check CHECK ((char_length(currency_published) <= 100)),
  CONSTRAINT constituents_cusip_check CHECK ((char_length(cusip) <= 50)),
  CONSTRAINT constituents_exchange_check CHECK ((char_length(exchange) <= 255)),
  CONSTRAINT constituents_industry_check CHECK (((char_length(industry) >= 1) AND (char_length(industry) <= 150))),
  CONSTRAINT constituents_industry_published_check CHECK ((char_length(industry_published) <= 255)),
  CONSTRAINT constituents_isin_check CHECK ((char_length(isin) <= 50)),
  CONSTRAINT constituents_match_confidence_check CHECK (((match_confidence >= (0)::numeric) AND (match_confidence <= (1)::numeric))),
  CONSTRAINT constituents_match_method_check CHECK (((char_length(match_method) >= 1) AND (char_length(match_method) <= 50))),
  CONSTRAINT constituents_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 500))),
  CONSTRAINT constituents_row_numbers_check CHECK ((cardinality(row_numbers) >= 1)),
  CONSTRAINT constituents_sector_check CHECK (((char_length(sector) >= 1) AND (char_length(sector) <= 100))),
  CONSTRAINT constituents_sector_published_check CHECK ((char_length(sector_published) <= 255)),
  CONSTRAINT constituents_sedol_check CHECK ((char_length(sedol) <= 50)),
  CONSTRAINT constituents_ticker_check CHECK ((char_length(ticker) <= 100))
);
ALTER TABLE constituents ENABLE ROW LEVEL SECURITY;
ALTER TABLE constituents FORCE ROW LEVEL SECURITY;
CREATE INDEX constituents_child ON constituents USING btree (child_instrument_id);
CREATE INDEX constituents_owner ON constituents USING btree (owner_user_id) WHERE owner_user_id IS NOT NULL;
CREATE TRIGGER import_scope_of_changed AFTER UPDATE ON constituents REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_import_scope_rows();
CREATE TRIGGER import_scope_of_new AFTER INSERT ON constituents REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_import_scope_rows();
CREATE TRIGGER note_changed_rows AFTER UPDATE ON constituents REFERENCING NEW TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION note_rows_changed();
CREATE TRIGGER note_lost_rows AFTER DELETE ON constituents REFERENCING OLD TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION note_rows_changed();
CREATE TRIGGER note_new_rows AFTER INSERT ON constituents REFERENCING NEW TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION note_rows_changed();
CREATE TRIGGER scope_of_changed_child_instrument_id AFTER UPDATE OF child_instrument_id, owner_user_id ON constituents FOR EACH ROW EXECUTE FUNCTION check_instrument_scope_row('child_instrument_id', 'owner_user_id');
CREATE TRIGGER scope_of_new_child_instrument_id AFTER INSERT ON constituents REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_instrument_scope_rows('child_instrument_id', 'owner_user_id');
CREATE TRIGGER tell_delete AFTER DELETE ON constituents REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON constituents REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON constituents REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE POLICY system ON constituents TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON constituents FOR DELETE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_insert ON constituents FOR INSERT TO app WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_read ON constituents FOR SELECT TO app USING (((owner_user_id IS NULL) OR (owner_user_id = COALESCE(( SELECT a.owner_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.portfolio_id = ( SELECT (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid AS "nullif")))), ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))));
CREATE POLICY tenant_update ON constituents FOR UPDATE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)))) WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
GRANT DELETE, INSERT, SELECT, UPDATE ON constituents TO worker;
GRANT DELETE, SELECT ON constituents TO app;
GRANT INSERT (import_id, child_instrument_id, owner_user_id, weight, market_value, notional, quantity, price, currency, asset_class, sector, country, name, ticker, isin, cusip, sedol, exchange, asset_class_published, sector_published, country_published, currency_published, row_numbers, match_method, match_confidence, created_at, industry, industry_published) ON constituents TO app;
GRANT UPDATE (import_id, child_instrument_id, weight, market_value, notional, quantity, price, currency, asset_class, sector, country, name, ticker, isin, cusip, sedol, exchange, asset_class_published, sector_published, country_published, currency_published, row_numbers, match_method, match_confidence, industry, industry_published) ON constituents TO app;
COMMENT ON TABLE constituents IS 'What an import says its fund holds: one row per security. Rows of one security are added up; row_numbers says which.';
COMMENT ON COLUMN constituents.owner_user_id IS 'Always that of the import; here so that row-level security needs no join.';
COMMENT ON COLUMN constituents.weight IS 'Published weight, per cent; negative for short positions and cash owed.';
COMMENT ON COLUMN constituents.market_value IS 'In the import''s currency.';
COMMENT ON COLUMN constituents.notional IS 'In the import''s currency.';
COMMENT ON COLUMN constituents.quantity IS 'Units, shares or nominal, as published.';
COMMENT ON COLUMN constituents.price IS 'Per unit in currency, as published.';
COMMENT ON COLUMN constituents.currency IS 'Currency of exposure, canonical.';
COMMENT ON COLUMN constituents.asset_class IS 'Canonical English word; NULL where the file has none or it is not known. Likewise sector (GICS) and country (ISO English short name).';
COMMENT ON COLUMN constituents.ticker IS 'As published, as are isin, cusip, sedol, exchange and name.';
COMMENT ON COLUMN constituents.sector_published IS 'The issuer''s own word. Likewise the other _published columns.';
COMMENT ON COLUMN constituents.row_numbers IS 'Lines of the file, from 1.';
COMMENT ON COLUMN constituents.match_method IS 'How the row was matched to its security, e.g. isin, cusip, ticker-exchange-name, new.';
COMMENT ON COLUMN constituents.match_confidence IS 'From 0 (kept apart, unsure) to 1 (certain).';
COMMENT ON COLUMN constituents.industry IS 'GICS industry, or a group of several; NULL where the file has none or it is not known.';

CREATE TABLE deletions (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  deleted_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT deletions_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT deletions_id_key UNIQUE (id),
  CONSTRAINT deletions_user_id_portfolio_id_fkey FOREIGN KEY (user_id, portfolio_id) REFERENCES portfolios(user_id, id) ON DELETE CASCADE,
  CONSTRAINT deletions_kind_check CHECK ((kind = ANY (ARRAY['portfolio'::text, 'holding'::text, 'trade'::text, 'import'::text]))),
  CONSTRAINT deletions_title_check CHECK (((char_length(title) >= 1) AND (char_length(title) <= 600)))
);
ALTER TABLE deletions ENABLE ROW LEVEL SECURITY;
ALTER TABLE deletions FORCE ROW LEVEL SECURITY;
CREATE INDEX deletions_age ON deletions USING btree (deleted_at);
CREATE INDEX deletions_portfolio ON deletions USING btree (portfolio_id);
CREATE TRIGGER tell_delete AFTER DELETE ON deletions REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON deletions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON deletions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE POLICY system ON deletions TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON deletions FOR DELETE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_insert ON deletions FOR INSERT TO app WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_read ON deletions FOR SELECT TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE (a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY tenant_update ON deletions FOR UPDATE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text))))))) WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
GRANT DELETE, INSERT, SELECT, UPDATE ON deletions TO worker;
GRANT DELETE, SELECT ON deletions TO app;
GRANT INSERT (user_id, id, portfolio_id, kind, title, deleted_at) ON deletions TO app;
COMMENT ON TABLE deletions IS 'One row for each deletion that can still be undone; its id is the deletion_id of everything that it took along. Gone when it is undone, or after 30 days when a job purges what it names.';
COMMENT ON COLUMN deletions.portfolio_id IS 'Where it was asked for. Legs in other portfolios carry the same deletion_id.';
COMMENT ON COLUMN deletions.kind IS 'What was asked to be deleted; the rest went along.';
COMMENT ON COLUMN deletions.title IS 'What was deleted, in words for the person.';

CREATE TABLE education_modules (
  id uuid NOT NULL,
  slug text NOT NULL,
  title text NOT NULL,
  description text,
  content text NOT NULL,
  quiz jsonb DEFAULT '[]'::jsonb NOT NULL,
  order_index integer NOT NULL,
  difficulty text DEFAULT 'beginner'::text NOT NULL,
  estimated_minutes integer,
  tags text[] DEFAULT '{}'::text[] NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT education_modules_pkey PRIMARY KEY (id),
  CONSTRAINT education_modules_slug_key UNIQUE (slug),
  CONSTRAINT education_modules_content_check CHECK (((char_length(content) >= 1) AND (char_length(content) <= 200000))),
  CONSTRAINT education_modules_description_check CHECK ((char_length(description) <= 10000)),
  CONSTRAINT education_modules_difficulty_check CHECK ((difficulty = ANY (ARRAY['beginner'::text, 'intermediate'::text, 'advanced'::text]))),
  CONSTRAINT education_modules_estimated_minutes_check CHECK (((estimated_minutes >= 1) AND (estimated_minutes <= 600))),
  CONSTRAINT education_modules_quiz_check CHECK (((jsonb_typeof(quiz) = 'array'::text) AND (octet_length((quiz)::text) <= 65536))),
  CONSTRAINT education_modules_slug_check CHECK (((slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text) AND (char_length(slug) <= 100))),
  CONSTRAINT education_modules_title_check CHECK (((char_length(title) >= 1) AND (char_length(title) <= 255)))
);
ALTER TABLE education_modules ENABLE ROW LEVEL SECURITY;
ALTER TABLE education_modules FORCE ROW LEVEL SECURITY;
CREATE INDEX education_modules_difficulty ON education_modules USING btree (difficulty);
CREATE INDEX education_modules_order ON education_modules USING btree (order_index);
CREATE TRIGGER touch BEFORE UPDATE ON education_modules FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY system ON education_modules TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON education_modules FOR DELETE TO app USING ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
CREATE POLICY tenant_insert ON education_modules FOR INSERT TO app WITH CHECK ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
CREATE POLICY tenant_read ON education_modules FOR SELECT TO app USING (true);
CREATE POLICY tenant_update ON education_modules FOR UPDATE TO app USING ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)) WITH CHECK ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
GRANT DELETE, INSERT, SELECT, UPDATE ON education_modules TO worker;
GRANT DELETE, SELECT ON education_modules TO app;
GRANT INSERT (id, slug, title, description, content, quiz, order_index, difficulty, estimated_minutes, tags, created_at) ON education_modules TO app;
GRANT UPDATE (slug, title, description, content, quiz, order_index, difficulty, estimated_minutes, tags) ON education_modules TO app;
COMMENT ON TABLE education_modules IS 'Lessons.';
COMMENT ON COLUMN education_modules.quiz IS 'Questions with their answers; answers are taken out before they reach a person.';
COMMENT ON COLUMN education_modules.estimated_minutes IS 'Minutes to read.';

CREATE TABLE education_progress (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  module_id uuid NOT NULL,
  status text DEFAULT 'not_started'::text NOT NULL,
  quiz_score integer,
  completed_at timestamp with time zone,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT education_progress_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT education_progress_user_id_module_id_key UNIQUE (user_id, module_id),
  CONSTRAINT education_progress_module_id_fkey FOREIGN KEY (module_id) REFERENCES education_modules(id) ON DELETE CASCADE,
  CONSTRAINT education_progress_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT education_progress_completion CHECK (((completed_at IS NULL) OR (status = 'completed'::text))),
  CONSTRAINT education_progress_quiz_score_check CHECK (((quiz_score >= 0) AND (quiz_score <= 100))),
  CONSTRAINT education_progress_status_check CHECK ((status = ANY (ARRAY['not_started'::text, 'in_progress'::text, 'completed'::text])))
);
ALTER TABLE education_progress ENABLE ROW LEVEL SECURITY;
ALTER TABLE education_progress FORCE ROW LEVEL SECURITY;
CREATE INDEX education_progress_module ON education_progress USING btree (module_id);
CREATE INDEX education_progress_status ON education_progress USING btree (user_id, status);
CREATE TRIGGER tell_delete AFTER DELETE ON education_progress REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON education_progress REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON education_progress REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER touch BEFORE UPDATE ON education_progress FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY system ON education_progress TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant ON education_progress TO app USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
GRANT DELETE, INSERT, SELECT, UPDATE ON education_progress TO worker;
GRANT DELETE, SELECT ON education_progress TO app;
GRANT INSERT (user_id, id, module_id, status, quiz_score, completed_at, created_at) ON education_progress TO app;
GRANT UPDATE (module_id, status, quiz_score, completed_at) ON education_progress TO app;
COMMENT ON TABLE education_progress IS 'How far a person is with a lesson.';
COMMENT ON COLUMN education_progress.quiz_score IS 'Best result, per cent.';

CREATE TABLE erasure_totals (
  month date NOT NULL,
  erased_count integer DEFAULT 0 NOT NULL,
  CONSTRAINT erasure_totals_pkey PRIMARY KEY (month),
  CONSTRAINT erasure_totals_erased_count_check CHECK ((erased_count >= 0)),
  CONSTRAINT erasure_totals_month_check CHECK ((month = date_trunc('month'::text, (month)::timestamp with time zone)))
);
ALTER TABLE erasure_totals ENABLE ROW LEVEL SECURITY;
ALTER TABLE erasure_totals FORCE ROW LEVEL SECURITY;
CREATE POLICY system ON erasure_totals TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON erasure_totals FOR DELETE TO app USING ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
CREATE POLICY tenant_insert ON erasure_totals FOR INSERT TO app WITH CHECK ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
CREATE POLICY tenant_read ON erasure_totals FOR SELECT TO app USING (true);
CREATE POLICY tenant_update ON erasure_totals FOR UPDATE TO app USING ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)) WITH CHECK ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
GRANT SELECT ON erasure_totals TO worker;
COMMENT ON TABLE erasure_totals IS 'How many people were erased in each month (UTC): all that remains of them here.';

CREATE TABLE erasures_in_progress (
  transaction_id xid8 NOT NULL,
  CONSTRAINT erasures_in_progress_pkey PRIMARY KEY (transaction_id)
);
GRANT SELECT ON erasures_in_progress TO pm_audit;
COMMENT ON TABLE erasures_in_progress IS 'Transactions that erase a person and must leave no trace of what they delete. Empty outside of such a transaction.';

CREATE TABLE events (
  id uuid NOT NULL,
  instrument_id uuid,
  owner_user_id uuid,
  type text NOT NULL,
  title text NOT NULL,
  description text,
  date_time timestamp with time zone NOT NULL,
  impact text,
  metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
  source text,
  external_id text,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT events_pkey PRIMARY KEY (id),
  CONSTRAINT events_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instruments(id) ON DELETE CASCADE,
  CONSTRAINT events_owner_user_id_fkey FOREIGN KEY (owner_user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT events_description_check CHECK ((char_length(description) <= 20000)),
  CONSTRAINT events_external_id_check CHECK (((char_length(external_id) >= 1) AND (char_length(external_id) <= 255))),
  CONSTRAINT events_impact_check CHECK ((impact = ANY (ARRAY['low'::text, 'medium'::text, 'high'::text]))),
  CONSTRAINT events_metadata_check CHECK (((jsonb_typeof(metadata) = 'object'::text) AND (octet_length((metadata)::text) <= 65536))),
  CONSTRAINT events_source_check CHECK (((char_length(source) >= 1) AND (char_length(source) <= 100))),
  CONSTRAINT events_title_check CHECK (((char_length(title) >= 1) AND (char_length(title) <= 500))),
  CONSTRAINT events_type_check CHECK ((type = ANY (ARRAY['earnings'::text, 'dividend'::text, 'split'::text, 'rns'::text, 'rebalance'::text, 'macro'::text, 'political'::text])))
);
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE events FORCE ROW LEVEL SECURITY;
CREATE INDEX events_date ON events USING btree (date_time DESC);
CREATE UNIQUE INDEX events_external ON events USING btree (source, external_id, owner_user_id) NULLS NOT DISTINCT WHERE external_id IS NOT NULL;
CREATE INDEX events_impact ON events USING btree (impact);
CREATE INDEX events_instrument ON events USING btree (instrument_id, date_time DESC);
CREATE INDEX events_owner ON events USING btree (owner_user_id);
CREATE INDEX events_type ON events USING btree (type);
CREATE TRIGGER scope_of_changed_instrument_id AFTER UPDATE OF instrument_id, owner_user_id ON events FOR EACH ROW EXECUTE FUNCTION check_instrument_scope_row('instrument_id', 'owner_user_id');
CREATE TRIGGER scope_of_new_instrument_id AFTER INSERT ON events REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_instrument_scope_rows('instrument_id', 'owner_user_id');
CREATE TRIGGER tell_delete AFTER DELETE ON events REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON events REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON events REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER touch BEFORE UPDATE ON events FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY system ON events TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON events FOR DELETE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_insert ON events FOR INSERT TO app WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_read ON events FOR SELECT TO app USING (((owner_user_id IS NULL) OR (owner_user_id = COALESCE(( SELECT a.owner_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.portfolio_id = ( SELECT (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid AS "nullif")))), ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))));
CREATE POLICY tenant_update ON events FOR UPDATE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)))) WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
GRANT DELETE, INSERT, SELECT, UPDATE ON events TO worker;
GRANT DELETE, SELECT ON events TO app;
GRANT INSERT (id, instrument_id, owner_user_id, type, title, description, date_time, impact, metadata, source, external_id, created_at) ON events TO app;
GRANT UPDATE (instrument_id, type, title, description, date_time, impact, metadata, source, external_id) ON events TO app;
COMMENT ON TABLE events IS 'What happens to an instrument or to the world: results, dividends, splits, announcements. owner_user_id NULL: shared.';
COMMENT ON COLUMN events.date_time IS 'For dividends and splits the start of the ex-date on the exchange.';
COMMENT ON COLUMN events.metadata IS 'Dividend: amount and currency per share, payDate. Split: numerator, denominator.';
COMMENT ON COLUMN events.external_id IS 'The source''s own id, so that it is not taken twice.';

CREATE TABLE exposure_snapshots (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  as_of timestamp with time zone NOT NULL,
  basis text DEFAULT 'published'::text NOT NULL,
  exposures jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT exposure_snapshots_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT exposure_snapshots_portfolio_id_as_of_basis_key UNIQUE (portfolio_id, as_of, basis),
  CONSTRAINT exposure_snapshots_user_id_portfolio_id_fkey FOREIGN KEY (user_id, portfolio_id) REFERENCES portfolios(user_id, id) ON DELETE CASCADE,
  CONSTRAINT exposure_snapshots_basis_check CHECK ((basis = ANY (ARRAY['published'::text, 'normalised'::text, 'marketValue'::text]))),
  CONSTRAINT exposure_snapshots_exposures_check CHECK ((jsonb_typeof(exposures) = 'object'::text))
);
ALTER TABLE exposure_snapshots ENABLE ROW LEVEL SECURITY;
ALTER TABLE exposure_snapshots FORCE ROW LEVEL SECURITY;
CREATE INDEX exposure_snapshots_portfolio_date ON exposure_snapshots USING btree (portfolio_id, as_of DESC);
CREATE TRIGGER touch BEFORE UPDATE ON exposure_snapshots FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE POLICY system ON exposure_snapshots TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON exposure_snapshots FOR DELETE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_insert ON exposure_snapshots FOR INSERT TO app WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_read ON exposure_snapshots FOR SELECT TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE (a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY tenant_update ON exposure_snapshots FOR UPDATE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text))))))) WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
GRANT DELETE, INSERT, SELECT, UPDATE ON exposure_snapshots TO worker;
GRANT DELETE, SELECT ON exposure_snapshots TO app;
GRANT INSERT (user_id, id, portfolio_id, as_of, basis, exposures, created_at) ON exposure_snapshots TO app;
GRANT UPDATE (portfolio_id, as_of, basis, exposures) ON exposure_snapshots TO app;
COMMENT ON TABLE exposure_snapshots IS 'What a portfolio was exposed to, looked through.';
COMMENT ON COLUMN exposure_snapshots.basis IS 'Convention for weights; see docs/calculations.md.';
COMMENT ON COLUMN exposure_snapshots.exposures IS 'byRegion, bySector, byCountry, byCurrency and others: name to per cent.';

CREATE TABLE fund_proxies (
  id uuid NOT NULL,
  owner_user_id uuid,
  fund_instrument_id uuid NOT NULL,
  proxy_instrument_id uuid NOT NULL,
  valid_from day,
  note text,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT fund_proxies_pkey PRIMARY KEY (id),
  CONSTRAINT fund_proxies_one UNIQUE NULLS NOT DISTINCT (fund_instrument_id, owner_user_id),
  CONSTRAINT fund_proxies_fund_instrument_id_fkey FOREIGN KEY (fund_instrument_id) REFERENCES instruments(id) ON DELETE CASCADE,
  CONSTRAINT fund_proxies_owner_user_id_fkey FOREIGN KEY (owner_user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT fund_proxies_proxy_instrument_id_fkey FOREIGN KEY (proxy_instrument_id) REFERENCES instruments(id) ON DELETE CASCADE,
  CONSTRAINT fund_proxies_another CHECK ((fund_instrument_id <> proxy_instrument_id)),
  CONSTRAINT fund_proxies_note_check CHECK (((char_length(note) >= 1) AND (char_length(note) <= 500)))
);
ALTER TABLE fund_proxies ENABLE ROW LEVEL SECURITY;
ALTER TABLE fund_proxies FORCE ROW LEVEL SECURITY;
CREATE INDEX fund_proxies_owner ON fund_proxies USING btree (owner_user_id) WHERE owner_user_id IS NOT NULL;
CREATE INDEX fund_proxies_proxy ON fund_proxies USING btree (proxy_instrument_id);
CREATE TRIGGER scope_of_changed_fund_instrument_id AFTER UPDATE OF fund_instrument_id, owner_user_id ON fund_proxies FOR EACH ROW EXECUTE FUNCTION check_instrument_scope_row('fund_instrument_id', 'owner_user_id');
CREATE TRIGGER scope_of_changed_proxy_instrument_id AFTER UPDATE OF proxy_instrument_id, owner_user_id ON fund_proxies FOR EACH ROW EXECUTE FUNCTION check_instrument_scope_row('proxy_instrument_id', 'owner_user_id');
CREATE TRIGGER scope_of_new_fund_instrument_id AFTER INSERT ON fund_proxies REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_instrument_scope_rows('fund_instrument_id', 'owner_user_id');
CREATE TRIGGER scope_of_new_proxy_instrument_id AFTER INSERT ON fund_proxies REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_instrument_scope_rows('proxy_instrument_id', 'owner_user_id');
CREATE TRIGGER tell_delete AFTER DELETE ON fund_proxies REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON fund_proxies REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON fund_proxies REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER touch BEFORE UPDATE ON fund_proxies FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY system ON fund_proxies TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON fund_proxies FOR DELETE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_insert ON fund_proxies FOR INSERT TO app WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_read ON fund_proxies FOR SELECT TO app USING (((owner_user_id IS NULL) OR (owner_user_id = COALESCE(( SELECT a.owner_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.portfolio_id = ( SELECT (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid AS "nullif")))), ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))));
CREATE POLICY tenant_update ON fund_proxies FOR UPDATE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)))) WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
GRANT DELETE, INSERT, SELECT, UPDATE ON fund_proxies TO worker;
GRANT DELETE, SELECT ON fund_proxies TO app;
GRANT INSERT (id, owner_user_id, fund_instrument_id, proxy_instrument_id, valid_from, note, created_at) ON fund_proxies TO app;
GRANT UPDATE (fund_instrument_id, proxy_instrument_id, valid_from, note) ON fund_proxies TO app;
COMMENT ON TABLE fund_proxies IS 'Assumptions: a fund whose holdings are not known on a day is looked through as another one.';
COMMENT ON COLUMN fund_proxies.owner_user_id IS 'NULL: for everybody. Otherwise for this person only, who prefers it over a shared one.';
COMMENT ON COLUMN fund_proxies.valid_from IS 'First day on which the assumption is made; NULL: ever.';

CREATE TABLE fx_rates (
  from_currency currency_code NOT NULL,
  to_currency currency_code NOT NULL,
  date day NOT NULL,
  source text NOT NULL,
  rate rate NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT fx_rates_pkey PRIMARY KEY (from_currency, to_currency, date, source),
  CONSTRAINT fx_rates_source_check CHECK (((char_length(source) >= 1) AND (char_length(source) <= 50))),
  CONSTRAINT fx_rates_two_currencies CHECK (((from_currency)::text <> (to_currency)::text))
);
ALTER TABLE fx_rates ENABLE ROW LEVEL SECURITY;
ALTER TABLE fx_rates FORCE ROW LEVEL SECURITY;
CREATE INDEX fx_rates_pair_date ON fx_rates USING btree (from_currency, to_currency, date DESC) INCLUDE (source, rate);
CREATE INDEX fx_rates_source_date ON fx_rates USING btree (source, date DESC);
CREATE TRIGGER note_delete AFTER DELETE ON fx_rates REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_rate_history();
CREATE TRIGGER note_insert AFTER INSERT ON fx_rates REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_rate_history();
CREATE TRIGGER note_update AFTER UPDATE ON fx_rates REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_rate_history();
CREATE TRIGGER tell AFTER INSERT OR DELETE OR UPDATE ON fx_rates FOR EACH STATEMENT EXECUTE FUNCTION tell_changes_to_all();
CREATE TRIGGER touch BEFORE UPDATE ON fx_rates FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE POLICY system ON fx_rates TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON fx_rates FOR DELETE TO app USING ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
CREATE POLICY tenant_insert ON fx_rates FOR INSERT TO app WITH CHECK ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
CREATE POLICY tenant_read ON fx_rates FOR SELECT TO app USING (true);
CREATE POLICY tenant_update ON fx_rates FOR UPDATE TO app USING ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)) WITH CHECK ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
GRANT DELETE, INSERT, SELECT, UPDATE ON fx_rates TO worker;
GRANT DELETE, SELECT ON fx_rates TO app;
GRANT INSERT (from_currency, to_currency, date, source, rate, created_at) ON fx_rates TO app;
GRANT UPDATE (from_currency, to_currency, date, source, rate) ON fx_rates TO app;
COMMENT ON TABLE fx_rates IS 'Rates as published and no others: inverse and cross rates are computed where they are used.';
COMMENT ON COLUMN fx_rates.date IS 'The day for which it was published.';
COMMENT ON COLUMN fx_rates.source IS 'ECB (EUR to X) or BoE (X per GBP), or a file''s name.';
COMMENT ON COLUMN fx_rates.rate IS 'Units of to_currency per 1 unit of from_currency.';

CREATE TABLE history_changes (
  user_id uuid NOT NULL,
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  portfolio_id uuid NOT NULL,
  from_day day NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT history_changes_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT history_changes_user_id_portfolio_id_fkey FOREIGN KEY (user_id, portfolio_id) REFERENCES portfolios(user_id, id) ON DELETE CASCADE
);
ALTER TABLE history_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE history_changes FORCE ROW LEVEL SECURITY;
CREATE INDEX history_changes_portfolio ON history_changes USING btree (portfolio_id, from_day);
CREATE TRIGGER tell_delete AFTER DELETE ON history_changes REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON history_changes REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON history_changes REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE POLICY system ON history_changes TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON history_changes FOR DELETE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_insert ON history_changes FOR INSERT TO app WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_read ON history_changes FOR SELECT TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE (a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY tenant_update ON history_changes FOR UPDATE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text))))))) WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
GRANT DELETE, INSERT, SELECT, UPDATE ON history_changes TO worker;
GRANT SELECT ON history_changes TO app;
COMMENT ON TABLE history_changes IS 'From which day snapshots do not hold any more; written by triggers in the transaction that makes the change, taken away by the worker that computed them anew. Rows are added and never changed, so that nobody waits for anybody.';

CREATE TABLE holding_debts (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  holding_id uuid NOT NULL,
  date day NOT NULL,
  amount amount NOT NULL,
  currency currency_code NOT NULL,
  notes text,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT holding_debts_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT holding_debts_holding_id_date_key UNIQUE (holding_id, date),
  CONSTRAINT holding_debts_id_key UNIQUE (id),
  CONSTRAINT holding_debts_user_id_portfolio_id_holding_id_fkey FOREIGN KEY (user_id, portfolio_id, holding_id) REFERENCES holdings(user_id, portfolio_id, id) ON DELETE CASCADE,
  CONSTRAINT holding_debts_amount_check CHECK (((amount)::numeric >= (0)::numeric)),
  CONSTRAINT holding_debts_notes_check CHECK ((char_length(notes) <= 4000))
);
ALTER TABLE holding_debts ENABLE ROW LEVEL SECURITY;
ALTER TABLE holding_debts FORCE ROW LEVEL SECURITY;
CREATE INDEX holding_debts_portfolio ON holding_debts USING btree (portfolio_id, holding_id, date);
CREATE TRIGGER audit_delete AFTER DELETE ON holding_debts REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER audit_insert AFTER INSERT ON holding_debts REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER audit_update AFTER UPDATE ON holding_debts REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER note_delete AFTER DELETE ON holding_debts REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_trade_history();
CREATE TRIGGER note_insert AFTER INSERT ON holding_debts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_trade_history();
CREATE TRIGGER note_update AFTER UPDATE ON holding_debts REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_trade_history();
CREATE TRIGGER tell_delete AFTER DELETE ON holding_debts REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON holding_debts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON holding_debts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER touch BEFORE UPDATE ON holding_debts FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY system ON holding_debts TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON holding_debts FOR DELETE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_insert ON holding_debts FOR INSERT TO app WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_read ON holding_debts FOR SELECT TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE (a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY tenant_update ON holding_debts FOR UPDATE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text))))))) WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
GRANT DELETE, INSERT, SELECT, UPDATE ON holding_debts TO worker;
GRANT DELETE, SELECT ON holding_debts TO app;
GRANT INSERT (user_id, id, portfolio_id, holding_id, date, amount, currency, notes, created_at) ON holding_debts TO app;
GRANT UPDATE (portfolio_id, holding_id, date, amount, currency, notes) ON holding_debts TO app;
COMMENT ON TABLE holding_debts IS 'What is owed against a holding from a day on, until the next one. It counts while something is held.';
COMMENT ON COLUMN holding_debts.date IS 'The first day of the amount.';
COMMENT ON COLUMN holding_debts.amount IS 'Owed in the evening of the day, in currency; 0 when it is paid off.';

CREATE TABLE holding_snapshots (
  user_id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  holding_id uuid NOT NULL,
  month day NOT NULL,
  qty_after amount NOT NULL,
  cost_after amount NOT NULL,
  flow_after amount NOT NULL,
  income_after amount NOT NULL,
  currency_after amount NOT NULL,
  contribution_after amount NOT NULL,
  value numeric[] NOT NULL,
  flow numeric[] NOT NULL,
  income numeric[] NOT NULL,
  currency_effect numeric[] NOT NULL,
  contribution numeric[] NOT NULL,
  price_age integer[] NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT holding_snapshots_pkey PRIMARY KEY (user_id, portfolio_id, holding_id, month),
  CONSTRAINT holding_snapshots_user_id_portfolio_id_holding_id_fkey FOREIGN KEY (user_id, portfolio_id, holding_id) REFERENCES holdings(user_id, portfolio_id, id) ON DELETE CASCADE,
  CONSTRAINT holding_snapshots_first_of_month CHECK ((EXTRACT(day FROM month) = (1)::numeric))
);
ALTER TABLE holding_snapshots ENABLE ROW LEVEL SECURITY;
ALTER TABLE holding_snapshots FORCE ROW LEVEL SECURITY;
CREATE INDEX holding_snapshots_month ON holding_snapshots USING btree (portfolio_id, month);
CREATE TRIGGER touch BEFORE UPDATE ON holding_snapshots FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE POLICY system ON holding_snapshots TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON holding_snapshots FOR DELETE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_insert ON holding_snapshots FOR INSERT TO app WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_read ON holding_snapshots FOR SELECT TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE (a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY tenant_update ON holding_snapshots FOR UPDATE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text))))))) WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
GRANT DELETE, INSERT, SELECT, UPDATE ON holding_snapshots TO worker;
GRANT SELECT ON holding_snapshots TO app;
COMMENT ON TABLE holding_snapshots IS 'A month of a holding, in the portfolio''s base_currency. The arrays have an element for each day from the first of the month on; months in which nothing was held and nothing moved are left out. The sums after it make any stretch of days two look-ups.';
COMMENT ON COLUMN holding_snapshots.qty_after IS 'Units held in the evening of the last day of the row.';
COMMENT ON COLUMN holding_snapshots.flow_after IS 'Sum of flow from the first trade to the last day of the row; likewise income_after, currency_after and contribution_after.';
COMMENT ON COLUMN holding_snapshots.value IS 'In the evening of each day; NULL when something was held and price or rate is not known.';
COMMENT ON COLUMN holding_snapshots.flow IS 'What came into the holding (above zero) or left it, of whatever kind.';
COMMENT ON COLUMN holding_snapshots.income IS 'Dividends and interest less charges of their own.';
COMMENT ON COLUMN holding_snapshots.currency_effect IS 'What the exchange rate did.';
COMMENT ON COLUMN holding_snapshots.contribution IS 'What the day added to portfolio_snapshots.growth.';
COMMENT ON COLUMN holding_snapshots.price_age IS 'Days since the price that the value rests on.';

CREATE TABLE holdings (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  instrument_id uuid,
  unlinked_name text,
  section text NOT NULL,
  theme text NOT NULL,
  account text NOT NULL,
  qty amount DEFAULT 0 NOT NULL,
  cost_basis amount DEFAULT 0 NOT NULL,
  overdraft boolean DEFAULT false NOT NULL,
  target_pct percentage,
  include boolean DEFAULT true NOT NULL,
  notes text,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  deleted_at timestamp with time zone,
  deletion_id uuid,
  CONSTRAINT holdings_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT holdings_id_key UNIQUE (id),
  CONSTRAINT holdings_user_id_portfolio_id_id_key UNIQUE (user_id, portfolio_id, id),
  CONSTRAINT holdings_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instruments(id),
  CONSTRAINT holdings_user_id_portfolio_id_fkey FOREIGN KEY (user_id, portfolio_id) REFERENCES portfolios(user_id, id) ON DELETE CASCADE,
  CONSTRAINT holdings_account_check CHECK (((char_length(account) >= 1) AND (char_length(account) <= 100))),
  CONSTRAINT holdings_deletion CHECK (((deleted_at IS NULL) = (deletion_id IS NULL))),
  CONSTRAINT holdings_not_oversold CHECK ((((qty)::numeric >= (0)::numeric) OR overdraft)),
  CONSTRAINT holdings_notes_check CHECK ((char_length(notes) <= 10000)),
  CONSTRAINT holdings_section_check CHECK (((char_length(section) >= 1) AND (char_length(section) <= 100))),
  CONSTRAINT holdings_something_is_held CHECK (((instrument_id IS NOT NULL) OR (unlinked_name IS NOT NULL))),
  CONSTRAINT holdings_theme_check CHECK (((char_length(theme) >= 1) AND (char_length(theme) <= 100))),
  CONSTRAINT holdings_unlinked_name_check CHECK (((char_length(unlinked_name) >= 1) AND (char_length(unlinked_name) <= 255)))
);
ALTER TABLE holdings ENABLE ROW LEVEL SECURITY;
ALTER TABLE holdings FORCE ROW LEVEL SECURITY;
CREATE INDEX holdings_deletion ON holdings USING btree (deletion_id) WHERE deletion_id IS NOT NULL;
CREATE INDEX holdings_instrument ON holdings USING btree (instrument_id);
CREATE INDEX holdings_live ON holdings USING btree (portfolio_id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX holdings_one_live ON holdings USING btree (portfolio_id, account, instrument_id) WHERE deleted_at IS NULL;
CREATE INDEX holdings_portfolio_instrument ON holdings USING btree (portfolio_id, instrument_id) INCLUDE (qty, cost_basis);
CREATE INDEX holdings_section ON holdings USING btree (portfolio_id, section);
CREATE INDEX holdings_theme ON holdings USING btree (portfolio_id, theme);
CREATE TRIGGER audit_delete AFTER DELETE ON holdings REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id', 'portfolio_id');
CREATE TRIGGER audit_insert AFTER INSERT ON holdings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id', 'portfolio_id');
CREATE TRIGGER audit_update AFTER UPDATE ON holdings REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id', 'portfolio_id');
CREATE TRIGGER history_delete AFTER DELETE ON holdings REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_holdings_history();
CREATE TRIGGER history_update AFTER UPDATE ON holdings REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_holdings_history();
CREATE TRIGGER note_whole AFTER UPDATE OF instrument_id, include, deleted_at ON holdings FOR EACH ROW WHEN (old.instrument_id IS DISTINCT FROM new.instrument_id OR old.include IS DISTINCT FROM new.include OR old.deleted_at IS DISTINCT FROM new.deleted_at) EXECUTE FUNCTION note_whole_history();
CREATE TRIGGER scope_of_changed_instrument_id AFTER UPDATE OF instrument_id, user_id ON holdings FOR EACH ROW EXECUTE FUNCTION check_instrument_scope_row('instrument_id', 'user_id');
CREATE TRIGGER scope_of_new_instrument_id AFTER INSERT ON holdings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_instrument_scope_rows('instrument_id', 'user_id');
CREATE TRIGGER tell_delete AFTER DELETE ON holdings REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON holdings REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON holdings REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER touch BEFORE UPDATE ON holdings FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY system ON holdings TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON holdings FOR DELETE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_insert ON holdings FOR INSERT TO app WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_read ON holdings FOR SELECT TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE (a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY tenant_update ON holdings FOR UPDATE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text))))))) WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
GRANT DELETE, INSERT, SELECT, UPDATE ON holdings TO worker;
GRANT DELETE, SELECT ON holdings TO app;
GRANT INSERT (user_id, id, portfolio_id, instrument_id, unlinked_name, section, theme, account, qty, cost_basis, overdraft, target_pct, include, notes, created_at, deleted_at, deletion_id) ON holdings TO app;
GRANT UPDATE (portfolio_id, instrument_id, unlinked_name, section, theme, account, qty, cost_basis, overdraft, target_pct, include, notes, deleted_at, deletion_id) ON holdings TO app;
COMMENT ON TABLE holdings IS 'An instrument in an account of a portfolio. qty and cost_basis are the replay of its trades and are never set without them. One live row per portfolio, account and instrument.';
COMMENT ON COLUMN holdings.instrument_id IS 'NULL: taken over from an older system and not linked to an instrument yet.';
COMMENT ON COLUMN holdings.unlinked_name IS 'What the older system called it.';
COMMENT ON COLUMN holdings.account IS 'Name of the account; see accounts.';
COMMENT ON COLUMN holdings.qty IS 'Units held; for cash, the amount in the instrument''s currency.';
COMMENT ON COLUMN holdings.cost_basis IS 'Total cost of what is held, buying fees and taxes included, in the portfolio''s base_currency. Average cost is this divided by qty, for display.';
COMMENT ON COLUMN holdings.overdraft IS 'A settlement was allowed, when asked, to overdraw this cash holding. Nothing else may be below zero.';
COMMENT ON COLUMN holdings.target_pct IS 'Target share of the portfolio, per cent.';
COMMENT ON COLUMN holdings.include IS 'False: left out of totals, allocation and exposure.';

CREATE TABLE holdings_history (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  instrument_id uuid,
  unlinked_name text,
  section text NOT NULL,
  theme text NOT NULL,
  account text NOT NULL,
  qty amount NOT NULL,
  cost_basis amount NOT NULL,
  overdraft boolean NOT NULL,
  target_pct percentage,
  include boolean NOT NULL,
  notes text,
  version integer NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  deletion_id uuid,
  valid_from timestamp with time zone NOT NULL,
  valid_to timestamp with time zone NOT NULL,
  CONSTRAINT holdings_history_pkey PRIMARY KEY (user_id, id, valid_from),
  CONSTRAINT holdings_history_check CHECK ((valid_from < valid_to))
);
ALTER TABLE holdings_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE holdings_history FORCE ROW LEVEL SECURITY;
CREATE INDEX holdings_history_portfolio ON holdings_history USING btree (portfolio_id, valid_to);
CREATE POLICY system ON holdings_history TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON holdings_history FOR DELETE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_insert ON holdings_history FOR INSERT TO app WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_read ON holdings_history FOR SELECT TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE (a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY tenant_update ON holdings_history FOR UPDATE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text))))))) WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
GRANT SELECT ON holdings_history TO app;
GRANT SELECT ON holdings_history TO worker;
COMMENT ON TABLE holdings_history IS 'Past versions of holdings, each in force from valid_from until before valid_to. The present one is in holdings; both together are holdings_versions.';

CREATE TABLE idempotency_keys (
  user_id uuid NOT NULL,
  key text NOT NULL,
  method text NOT NULL,
  path text NOT NULL,
  body_hash bytea NOT NULL,
  status integer,
  headers jsonb DEFAULT '{}'::jsonb NOT NULL,
  body text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  expires_at timestamp with time zone DEFAULT (now() + '24:00:00'::interval) NOT NULL,
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, key),
  CONSTRAINT idempotency_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT idempotency_keys_body_hash_check CHECK ((octet_length(body_hash) = 32)),
  CONSTRAINT idempotency_keys_headers_check CHECK ((jsonb_typeof(headers) = 'object'::text)),
  CONSTRAINT idempotency_keys_key_check CHECK (((char_length(key) >= 1) AND (char_length(key) <= 255))),
  CONSTRAINT idempotency_keys_method_check CHECK ((char_length(method) <= 10)),
  CONSTRAINT idempotency_keys_path_check CHECK ((char_length(path) <= 2048)),
  CONSTRAINT idempotency_keys_status_check CHECK (((status >= 100) AND (status <= 599)))
);
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE INDEX idempotency_keys_expiry ON idempotency_keys USING btree (expires_at);
CREATE POLICY system ON idempotency_keys TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant ON idempotency_keys TO app USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
GRANT DELETE, INSERT, SELECT, UPDATE ON idempotency_keys TO worker;
GRANT DELETE, SELECT ON idempotency_keys TO app;
GRANT INSERT (user_id, key, method, path, body_hash, status, headers, body, created_at, expires_at) ON idempotency_keys TO app;
GRANT UPDATE (key, method, path, body_hash, status, headers, body, expires_at) ON idempotency_keys TO app;
COMMENT ON TABLE idempotency_keys IS 'Answers to writes that carried an Idempotency-Key, written in the write''s own transaction and repeated for 24 hours.';
COMMENT ON COLUMN idempotency_keys.body_hash IS 'SHA-256 of the request''s body: the same key with another body is refused.';
COMMENT ON COLUMN idempotency_keys.status IS 'HTTP status that was answered; NULL only inside the transaction that is working on it.';
COMMENT ON COLUMN idempotency_keys.headers IS 'Headers worth repeating, such as ETag and Location.';
COMMENT ON COLUMN idempotency_keys.body IS 'The answer''s body, as sent.';

CREATE TABLE identity_merge_moves (
  merge_id uuid NOT NULL,
  number bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  owner_user_id uuid,
  table_name text NOT NULL,
  action text NOT NULL,
  row_key jsonb NOT NULL,
  before jsonb NOT NULL,
  CONSTRAINT identity_merge_moves_pkey PRIMARY KEY (merge_id, number),
  CONSTRAINT identity_merge_moves_merge_id_fkey FOREIGN KEY (merge_id) REFERENCES identity_merges(id) ON DELETE CASCADE,
  CONSTRAINT identity_merge_moves_owner_user_id_fkey FOREIGN KEY (owner_user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT identity_merge_moves_action_check CHECK ((action = ANY (ARRAY['moved'::text, 'changed'::text, 'removed'::text, 'added'::text]))),
  CONSTRAINT identity_merge_moves_before_check CHECK ((jsonb_typeof(before) = 'object'::text)),
  CONSTRAINT identity_merge_moves_row_key_check CHECK ((jsonb_typeof(row_key) = 'object'::text)),
  CONSTRAINT identity_merge_moves_table_name_check CHECK ((char_length(table_name) <= 63))
);
ALTER TABLE identity_merge_moves ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity_merge_moves FORCE ROW LEVEL SECURITY;
CREATE INDEX identity_merge_moves_owner ON identity_merge_moves USING btree (owner_user_id) WHERE owner_user_id IS NOT NULL;
CREATE TRIGGER tell_delete AFTER DELETE ON identity_merge_moves REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON identity_merge_moves REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON identity_merge_moves REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE POLICY system ON identity_merge_moves TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON identity_merge_moves FOR DELETE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_insert ON identity_merge_moves FOR INSERT TO app WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_read ON identity_merge_moves FOR SELECT TO app USING (((owner_user_id IS NULL) OR (owner_user_id = COALESCE(( SELECT a.owner_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.portfolio_id = ( SELECT (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid AS "nullif")))), ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))));
CREATE POLICY tenant_update ON identity_merge_moves FOR UPDATE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)))) WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
GRANT DELETE, INSERT, SELECT, UPDATE ON identity_merge_moves TO worker;
GRANT SELECT ON identity_merge_moves TO app;
COMMENT ON TABLE identity_merge_moves IS 'Every row that a merge touched, so that it can be put back exactly.';
COMMENT ON COLUMN identity_merge_moves.owner_user_id IS 'Whose row it is; NULL: everybody''s.';
COMMENT ON COLUMN identity_merge_moves.action IS 'moved: it pointed to the one given up. changed: other columns. removed: the survivor has one like it. added: made by the merge.';
COMMENT ON COLUMN identity_merge_moves.row_key IS 'Its primary key after the merge; of a removed one, before.';
COMMENT ON COLUMN identity_merge_moves.before IS 'The columns that the merge changed, as they were; of a removed one, all of them.';

CREATE TABLE identity_merges (
  id uuid NOT NULL,
  owner_user_id uuid,
  from_instrument_id uuid NOT NULL,
  into_instrument_id uuid NOT NULL,
  renamed boolean DEFAULT false NOT NULL,
  merged_by uuid,
  undone_by uuid,
  undone_at timestamp with time zone,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT identity_merges_pkey PRIMARY KEY (id),
  CONSTRAINT identity_merges_from_instrument_id_fkey FOREIGN KEY (from_instrument_id) REFERENCES instruments(id) ON DELETE CASCADE,
  CONSTRAINT identity_merges_into_instrument_id_fkey FOREIGN KEY (into_instrument_id) REFERENCES instruments(id) ON DELETE CASCADE,
  CONSTRAINT identity_merges_merged_by_fkey FOREIGN KEY (merged_by) REFERENCES users(id) ON DELETE SET NULL,
  CONSTRAINT identity_merges_owner_user_id_fkey FOREIGN KEY (owner_user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT identity_merges_undone_by_fkey FOREIGN KEY (undone_by) REFERENCES users(id) ON DELETE SET NULL
);
ALTER TABLE identity_merges ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity_merges FORCE ROW LEVEL SECURITY;
CREATE INDEX identity_merges_from ON identity_merges USING btree (from_instrument_id);
CREATE INDEX identity_merges_into ON identity_merges USING btree (into_instrument_id);
CREATE INDEX identity_merges_merged_by ON identity_merges USING btree (merged_by) WHERE merged_by IS NOT NULL;
CREATE INDEX identity_merges_owner ON identity_merges USING btree (owner_user_id) WHERE owner_user_id IS NOT NULL;
CREATE INDEX identity_merges_undone_by ON identity_merges USING btree (undone_by) WHERE undone_by IS NOT NULL;
CREATE TRIGGER scope_of_changed_from_instrument_id AFTER UPDATE OF from_instrument_id, owner_user_id ON identity_merges FOR EACH ROW EXECUTE FUNCTION check_instrument_scope_row('from_instrument_id', 'owner_user_id');
CREATE TRIGGER scope_of_changed_into_instrument_id AFTER UPDATE OF into_instrument_id, owner_user_id ON identity_merges FOR EACH ROW EXECUTE FUNCTION check_instrument_scope_row('into_instrument_id', 'owner_user_id');
CREATE TRIGGER scope_of_new_from_instrument_id AFTER INSERT ON identity_merges REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_instrument_scope_rows('from_instrument_id', 'owner_user_id');
CREATE TRIGGER scope_of_new_into_instrument_id AFTER INSERT ON identity_merges REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_instrument_scope_rows('into_instrument_id', 'owner_user_id');
CREATE TRIGGER tell_delete AFTER DELETE ON identity_merges REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON identity_merges REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON identity_merges REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER touch BEFORE UPDATE ON identity_merges FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY system ON identity_merges TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON identity_merges FOR DELETE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_insert ON identity_merges FOR INSERT TO app WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_read ON identity_merges FOR SELECT TO app USING (((owner_user_id IS NULL) OR (owner_user_id = COALESCE(( SELECT a.owner_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.portfolio_id = ( SELECT (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid AS "nullif")))), ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))));
CREATE POLICY tenant_update ON identity_merges FOR UPDATE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)))) WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
GRANT DELETE, INSERT, SELECT, UPDATE ON identity_merges TO worker;
GRANT SELECT ON identity_merges TO app;
COMMENT ON TABLE identity_merges IS 'Securities that were found to be one: which was given up for which, by whom, and whether that was undone. Written by merge_instruments and undo_merge alone.';
COMMENT ON COLUMN identity_merges.owner_user_id IS 'Whose the one given up is: NULL shared.';
COMMENT ON COLUMN identity_merges.renamed IS 'They had different numbers of one kind: those of the one given up are numbers of the past.';

CREATE TABLE identity_reviews (
  id uuid NOT NULL,
  owner_user_id uuid,
  import_id uuid NOT NULL,
  row_number integer NOT NULL,
  row_key text NOT NULL,
  child_instrument_id uuid,
  candidate_instrument_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
  evidence jsonb DEFAULT '{}'::jsonb NOT NULL,
  status text DEFAULT 'open'::text NOT NULL,
  chosen_instrument_id uuid,
  decided_by uuid,
  decided_at timestamp with time zone,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  identifier_key text,
  merge_id uuid,
  CONSTRAINT identity_reviews_pkey PRIMARY KEY (id),
  CONSTRAINT identity_reviews_import_id_row_number_key UNIQUE (import_id, row_number),
  CONSTRAINT identity_reviews_child_instrument_id_fkey FOREIGN KEY (child_instrument_id) REFERENCES instruments(id) ON DELETE CASCADE,
  CONSTRAINT identity_reviews_chosen_instrument_id_fkey FOREIGN KEY (chosen_instrument_id) REFERENCES instruments(id) ON DELETE SET NULL,
  CONSTRAINT identity_reviews_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES users(id) ON DELETE SET NULL,
  CONSTRAINT identity_reviews_import_id_fkey FOREIGN KEY (import_id) REFERENCES constituent_imports(id) ON DELETE CASCADE,
  CONSTRAINT identity_reviews_merge_id_fkey FOREIGN KEY (merge_id) REFERENCES identity_merges(id) ON DELETE SET NULL,
  CONSTRAINT identity_reviews_owner_user_id_fkey FOREIGN KEY (owner_user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT identity_reviews_choice CHECK (((chosen_instrument_id IS NULL) OR (status = 'same'::text))),
  CONSTRAINT identity_reviews_decision CHECK (((status = 'open'::text) = (decided_at IS NULL))),
  CONSTRAINT identity_reviews_evidence_check CHECK ((jsonb_typeof(evidence) = 'object'::text)),
  CONSTRAINT identity_reviews_identifier_key_check CHECK (((char_length(identifier_key) >= 1) AND (char_length(identifier_key) <= 100))),
  CONSTRAINT identity_reviews_row_key_check CHECK (((char_length(row_key) >= 1) AND (char_length(row_key) <= 500))),
  CONSTRAINT identity_reviews_row_number_check CHECK ((row_number >= 1)),
  CONSTRAINT identity_reviews_status_check CHECK ((status = ANY (ARRAY['open'::text, 'same'::text, 'different'::text])))
);
ALTER TABLE identity_reviews ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity_reviews FORCE ROW LEVEL SECURITY;
CREATE INDEX identity_reviews_child ON identity_reviews USING btree (child_instrument_id);
CREATE INDEX identity_reviews_chosen ON identity_reviews USING btree (chosen_instrument_id) WHERE chosen_instrument_id IS NOT NULL;
CREATE INDEX identity_reviews_decided_by ON identity_reviews USING btree (decided_by) WHERE decided_by IS NOT NULL;
CREATE INDEX identity_reviews_identifier_key ON identity_reviews USING btree (identifier_key) WHERE identifier_key IS NOT NULL;
CREATE INDEX identity_reviews_import ON identity_reviews USING btree (import_id);
CREATE INDEX identity_reviews_key ON identity_reviews USING btree (row_key);
CREATE INDEX identity_reviews_merge ON identity_reviews USING btree (merge_id) WHERE merge_id IS NOT NULL;
CREATE INDEX identity_reviews_open ON identity_reviews USING btree (owner_user_id, created_at) WHERE status = 'open'::text;
CREATE INDEX identity_reviews_owner ON identity_reviews USING btree (owner_user_id);
CREATE TRIGGER import_scope_of_changed AFTER UPDATE ON identity_reviews REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_import_scope_rows();
CREATE TRIGGER import_scope_of_new AFTER INSERT ON identity_reviews REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_import_scope_rows();
CREATE TRIGGER scope_of_changed_child_instrument_id AFTER UPDATE OF child_instrument_id, owner_user_id ON identity_reviews FOR EACH ROW EXECUTE FUNCTION check_instrument_scope_row('child_instrument_id', 'owner_user_id');
CREATE TRIGGER scope_of_changed_chosen_instrument_id AFTER UPDATE OF chosen_instrument_id, owner_user_id ON identity_reviews FOR EACH ROW EXECUTE FUNCTION check_instrument_scope_row('chosen_instrument_id', 'owner_user_id');
CREATE TRIGGER scope_of_new_child_instrument_id AFTER INSERT ON identity_reviews REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_instrument_scope_rows('child_instrument_id', 'owner_user_id');
CREATE TRIGGER scope_of_new_chosen_instrument_id AFTER INSERT ON identity_reviews REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_instrument_scope_rows('chosen_instrument_id', 'owner_user_id');
CREATE TRIGGER tell_delete AFTER DELETE ON identity_reviews REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON identity_reviews REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON identity_reviews REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER touch BEFORE UPDATE ON identity_reviews FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY system ON identity_reviews TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON identity_reviews FOR DELETE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_insert ON identity_reviews FOR INSERT TO app WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_read ON identity_reviews FOR SELECT TO app USING (((owner_user_id IS NULL) OR (owner_user_id = COALESCE(( SELECT a.owner_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.portfolio_id = ( SELECT (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid AS "nullif")))), ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))));
CREATE POLICY tenant_update ON identity_reviews FOR UPDATE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)))) WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
GRANT DELETE, INSERT, SELECT, UPDATE ON identity_reviews TO worker;
GRANT DELETE, SELECT ON identity_reviews TO app;
GRANT INSERT (id, owner_user_id, import_id, row_number, row_key, child_instrument_id, candidate_instrument_ids, evidence, status, chosen_instrument_id, decided_by, decided_at, created_at, identifier_key, merge_id) ON identity_reviews TO app;
GRANT UPDATE (import_id, row_number, row_key, child_instrument_id, candidate_instrument_ids, evidence, status, chosen_instrument_id, decided_by, decided_at, identifier_key, merge_id) ON identity_reviews TO app;
COMMENT ON TABLE identity_reviews IS 'Rows that may be a security which is already known. Nothing is guessed: the row stays apart until somebody decides.';
COMMENT ON COLUMN identity_reviews.row_key IS 'The row''s normalised identity; a decision holds for later files with the same key.';
COMMENT ON COLUMN identity_reviews.child_instrument_id IS 'The security made for the row in the meantime.';
COMMENT ON COLUMN identity_reviews.candidate_instrument_ids IS 'Securities that it may be, the likeliest first.';
COMMENT ON COLUMN identity_reviews.identifier_key IS 'The row''s number, where it has one, such as "isin US0378331005"; a decision holds for it too.';
COMMENT ON COLUMN identity_reviews.merge_id IS 'The merge by which it was decided; undoing that opens it again.';

CREATE TABLE import_columns (
  import_id uuid NOT NULL,
  owner_user_id uuid,
  import_version integer NOT NULL,
  instrument bytea NOT NULL,
  attribute bytea NOT NULL,
  weight bytea NOT NULL,
  market bytea,
  has_market_gaps boolean DEFAULT false NOT NULL,
  attributes jsonb NOT NULL,
  funds jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT import_columns_pkey PRIMARY KEY (import_id),
  CONSTRAINT import_columns_import_id_fkey FOREIGN KEY (import_id) REFERENCES constituent_imports(id) ON DELETE CASCADE,
  CONSTRAINT import_columns_owner_user_id_fkey FOREIGN KEY (owner_user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT import_columns_attributes_check CHECK ((jsonb_typeof(attributes) = 'array'::text)),
  CONSTRAINT import_columns_funds_check CHECK ((jsonb_typeof(funds) = 'array'::text))
);
ALTER TABLE import_columns ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_columns FORCE ROW LEVEL SECURITY;
CREATE INDEX import_columns_owner ON import_columns USING btree (owner_user_id) WHERE owner_user_id IS NOT NULL;
CREATE TRIGGER import_scope_of_changed AFTER UPDATE ON import_columns REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_import_scope_rows();
CREATE TRIGGER import_scope_of_new AFTER INSERT ON import_columns REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_import_scope_rows();
CREATE POLICY system ON import_columns TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON import_columns FOR DELETE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_insert ON import_columns FOR INSERT TO app WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_read ON import_columns FOR SELECT TO app USING (((owner_user_id IS NULL) OR (owner_user_id = COALESCE(( SELECT a.owner_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.portfolio_id = ( SELECT (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid AS "nullif")))), ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))));
CREATE POLICY tenant_update ON import_columns FOR UPDATE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)))) WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
GRANT DELETE, INSERT, SELECT, UPDATE ON import_columns TO worker;
GRANT DELETE, SELECT ON import_columns TO app;
GRANT INSERT (import_id, owner_user_id, import_version, instrument, attribute, weight, market, has_market_gaps, attributes, funds, created_at) ON import_columns TO app;
GRANT UPDATE (import_id, import_version, instrument, attribute, weight, market, has_market_gaps, attributes, funds) ON import_columns TO app;
COMMENT ON TABLE import_columns IS 'The rows of an import that counts, as columns of numbers in order of the securities. Made by the worker of pm.constituents; of use only while import_version is the import''s version.';
COMMENT ON COLUMN import_columns.owner_user_id IS 'Always that of the import.';
COMMENT ON COLUMN import_columns.instrument IS 'pm.instruments.no of each row: int4, little-endian, ascending.';
COMMENT ON COLUMN import_columns.attribute IS 'Place in attributes of each row: int4, little-endian.';
COMMENT ON COLUMN import_columns.weight IS 'Published weight of each row, per cent: float8, little-endian.';
COMMENT ON COLUMN import_columns.market IS 'Each row''s share of the market values, per cent: float8, little-endian. NULL: there are none to divide by.';
COMMENT ON COLUMN import_columns.attributes IS 'Sets of sector, industry, country, currency, asset class and kind, the securities'' own filled in.';
COMMENT ON COLUMN import_columns.funds IS 'Rows that are or may be funds: place, instrument and name of each.';

CREATE TABLE import_runs (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  status text DEFAULT 'queued'::text NOT NULL,
  file_name text,
  content_type text,
  options jsonb DEFAULT '{}'::jsonb NOT NULL,
  payload bytea,
  payload_encoding text DEFAULT 'identity'::text NOT NULL,
  rows_total bigint,
  rows_done bigint DEFAULT 0 NOT NULL,
  result jsonb,
  error jsonb,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT import_runs_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT import_runs_id_key UNIQUE (id),
  CONSTRAINT import_runs_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT import_runs_content_type_check CHECK (((char_length(content_type) >= 1) AND (char_length(content_type) <= 255))),
  CONSTRAINT import_runs_error_check CHECK ((jsonb_typeof(error) = 'object'::text)),
  CONSTRAINT import_runs_error_of_failed CHECK (((error IS NULL) OR (status = 'failed'::text))),
  CONSTRAINT import_runs_file_name_check CHECK (((char_length(file_name) >= 1) AND (char_length(file_name) <= 255))),
  CONSTRAINT import_runs_finish CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['succeeded'::text, 'failed'::text])))),
  CONSTRAINT import_runs_kind_check CHECK ((kind = ANY (ARRAY['constituents'::text, 'prices'::text, 'fx'::text, 'local_storage'::text, 'trades'::text, 'archive'::text]))),
  CONSTRAINT import_runs_options_check CHECK (((jsonb_typeof(options) = 'object'::text) AND (octet_length((options)::text) <= 65536))),
  CONSTRAINT import_runs_payload_encoding_check CHECK ((payload_encoding = ANY (ARRAY['identity'::text, 'gzip'::text, 'br'::text, 'zstd'::text]))),
  CONSTRAINT import_runs_result_check CHECK ((jsonb_typeof(result) = 'object'::text)),
  CONSTRAINT import_runs_rows_done_check CHECK ((rows_done >= 0)),
  CONSTRAINT import_runs_rows_total_check CHECK ((rows_total >= 0)),
  CONSTRAINT import_runs_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'succeeded'::text, 'failed'::text])))
);
ALTER TABLE import_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_runs FORCE ROW LEVEL SECURITY;
CREATE INDEX import_runs_unfinished ON import_runs USING btree (created_at) WHERE status = ANY (ARRAY['queued'::text, 'running'::text]);
CREATE INDEX import_runs_user_date ON import_runs USING btree (user_id, created_at DESC);
CREATE TRIGGER touch BEFORE UPDATE ON import_runs FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY system ON import_runs TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant ON import_runs TO app USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
GRANT DELETE, INSERT, SELECT, UPDATE ON import_runs TO worker;
GRANT DELETE, SELECT ON import_runs TO app;
GRANT INSERT (user_id, id, kind, status, file_name, content_type, options, payload, payload_encoding, rows_total, rows_done, result, error, started_at, finished_at, created_at) ON import_runs TO app;
GRANT UPDATE (kind, status, file_name, content_type, options, payload, payload_encoding, rows_total, rows_done, result, error, started_at, finished_at) ON import_runs TO app;
COMMENT ON TABLE import_runs IS 'Imports too large for one request: taken, then worked off by a job.';
COMMENT ON COLUMN import_runs.options IS 'How to read it: instrument, as-of day, scope, force …';
COMMENT ON COLUMN import_runs.payload IS 'The file as received, until the job is done with it.';
COMMENT ON COLUMN import_runs.rows_total IS 'Rows to do, once known.';
COMMENT ON COLUMN import_runs.result IS 'What a synchronous import would have answered.';
COMMENT ON COLUMN import_runs.error IS 'Problem details (RFC 9457) of why it failed.';

CREATE TABLE imported_ids (
  user_id uuid NOT NULL,
  source text NOT NULL,
  kind text NOT NULL,
  source_id text NOT NULL,
  target_id uuid NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT imported_ids_pkey PRIMARY KEY (user_id, source, kind, source_id),
  CONSTRAINT imported_ids_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT imported_ids_kind_check CHECK ((kind = ANY (ARRAY['portfolio'::text, 'holding'::text, 'trade'::text]))),
  CONSTRAINT imported_ids_source_check CHECK ((source = ANY (ARRAY['local_storage'::text, 'archive'::text]))),
  CONSTRAINT imported_ids_source_id_check CHECK (((char_length(source_id) >= 1) AND (char_length(source_id) <= 200)))
);
ALTER TABLE imported_ids ENABLE ROW LEVEL SECURITY;
ALTER TABLE imported_ids FORCE ROW LEVEL SECURITY;
CREATE TRIGGER tell_delete AFTER DELETE ON imported_ids REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON imported_ids REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON imported_ids REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE POLICY system ON imported_ids TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant ON imported_ids TO app USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
GRANT DELETE, INSERT, SELECT, UPDATE ON imported_ids TO worker;
GRANT DELETE, SELECT ON imported_ids TO app;
GRANT INSERT (user_id, source, kind, source_id, target_id, created_at) ON imported_ids TO app;
GRANT UPDATE (source, kind, source_id, target_id) ON imported_ids TO app;
COMMENT ON TABLE imported_ids IS 'What things were called where they came from: taking them over again finds them.';

CREATE TABLE income_decisions (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  holding_id uuid NOT NULL,
  ex_date day NOT NULL,
  place integer DEFAULT 1 NOT NULL,
  status text DEFAULT 'dismissed'::text NOT NULL,
  trade_id uuid,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT income_decisions_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT income_decisions_holding_id_ex_date_place_key UNIQUE (holding_id, ex_date, place),
  CONSTRAINT income_decisions_id_key UNIQUE (id),
  CONSTRAINT income_decisions_user_id_portfolio_id_holding_id_fkey FOREIGN KEY (user_id, portfolio_id, holding_id) REFERENCES holdings(user_id, portfolio_id, id) ON DELETE CASCADE,
  CONSTRAINT income_decisions_user_id_trade_id_fkey FOREIGN KEY (user_id, trade_id) REFERENCES trades(user_id, id) ON DELETE SET NULL (trade_id),
  CONSTRAINT income_decisions_place_check CHECK (((place >= 1) AND (place <= 100))),
  CONSTRAINT income_decisions_status_check CHECK ((status = ANY (ARRAY['confirmed'::text, 'dismissed'::text])))
);
ALTER TABLE income_decisions ENABLE ROW LEVEL SECURITY;
ALTER TABLE income_decisions FORCE ROW LEVEL SECURITY;
CREATE INDEX income_decisions_holding ON income_decisions USING btree (user_id, portfolio_id, holding_id);
CREATE INDEX income_decisions_portfolio ON income_decisions USING btree (portfolio_id);
CREATE INDEX income_decisions_trade ON income_decisions USING btree (user_id, trade_id);
CREATE TRIGGER tell_delete AFTER DELETE ON income_decisions REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON income_decisions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON income_decisions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER touch BEFORE UPDATE ON income_decisions FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE POLICY system ON income_decisions TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON income_decisions FOR DELETE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_insert ON income_decisions FOR INSERT TO app WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_read ON income_decisions FOR SELECT TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE (a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY tenant_update ON income_decisions FOR UPDATE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text))))))) WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
GRANT DELETE, INSERT, SELECT, UPDATE ON income_decisions TO worker;
GRANT DELETE, SELECT ON income_decisions TO app;
GRANT INSERT (user_id, id, portfolio_id, holding_id, ex_date, place, status, trade_id, created_at) ON income_decisions TO app;
GRANT UPDATE (portfolio_id, holding_id, ex_date, place, status, trade_id) ON income_decisions TO app;
COMMENT ON TABLE income_decisions IS 'A dividend of a holding that was confirmed or dismissed. Without a row, or once the trade of a confirmed one is deleted, it waits.';
COMMENT ON COLUMN income_decisions.place IS 'Of several dividends of one security and day, which; from 1.';
COMMENT ON COLUMN income_decisions.trade_id IS 'The trade that confirming it recorded.';

CREATE TABLE instrument_identifiers (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  instrument_id uuid NOT NULL,
  scheme text NOT NULL,
  value text NOT NULL,
  owner_user_id uuid,
  is_current boolean DEFAULT true NOT NULL,
  source text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT instrument_identifiers_pkey PRIMARY KEY (id),
  CONSTRAINT instrument_identifiers_scope_key UNIQUE NULLS NOT DISTINCT (scheme, value, owner_user_id),
  CONSTRAINT instrument_identifiers_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instruments(id) ON DELETE CASCADE,
  CONSTRAINT instrument_identifiers_owner_user_id_fkey FOREIGN KEY (owner_user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT instrument_identifiers_scheme_check CHECK ((scheme = ANY (ARRAY['isin'::text, 'cusip'::text, 'sedol'::text, 'figi'::text]))),
  CONSTRAINT instrument_identifiers_shape CHECK (
CASE scheme
    WHEN 'isin'::text THEN (value ~ '^[A-Z]{2}[A-Z0-9]{9}[0-9]$'::text)
    WHEN 'cusip'::text THEN (value ~ '^[A-Z0-9*@#]{8}[0-9]$'::text)
    WHEN 'sedol'::text THEN (value ~ '^[A-Z0-9]{6}[0-9]$'::text)
    ELSE (value ~ '^[A-Z0-9]{12}$'::text)
END),
  CONSTRAINT instrument_identifiers_source_check CHECK ((char_length(source) <= 100))
);
ALTER TABLE instrument_identifiers ENABLE ROW LEVEL SECURITY;
ALTER TABLE instrument_identifiers FORCE ROW LEVEL SECURITY;
CREATE INDEX instrument_identifiers_instrument ON instrument_identifiers USING btree (instrument_id, scheme);
CREATE UNIQUE INDEX instrument_identifiers_one_isin ON instrument_identifiers USING btree (instrument_id, owner_user_id) NULLS NOT DISTINCT WHERE scheme = 'isin'::text AND is_current;
CREATE INDEX instrument_identifiers_owner ON instrument_identifiers USING btree (owner_user_id) WHERE owner_user_id IS NOT NULL;
CREATE TRIGGER scope_of_changed_instrument_id AFTER UPDATE OF instrument_id, owner_user_id ON instrument_identifiers FOR EACH ROW EXECUTE FUNCTION check_instrument_scope_row('instrument_id', 'owner_user_id');
CREATE TRIGGER scope_of_new_instrument_id AFTER INSERT ON instrument_identifiers REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_instrument_scope_rows('instrument_id', 'owner_user_id');
CREATE TRIGGER tell_delete AFTER DELETE ON instrument_identifiers REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON instrument_identifiers REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON instrument_identifiers REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER touch BEFORE UPDATE ON instrument_identifiers FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE POLICY system ON instrument_identifiers TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON instrument_identifiers FOR DELETE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_insert ON instrument_identifiers FOR INSERT TO app WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_read ON instrument_identifiers FOR SELECT TO app USING (((owner_user_id IS NULL) OR (owner_user_id = COALESCE(( SELECT a.owner_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.portfolio_id = ( SELECT (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid AS "nullif")))), ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))));
CREATE POLICY tenant_update ON instrument_identifiers FOR UPDATE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)))) WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
GRANT DELETE, INSERT, SELECT, UPDATE ON instrument_identifiers TO worker;
GRANT DELETE, SELECT ON instrument_identifiers TO app;
GRANT INSERT (id, instrument_id, scheme, value, owner_user_id, is_current, source, created_at) ON instrument_identifiers TO app;
GRANT UPDATE (instrument_id, scheme, value, is_current, source) ON instrument_identifiers TO app;
COMMENT ON TABLE instrument_identifiers IS 'Numbers by which a security is known. Check digits are checked before storing.';
COMMENT ON COLUMN instrument_identifiers.is_current IS 'False for a number of the past, such as the ISIN before a redomiciliation. One current ISIN at most.';
COMMENT ON COLUMN instrument_identifiers.source IS 'Where it was learned: a person, a file''s format, a provider.';

CREATE TABLE instrument_listings (
  id uuid NOT NULL,
  instrument_id uuid NOT NULL,
  owner_user_id uuid,
  mic mic_code,
  ticker text,
  currency currency_code NOT NULL,
  quote_unit quote_unit_code NOT NULL,
  provider_symbols jsonb DEFAULT '{}'::jsonb NOT NULL,
  is_primary boolean DEFAULT false NOT NULL,
  delisted_on day,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  ticker_key text GENERATED ALWAYS AS (regexp_replace(upper(regexp_replace(ticker, '[^[:alnum:]]+'::text, ''::text, 'g'::text)), '^0+([0-9]+)$'::text, '\1'::text)) STORED,
  CONSTRAINT instrument_listings_pkey PRIMARY KEY (id),
  CONSTRAINT instrument_listings_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instruments(id) ON DELETE CASCADE,
  CONSTRAINT instrument_listings_owner_user_id_fkey FOREIGN KEY (owner_user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT instrument_listings_provider_symbols_check CHECK (((jsonb_typeof(provider_symbols) = 'object'::text) AND (octet_length((provider_symbols)::text) <= 8192))),
  CONSTRAINT instrument_listings_quote_unit_fits CHECK ((
CASE quote_unit
    WHEN 'GBX'::text THEN 'GBP'::text
    WHEN 'ZAc'::text THEN 'ZAR'::text
    WHEN 'ILA'::text THEN 'ILS'::text
    ELSE (quote_unit)::text
END = (currency)::text)),
  CONSTRAINT instrument_listings_ticker_check CHECK ((((char_length(ticker) >= 1) AND (char_length(ticker) <= 50)) AND (ticker !~ '[[:cntrl:]]'::text) AND (ticker = btrim(ticker))))
);
ALTER TABLE instrument_listings ENABLE ROW LEVEL SECURITY;
ALTER TABLE instrument_listings FORCE ROW LEVEL SECURITY;
CREATE INDEX instrument_listings_instrument ON instrument_listings USING btree (instrument_id);
CREATE UNIQUE INDEX instrument_listings_line ON instrument_listings USING btree (mic, ticker, owner_user_id) NULLS NOT DISTINCT WHERE mic IS NOT NULL AND ticker IS NOT NULL AND delisted_on IS NULL;
CREATE UNIQUE INDEX instrument_listings_one_primary ON instrument_listings USING btree (instrument_id, owner_user_id) NULLS NOT DISTINCT WHERE is_primary;
CREATE INDEX instrument_listings_owner ON instrument_listings USING btree (owner_user_id) WHERE owner_user_id IS NOT NULL;
CREATE INDEX instrument_listings_ticker ON instrument_listings USING btree (upper(ticker) text_pattern_ops);
CREATE INDEX instrument_listings_ticker_key ON instrument_listings USING btree (ticker_key);
CREATE TRIGGER note_lines AFTER UPDATE OF is_primary, instrument_id ON instrument_listings FOR EACH ROW WHEN (old.is_primary IS DISTINCT FROM new.is_primary OR old.instrument_id IS DISTINCT FROM new.instrument_id) EXECUTE FUNCTION note_line_history();
CREATE TRIGGER scope_of_changed_instrument_id AFTER UPDATE OF instrument_id, owner_user_id ON instrument_listings FOR EACH ROW EXECUTE FUNCTION check_instrument_scope_row('instrument_id', 'owner_user_id');
CREATE TRIGGER scope_of_new_instrument_id AFTER INSERT ON instrument_listings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_instrument_scope_rows('instrument_id', 'owner_user_id');
CREATE TRIGGER tell_delete AFTER DELETE ON instrument_listings REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON instrument_listings REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON instrument_listings REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER touch BEFORE UPDATE ON instrument_listings FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY system ON instrument_listings TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON instrument_listings FOR DELETE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_insert ON instrument_listings FOR INSERT TO app WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_read ON instrument_listings FOR SELECT TO app USING (((owner_user_id IS NULL) OR (owner_user_id = COALESCE(( SELECT a.owner_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.portfolio_id = ( SELECT (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid AS "nullif")))), ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))));
CREATE POLICY tenant_update ON instrument_listings FOR UPDATE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)))) WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
GRANT DELETE, INSERT, SELECT, UPDATE ON instrument_listings TO worker;
GRANT DELETE, SELECT ON instrument_listings TO app;
GRANT INSERT (id, instrument_id, owner_user_id, mic, ticker, currency, quote_unit, provider_symbols, is_primary, delisted_on, created_at) ON instrument_listings TO app;
GRANT UPDATE (instrument_id, mic, ticker, currency, quote_unit, provider_symbols, is_primary, delisted_on) ON instrument_listings TO app;
COMMENT ON TABLE instrument_listings IS 'A line of trading: one instrument may have several, in several currencies. Prices belong to a listing.';
COMMENT ON COLUMN instrument_listings.mic IS 'Market (ISO 10383). NULL: not traded on an exchange, or not known.';
COMMENT ON COLUMN instrument_listings.currency IS 'Trading currency; prices are stored in it.';
COMMENT ON COLUMN instrument_listings.quote_unit IS 'Unit in which prices are quoted: the currency, or its hundredth (GBX = GBP/100).';
COMMENT ON COLUMN instrument_listings.provider_symbols IS 'Symbol by provider, e.g. {"yahoo": "SWDA.L"}.';
COMMENT ON COLUMN instrument_listings.is_primary IS 'The line used where nothing else is said. One per instrument and scope.';
COMMENT ON COLUMN instrument_listings.delisted_on IS 'Last day of trading; after it another security may use the ticker.';
COMMENT ON COLUMN instrument_listings.ticker_key IS 'The ticker in upper case without punctuation, numbers without leading zeros; not unique.';

CREATE TABLE instrument_names (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  instrument_id uuid NOT NULL,
  owner_user_id uuid,
  name text NOT NULL,
  source text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT instrument_names_pkey PRIMARY KEY (id),
  CONSTRAINT instrument_names_scope_key UNIQUE NULLS NOT DISTINCT (instrument_id, name, owner_user_id),
  CONSTRAINT instrument_names_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instruments(id) ON DELETE CASCADE,
  CONSTRAINT instrument_names_owner_user_id_fkey FOREIGN KEY (owner_user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT instrument_names_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255))),
  CONSTRAINT instrument_names_source_check CHECK ((char_length(source) <= 100))
);
ALTER TABLE instrument_names ENABLE ROW LEVEL SECURITY;
ALTER TABLE instrument_names FORCE ROW LEVEL SECURITY;
CREATE INDEX instrument_names_name ON instrument_names USING btree (lower(name));
CREATE INDEX instrument_names_owner ON instrument_names USING btree (owner_user_id) WHERE owner_user_id IS NOT NULL;
CREATE TRIGGER scope_of_changed_instrument_id AFTER UPDATE OF instrument_id, owner_user_id ON instrument_names FOR EACH ROW EXECUTE FUNCTION check_instrument_scope_row('instrument_id', 'owner_user_id');
CREATE TRIGGER scope_of_new_instrument_id AFTER INSERT ON instrument_names REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_instrument_scope_rows('instrument_id', 'owner_user_id');
CREATE TRIGGER tell_delete AFTER DELETE ON instrument_names REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON instrument_names REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON instrument_names REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE POLICY system ON instrument_names TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON instrument_names FOR DELETE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_insert ON instrument_names FOR INSERT TO app WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_read ON instrument_names FOR SELECT TO app USING (((owner_user_id IS NULL) OR (owner_user_id = COALESCE(( SELECT a.owner_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.portfolio_id = ( SELECT (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid AS "nullif")))), ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))));
CREATE POLICY tenant_update ON instrument_names FOR UPDATE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)))) WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
GRANT DELETE, INSERT, SELECT, UPDATE ON instrument_names TO worker;
GRANT DELETE, SELECT ON instrument_names TO app;
GRANT INSERT (id, instrument_id, owner_user_id, name, source, created_at) ON instrument_names TO app;
GRANT UPDATE (instrument_id, name, source) ON instrument_names TO app;
COMMENT ON TABLE instrument_names IS 'Former names of instruments and other issuers'' spellings, by which later files are matched.';
COMMENT ON COLUMN instrument_names.source IS 'Where it was learned: a merge, a file, a renaming.';

CREATE TABLE instruments (
  id uuid NOT NULL,
  owner_user_id uuid,
  type text NOT NULL,
  name text NOT NULL,
  currency currency_code DEFAULT 'GBP'::text NOT NULL,
  country text,
  sector text,
  industry text,
  asset_class text,
  metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
  is_demo boolean DEFAULT false NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  issuer_keys text[] DEFAULT '{}'::text[] NOT NULL,
  no integer GENERATED ALWAYS AS IDENTITY NOT NULL,
  merged_into uuid,
  CONSTRAINT instruments_pkey PRIMARY KEY (id),
  CONSTRAINT instruments_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES instruments(id),
  CONSTRAINT instruments_owner_user_id_fkey FOREIGN KEY (owner_user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT instruments_asset_class_check CHECK (((char_length(asset_class) >= 1) AND (char_length(asset_class) <= 100))),
  CONSTRAINT instruments_country_check CHECK (((char_length(country) >= 1) AND (char_length(country) <= 100))),
  CONSTRAINT instruments_industry_check CHECK (((char_length(industry) >= 1) AND (char_length(industry) <= 150))),
  CONSTRAINT instruments_issuer_keys_check CHECK (((cardinality(issuer_keys) <= 20) AND (octet_length(array_to_string(issuer_keys, ' '::text)) <= 8192))),
  CONSTRAINT instruments_metadata_check CHECK (((jsonb_typeof(metadata) = 'object'::text) AND (octet_length((metadata)::text) <= 65536))),
  CONSTRAINT instruments_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255))),
  CONSTRAINT instruments_not_into_itself CHECK ((merged_into <> id)),
  CONSTRAINT instruments_sector_check CHECK (((char_length(sector) >= 1) AND (char_length(sector) <= 100))),
  CONSTRAINT instruments_type_check CHECK ((type = ANY (ARRAY['ETF'::text, 'Stock'::text, 'Bond'::text, 'Crypto'::text, 'Fund'::text, 'Cash'::text, 'Other'::text, 'Derivative'::text, 'Property'::text, 'Commodity'::text])))
);
ALTER TABLE instruments ENABLE ROW LEVEL SECURITY;
ALTER TABLE instruments FORCE ROW LEVEL SECURITY;
CREATE INDEX instruments_browse ON instruments USING btree (owner_user_id, "left"(lower(name), 64) COLLATE "C", id);
CREATE INDEX instruments_merged_into ON instruments USING btree (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX instruments_metadata ON instruments USING gin (metadata jsonb_path_ops);
CREATE INDEX instruments_name ON instruments USING btree (lower(name));
CREATE INDEX instruments_name_words ON instruments USING gin (lower(name) gin_trgm_ops) WITH (gin_pending_list_limit='64');
CREATE UNIQUE INDEX instruments_no ON instruments USING btree (no);
CREATE INDEX instruments_owner ON instruments USING btree (owner_user_id) WHERE owner_user_id IS NOT NULL;
CREATE INDEX instruments_type ON instruments USING btree (type);
CREATE TRIGGER note_changed_securities AFTER UPDATE ON instruments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_securities_changed();
CREATE TRIGGER note_kind AFTER UPDATE OF type, currency ON instruments FOR EACH ROW WHEN (old.type IS DISTINCT FROM new.type OR old.currency::text IS DISTINCT FROM new.currency::text) EXECUTE FUNCTION note_line_history();
CREATE TRIGGER scope_of_changed_merged_into AFTER UPDATE OF merged_into, owner_user_id ON instruments FOR EACH ROW EXECUTE FUNCTION check_instrument_scope_row('merged_into', 'owner_user_id');
CREATE TRIGGER scope_of_new_merged_into AFTER INSERT ON instruments REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_instrument_scope_rows('merged_into', 'owner_user_id');
CREATE TRIGGER tell_delete AFTER DELETE ON instruments REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON instruments REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON instruments REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('owner_user_id');
CREATE TRIGGER touch BEFORE UPDATE ON instruments FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY system ON instruments TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON instruments FOR DELETE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_insert ON instruments FOR INSERT TO app WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
CREATE POLICY tenant_read ON instruments FOR SELECT TO app USING (((owner_user_id IS NULL) OR (owner_user_id = COALESCE(( SELECT a.owner_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.portfolio_id = ( SELECT (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid AS "nullif")))), ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))));
CREATE POLICY tenant_update ON instruments FOR UPDATE TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)))) WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
GRANT DELETE, INSERT, SELECT, UPDATE ON instruments TO worker;
GRANT DELETE, SELECT ON instruments TO app;
GRANT INSERT (id, owner_user_id, type, name, currency, country, sector, industry, asset_class, metadata, is_demo, created_at, issuer_keys, no, merged_into) ON instruments TO app;
GRANT UPDATE (type, name, currency, country, sector, industry, asset_class, metadata, issuer_keys, no, merged_into) ON instruments TO app;
COMMENT ON TABLE instruments IS 'One row per security, fund, currency held as cash, property or other thing that can be held.';
COMMENT ON COLUMN instruments.currency IS 'Currency it is denominated in; each listing has its own trading currency.';
COMMENT ON COLUMN instruments.country IS 'Country of exposure: ISO 3166 English short name in everyday form ("United States"). NULL: not known. Not derived from an ISIN''s prefix.';
COMMENT ON COLUMN instruments.sector IS 'GICS sector ("Information Technology"). NULL: not known or not applicable.';
COMMENT ON COLUMN instruments.industry IS 'GICS industry ("Software"), or a group of several. NULL: not known or not applicable.';
COMMENT ON COLUMN instruments.metadata IS 'Funds: domicile, replicationMethod, securitiesLending, ocf and trackingDifference (per cent a year), distributionPolicy, lastConstituentsUpdate, constituentsRefreshCadence.';
COMMENT ON COLUMN instruments.issuer_keys IS 'What speaks for its issuer: "lei …", "cusip …" (the first six characters), "name … | country". Securities that share one are one issuer''s. Made by issuerKeys and read by groupByIssuer of the domain; empty for funds, cash and contracts.';
COMMENT ON COLUMN instruments.no IS 'Its number within this install, for calculations only: not kept by exports.';
COMMENT ON COLUMN instruments.merged_into IS 'The instrument that this one was found to be. Then nothing else points here. NULL: it stands for itself.';

CREATE TABLE latest_prices (
  listing_id uuid NOT NULL,
  kind text NOT NULL,
  date_time timestamp with time zone NOT NULL,
  source text NOT NULL,
  "interval" text NOT NULL,
  close amount NOT NULL,
  currency currency_code NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT latest_prices_pkey PRIMARY KEY (listing_id, kind),
  CONSTRAINT latest_prices_listing_id_fkey FOREIGN KEY (listing_id) REFERENCES instrument_listings(id) ON DELETE CASCADE,
  CONSTRAINT latest_prices_kind_check CHECK ((kind = ANY (ARRAY['live'::text, 'close'::text])))
);
ALTER TABLE latest_prices ENABLE ROW LEVEL SECURITY;
ALTER TABLE latest_prices FORCE ROW LEVEL SECURITY;
CREATE TRIGGER publish_changed AFTER UPDATE ON latest_prices REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_latest_prices();
CREATE TRIGGER publish_gone AFTER DELETE ON latest_prices REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_latest_prices();
CREATE TRIGGER publish_new AFTER INSERT ON latest_prices REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publish_latest_prices();
CREATE POLICY system ON latest_prices TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON latest_prices FOR DELETE TO app USING ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
CREATE POLICY tenant_insert ON latest_prices FOR INSERT TO app WITH CHECK ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
CREATE POLICY tenant_read ON latest_prices FOR SELECT TO app USING (true);
CREATE POLICY tenant_update ON latest_prices FOR UPDATE TO app USING ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)) WITH CHECK ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
GRANT SELECT ON latest_prices TO app;
GRANT SELECT ON latest_prices TO worker;
COMMENT ON TABLE latest_prices IS 'The newest price of each listing and kind; kept by triggers on prices and written by nothing else. Whether it is fresh is judged by the reader.';
COMMENT ON COLUMN latest_prices.kind IS 'close: daily bars and longer. live: everything shorter.';
COMMENT ON COLUMN latest_prices.close IS 'Per unit, in currency.';

CREATE TABLE manual_prices (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  instrument_id uuid NOT NULL,
  date_time timestamp with time zone NOT NULL,
  open amount,
  high amount,
  low amount,
  close amount NOT NULL,
  volume amount,
  currency currency_code NOT NULL,
  quote_unit quote_unit_code NOT NULL,
  notes text,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT manual_prices_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT manual_prices_id_key UNIQUE (id),
  CONSTRAINT manual_prices_user_id_instrument_id_date_time_key UNIQUE (user_id, instrument_id, date_time),
  CONSTRAINT manual_prices_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instruments(id) ON DELETE CASCADE,
  CONSTRAINT manual_prices_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT manual_prices_close_check CHECK (((close)::numeric > (0)::numeric)),
  CONSTRAINT manual_prices_date_time_check CHECK ((date_time >= '1900-01-01 00:00:00+00'::timestamp with time zone)),
  CONSTRAINT manual_prices_high_above_low CHECK (((high)::numeric >= (low)::numeric)),
  CONSTRAINT manual_prices_high_check CHECK (((high)::numeric > (0)::numeric)),
  CONSTRAINT manual_prices_low_check CHECK (((low)::numeric > (0)::numeric)),
  CONSTRAINT manual_prices_notes_check CHECK ((char_length(notes) <= 10000)),
  CONSTRAINT manual_prices_open_check CHECK (((open)::numeric > (0)::numeric)),
  CONSTRAINT manual_prices_quote_unit_fits CHECK ((
CASE quote_unit
    WHEN 'GBX'::text THEN 'GBP'::text
    WHEN 'ZAc'::text THEN 'ZAR'::text
    WHEN 'ILA'::text THEN 'ILS'::text
    ELSE (quote_unit)::text
END = (currency)::text)),
  CONSTRAINT manual_prices_volume_check CHECK (((volume)::numeric >= (0)::numeric))
);
ALTER TABLE manual_prices ENABLE ROW LEVEL SECURITY;
ALTER TABLE manual_prices FORCE ROW LEVEL SECURITY;
CREATE INDEX manual_prices_instrument ON manual_prices USING btree (instrument_id);
CREATE TRIGGER audit_delete AFTER DELETE ON manual_prices REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER audit_insert AFTER INSERT ON manual_prices REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER audit_update AFTER UPDATE ON manual_prices REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER note_delete AFTER DELETE ON manual_prices REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_manual_price_history();
CREATE TRIGGER note_insert AFTER INSERT ON manual_prices REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_manual_price_history();
CREATE TRIGGER note_update AFTER UPDATE ON manual_prices REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_manual_price_history();
CREATE TRIGGER scope_of_changed_instrument_id AFTER UPDATE OF instrument_id, user_id ON manual_prices FOR EACH ROW EXECUTE FUNCTION check_instrument_scope_row('instrument_id', 'user_id');
CREATE TRIGGER scope_of_new_instrument_id AFTER INSERT ON manual_prices REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_instrument_scope_rows('instrument_id', 'user_id');
CREATE TRIGGER tell_delete AFTER DELETE ON manual_prices REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON manual_prices REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON manual_prices REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER touch BEFORE UPDATE ON manual_prices FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY system ON manual_prices TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON manual_prices FOR DELETE TO app USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY tenant_insert ON manual_prices FOR INSERT TO app WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY tenant_read ON manual_prices FOR SELECT TO app USING ((user_id = COALESCE(( SELECT a.owner_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.portfolio_id = ( SELECT (NULLIF(current_setting('app.portfolio_id'::text, true), ''::text))::uuid AS "nullif")))), ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))));
CREATE POLICY tenant_update ON manual_prices FOR UPDATE TO app USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
GRANT DELETE, INSERT, SELECT, UPDATE ON manual_prices TO worker;
GRANT DELETE, SELECT ON manual_prices TO app;
GRANT INSERT (user_id, id, instrument_id, date_time, open, high, low, close, volume, currency, quote_unit, notes, created_at) ON manual_prices TO app;
GRANT UPDATE (instrument_id, date_time, open, high, low, close, volume, currency, quote_unit, notes) ON manual_prices TO app;
COMMENT ON TABLE manual_prices IS 'Prices that a person gave. They count for that person only, and for those they share a portfolio with inside that portfolio.';
COMMENT ON COLUMN manual_prices.close IS 'Per unit, in currency (converted when it was entered in pence).';
COMMENT ON COLUMN manual_prices.quote_unit IS 'Unit in which it was entered.';

CREATE TABLE news_items (
  id uuid NOT NULL,
  source text NOT NULL,
  external_id text,
  title text NOT NULL,
  summary text,
  url text,
  published_at timestamp with time zone NOT NULL,
  sentiment text,
  category text,
  tickers text[] DEFAULT '{}'::text[] NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT news_items_pkey PRIMARY KEY (id),
  CONSTRAINT news_items_category_check CHECK (((char_length(category) >= 1) AND (char_length(category) <= 100))),
  CONSTRAINT news_items_external_id_check CHECK (((char_length(external_id) >= 1) AND (char_length(external_id) <= 255))),
  CONSTRAINT news_items_sentiment_check CHECK ((sentiment = ANY (ARRAY['positive'::text, 'neutral'::text, 'negative'::text]))),
  CONSTRAINT news_items_source_check CHECK (((char_length(source) >= 1) AND (char_length(source) <= 100))),
  CONSTRAINT news_items_summary_check CHECK ((char_length(summary) <= 20000)),
  CONSTRAINT news_items_title_check CHECK (((char_length(title) >= 1) AND (char_length(title) <= 500))),
  CONSTRAINT news_items_url_check CHECK (((char_length(url) <= 2048) AND (url ~ '^https?://'::text)))
);
ALTER TABLE news_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE news_items FORCE ROW LEVEL SECURITY;
CREATE INDEX news_items_category ON news_items USING btree (category);
CREATE UNIQUE INDEX news_items_external ON news_items USING btree (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX news_items_published ON news_items USING btree (published_at DESC);
CREATE INDEX news_items_tickers ON news_items USING gin (tickers);
CREATE TRIGGER touch BEFORE UPDATE ON news_items FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE POLICY system ON news_items TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON news_items FOR DELETE TO app USING ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
CREATE POLICY tenant_insert ON news_items FOR INSERT TO app WITH CHECK ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
CREATE POLICY tenant_read ON news_items FOR SELECT TO app USING (true);
CREATE POLICY tenant_update ON news_items FOR UPDATE TO app USING ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)) WITH CHECK ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
GRANT DELETE, INSERT, SELECT, UPDATE ON news_items TO worker;
GRANT DELETE, SELECT ON news_items TO app;
GRANT INSERT (id, source, external_id, title, summary, url, published_at, sentiment, category, tickers, created_at) ON news_items TO app;
GRANT UPDATE (source, external_id, title, summary, url, published_at, sentiment, category, tickers) ON news_items TO app;
COMMENT ON TABLE news_items IS 'Headlines with the tickers that their source names.';

CREATE TABLE overlap_matrices (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  as_of timestamp with time zone NOT NULL,
  matrix jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT overlap_matrices_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT overlap_matrices_portfolio_id_as_of_key UNIQUE (portfolio_id, as_of),
  CONSTRAINT overlap_matrices_user_id_portfolio_id_fkey FOREIGN KEY (user_id, portfolio_id) REFERENCES portfolios(user_id, id) ON DELETE CASCADE,
  CONSTRAINT overlap_matrices_matrix_check CHECK ((jsonb_typeof(matrix) = 'object'::text))
);
ALTER TABLE overlap_matrices ENABLE ROW LEVEL SECURITY;
ALTER TABLE overlap_matrices FORCE ROW LEVEL SECURITY;
CREATE TRIGGER touch BEFORE UPDATE ON overlap_matrices FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE POLICY system ON overlap_matrices TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON overlap_matrices FOR DELETE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_insert ON overlap_matrices FOR INSERT TO app WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_read ON overlap_matrices FOR SELECT TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE (a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY tenant_update ON overlap_matrices FOR UPDATE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text))))))) WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
GRANT DELETE, INSERT, SELECT, UPDATE ON overlap_matrices TO worker;
GRANT DELETE, SELECT ON overlap_matrices TO app;
GRANT INSERT (user_id, id, portfolio_id, as_of, matrix, created_at) ON overlap_matrices TO app;
GRANT UPDATE (portfolio_id, as_of, matrix) ON overlap_matrices TO app;
COMMENT ON TABLE overlap_matrices IS 'How much the funds of a portfolio hold in common.';
COMMENT ON COLUMN overlap_matrices.matrix IS 'Key of a fund to key of a fund to per cent; 100 on the diagonal.';

CREATE TABLE personal_access_tokens (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  token_hash bytea NOT NULL,
  token_prefix text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  last_used_at timestamp with time zone,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  CONSTRAINT personal_access_tokens_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT personal_access_tokens_token_hash_key UNIQUE (token_hash),
  CONSTRAINT personal_access_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT personal_access_tokens_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100))),
  CONSTRAINT personal_access_tokens_token_hash_check CHECK ((octet_length(token_hash) = 32)),
  CONSTRAINT personal_access_tokens_token_prefix_check CHECK ((char_length(token_prefix) <= 16))
);
ALTER TABLE personal_access_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE personal_access_tokens FORCE ROW LEVEL SECURITY;
CREATE TRIGGER audit_delete AFTER DELETE ON personal_access_tokens REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER audit_insert AFTER INSERT ON personal_access_tokens REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER audit_update AFTER UPDATE ON personal_access_tokens REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE POLICY doors ON personal_access_tokens TO pm_auth USING (true) WITH CHECK (true);
CREATE POLICY system ON personal_access_tokens TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant ON personal_access_tokens TO app USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
GRANT DELETE ON personal_access_tokens TO app;
GRANT DELETE, INSERT, SELECT, UPDATE ON personal_access_tokens TO worker;
GRANT INSERT (user_id, id, name, token_hash, token_prefix, created_at, last_used_at, expires_at, revoked_at) ON personal_access_tokens TO app;
GRANT SELECT (user_id, id, name, token_prefix, created_at, last_used_at, expires_at, revoked_at) ON personal_access_tokens TO app;
GRANT SELECT (user_id, id, token_hash, last_used_at, expires_at, revoked_at) ON personal_access_tokens TO pm_auth;
GRANT UPDATE (last_used_at, revoked_at) ON personal_access_tokens TO pm_auth;
GRANT UPDATE (name, revoked_at) ON personal_access_tokens TO app;
COMMENT ON TABLE personal_access_tokens IS 'Tokens for scripts. Shown once when made; only the hash is kept.';
COMMENT ON COLUMN personal_access_tokens.token_hash IS 'SHA-256 of the token, 32 bytes. Writable, never readable by requests.';
COMMENT ON COLUMN personal_access_tokens.token_prefix IS 'First characters, to tell tokens apart in a list.';
COMMENT ON COLUMN personal_access_tokens.last_used_at IS 'To the minute.';

CREATE TABLE plan_proposals (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  plan_id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  due_on day NOT NULL,
  trade_on day NOT NULL,
  status text DEFAULT 'open'::text NOT NULL,
  trade_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
  decided_at timestamp with time zone,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT plan_proposals_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT plan_proposals_id_key UNIQUE (id),
  CONSTRAINT plan_proposals_plan_id_due_on_key UNIQUE (plan_id, due_on),
  CONSTRAINT plan_proposals_user_id_portfolio_id_plan_id_fkey FOREIGN KEY (user_id, portfolio_id, plan_id) REFERENCES recurring_plans(user_id, portfolio_id, id) ON DELETE CASCADE,
  CONSTRAINT plan_proposals_decided CHECK (((status = 'open'::text) = (decided_at IS NULL))),
  CONSTRAINT plan_proposals_status_check CHECK ((status = ANY (ARRAY['open'::text, 'confirmed'::text, 'skipped'::text]))),
  CONSTRAINT plan_proposals_trade_ids_check CHECK ((cardinality(trade_ids) <= 200))
);
ALTER TABLE plan_proposals ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_proposals FORCE ROW LEVEL SECURITY;
CREATE INDEX plan_proposals_portfolio ON plan_proposals USING btree (portfolio_id, due_on, id);
CREATE TRIGGER tell_delete AFTER DELETE ON plan_proposals REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON plan_proposals REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON plan_proposals REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE POLICY system ON plan_proposals TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON plan_proposals FOR DELETE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_insert ON plan_proposals FOR INSERT TO app WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_read ON plan_proposals FOR SELECT TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE (a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY tenant_update ON plan_proposals FOR UPDATE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text))))))) WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
GRANT DELETE, INSERT, SELECT, UPDATE ON plan_proposals TO worker;
GRANT DELETE, SELECT ON plan_proposals TO app;
GRANT INSERT (user_id, id, plan_id, portfolio_id, due_on, trade_on, status, trade_ids, decided_at, created_at) ON plan_proposals TO app;
GRANT UPDATE (plan_id, portfolio_id, due_on, trade_on, status, trade_ids, decided_at) ON plan_proposals TO app;
COMMENT ON TABLE plan_proposals IS 'One day of a plan: waits until it is confirmed, which records its trades, or skipped.';
COMMENT ON COLUMN plan_proposals.due_on IS 'The plan''s own day.';
COMMENT ON COLUMN plan_proposals.trade_on IS 'The day of the trades: due_on, or the Monday after a weekend.';
COMMENT ON COLUMN plan_proposals.trade_ids IS 'The trades that confirming it recorded. They may have been deleted since.';

CREATE TABLE portfolio_access (
  user_id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  owner_id uuid NOT NULL,
  role text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT portfolio_access_pkey PRIMARY KEY (user_id, portfolio_id),
  CONSTRAINT portfolio_access_owner_id_portfolio_id_fkey FOREIGN KEY (owner_id, portfolio_id) REFERENCES portfolios(user_id, id) ON DELETE CASCADE,
  CONSTRAINT portfolio_access_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT portfolio_access_not_with_oneself CHECK ((user_id <> owner_id)),
  CONSTRAINT portfolio_access_role_check CHECK ((role = ANY (ARRAY['view'::text, 'edit'::text])))
);
ALTER TABLE portfolio_access ENABLE ROW LEVEL SECURITY;
ALTER TABLE portfolio_access FORCE ROW LEVEL SECURITY;
CREATE INDEX portfolio_access_owner ON portfolio_access USING btree (owner_id, portfolio_id);
CREATE TRIGGER audit_delete AFTER DELETE ON portfolio_access REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('owner_id');
CREATE TRIGGER audit_insert AFTER INSERT ON portfolio_access REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('owner_id');
CREATE TRIGGER audit_update AFTER UPDATE ON portfolio_access REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('owner_id');
CREATE TRIGGER tell_delete AFTER DELETE ON portfolio_access REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON portfolio_access REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON portfolio_access REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER touch BEFORE UPDATE ON portfolio_access FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE POLICY doors ON portfolio_access TO pm_auth USING (true) WITH CHECK (true);
CREATE POLICY system ON portfolio_access TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant ON portfolio_access TO app USING ((owner_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((owner_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY tenant_leave ON portfolio_access FOR DELETE TO app USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY tenant_read ON portfolio_access FOR SELECT TO app USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
GRANT DELETE, INSERT, SELECT, UPDATE ON portfolio_access TO worker;
GRANT DELETE, SELECT ON portfolio_access TO app;
GRANT SELECT ON portfolio_access TO pm_auth;
GRANT INSERT (user_id, portfolio_id, owner_id, role) ON portfolio_access TO pm_auth;
GRANT INSERT (user_id, portfolio_id, owner_id, role, created_at) ON portfolio_access TO app;
GRANT UPDATE (role) ON portfolio_access TO app;
GRANT UPDATE (role) ON portfolio_access TO pm_auth;
COMMENT ON TABLE portfolio_access IS 'With whom a portfolio is shared within the install. The owner needs no row.';
COMMENT ON COLUMN portfolio_access.user_id IS 'The person it is shared with. May leave by deleting the row.';
COMMENT ON COLUMN portfolio_access.owner_id IS 'The person whose portfolio it is; only they add, change and revoke.';
COMMENT ON COLUMN portfolio_access.role IS 'view: read everything in it. edit: also write it, but not delete or share it.';

CREATE TABLE portfolio_invitations (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  email text NOT NULL,
  role text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  expires_at timestamp with time zone DEFAULT (now() + '30 days'::interval) NOT NULL,
  CONSTRAINT portfolio_invitations_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT portfolio_invitations_id_key UNIQUE (id),
  CONSTRAINT portfolio_invitations_user_id_portfolio_id_fkey FOREIGN KEY (user_id, portfolio_id) REFERENCES portfolios(user_id, id) ON DELETE CASCADE,
  CONSTRAINT portfolio_invitations_email_check CHECK (((char_length(email) >= 3) AND (char_length(email) <= 255))),
  CONSTRAINT portfolio_invitations_role_check CHECK ((role = ANY (ARRAY['view'::text, 'edit'::text])))
);
ALTER TABLE portfolio_invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE portfolio_invitations FORCE ROW LEVEL SECURITY;
CREATE INDEX portfolio_invitations_email ON portfolio_invitations USING btree (lower(email));
CREATE UNIQUE INDEX portfolio_invitations_once ON portfolio_invitations USING btree (portfolio_id, lower(email));
CREATE TRIGGER tell_delete AFTER DELETE ON portfolio_invitations REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON portfolio_invitations REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON portfolio_invitations REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE POLICY doors ON portfolio_invitations TO pm_auth USING (true) WITH CHECK (true);
CREATE POLICY system ON portfolio_invitations TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant ON portfolio_invitations TO app USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
GRANT DELETE, INSERT, SELECT, UPDATE ON portfolio_invitations TO worker;
GRANT DELETE, SELECT ON portfolio_invitations TO app;
GRANT DELETE, SELECT ON portfolio_invitations TO pm_auth;
GRANT INSERT (user_id, id, portfolio_id, email, role, created_at, expires_at) ON portfolio_invitations TO app;
COMMENT ON TABLE portfolio_invitations IS 'Whom a portfolio''s owner asked to share it. The same whether or not somebody has that address; gone when it is accepted, declined or withdrawn.';
COMMENT ON COLUMN portfolio_invitations.email IS 'As typed by the owner. Whoever is signed in with this address may accept.';
COMMENT ON COLUMN portfolio_invitations.role IS 'What is offered: view or edit.';

CREATE TABLE portfolio_snapshots (
  user_id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  date day NOT NULL,
  currency currency_code NOT NULL,
  value amount NOT NULL,
  cost amount NOT NULL,
  net_external_flow amount DEFAULT 0 NOT NULL,
  cash amount DEFAULT 0 NOT NULL,
  as_of timestamp with time zone NOT NULL,
  completeness_pct percentage DEFAULT 100 NOT NULL,
  missing jsonb DEFAULT '[]'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  day_return amount,
  growth amount DEFAULT 1 NOT NULL,
  held_count integer DEFAULT 0 NOT NULL,
  carried jsonb DEFAULT '[]'::jsonb NOT NULL,
  CONSTRAINT portfolio_snapshots_pkey PRIMARY KEY (user_id, portfolio_id, date),
  CONSTRAINT portfolio_snapshots_user_id_portfolio_id_fkey FOREIGN KEY (user_id, portfolio_id) REFERENCES portfolios(user_id, id) ON DELETE CASCADE,
  CONSTRAINT portfolio_snapshots_carried_check CHECK ((jsonb_typeof(carried) = 'array'::text)),
  CONSTRAINT portfolio_snapshots_held_count_check CHECK ((held_count >= 0)),
  CONSTRAINT portfolio_snapshots_missing_check CHECK ((jsonb_typeof(missing) = 'array'::text))
);
ALTER TABLE portfolio_snapshots ENABLE ROW LEVEL SECURITY;
ALTER TABLE portfolio_snapshots FORCE ROW LEVEL SECURITY;
CREATE INDEX portfolio_snapshots_portfolio_date ON portfolio_snapshots USING btree (portfolio_id, date DESC);
CREATE TRIGGER touch BEFORE UPDATE ON portfolio_snapshots FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE POLICY system ON portfolio_snapshots TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON portfolio_snapshots FOR DELETE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_insert ON portfolio_snapshots FOR INSERT TO app WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_read ON portfolio_snapshots FOR SELECT TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE (a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY tenant_update ON portfolio_snapshots FOR UPDATE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text))))))) WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
GRANT DELETE, INSERT, SELECT, UPDATE ON portfolio_snapshots TO worker;
GRANT SELECT ON portfolio_snapshots TO app;
COMMENT ON TABLE portfolio_snapshots IS 'What a portfolio was worth at the end of each day of its owner''s time zone. Recomputed from the earliest day that a change concerns.';
COMMENT ON COLUMN portfolio_snapshots.value IS 'Sum of what could be valued, in currency.';
COMMENT ON COLUMN portfolio_snapshots.cost IS 'Sum of cost_basis, in currency.';
COMMENT ON COLUMN portfolio_snapshots.net_external_flow IS 'Money and assets that came in (positive) or went out that day, in currency.';
COMMENT ON COLUMN portfolio_snapshots.cash IS 'The part of value that is cash, in currency.';
COMMENT ON COLUMN portfolio_snapshots.as_of IS 'Instant for which prices and rates were taken.';
COMMENT ON COLUMN portfolio_snapshots.completeness_pct IS 'Share of included holdings that had a price and a rate, per cent of their number.';
COMMENT ON COLUMN portfolio_snapshots.missing IS 'Ids of holdings that the value leaves out, for want of a price or a rate.';
COMMENT ON COLUMN portfolio_snapshots.day_return IS 'Time-weighted return of the day, 0.01 is 1 %; NULL where none can be said.';
COMMENT ON COLUMN portfolio_snapshots.growth IS 'What one unit of currency of the first day has become; begins again at 1 after everything was lost.';
COMMENT ON COLUMN portfolio_snapshots.held_count IS 'Included holdings of which something was held.';
COMMENT ON COLUMN portfolio_snapshots.carried IS 'Ids of holdings whose price was more than seven days old.';

CREATE TABLE portfolios (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  type text DEFAULT 'actual'::text NOT NULL,
  parent_id uuid,
  base_currency currency_code DEFAULT 'GBP'::text NOT NULL,
  settings jsonb DEFAULT '{}'::jsonb NOT NULL,
  lists jsonb DEFAULT '{}'::jsonb NOT NULL,
  budgets jsonb DEFAULT '{}'::jsonb NOT NULL,
  is_demo boolean DEFAULT false NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  deleted_at timestamp with time zone,
  deletion_id uuid,
  model_id uuid,
  CONSTRAINT portfolios_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT portfolios_id_key UNIQUE (id),
  CONSTRAINT portfolios_model_fkey FOREIGN KEY (user_id, model_id) REFERENCES portfolios(user_id, id) ON DELETE SET NULL (model_id),
  CONSTRAINT portfolios_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT portfolios_user_id_parent_id_fkey FOREIGN KEY (user_id, parent_id) REFERENCES portfolios(user_id, id) ON DELETE SET NULL (parent_id),
  CONSTRAINT portfolios_budgets_check CHECK (((jsonb_typeof(budgets) = 'object'::text) AND (octet_length((budgets)::text) <= 262144))),
  CONSTRAINT portfolios_deletion CHECK (((deleted_at IS NULL) = (deletion_id IS NULL))),
  CONSTRAINT portfolios_lists_check CHECK (((jsonb_typeof(lists) = 'object'::text) AND (octet_length((lists)::text) <= 262144))),
  CONSTRAINT portfolios_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255))),
  CONSTRAINT portfolios_not_own_model CHECK ((model_id <> id)),
  CONSTRAINT portfolios_not_own_parent CHECK ((parent_id <> id)),
  CONSTRAINT portfolios_settings_check CHECK (((jsonb_typeof(settings) = 'object'::text) AND (octet_length((settings)::text) <= 262144))),
  CONSTRAINT portfolios_type_check CHECK ((type = ANY (ARRAY['actual'::text, 'draft'::text, 'model'::text])))
);
ALTER TABLE portfolios ENABLE ROW LEVEL SECURITY;
ALTER TABLE portfolios FORCE ROW LEVEL SECURITY;
CREATE INDEX portfolios_deletion ON portfolios USING btree (deletion_id) WHERE deletion_id IS NOT NULL;
CREATE INDEX portfolios_model ON portfolios USING btree (user_id, model_id);
CREATE INDEX portfolios_parent ON portfolios USING btree (user_id, parent_id);
CREATE INDEX portfolios_type ON portfolios USING btree (user_id, type);
CREATE INDEX portfolios_user ON portfolios USING btree (user_id, created_at) WHERE deleted_at IS NULL;
CREATE TRIGGER audit_delete AFTER DELETE ON portfolios REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id', 'id');
CREATE TRIGGER audit_insert AFTER INSERT ON portfolios REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id', 'id');
CREATE TRIGGER audit_update AFTER UPDATE ON portfolios REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id', 'id');
CREATE TRIGGER history_delete AFTER DELETE ON portfolios REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_portfolios_history();
CREATE TRIGGER history_update AFTER UPDATE ON portfolios REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_portfolios_history();
CREATE TRIGGER note_whole AFTER UPDATE OF base_currency ON portfolios FOR EACH ROW WHEN (old.base_currency::text IS DISTINCT FROM new.base_currency::text) EXECUTE FUNCTION note_whole_history();
CREATE TRIGGER tell_delete AFTER DELETE ON portfolios REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON portfolios REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON portfolios REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER touch BEFORE UPDATE ON portfolios FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY doors ON portfolios FOR SELECT TO pm_auth USING (true);
CREATE POLICY system ON portfolios TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON portfolios FOR DELETE TO app USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY tenant_insert ON portfolios FOR INSERT TO app WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
CREATE POLICY tenant_read ON portfolios FOR SELECT TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE (a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY tenant_update ON portfolios FOR UPDATE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((deleted_at IS NULL) AND (id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))))) WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((deleted_at IS NULL) AND (id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text))))))));
GRANT DELETE, INSERT, SELECT, UPDATE ON portfolios TO worker;
GRANT DELETE, SELECT ON portfolios TO app;
GRANT INSERT (user_id, id, name, type, parent_id, base_currency, settings, lists, budgets, is_demo, created_at, deleted_at, deletion_id, model_id) ON portfolios TO app;
GRANT SELECT (user_id, id, name, deleted_at) ON portfolios TO pm_auth;
GRANT UPDATE (name, type, parent_id, base_currency, settings, lists, budgets, deleted_at, deletion_id, model_id) ON portfolios TO app;
COMMENT ON TABLE portfolios IS 'A person''s portfolio: what they have (actual), consider (draft) or aim for (model).';
COMMENT ON COLUMN portfolios.parent_id IS 'The portfolio that this one was copied from: a draft''s origin, a promoted portfolio''s draft.';
COMMENT ON COLUMN portfolios.base_currency IS 'Currency of its totals and of its holdings'' cost_basis.';
COMMENT ON COLUMN portfolios.settings IS 'currency is shown from base_currency; lockTotal, lockedTotal, targetPortfolioValue, enableLivePrices, livePriceUpdateInterval (minutes), visibleColumns.';
COMMENT ON COLUMN portfolios.lists IS 'sections, themes, accounts (names in order), themeSections (theme to section).';
COMMENT ON COLUMN portfolios.budgets IS 'sections, themes, accounts: percent, percentOfSection (0 to 100) and amount in base_currency.';
COMMENT ON COLUMN portfolios.deletion_id IS 'One id for everything that one deletion took along; undo restores exactly that.';
COMMENT ON COLUMN portfolios.model_id IS 'The model whose weights are this portfolio''s targets.';

CREATE TABLE portfolios_history (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  type text NOT NULL,
  parent_id uuid,
  base_currency currency_code NOT NULL,
  settings jsonb NOT NULL,
  lists jsonb NOT NULL,
  budgets jsonb NOT NULL,
  is_demo boolean NOT NULL,
  version integer NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  deletion_id uuid,
  valid_from timestamp with time zone NOT NULL,
  valid_to timestamp with time zone NOT NULL,
  model_id uuid,
  CONSTRAINT portfolios_history_pkey PRIMARY KEY (user_id, id, valid_from),
  CONSTRAINT portfolios_history_check CHECK ((valid_from < valid_to))
);
ALTER TABLE portfolios_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE portfolios_history FORCE ROW LEVEL SECURITY;
CREATE INDEX portfolios_history_portfolio ON portfolios_history USING btree (id, valid_to);
CREATE POLICY system ON portfolios_history TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON portfolios_history FOR DELETE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_insert ON portfolios_history FOR INSERT TO app WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_read ON portfolios_history FOR SELECT TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE (a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY tenant_update ON portfolios_history FOR UPDATE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text))))))) WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
GRANT SELECT ON portfolios_history TO app;
GRANT SELECT ON portfolios_history TO worker;
COMMENT ON TABLE portfolios_history IS 'Past versions of portfolios, each in force from valid_from until before valid_to. The present one is in portfolios; both together are portfolios_versions.';

CREATE TABLE price_fetches (
  listing_id uuid NOT NULL,
  claimed_until timestamp with time zone,
  asked_at timestamp with time zone,
  provider text,
  attempts jsonb DEFAULT '[]'::jsonb NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT price_fetches_pkey PRIMARY KEY (listing_id),
  CONSTRAINT price_fetches_listing_id_fkey FOREIGN KEY (listing_id) REFERENCES instrument_listings(id) ON DELETE CASCADE,
  CONSTRAINT price_fetches_attempts_check CHECK (((jsonb_typeof(attempts) = 'array'::text) AND (octet_length((attempts)::text) <= 16384))),
  CONSTRAINT price_fetches_provider_check CHECK (((char_length(provider) >= 1) AND (char_length(provider) <= 50)))
);
ALTER TABLE price_fetches ENABLE ROW LEVEL SECURITY;
ALTER TABLE price_fetches FORCE ROW LEVEL SECURITY;
CREATE TRIGGER touch BEFORE UPDATE ON price_fetches FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE POLICY system ON price_fetches TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON price_fetches FOR DELETE TO app USING ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
CREATE POLICY tenant_insert ON price_fetches FOR INSERT TO app WITH CHECK ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
CREATE POLICY tenant_read ON price_fetches FOR SELECT TO app USING ((EXISTS ( SELECT
   FROM instrument_listings l
  WHERE (l.id = price_fetches.listing_id))));
CREATE POLICY tenant_update ON price_fetches FOR UPDATE TO app USING ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)) WITH CHECK ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
GRANT DELETE, INSERT, SELECT, UPDATE ON price_fetches TO worker;
GRANT SELECT ON price_fetches TO app;
COMMENT ON TABLE price_fetches IS 'The last time that the price of a line was asked for; written by the worker, read by those who see the line.';
COMMENT ON COLUMN price_fetches.claimed_until IS 'A worker is asking and means to be done by then; no other one asks before.';
COMMENT ON COLUMN price_fetches.provider IS 'Whose price was taken; NULL when nobody had one that could be believed.';
COMMENT ON COLUMN price_fetches.attempts IS 'Per provider in the order of asking: provider, outcome (used, held, skipped, failed), why in words without symbol, key or address, and since when it refuses the line.';

CREATE TABLE price_quarantine (
  id uuid NOT NULL,
  listing_id uuid NOT NULL,
  date_time timestamp with time zone NOT NULL,
  source text NOT NULL,
  "interval" text DEFAULT 'quote'::text NOT NULL,
  open numeric,
  high numeric,
  low numeric,
  close numeric,
  volume numeric,
  currency text,
  reason text NOT NULL,
  compared_close amount,
  compared_at timestamp with time zone,
  status text DEFAULT 'open'::text NOT NULL,
  decided_by uuid,
  decided_at timestamp with time zone,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT price_quarantine_pkey PRIMARY KEY (id),
  CONSTRAINT price_quarantine_listing_id_date_time_source_key UNIQUE (listing_id, date_time, source),
  CONSTRAINT price_quarantine_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES users(id) ON DELETE SET NULL,
  CONSTRAINT price_quarantine_listing_id_fkey FOREIGN KEY (listing_id) REFERENCES instrument_listings(id) ON DELETE CASCADE,
  CONSTRAINT price_quarantine_currency_check CHECK ((char_length(currency) <= 10)),
  CONSTRAINT price_quarantine_decision CHECK (((status = 'open'::text) = (decided_at IS NULL))),
  CONSTRAINT price_quarantine_interval_check CHECK (("interval" = ANY (ARRAY['quote'::text, '1m'::text, '5m'::text, '15m'::text, '30m'::text, '1h'::text, '1d'::text, '1w'::text, '1mo'::text]))),
  CONSTRAINT price_quarantine_reason_check CHECK ((reason = ANY (ARRAY['jump_up_100'::text, 'jump_down_100'::text, 'jump'::text, 'zero'::text, 'missing'::text, 'negative'::text, 'wrong_currency'::text, 'split_not_recorded'::text, 'other'::text]))),
  CONSTRAINT price_quarantine_source_check CHECK (((char_length(source) >= 1) AND (char_length(source) <= 50))),
  CONSTRAINT price_quarantine_status_check CHECK ((status = ANY (ARRAY['open'::text, 'accepted'::text, 'rejected'::text])))
);
ALTER TABLE price_quarantine ENABLE ROW LEVEL SECURITY;
ALTER TABLE price_quarantine FORCE ROW LEVEL SECURITY;
CREATE INDEX price_quarantine_decided_by ON price_quarantine USING btree (decided_by) WHERE decided_by IS NOT NULL;
CREATE INDEX price_quarantine_open ON price_quarantine USING btree (created_at) WHERE status = 'open'::text;
CREATE INDEX price_quarantine_status ON price_quarantine USING btree (status, id);
CREATE TRIGGER touch BEFORE UPDATE ON price_quarantine FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE POLICY system ON price_quarantine TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON price_quarantine FOR DELETE TO app USING ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
CREATE POLICY tenant_insert ON price_quarantine FOR INSERT TO app WITH CHECK ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
CREATE POLICY tenant_read ON price_quarantine FOR SELECT TO app USING ((EXISTS ( SELECT
   FROM instrument_listings l
  WHERE (l.id = price_quarantine.listing_id))));
CREATE POLICY tenant_update ON price_quarantine FOR UPDATE TO app USING ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)) WITH CHECK ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
GRANT DELETE, INSERT, SELECT, UPDATE ON price_quarantine TO worker;
GRANT DELETE, SELECT ON price_quarantine TO app;
GRANT INSERT (id, listing_id, date_time, source, "interval", open, high, low, close, volume, currency, reason, compared_close, compared_at, status, decided_by, decided_at, created_at) ON price_quarantine TO app;
GRANT UPDATE (listing_id, date_time, source, "interval", open, high, low, close, volume, currency, reason, compared_close, compared_at, status, decided_by, decided_at) ON price_quarantine TO app;
COMMENT ON TABLE price_quarantine IS 'Prices that look wrong, as received, until somebody accepts or rejects them. Never used for a value.';
COMMENT ON COLUMN price_quarantine.close IS 'As received; may be zero, negative or missing.';
COMMENT ON COLUMN price_quarantine.compared_close IS 'The stored price that it was compared with, at compared_at.';

CREATE TABLE prices (
  listing_id uuid NOT NULL,
  date_time timestamp with time zone NOT NULL,
  source text NOT NULL,
  "interval" text DEFAULT 'quote'::text NOT NULL,
  open amount,
  high amount,
  low amount,
  close amount NOT NULL,
  volume amount,
  currency currency_code NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT prices_pkey PRIMARY KEY (listing_id, date_time, source),
  CONSTRAINT prices_listing_id_fkey FOREIGN KEY (listing_id) REFERENCES instrument_listings(id) ON DELETE CASCADE,
  CONSTRAINT prices_close_check CHECK (((close)::numeric > (0)::numeric)),
  CONSTRAINT prices_high_above_low CHECK (((high)::numeric >= (low)::numeric)),
  CONSTRAINT prices_high_check CHECK (((high)::numeric > (0)::numeric)),
  CONSTRAINT prices_interval_check CHECK (("interval" = ANY (ARRAY['quote'::text, '1m'::text, '5m'::text, '15m'::text, '30m'::text, '1h'::text, '1d'::text, '1w'::text, '1mo'::text]))),
  CONSTRAINT prices_low_check CHECK (((low)::numeric > (0)::numeric)),
  CONSTRAINT prices_open_check CHECK (((open)::numeric > (0)::numeric)),
  CONSTRAINT prices_source_check CHECK (((char_length(source) >= 1) AND (char_length(source) <= 50))),
  CONSTRAINT prices_volume_check CHECK (((volume)::numeric >= (0)::numeric))
) PARTITION BY RANGE (date_time);
ALTER TABLE prices ENABLE ROW LEVEL SECURITY;
ALTER TABLE prices FORCE ROW LEVEL SECURITY;
CREATE INDEX prices_recorded ON ONLY prices USING brin (date_time);
CREATE TRIGGER latest_of_changed_1 AFTER UPDATE ON prices REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lower_latest_prices_of_changed();
CREATE TRIGGER latest_of_changed_2 AFTER UPDATE ON prices REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_latest_prices();
CREATE TRIGGER latest_of_deleted AFTER DELETE ON prices REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION lower_latest_prices_of_deleted();
CREATE TRIGGER latest_of_new AFTER INSERT ON prices REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_latest_prices();
CREATE TRIGGER note_delete AFTER DELETE ON prices REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_price_history();
CREATE TRIGGER note_insert AFTER INSERT ON prices REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_price_history();
CREATE TRIGGER note_update AFTER UPDATE ON prices REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_price_history();
CREATE TRIGGER tell AFTER INSERT OR DELETE OR UPDATE ON prices FOR EACH STATEMENT EXECUTE FUNCTION tell_changes_to_all();
CREATE TRIGGER touch BEFORE UPDATE ON prices FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE POLICY system ON prices TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON prices FOR DELETE TO app USING ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
CREATE POLICY tenant_insert ON prices FOR INSERT TO app WITH CHECK ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
CREATE POLICY tenant_read ON prices FOR SELECT TO app USING (true);
CREATE POLICY tenant_update ON prices FOR UPDATE TO app USING ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)) WITH CHECK ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
GRANT DELETE, INSERT, SELECT, UPDATE ON prices TO worker;
GRANT DELETE, SELECT ON prices TO app;
GRANT INSERT (listing_id, date_time, source, "interval", open, high, low, close, volume, currency, created_at) ON prices TO app;
GRANT UPDATE (listing_id, date_time, source, "interval", open, high, low, close, volume, currency) ON prices TO app;
COMMENT ON TABLE prices IS 'Prices as published, one partition a month (UTC). Call ensure_price_partition before inserting; give bulk rows sorted by key and without doubles.';
COMMENT ON COLUMN prices.date_time IS 'Instant of the price; a daily bar carries the instant of the exchange''s close.';
COMMENT ON COLUMN prices.source IS 'Provider or file that published it.';
COMMENT ON COLUMN prices."interval" IS 'quote: a single price. Otherwise the span of the bar that ends at date_time.';
COMMENT ON COLUMN prices.close IS 'Per unit, in currency, never in a quote unit such as pence. Not adjusted for splits.';
COMMENT ON COLUMN prices.volume IS 'Units traded in the interval.';
COMMENT ON COLUMN prices.currency IS 'Trading currency of the listing at that time.';

CREATE TABLE provider_credentials (
  id uuid NOT NULL,
  owner_user_id uuid,
  provider text NOT NULL,
  label text,
  sealed bytea NOT NULL,
  key_fingerprint text NOT NULL,
  last_used_at timestamp with time zone,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT provider_credentials_pkey PRIMARY KEY (id),
  CONSTRAINT provider_credentials_provider_owner_user_id_key UNIQUE NULLS NOT DISTINCT (provider, owner_user_id),
  CONSTRAINT provider_credentials_owner_user_id_fkey FOREIGN KEY (owner_user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT provider_credentials_key_fingerprint_check CHECK (((char_length(key_fingerprint) >= 1) AND (char_length(key_fingerprint) <= 128))),
  CONSTRAINT provider_credentials_label_check CHECK (((char_length(label) >= 1) AND (char_length(label) <= 100))),
  CONSTRAINT provider_credentials_provider_check CHECK ((provider ~ '^[a-z0-9_-]{1,50}$'::text)),
  CONSTRAINT provider_credentials_sealed_check CHECK (((octet_length(sealed) >= 1) AND (octet_length(sealed) <= 16384)))
);
ALTER TABLE provider_credentials ENABLE ROW LEVEL SECURITY;
ALTER TABLE provider_credentials FORCE ROW LEVEL SECURITY;
CREATE INDEX provider_credentials_owner ON provider_credentials USING btree (owner_user_id);
CREATE TRIGGER touch BEFORE UPDATE ON provider_credentials FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY system ON provider_credentials TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant ON provider_credentials TO app USING (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)))) WITH CHECK (((owner_user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR ((owner_user_id IS NULL) AND (( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text))));
GRANT DELETE, INSERT, SELECT, UPDATE ON provider_credentials TO worker;
GRANT DELETE, SELECT ON provider_credentials TO app;
GRANT INSERT (id, owner_user_id, provider, label, sealed, key_fingerprint, last_used_at, created_at) ON provider_credentials TO app;
GRANT UPDATE (provider, label, sealed, key_fingerprint, last_used_at) ON provider_credentials TO app;
COMMENT ON TABLE provider_credentials IS 'Keys for data providers, encrypted by the application. owner_user_id NULL: of the install, for admins only.';
COMMENT ON COLUMN provider_credentials.sealed IS 'Ciphertext. The key never reaches SQL.';
COMMENT ON COLUMN provider_credentials.key_fingerprint IS 'Which secret key sealed it, so that keys can be rotated.';

CREATE TABLE provider_states (
  provider text NOT NULL,
  last_attempt_at timestamp with time zone NOT NULL,
  last_success_at timestamp with time zone,
  failing_since timestamp with time zone,
  last_error text,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  failures integer DEFAULT 0 NOT NULL,
  paused_until timestamp with time zone,
  CONSTRAINT provider_states_pkey PRIMARY KEY (provider),
  CONSTRAINT provider_states_check CHECK (((failing_since IS NULL) = (last_error IS NULL))),
  CONSTRAINT provider_states_failures_check CHECK ((failures >= 0)),
  CONSTRAINT provider_states_last_error_check CHECK (((char_length(last_error) >= 1) AND (char_length(last_error) <= 500))),
  CONSTRAINT provider_states_provider_check CHECK ((provider ~ '^[A-Za-z0-9_-]{1,50}$'::text))
);
ALTER TABLE provider_states ENABLE ROW LEVEL SECURITY;
ALTER TABLE provider_states FORCE ROW LEVEL SECURITY;
CREATE TRIGGER touch BEFORE UPDATE ON provider_states FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE POLICY system ON provider_states TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON provider_states FOR DELETE TO app USING ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
CREATE POLICY tenant_insert ON provider_states FOR INSERT TO app WITH CHECK ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
CREATE POLICY tenant_read ON provider_states FOR SELECT TO app USING (true);
CREATE POLICY tenant_update ON provider_states FOR UPDATE TO app USING ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text)) WITH CHECK ((( SELECT current_setting('app.user_role'::text, true) AS current_setting) = 'admin'::text));
GRANT DELETE, INSERT, SELECT, UPDATE ON provider_states TO worker;
GRANT SELECT ON provider_states TO app;
COMMENT ON TABLE provider_states IS 'How the last fetch from each provider of market data went; written by the worker, read by everybody.';
COMMENT ON COLUMN provider_states.failing_since IS 'First of the failures since the last success; NULL while it works.';
COMMENT ON COLUMN provider_states.last_error IS 'Why the last fetch failed, in words for a person; never an address with a key in it.';
COMMENT ON COLUMN provider_states.failures IS 'Failures one after the other, since the last success.';
COMMENT ON COLUMN provider_states.paused_until IS 'It is not asked before this moment: it failed too often, or wants fewer requests.';

CREATE TABLE recurring_plan_parts (
  user_id uuid NOT NULL,
  plan_id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  holding_id uuid NOT NULL,
  percent percentage,
  amount amount,
  "position" integer DEFAULT 0 NOT NULL,
  CONSTRAINT recurring_plan_parts_pkey PRIMARY KEY (user_id, plan_id, holding_id),
  CONSTRAINT recurring_plan_parts_user_id_portfolio_id_holding_id_fkey FOREIGN KEY (user_id, portfolio_id, holding_id) REFERENCES holdings(user_id, portfolio_id, id) ON DELETE CASCADE,
  CONSTRAINT recurring_plan_parts_user_id_portfolio_id_plan_id_fkey FOREIGN KEY (user_id, portfolio_id, plan_id) REFERENCES recurring_plans(user_id, portfolio_id, id) ON DELETE CASCADE,
  CONSTRAINT recurring_plan_parts_amount_check CHECK (((amount)::numeric > (0)::numeric)),
  CONSTRAINT recurring_plan_parts_percent_check CHECK (((percent)::numeric > (0)::numeric)),
  CONSTRAINT recurring_plan_parts_share CHECK (((percent IS NULL) <> (amount IS NULL)))
);
ALTER TABLE recurring_plan_parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE recurring_plan_parts FORCE ROW LEVEL SECURITY;
CREATE INDEX recurring_plan_parts_holding ON recurring_plan_parts USING btree (holding_id);
CREATE INDEX recurring_plan_parts_plan ON recurring_plan_parts USING btree (plan_id);
CREATE TRIGGER tell_delete AFTER DELETE ON recurring_plan_parts REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON recurring_plan_parts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON recurring_plan_parts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE POLICY system ON recurring_plan_parts TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON recurring_plan_parts FOR DELETE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_insert ON recurring_plan_parts FOR INSERT TO app WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_read ON recurring_plan_parts FOR SELECT TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE (a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY tenant_update ON recurring_plan_parts FOR UPDATE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text))))))) WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
GRANT DELETE, INSERT, SELECT, UPDATE ON recurring_plan_parts TO worker;
GRANT DELETE, SELECT ON recurring_plan_parts TO app;
GRANT INSERT (user_id, plan_id, portfolio_id, holding_id, percent, amount, "position") ON recurring_plan_parts TO app;
GRANT UPDATE (plan_id, portfolio_id, holding_id, percent, amount, "position") ON recurring_plan_parts TO app;
COMMENT ON TABLE recurring_plan_parts IS 'How a plan''s amount is split over holdings of its portfolio: in percentages that make 100, or in amounts that make the whole.';
COMMENT ON COLUMN recurring_plan_parts."position" IS 'Order, from 0.';

CREATE TABLE recurring_plans (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  name text NOT NULL,
  amount amount NOT NULL,
  every text NOT NULL,
  day integer NOT NULL,
  starts_on day NOT NULL,
  ends_on day,
  settle boolean DEFAULT false NOT NULL,
  paused boolean DEFAULT false NOT NULL,
  next_on day,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT recurring_plans_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT recurring_plans_id_key UNIQUE (id),
  CONSTRAINT recurring_plans_user_id_portfolio_id_id_key UNIQUE (user_id, portfolio_id, id),
  CONSTRAINT recurring_plans_user_id_portfolio_id_fkey FOREIGN KEY (user_id, portfolio_id) REFERENCES portfolios(user_id, id) ON DELETE CASCADE,
  CONSTRAINT recurring_plans_amount_check CHECK (((amount)::numeric > (0)::numeric)),
  CONSTRAINT recurring_plans_day_check CHECK (((day >= 1) AND (day <= 31))),
  CONSTRAINT recurring_plans_end CHECK (((ends_on)::date >= (starts_on)::date)),
  CONSTRAINT recurring_plans_every_check CHECK ((every = ANY (ARRAY['month'::text, 'week'::text]))),
  CONSTRAINT recurring_plans_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255))),
  CONSTRAINT recurring_plans_weekday CHECK (((every = 'month'::text) OR (day <= 7)))
);
ALTER TABLE recurring_plans ENABLE ROW LEVEL SECURITY;
ALTER TABLE recurring_plans FORCE ROW LEVEL SECURITY;
CREATE INDEX recurring_plans_due ON recurring_plans USING btree (next_on, id) WHERE NOT paused AND next_on IS NOT NULL;
CREATE INDEX recurring_plans_portfolio ON recurring_plans USING btree (portfolio_id, id);
CREATE TRIGGER audit_delete AFTER DELETE ON recurring_plans REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER audit_insert AFTER INSERT ON recurring_plans REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER audit_update AFTER UPDATE ON recurring_plans REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER tell_delete AFTER DELETE ON recurring_plans REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON recurring_plans REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON recurring_plans REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER touch BEFORE UPDATE ON recurring_plans FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY system ON recurring_plans TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON recurring_plans FOR DELETE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_insert ON recurring_plans FOR INSERT TO app WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_read ON recurring_plans FOR SELECT TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE (a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY tenant_update ON recurring_plans FOR UPDATE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text))))))) WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
GRANT DELETE, INSERT, SELECT, UPDATE ON recurring_plans TO worker;
GRANT DELETE, SELECT ON recurring_plans TO app;
GRANT INSERT (user_id, id, portfolio_id, name, amount, every, day, starts_on, ends_on, settle, paused, next_on, created_at) ON recurring_plans TO app;
GRANT UPDATE (portfolio_id, name, amount, every, day, starts_on, ends_on, settle, paused, next_on) ON recurring_plans TO app;
COMMENT ON TABLE recurring_plans IS 'An amount that is invested again and again, split over holdings. It proposes trades; a person confirms them.';
COMMENT ON COLUMN recurring_plans.amount IS 'Each time, in the portfolio''s base_currency.';
COMMENT ON COLUMN recurring_plans.day IS 'Day of the month (the last one where a month has fewer), or of the week from 1, Monday.';
COMMENT ON COLUMN recurring_plans.settle IS 'Purchases are paid out of the account''s cash holding.';
COMMENT ON COLUMN recurring_plans.next_on IS 'The first day that nothing was proposed for yet. NULL: the plan has ended.';

CREATE TABLE schema_migrations (
  version integer NOT NULL,
  name text NOT NULL,
  checksum text NOT NULL,
  applied_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT schema_migrations_pkey PRIMARY KEY (version)
);
GRANT SELECT ON schema_migrations TO app;
GRANT SELECT ON schema_migrations TO worker;

CREATE TABLE session_tokens (
  user_id uuid NOT NULL,
  session_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  superseded_at timestamp with time zone,
  CONSTRAINT session_tokens_pkey PRIMARY KEY (user_id, token_hash),
  CONSTRAINT session_tokens_token_hash_key UNIQUE (token_hash),
  CONSTRAINT session_tokens_user_id_session_id_fkey FOREIGN KEY (user_id, session_id) REFERENCES sessions(user_id, id) ON DELETE CASCADE,
  CONSTRAINT session_tokens_token_hash_check CHECK ((octet_length(token_hash) = 32))
);
ALTER TABLE session_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE session_tokens FORCE ROW LEVEL SECURITY;
CREATE INDEX session_tokens_session ON session_tokens USING btree (user_id, session_id);
CREATE POLICY doors ON session_tokens TO pm_auth USING (true) WITH CHECK (true);
CREATE POLICY system ON session_tokens TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant ON session_tokens TO app USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
GRANT DELETE, INSERT, SELECT, UPDATE ON session_tokens TO worker;
GRANT DELETE, SELECT ON session_tokens TO pm_auth;
GRANT INSERT (user_id, session_id, token_hash) ON session_tokens TO pm_auth;
GRANT UPDATE (superseded_at) ON session_tokens TO pm_auth;
COMMENT ON TABLE session_tokens IS 'Refresh tokens of a session, hashed. More than one is current only when two tabs refreshed within the grace of each other.';
COMMENT ON COLUMN session_tokens.token_hash IS 'SHA-256 of the token, 32 bytes.';
COMMENT ON COLUMN session_tokens.superseded_at IS 'When a newer token took its place. Within 20 s of that it is still honoured; later its use ends the session.';

CREATE TABLE sessions (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  user_agent text,
  ip text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  last_used_at timestamp with time zone DEFAULT now() NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  revoked_at timestamp with time zone,
  revoked_reason text,
  CONSTRAINT sessions_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT sessions_id_key UNIQUE (id),
  CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT sessions_ip_check CHECK ((char_length(ip) <= 64)),
  CONSTRAINT sessions_revocation CHECK (((revoked_at IS NULL) = (revoked_reason IS NULL))),
  CONSTRAINT sessions_revoked_reason_check CHECK ((revoked_reason = ANY (ARRAY['signed_out'::text, 'revoked'::text, 'token_reused'::text, 'password_changed'::text, 'account_deleted'::text]))),
  CONSTRAINT sessions_user_agent_check CHECK ((char_length(user_agent) <= 512))
);
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
CREATE TRIGGER audit_delete AFTER DELETE ON sessions REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER audit_insert AFTER INSERT ON sessions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER audit_update AFTER UPDATE ON sessions REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER tell_delete AFTER DELETE ON sessions REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON sessions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON sessions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE POLICY doors ON sessions TO pm_auth USING (true) WITH CHECK (true);
CREATE POLICY system ON sessions TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant ON sessions TO app USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
GRANT DELETE, INSERT, SELECT, UPDATE ON sessions TO worker;
GRANT SELECT ON sessions TO app;
GRANT SELECT ON sessions TO pm_auth;
GRANT INSERT (user_id, id, user_agent, ip, expires_at) ON sessions TO pm_auth;
GRANT UPDATE (last_used_at, expires_at, revoked_at, revoked_reason) ON sessions TO pm_auth;
GRANT UPDATE (revoked_at, revoked_reason) ON sessions TO app;
COMMENT ON TABLE sessions IS 'One sign-in on one device. Ends by expiry, signing out, revocation, or the re-use of an old refresh token.';
COMMENT ON COLUMN sessions.ip IS 'Address at sign-in, as the server saw it.';
COMMENT ON COLUMN sessions.last_used_at IS 'Last rotation of its refresh token.';

CREATE TABLE statement_imports (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  account text NOT NULL,
  preset text NOT NULL,
  file_name text,
  report jsonb NOT NULL,
  made_holdings uuid[] DEFAULT '{}'::uuid[] NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT statement_imports_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT statement_imports_id_key UNIQUE (id),
  CONSTRAINT statement_imports_user_id_portfolio_id_fkey FOREIGN KEY (user_id, portfolio_id) REFERENCES portfolios(user_id, id) ON DELETE CASCADE,
  CONSTRAINT statement_imports_account_check CHECK (((char_length(account) >= 1) AND (char_length(account) <= 100))),
  CONSTRAINT statement_imports_file_name_check CHECK (((char_length(file_name) >= 1) AND (char_length(file_name) <= 255))),
  CONSTRAINT statement_imports_preset_check CHECK (((char_length(preset) >= 1) AND (char_length(preset) <= 50))),
  CONSTRAINT statement_imports_report_check CHECK (((jsonb_typeof(report) = 'object'::text) AND (octet_length((report)::text) <= 1048576)))
);
ALTER TABLE statement_imports ENABLE ROW LEVEL SECURITY;
ALTER TABLE statement_imports FORCE ROW LEVEL SECURITY;
CREATE INDEX statement_imports_portfolio ON statement_imports USING btree (user_id, portfolio_id);
CREATE TRIGGER log_import AFTER INSERT ON statement_imports REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION log_file_imports();
CREATE TRIGGER tell_delete AFTER DELETE ON statement_imports REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON statement_imports REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON statement_imports REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE POLICY system ON statement_imports TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON statement_imports FOR DELETE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_insert ON statement_imports FOR INSERT TO app WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_read ON statement_imports FOR SELECT TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE (a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY tenant_update ON statement_imports FOR UPDATE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text))))))) WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
GRANT DELETE, INSERT, SELECT, UPDATE ON statement_imports TO worker;
GRANT SELECT ON statement_imports TO app;
GRANT INSERT (user_id, id, portfolio_id, account, preset, file_name, report, made_holdings, created_at) ON statement_imports TO app;
COMMENT ON TABLE statement_imports IS 'Statements that were recorded. Their trades carry the id; it is undone by deleting those, as one deletion.';
COMMENT ON COLUMN statement_imports.report IS 'What was answered when it was recorded.';
COMMENT ON COLUMN statement_imports.made_holdings IS 'Holdings that it made; they go with it when nothing else is in them.';

CREATE TABLE statement_mappings (
  user_id uuid NOT NULL,
  signature text NOT NULL,
  mapping jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT statement_mappings_pkey PRIMARY KEY (user_id, signature),
  CONSTRAINT statement_mappings_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT statement_mappings_mapping_check CHECK (((jsonb_typeof(mapping) = 'object'::text) AND (octet_length((mapping)::text) <= 262144))),
  CONSTRAINT statement_mappings_signature_check CHECK (((char_length(signature) >= 1) AND (char_length(signature) <= 64)))
);
ALTER TABLE statement_mappings ENABLE ROW LEVEL SECURITY;
ALTER TABLE statement_mappings FORCE ROW LEVEL SECURITY;
CREATE TRIGGER tell_delete AFTER DELETE ON statement_mappings REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON statement_mappings REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON statement_mappings REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER touch BEFORE UPDATE ON statement_mappings FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE POLICY system ON statement_mappings TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant ON statement_mappings TO app USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
GRANT DELETE, INSERT, SELECT, UPDATE ON statement_mappings TO worker;
GRANT DELETE, SELECT ON statement_mappings TO app;
GRANT INSERT (user_id, signature, mapping, created_at) ON statement_mappings TO app;
GRANT UPDATE (signature, mapping) ON statement_mappings TO app;
COMMENT ON TABLE statement_mappings IS 'How a person has statements of one form read: preset, columns, order of day and month, and which instrument each security is.';
COMMENT ON COLUMN statement_mappings.signature IS 'Hash of the file''s headers.';

CREATE TABLE stream_outbox (
  seq bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL,
  user_id uuid,
  topic text NOT NULL,
  payload jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT stream_outbox_pkey PRIMARY KEY (seq),
  CONSTRAINT stream_outbox_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT stream_outbox_payload_check CHECK ((octet_length((payload)::text) <= 262144)),
  CONSTRAINT stream_outbox_topic_check CHECK (((char_length(topic) >= 1) AND (char_length(topic) <= 200)))
);
ALTER TABLE stream_outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE stream_outbox FORCE ROW LEVEL SECURITY;
CREATE INDEX stream_outbox_age ON stream_outbox USING brin (created_at);
CREATE INDEX stream_outbox_order ON stream_outbox USING btree (transaction_id, seq);
CREATE INDEX stream_outbox_user ON stream_outbox USING btree (user_id);
CREATE POLICY system ON stream_outbox TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant ON stream_outbox TO app USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
GRANT DELETE, INSERT, SELECT, UPDATE ON stream_outbox TO worker;
GRANT INSERT (user_id, topic, payload) ON stream_outbox TO app;
COMMENT ON TABLE stream_outbox IS 'Messages for /api/stream. Delivered in the order (transaction_id, seq), and only below pm.stream_position(): a transaction of this database still open below that could add earlier ones.';
COMMENT ON COLUMN stream_outbox.user_id IS 'Whose doing it was; NULL for what the worker publishes to all. Who receives it is decided by topic, subscription by subscription.';
COMMENT ON COLUMN stream_outbox.topic IS 'e.g. price:<listing>, portfolio:<id>.';

CREATE TABLE trades (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  holding_id uuid NOT NULL,
  type text NOT NULL,
  date day NOT NULL,
  date_assumed boolean DEFAULT false NOT NULL,
  seq bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL,
  qty amount,
  price amount,
  amount amount,
  fees amount DEFAULT 0 NOT NULL,
  taxes amount DEFAULT 0 NOT NULL,
  currency currency_code NOT NULL,
  quote_unit quote_unit_code,
  fx_rate rate,
  fx_source text,
  fx_date day,
  split_numerator integer,
  split_denominator integer,
  carried_cost amount,
  deposit_source text,
  event_id uuid,
  leg text DEFAULT 'primary'::text NOT NULL,
  overdraw boolean DEFAULT false NOT NULL,
  notes text,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  deleted_at timestamp with time zone,
  deletion_id uuid,
  import_id uuid,
  import_key text,
  CONSTRAINT trades_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT trades_id_key UNIQUE (id),
  CONSTRAINT trades_user_id_portfolio_id_holding_id_fkey FOREIGN KEY (user_id, portfolio_id, holding_id) REFERENCES holdings(user_id, portfolio_id, id) ON DELETE CASCADE,
  CONSTRAINT trades_amount_check CHECK (((amount)::numeric > (0)::numeric)),
  CONSTRAINT trades_assumed_date_of_openings CHECK (((type = 'opening'::text) OR (NOT date_assumed))),
  CONSTRAINT trades_carried_cost_check CHECK (((carried_cost)::numeric >= (0)::numeric)),
  CONSTRAINT trades_carried_cost_of_transfers CHECK (((carried_cost IS NULL) OR (type = ANY (ARRAY['transfer_in'::text, 'transfer_out'::text])))),
  CONSTRAINT trades_deletion CHECK (((deleted_at IS NULL) = (deletion_id IS NULL))),
  CONSTRAINT trades_deposit_source_check CHECK ((deposit_source = ANY (ARRAY['own'::text, 'employer'::text, 'tax_relief_expected'::text, 'tax_relief_received'::text]))),
  CONSTRAINT trades_event_of_legs CHECK (((leg = 'primary'::text) OR (event_id IS NOT NULL))),
  CONSTRAINT trades_fees_check CHECK (((fees)::numeric >= (0)::numeric)),
  CONSTRAINT trades_fx_source_check CHECK (((char_length(fx_source) >= 1) AND (char_length(fx_source) <= 100))),
  CONSTRAINT trades_import_key_check CHECK (((char_length(import_key) >= 1) AND (char_length(import_key) <= 100))),
  CONSTRAINT trades_leg_check CHECK ((leg = ANY (ARRAY['primary'::text, 'settlement'::text, 'reinvestment'::text, 'counterpart'::text]))),
  CONSTRAINT trades_notes_check CHECK ((char_length(notes) <= 10000)),
  CONSTRAINT trades_price_check CHECK (((price)::numeric >= (0)::numeric)),
  CONSTRAINT trades_qty_check CHECK (((qty)::numeric > (0)::numeric)),
  CONSTRAINT trades_quote_unit_fits CHECK ((
CASE quote_unit
    WHEN 'GBX'::text THEN 'GBP'::text
    WHEN 'ZAc'::text THEN 'ZAR'::text
    WHEN 'ILA'::text THEN 'ILS'::text
    ELSE (quote_unit)::text
END = (currency)::text)),
  CONSTRAINT trades_rate_for_money CHECK (((fx_rate IS NOT NULL) OR (type = 'split'::text))),
  CONSTRAINT trades_shape CHECK (
CASE
    WHEN (type = ANY (ARRAY['buy'::text, 'sell'::text])) THEN ((qty IS NOT NULL) AND (price IS NOT NULL) AND ((price)::numeric > (0)::numeric))
    WHEN (type = 'opening'::text) THEN ((qty IS NOT NULL) AND (price IS NOT NULL))
    WHEN (type = ANY (ARRAY['dividend'::text, 'interest'::text, 'fee'::text, 'tax'::text])) THEN ((amount IS NOT NULL) OR ((qty IS NOT NULL) AND (price IS NOT NULL) AND ((price)::numeric > (0)::numeric)))
    WHEN (type = ANY (ARRAY['deposit'::text, 'withdrawal'::text])) THEN (qty IS NOT NULL)
    WHEN (type = ANY (ARRAY['transfer_in'::text, 'transfer_out'::text])) THEN ((qty IS NOT NULL) AND (carried_cost IS NOT NULL))
    ELSE true
END),
  CONSTRAINT trades_source_of_deposits CHECK (((deposit_source IS NULL) OR (type = 'deposit'::text))),
  CONSTRAINT trades_split_denominator_check CHECK (((split_denominator >= 1) AND (split_denominator <= 1000000))),
  CONSTRAINT trades_split_numerator_check CHECK (((split_numerator >= 1) AND (split_numerator <= 1000000))),
  CONSTRAINT trades_split_ratio CHECK (
CASE
    WHEN (type = 'split'::text) THEN ((split_numerator IS NOT NULL) AND (split_denominator IS NOT NULL) AND (split_numerator <> split_denominator) AND (qty IS NULL) AND (price IS NULL) AND (amount IS NULL) AND ((fees)::numeric = (0)::numeric) AND ((taxes)::numeric = (0)::numeric))
    ELSE ((split_numerator IS NULL) AND (split_denominator IS NULL))
END),
  CONSTRAINT trades_taxes_check CHECK (((taxes)::numeric >= (0)::numeric)),
  CONSTRAINT trades_type_check CHECK ((type = ANY (ARRAY['buy'::text, 'sell'::text, 'opening'::text, 'dividend'::text, 'interest'::text, 'fee'::text, 'tax'::text, 'split'::text, 'deposit'::text, 'withdrawal'::text, 'transfer_in'::text, 'transfer_out'::text])))
);
ALTER TABLE trades ENABLE ROW LEVEL SECURITY;
ALTER TABLE trades FORCE ROW LEVEL SECURITY;
CREATE INDEX trades_date ON trades USING btree (portfolio_id, date DESC, seq DESC);
CREATE INDEX trades_deletion ON trades USING btree (deletion_id) WHERE deletion_id IS NOT NULL;
CREATE INDEX trades_event ON trades USING btree (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX trades_feeding ON trades USING btree (holding_id) WHERE type = 'transfer_out'::text AND event_id IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX trades_holding ON trades USING btree (holding_id, date, seq);
CREATE INDEX trades_type ON trades USING btree (portfolio_id, type);
CREATE TRIGGER audit_delete AFTER DELETE ON trades REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id', 'portfolio_id');
CREATE TRIGGER audit_insert AFTER INSERT ON trades REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id', 'portfolio_id');
CREATE TRIGGER audit_update AFTER UPDATE ON trades REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id', 'portfolio_id');
CREATE TRIGGER history_delete AFTER DELETE ON trades REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_trades_history();
CREATE TRIGGER history_update AFTER UPDATE ON trades REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_trades_history();
CREATE TRIGGER note_delete AFTER DELETE ON trades REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_trade_history();
CREATE TRIGGER note_insert AFTER INSERT ON trades REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_trade_history();
CREATE TRIGGER note_transit_after AFTER UPDATE ON trades REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_transit_history();
CREATE TRIGGER note_transit_before AFTER UPDATE ON trades REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_transit_history();
CREATE TRIGGER note_transit_insert AFTER INSERT ON trades REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_transit_history();
CREATE TRIGGER note_update AFTER UPDATE ON trades REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_trade_history();
CREATE TRIGGER tell_delete AFTER DELETE ON trades REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON trades REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON trades REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER touch BEFORE UPDATE ON trades FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY system ON trades TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON trades FOR DELETE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_insert ON trades FOR INSERT TO app WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_read ON trades FOR SELECT TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE (a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY tenant_update ON trades FOR UPDATE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text))))))) WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
GRANT DELETE, INSERT, SELECT, UPDATE ON trades TO worker;
GRANT DELETE, SELECT ON trades TO app;
GRANT INSERT (user_id, id, portfolio_id, holding_id, type, date, date_assumed, seq, qty, price, amount, fees, taxes, currency, quote_unit, fx_rate, fx_source, fx_date, split_numerator, split_denominator, carried_cost, deposit_source, event_id, leg, overdraw, notes, created_at, deleted_at, deletion_id, import_id, import_key) ON trades TO app;
GRANT UPDATE (portfolio_id, holding_id, type, date, date_assumed, seq, qty, price, amount, fees, taxes, currency, quote_unit, fx_rate, fx_source, fx_date, split_numerator, split_denominator, carried_cost, deposit_source, event_id, leg, overdraw, notes, deleted_at, deletion_id, import_id, import_key) ON trades TO app;
COMMENT ON TABLE trades IS 'What happened to a holding. Replayed in order of date, splits first, then seq.';
COMMENT ON COLUMN trades.date IS 'The exchange''s day.';
COMMENT ON COLUMN trades.date_assumed IS 'The person gave no day for an opening position: it counts as held before any other trade, and its day moves back with them.';
COMMENT ON COLUMN trades.seq IS 'Order within a day; rises with each trade recorded, may be set to reorder.';
COMMENT ON COLUMN trades.qty IS 'Units, always positive; for cash, the amount.';
COMMENT ON COLUMN trades.price IS 'Per unit, in currency (a price entered in pence is stored in pounds).';
COMMENT ON COLUMN trades.amount IS 'Gross sum in currency of a dividend, interest, fee or tax, where qty times price does not say it exactly; it then wins.';
COMMENT ON COLUMN trades.fees IS 'Dealing fees in currency, not negative.';
COMMENT ON COLUMN trades.taxes IS 'Stamp duty and other taxes on buying or selling, or tax withheld, in currency.';
COMMENT ON COLUMN trades.quote_unit IS 'Unit in which the price was entered, when it was not the currency itself.';
COMMENT ON COLUMN trades.fx_rate IS 'Units of the portfolio''s base_currency per 1 unit of currency.';
COMMENT ON COLUMN trades.fx_source IS 'identity, given (by hand), or the source that published it.';
COMMENT ON COLUMN trades.fx_date IS 'The day whose rate was used, when it was published.';
COMMENT ON COLUMN trades.split_numerator IS 'Shares after the split for every split_denominator before it.';
COMMENT ON COLUMN trades.carried_cost IS 'Cost that a transfer takes along, in this portfolio''s base_currency.';
COMMENT ON COLUMN trades.event_id IS 'One id for the legs of one event: a sale and its cash, a dividend and its reinvestment, both ends of a transfer.';
COMMENT ON COLUMN trades.leg IS 'Its part in the event.';
COMMENT ON COLUMN trades.overdraw IS 'This leg was allowed, when asked, to take the cash below zero.';
COMMENT ON COLUMN trades.deletion_id IS 'One id for everything that one deletion took along.';
COMMENT ON COLUMN trades.import_id IS 'One id for what one statement brought.';
COMMENT ON COLUMN trades.import_key IS 'Which row of a statement it is: the same row of a later file has the same. NULL for what was entered by hand.';

CREATE TABLE trades_history (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  holding_id uuid NOT NULL,
  type text NOT NULL,
  date day NOT NULL,
  date_assumed boolean NOT NULL,
  seq bigint NOT NULL,
  qty amount,
  price amount,
  amount amount,
  fees amount NOT NULL,
  taxes amount NOT NULL,
  currency currency_code NOT NULL,
  quote_unit quote_unit_code,
  fx_rate rate,
  fx_source text,
  fx_date day,
  split_numerator integer,
  split_denominator integer,
  carried_cost amount,
  deposit_source text,
  event_id uuid,
  leg text NOT NULL,
  overdraw boolean NOT NULL,
  notes text,
  version integer NOT NULL,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  deletion_id uuid,
  valid_from timestamp with time zone NOT NULL,
  valid_to timestamp with time zone NOT NULL,
  import_id uuid,
  import_key text,
  CONSTRAINT trades_history_pkey PRIMARY KEY (user_id, id, valid_from),
  CONSTRAINT trades_history_check CHECK ((valid_from < valid_to))
);
ALTER TABLE trades_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE trades_history FORCE ROW LEVEL SECURITY;
CREATE INDEX trades_history_portfolio ON trades_history USING btree (portfolio_id, valid_to);
CREATE POLICY system ON trades_history TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant_delete ON trades_history FOR DELETE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_insert ON trades_history FOR INSERT TO app WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
CREATE POLICY tenant_read ON trades_history FOR SELECT TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE (a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")))))));
CREATE POLICY tenant_update ON trades_history FOR UPDATE TO app USING (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text))))))) WITH CHECK (((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) OR (portfolio_id = ANY (ARRAY( SELECT a.portfolio_id
   FROM portfolio_access a
  WHERE ((a.user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (a.role = 'edit'::text)))))));
GRANT SELECT ON trades_history TO app;
GRANT SELECT ON trades_history TO worker;
COMMENT ON TABLE trades_history IS 'Past versions of trades, each in force from valid_from until before valid_to. The present one is in trades; both together are trades_versions.';

CREATE TABLE users (
  id uuid NOT NULL,
  email text NOT NULL,
  password_hash text NOT NULL,
  name text,
  role text DEFAULT 'member'::text NOT NULL,
  locale text DEFAULT 'en-GB'::text NOT NULL,
  timezone text DEFAULT 'Europe/London'::text NOT NULL,
  expertise_level text DEFAULT 'beginner'::text NOT NULL,
  preferences jsonb DEFAULT '{}'::jsonb NOT NULL,
  is_demo boolean DEFAULT false NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  last_login_at timestamp with time zone,
  deleted_at timestamp with time zone,
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_email_check CHECK ((((char_length(email) >= 3) AND (char_length(email) <= 255)) AND (email ~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+$'::text))),
  CONSTRAINT users_expertise_level_check CHECK ((expertise_level = ANY (ARRAY['beginner'::text, 'intermediate'::text, 'advanced'::text]))),
  CONSTRAINT users_locale_check CHECK (((locale ~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$'::text) AND (char_length(locale) <= 35))),
  CONSTRAINT users_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255))),
  CONSTRAINT users_password_hash_check CHECK (((char_length(password_hash) >= 20) AND (char_length(password_hash) <= 255))),
  CONSTRAINT users_preferences_check CHECK (((jsonb_typeof(preferences) = 'object'::text) AND (octet_length((preferences)::text) <= 65536))),
  CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'member'::text]))),
  CONSTRAINT users_timezone_check CHECK ((timezone ~ '^[A-Za-z0-9_+/-]{1,50}$'::text))
);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE UNIQUE INDEX users_email_live ON users USING btree (lower(email)) WHERE deleted_at IS NULL;
CREATE INDEX users_preferences ON users USING gin (preferences jsonb_path_ops);
CREATE TRIGGER audit_delete AFTER DELETE ON users REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('id');
CREATE TRIGGER audit_insert AFTER INSERT ON users REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('id');
CREATE TRIGGER audit_update AFTER UPDATE ON users REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('id');
CREATE TRIGGER forget_invitations AFTER DELETE ON users FOR EACH ROW EXECUTE FUNCTION forget_invitations();
CREATE TRIGGER note_whole AFTER UPDATE OF timezone ON users FOR EACH ROW WHEN (old.timezone IS DISTINCT FROM new.timezone) EXECUTE FUNCTION note_whole_history();
CREATE TRIGGER tell_delete AFTER DELETE ON users REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('id');
CREATE TRIGGER tell_insert AFTER INSERT ON users REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('id');
CREATE TRIGGER tell_update AFTER UPDATE ON users REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('id');
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch_version();
CREATE POLICY doors ON users TO pm_auth USING (true) WITH CHECK (true);
CREATE POLICY system ON users TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant ON users TO app USING ((id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
GRANT DELETE, INSERT, SELECT, UPDATE ON users TO worker;
GRANT INSERT (id, email, password_hash, name, role, locale, timezone, is_demo) ON users TO pm_auth;
GRANT SELECT (id, email, name, role, locale, timezone, expertise_level, preferences, is_demo, version, created_at, updated_at, last_login_at, deleted_at) ON users TO app;
GRANT SELECT (id, email, password_hash, name, role, locale, timezone, is_demo, version, updated_at, deleted_at) ON users TO pm_auth;
GRANT UPDATE (email, name, locale, timezone, expertise_level, preferences) ON users TO app;
GRANT UPDATE (password_hash, last_login_at, deleted_at) ON users TO pm_auth;
COMMENT ON TABLE users IS 'People who can sign in. A deleted one keeps the row until erasure removes everything.';
COMMENT ON COLUMN users.email IS 'As typed; unique without regard to letter case among people who are not deleted.';
COMMENT ON COLUMN users.password_hash IS 'bcrypt. Never readable by requests; see login_lookup.';
COMMENT ON COLUMN users.role IS 'admin: may write what all share. The first person of an install is one.';
COMMENT ON COLUMN users.timezone IS 'IANA name. A portfolio''s day ends at midnight here.';
COMMENT ON COLUMN users.is_demo IS 'Made by the demo command; never counts as the first person.';

CREATE TABLE watched_instruments (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  instrument_id uuid NOT NULL,
  note text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT watched_instruments_pkey PRIMARY KEY (user_id, id),
  CONSTRAINT watched_instruments_user_id_instrument_id_key UNIQUE (user_id, instrument_id),
  CONSTRAINT watched_instruments_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instruments(id) ON DELETE CASCADE,
  CONSTRAINT watched_instruments_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT watched_instruments_note_check CHECK (((char_length(note) >= 1) AND (char_length(note) <= 1000)))
);
ALTER TABLE watched_instruments ENABLE ROW LEVEL SECURITY;
ALTER TABLE watched_instruments FORCE ROW LEVEL SECURITY;
CREATE INDEX watched_instruments_instrument ON watched_instruments USING btree (instrument_id);
CREATE TRIGGER audit_delete AFTER DELETE ON watched_instruments REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER audit_insert AFTER INSERT ON watched_instruments REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER audit_update AFTER UPDATE ON watched_instruments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION write_audit_log('user_id');
CREATE TRIGGER scope_of_changed_instrument_id AFTER UPDATE OF instrument_id, user_id ON watched_instruments FOR EACH ROW EXECUTE FUNCTION check_instrument_scope_row('instrument_id', 'user_id');
CREATE TRIGGER scope_of_new_instrument_id AFTER INSERT ON watched_instruments REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION check_instrument_scope_rows('instrument_id', 'user_id');
CREATE TRIGGER tell_delete AFTER DELETE ON watched_instruments REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_insert AFTER INSERT ON watched_instruments REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE TRIGGER tell_update AFTER UPDATE ON watched_instruments REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_changes('user_id');
CREATE POLICY system ON watched_instruments TO owner, worker USING (true) WITH CHECK (true);
CREATE POLICY tenant ON watched_instruments TO app USING ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid AS "nullif")));
GRANT DELETE, INSERT, SELECT, UPDATE ON watched_instruments TO worker;
GRANT DELETE, SELECT ON watched_instruments TO app;
GRANT INSERT (user_id, id, instrument_id, note, created_at) ON watched_instruments TO app;
GRANT UPDATE (instrument_id, note) ON watched_instruments TO app;
COMMENT ON TABLE watched_instruments IS 'What a person watches: its prices are fetched and told as if it were held.';
COMMENT ON COLUMN watched_instruments.note IS 'Why, in the person''s own words.';

------------------------------------------------------------------------------------------------------------------------
-- Views
------------------------------------------------------------------------------------------------------------------------

CREATE VIEW holdings_versions WITH (security_invoker=true) AS
 SELECT user_id,
    id,
    portfolio_id,
    instrument_id,
    unlinked_name,
    section,
    theme,
    account,
    qty,
    cost_basis,
    overdraft,
    target_pct,
    include,
    notes,
    version,
    created_at,
    updated_at,
    deleted_at,
    deletion_id,
    updated_at AS valid_from,
    NULL::timestamp with time zone AS valid_to
   FROM holdings o
UNION ALL
 SELECT user_id,
    id,
    portfolio_id,
    instrument_id,
    unlinked_name,
    section,
    theme,
    account,
    qty,
    cost_basis,
    overdraft,
    target_pct,
    include,
    notes,
    version,
    created_at,
    updated_at,
    deleted_at,
    deletion_id,
    valid_from,
    valid_to
   FROM holdings_history o;
GRANT SELECT ON holdings_versions TO app;
GRANT SELECT ON holdings_versions TO worker;
COMMENT ON VIEW holdings_versions IS 'Every version of holdings: as recorded at a moment t are those with valid_from <= t and t < valid_to, which is NULL for the version in force.';

CREATE VIEW instrument_details WITH (security_invoker=true) AS
 SELECT i.id,
    i.owner_user_id,
    i.type,
    i.name,
    i.currency,
    i.country,
    i.sector,
    i.industry,
    i.asset_class,
    i.metadata,
    i.is_demo,
    i.version,
    i.created_at,
    i.updated_at,
    isin.value AS isin,
    line.id AS listing_id,
    line.mic,
    line.ticker,
    line.currency AS listing_currency,
    line.quote_unit,
    i.issuer_keys
   FROM instruments i
     LEFT JOIN LATERAL ( SELECT n.value
           FROM instrument_identifiers n
          WHERE n.instrument_id = i.id AND n.scheme = 'isin'::text AND n.is_current
          ORDER BY n.owner_user_id
         LIMIT 1) isin ON true
     LEFT JOIN LATERAL ( SELECT l.id,
            l.mic,
            l.ticker,
            l.currency,
            l.quote_unit
           FROM instrument_listings l
          WHERE l.instrument_id = i.id AND l.is_primary
          ORDER BY l.owner_user_id
         LIMIT 1) line ON true
  WHERE i.merged_into IS NULL;
GRANT SELECT ON instrument_details TO app;
GRANT SELECT ON instrument_details TO worker;
COMMENT ON VIEW instrument_details IS 'Instruments with their current ISIN and primary listing, as the reader may see them; none that was merged away.';

CREATE VIEW my_portfolio_summaries WITH (security_barrier=true) AS
 SELECT portfolio_id,
    user_id,
    currency,
    holding_count,
    missing_count,
    total_value,
    section_totals,
    oldest_price_at,
    refreshed_at
   FROM portfolio_summaries s
  WHERE user_id = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")) OR (portfolio_id = ANY ((ARRAY( SELECT a.portfolio_id
           FROM portfolio_access a
          WHERE a.user_id = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif"))))));
GRANT SELECT ON my_portfolio_summaries TO app;
COMMENT ON VIEW my_portfolio_summaries IS 'portfolio_summaries of one''s own and shared portfolios.';

CREATE MATERIALIZED VIEW portfolio_summaries AS
 WITH recent_rates AS MATERIALIZED (
         SELECT r.source,
            r.date::date AS date,
            r.from_currency::text AS hub,
            r.to_currency::text AS currency,
            r.rate::numeric AS rate
           FROM fx_rates r
          WHERE r.date::date >= ((now() AT TIME ZONE 'UTC'::text)::date - 7) AND r.date::date <= (now() AT TIME ZONE 'UTC'::text)::date
        UNION
         SELECT r.source,
            r.date::date AS date,
            r.from_currency::text AS from_currency,
            r.from_currency::text AS from_currency,
            1::numeric AS "numeric"
           FROM fx_rates r
          WHERE r.date::date >= ((now() AT TIME ZONE 'UTC'::text)::date - 7) AND r.date::date <= (now() AT TIME ZONE 'UTC'::text)::date
        ), positions AS (
         SELECT p_1.user_id,
            p_1.id AS portfolio_id,
            p_1.base_currency::text AS base_currency,
            h.section,
            h.qty::numeric AS qty,
                CASE
                    WHEN i.type = 'Cash'::text THEN 1::numeric
                    ELSE price.close
                END AS price,
                CASE
                    WHEN i.type = 'Cash'::text THEN i.currency::text
                    ELSE price.currency
                END AS price_currency,
                CASE
                    WHEN i.type = 'Cash'::text THEN NULL::timestamp with time zone
                    ELSE price.date_time
                END AS priced_at,
            debt.amount AS debt,
            COALESCE(debt.currency, p_1.base_currency::text) AS debt_currency
           FROM portfolios p_1
             JOIN holdings h ON h.portfolio_id = p_1.id AND h.user_id = p_1.user_id AND h.deleted_at IS NULL AND h.include
             LEFT JOIN instruments i ON i.id = h.instrument_id
             LEFT JOIN LATERAL ( SELECT c.close,
                    c.currency,
                    c.date_time
                   FROM (( SELECT l.close::numeric AS close,
                            l.currency::text AS currency,
                            l.date_time,
                            'live'::text AS origin
                           FROM latest_prices l
                          WHERE l.listing_id = (( SELECT n.id
                                   FROM instrument_listings n
                                  WHERE n.instrument_id = h.instrument_id AND n.is_primary AND (n.owner_user_id IS NULL OR n.owner_user_id = h.user_id)
                                  ORDER BY n.owner_user_id
                                 LIMIT 1))
                          ORDER BY l.date_time DESC
                         LIMIT 1)
                        UNION ALL
                        ( SELECT m.close::numeric AS close,
                            m.currency::text AS currency,
                            m.date_time,
                            'manual'::text
                           FROM manual_prices m
                          WHERE m.user_id = h.user_id AND m.instrument_id = h.instrument_id AND m.date_time <= now()
                          ORDER BY m.date_time DESC
                         LIMIT 1)) c
                  ORDER BY (
                        CASE
                            WHEN c.origin = 'live'::text AND c.date_time > (now() - '72:00:00'::interval) THEN 0
                            WHEN c.origin = 'manual'::text THEN 1
                            ELSE 2
                        END)
                 LIMIT 1) price ON true
             LEFT JOIN LATERAL ( SELECT d.amount::numeric AS amount,
                    d.currency::text AS currency
                   FROM holding_debts d
                  WHERE d.user_id = h.user_id AND d.holding_id = h.id AND h.qty::numeric <> 0::numeric
                  ORDER BY d.date DESC
                 LIMIT 1) debt ON true
          WHERE p_1.deleted_at IS NULL
        ), pairs AS (
         SELECT s_1.price_currency,
            s_1.base_currency
           FROM positions s_1
          WHERE s_1.price_currency IS NOT NULL
        UNION
         SELECT s_1.debt_currency,
            s_1.base_currency
           FROM positions s_1
        ), rates AS (
         SELECT c.price_currency,
            c.base_currency,
                CASE
                    WHEN c.price_currency = c.base_currency THEN 1::numeric
                    ELSE crossed.rate_from
                END AS rate_from,
                CASE
                    WHEN c.price_currency = c.base_currency THEN 1::numeric
                    ELSE crossed.rate_to
                END AS rate_to
           FROM pairs c
             LEFT JOIN LATERAL ( SELECT f.rate AS rate_from,
                    t.rate AS rate_to
                   FROM recent_rates f
                     JOIN recent_rates t ON t.source = f.source AND t.date = f.date AND t.hub = f.hub
                  WHERE f.currency = c.price_currency AND t.currency = c.base_currency
                  ORDER BY f.date DESC, (f.source = 'ECB'::text) DESC, f.source
                 LIMIT 1) crossed ON true
        ), valued AS (
         SELECT s_1.user_id,
            s_1.portfolio_id,
            s_1.section,
            s_1.priced_at,
            s_1.qty * s_1.price * r.rate_to / r.rate_from - COALESCE(s_1.debt, 0::numeric) * o.rate_to / o.rate_from AS value
           FROM positions s_1
             LEFT JOIN rates r ON r.price_currency = s_1.price_currency AND r.base_currency = s_1.base_currency
             LEFT JOIN rates o ON o.price_currency = s_1.debt_currency AND o.base_currency = s_1.base_currency
        ), sections AS (
         SELECT v.portfolio_id,
            v.section,
            count(*) AS holding_count,
            count(v.value) AS valued_count,
            COALESCE(sum(v.value), 0::numeric) AS value,
            min(v.priced_at) AS oldest_price_at
           FROM valued v
          GROUP BY v.portfolio_id, v.section
        )
 SELECT p.id AS portfolio_id,
    p.user_id,
    p.base_currency::text AS currency,
    COALESCE(sum(s.holding_count), 0::numeric)::integer AS holding_count,
    COALESCE(sum(s.holding_count - s.valued_count), 0::numeric)::integer AS missing_count,
    round(COALESCE(sum(s.value), 0::numeric), 18) AS total_value,
    COALESCE(jsonb_object_agg(s.section, round(s.value, 18)::text) FILTER (WHERE s.section IS NOT NULL), '{}'::jsonb) AS section_totals,
    min(s.oldest_price_at) AS oldest_price_at,
    now() AS refreshed_at
   FROM portfolios p
     LEFT JOIN sections s ON s.portfolio_id = p.id
  WHERE p.deleted_at IS NULL
  GROUP BY p.id, p.user_id, p.base_currency;
CREATE UNIQUE INDEX portfolio_summaries_portfolio ON portfolio_summaries USING btree (portfolio_id);
CREATE INDEX portfolio_summaries_user ON portfolio_summaries USING btree (user_id);
GRANT SELECT ON portfolio_summaries TO worker;
COMMENT ON MATERIALIZED VIEW portfolio_summaries IS 'Value of every portfolio as of refreshed_at, converted to its base_currency. Requests read my_portfolio_summaries.';
COMMENT ON COLUMN portfolio_summaries.holding_count IS 'Included live holdings.';
COMMENT ON COLUMN portfolio_summaries.missing_count IS 'Those among them without a price or a rate; total_value leaves them out.';
COMMENT ON COLUMN portfolio_summaries.section_totals IS 'Section to value in currency, as a decimal in text.';
COMMENT ON COLUMN portfolio_summaries.oldest_price_at IS 'Instant of the oldest price used.';

CREATE VIEW portfolios_versions WITH (security_invoker=true) AS
 SELECT user_id,
    id,
    name,
    type,
    parent_id,
    base_currency,
    settings,
    lists,
    budgets,
    is_demo,
    version,
    created_at,
    updated_at,
    deleted_at,
    deletion_id,
    model_id,
    updated_at AS valid_from,
    NULL::timestamp with time zone AS valid_to
   FROM portfolios o
UNION ALL
 SELECT user_id,
    id,
    name,
    type,
    parent_id,
    base_currency,
    settings,
    lists,
    budgets,
    is_demo,
    version,
    created_at,
    updated_at,
    deleted_at,
    deletion_id,
    model_id,
    valid_from,
    valid_to
   FROM portfolios_history o;
GRANT SELECT ON portfolios_versions TO app;
GRANT SELECT ON portfolios_versions TO worker;
COMMENT ON VIEW portfolios_versions IS 'Every version of portfolios: as recorded at a moment t are those with valid_from <= t and t < valid_to, which is NULL for the version in force.';

CREATE VIEW trades_versions WITH (security_invoker=true) AS
 SELECT user_id,
    id,
    portfolio_id,
    holding_id,
    type,
    date,
    date_assumed,
    seq,
    qty,
    price,
    amount,
    fees,
    taxes,
    currency,
    quote_unit,
    fx_rate,
    fx_source,
    fx_date,
    split_numerator,
    split_denominator,
    carried_cost,
    deposit_source,
    event_id,
    leg,
    overdraw,
    notes,
    version,
    created_at,
    updated_at,
    deleted_at,
    deletion_id,
    import_id,
    import_key,
    updated_at AS valid_from,
    NULL::timestamp with time zone AS valid_to
   FROM trades o
UNION ALL
 SELECT user_id,
    id,
    portfolio_id,
    holding_id,
    type,
    date,
    date_assumed,
    seq,
    qty,
    price,
    amount,
    fees,
    taxes,
    currency,
    quote_unit,
    fx_rate,
    fx_source,
    fx_date,
    split_numerator,
    split_denominator,
    carried_cost,
    deposit_source,
    event_id,
    leg,
    overdraw,
    notes,
    version,
    created_at,
    updated_at,
    deleted_at,
    deletion_id,
    import_id,
    import_key,
    valid_from,
    valid_to
   FROM trades_history o;
GRANT SELECT ON trades_versions TO app;
GRANT SELECT ON trades_versions TO worker;
COMMENT ON VIEW trades_versions IS 'Every version of trades: as recorded at a moment t are those with valid_from <= t and t < valid_to, which is NULL for the version in force.';

------------------------------------------------------------------------------------------------------------------------
-- Functions
------------------------------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION pm.accept_invitation(p_id uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;
ALTER FUNCTION accept_invitation(uuid) OWNER TO pm_auth;
GRANT EXECUTE ON FUNCTION accept_invitation(uuid) TO app;

CREATE OR REPLACE FUNCTION pm.add_up_constituents(p_merge uuid, p_from uuid, p_into uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
  SELECT p_merge, t.owner_user_id, 'constituents', 'changed',
    jsonb_build_object('import_id', t.import_id, 'child_instrument_id', t.child_instrument_id),
    to_jsonb(t) - '{import_id,child_instrument_id,owner_user_id,row_count,created_at}'::text[]
  FROM pm.constituents t JOIN pm.constituents f ON f.import_id = t.import_id AND f.child_instrument_id = p_from
  WHERE t.child_instrument_id = p_into;
  UPDATE pm.constituents t SET
    (currency, asset_class, sector, industry, country, name, ticker, isin, cusip, sedol, exchange, asset_class_published,
      sector_published, industry_published, country_published, currency_published, match_method, match_confidence) =
    (SELECT s.currency, s.asset_class, s.sector, s.industry, s.country, s.name, s.ticker, s.isin, s.cusip, s.sedol,
        s.exchange, s.asset_class_published, s.sector_published, s.industry_published, s.country_published,
        s.currency_published, s.match_method, s.match_confidence
      FROM pm.constituents s WHERE s.import_id = t.import_id
        AND s.child_instrument_id = CASE WHEN abs(f.weight) > abs(t.weight) THEN p_from ELSE p_into END),
    weight = t.weight + f.weight,
    market_value = coalesce(t.market_value + f.market_value, t.market_value, f.market_value),
    notional = coalesce(t.notional + f.notional, t.notional, f.notional),
    quantity = coalesce(t.quantity + f.quantity, t.quantity, f.quantity),
    price = CASE WHEN t.price = f.price THEN t.price END,
    row_numbers = ARRAY(SELECT n FROM unnest(t.row_numbers || f.row_numbers) n ORDER BY n)
  FROM pm.constituents f
  WHERE f.import_id = t.import_id AND f.child_instrument_id = p_from AND t.child_instrument_id = p_into;
END
$function$;

CREATE OR REPLACE FUNCTION pm.am_last_administrator()
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT EXISTS (SELECT FROM pm.users u
      WHERE u.id = nullif(current_setting('app.user_id', true), '')::uuid AND u.role = 'admin' AND NOT u.is_demo)
    AND NOT EXISTS (SELECT FROM pm.users u
      WHERE u.id <> nullif(current_setting('app.user_id', true), '')::uuid AND u.role = 'admin'
        AND u.deleted_at IS NULL AND NOT u.is_demo)
$function$;
ALTER FUNCTION am_last_administrator() OWNER TO pm_auth;
GRANT EXECUTE ON FUNCTION am_last_administrator() TO app;

CREATE OR REPLACE FUNCTION pm.answer_reviews_by_merge(p_merge uuid, p_from uuid, p_into uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  WITH open AS (
    SELECT r.id FROM pm.identity_reviews r
    WHERE r.status = 'open' AND r.child_instrument_id = p_from
      AND EXISTS (SELECT 1 FROM pm.instruments c WHERE c.id = ANY (r.candidate_instrument_ids) AND p_into IN (c.id, c.merged_into))
  ), answered AS (
    UPDATE pm.identity_reviews t SET status = 'same', chosen_instrument_id = p_into, merge_id = p_merge,
      decided_by = nullif(current_setting('app.user_id', true), '')::uuid, decided_at = now()
    FROM open WHERE t.id = open.id
    RETURNING t.*)
  INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
  SELECT p_merge, t.owner_user_id, 'identity_reviews', 'changed', jsonb_build_object('id', t.id),
    '{"status": "open", "chosen_instrument_id": null, "merge_id": null, "decided_by": null, "decided_at": null}' FROM answered t;
  WITH decided AS (
    UPDATE pm.constituents t SET match_method = 'decision', match_confidence = 1
    FROM pm.constituents was
    WHERE t.child_instrument_id = p_from AND t.match_method = 'unsure'
      AND was.import_id = t.import_id AND was.child_instrument_id = t.child_instrument_id
    RETURNING t.*, was.match_confidence AS was_sure)
  INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
  SELECT p_merge, t.owner_user_id, 'constituents', 'changed',
    jsonb_build_object('import_id', t.import_id, 'child_instrument_id', t.child_instrument_id),
    jsonb_build_object('match_method', 'unsure', 'match_confidence', t.was_sure) FROM decided t;
END
$function$;

CREATE OR REPLACE FUNCTION pm.attach_price_partition(p_month date)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET "TimeZone" TO 'UTC'
AS $function$
DECLARE
  month CONSTANT date := date_trunc('month', p_month)::date;
  name CONSTANT text := to_char(month, 'YYYY_MM');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('pm.ensure_price_partition', 0));
  IF NOT EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = 'pm'::regnamespace AND c.relname = 'detached_prices_' || name) THEN
    RETURN false;
  END IF;
  IF EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = 'pm'::regnamespace AND c.relname = 'prices_' || name) THEN
    RAISE EXCEPTION 'prices of that month were stored meanwhile' USING ERRCODE = 'PM422';
  END IF;
  EXECUTE format('ALTER TABLE pm.%I RENAME TO %I', 'detached_prices_' || name, 'prices_' || name);
  EXECUTE format('ALTER TABLE pm.prices ATTACH PARTITION pm.%I FOR VALUES FROM (%L) TO (%L)',
    'prices_' || name, month::timestamptz, (month + interval '1 month')::timestamptz);
  RETURN true;
END
$function$;
GRANT EXECUTE ON FUNCTION attach_price_partition(date) TO worker;

CREATE OR REPLACE FUNCTION pm.audit_table(p_table text, p_owner_column text, p_history_column text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  arguments CONSTANT text := concat_ws(', ', quote_literal(p_owner_column), quote_literal(p_history_column));
BEGIN
  EXECUTE format('CREATE TRIGGER audit_insert AFTER INSERT ON pm.%I REFERENCING NEW TABLE AS new_rows '
    'FOR EACH STATEMENT EXECUTE FUNCTION pm.write_audit_log(%s)', p_table, arguments);
  EXECUTE format('CREATE TRIGGER audit_update AFTER UPDATE ON pm.%I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows '
    'FOR EACH STATEMENT EXECUTE FUNCTION pm.write_audit_log(%s)', p_table, arguments);
  EXECUTE format('CREATE TRIGGER audit_delete AFTER DELETE ON pm.%I REFERENCING OLD TABLE AS old_rows '
    'FOR EACH STATEMENT EXECUTE FUNCTION pm.write_audit_log(%s)', p_table, arguments);
END
$function$;

CREATE OR REPLACE FUNCTION pm.begin_request(p_user uuid, p_session uuid)
 RETURNS TABLE(role text, locale text, timezone text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  SELECT u.role, u.locale, u.timezone INTO begin_request.role, begin_request.locale, begin_request.timezone
  FROM pm.users u
  WHERE u.id = p_user AND u.deleted_at IS NULL
    AND (p_session IS NULL OR EXISTS (
      SELECT 1 FROM pm.sessions s
      WHERE s.user_id = p_user AND s.id = p_session AND s.revoked_at IS NULL AND s.expires_at > now()));
  IF NOT FOUND THEN
    RAISE EXCEPTION 'session ended' USING ERRCODE = 'PM401';
  END IF;
  PERFORM set_config('app.user_id', p_user::text, true),
          set_config('app.user_role', begin_request.role, true),
          set_config('app.session_id', coalesce(p_session::text, ''), true),
          set_config('app.portfolio_id', '', true);
  RETURN NEXT;
END
$function$;
ALTER FUNCTION begin_request(uuid,uuid) OWNER TO pm_auth;
GRANT EXECUTE ON FUNCTION begin_request(uuid,uuid) TO app;

CREATE OR REPLACE FUNCTION pm.browse_instruments(p_type text, p_with_constituents boolean, p_after_shared boolean, p_after_name text, p_after_id uuid, p_limit integer)
 RETURNS TABLE(id uuid, is_shared boolean, name_key text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
#variable_conflict use_column
DECLARE
  me CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
BEGIN
  IF p_with_constituents THEN
    -- From one fund to the next in the index: there are few funds, and many lists of each.
    RETURN QUERY
    WITH RECURSIVE fund (id) AS (
      (SELECT c.parent_instrument_id FROM pm.constituent_imports c ORDER BY c.parent_instrument_id LIMIT 1)
      UNION ALL
      SELECT (SELECT c.parent_instrument_id FROM pm.constituent_imports c
        WHERE c.parent_instrument_id > fund.id ORDER BY c.parent_instrument_id LIMIT 1)
      FROM fund WHERE fund.id IS NOT NULL
    )
    SELECT i.id, i.owner_user_id IS NULL, left(lower(i.name), 64) COLLATE "C"
    FROM fund JOIN pm.instruments i ON i.id = fund.id
    WHERE (i.owner_user_id IS NULL OR i.owner_user_id = me)
      AND i.merged_into IS NULL AND (p_type IS NULL OR i.type = p_type)
      AND EXISTS (SELECT 1 FROM pm.constituent_imports c WHERE c.parent_instrument_id = i.id
      AND c.status = 'active' AND (c.owner_user_id IS NULL OR c.owner_user_id = me))
      AND (p_after_id IS NULL OR (i.owner_user_id IS NULL, left(lower(i.name), 64) COLLATE "C", i.id)
        > (p_after_shared, p_after_name COLLATE "C", p_after_id))
    ORDER BY 2, 3, 1
    LIMIT p_limit;
    RETURN;
  END IF;
  -- Two walks along one index, so that a page costs the same at ten and at a million instruments.
  RETURN QUERY
  (SELECT i.id, false, left(lower(i.name), 64) COLLATE "C"
    FROM pm.instruments i
    WHERE i.owner_user_id = me AND i.merged_into IS NULL AND (p_type IS NULL OR i.type = p_type) AND p_after_shared IS NOT TRUE
      AND (left(lower(i.name), 64) COLLATE "C", i.id)
        > (coalesce(p_after_name, '') COLLATE "C", coalesce(p_after_id, '00000000-0000-0000-0000-000000000000'))
    ORDER BY i.owner_user_id, left(lower(i.name), 64) COLLATE "C", i.id
    LIMIT p_limit)
  UNION ALL
  (SELECT i.id, true, left(lower(i.name), 64) COLLATE "C"
    FROM pm.instruments i
    WHERE i.owner_user_id IS NULL AND i.merged_into IS NULL AND (p_type IS NULL OR i.type = p_type)
      AND (left(lower(i.name), 64) COLLATE "C", i.id)
        > (CASE WHEN p_after_shared THEN p_after_name ELSE '' END COLLATE "C",
           CASE WHEN p_after_shared THEN p_after_id ELSE '00000000-0000-0000-0000-000000000000' END)
    ORDER BY i.owner_user_id, left(lower(i.name), 64) COLLATE "C", i.id
    LIMIT p_limit)
  ORDER BY 2, 3, 1
  LIMIT p_limit;
END
$function$;
GRANT EXECUTE ON FUNCTION browse_instruments(text,boolean,boolean,text,uuid,integer) TO app;
GRANT EXECUTE ON FUNCTION browse_instruments(text,boolean,boolean,text,uuid,integer) TO worker;

CREATE OR REPLACE FUNCTION pm.change_password(p_user uuid, p_password_hash text, p_keep_session uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  UPDATE pm.users u SET password_hash = p_password_hash
  WHERE u.id = p_user AND u.deleted_at IS NULL
    AND u.id = nullif(current_setting('app.user_id', true), '')::uuid;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'not the signed-in person' USING ERRCODE = 'PM401';
  END IF;
  UPDATE pm.sessions s SET revoked_at = now(), revoked_reason = 'password_changed'
  WHERE s.user_id = p_user AND s.revoked_at IS NULL AND s.id IS DISTINCT FROM p_keep_session;
END
$function$;
ALTER FUNCTION change_password(uuid,text,uuid) OWNER TO pm_auth;
GRANT EXECUTE ON FUNCTION change_password(uuid,text,uuid) TO app;

CREATE OR REPLACE FUNCTION pm.check_import_scope_rows()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  IF EXISTS (
    SELECT 1 FROM (SELECT DISTINCT n.import_id, n.owner_user_id FROM new_rows n) n
    LEFT JOIN pm.constituent_imports i ON i.id = n.import_id
    WHERE i.id IS NULL OR i.owner_user_id IS DISTINCT FROM n.owner_user_id
  ) THEN
    RAISE EXCEPTION 'rows belong to another scope than their import'
      USING ERRCODE = 'foreign_key_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
        COLUMN = 'import_id', CONSTRAINT = TG_TABLE_NAME || '_import_scope';
  END IF;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION pm.check_instrument_scope_row()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  row_values CONSTANT jsonb := to_jsonb(NEW);
  referred CONSTANT uuid := (row_values ->> TG_ARGV[0])::uuid;
  row_owner CONSTANT uuid := (row_values ->> TG_ARGV[1])::uuid;
BEGIN
  IF referred IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM pm.instruments i
    WHERE i.id = referred AND i.merged_into IS NULL AND (i.owner_user_id IS NULL OR i.owner_user_id = row_owner)
  ) THEN
    RAISE EXCEPTION 'no such instrument for the owner of the row'
      USING ERRCODE = 'foreign_key_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
        COLUMN = TG_ARGV[0], CONSTRAINT = TG_TABLE_NAME || '_instrument_scope';
  END IF;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION pm.check_instrument_scope_rows()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  is_outside boolean;
BEGIN
  EXECUTE format(
    'SELECT EXISTS (SELECT 1 FROM new_rows n LEFT JOIN pm.instruments i ON i.id = n.%1$I '
    'WHERE n.%1$I IS NOT NULL AND (i.id IS NULL OR i.merged_into IS NOT NULL OR i.owner_user_id <> n.%2$I '
    'OR (i.owner_user_id IS NOT NULL AND n.%2$I IS NULL)))',
    TG_ARGV[0], TG_ARGV[1]) INTO is_outside;
  IF is_outside THEN
    RAISE EXCEPTION 'no such instrument for the owner of the row'
      USING ERRCODE = 'foreign_key_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
        COLUMN = TG_ARGV[0], CONSTRAINT = TG_TABLE_NAME || '_instrument_scope';
  END IF;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION pm.correct_price(p_listing uuid, p_at timestamp with time zone, p_source text, p_close numeric, p_id uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  me CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  is_admin CONSTANT boolean := current_setting('app.user_role', true) = 'admin';
  before pm.prices;
BEGIN
  SELECT p.* INTO before FROM pm.prices p JOIN pm.instrument_listings l ON l.id = p.listing_id
  WHERE p.listing_id = p_listing AND p.date_time = p_at AND p.source = p_source
    AND (l.owner_user_id = me OR (l.owner_user_id IS NULL AND is_admin))
  FOR UPDATE OF p;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO pm.price_quarantine AS q (id, listing_id, date_time, source, interval, open, high, low, close, volume, currency,
    reason, compared_close, compared_at, status, decided_by, decided_at)
  VALUES (p_id, before.listing_id, before.date_time, before.source, before.interval, before.open, before.high, before.low,
    before.close, before.volume, before.currency, 'other', p_close, CASE WHEN p_close IS NOT NULL THEN p_at END, 'rejected', me, now())
  ON CONFLICT (listing_id, date_time, source) DO UPDATE
    SET interval = excluded.interval, open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
      volume = excluded.volume, currency = excluded.currency, reason = 'other', compared_close = excluded.compared_close,
      compared_at = excluded.compared_at, status = 'rejected', decided_by = me, decided_at = now();
  IF p_close IS NULL THEN
    DELETE FROM pm.prices p WHERE p.listing_id = p_listing AND p.date_time = p_at AND p.source = p_source;
  ELSE
    UPDATE pm.prices p SET close = p_close, open = NULL, high = NULL, low = NULL
    WHERE p.listing_id = p_listing AND p.date_time = p_at AND p.source = p_source;
  END IF;
  RETURN true;
END
$function$;
GRANT EXECUTE ON FUNCTION correct_price(uuid,timestamp with time zone,text,numeric,uuid) TO app;

CREATE OR REPLACE FUNCTION pm.decide_held_prices(p_ids uuid[], p_accept boolean)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  me CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  is_admin CONSTANT boolean := current_setting('app.user_role', true) = 'admin';
  decided integer;
BEGIN
  WITH done AS (
    UPDATE pm.price_quarantine q
    SET status = CASE WHEN p_accept THEN 'accepted' ELSE 'rejected' END, decided_by = me, decided_at = now()
    FROM pm.instrument_listings l
    WHERE l.id = q.listing_id AND q.id = ANY (p_ids) AND q.status = 'open'
      AND (l.owner_user_id = me OR (l.owner_user_id IS NULL AND is_admin))
      AND (NOT p_accept OR (q.close > 0 AND q.currency = l.currency))
    RETURNING q.*
  ), stored AS (
    INSERT INTO pm.prices AS p (listing_id, date_time, source, interval, open, high, low, close, volume, currency)
    SELECT d.listing_id, d.date_time, d.source, d.interval, d.open, d.high, d.low, d.close, d.volume, d.currency
    FROM done d WHERE p_accept
    ORDER BY d.listing_id, d.date_time, d.source
    ON CONFLICT (listing_id, date_time, source) DO UPDATE
      SET interval = excluded.interval, open = excluded.open, high = excluded.high, low = excluded.low,
        close = excluded.close, volume = excluded.volume, currency = excluded.currency
    RETURNING 1
  )
  SELECT count(*) INTO decided FROM done;
  RETURN decided;
END
$function$;
GRANT EXECUTE ON FUNCTION decide_held_prices(uuid[],boolean) TO app;

CREATE OR REPLACE FUNCTION pm.decline_invitation(p_id uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  DELETE FROM pm.portfolio_invitations i
  WHERE i.id = p_id AND EXISTS (SELECT FROM pm.invitations_to_me() m WHERE m.id = i.id);
  RETURN FOUND;
END
$function$;
ALTER FUNCTION decline_invitation(uuid) OWNER TO pm_auth;
GRANT EXECUTE ON FUNCTION decline_invitation(uuid) TO app;

CREATE OR REPLACE FUNCTION pm.detach_price_partition(p_month date)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  month CONSTANT date := date_trunc('month', p_month)::date;
  name CONSTANT text := to_char(month, 'YYYY_MM');
BEGIN
  IF month > date_trunc('month', now() AT TIME ZONE 'UTC')::date - interval '12 months' THEN
    RAISE EXCEPTION 'prices of the last twelve months stay' USING ERRCODE = 'PM422';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('pm.ensure_price_partition', 0));
  IF NOT EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = 'pm'::regnamespace AND c.relname = 'prices_' || name) THEN
    RETURN false;
  END IF;
  EXECUTE format('ALTER TABLE pm.prices DETACH PARTITION pm.%I', 'prices_' || name);
  EXECUTE format('ALTER TABLE pm.%I RENAME TO %I', 'prices_' || name, 'detached_prices_' || name);
  RETURN true;
END
$function$;
GRANT EXECUTE ON FUNCTION detach_price_partition(date) TO worker;

CREATE OR REPLACE FUNCTION pm.end_session(p_refresh_hash bytea)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  UPDATE pm.sessions s SET revoked_at = now(), revoked_reason = 'signed_out'
  FROM pm.session_tokens t
  WHERE t.token_hash = p_refresh_hash AND s.user_id = t.user_id AND s.id = t.session_id AND s.revoked_at IS NULL
$function$;
ALTER FUNCTION end_session(bytea) OWNER TO pm_auth;
GRANT EXECUTE ON FUNCTION end_session(bytea) TO app;

CREATE OR REPLACE FUNCTION pm.enqueue_job(identifier text, payload json, job_key text DEFAULT NULL::text, run_at timestamp with time zone DEFAULT now())
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  declare
    me text := nullif(current_setting('app.user_id', true), '');
    job_id bigint;
  begin
    if enqueue_job.identifier is null or not (enqueue_job.identifier = any (array['imports.record-statement', 'look-through.import-constituents', 'look-through.refresh-funds', 'market-data.fetch-ecb-rates', 'market-data.import-prices', 'privacy.erase-leavers']::text[])) then
      raise exception 'no job % may be asked for', enqueue_job.identifier using errcode = '22023';
    end if;
    if octet_length(enqueue_job.payload::text) > 65536 then
      raise exception 'a job payload may have at most 65536 bytes' using errcode = '22001';
    end if;
    select job.id into job_id
      from graphile_worker.add_job(
             enqueue_job.identifier,
             (coalesce(enqueue_job.payload::jsonb, '{}') || jsonb_build_object('_requestedBy', me))::json,
             run_at := coalesce(enqueue_job.run_at, now()),
             max_attempts := 10,
             job_key := enqueue_job.identifier || ':' || coalesce(me, '') || ':' || enqueue_job.job_key) as job;
    return job_id;
  end
  $function$;
GRANT EXECUTE ON FUNCTION enqueue_job(text,json,text,timestamp with time zone) TO app;
GRANT EXECUTE ON FUNCTION enqueue_job(text,json,text,timestamp with time zone) TO worker;
COMMENT ON FUNCTION enqueue_job(text,json,text,timestamp with time zone) IS 'job queue c4c8b5c7e018ff0d';

CREATE OR REPLACE FUNCTION pm.ensure_price_partition(p_day date)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET "TimeZone" TO 'UTC'
AS $function$
DECLARE
  month CONSTANT date := date_trunc('month', p_day)::date;
  following CONSTANT date := (month + interval '1 month')::date;
  partition CONSTANT text := 'prices_' || to_char(month, 'YYYY_MM');
BEGIN
  IF p_day IS NULL OR month < DATE '1960-01-01' OR month > date_trunc('month', now())::date + interval '3 months' THEN
    RAISE EXCEPTION 'prices are kept from 1960 until three months from now, not for %', p_day USING ERRCODE = 'PM422';
  END IF;
  IF EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = 'pm'::regnamespace AND c.relname = partition) THEN
    RETURN false;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('pm.ensure_price_partition', 0));
  -- Asked again, and of the table: the cache behind to_regclass has not heard yet of what was made while this waited.
  IF EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = 'pm'::regnamespace AND c.relname = partition) THEN
    RETURN false;
  END IF;
  -- Made apart and attached: that lets readers and writers of the other months go on.
  EXECUTE format('CREATE TABLE pm.%I (LIKE pm.prices INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', partition);
  EXECUTE format('ALTER TABLE pm.%I ENABLE ROW LEVEL SECURITY', partition);
  EXECUTE format('ALTER TABLE pm.prices ATTACH PARTITION pm.%I FOR VALUES FROM (%L) TO (%L)',
    partition, month::timestamptz, following::timestamptz);
  RETURN true;
END
$function$;
GRANT EXECUTE ON FUNCTION ensure_price_partition(date) TO app;
GRANT EXECUTE ON FUNCTION ensure_price_partition(date) TO worker;

CREATE OR REPLACE FUNCTION pm.ensure_price_partitions(p_from date, p_to date)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  month date := date_trunc('month', p_from)::date;
  made integer := 0;
BEGIN
  WHILE month <= p_to LOOP
    made := made + pm.ensure_price_partition(month)::integer;
    month := (month + interval '1 month')::date;
  END LOOP;
  RETURN made;
END
$function$;
GRANT EXECUTE ON FUNCTION ensure_price_partitions(date,date) TO app;
GRANT EXECUTE ON FUNCTION ensure_price_partitions(date,date) TO worker;

CREATE OR REPLACE FUNCTION pm.enter_portfolio(p_portfolio uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  portfolio_owner uuid;
BEGIN
  SELECT p.user_id INTO portfolio_owner FROM pm.portfolios p WHERE p.id = p_portfolio AND p.deleted_at IS NULL;
  PERFORM set_config('app.portfolio_id', CASE WHEN portfolio_owner IS NULL THEN '' ELSE p_portfolio::text END, true);
  RETURN portfolio_owner;
END
$function$;
GRANT EXECUTE ON FUNCTION enter_portfolio(uuid) TO app;
GRANT EXECUTE ON FUNCTION enter_portfolio(uuid) TO worker;
COMMENT ON FUNCTION enter_portfolio(uuid) IS 'Says whose portfolio it is, and lets this transaction see with that person''s eyes: their private instruments, files and prices instead of the caller''s, as far as the portfolio is shared with the caller.';

CREATE OR REPLACE FUNCTION pm.erase_user(p_user uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  left_at timestamptz;
BEGIN
  SELECT u.deleted_at INTO left_at FROM pm.users u WHERE u.id = p_user FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such person' USING ERRCODE = 'PM404';
  ELSIF left_at IS NULL THEN
    RAISE EXCEPTION 'the person has not left' USING ERRCODE = 'PM422';
  END IF;
  INSERT INTO pm.erasures_in_progress (transaction_id) VALUES (pg_current_xact_id());
  PERFORM set_config('pm.erasing', 'on', true);

  -- In this order: holdings refer to private instruments.
  DELETE FROM pm.portfolios p WHERE p.user_id = p_user;
  DELETE FROM pm.instruments i WHERE i.owner_user_id = p_user;
  DELETE FROM pm.users u WHERE u.id = p_user;
  DELETE FROM pm.portfolios_history h WHERE h.user_id = p_user;
  DELETE FROM pm.holdings_history h WHERE h.user_id = p_user;
  DELETE FROM pm.trades_history h WHERE h.user_id = p_user;
  DELETE FROM pm.audit_log l WHERE l.user_id = p_user;
  -- In other people's logs, about portfolios that were shared with this person.
  UPDATE pm.audit_log l SET actor_id = NULL WHERE l.actor_id = p_user AND l.actor_id <> l.user_id;
  DELETE FROM pm.audit_log l
  WHERE l.table_name = 'portfolio_access' AND p_user::text IN (l.new_values ->> 'user_id', l.old_values ->> 'user_id');

  INSERT INTO pm.erasure_totals AS t (month, erased_count)
  VALUES (date_trunc('month', now() AT TIME ZONE 'UTC')::date, 1)
  ON CONFLICT (month) DO UPDATE SET erased_count = t.erased_count + 1;
  DELETE FROM pm.erasures_in_progress e WHERE e.transaction_id = pg_current_xact_id();
  PERFORM set_config('pm.erasing', '', true);
END
$function$;
GRANT EXECUTE ON FUNCTION erase_user(uuid) TO worker;

CREATE OR REPLACE FUNCTION pm.forget_fetch(p_listing uuid)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  UPDATE pm.price_fetches f SET asked_at = NULL, attempts = '[]'
  FROM pm.instrument_listings l
  WHERE f.listing_id = p_listing AND l.id = p_listing
    AND (l.owner_user_id = nullif(current_setting('app.user_id', true), '')::uuid
      OR (l.owner_user_id IS NULL AND current_setting('app.user_role', true) = 'admin'))
$function$;
GRANT EXECUTE ON FUNCTION forget_fetch(uuid) TO app;

CREATE OR REPLACE FUNCTION pm.forget_invitations()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  DELETE FROM pm.portfolio_invitations i WHERE lower(i.email) = lower(OLD.email);
  RETURN OLD;
END
$function$;

CREATE OR REPLACE FUNCTION pm.funds_among(p_import uuid)
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT coalesce(array_agg(c.child_instrument_id ORDER BY c.child_instrument_id), '{}')
  FROM pm.constituents c JOIN pm.instruments i ON i.id = c.child_instrument_id
  WHERE c.import_id = p_import AND i.type IN ('ETF', 'Fund', 'Other')
$function$;

CREATE OR REPLACE FUNCTION pm.guard_instrument_scope(p_table text, p_column text, p_owner_column text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON pm.%I REFERENCING NEW TABLE AS new_rows '
    'FOR EACH STATEMENT EXECUTE FUNCTION pm.check_instrument_scope_rows(%L, %L)',
    'scope_of_new_' || p_column, p_table, p_column, p_owner_column);
  EXECUTE format('CREATE TRIGGER %I AFTER UPDATE OF %I, %I ON pm.%I '
    'FOR EACH ROW EXECUTE FUNCTION pm.check_instrument_scope_row(%L, %L)',
    'scope_of_changed_' || p_column, p_column, p_owner_column, p_table, p_column, p_owner_column);
END
$function$;

CREATE OR REPLACE FUNCTION pm.instrument_references()
 RETURNS TABLE(table_name text, column_name text)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT k.conrelid::regclass::text, a.attname::text
  FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
  WHERE k.contype = 'f' AND k.confrelid = 'pm.instruments'::regclass AND k.conparentid = 0 AND cardinality(k.conkey) = 1
    AND k.conrelid <> 'pm.identity_merges'::regclass
  ORDER BY 1, 2
$function$;
GRANT EXECUTE ON FUNCTION instrument_references() TO app;

CREATE OR REPLACE FUNCTION pm.instruments_named(p_names text[])
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  me CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
BEGIN
  RETURN QUERY
  SELECT f.id FROM unnest(p_names) AS w (name) CROSS JOIN LATERAL (
    SELECT i.id, i.owner_user_id, i.merged_into FROM pm.instruments i WHERE lower(i.name) = w.name OFFSET 0
  ) f
  WHERE f.merged_into IS NULL AND (f.owner_user_id IS NULL OR f.owner_user_id = me)
  UNION
  SELECT f.id FROM unnest(p_names) AS w (name) CROSS JOIN LATERAL (
    SELECT o.instrument_id AS id, o.owner_user_id FROM pm.instrument_names o WHERE lower(o.name) = w.name OFFSET 0
  ) f
  WHERE f.owner_user_id IS NULL OR f.owner_user_id = me;
END
$function$;
GRANT EXECUTE ON FUNCTION instruments_named(text[]) TO app;
GRANT EXECUTE ON FUNCTION instruments_named(text[]) TO worker;
COMMENT ON FUNCTION instruments_named(text[]) IS 'Instruments with one of these names, now or formerly, given in lower case: shared ones and the caller''s own.';

CREATE OR REPLACE FUNCTION pm.invitations_to_me()
 RETURNS TABLE(id uuid, portfolio_name text, owner_name text, owner_email text, role text, created_at timestamp with time zone, expires_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT i.id, p.name, o.name, o.email, i.role, i.created_at, i.expires_at
  FROM pm.users me
  JOIN pm.portfolio_invitations i ON lower(i.email) = lower(me.email) AND i.user_id <> me.id AND i.expires_at > now()
  JOIN pm.portfolios p ON p.user_id = i.user_id AND p.id = i.portfolio_id AND p.deleted_at IS NULL
  JOIN pm.users o ON o.id = i.user_id AND o.deleted_at IS NULL
  WHERE me.id = nullif(current_setting('app.user_id', true), '')::uuid AND me.deleted_at IS NULL
$function$;
ALTER FUNCTION invitations_to_me() OWNER TO pm_auth;
GRANT EXECUTE ON FUNCTION invitations_to_me() TO app;

CREATE OR REPLACE FUNCTION pm.is_erasing()
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  IF current_setting('pm.erasing', true) IS DISTINCT FROM 'on' THEN
    RETURN false;
  END IF;
  RETURN EXISTS (SELECT 1 FROM pm.erasures_in_progress e WHERE e.transaction_id = pg_current_xact_id_if_assigned());
END
$function$;
GRANT EXECUTE ON FUNCTION is_erasing() TO pm_audit;

CREATE OR REPLACE FUNCTION pm.keep_history(p_table text, p_portfolio_column text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  history CONSTANT text := p_table || '_history';
  is_new CONSTANT boolean := to_regclass(format('pm.%I', history)) IS NULL;
  missing record;
  columns text;
  old_columns text;
BEGIN
  IF is_new THEN
    EXECUTE format('CREATE TABLE pm.%I (LIKE pm.%I, valid_from timestamptz NOT NULL, valid_to timestamptz NOT NULL, '
      'PRIMARY KEY (user_id, id, valid_from), CHECK (valid_from < valid_to))', history, p_table);
    EXECUTE format('CREATE INDEX %I ON pm.%I (%I, valid_to)', history || '_portfolio', history, p_portfolio_column);
    EXECUTE format('COMMENT ON TABLE pm.%I IS %L', history,
      format('Past versions of %s, each in force from valid_from until before valid_to. The present one is in %s; both together are %s_versions.',
        p_table, p_table, p_table));
  END IF;
  FOR missing IN
    SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type
    FROM pg_attribute a
    WHERE a.attrelid = format('pm.%I', p_table)::regclass AND a.attnum > 0 AND NOT a.attisdropped
      AND NOT EXISTS (SELECT 1 FROM pg_attribute h
        WHERE h.attrelid = format('pm.%I', history)::regclass AND h.attname = a.attname AND NOT h.attisdropped)
  LOOP
    EXECUTE format('ALTER TABLE pm.%I ADD COLUMN %I %s', history, missing.attname, missing.type);
  END LOOP;
  PERFORM pm.protect_portfolio_table(history, '{SELECT}', p_portfolio_column);
  EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON pm.%I FROM worker', history);

  SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), string_agg('o.' || quote_ident(a.attname), ', ' ORDER BY a.attnum)
  INTO columns, old_columns
  FROM pg_attribute a WHERE a.attrelid = format('pm.%I', p_table)::regclass AND a.attnum > 0 AND NOT a.attisdropped;

  EXECUTE format($f$
CREATE OR REPLACE FUNCTION pm.%1$I() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
  IF pm.is_erasing() THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO pm.%2$I (%3$s, valid_from, valid_to)
    SELECT %4$s, o.updated_at, n.updated_at FROM old_rows o JOIN new_rows n ON n.user_id = o.user_id AND n.id = o.id
    WHERE n.updated_at > o.updated_at;
  ELSE
    INSERT INTO pm.%2$I (%3$s, valid_from, valid_to)
    SELECT %4$s, o.updated_at, pm.next_stamp(o.updated_at) FROM old_rows o
    WHERE pm.next_stamp(o.updated_at) > o.updated_at;
  END IF;
  RETURN NULL;
END
$body$
$f$, 'keep_' || history, history, columns, old_columns);
  EXECUTE format('REVOKE ALL ON FUNCTION pm.%I() FROM PUBLIC', 'keep_' || history);
  IF is_new THEN
    EXECUTE format('CREATE TRIGGER history_update AFTER UPDATE ON pm.%I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows '
      'FOR EACH STATEMENT EXECUTE FUNCTION pm.%I()', p_table, 'keep_' || history);
    EXECUTE format('CREATE TRIGGER history_delete AFTER DELETE ON pm.%I REFERENCING OLD TABLE AS old_rows '
      'FOR EACH STATEMENT EXECUTE FUNCTION pm.%I()', p_table, 'keep_' || history);
  END IF;

  IF NOT is_new THEN
    -- Not replaced: a view cannot get new columns in between.
    EXECUTE format('DROP VIEW pm.%I', p_table || '_versions');
  END IF;
  EXECUTE format('CREATE VIEW pm.%I WITH (security_invoker = true) AS '
    'SELECT %s, o.updated_at AS valid_from, NULL::timestamptz AS valid_to FROM pm.%I o '
    'UNION ALL SELECT %s, o.valid_from, o.valid_to FROM pm.%I o',
    p_table || '_versions', old_columns, p_table, old_columns, history);
  EXECUTE format('GRANT SELECT ON pm.%I TO app, worker', p_table || '_versions');
  EXECUTE format('COMMENT ON VIEW pm.%I IS %L', p_table || '_versions',
    format('Every version of %s: as recorded at a moment t are those with valid_from <= t and t < valid_to, which is NULL for the version in force.', p_table));
END
$function$;

CREATE OR REPLACE FUNCTION pm.keep_holdings_history()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  IF pm.is_erasing() THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO pm.holdings_history (user_id, id, portfolio_id, instrument_id, unlinked_name, section, theme, account, qty, cost_basis, overdraft, target_pct, include, notes, version, created_at, updated_at, deleted_at, deletion_id, valid_from, valid_to)
    SELECT o.user_id, o.id, o.portfolio_id, o.instrument_id, o.unlinked_name, o.section, o.theme, o.account, o.qty, o.cost_basis, o.overdraft, o.target_pct, o.include, o.notes, o.version, o.created_at, o.updated_at, o.deleted_at, o.deletion_id, o.updated_at, n.updated_at FROM old_rows o JOIN new_rows n ON n.user_id = o.user_id AND n.id = o.id
    WHERE n.updated_at > o.updated_at;
  ELSE
    INSERT INTO pm.holdings_history (user_id, id, portfolio_id, instrument_id, unlinked_name, section, theme, account, qty, cost_basis, overdraft, target_pct, include, notes, version, created_at, updated_at, deleted_at, deletion_id, valid_from, valid_to)
    SELECT o.user_id, o.id, o.portfolio_id, o.instrument_id, o.unlinked_name, o.section, o.theme, o.account, o.qty, o.cost_basis, o.overdraft, o.target_pct, o.include, o.notes, o.version, o.created_at, o.updated_at, o.deleted_at, o.deletion_id, o.updated_at, pm.next_stamp(o.updated_at) FROM old_rows o
    WHERE pm.next_stamp(o.updated_at) > o.updated_at;
  END IF;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION pm.keep_name_of_merged(p_merge uuid, p_from uuid, p_into uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  WITH kept AS (
    INSERT INTO pm.instrument_names (instrument_id, owner_user_id, name, source)
    SELECT p_into, f.owner_user_id, f.name, 'merge'
    FROM pm.instruments f, pm.instruments i WHERE f.id = p_from AND i.id = p_into AND lower(f.name) <> lower(i.name)
    ON CONFLICT ON CONSTRAINT instrument_names_scope_key DO NOTHING
    RETURNING *)
  INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
  SELECT p_merge, t.owner_user_id, 'instrument_names', 'added', jsonb_build_object('id', t.id), '{}' FROM kept t;
  WITH issued AS (
    UPDATE pm.instruments t SET issuer_keys = x.keys
    FROM pm.instruments was, pm.instruments f
    CROSS JOIN LATERAL (SELECT ARRAY(SELECT DISTINCT k FROM pm.instruments i, unnest(i.issuer_keys || f.issuer_keys) k
      WHERE i.id = p_into ORDER BY k LIMIT 20) AS keys) x
    WHERE t.id = p_into AND was.id = p_into AND f.id = p_from AND f.owner_user_id IS NOT DISTINCT FROM t.owner_user_id
      AND t.issuer_keys <> x.keys
    RETURNING t.id, t.owner_user_id, was.issuer_keys AS keys_before)
  INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
  SELECT p_merge, t.owner_user_id, 'instruments', 'changed', jsonb_build_object('id', t.id),
    jsonb_build_object('issuer_keys', t.keys_before) FROM issued t;
END
$function$;

CREATE OR REPLACE FUNCTION pm.keep_portfolios_history()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  IF pm.is_erasing() THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO pm.portfolios_history (user_id, id, name, type, parent_id, base_currency, settings, lists, budgets, is_demo, version, created_at, updated_at, deleted_at, deletion_id, model_id, valid_from, valid_to)
    SELECT o.user_id, o.id, o.name, o.type, o.parent_id, o.base_currency, o.settings, o.lists, o.budgets, o.is_demo, o.version, o.created_at, o.updated_at, o.deleted_at, o.deletion_id, o.model_id, o.updated_at, n.updated_at FROM old_rows o JOIN new_rows n ON n.user_id = o.user_id AND n.id = o.id
    WHERE n.updated_at > o.updated_at;
  ELSE
    INSERT INTO pm.portfolios_history (user_id, id, name, type, parent_id, base_currency, settings, lists, budgets, is_demo, version, created_at, updated_at, deleted_at, deletion_id, model_id, valid_from, valid_to)
    SELECT o.user_id, o.id, o.name, o.type, o.parent_id, o.base_currency, o.settings, o.lists, o.budgets, o.is_demo, o.version, o.created_at, o.updated_at, o.deleted_at, o.deletion_id, o.model_id, o.updated_at, pm.next_stamp(o.updated_at) FROM old_rows o
    WHERE pm.next_stamp(o.updated_at) > o.updated_at;
  END IF;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION pm.keep_trades_history()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  IF pm.is_erasing() THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO pm.trades_history (user_id, id, portfolio_id, holding_id, type, date, date_assumed, seq, qty, price, amount, fees, taxes, currency, quote_unit, fx_rate, fx_source, fx_date, split_numerator, split_denominator, carried_cost, deposit_source, event_id, leg, overdraw, notes, version, created_at, updated_at, deleted_at, deletion_id, import_id, import_key, valid_from, valid_to)
    SELECT o.user_id, o.id, o.portfolio_id, o.holding_id, o.type, o.date, o.date_assumed, o.seq, o.qty, o.price, o.amount, o.fees, o.taxes, o.currency, o.quote_unit, o.fx_rate, o.fx_source, o.fx_date, o.split_numerator, o.split_denominator, o.carried_cost, o.deposit_source, o.event_id, o.leg, o.overdraw, o.notes, o.version, o.created_at, o.updated_at, o.deleted_at, o.deletion_id, o.import_id, o.import_key, o.updated_at, n.updated_at FROM old_rows o JOIN new_rows n ON n.user_id = o.user_id AND n.id = o.id
    WHERE n.updated_at > o.updated_at;
  ELSE
    INSERT INTO pm.trades_history (user_id, id, portfolio_id, holding_id, type, date, date_assumed, seq, qty, price, amount, fees, taxes, currency, quote_unit, fx_rate, fx_source, fx_date, split_numerator, split_denominator, carried_cost, deposit_source, event_id, leg, overdraw, notes, version, created_at, updated_at, deleted_at, deletion_id, import_id, import_key, valid_from, valid_to)
    SELECT o.user_id, o.id, o.portfolio_id, o.holding_id, o.type, o.date, o.date_assumed, o.seq, o.qty, o.price, o.amount, o.fees, o.taxes, o.currency, o.quote_unit, o.fx_rate, o.fx_source, o.fx_date, o.split_numerator, o.split_denominator, o.carried_cost, o.deposit_source, o.event_id, o.leg, o.overdraw, o.notes, o.version, o.created_at, o.updated_at, o.deleted_at, o.deletion_id, o.import_id, o.import_key, o.updated_at, pm.next_stamp(o.updated_at) FROM old_rows o
    WHERE pm.next_stamp(o.updated_at) > o.updated_at;
  END IF;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION pm.key_columns(p_table regclass)
 RETURNS text[]
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT array_agg(a.attname::text ORDER BY u.nth)
  FROM pg_index x, unnest(x.indkey::int2[]) WITH ORDINALITY u (num, nth), pg_attribute a
  WHERE x.indrelid = p_table AND x.indisprimary AND a.attrelid = p_table AND a.attnum = u.num
$function$;

CREATE OR REPLACE FUNCTION pm.lock_for_merge(p_one uuid, p_other uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('pm.identities', 0));
  PERFORM 1 FROM pm.instruments i WHERE i.id IN (p_one, p_other) ORDER BY i.id FOR UPDATE;
END
$function$;
GRANT EXECUTE ON FUNCTION lock_for_merge(uuid,uuid) TO app;

CREATE OR REPLACE FUNCTION pm.log_action(p_action text, p_detail jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  actor CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
BEGIN
  IF actor IS NULL THEN
    RAISE EXCEPTION 'nobody is signed in' USING ERRCODE = 'PM401';
  END IF;
  INSERT INTO pm.audit_log (user_id, actor_id, action, new_values) VALUES (actor, actor, p_action, p_detail);
END
$function$;
ALTER FUNCTION log_action(text,jsonb) OWNER TO pm_audit;
GRANT EXECUTE ON FUNCTION log_action(text,jsonb) TO app;

CREATE OR REPLACE FUNCTION pm.log_file_imports()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  actor CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
BEGIN
  IF pm.is_erasing() THEN
    RETURN NULL;
  END IF;
  -- Column by column: the files themselves are never made into text.
  IF TG_TABLE_NAME = 'statement_imports' THEN
    INSERT INTO pm.audit_log (user_id, actor_id, action, row_id, portfolio_id, new_values)
    SELECT c.user_id, actor, 'import_statement', c.id, c.portfolio_id,
      jsonb_strip_nulls(jsonb_build_object('file_name', c.file_name, 'preset', c.preset, 'account', c.account))
    FROM changed c;
  ELSE
    INSERT INTO pm.audit_log (user_id, actor_id, action, row_id, new_values)
    SELECT coalesce(c.owner_user_id, c.imported_by), actor, 'import_constituents', c.id,
      jsonb_strip_nulls(jsonb_build_object('file_name', c.file_name, 'format', c.format, 'as_of', c.as_of, 'row_count', c.row_count))
    FROM changed c WHERE coalesce(c.owner_user_id, c.imported_by) IS NOT NULL;
  END IF;
  RETURN NULL;
END
$function$;
ALTER FUNCTION log_file_imports() OWNER TO pm_audit;

CREATE OR REPLACE FUNCTION pm.login_lookup(p_email text)
 RETURNS TABLE(id uuid, password_hash text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT u.id, u.password_hash FROM pm.users u WHERE lower(u.email) = lower(p_email) AND u.deleted_at IS NULL
$function$;
ALTER FUNCTION login_lookup(text) OWNER TO pm_auth;
GRANT EXECUTE ON FUNCTION login_lookup(text) TO app;

CREATE OR REPLACE FUNCTION pm.lower_latest_prices_of_changed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  fallen record;
BEGIN
  FOR fallen IN
    SELECT l.listing_id, l.kind
    FROM old_rows o JOIN pm.latest_prices l
      ON l.listing_id = o.listing_id AND l.date_time = o.date_time AND l.source = o.source
    WHERE NOT EXISTS (SELECT 1 FROM new_rows n
      WHERE n.listing_id = o.listing_id AND n.date_time = o.date_time AND n.source = o.source
        AND pm.price_kind(n.interval) = l.kind)
    ORDER BY l.listing_id, l.kind
  LOOP
    PERFORM pm.recompute_latest_price(fallen.listing_id, fallen.kind);
  END LOOP;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION pm.lower_latest_prices_of_deleted()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  fallen record;
BEGIN
  FOR fallen IN
    SELECT l.listing_id, l.kind
    FROM old_rows o JOIN pm.latest_prices l
      ON l.listing_id = o.listing_id AND l.date_time = o.date_time AND l.source = o.source
    ORDER BY l.listing_id, l.kind
  LOOP
    PERFORM pm.recompute_latest_price(fallen.listing_id, fallen.kind);
  END LOOP;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION pm.make_quiet(p_table text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  trigger_name text;
BEGIN
  FOR trigger_name IN
    SELECT t.tgname FROM pg_trigger t
    WHERE t.tgrelid = format('pm.%I', p_table)::regclass AND t.tgname IN ('tell', 'tell_insert', 'tell_update', 'tell_delete')
  LOOP
    EXECUTE format('DROP TRIGGER %I ON pm.%I', trigger_name, p_table);
  END LOOP;
END
$function$;
COMMENT ON FUNCTION make_quiet(text) IS 'For migrations: changes of the table are not told, because no kept answer shows it, or because it only remembers what was computed.';

CREATE OR REPLACE FUNCTION pm.make_room_for_merge(p_merge uuid, p_from uuid, p_into uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  WITH past AS (
    UPDATE pm.instrument_identifiers t SET is_current = false
    WHERE t.instrument_id = p_from AND t.is_current AND EXISTS (
      SELECT 1 FROM pm.instrument_identifiers o
      WHERE o.instrument_id = p_into AND o.is_current AND o.scheme = t.scheme AND o.value <> t.value AND t.scheme IN ('isin', 'cusip')
        AND (o.owner_user_id IS NULL OR o.owner_user_id IS NOT DISTINCT FROM t.owner_user_id))
    RETURNING t.*)
  INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
  SELECT p_merge, t.owner_user_id, 'instrument_identifiers', 'changed', jsonb_build_object('id', t.id), '{"is_current": true}' FROM past t;
  WITH second AS (
    UPDATE pm.instrument_listings t SET is_primary = false
    WHERE t.instrument_id = p_from AND t.is_primary AND EXISTS (
      SELECT 1 FROM pm.instrument_listings o WHERE o.instrument_id = p_into AND o.is_primary
        AND (o.owner_user_id IS NULL OR o.owner_user_id IS NOT DISTINCT FROM t.owner_user_id))
    RETURNING t.*)
  INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
  SELECT p_merge, t.owner_user_id, 'instrument_listings', 'changed', jsonb_build_object('id', t.id), '{"is_primary": true}' FROM second t;
  WITH twin AS (
    UPDATE pm.constituent_imports t SET status = 'superseded', superseded_by = o.id, status_changed_at = now()
    FROM pm.constituent_imports o, pm.constituent_imports was
    WHERE t.parent_instrument_id = p_from AND t.status = 'active' AND o.parent_instrument_id = p_into AND o.status = 'active'
      AND o.as_of = t.as_of AND o.owner_user_id IS NOT DISTINCT FROM t.owner_user_id AND was.id = t.id
    RETURNING t.id, t.owner_user_id, was.status_changed_at)
  INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
  SELECT p_merge, t.owner_user_id, 'constituent_imports', 'changed', jsonb_build_object('id', t.id),
    jsonb_build_object('status', 'active', 'superseded_by', NULL, 'status_changed_at', t.status_changed_at) FROM twin t;
  WITH circle AS (
    DELETE FROM pm.fund_proxies t
    WHERE (t.fund_instrument_id, t.proxy_instrument_id) IN ((p_from, p_into), (p_into, p_from))
    RETURNING t.*)
  INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
  SELECT p_merge, t.owner_user_id, 'fund_proxies', 'removed', jsonb_build_object('id', t.id), to_jsonb(t) FROM circle t;
END
$function$;

CREATE OR REPLACE FUNCTION pm.make_telling(p_table text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  person CONSTANT text := (
    SELECT a.attname FROM pg_attribute a
    WHERE a.attrelid = format('pm.%I', p_table)::regclass AND NOT a.attisdropped
      AND (a.attname IN ('owner_user_id', 'user_id') OR (p_table = 'users' AND a.attname = 'id'))
    ORDER BY a.attname <> 'owner_user_id' LIMIT 1);
  event text;
BEGIN
  PERFORM pm.make_quiet(p_table);
  IF person IS NULL THEN
    EXECUTE format('CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON pm.%I '
      'FOR EACH STATEMENT EXECUTE FUNCTION pm.tell_changes_to_all()', p_table);
    RETURN;
  END IF;
  FOREACH event IN ARRAY ARRAY['insert', 'update', 'delete'] LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER %s ON pm.%I REFERENCING %s TABLE AS changed '
      'FOR EACH STATEMENT EXECUTE FUNCTION pm.tell_changes(%L)',
      'tell_' || event, event, p_table, CASE event WHEN 'delete' THEN 'OLD' ELSE 'NEW' END, person);
  END LOOP;
END
$function$;
COMMENT ON FUNCTION make_telling(text) IS 'For migrations: from now on every change of the table is told on the channel pm_changes.';

CREATE OR REPLACE FUNCTION pm.may_merge(p_from uuid, p_into uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT EXISTS (
    SELECT 1 FROM pm.instruments f, pm.instruments i,
      (SELECT nullif(current_setting('app.user_id', true), '')::uuid AS id) me
    WHERE f.id = p_from AND i.id = p_into AND f.id <> i.id AND f.merged_into IS NULL AND i.merged_into IS NULL
      AND (f.owner_user_id = me.id OR (f.owner_user_id IS NULL AND current_setting('app.user_role', true) = 'admin'))
      AND (i.owner_user_id IS NULL OR i.owner_user_id = f.owner_user_id))
$function$;
GRANT EXECUTE ON FUNCTION may_merge(uuid,uuid) TO app;

CREATE OR REPLACE FUNCTION pm.merge_after(p_merge uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT l.id FROM pm.identity_merges m JOIN pm.identity_merges l
    ON l.id > m.id AND l.undone_at IS NULL AND m.into_instrument_id IN (l.into_instrument_id, l.from_instrument_id)
  WHERE m.id = p_merge ORDER BY l.id DESC LIMIT 1
$function$;
GRANT EXECUTE ON FUNCTION merge_after(uuid) TO app;

CREATE OR REPLACE FUNCTION pm.merge_instruments(p_merge uuid, p_from uuid, p_into uuid, p_renamed boolean)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  reference record;
BEGIN
  PERFORM pm.lock_for_merge(p_from, p_into);
  IF NOT pm.may_merge(p_from, p_into) THEN
    RAISE EXCEPTION 'no such instruments for this person' USING ERRCODE = 'PM404';
  ELSIF EXISTS (SELECT 1 FROM pm.merge_obstacles(p_from, p_into, p_renamed)) THEN
    RAISE EXCEPTION 'something stands in the way of the merge' USING ERRCODE = 'PM409';
  END IF;
  INSERT INTO pm.identity_merges (id, owner_user_id, from_instrument_id, into_instrument_id, renamed, merged_by)
  SELECT p_merge, f.owner_user_id, p_from, p_into, p_renamed, nullif(current_setting('app.user_id', true), '')::uuid
  FROM pm.instruments f WHERE f.id = p_from;
  PERFORM pm.answer_reviews_by_merge(p_merge, p_from, p_into);
  PERFORM pm.make_room_for_merge(p_merge, p_from, p_into);
  PERFORM pm.add_up_constituents(p_merge, p_from, p_into);
  FOR reference IN SELECT r.table_name, r.column_name FROM pm.instrument_references() r LOOP
    PERFORM pm.move_references(p_merge, reference.table_name::regclass, reference.column_name, p_from, p_into);
  END LOOP;
  PERFORM pm.keep_name_of_merged(p_merge, p_from, p_into);
  UPDATE pm.instruments i SET merged_into = p_into WHERE i.id = p_from;
END
$function$;
GRANT EXECUTE ON FUNCTION merge_instruments(uuid,uuid,uuid,boolean) TO app;

CREATE OR REPLACE FUNCTION pm.merge_obstacles(p_from uuid, p_into uuid, p_renamed boolean)
 RETURNS TABLE(code text, first text, second text, scheme text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  WITH me AS (SELECT nullif(current_setting('app.user_id', true), '')::uuid AS id)
  SELECT DISTINCT 'numbers_differ', f.value, i.value, f.scheme
  FROM pm.instrument_identifiers f JOIN pm.instrument_identifiers i ON i.scheme = f.scheme, me
  WHERE NOT p_renamed AND pm.may_merge(p_from, p_into) AND f.instrument_id = p_from AND i.instrument_id = p_into
    AND f.is_current AND i.is_current AND f.value <> i.value AND f.scheme IN ('isin', 'cusip')
    AND (f.owner_user_id IS NULL OR f.owner_user_id = me.id) AND (i.owner_user_id IS NULL OR i.owner_user_id = me.id)
  UNION ALL
  SELECT 'holds_other', NULL, NULL, NULL
  WHERE pm.may_merge(p_from, p_into) AND EXISTS (
    SELECT 1 FROM pm.constituent_imports m JOIN pm.constituents c ON c.import_id = m.id
    WHERE (m.parent_instrument_id = p_from AND c.child_instrument_id = p_into)
      OR (m.parent_instrument_id = p_into AND c.child_instrument_id = p_from))
  UNION ALL
  SELECT DISTINCT 'held_twice', CASE WHEN f.user_id = me.id THEN f.account END, CASE WHEN f.user_id = me.id THEN p.name END, NULL
  FROM pm.holdings f
  JOIN pm.holdings i ON i.portfolio_id = f.portfolio_id AND i.account = f.account
  JOIN pm.portfolios p ON p.user_id = f.user_id AND p.id = f.portfolio_id, me
  WHERE pm.may_merge(p_from, p_into) AND f.instrument_id = p_from AND i.instrument_id = p_into
    AND f.deleted_at IS NULL AND i.deleted_at IS NULL
$function$;
GRANT EXECUTE ON FUNCTION merge_obstacles(uuid,uuid,boolean) TO app;

CREATE OR REPLACE FUNCTION pm.move_references(p_merge uuid, p_table regclass, p_column text, p_from uuid, p_into uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  bare CONSTANT text := (SELECT c.relname FROM pg_class c WHERE c.oid = p_table);
  key_of CONSTANT text := (SELECT 'jsonb_build_object(' || string_agg(format('%L, t.%I', k, k), ', ') || ')' FROM unnest(pm.key_columns(p_table)) k);
  clash record;
BEGIN
  FOR clash IN
    SELECT coalesce(pg_get_expr(x.indpred, x.indrelid), 'true') AS predicate,
      coalesce((SELECT string_agg(format(CASE WHEN x.indnullsnotdistinct THEN 'o.%1$I IS NOT DISTINCT FROM t.%1$I' ELSE 'o.%1$I = t.%1$I' END, a.attname), ' AND ')
        FROM pg_attribute a WHERE a.attrelid = p_table AND a.attnum = ANY (x.indkey) AND a.attname <> p_column), 'true') AS same
    FROM pg_index x JOIN pg_attribute c ON c.attrelid = x.indrelid AND c.attname = p_column
    WHERE x.indrelid = p_table AND x.indisunique AND c.attnum = ANY (x.indkey) AND x.indexprs IS NULL
  LOOP
    EXECUTE format($q$
      WITH gone AS (
        DELETE FROM %1$s t
        WHERE t.%2$I = $2 AND t.ctid IN (SELECT u.ctid FROM (SELECT ctid, * FROM %1$s WHERE %2$I = $2 AND %3$s) u)
          AND EXISTS (SELECT 1 FROM (SELECT * FROM %1$s WHERE %2$I = $3 AND %3$s) o WHERE %4$s)
        RETURNING t.*)
      INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
      SELECT $1, %5$s, %6$L, 'removed', %7$s, to_jsonb(t) FROM gone t$q$,
      p_table, p_column, clash.predicate, clash.same, pm.row_owner(p_table), bare, key_of)
    USING p_merge, p_from, p_into;
  END LOOP;
  EXECUTE format($q$
    WITH moved AS (UPDATE %1$s t SET %2$I = $3 WHERE t.%2$I = $2 RETURNING t.*)
    INSERT INTO pm.identity_merge_moves (merge_id, owner_user_id, table_name, action, row_key, before)
    SELECT $1, %3$s, %4$L, 'moved', %5$s, jsonb_build_object(%2$L, $2) FROM moved t$q$,
    p_table, p_column, pm.row_owner(p_table), bare, key_of)
  USING p_merge, p_from, p_into;
END
$function$;

CREATE OR REPLACE FUNCTION pm.next_stamp(p_previous timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT CASE WHEN p_previous <= now() THEN now() ELSE p_previous + interval '1 microsecond' END
$function$;
GRANT EXECUTE ON FUNCTION next_stamp(timestamp with time zone) TO app;
GRANT EXECUTE ON FUNCTION next_stamp(timestamp with time zone) TO pm_audit;
GRANT EXECUTE ON FUNCTION next_stamp(timestamp with time zone) TO pm_auth;
GRANT EXECUTE ON FUNCTION next_stamp(timestamp with time zone) TO worker;

CREATE OR REPLACE FUNCTION pm.note_history(p_portfolios uuid[], p_days date[])
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  INSERT INTO pm.history_changes (user_id, portfolio_id, from_day)
  SELECT p.user_id, p.id, greatest(min(c.day), DATE '1900-01-01')
  FROM unnest(p_portfolios, p_days) AS c (portfolio_id, day)
  JOIN pm.portfolios p ON p.id = c.portfolio_id
  WHERE EXISTS (SELECT FROM pm.portfolio_snapshots s WHERE s.portfolio_id = p.id AND s.date >= c.day)
  GROUP BY p.user_id, p.id
$function$;

CREATE OR REPLACE FUNCTION pm.note_instrument_history(p_instruments uuid[], p_since timestamp with time zone[], p_person uuid)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT pm.note_history(array_agg(c.portfolio_id), array_agg(c.day)) FROM (
    SELECT h.portfolio_id, min((i.since AT TIME ZONE 'UTC')::date - 1) AS day
    FROM unnest(p_instruments, p_since) AS i (id, since)
    JOIN pm.holdings h ON h.instrument_id = i.id AND (p_person IS NULL OR h.user_id = p_person)
    -- A price after the end of the last day that is kept concerns none of them.
    WHERE i.since <= (SELECT s.as_of FROM pm.portfolio_snapshots s WHERE s.portfolio_id = h.portfolio_id
      ORDER BY s.date DESC LIMIT 1)
    GROUP BY h.portfolio_id) c
$function$;

CREATE OR REPLACE FUNCTION pm.note_line_history()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  PERFORM pm.note_instrument_history(
    ARRAY[CASE TG_TABLE_NAME WHEN 'instruments' THEN (to_jsonb(NEW) ->> 'id')::uuid ELSE (to_jsonb(NEW) ->> 'instrument_id')::uuid END],
    ARRAY[timestamptz '1900-01-02 00:00:00+00'], NULL);
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION pm.note_manual_price_history()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  PERFORM pm.note_instrument_history(array_agg(c.instrument_id), array_agg(c.since), c.user_id) FROM (
    SELECT r.user_id, r.instrument_id, min(r.date_time) AS since FROM changed r GROUP BY r.user_id, r.instrument_id) c
  GROUP BY c.user_id;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION pm.note_price_history()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  PERFORM pm.note_instrument_history(array_agg(c.instrument_id), array_agg(c.since), NULL) FROM (
    SELECT l.instrument_id, min(r.date_time) AS since
    FROM changed r JOIN pm.instrument_listings l ON l.id = r.listing_id GROUP BY l.instrument_id) c;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION pm.note_rate_history()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  since CONSTANT date := (SELECT min(r.date) FROM changed r);
BEGIN
  IF since IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM pm.note_history(array_agg(c.id), array_agg(since)) FROM (
    SELECT DISTINCT p.id FROM pm.portfolios p JOIN pm.holdings h ON h.portfolio_id = p.id AND h.user_id = p.user_id
    JOIN pm.instruments i ON i.id = h.instrument_id
    WHERE i.currency IS DISTINCT FROM p.base_currency OR EXISTS (
      SELECT FROM pm.instrument_listings l WHERE l.instrument_id = i.id AND l.currency <> p.base_currency)
    UNION
    SELECT p.id FROM pm.holding_debts d JOIN pm.portfolios p ON p.id = d.portfolio_id AND p.user_id = d.user_id
    WHERE d.currency <> p.base_currency) c;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION pm.note_rows_changed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  UPDATE pm.constituent_imports i SET fund_ids = pm.funds_among(i.id)
  WHERE i.id IN (SELECT DISTINCT r.import_id FROM changed_rows r);
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION pm.note_securities_changed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  changed uuid[];
  other_types uuid[];
BEGIN
  SELECT array_agg(n.id), array_agg(n.id) FILTER (WHERE n.type <> o.type) INTO changed, other_types
  FROM new_rows n JOIN old_rows o ON o.id = n.id
  WHERE (o.name, o.type, o.sector, o.industry, o.country, o.currency, o.asset_class)
    IS DISTINCT FROM (n.name, n.type, n.sector, n.industry, n.country, n.currency, n.asset_class);
  IF changed IS NULL THEN
    RETURN NULL;
  END IF;
  -- What does not count now gets a new version when it counts again.
  UPDATE pm.constituent_imports i SET fund_ids = i.fund_ids
  WHERE i.status = 'active' AND i.id IN (
    SELECT c.import_id FROM pm.constituents c WHERE c.child_instrument_id = ANY (changed));
  IF other_types IS NOT NULL THEN
    UPDATE pm.constituent_imports i SET fund_ids = pm.funds_among(i.id)
    WHERE i.id IN (SELECT c.import_id FROM pm.constituents c WHERE c.child_instrument_id = ANY (other_types));
  END IF;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION pm.note_trade_history()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    PERFORM pm.note_history(array_agg(c.portfolio_id), array_agg(c.day)) FROM (
      SELECT b.portfolio_id, min(b.date) AS day
      FROM (SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) b GROUP BY b.portfolio_id) c;
  ELSE
    PERFORM pm.note_history(array_agg(c.portfolio_id), array_agg(c.day)) FROM (
      SELECT r.portfolio_id, min(r.date) AS day FROM changed r GROUP BY r.portfolio_id) c;
  END IF;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION pm.note_transit_history()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION pm.note_whole_history()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  portfolios uuid[];
BEGIN
  IF TG_TABLE_NAME = 'holdings' THEN
    portfolios := ARRAY[NEW.portfolio_id];
  ELSIF TG_TABLE_NAME = 'portfolios' THEN
    portfolios := ARRAY[NEW.id];
  ELSE
    portfolios := ARRAY(SELECT p.id FROM pm.portfolios p WHERE p.user_id = NEW.id);
  END IF;
  PERFORM pm.note_history(portfolios, array_fill(DATE '1900-01-01', ARRAY[cardinality(portfolios)]));
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION pm.open_transactions()
 RETURNS SETOF xid8
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;
GRANT EXECUTE ON FUNCTION open_transactions() TO app;
GRANT EXECUTE ON FUNCTION open_transactions() TO worker;
COMMENT ON FUNCTION open_transactions() IS 'Transactions of this database that were open when the snapshot was taken.';

CREATE OR REPLACE FUNCTION pm.owners_of_shared()
 RETURNS TABLE(portfolio_id uuid, name text, email text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT a.portfolio_id, u.name, u.email
  FROM pm.portfolio_access a JOIN pm.users u ON u.id = a.owner_id
  WHERE a.user_id = nullif(current_setting('app.user_id', true), '')::uuid
$function$;
ALTER FUNCTION owners_of_shared() OWNER TO pm_auth;
GRANT EXECUTE ON FUNCTION owners_of_shared() TO app;

CREATE OR REPLACE FUNCTION pm.password_hash_of(p_user uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT u.password_hash FROM pm.users u
  WHERE u.id = p_user AND u.deleted_at IS NULL
    AND u.id = nullif(current_setting('app.user_id', true), '')::uuid
$function$;
ALTER FUNCTION password_hash_of(uuid) OWNER TO pm_auth;
GRANT EXECUTE ON FUNCTION password_hash_of(uuid) TO app;

CREATE OR REPLACE FUNCTION pm.people_of_portfolio(p_portfolio uuid)
 RETURNS TABLE(user_id uuid, name text, email text, role text, since timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;
ALTER FUNCTION people_of_portfolio(uuid) OWNER TO pm_auth;
GRANT EXECUTE ON FUNCTION people_of_portfolio(uuid) TO app;

CREATE OR REPLACE FUNCTION pm.people_who_acted(p_ids uuid[])
 RETURNS TABLE(id uuid, name text, email text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT u.id, u.name, u.email FROM pm.users u
  WHERE u.id = ANY (p_ids) AND u.deleted_at IS NULL AND EXISTS (
    SELECT FROM pm.audit_log l
    WHERE l.actor_id = u.id AND l.actor_id <> l.user_id
      AND l.user_id = nullif(current_setting('app.user_id', true), '')::uuid)
$function$;
ALTER FUNCTION people_who_acted(uuid[]) OWNER TO pm_auth;
GRANT EXECUTE ON FUNCTION people_who_acted(uuid[]) TO app;

CREATE OR REPLACE FUNCTION pm.price_kind(p_interval text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT CASE WHEN p_interval IN ('1d', '1w', '1mo') THEN 'close' ELSE 'live' END
$function$;
GRANT EXECUTE ON FUNCTION price_kind(text) TO app;
GRANT EXECUTE ON FUNCTION price_kind(text) TO worker;

CREATE OR REPLACE FUNCTION pm.proofs_that_hold(p_users uuid[], p_sessions uuid[], p_tokens uuid[])
 RETURNS TABLE(place integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT g.place::integer
  FROM unnest(p_users, p_sessions, p_tokens) WITH ORDINALITY AS g (user_id, session_id, token_id, place)
  JOIN pm.users u ON u.id = g.user_id AND u.deleted_at IS NULL
  WHERE EXISTS (SELECT FROM pm.sessions s
      WHERE s.user_id = g.user_id AND s.id = g.session_id AND s.revoked_at IS NULL AND s.expires_at > now())
    OR EXISTS (SELECT FROM pm.personal_access_tokens t
      WHERE t.user_id = g.user_id AND t.id = g.token_id AND t.revoked_at IS NULL
        AND (t.expires_at IS NULL OR t.expires_at > now()))
$function$;
ALTER FUNCTION proofs_that_hold(uuid[],uuid[],uuid[]) OWNER TO pm_auth;
GRANT EXECUTE ON FUNCTION proofs_that_hold(uuid[],uuid[],uuid[]) TO app;

CREATE OR REPLACE FUNCTION pm.protect_portfolio_table(p_table text, p_app text[] DEFAULT '{SELECT,INSERT,UPDATE,DELETE}'::text[], p_column text DEFAULT 'portfolio_id'::text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION pm.protect_scoped_table(p_table text, p_app text[] DEFAULT '{SELECT,INSERT,UPDATE,DELETE}'::text[], p_column text DEFAULT 'owner_user_id'::text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION pm.protect_shared_table(p_table text, p_app text[] DEFAULT '{SELECT,INSERT,UPDATE,DELETE}'::text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  admin CONSTANT text := $e$(SELECT current_setting('app.user_role', true)) = 'admin'$e$;
BEGIN
  PERFORM pm.secure_table(p_table, p_app);
  EXECUTE format('CREATE POLICY tenant_read ON pm.%I FOR SELECT TO app USING (true)', p_table);
  EXECUTE format('CREATE POLICY tenant_insert ON pm.%I FOR INSERT TO app WITH CHECK (%s)', p_table, admin);
  EXECUTE format('CREATE POLICY tenant_update ON pm.%I FOR UPDATE TO app USING (%s) WITH CHECK (%s)', p_table, admin, admin);
  EXECUTE format('CREATE POLICY tenant_delete ON pm.%I FOR DELETE TO app USING (%s)', p_table, admin);
END
$function$;

CREATE OR REPLACE FUNCTION pm.protect_user_table(p_table text, p_app text[] DEFAULT '{SELECT,INSERT,UPDATE,DELETE}'::text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  me CONSTANT text := $e$(SELECT nullif(current_setting('app.user_id', true), '')::uuid)$e$;
BEGIN
  PERFORM pm.secure_table(p_table, p_app);
  EXECUTE format('CREATE POLICY tenant ON pm.%I TO app USING (user_id = %s) WITH CHECK (user_id = %s)', p_table, me, me);
END
$function$;

CREATE OR REPLACE FUNCTION pm.publish_latest_prices()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  INSERT INTO pm.stream_outbox (topic, payload)
  SELECT 'price:' || c.listing_id, jsonb_build_object('kind', c.kind, 'price', CASE WHEN TG_OP <> 'DELETE' THEN jsonb_build_object(
    'close', trim_scale(c.close)::text, 'currency', c.currency, 'dateTime', to_char(c.date_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'source', c.source, 'interval', c.interval) END)
  FROM changed c
  ORDER BY c.listing_id, c.kind;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION pm.put_back(p_merge uuid, p_table regclass)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  bare CONSTANT text := (SELECT c.relname FROM pg_class c WHERE c.oid = p_table);
  same_row CONSTANT text := (SELECT string_agg(format('t.%1$I = (m.k).%1$I', k), ' AND ') FROM unnest(pm.key_columns(p_table)) k);
  noted CONSTANT text := format('SELECT v.before, jsonb_populate_record(NULL::%s, v.row_key) AS k, jsonb_populate_record(NULL::%1$s, v.before) AS b '
    'FROM pm.identity_merge_moves v WHERE v.merge_id = $1 AND v.table_name = %L', p_table, bare);
  columns CONSTANT text := (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
    WHERE a.attrelid = p_table AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity <> 'a');
  change record;
BEGIN
  FOR change IN
    SELECT v.action, v.names, (SELECT string_agg(format('%1$I = (m.b).%1$I', n), ', ') FROM unnest(v.names) n) AS assignments
    FROM (SELECT DISTINCT w.action, ARRAY(SELECT jsonb_object_keys(w.before) ORDER BY 1) AS names FROM pm.identity_merge_moves w
      WHERE w.merge_id = p_merge AND w.table_name = bare AND w.action = 'moved') v
    ORDER BY v.names
  LOOP
    EXECUTE format('UPDATE %s t SET %s FROM (%s AND v.action = %L) m WHERE %s AND m.before ?& $2',
      p_table, change.assignments, noted, change.action, same_row) USING p_merge, change.names;
  END LOOP;
  EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM (SELECT (m.b).* FROM (%s AND v.action = ''removed'') m) r',
    p_table, columns, columns, noted) USING p_merge;
  FOR change IN
    SELECT v.action, v.names, (SELECT string_agg(format('%1$I = (m.b).%1$I', n), ', ') FROM unnest(v.names) n) AS assignments
    FROM (SELECT DISTINCT w.action, ARRAY(SELECT jsonb_object_keys(w.before) ORDER BY 1) AS names FROM pm.identity_merge_moves w
      WHERE w.merge_id = p_merge AND w.table_name = bare AND w.action = 'changed') v
    ORDER BY cardinality(v.names) DESC
  LOOP
    EXECUTE format('UPDATE %s t SET %s FROM (%s AND v.action = %L) m WHERE %s AND ARRAY(SELECT jsonb_object_keys(m.before) ORDER BY 1) = $2',
      p_table, change.assignments, noted, change.action, same_row) USING p_merge, change.names;
  END LOOP;
  EXECUTE format('DELETE FROM %s t USING (%s AND v.action = ''added'') m WHERE %s', p_table, noted, same_row) USING p_merge;
END
$function$;

CREATE OR REPLACE FUNCTION pm.raise_latest_prices()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  INSERT INTO pm.latest_prices AS l (listing_id, kind, date_time, source, interval, close, currency, updated_at)
  SELECT DISTINCT ON (n.listing_id, n.kind) n.listing_id, n.kind, n.date_time, n.source, n.interval, n.close, n.currency, now()
  FROM (SELECT r.*, pm.price_kind(r.interval) AS kind FROM new_rows r) n
  -- Also the order in which rows are locked: the same for everybody, so that two writers cannot block each other.
  ORDER BY n.listing_id, n.kind, n.date_time DESC, n.source
  ON CONFLICT (listing_id, kind) DO UPDATE
    SET date_time = excluded.date_time, source = excluded.source, interval = excluded.interval,
        close = excluded.close, currency = excluded.currency, updated_at = excluded.updated_at
    WHERE excluded.date_time > l.date_time OR (excluded.date_time = l.date_time AND excluded.source <= l.source);
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION pm.recompute_latest_price(p_listing uuid, p_kind text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  newest record;
BEGIN
  PERFORM 1 FROM pm.latest_prices l WHERE l.listing_id = p_listing AND l.kind = p_kind FOR UPDATE;
  -- A statement of its own, after the lock: it sees what others stored while this one waited.
  SELECT p.date_time, p.source, p.interval, p.close, p.currency INTO newest
  FROM pm.prices p
  WHERE p.listing_id = p_listing
    AND (p.interval IN ('1d', '1w', '1mo')) = (p_kind = 'close')
  ORDER BY p.date_time DESC, p.source LIMIT 1;
  IF FOUND THEN
    INSERT INTO pm.latest_prices AS l (listing_id, kind, date_time, source, interval, close, currency, updated_at)
    VALUES (p_listing, p_kind, newest.date_time, newest.source, newest.interval, newest.close, newest.currency, now())
    ON CONFLICT (listing_id, kind) DO UPDATE
      SET date_time = excluded.date_time, source = excluded.source, interval = excluded.interval,
          close = excluded.close, currency = excluded.currency, updated_at = excluded.updated_at;
  ELSE
    DELETE FROM pm.latest_prices l WHERE l.listing_id = p_listing AND l.kind = p_kind;
  END IF;
END
$function$;

CREATE OR REPLACE FUNCTION pm.refresh_portfolio_summaries()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  REFRESH MATERIALIZED VIEW CONCURRENTLY pm.portfolio_summaries;
END
$function$;
GRANT EXECUTE ON FUNCTION refresh_portfolio_summaries() TO worker;

CREATE OR REPLACE FUNCTION pm.register_user(p_id uuid, p_email text, p_password_hash text, p_name text, p_locale text, p_timezone text, p_demo boolean, p_open boolean)
 RETURNS TABLE(id uuid, role text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  is_first boolean;
  new_role text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('pm.register_user', 0));
  SELECT NOT EXISTS (SELECT 1 FROM pm.users u WHERE NOT u.is_demo AND u.deleted_at IS NULL) INTO is_first;
  IF NOT p_open AND NOT is_first THEN
    RAISE EXCEPTION 'registration is closed' USING ERRCODE = 'PM403';
  END IF;
  IF EXISTS (SELECT 1 FROM pm.users u WHERE lower(u.email) = lower(p_email) AND u.deleted_at IS NULL) THEN
    RAISE EXCEPTION 'address is taken' USING ERRCODE = 'PM409';
  END IF;
  new_role := CASE WHEN is_first AND NOT p_demo THEN 'admin' ELSE 'member' END;
  INSERT INTO pm.users (id, email, password_hash, name, role, locale, timezone, is_demo)
  VALUES (p_id, p_email, p_password_hash, p_name, new_role, coalesce(p_locale, 'en-GB'),
    coalesce(p_timezone, 'Europe/London'), p_demo);
  RETURN QUERY SELECT p_id, new_role;
END
$function$;
ALTER FUNCTION register_user(uuid,text,text,text,text,text,boolean,boolean) OWNER TO pm_auth;
GRANT EXECUTE ON FUNCTION register_user(uuid,text,text,text,text,text,boolean,boolean) TO app;

CREATE OR REPLACE FUNCTION pm.registration_is_open(p_open boolean)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT p_open OR NOT EXISTS (SELECT 1 FROM pm.users u WHERE NOT u.is_demo AND u.deleted_at IS NULL)
$function$;
ALTER FUNCTION registration_is_open(boolean) OWNER TO pm_auth;
GRANT EXECUTE ON FUNCTION registration_is_open(boolean) TO app;

CREATE OR REPLACE FUNCTION pm.reopen_held_price(p_id uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  me CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  is_admin CONSTANT boolean := current_setting('app.user_role', true) = 'admin';
  held pm.price_quarantine;
BEGIN
  SELECT q.* INTO held FROM pm.price_quarantine q JOIN pm.instrument_listings l ON l.id = q.listing_id
  WHERE q.id = p_id AND q.status <> 'open' AND (l.owner_user_id = me OR (l.owner_user_id IS NULL AND is_admin))
  FOR UPDATE OF q;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  IF held.status = 'accepted' THEN
    DELETE FROM pm.prices p
    WHERE p.listing_id = held.listing_id AND p.date_time = held.date_time AND p.source = held.source AND p.close = held.close;
  END IF;
  UPDATE pm.price_quarantine q SET status = 'open', decided_by = NULL, decided_at = NULL WHERE q.id = p_id;
  RETURN true;
END
$function$;
GRANT EXECUTE ON FUNCTION reopen_held_price(uuid) TO app;

CREATE OR REPLACE FUNCTION pm.request_erasure(p_user uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  UPDATE pm.users u SET deleted_at = now()
  WHERE u.id = p_user AND u.deleted_at IS NULL AND u.id = nullif(current_setting('app.user_id', true), '')::uuid;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'not the signed-in person' USING ERRCODE = 'PM401';
  END IF;
  UPDATE pm.sessions s SET revoked_at = now(), revoked_reason = 'account_deleted' WHERE s.user_id = p_user AND s.revoked_at IS NULL;
  UPDATE pm.personal_access_tokens t SET revoked_at = now() WHERE t.user_id = p_user AND t.revoked_at IS NULL;
END
$function$;
ALTER FUNCTION request_erasure(uuid) OWNER TO pm_auth;
GRANT EXECUTE ON FUNCTION request_erasure(uuid) TO app;

CREATE OR REPLACE FUNCTION pm.rotate_session(p_old_hash bytea, p_new_hash bytea, p_expires_at timestamp with time zone)
 RETURNS TABLE(outcome text, user_id uuid, session_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  grace CONSTANT interval := interval '20 seconds';
  remembered CONSTANT interval := interval '1 day';
  live boolean;
  replaced_at timestamptz;
BEGIN
  SELECT t.user_id, t.session_id INTO rotate_session.user_id, rotate_session.session_id
  FROM pm.session_tokens t WHERE t.token_hash = p_old_hash;
  IF NOT FOUND THEN
    outcome := 'unknown';
    RETURN NEXT;
    RETURN;
  END IF;
  -- The session's row is the lock: two tabs that refresh at once come one after the other.
  SELECT s.revoked_at IS NULL AND s.expires_at > clock_timestamp() AND u.deleted_at IS NULL INTO live
  FROM pm.sessions s JOIN pm.users u ON u.id = s.user_id
  WHERE s.user_id = rotate_session.user_id AND s.id = rotate_session.session_id
  FOR NO KEY UPDATE OF s;
  SELECT t.superseded_at INTO replaced_at FROM pm.session_tokens t WHERE t.token_hash = p_old_hash;
  IF NOT FOUND OR live IS NULL THEN
    outcome := 'unknown';
  ELSIF NOT live THEN
    outcome := 'expired';
  ELSIF replaced_at IS NULL THEN
    outcome := 'rotated';
  ELSIF replaced_at > clock_timestamp() - grace THEN
    outcome := 'grace';
  ELSE
    outcome := 'reused';
    UPDATE pm.sessions s SET revoked_at = clock_timestamp(), revoked_reason = 'token_reused'
    WHERE s.user_id = rotate_session.user_id AND s.id = rotate_session.session_id;
  END IF;
  IF outcome IN ('rotated', 'grace') THEN
    IF outcome = 'rotated' THEN
      UPDATE pm.session_tokens t SET superseded_at = clock_timestamp()
      WHERE t.user_id = rotate_session.user_id AND t.session_id = rotate_session.session_id AND t.superseded_at IS NULL;
    END IF;
    DELETE FROM pm.session_tokens t
    WHERE t.user_id = rotate_session.user_id AND t.session_id = rotate_session.session_id
      AND t.superseded_at < clock_timestamp() - remembered;
    INSERT INTO pm.session_tokens (user_id, session_id, token_hash)
    VALUES (rotate_session.user_id, rotate_session.session_id, p_new_hash);
    UPDATE pm.sessions s SET last_used_at = clock_timestamp(), expires_at = p_expires_at
    WHERE s.user_id = rotate_session.user_id AND s.id = rotate_session.session_id;
  END IF;
  RETURN NEXT;
END
$function$;
ALTER FUNCTION rotate_session(bytea,bytea,timestamp with time zone) OWNER TO pm_auth;
GRANT EXECUTE ON FUNCTION rotate_session(bytea,bytea,timestamp with time zone) TO app;

CREATE OR REPLACE FUNCTION pm.row_owner(p_table regclass)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT coalesce((SELECT 't.' || a.attname FROM pg_attribute a
    WHERE a.attrelid = p_table AND a.attname IN ('user_id', 'owner_user_id') AND NOT a.attisdropped LIMIT 1), 'NULL::uuid')
$function$;

CREATE OR REPLACE FUNCTION pm.search_instruments(p_isin text, p_ticker text, p_bare_ticker text, p_phrase text, p_name_patterns text[], p_other_patterns text[], p_type text, p_with_constituents boolean, p_after_rank integer, p_after_shared boolean, p_after_name text, p_after_id uuid, p_limit integer)
 RETURNS TABLE(id uuid, rank integer, is_shared boolean, name_key text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
#variable_conflict use_column
DECLARE
  me CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
BEGIN
  RETURN QUERY
  WITH candidate AS (
    SELECT i.id, i.owner_user_id, i.type, i.name, 0 AS rank
    FROM pm.instrument_identifiers f JOIN pm.instruments i ON i.id = f.instrument_id
    WHERE f.scheme = 'isin' AND f.value = p_isin AND (f.owner_user_id IS NULL OR f.owner_user_id = me)
    UNION ALL
    SELECT i.id, i.owner_user_id, i.type, i.name, 1
    FROM pm.instrument_listings l JOIN pm.instruments i ON i.id = l.instrument_id
    WHERE upper(l.ticker) = p_ticker AND (l.owner_user_id IS NULL OR l.owner_user_id = me)
    UNION ALL
    SELECT i.id, i.owner_user_id, i.type, i.name, 2
    FROM pm.instrument_listings l JOIN pm.instruments i ON i.id = l.instrument_id
    WHERE upper(l.ticker) = p_bare_ticker AND (l.owner_user_id IS NULL OR l.owner_user_id = me)
    UNION ALL
    SELECT i.id, i.owner_user_id, i.type, i.name, CASE WHEN starts_with(lower(i.name), p_phrase) THEN 3 ELSE 4 END
    FROM pm.instruments i
    WHERE lower(i.name) LIKE ANY (p_name_patterns) AND (' ' || lower(i.name)) LIKE ALL (p_other_patterns)
      AND (p_other_patterns[1] IS NULL OR starts_with(p_other_patterns[1], '% ') OR lower(i.name) LIKE p_other_patterns[1])
      AND (p_other_patterns[2] IS NULL OR starts_with(p_other_patterns[2], '% ') OR lower(i.name) LIKE p_other_patterns[2])
      AND i.merged_into IS NULL
    UNION ALL
    SELECT i.id, i.owner_user_id, i.type, i.name, 4
    FROM pm.instrument_names o JOIN pm.instruments i ON i.id = o.instrument_id
    WHERE lower(o.name) = p_phrase AND (o.owner_user_id IS NULL OR o.owner_user_id = me)
  ), found AS (
    SELECT DISTINCT ON (c.id) c.id, c.rank, c.owner_user_id IS NULL AS is_shared, left(lower(c.name), 64) COLLATE "C" AS name_key
    FROM candidate c
    WHERE (c.owner_user_id IS NULL OR c.owner_user_id = me)
      AND (p_type IS NULL OR c.type = p_type)
      AND (NOT p_with_constituents OR EXISTS (SELECT 1 FROM pm.constituent_imports m WHERE m.parent_instrument_id = c.id
        AND m.status = 'active' AND (m.owner_user_id IS NULL OR m.owner_user_id = me)))
    ORDER BY c.id, c.rank
  )
  SELECT f.id, f.rank, f.is_shared, f.name_key
  FROM found f
  WHERE p_after_id IS NULL OR (f.rank, f.is_shared, f.name_key, f.id) > (p_after_rank, p_after_shared, p_after_name COLLATE "C", p_after_id)
  ORDER BY f.rank, f.is_shared, f.name_key, f.id
  LIMIT p_limit;
END
$function$;
GRANT EXECUTE ON FUNCTION search_instruments(text,text,text,text,text[],text[],text,boolean,integer,boolean,text,uuid,integer) TO app;
GRANT EXECUTE ON FUNCTION search_instruments(text,text,text,text,text[],text[],text,boolean,integer,boolean,text,uuid,integer) TO worker;

CREATE OR REPLACE FUNCTION pm.secure_table(p_table text, p_app text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  IF p_table NOT LIKE '%\_history' AND EXISTS (
    SELECT FROM pg_attribute a
    WHERE a.attrelid = format('pm.%I', p_table)::regclass AND a.attname IN ('user_id', 'owner_user_id') AND NOT a.attisdropped
  ) THEN
    PERFORM pm.make_telling(p_table);
  END IF;
END
$function$;

CREATE OR REPLACE FUNCTION pm.start_session(p_session uuid, p_user uuid, p_refresh_hash bytea, p_expires_at timestamp with time zone, p_user_agent text, p_ip text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  UPDATE pm.users u SET last_login_at = now() WHERE u.id = p_user AND u.deleted_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such person' USING ERRCODE = 'PM401';
  END IF;
  INSERT INTO pm.sessions (id, user_id, user_agent, ip, expires_at)
  VALUES (p_session, p_user, left(p_user_agent, 512), left(p_ip, 64), p_expires_at);
  INSERT INTO pm.session_tokens (user_id, session_id, token_hash) VALUES (p_user, p_session, p_refresh_hash);
END
$function$;
ALTER FUNCTION start_session(uuid,uuid,bytea,timestamp with time zone,text,text) OWNER TO pm_auth;
GRANT EXECUTE ON FUNCTION start_session(uuid,uuid,bytea,timestamp with time zone,text,text) TO app;

CREATE OR REPLACE FUNCTION pm.stream_after(p_transaction xid8, p_seq bigint, p_topics text[], p_limit integer)
 RETURNS TABLE(transaction_id xid8, seq bigint, topic text, payload jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT o.transaction_id, o.seq, o.topic, o.payload
  FROM pm.stream_outbox o
  WHERE (o.transaction_id, o.seq) > (p_transaction, p_seq)
    AND o.transaction_id < (SELECT pm.stream_position())
    AND (p_topics IS NULL OR o.topic = ANY (p_topics))
  ORDER BY o.transaction_id, o.seq
  LIMIT p_limit
$function$;
GRANT EXECUTE ON FUNCTION stream_after(xid8,bigint,text[],integer) TO app;

CREATE OR REPLACE FUNCTION pm.stream_position()
 RETURNS xid8
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT coalesce((SELECT o FROM pm.open_transactions() o ORDER BY o LIMIT 1), pg_snapshot_xmax(pg_current_snapshot()))
$function$;
GRANT EXECUTE ON FUNCTION stream_position() TO app;

CREATE OR REPLACE FUNCTION pm.stream_reaches(p_transaction xid8, p_seq bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT EXISTS (SELECT FROM pm.stream_outbox o WHERE (o.transaction_id, o.seq) <= (p_transaction, p_seq))
    AND p_transaction <= pg_snapshot_xmax(pg_current_snapshot())
$function$;
GRANT EXECUTE ON FUNCTION stream_reaches(xid8,bigint) TO app;

CREATE OR REPLACE FUNCTION pm.tell_changes()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;
COMMENT ON FUNCTION tell_changes() IS 'Says on the channel pm_changes whose rows a statement changed. The argument names the column with the person.';

CREATE OR REPLACE FUNCTION pm.tell_changes_to_all()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  PERFORM nextval('pm.changes_told_to_all');
  PERFORM pg_notify('pm_changes', '* ' || pg_current_xact_id());
  RETURN NULL;
END
$function$;
COMMENT ON FUNCTION tell_changes_to_all() IS 'Says on the channel pm_changes that something changed which everybody sees.';

CREATE OR REPLACE FUNCTION pm.thin_prices(p_from date, p_until date)
 RETURNS bigint
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET "TimeZone" TO 'UTC'
AS $function$
  WITH placed AS (
    SELECT p.listing_id, p.date_time, p.source,
      row_number() OVER (PARTITION BY p.listing_id, p.source, p.date_time::date ORDER BY p.date_time DESC) AS place
    FROM pm.prices p
    WHERE p.date_time >= p_from::timestamptz AND p.date_time < p_until::timestamptz AND p.interval NOT IN ('1d', '1w', '1mo')
  ), gone AS (
    DELETE FROM pm.prices p USING placed d
    WHERE d.place > 1 AND p.listing_id = d.listing_id AND p.date_time = d.date_time AND p.source = d.source
      AND p.date_time >= p_from::timestamptz AND p.date_time < p_until::timestamptz
    RETURNING 1
  )
  SELECT count(*) FROM gone
$function$;
GRANT EXECUTE ON FUNCTION thin_prices(date,date) TO worker;

CREATE OR REPLACE FUNCTION pm.token_lookup(p_hash bytea)
 RETURNS TABLE(user_id uuid, token_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  used_at timestamptz;
BEGIN
  SELECT t.user_id, t.id, t.last_used_at INTO token_lookup.user_id, token_lookup.token_id, used_at
  FROM pm.personal_access_tokens t JOIN pm.users u ON u.id = t.user_id
  WHERE t.token_hash = p_hash AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
    AND u.deleted_at IS NULL;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  -- To the minute: a busy script must not turn every read into a write.
  IF used_at IS NULL OR used_at < now() - interval '1 minute' THEN
    UPDATE pm.personal_access_tokens t SET last_used_at = now()
    WHERE t.user_id = token_lookup.user_id AND t.id = token_lookup.token_id;
  END IF;
  RETURN NEXT;
END
$function$;
ALTER FUNCTION token_lookup(bytea) OWNER TO pm_auth;
GRANT EXECUTE ON FUNCTION token_lookup(bytea) TO app;

CREATE OR REPLACE FUNCTION pm.touch_updated_at()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  NEW.updated_at := pm.next_stamp(OLD.updated_at);
  RETURN NEW;
END
$function$;

CREATE OR REPLACE FUNCTION pm.touch_version()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  NEW.updated_at := pm.next_stamp(OLD.updated_at);
  NEW.version := OLD.version + 1;
  RETURN NEW;
END
$function$;

CREATE OR REPLACE FUNCTION pm.undo_merge(p_merge uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  merge pm.identity_merges;
  touched record;
BEGIN
  SELECT * INTO merge FROM pm.identity_merges m
  WHERE m.id = p_merge AND (m.owner_user_id = nullif(current_setting('app.user_id', true), '')::uuid
    OR (m.owner_user_id IS NULL AND current_setting('app.user_role', true) = 'admin'));
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such merge for this person' USING ERRCODE = 'PM404';
  END IF;
  PERFORM pm.lock_for_merge(merge.from_instrument_id, merge.into_instrument_id);
  SELECT * INTO merge FROM pm.identity_merges m WHERE m.id = p_merge FOR UPDATE;
  IF merge.undone_at IS NOT NULL OR pm.merge_after(p_merge) IS NOT NULL THEN
    RAISE EXCEPTION 'the merge cannot be undone now' USING ERRCODE = 'PM409';
  END IF;
  UPDATE pm.instruments i SET merged_into = NULL WHERE i.id = merge.from_instrument_id;
  FOR touched IN
    SELECT DISTINCT v.table_name FROM pm.identity_merge_moves v WHERE v.merge_id = p_merge ORDER BY v.table_name
  LOOP
    PERFORM pm.put_back(p_merge, format('pm.%I', touched.table_name)::regclass);
  END LOOP;
  DELETE FROM pm.identity_merge_moves v WHERE v.merge_id = p_merge;
  UPDATE pm.identity_merges m SET undone_at = now(), undone_by = nullif(current_setting('app.user_id', true), '')::uuid
  WHERE m.id = p_merge;
END
$function$;
GRANT EXECUTE ON FUNCTION undo_merge(uuid) TO app;

CREATE OR REPLACE FUNCTION pm.write_audit_log()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
  actor CONSTANT uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  secrets CONSTANT text[] := '{password_hash,token_hash,reference_sealed}';
  -- What changes with every use, or follows from the change itself.
  noise CONSTANT text[] := '{updated_at,version,last_used_at,last_login_at,expires_at}';
BEGIN
  IF pm.is_erasing() THEN
    RETURN NULL;
  END IF;
  IF TG_NARGS = 2 AND TG_OP <> 'UPDATE' THEN
    IF TG_OP = 'INSERT' AND TG_ARGV[1] = 'id' THEN
      INSERT INTO pm.audit_log (user_id, actor_id, action, table_name, row_id, portfolio_id)
      SELECT n.user_id, actor, 'insert', TG_TABLE_NAME, n.id, n.id FROM new_rows n;
    ELSIF TG_OP = 'INSERT' THEN
      INSERT INTO pm.audit_log (user_id, actor_id, action, table_name, row_id, portfolio_id)
      SELECT n.user_id, actor, 'insert', TG_TABLE_NAME, n.id, n.portfolio_id FROM new_rows n;
    ELSIF TG_ARGV[1] = 'id' THEN
      INSERT INTO pm.audit_log (user_id, actor_id, action, table_name, row_id, portfolio_id)
      SELECT o.user_id, actor, 'delete', TG_TABLE_NAME, o.id, o.id FROM old_rows o;
    ELSE
      INSERT INTO pm.audit_log (user_id, actor_id, action, table_name, row_id, portfolio_id)
      SELECT o.user_id, actor, 'delete', TG_TABLE_NAME, o.id, o.portfolio_id FROM old_rows o;
    END IF;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO pm.audit_log (user_id, actor_id, action, table_name, row_id, portfolio_id, new_values)
    SELECT (n.v ->> TG_ARGV[0])::uuid, actor, 'insert', TG_TABLE_NAME, (coalesce(n.v ->> 'id', n.v ->> 'portfolio_id'))::uuid,
      (CASE TG_TABLE_NAME WHEN 'portfolios' THEN n.v ->> 'id' ELSE n.v ->> 'portfolio_id' END)::uuid, n.v - secrets
    FROM (SELECT to_jsonb(r) AS v FROM new_rows r) n;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO pm.audit_log (user_id, actor_id, action, table_name, row_id, portfolio_id, old_values)
    SELECT (o.v ->> TG_ARGV[0])::uuid, actor, 'delete', TG_TABLE_NAME, (coalesce(o.v ->> 'id', o.v ->> 'portfolio_id'))::uuid,
      (CASE TG_TABLE_NAME WHEN 'portfolios' THEN o.v ->> 'id' ELSE o.v ->> 'portfolio_id' END)::uuid, o.v - secrets
    FROM (SELECT to_jsonb(r) AS v FROM old_rows r) o;
  ELSE
    INSERT INTO pm.audit_log (user_id, actor_id, action, table_name, row_id, portfolio_id, old_values, new_values)
    WITH o AS MATERIALIZED (
      SELECT to_jsonb(r) AS v, coalesce(to_jsonb(r) ->> 'id', concat(to_jsonb(r) ->> 'user_id', to_jsonb(r) ->> 'portfolio_id')) AS key
      FROM old_rows r
    ), n AS MATERIALIZED (
      SELECT to_jsonb(r) AS v, coalesce(to_jsonb(r) ->> 'id', concat(to_jsonb(r) ->> 'user_id', to_jsonb(r) ->> 'portfolio_id')) AS key
      FROM new_rows r
    )
    SELECT (n.v ->> TG_ARGV[0])::uuid, actor, 'update', TG_TABLE_NAME, (coalesce(n.v ->> 'id', n.v ->> 'portfolio_id'))::uuid,
      (CASE TG_TABLE_NAME WHEN 'portfolios' THEN n.v ->> 'id' ELSE n.v ->> 'portfolio_id' END)::uuid, d.before, d.after
    FROM n JOIN o ON o.key = n.key
    CROSS JOIN LATERAL (
      -- That a secret changed is told, what it is is not.
      SELECT jsonb_object_agg(k.name, CASE WHEN k.name = ANY (secrets) THEN '"(secret)"'::jsonb ELSE o.v -> k.name END) AS before,
        jsonb_object_agg(k.name, CASE WHEN k.name = ANY (secrets) THEN '"(changed)"'::jsonb ELSE n.v -> k.name END) AS after
      FROM jsonb_object_keys(n.v) AS k (name)
      WHERE (o.v -> k.name) IS DISTINCT FROM (n.v -> k.name) AND k.name <> ALL (noise)
    ) d
    WHERE d.after IS NOT NULL;
  END IF;
  RETURN NULL;
END
$function$;
ALTER FUNCTION write_audit_log() OWNER TO pm_audit;
GRANT EXECUTE ON FUNCTION write_audit_log() TO owner;
