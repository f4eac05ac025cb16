-- Names, their mentions, entities and the counts of entities.

MERGE INTO entity_names AS e USING staged_entity_names AS s ON (e.kind, e."key") = (s.kind, s."key")
WHEN MATCHED THEN UPDATE SET
    block = s.block, n_documents = s.n_documents, written = s.written, label = s.label, entity_id = s.entity_id,
    resolved_by = s.resolved_by, score = s.score
WHEN NOT MATCHED THEN INSERT BY NAME;

-- An alias rule takes precedence over the longer name that the mention stands for in its document.
UPDATE mentions SET "key" = own_key, resolved_by = 'alias', score = 1
FROM staged_entity_names AS s
WHERE
    mentions.kind = s.kind AND mentions.own_key = s."key" AND mentions."key" <> mentions.own_key
    AND s.resolved_by = 'alias';

UPDATE mentions SET entity_id = s.entity_id
FROM staged_entity_names AS s
WHERE mentions.kind = s.kind AND mentions."key" = s."key" AND mentions.entity_id <> s.entity_id;

INSERT INTO entity_changes SELECT $run, old_id, entity_id FROM staged_entity_moves;

MERGE INTO entities AS e USING staged_entities AS s ON e.entity_id = s.entity_id
WHEN MATCHED THEN UPDATE SET name = s.name, label = s.label, country_code = s.country_code, kb_id = s.kb_id
WHEN NOT MATCHED THEN INSERT VALUES (
    s.entity_id, s.label, s.name, s.country_code, s.kb_id, 0, NULL, NULL, 0
);

DELETE FROM entities
WHERE
    entity_id IN (SELECT old_id FROM staged_entity_moves UNION ALL SELECT entity_id FROM staged_entities)
    AND entity_id NOT IN (SELECT entity_id FROM mentions);

UPDATE entities SET
    n_documents = f.n_documents, first_seen = f.first_seen, last_seen = f.last_seen, n_sources = f.n_sources
FROM (
    SELECT
        m.entity_id, count(DISTINCT m.doc_id) AS n_documents, count(DISTINCT d.source) AS n_sources,
        min(coalesce(d.published_at, r.fetched_at)) AS first_seen,
        max(coalesce(d.published_at, r.fetched_at)) AS last_seen
    FROM mentions AS m
    SEMI JOIN (
        SELECT entity_id FROM staged_entities UNION ALL SELECT old_id FROM staged_entity_moves
    ) AS s ON s.entity_id = m.entity_id
    INNER JOIN documents AS d USING (doc_id)
    INNER JOIN (SELECT doc_id, min(fetched_at) AS fetched_at FROM raw_documents GROUP BY doc_id) AS r USING (doc_id)
    GROUP BY m.entity_id
) AS f
WHERE entities.entity_id = f.entity_id;
