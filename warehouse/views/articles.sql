-- One row: one article that readers see: a document that was merged into no other.
CREATE OR REPLACE VIEW articles AS
SELECT
    d.doc_id,
    s.story_id,
    d.source,
    d.title,
    d.byline,
    d.published_at,
    d.lang,
    d.text,
    d.n_words,
    coalesce(c.n_duplicates, 0) AS n_duplicates,
    d.credit,
    d.uri
FROM documents AS d
LEFT JOIN story_documents AS s USING (doc_id)
LEFT JOIN (
    SELECT canonical_doc_id AS doc_id, count(*) AS n_duplicates FROM duplicates GROUP BY ALL
) AS c USING (doc_id)
WHERE d.doc_id NOT IN (SELECT doc_id FROM duplicates WHERE doc_id <> canonical_doc_id);
COMMENT ON VIEW articles IS 'One row: one article that readers see: a document that was merged into no other.';
