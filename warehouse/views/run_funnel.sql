-- One row: one stage of one run: what came in, what went on, what was set aside.
CREATE OR REPLACE VIEW run_funnel AS
SELECT r.started_at, s.run_id, s.stage, s.n_in, s.n_out, s.n_quarantined, s.seconds, r.state
FROM stages AS s
INNER JOIN runs AS r USING (run_id)
ORDER BY r.started_at, list_position(['ingest', 'clean', 'dedupe', 'tag', 'load'], s.stage);
COMMENT ON VIEW run_funnel IS 'One row: one stage of one run: what came in, what went on, what was set aside.';
