WITH marked AS (
    SELECT rule, doc_id, start, "end", score FROM edits
    WHERE doc_id IN (SELECT doc_id FROM documents WHERE run_id = (
        SELECT run_id FROM runs WHERE n_loaded > 0 ORDER BY started_at DESC LIMIT 1
    ))
), by_rule AS (
    SELECT rule, count(*) AS marks, count(DISTINCT doc_id) AS documents, sum("end" - start)::BIGINT AS characters,
        round(avg(score), 2) AS mean_score, min({'doc_id': doc_id, 'start': start, 'end': "end"}) AS first
    FROM marked GROUP BY rule
)
SELECT b.rule, marks, documents, characters, mean_score,
    substring(r.raw_text, b.first.start + 1, least(b.first."end" - b.first.start, 90)) AS example,
    b.first.doc_id AS doc_id
FROM by_rule AS b INNER JOIN (
    SELECT doc_id, any_value(raw_text) AS raw_text FROM raw_documents
    WHERE doc_id IN (SELECT first.doc_id FROM by_rule) GROUP BY doc_id
) AS r ON r.doc_id = b.first.doc_id
ORDER BY characters DESC, b.rule LIMIT 100
