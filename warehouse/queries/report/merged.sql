SELECT u.doc_id, u.kind, round(u.similarity, 2) AS similarity, round(u.containment, 2) AS held,
    parse_filename(u.uri) AS file, d.title AS shown_instead
FROM duplicates AS u INNER JOIN runs AS r USING (run_id)
INNER JOIN documents AS d ON d.doc_id = u.canonical_doc_id
ORDER BY r.started_at DESC, u.kind, u.similarity DESC, u.uri LIMIT 100
