-- Lines of one person's own instruments are fetched and held back like shared ones; what is known of them is theirs to
-- read. The listing decides, by its own policy.
DROP POLICY tenant_read ON pm.price_fetches;
CREATE POLICY tenant_read ON pm.price_fetches FOR SELECT TO app
  USING (EXISTS (SELECT FROM pm.instrument_listings l WHERE l.id = listing_id));
DROP POLICY tenant_read ON pm.price_quarantine;
CREATE POLICY tenant_read ON pm.price_quarantine FOR SELECT TO app
  USING (EXISTS (SELECT FROM pm.instrument_listings l WHERE l.id = listing_id));
COMMENT ON TABLE pm.price_fetches IS 'The last time that the price of a line was asked for; written by the worker, read by those who see the line.';
