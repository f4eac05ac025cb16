-- Stories: documents that report the same event.

COMMENT ON TABLE stories IS 'One row: one event, with all articles that report it (one at least).';
COMMENT ON COLUMN stories.story_id IS 'The doc_id of the article that it began with; it survives later runs.';
COMMENT ON COLUMN stories.label IS 'Its most central headline.';
COMMENT ON COLUMN stories.first_at IS 'Time of the first report: see story_documents.';
COMMENT ON COLUMN stories.last_at IS 'Time of the last one.';
COMMENT ON COLUMN stories.n_documents IS 'Articles; duplicates are not counted.';
COMMENT ON COLUMN stories.n_sources IS 'Outlets that printed it, copies too.';

ALTER TABLE story_documents ADD COLUMN "at" TIMESTAMPTZ;
ALTER TABLE story_documents ADD COLUMN at_from VARCHAR;
ALTER TABLE story_documents ADD COLUMN published_at TIMESTAMPTZ;
ALTER TABLE story_documents ADD COLUMN fetched_at TIMESTAMPTZ;
COMMENT ON TABLE story_documents IS 'One row: one article''s story. A merged document belongs to the story of its keeper.';
COMMENT ON COLUMN story_documents.story_id IS 'The story.';
COMMENT ON COLUMN story_documents.doc_id IS 'The article.';
COMMENT ON COLUMN story_documents.score IS 'Mean similarity to the story''s other articles, 0 to 1; below 0.6 it is loose. 1 for one that is alone.';
COMMENT ON COLUMN story_documents."at" IS 'The time that counts for the story.';
COMMENT ON COLUMN story_documents.at_from IS 'published, or fetched where no date of publication is known.';
COMMENT ON COLUMN story_documents.published_at IS 'As in documents.';
COMMENT ON COLUMN story_documents.fetched_at IS 'As in raw_documents: the earliest.';

CREATE TABLE story_terms (
    doc_id VARCHAR NOT NULL,
    terms UINTEGER[] NOT NULL,
    weights FLOAT[] NOT NULL
);
COMMENT ON TABLE story_terms IS 'One row: one article of the last weeks, by the terms that it is compared with new ones. Made anew from its text where it is missing.';
COMMENT ON COLUMN story_terms.doc_id IS 'The article.';
COMMENT ON COLUMN story_terms.terms IS 'Hashes of its words, names, figures and pairs of words.';
COMMENT ON COLUMN story_terms.weights IS 'Their weights.';

CREATE TABLE story_changes (
    run_id VARCHAR NOT NULL,
    doc_id VARCHAR NOT NULL,
    old_story_id VARCHAR NOT NULL,
    new_story_id VARCHAR,
    kind VARCHAR NOT NULL
);
COMMENT ON TABLE story_changes IS 'One row: one article that a run took out of its story.';
COMMENT ON COLUMN story_changes.run_id IS 'The run.';
COMMENT ON COLUMN story_changes.doc_id IS 'The article.';
COMMENT ON COLUMN story_changes.old_story_id IS 'The story that it was in.';
COMMENT ON COLUMN story_changes.new_story_id IS 'The story that it is in now; null where it was merged into another document.';
COMMENT ON COLUMN story_changes.kind IS 'merge (the old story is no more), split (it goes on without the article) or duplicate (the article was merged into another).';
