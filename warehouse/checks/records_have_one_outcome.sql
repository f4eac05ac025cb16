-- A record was accepted once or is in quarantine once, never both. Retried rows have their outcome elsewhere.
SELECT doc_id, uri, record
FROM (
    SELECT doc_id, uri, record, run_id FROM raw_documents
    UNION ALL
    SELECT doc_id, uri, record, run_id FROM quarantine WHERE state <> 'retried'
)
GROUP BY doc_id, uri, record
HAVING count(*) > 1 AND bool_or(in_scope(run_id))
