-- Legs of events, transfers that feed other holdings, and what was deleted and can be brought back.

-- Looked up with every trade that is recorded, and rare among the trades of a holding.
CREATE INDEX trades_feeding ON pm.trades (holding_id)
  WHERE type = 'transfer_out' AND event_id IS NOT NULL AND deleted_at IS NULL;

CREATE TABLE pm.deletions (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  portfolio_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('portfolio', 'holding', 'trade')),
  title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 600),
  deleted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  UNIQUE (id),
  FOREIGN KEY (user_id, portfolio_id) REFERENCES pm.portfolios (user_id, id) ON DELETE CASCADE
);
CREATE INDEX deletions_portfolio ON pm.deletions (portfolio_id);
CREATE INDEX deletions_age ON pm.deletions (deleted_at);
COMMENT ON TABLE pm.deletions IS 'One row for each deletion that can still be undone; its id is the deletion_id of everything that it took along. Gone when it is undone, or after 30 days when a job purges what it names.';
COMMENT ON COLUMN pm.deletions.portfolio_id IS 'Where it was asked for. Legs in other portfolios carry the same deletion_id.';
COMMENT ON COLUMN pm.deletions.kind IS 'What was asked to be deleted; the rest went along.';
COMMENT ON COLUMN pm.deletions.title IS 'What was deleted, in words for the person.';

SELECT pm.protect_portfolio_table('deletions', '{SELECT,INSERT,DELETE}');

-- What was deleted before there was this table.
INSERT INTO pm.deletions (user_id, id, portfolio_id, kind, title, deleted_at)
SELECT p.user_id, p.deletion_id, p.id, 'portfolio', p.name, p.deleted_at FROM pm.portfolios p WHERE p.deletion_id IS NOT NULL
ON CONFLICT DO NOTHING;
INSERT INTO pm.deletions (user_id, id, portfolio_id, kind, title, deleted_at)
SELECT h.user_id, h.deletion_id, h.portfolio_id, 'holding', coalesce(i.name, h.unlinked_name, 'Holding'), h.deleted_at
FROM pm.holdings h LEFT JOIN pm.instruments i ON i.id = h.instrument_id WHERE h.deletion_id IS NOT NULL
ON CONFLICT DO NOTHING;
INSERT INTO pm.deletions (user_id, id, portfolio_id, kind, title, deleted_at)
SELECT t.user_id, t.deletion_id, t.portfolio_id, 'trade', t.type || ', ' || t.date::text, t.deleted_at
FROM pm.trades t WHERE t.deletion_id IS NOT NULL
ON CONFLICT DO NOTHING;
