SELECT strftime(started_at, '%d %b %H:%M:%S') AS run, unnest(['loaded', 'merged', 'quarantined']) AS became,
    unnest([n_loaded, n_duplicates, n_quarantined]) AS records
FROM (SELECT * FROM runs WHERE state = 'completed' ORDER BY started_at DESC LIMIT 30) ORDER BY started_at
