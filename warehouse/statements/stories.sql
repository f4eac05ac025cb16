-- Stories that the run changed.

INSERT INTO story_changes SELECT $run, doc_id, old_story_id, new_story_id, kind FROM staged_story_changes;

CREATE OR REPLACE TEMP TABLE touched_stories AS
SELECT story_id FROM staged_story_documents UNION SELECT old_story_id FROM staged_story_changes;

DELETE FROM story_documents WHERE doc_id IN (
    SELECT doc_id FROM staged_story_documents UNION ALL SELECT doc_id FROM staged_story_changes
);

INSERT INTO story_documents BY NAME SELECT * FROM staged_story_documents ORDER BY doc_id;

DELETE FROM stories WHERE story_id IN (SELECT story_id FROM touched_stories);

INSERT INTO stories
WITH touched AS (
    SELECT s.* FROM story_documents AS s SEMI JOIN touched_stories USING (story_id)
), read AS (  -- a document counts for every outlet that printed it or a copy of it
    SELECT DISTINCT doc_id, source FROM raw_documents
), printed AS (
    SELECT doc_id, source FROM read
    UNION ALL
    SELECT u.canonical_doc_id, r.source
    FROM (SELECT DISTINCT doc_id, canonical_doc_id FROM duplicates) AS u INNER JOIN read AS r USING (doc_id)
), sources AS (
    SELECT s.story_id, count(DISTINCT p.source) AS n_sources
    FROM touched AS s LEFT JOIN printed AS p USING (doc_id) GROUP BY s.story_id
), labelled AS (
    SELECT
        s.story_id, s."at", s.score, s.doc_id, d.title IS NOT NULL AS has_title,
        CASE
            WHEN d.title IS NOT NULL THEN d.title
            WHEN length(d.text) <= 80 THEN d.text
            ELSE regexp_replace(left(d.text, 80), '\s+\S*$', '') || '…'
        END AS label
    FROM touched AS s INNER JOIN documents AS d USING (doc_id)
)
SELECT
    t.story_id, max_by(t.label, (t.has_title, t.score, -epoch_us(t."at"), t.doc_id)), min(t."at"), max(t."at"),
    count(*), any_value(o.n_sources)
FROM labelled AS t INNER JOIN sources AS o USING (story_id)
GROUP BY t.story_id;

INSERT INTO story_terms SELECT doc_id, terms, weights FROM staged_story_terms ORDER BY doc_id;

DELETE FROM story_terms WHERE doc_id NOT IN (
    SELECT doc_id FROM story_documents WHERE greatest("at", fetched_at) > (
        SELECT max(greatest("at", fetched_at)) - INTERVAL 28 DAY FROM story_documents
    )
);
