-- A rejected record that was retried names the published run that read it again, and has an outcome since: at the same uri,
-- with the same bytes. (Bytes that were not kept may have another id when they are read again.)
SELECT q.doc_id, q.uri, q.record
FROM quarantine AS q
LEFT JOIN (SELECT run_id FROM runs WHERE state = 'completed') AS r ON r.run_id = q.retried_by
LEFT JOIN (
    SELECT uri, record, list(doc_id) AS doc_ids
    FROM (
        SELECT uri, record, doc_id FROM raw_documents
        UNION ALL
        SELECT uri, record, doc_id FROM quarantine WHERE state <> 'retried'
    )
    SEMI JOIN (SELECT uri, record FROM quarantine WHERE state = 'retried') USING (uri, record)
    GROUP BY uri, record
) AS o ON o.uri = q.uri AND o.record = q.record
WHERE
    (in_scope(q.run_id) OR in_scope(q.retried_by))
    AND CASE q.state
        WHEN 'rejected' THEN q.retried_by IS NOT NULL
        WHEN 'retried' THEN
            r.run_id IS NULL
            OR q.retried_by = q.run_id
            OR o.doc_ids IS NULL
            OR (q.payload IS NOT NULL AND NOT list_contains(o.doc_ids, q.doc_id))
        ELSE true
    END
