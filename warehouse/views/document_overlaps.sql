-- One row: one merged document and one article that holds or copies it too, besides its canonical document.
CREATE OR REPLACE VIEW document_overlaps AS
SELECT s.doc_id, o.doc_id AS other_doc_id, t.kind, t.similarity, t.containment, t.other_containment
FROM text_overlaps AS t
INNER JOIN signatures AS s ON s.text_key = t.text_key
INNER JOIN signatures AS o ON o.text_key = t.other_key
WHERE o.doc_id NOT IN (SELECT doc_id FROM duplicates WHERE doc_id <> canonical_doc_id);
COMMENT ON VIEW document_overlaps IS 'One row: one merged document and one article that holds or copies it too, besides its canonical document.';
COMMENT ON COLUMN document_overlaps.doc_id IS 'Id of the merged document.';
COMMENT ON COLUMN document_overlaps.other_doc_id IS 'Id of the article.';
COMMENT ON COLUMN document_overlaps.kind IS 'near (nearly the same text) or contained (one text is part of the other).';
COMMENT ON COLUMN document_overlaps.similarity IS 'Jaccard coefficient of the two texts'' three-word shingles, 0 to 1.';
COMMENT ON COLUMN document_overlaps.containment IS 'Share of the merged text''s three-word shingles that the article holds, 0 to 1.';
COMMENT ON COLUMN document_overlaps.other_containment IS 'Share of the article''s three-word shingles that the merged text holds, 0 to 1.';
