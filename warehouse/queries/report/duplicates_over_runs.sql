SELECT strftime(r.started_at, '%d %b %H:%M:%S') AS run, u.kind, count(*) AS merged
FROM duplicates AS u INNER JOIN (
    SELECT run_id, started_at FROM runs WHERE n_records > n_known ORDER BY started_at DESC LIMIT 30
) AS r USING (run_id)
GROUP BY r.started_at, run, u.kind ORDER BY r.started_at, u.kind
