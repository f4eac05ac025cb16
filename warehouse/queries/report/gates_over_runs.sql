WITH latest AS (
    SELECT run_id, strftime(started_at, '%d %b %H:%M:%S') AS run, started_at FROM runs
    WHERE state <> 'killed' ORDER BY started_at DESC LIMIT 30
)
SELECT r.run, q.stage || ': ' || q.expectation AS expectation,
    CASE WHEN bool_and(q.success) THEN 'met' ELSE max(q.severity) END AS result
FROM quality_results AS q INNER JOIN latest AS r USING (run_id)
WHERE (q.stage, q.expectation) IN (
    SELECT (stage, expectation) FROM quality_results SEMI JOIN latest USING (run_id) WHERE NOT success
)
GROUP BY r.started_at, r.run, q.stage, q.expectation
ORDER BY r.started_at, list_position(['ingest', 'clean', 'dedupe', 'tag', 'load'], q.stage), 2
