-- Every article is in exactly one story, nothing else is in one, and each story counts its articles.
WITH articles AS (
    SELECT doc_id, run_id FROM documents
    WHERE doc_id NOT IN (SELECT doc_id FROM duplicates WHERE doc_id <> canonical_doc_id)
)
SELECT doc_id FROM articles WHERE in_scope(run_id) AND doc_id NOT IN (SELECT doc_id FROM story_documents)
UNION ALL
SELECT doc_id FROM story_documents WHERE doc_id NOT IN (SELECT doc_id FROM articles)
UNION ALL
SELECT doc_id FROM story_documents GROUP BY doc_id HAVING count(*) > 1
UNION ALL
SELECT story_id
FROM (SELECT story_id, count(*) AS n FROM story_documents GROUP BY story_id) AS d
FULL JOIN stories AS s USING (story_id)
WHERE d.n IS DISTINCT FROM s.n_documents
