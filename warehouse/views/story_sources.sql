-- One row: one outlet's part in one story.
CREATE OR REPLACE VIEW story_sources AS
SELECT s.story_id, d.source, count(*) AS n_documents, min(d.published_at) AS first_at, max(d.published_at) AS last_at
FROM story_documents AS s
INNER JOIN documents AS d USING (doc_id)
GROUP BY ALL;
COMMENT ON VIEW story_sources IS 'One row: one outlet''s part in one story.';
COMMENT ON COLUMN story_sources.story_id IS 'The story.';
COMMENT ON COLUMN story_sources.source IS 'The outlet.';
COMMENT ON COLUMN story_sources.n_documents IS 'Its documents in the story.';
COMMENT ON COLUMN story_sources.first_at IS 'Its first report.';
COMMENT ON COLUMN story_sources.last_at IS 'Its last report.';
