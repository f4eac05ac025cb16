-- Every record that a run read was known, loaded, merged or quarantined, and the tables have as many rows as the run says.
SELECT r.run_id, r.n_records
FROM runs AS r
LEFT JOIN (SELECT run_id, count(*) AS n FROM raw_documents GROUP BY run_id) AS a USING (run_id)
LEFT JOIN (SELECT run_id, count(*) AS n FROM quarantine GROUP BY run_id) AS q USING (run_id)
WHERE
    in_scope(r.run_id)
    AND r.state = 'completed'
    AND (
        r.n_records <> r.n_known + r.n_loaded + r.n_duplicates + r.n_quarantined
        OR coalesce(a.n, 0) <> r.n_loaded + r.n_duplicates
        OR coalesce(q.n, 0) <> r.n_quarantined
    )
UNION ALL
SELECT DISTINCT run_id, -1
FROM (SELECT run_id FROM raw_documents UNION ALL SELECT run_id FROM quarantine UNION ALL SELECT run_id FROM documents)
WHERE in_scope(run_id) AND run_id NOT IN (SELECT run_id FROM runs WHERE state = 'completed')
