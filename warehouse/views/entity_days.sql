-- One row: one entity on one day, with its mentions and articles.
CREATE OR REPLACE VIEW entity_days AS
SELECT
    m.entity_id,
    n.name,
    n.label,
    CAST(coalesce(a.published_at, r.fetched_at) AS DATE) AS day,
    count(*) AS n_mentions,
    count(DISTINCT m.doc_id) AS n_documents
FROM mentions AS m
INNER JOIN entities AS n USING (entity_id)
INNER JOIN articles AS a USING (doc_id)
LEFT JOIN (
    SELECT doc_id, min(fetched_at) AS fetched_at FROM raw_documents GROUP BY doc_id
) AS r USING (doc_id)
GROUP BY ALL;
COMMENT ON VIEW entity_days IS 'One row: one entity on one day, with its mentions and articles.';
COMMENT ON COLUMN entity_days.entity_id IS 'Id of the entity.';
COMMENT ON COLUMN entity_days.name IS 'Name of the entity.';
COMMENT ON COLUMN entity_days.label IS 'OntoNotes label: PERSON, ORG, GPE, ...';
COMMENT ON COLUMN entity_days.day IS 'Day of publication, else of the last change of the file.';
COMMENT ON COLUMN entity_days.n_mentions IS 'Number of mentions on that day.';
COMMENT ON COLUMN entity_days.n_documents IS 'Number of articles of that day with a mention.';
