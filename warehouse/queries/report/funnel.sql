SELECT unnest(['read', 'known before', 'quarantined', 'merged into others', 'loaded']) AS became,
    unnest([n_records, n_known, n_quarantined, n_duplicates, n_loaded]) AS records
FROM runs WHERE run_id = (SELECT run_id FROM runs WHERE state <> 'killed' ORDER BY started_at DESC LIMIT 1)
