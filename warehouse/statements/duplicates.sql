-- Signatures, duplicates and overlaps.

INSERT INTO signatures BY NAME SELECT * FROM staged_signatures ORDER BY doc_id;

DELETE FROM duplicates
WHERE doc_id <> canonical_doc_id AND doc_id IN (SELECT doc_id FROM staged_decided);

INSERT INTO duplicates
SELECT
    s.doc_id, s.canonical_doc_id, s.kind, s.similarity, s.containment, d.uri, r.record, $run, s.canonical_containment,
    s.text_key, s.canonical_key
FROM staged_duplicates AS s
INNER JOIN documents AS d USING (doc_id)
INNER JOIN (SELECT doc_id, uri, min(record) AS record FROM raw_documents GROUP BY doc_id, uri) AS r
    ON r.doc_id = s.doc_id AND r.uri = d.uri
ORDER BY s.doc_id;

INSERT INTO duplicates
SELECT doc_id, doc_id, 'exact', 1, 1, uri, record, $run, 1, NULL, NULL
FROM staged_records WHERE NOT is_primary ORDER BY doc_id, uri, record;

DELETE FROM text_overlaps USING staged_texts AS t
WHERE text_overlaps.text_key = t.text_key AND coalesce(t.canonical_key = text_overlaps.other_key, true);

DELETE FROM text_overlaps USING staged_texts AS t
WHERE text_overlaps.other_key = t.text_key AND t.canonical_key IS NOT NULL;

INSERT INTO text_overlaps
SELECT text_key, canonical_key, kind, similarity, containment, canonical_containment
FROM staged_overlaps AS s
WHERE NOT EXISTS (
    SELECT 1 FROM text_overlaps AS t WHERE t.text_key = s.text_key AND t.other_key = s.canonical_key
)
ORDER BY text_key, canonical_key;
