-- Every document has a record, every accepted record has a document, and no document is there twice.
SELECT doc_id FROM documents WHERE in_scope(run_id) AND doc_id NOT IN (SELECT doc_id FROM raw_documents)
UNION ALL
SELECT doc_id FROM raw_documents WHERE in_scope(run_id) AND doc_id NOT IN (SELECT doc_id FROM documents)
UNION ALL
SELECT doc_id FROM documents GROUP BY doc_id HAVING count(*) > 1 AND bool_or(in_scope(run_id))
