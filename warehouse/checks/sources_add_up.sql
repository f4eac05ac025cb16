-- The sources of a run have as many read, known and new records as the run. (A retry measures no sources.)
SELECT s.run_id, sum(s.n_read)
FROM source_runs AS s INNER JOIN runs AS r USING (run_id)
WHERE in_scope(s.run_id)
GROUP BY s.run_id, r.n_records, r.n_known
HAVING sum(s.n_read) <> r.n_records OR sum(s.n_known) <> r.n_known OR sum(s.n_new) <> r.n_records - r.n_known
UNION ALL
SELECT run_id, -1 FROM source_runs WHERE in_scope(run_id) AND run_id NOT IN (SELECT run_id FROM runs)
