-- The row of a merged document names its text and its canonical text as the index does. (Only the audit checks this: it would
-- make the load join all of two tables.)
SELECT d.doc_id, d.canonical_doc_id
FROM duplicates AS d
INNER JOIN signatures AS s ON s.doc_id = d.doc_id
INNER JOIN signatures AS k ON k.doc_id = d.canonical_doc_id
WHERE
    getvariable('run') IS NULL
    AND d.doc_id <> d.canonical_doc_id
    AND (d.text_key IS DISTINCT FROM s.text_key OR d.canonical_key IS DISTINCT FROM k.text_key)
