WITH stories_of_the_day AS (
    SELECT story_id, label, n_sources, n_documents, last_at FROM stories
    WHERE n_documents > 1 AND last_at >= (SELECT max(last_at) FROM stories WHERE n_documents > 1) - INTERVAL 1 DAY
    ORDER BY n_sources DESC, n_documents DESC, story_id LIMIT 10
)
SELECT s.label AS story, d.source, sd."at" AS time
FROM stories_of_the_day AS s INNER JOIN story_documents AS sd USING (story_id)
INNER JOIN documents AS d USING (doc_id)
WHERE sd."at" > (SELECT max(last_at) FROM stories_of_the_day) - INTERVAL 7 DAY
QUALIFY row_number() OVER (PARTITION BY s.story_id ORDER BY sd."at" DESC, sd.doc_id) <= 60
ORDER BY s.n_sources DESC, s.n_documents DESC, s.story_id, time, d.source
