-- Every record that entered a stage went on or was rejected by its gate, and each stage took all records of the one before.
SELECT s.run_id, s.stage
FROM (
    SELECT
        s.*, r.n_known,
        lag(s.n_out) OVER (
            PARTITION BY s.run_id ORDER BY list_position(['ingest', 'clean', 'dedupe', 'tag', 'load'], s.stage)
        ) AS n_before
    FROM stages AS s
    INNER JOIN runs AS r USING (run_id)
    WHERE in_scope(s.run_id) AND r.state = 'completed'
) AS s
WHERE
    s.n_in <> s.n_out + s.n_quarantined + CASE WHEN s.stage = 'ingest' THEN s.n_known ELSE 0 END
    OR s.n_in <> coalesce(s.n_before, s.n_in)
