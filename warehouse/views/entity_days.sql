-- One row: one entity on one day: how often and in how many articles it was named.
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
COMMENT ON VIEW entity_days IS 'One row: one entity on one day: how often and in how many articles it was named.';
COMMENT ON COLUMN entity_days.entity_id IS 'The entity.';
COMMENT ON COLUMN entity_days.name IS 'Its name.';
COMMENT ON COLUMN entity_days.label IS 'PERSON, ORG, GPE, ...';
COMMENT ON COLUMN entity_days.day IS 'Day of publication, else of the file.';
COMMENT ON COLUMN entity_days.n_mentions IS 'Mentions on that day.';
COMMENT ON COLUMN entity_days.n_documents IS 'Articles that name it.';
