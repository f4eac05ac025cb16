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
    d.uri,
    d.agency,
    d.dateline,
    d.published_from,
    d.url,
    d.site
FROM documents AS d
LEFT JOIN story_documents AS s USING (doc_id)
LEFT JOIN (
    SELECT canonical_doc_id AS doc_id, count(*) AS n_duplicates FROM duplicates GROUP BY ALL
) AS c USING (doc_id)
WHERE d.doc_id NOT IN (SELECT doc_id FROM duplicates WHERE doc_id <> canonical_doc_id);
COMMENT ON VIEW articles IS 'One row: one article that readers see: a document that was merged into no other.';
COMMENT ON COLUMN articles.doc_id IS 'The document.';
COMMENT ON COLUMN articles.story_id IS 'Its story, once stories are made.';
COMMENT ON COLUMN articles.source IS 'The outlet: the folder that holds the file.';
COMMENT ON COLUMN articles.title IS 'The headline.';
COMMENT ON COLUMN articles.byline IS 'Who wrote it, as the text says.';
COMMENT ON COLUMN articles.published_at IS 'When it was published, in UTC; midnight where only the day is told.';
COMMENT ON COLUMN articles.lang IS 'Language code.';
COMMENT ON COLUMN articles.text IS 'The article.';
COMMENT ON COLUMN articles.n_words IS 'Words in text.';
COMMENT ON COLUMN articles.n_duplicates IS 'Records merged into it.';
COMMENT ON COLUMN articles.credit IS 'The source that the text itself names.';
COMMENT ON COLUMN articles.uri IS 'Where it was first read.';
COMMENT ON COLUMN articles.agency IS 'The news agency that the text names as its source.';
COMMENT ON COLUMN articles.dateline IS 'Where it was written, as the text begins.';
COMMENT ON COLUMN articles.published_from IS 'Who says when it was published.';
COMMENT ON COLUMN articles.url IS 'The address that the page gives as its own.';
COMMENT ON COLUMN articles.site IS 'The name of the site, as the page gives it.';
