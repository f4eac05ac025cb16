-- A merged document names a canonical document that readers can see, and is merged once.
SELECT doc_id, canonical_doc_id
FROM duplicates
WHERE
    in_scope(run_id)
    AND (
        canonical_doc_id NOT IN (SELECT doc_id FROM documents)
        OR doc_id NOT IN (SELECT doc_id FROM documents)
        OR (
            doc_id <> canonical_doc_id
            AND canonical_doc_id IN (SELECT doc_id FROM duplicates WHERE doc_id <> canonical_doc_id)
        )
    )
UNION ALL
SELECT doc_id, any_value(canonical_doc_id)
FROM duplicates
WHERE doc_id <> canonical_doc_id
GROUP BY doc_id
HAVING count(*) > 1 AND bool_or(in_scope(run_id))
