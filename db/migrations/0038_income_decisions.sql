-- What a person said of dividends that they were due: paid, which records a trade, or not to be proposed again. What is due
-- follows from events and trades and is not kept.

CREATE TABLE pm.income_decisions (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  holding_id uuid NOT NULL,
  ex_date pm.day NOT NULL,
  place integer NOT NULL DEFAULT 1 CHECK (place BETWEEN 1 AND 100),
  status text NOT NULL DEFAULT 'dismissed' CHECK (status IN ('confirmed', 'dismissed')),
  trade_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  UNIQUE (id),
  -- One for a holding and a dividend, however often it is decided.
  UNIQUE (holding_id, ex_date, place),
  FOREIGN KEY (user_id, portfolio_id, holding_id) REFERENCES pm.holdings (user_id, portfolio_id, id) ON DELETE CASCADE,
  FOREIGN KEY (user_id, trade_id) REFERENCES pm.trades (user_id, id) ON DELETE SET NULL (trade_id)
);
CREATE INDEX income_decisions_portfolio ON pm.income_decisions (portfolio_id);
CREATE INDEX income_decisions_holding ON pm.income_decisions (user_id, portfolio_id, holding_id);
CREATE INDEX income_decisions_trade ON pm.income_decisions (user_id, trade_id);
CREATE TRIGGER touch BEFORE UPDATE ON pm.income_decisions FOR EACH ROW EXECUTE FUNCTION pm.touch_updated_at();
COMMENT ON TABLE pm.income_decisions IS 'A dividend of a holding that was confirmed or dismissed. Without a row, or once the trade of a confirmed one is deleted, it waits.';
COMMENT ON COLUMN pm.income_decisions.place IS 'Of several dividends of one security and day, which; from 1.';
COMMENT ON COLUMN pm.income_decisions.trade_id IS 'The trade that confirming it recorded.';

SELECT pm.protect_portfolio_table('income_decisions');
