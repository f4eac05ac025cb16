-- The edits of a document are inside its raw text, in order and without overlap.
SELECT e.doc_id, e.start, e."end"
FROM (
    SELECT
        doc_id, start, "end",
        lag("end", 1, 0) OVER (PARTITION BY doc_id ORDER BY start, "end") AS reach
    FROM edits
    WHERE doc_id IN (SELECT doc_id FROM documents WHERE in_scope(run_id))
) AS e
INNER JOIN (SELECT doc_id, any_value(length(raw_text)) AS n_chars FROM raw_documents GROUP BY doc_id) AS r USING (doc_id)
WHERE e.start < e.reach OR e."end" < e.start OR e."end" > r.n_chars
UNION ALL
SELECT doc_id, start, "end" FROM edits WHERE getvariable('run') IS NULL AND doc_id NOT IN (SELECT doc_id FROM documents)
