-- Every document has exactly one row in the near-duplicate index.
SELECT doc_id FROM documents WHERE in_scope(run_id) AND doc_id NOT IN (SELECT doc_id FROM signatures)
UNION ALL
SELECT doc_id FROM signatures WHERE getvariable('run') IS NULL AND doc_id NOT IN (SELECT doc_id FROM documents)
UNION ALL
SELECT doc_id FROM signatures GROUP BY doc_id HAVING count(*) > 1
