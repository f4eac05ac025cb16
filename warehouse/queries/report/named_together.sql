WITH top AS (SELECT entity_id, name, n_documents FROM entities ORDER BY n_documents DESC, name LIMIT 16),
named AS (SELECT DISTINCT m.doc_id, m.entity_id FROM mentions AS m SEMI JOIN top USING (entity_id))
SELECT a.name, b.name AS with_whom, count(n.doc_id) AS documents
FROM top AS a INNER JOIN top AS b ON a.entity_id <> b.entity_id
LEFT JOIN (
    SELECT x.doc_id, x.entity_id AS one, y.entity_id AS other FROM named AS x INNER JOIN named AS y USING (doc_id)
) AS n ON n.one = a.entity_id AND n.other = b.entity_id
GROUP BY a.name, b.name, a.n_documents, b.n_documents
ORDER BY a.n_documents DESC, a.name, b.n_documents DESC, b.name
