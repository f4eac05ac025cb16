WITH latest AS (
    SELECT run_id, started_at FROM runs WHERE state <> 'killed' ORDER BY started_at DESC LIMIT 29 OFFSET 1
)
SELECT r.run_id, r.started_at, q.stage, q.expectation, q.source, q.severity, q.asks, q.observed,
    q.n_unexpected AS n_failed, q.n_checked
FROM quality_results AS q INNER JOIN latest AS r USING (run_id) WHERE NOT q.success
ORDER BY r.started_at DESC, list_position(['ingest', 'clean', 'dedupe', 'tag', 'load'], q.stage), q.expectation, q.source
LIMIT 500
