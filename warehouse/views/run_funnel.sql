-- One row: one stage of one run: what came in, what went on, what was set aside.
CREATE OR REPLACE VIEW run_funnel AS
SELECT r.started_at, s.run_id, s.stage, s.n_in, s.n_out, s.n_quarantined, s.seconds, r.state
FROM stages AS s
INNER JOIN runs AS r USING (run_id)
ORDER BY r.started_at, list_position(['ingest', 'clean', 'dedupe', 'tag', 'load'], s.stage);
COMMENT ON VIEW run_funnel IS 'One row: one stage of one run: what came in, what went on, what was set aside.';
COMMENT ON COLUMN run_funnel.started_at IS 'When the run began.';
COMMENT ON COLUMN run_funnel.run_id IS 'The run.';
COMMENT ON COLUMN run_funnel.stage IS 'ingest, clean, dedupe, tag or load.';
COMMENT ON COLUMN run_funnel.n_in IS 'Records that entered.';
COMMENT ON COLUMN run_funnel.n_out IS 'Records that went on.';
COMMENT ON COLUMN run_funnel.n_quarantined IS 'Records that its gate rejected.';
COMMENT ON COLUMN run_funnel.seconds IS 'Wall-clock time.';
COMMENT ON COLUMN run_funnel.state IS 'State of the run.';
