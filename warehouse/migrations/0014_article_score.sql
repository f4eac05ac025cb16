-- Whether a page holds an article, and all of it.
ALTER TABLE documents ADD COLUMN article_score DOUBLE;
ALTER TABLE documents ADD COLUMN is_truncated BOOLEAN;
COMMENT ON COLUMN documents.article_score IS
    'The greatest probability of a line of the text to belong to an article; null without a line model.';
COMMENT ON COLUMN documents.is_truncated IS
    'Whether the text is only a part of the article: it is cut off, or stops above an offer to read on..';
