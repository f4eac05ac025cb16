-- One row: two entities (entity_id < other_entity_id) that articles name together.
CREATE OR REPLACE VIEW entity_pairs AS
WITH named AS (
    SELECT DISTINCT m.doc_id, m.entity_id, n.name, n.label
    FROM mentions AS m
    INNER JOIN entities AS n USING (entity_id)
    WHERE m.doc_id NOT IN (SELECT doc_id FROM duplicates WHERE doc_id <> canonical_doc_id)
)
SELECT
    a.entity_id,
    b.entity_id AS other_entity_id,
    a.name,
    b.name AS other_name,
    count(*) AS n_documents
FROM named AS a
INNER JOIN named AS b ON a.doc_id = b.doc_id AND a.entity_id < b.entity_id
GROUP BY ALL;
COMMENT ON VIEW entity_pairs IS 'One row: two entities (entity_id < other_entity_id) that articles name together.';
COMMENT ON COLUMN entity_pairs.entity_id IS 'One entity.';
COMMENT ON COLUMN entity_pairs.other_entity_id IS 'The other one.';
COMMENT ON COLUMN entity_pairs.name IS 'Name of the one.';
COMMENT ON COLUMN entity_pairs.other_name IS 'Name of the other.';
COMMENT ON COLUMN entity_pairs.n_documents IS 'Articles that name both.';
