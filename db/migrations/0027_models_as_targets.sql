-- A portfolio may name a model of the same person: what the model holds is what it aims for.

ALTER TABLE pm.portfolios ADD COLUMN model_id uuid CONSTRAINT portfolios_not_own_model CHECK (model_id <> id);
ALTER TABLE pm.portfolios ADD CONSTRAINT portfolios_model_fkey
  FOREIGN KEY (user_id, model_id) REFERENCES pm.portfolios (user_id, id) ON DELETE SET NULL (model_id);
CREATE INDEX portfolios_model ON pm.portfolios (user_id, model_id);
COMMENT ON COLUMN pm.portfolios.model_id IS 'The model whose weights are this portfolio''s targets.';

-- As the table was protected, with the new column granted and kept in the history.
GRANT INSERT (model_id), UPDATE (model_id) ON pm.portfolios TO app;
SELECT pm.keep_history('portfolios', 'id');
