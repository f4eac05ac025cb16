-- A merged text overlaps with articles other than its canonical text.
WITH merged AS (
    SELECT DISTINCT s.text_key, k.text_key AS canonical_key
    FROM duplicates AS d
    INNER JOIN signatures AS s ON s.doc_id = d.doc_id
    INNER JOIN signatures AS k ON k.doc_id = d.canonical_doc_id
    WHERE s.text_key <> k.text_key
)
SELECT text_key, other_key
FROM text_overlaps
WHERE
    getvariable('run') IS NULL
    AND (
        text_key NOT IN (SELECT text_key FROM merged)
        OR other_key IN (SELECT text_key FROM merged)
        OR other_key NOT IN (SELECT text_key FROM signatures)
        OR (text_key, other_key) IN (SELECT (text_key, canonical_key) FROM merged)
    )
UNION ALL
SELECT text_key, other_key FROM text_overlaps GROUP BY text_key, other_key HAVING count(*) > 1
