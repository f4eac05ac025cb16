-- Records, documents, edits and source lines. Ordered by doc_id: texts of one document are neighbours, which compresses well,
-- and a look-up reads one row group.

INSERT INTO raw_documents
SELECT doc_id, uri, record, source, media_type, charset, record_start, record_end, fetched_at, raw_text, $run
FROM staged_raw SEMI JOIN staged_records USING (doc_id, uri, record)
ORDER BY doc_id, uri, record;

INSERT INTO documents BY NAME
SELECT
    c.* EXCLUDE (is_listing), p.uri, t.tagged_by, $run AS run_id,
    (
        SELECT max_by(o.doc_id, (r.started_at, o.doc_id))
        FROM documents AS o INNER JOIN runs AS r ON r.run_id = o.run_id
        WHERE o.uri = p.uri
    ) AS revision_of,
    document_fingerprint(
        doc_id, p.uri, c.source, title, byline, credit, published_at, lang, lang_confidence,
        text, n_words, kept_share, agency, dateline, published_from, url, site
    ) AS fingerprint
FROM staged_clean AS c
INNER JOIN (SELECT doc_id, uri FROM staged_records WHERE is_primary) AS p USING (doc_id)
LEFT JOIN staged_tagged AS t USING (doc_id)
ORDER BY doc_id;

UPDATE documents SET tagged_by = t.tagged_by
FROM staged_tagged AS t
WHERE documents.doc_id = t.doc_id AND documents.tagged_by IS NULL AND t.tagged_by IS NOT NULL;

INSERT INTO edits
SELECT doc_id, start, "end", rule, replacement, score, evidence
FROM staged_edits SEMI JOIN (SELECT doc_id FROM staged_records WHERE is_primary) USING (doc_id)
ORDER BY doc_id, start;

MERGE INTO source_lines AS l USING staged_source_lines AS s ON l.source = s.source AND l."key" = s."key"
WHEN MATCHED THEN UPDATE SET n_seen = s.n_seen, n_documents = s.n_documents
WHEN NOT MATCHED THEN INSERT VALUES (s.source, s."key", s.n_seen, s.n_documents);
