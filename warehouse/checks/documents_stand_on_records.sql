-- Every document has its record, every accepted record its document, and each is there once.
SELECT doc_id FROM documents WHERE in_scope(run_id) AND doc_id NOT IN (SELECT doc_id FROM raw_documents)
UNION ALL
SELECT doc_id FROM raw_documents WHERE in_scope(run_id) AND doc_id NOT IN (SELECT doc_id FROM documents)
UNION ALL
SELECT doc_id FROM documents GROUP BY doc_id HAVING count(*) > 1 AND bool_or(in_scope(run_id))
