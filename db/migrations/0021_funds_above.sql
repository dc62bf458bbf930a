-- Which funds hold a fund: asked when one changes, to find the portfolios that it concerns.
CREATE INDEX constituent_imports_fund_ids ON pm.constituent_imports USING gin (fund_ids) WHERE status = 'active';
