SELECT q.doc_id, q.stage, q.expectation, q.detail, parse_filename(q.uri) AS file
FROM quarantine AS q INNER JOIN runs AS r USING (run_id) WHERE q.state = 'rejected'
ORDER BY r.started_at DESC, q.uri, q.record LIMIT 200
