-- A merged document's row names its text and that of its canonical document, as the index has them. (The audit alone asks: the load
-- would join all of two tables for it.)
SELECT d.doc_id, d.canonical_doc_id
FROM duplicates AS d
INNER JOIN signatures AS s ON s.doc_id = d.doc_id
INNER JOIN signatures AS k ON k.doc_id = d.canonical_doc_id
WHERE
    getvariable('run') IS NULL
    AND d.doc_id <> d.canonical_doc_id
    AND (d.text_key IS DISTINCT FROM s.text_key OR d.canonical_key IS DISTINCT FROM k.text_key)
