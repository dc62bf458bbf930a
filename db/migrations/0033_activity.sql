-- What was done, newest first, act by act: the rows of one transaction carry one time.

CREATE INDEX audit_log_time ON pm.audit_log (user_id, at DESC);
