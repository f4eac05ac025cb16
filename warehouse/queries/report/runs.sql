SELECT run_id, started_at, state, n_records, n_known, n_quarantined, n_duplicates, n_loaded FROM runs
ORDER BY started_at DESC LIMIT 50
