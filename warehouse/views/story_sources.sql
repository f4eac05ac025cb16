-- One row: one outlet in one story.
CREATE OR REPLACE VIEW story_sources AS
SELECT s.story_id, d.source, count(*) AS n_documents, min(d.published_at) AS first_at, max(d.published_at) AS last_at
FROM story_documents AS s
INNER JOIN documents AS d USING (doc_id)
GROUP BY ALL;
COMMENT ON VIEW story_sources IS 'One row: one outlet in one story.';
COMMENT ON COLUMN story_sources.story_id IS 'Id of the story.';
COMMENT ON COLUMN story_sources.source IS 'The outlet: the folder that holds the file.';
COMMENT ON COLUMN story_sources.n_documents IS 'Number of articles of the outlet in the story.';
COMMENT ON COLUMN story_sources.first_at IS 'Earliest publication of those articles.';
COMMENT ON COLUMN story_sources.last_at IS 'Latest publication of those articles.';
