-- The quarantine, stages and sources of the run.

UPDATE quarantine SET state = 'retried', retried_by = $run
FROM staged_retried AS s
WHERE
    quarantine.doc_id = s.doc_id AND quarantine.uri = s.uri AND quarantine.record = s.record
    AND quarantine.run_id = s.run_id AND quarantine.state = 'rejected';

INSERT INTO quarantine BY NAME
SELECT *, $run AS run_id, 'rejected' AS state FROM staged_quarantine ORDER BY uri, record;

INSERT INTO stages SELECT $run, stage, n_in, n_out, n_quarantined, seconds FROM staged_stages;

INSERT INTO source_runs BY NAME SELECT *, $run AS run_id FROM staged_source_runs ORDER BY source;
