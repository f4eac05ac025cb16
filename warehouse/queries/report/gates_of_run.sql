SELECT stage, expectation, source, severity, success, asks, observed, n_unexpected AS n_failed, n_checked, because
FROM quality_results WHERE run_id = (SELECT run_id FROM runs WHERE state <> 'killed' ORDER BY started_at DESC LIMIT 1)
ORDER BY success, list_position(['ingest', 'clean', 'dedupe', 'tag', 'load'], stage), expectation
