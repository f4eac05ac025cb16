-- The offsets of a mention give its surface, and its entity exists.
SELECT m.doc_id, m.start, m.surface
FROM mentions AS m
LEFT JOIN documents AS d USING (doc_id)
WHERE
    (d.doc_id IS NULL AND getvariable('run') IS NULL)
    OR (
        in_scope(d.run_id)
        AND (
            substring(d.text, m.start + 1, m."end" - m.start) <> m.surface
            OR m.entity_id NOT IN (SELECT entity_id FROM entities)
        )
    )
