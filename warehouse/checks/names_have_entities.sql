-- The entity of a mention is that of its name, and an entity counts the documents that mention it.
SELECT m.doc_id, m.surface
FROM mentions AS m
INNER JOIN documents AS d USING (doc_id)
LEFT JOIN entity_names AS n ON n.kind = m.kind AND n."key" = m."key"
WHERE in_scope(d.run_id) AND m.entity_id IS DISTINCT FROM n.entity_id
UNION ALL
SELECT kind, "key" FROM entity_names GROUP BY kind, "key" HAVING count(*) > 1
UNION ALL
SELECT e.entity_id, e.name
FROM entities AS e
LEFT JOIN (SELECT entity_id, count(DISTINCT doc_id) AS n FROM mentions GROUP BY entity_id) AS m USING (entity_id)
WHERE getvariable('run') IS NULL AND e.n_documents IS DISTINCT FROM m.n
