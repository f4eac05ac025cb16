WITH latest AS (SELECT run_id FROM runs WHERE state <> 'killed' ORDER BY started_at DESC LIMIT 1),
failed AS (
    SELECT stage, expectation, severity, doc_id, source, seen, uri FROM quality_failures SEMI JOIN latest USING (run_id)
    WHERE stage <> 'load'
    UNION ALL
    SELECT stage, expectation, severity, NULL, NULL, 'law ' || unnest(doc_ids) || ' is broken', NULL
    FROM quality_results SEMI JOIN latest USING (run_id) WHERE stage = 'load' AND NOT success
)
SELECT stage, expectation, severity, doc_id, source, seen, parse_filename(uri) AS file FROM failed
ORDER BY list_position(['ingest', 'clean', 'dedupe', 'tag', 'load'], stage), expectation, source, doc_id, seen
