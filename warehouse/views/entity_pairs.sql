-- One row: two entities (entity_id < other_entity_id) that articles name together.
CREATE OR REPLACE VIEW entity_pairs AS
WITH named AS (
    SELECT m.doc_id, m.entity_id, n.name, m.sentence
    FROM mentions AS m
    INNER JOIN entities AS n USING (entity_id)
    WHERE m.doc_id NOT IN (SELECT doc_id FROM duplicates WHERE doc_id <> canonical_doc_id)
), by_entity AS (
    SELECT entity_id, count(DISTINCT doc_id) AS n FROM named GROUP BY entity_id
), total AS (
    SELECT count(DISTINCT doc_id) AS n FROM named
), by_document AS (
    SELECT a.entity_id, b.entity_id AS other_entity_id, a.name, b.name AS other_name, count(*) AS n_documents
    FROM (SELECT DISTINCT doc_id, entity_id, name FROM named) AS a
    INNER JOIN (SELECT DISTINCT doc_id, entity_id, name FROM named) AS b
        ON a.doc_id = b.doc_id AND a.entity_id < b.entity_id
    GROUP BY ALL
), by_sentence AS (
    SELECT a.entity_id, b.entity_id AS other_entity_id, count(*) AS n_sentences
    FROM (SELECT DISTINCT doc_id, entity_id, sentence FROM named) AS a
    INNER JOIN (SELECT DISTINCT doc_id, entity_id, sentence FROM named) AS b
        ON a.doc_id = b.doc_id AND a.sentence = b.sentence AND a.entity_id < b.entity_id
    GROUP BY ALL
)
SELECT
    d.entity_id,
    d.other_entity_id,
    d.name,
    d.other_name,
    d.n_documents,
    coalesce(s.n_sentences, 0) AS n_sentences,
    d.n_documents * total.n / (a.n * b.n) AS lift
FROM by_document AS d
CROSS JOIN total
INNER JOIN by_entity AS a ON a.entity_id = d.entity_id
INNER JOIN by_entity AS b ON b.entity_id = d.other_entity_id
LEFT JOIN by_sentence AS s ON s.entity_id = d.entity_id AND s.other_entity_id = d.other_entity_id;
COMMENT ON VIEW entity_pairs IS 'One row: two entities (entity_id < other_entity_id) that articles name together.';
COMMENT ON COLUMN entity_pairs.entity_id IS 'Id of the first entity.';
COMMENT ON COLUMN entity_pairs.other_entity_id IS 'Id of the second entity.';
COMMENT ON COLUMN entity_pairs.name IS 'Name of the first entity.';
COMMENT ON COLUMN entity_pairs.other_name IS 'Name of the second entity.';
COMMENT ON COLUMN entity_pairs.n_documents IS 'Number of articles with both.';
COMMENT ON COLUMN entity_pairs.n_sentences IS 'Number of sentences with both.';
COMMENT ON COLUMN entity_pairs.lift IS 'Ratio of n_documents to what independence would give: n_documents * all / (articles of the first * articles of the second).';
