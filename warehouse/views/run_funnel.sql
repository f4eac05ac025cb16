-- One row: one stage of one run, with the records that entered, went on and were rejected.
CREATE OR REPLACE VIEW run_funnel AS
SELECT r.started_at, s.run_id, s.stage, s.n_in, s.n_out, s.n_quarantined, s.seconds, r.state
FROM stages AS s
INNER JOIN runs AS r USING (run_id)
ORDER BY r.started_at, list_position(['ingest', 'clean', 'dedupe', 'tag', 'load'], s.stage);
COMMENT ON VIEW run_funnel IS 'One row: one stage of one run, with the records that entered, went on and were rejected.';
COMMENT ON COLUMN run_funnel.started_at IS 'Time at which the run began.';
COMMENT ON COLUMN run_funnel.run_id IS 'Id of the run.';
COMMENT ON COLUMN run_funnel.stage IS 'ingest, clean, dedupe, tag or load.';
COMMENT ON COLUMN run_funnel.n_in IS 'Records that entered the stage.';
COMMENT ON COLUMN run_funnel.n_out IS 'Records that went on to the next stage.';
COMMENT ON COLUMN run_funnel.n_quarantined IS 'Records that the gate of the stage rejected.';
COMMENT ON COLUMN run_funnel.seconds IS 'Wall-clock time of the stage with its gate.';
COMMENT ON COLUMN run_funnel.state IS 'State of the run: completed, failed or killed.';
