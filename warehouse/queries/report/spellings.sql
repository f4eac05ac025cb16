WITH top AS (
    SELECT entity_id FROM entity_names GROUP BY 1 HAVING count(DISTINCT lower(written)) > 1
)
SELECT e.name, e.label, e.n_documents AS documents,
    string_agg(n.written || ' (' || n.resolved_by || ')', ', ' ORDER BY n.n_documents DESC, n.written) AS spellings
FROM entities AS e INNER JOIN entity_names AS n USING (entity_id) SEMI JOIN top USING (entity_id)
GROUP BY ALL ORDER BY e.n_documents DESC, e.name LIMIT 40
