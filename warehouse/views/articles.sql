-- One row: one article: a document that was merged into no other document.
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
    d.site,
    d.is_truncated
FROM documents AS d
LEFT JOIN story_documents AS s USING (doc_id)
LEFT JOIN (
    SELECT canonical_doc_id AS doc_id, count(*) AS n_duplicates FROM duplicates GROUP BY ALL
) AS c USING (doc_id)
WHERE d.doc_id NOT IN (SELECT doc_id FROM duplicates WHERE doc_id <> canonical_doc_id);
COMMENT ON VIEW articles IS 'One row: one article: a document that was merged into no other document.';
COMMENT ON COLUMN articles.doc_id IS 'Id of the document.';
COMMENT ON COLUMN articles.story_id IS 'Id of the story of the article.';
COMMENT ON COLUMN articles.source IS 'The outlet: the folder that holds the file.';
COMMENT ON COLUMN articles.title IS 'The headline.';
COMMENT ON COLUMN articles.byline IS 'The authors that the text names.';
COMMENT ON COLUMN articles.published_at IS 'Time of publication in UTC; midnight if only the day is known.';
COMMENT ON COLUMN articles.lang IS 'Language of the text: ISO 639-1 code if there is one.';
COMMENT ON COLUMN articles.text IS 'The clean text.';
COMMENT ON COLUMN articles.n_words IS 'Number of words in text.';
COMMENT ON COLUMN articles.n_duplicates IS 'Number of records merged into the article.';
COMMENT ON COLUMN articles.credit IS 'The source that the text itself names.';
COMMENT ON COLUMN articles.uri IS 'Path or address at which the document was first read.';
COMMENT ON COLUMN articles.agency IS 'The news agency that the text names as its source.';
COMMENT ON COLUMN articles.dateline IS 'The place at the beginning of the text ("LONDON (Reuters) -").';
COMMENT ON COLUMN articles.published_from IS 'Source of published_at: see documents.';
COMMENT ON COLUMN articles.url IS 'Canonical address that the page gives for itself.';
COMMENT ON COLUMN articles.site IS 'Name of the site that the page gives.';
COMMENT ON COLUMN articles.is_truncated IS 'Whether the text is only a part of the article: see documents.';
