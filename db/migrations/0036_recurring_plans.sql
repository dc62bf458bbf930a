-- Recurring plans, and the trades that they propose.

CREATE TABLE pm.recurring_plans (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 255),
  amount pm.amount NOT NULL CHECK (amount > 0),
  every text NOT NULL CHECK (every IN ('month', 'week')),
  day integer NOT NULL CHECK (day BETWEEN 1 AND 31),
  starts_on pm.day NOT NULL,
  ends_on pm.day,
  settle boolean NOT NULL DEFAULT false,
  paused boolean NOT NULL DEFAULT false,
  next_on pm.day,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  UNIQUE (id),
  UNIQUE (user_id, portfolio_id, id),
  FOREIGN KEY (user_id, portfolio_id) REFERENCES pm.portfolios (user_id, id) ON DELETE CASCADE,
  CONSTRAINT recurring_plans_weekday CHECK (every = 'month' OR day <= 7),
  CONSTRAINT recurring_plans_end CHECK (ends_on >= starts_on)
);
CREATE INDEX recurring_plans_portfolio ON pm.recurring_plans (portfolio_id, id);
CREATE INDEX recurring_plans_due ON pm.recurring_plans (next_on, id) WHERE NOT paused AND next_on IS NOT NULL;
CREATE TRIGGER touch BEFORE UPDATE ON pm.recurring_plans FOR EACH ROW EXECUTE FUNCTION pm.touch_version();
COMMENT ON TABLE pm.recurring_plans IS 'An amount that is invested again and again, split over holdings. It proposes trades; a person confirms them.';
COMMENT ON COLUMN pm.recurring_plans.amount IS 'Each time, in the portfolio''s base_currency.';
COMMENT ON COLUMN pm.recurring_plans.day IS 'Day of the month (the last one where a month has fewer), or of the week from 1, Monday.';
COMMENT ON COLUMN pm.recurring_plans.settle IS 'Purchases are paid out of the account''s cash holding.';
COMMENT ON COLUMN pm.recurring_plans.next_on IS 'The first day that nothing was proposed for yet. NULL: the plan has ended.';

CREATE TABLE pm.recurring_plan_parts (
  user_id uuid NOT NULL,
  plan_id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  holding_id uuid NOT NULL,
  percent pm.percentage CHECK (percent > 0),
  amount pm.amount CHECK (amount > 0),
  position integer NOT NULL DEFAULT 0,
  PRIMARY KEY (user_id, plan_id, holding_id),
  FOREIGN KEY (user_id, portfolio_id, plan_id) REFERENCES pm.recurring_plans (user_id, portfolio_id, id) ON DELETE CASCADE,
  FOREIGN KEY (user_id, portfolio_id, holding_id) REFERENCES pm.holdings (user_id, portfolio_id, id) ON DELETE CASCADE,
  CONSTRAINT recurring_plan_parts_share CHECK ((percent IS NULL) <> (amount IS NULL))
);
CREATE INDEX recurring_plan_parts_plan ON pm.recurring_plan_parts (plan_id);
CREATE INDEX recurring_plan_parts_holding ON pm.recurring_plan_parts (holding_id);
COMMENT ON TABLE pm.recurring_plan_parts IS 'How a plan''s amount is split over holdings of its portfolio: in percentages that make 100, or in amounts that make the whole.';
COMMENT ON COLUMN pm.recurring_plan_parts.position IS 'Order, from 0.';

CREATE TABLE pm.plan_proposals (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  plan_id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  due_on pm.day NOT NULL,
  trade_on pm.day NOT NULL,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'confirmed', 'skipped')),
  trade_ids uuid[] NOT NULL DEFAULT '{}' CHECK (cardinality(trade_ids) <= 200),
  decided_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  UNIQUE (id),
  -- One for a plan and a day, however often they are proposed.
  UNIQUE (plan_id, due_on),
  FOREIGN KEY (user_id, portfolio_id, plan_id) REFERENCES pm.recurring_plans (user_id, portfolio_id, id) ON DELETE CASCADE,
  CONSTRAINT plan_proposals_decided CHECK ((status = 'open') = (decided_at IS NULL))
);
CREATE INDEX plan_proposals_portfolio ON pm.plan_proposals (portfolio_id, due_on, id);
COMMENT ON TABLE pm.plan_proposals IS 'One day of a plan: waits until it is confirmed, which records its trades, or skipped.';
COMMENT ON COLUMN pm.plan_proposals.due_on IS 'The plan''s own day.';
COMMENT ON COLUMN pm.plan_proposals.trade_on IS 'The day of the trades: due_on, or the Monday after a weekend.';
COMMENT ON COLUMN pm.plan_proposals.trade_ids IS 'The trades that confirming it recorded. They may have been deleted since.';

SELECT pm.protect_portfolio_table('recurring_plans');
SELECT pm.protect_portfolio_table('recurring_plan_parts');
SELECT pm.protect_portfolio_table('plan_proposals');
