-- Events and news, what there is to learn, conversations with the assistant, alerts.

CREATE TABLE pm.events (
  id uuid PRIMARY KEY,
  instrument_id uuid REFERENCES pm.instruments (id) ON DELETE CASCADE,
  owner_user_id uuid REFERENCES pm.users (id) ON DELETE CASCADE,
  type text NOT NULL CHECK (type IN ('earnings', 'dividend', 'split', 'rns', 'rebalance', 'macro', 'political')),
  title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 500),
  description text CHECK (char_length(description) <= 20000),
  date_time timestamptz NOT NULL,
  impact text CHECK (impact IN ('low', 'medium', 'high')),
  metadata jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object' AND octet_length(metadata::text) <= 65536),
  source text CHECK (char_length(source) BETWEEN 1 AND 100),
  external_id text CHECK (char_length(external_id) BETWEEN 1 AND 255),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX events_external ON pm.events (source, external_id, owner_user_id) NULLS NOT DISTINCT WHERE external_id IS NOT NULL;
CREATE INDEX events_instrument ON pm.events (instrument_id, date_time DESC);
CREATE INDEX events_owner ON pm.events (owner_user_id);
CREATE INDEX events_type ON pm.events (type);
CREATE INDEX events_date ON pm.events (date_time DESC);
CREATE INDEX events_impact ON pm.events (impact);
CREATE TRIGGER touch BEFORE UPDATE ON pm.events FOR EACH ROW EXECUTE FUNCTION pm.touch_version();
SELECT pm.guard_instrument_scope('events', 'instrument_id', 'owner_user_id');
COMMENT ON TABLE pm.events IS 'What happens to an instrument or to the world: results, dividends, splits, announcements. owner_user_id NULL: shared.';
COMMENT ON COLUMN pm.events.date_time IS 'For dividends and splits the start of the ex-date on the exchange.';
COMMENT ON COLUMN pm.events.metadata IS 'Dividend: amount and currency per share, payDate. Split: numerator, denominator.';
COMMENT ON COLUMN pm.events.external_id IS 'The source''s own id, so that it is not taken twice.';

CREATE TABLE pm.news_items (
  id uuid PRIMARY KEY,
  source text NOT NULL CHECK (char_length(source) BETWEEN 1 AND 100),
  external_id text CHECK (char_length(external_id) BETWEEN 1 AND 255),
  title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 500),
  summary text CHECK (char_length(summary) <= 20000),
  url text CHECK (char_length(url) <= 2048 AND url ~ '^https?://'),
  published_at timestamptz NOT NULL,
  sentiment text CHECK (sentiment IN ('positive', 'neutral', 'negative')),
  category text CHECK (char_length(category) BETWEEN 1 AND 100),
  tickers text[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX news_items_external ON pm.news_items (source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX news_items_published ON pm.news_items (published_at DESC);
CREATE INDEX news_items_tickers ON pm.news_items USING gin (tickers);
CREATE INDEX news_items_category ON pm.news_items (category);
CREATE TRIGGER touch BEFORE UPDATE ON pm.news_items FOR EACH ROW EXECUTE FUNCTION pm.touch_updated_at();
COMMENT ON TABLE pm.news_items IS 'Headlines with the tickers that their source names.';

CREATE TABLE pm.education_modules (
  id uuid PRIMARY KEY,
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND char_length(slug) <= 100),
  title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 255),
  description text CHECK (char_length(description) <= 10000),
  content text NOT NULL CHECK (char_length(content) BETWEEN 1 AND 200000),
  quiz jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(quiz) = 'array' AND octet_length(quiz::text) <= 65536),
  order_index integer NOT NULL,
  difficulty text NOT NULL DEFAULT 'beginner' CHECK (difficulty IN ('beginner', 'intermediate', 'advanced')),
  estimated_minutes integer CHECK (estimated_minutes BETWEEN 1 AND 600),
  tags text[] NOT NULL DEFAULT '{}',
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX education_modules_order ON pm.education_modules (order_index);
CREATE INDEX education_modules_difficulty ON pm.education_modules (difficulty);
CREATE TRIGGER touch BEFORE UPDATE ON pm.education_modules FOR EACH ROW EXECUTE FUNCTION pm.touch_version();
COMMENT ON TABLE pm.education_modules IS 'Lessons.';
COMMENT ON COLUMN pm.education_modules.quiz IS 'Questions with their answers; answers are taken out before they reach a person.';
COMMENT ON COLUMN pm.education_modules.estimated_minutes IS 'Minutes to read.';

CREATE TABLE pm.education_progress (
  user_id uuid NOT NULL REFERENCES pm.users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  module_id uuid NOT NULL REFERENCES pm.education_modules (id) ON DELETE CASCADE,
  status text NOT NULL DEFAULT 'not_started' CHECK (status IN ('not_started', 'in_progress', 'completed')),
  quiz_score integer CHECK (quiz_score BETWEEN 0 AND 100),
  completed_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  UNIQUE (user_id, module_id),
  CONSTRAINT education_progress_completion CHECK (completed_at IS NULL OR status = 'completed')
);
CREATE INDEX education_progress_module ON pm.education_progress (module_id);
CREATE INDEX education_progress_status ON pm.education_progress (user_id, status);
CREATE TRIGGER touch BEFORE UPDATE ON pm.education_progress FOR EACH ROW EXECUTE FUNCTION pm.touch_version();
COMMENT ON TABLE pm.education_progress IS 'How far a person is with a lesson.';
COMMENT ON COLUMN pm.education_progress.quiz_score IS 'Best result, per cent.';

CREATE TABLE pm.chat_messages (
  user_id uuid NOT NULL REFERENCES pm.users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  message text NOT NULL CHECK (char_length(message) BETWEEN 1 AND 20000),
  response text NOT NULL CHECK (char_length(response) <= 200000),
  context jsonb CHECK (octet_length(context::text) <= 262144),
  tokens_used integer CHECK (tokens_used >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id)
);
CREATE INDEX chat_messages_user_date ON pm.chat_messages (user_id, created_at DESC);
COMMENT ON TABLE pm.chat_messages IS 'Questions to the assistant and its answers.';
COMMENT ON COLUMN pm.chat_messages.context IS 'What of the portfolio was sent along; figures as they were then.';

CREATE TABLE pm.alerts (
  user_id uuid NOT NULL REFERENCES pm.users (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  portfolio_id uuid,
  type text NOT NULL CHECK (type IN ('price', 'drift', 'event', 'rebalance', 'exposure')),
  condition jsonb NOT NULL CHECK (jsonb_typeof(condition) = 'object' AND octet_length(condition::text) <= 16384),
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'triggered', 'dismissed')),
  triggered_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  UNIQUE (id),
  FOREIGN KEY (user_id, portfolio_id) REFERENCES pm.portfolios (user_id, id) ON DELETE CASCADE,
  CONSTRAINT alerts_triggered CHECK (status <> 'triggered' OR triggered_at IS NOT NULL)
);
CREATE INDEX alerts_user_status ON pm.alerts (user_id, status);
CREATE INDEX alerts_portfolio ON pm.alerts (user_id, portfolio_id);
CREATE INDEX alerts_type ON pm.alerts (type) WHERE status = 'active';
CREATE TRIGGER touch BEFORE UPDATE ON pm.alerts FOR EACH ROW EXECUTE FUNCTION pm.touch_version();
COMMENT ON TABLE pm.alerts IS 'What a person wants to be told. Their own, also when they watch a shared portfolio.';
COMMENT ON COLUMN pm.alerts.portfolio_id IS 'The portfolio that it watches, when it is one of the person''s own; a shared one is named in condition.';
COMMENT ON COLUMN pm.alerts.condition IS 'ticker or instrumentId, theme, section …; operator, threshold, unit.';

SELECT pm.protect_scoped_table('events');
SELECT pm.protect_shared_table('news_items');
SELECT pm.protect_shared_table('education_modules');
SELECT pm.protect_user_table('education_progress');
SELECT pm.protect_user_table('chat_messages', '{SELECT,INSERT,DELETE}');
SELECT pm.protect_user_table('alerts');
