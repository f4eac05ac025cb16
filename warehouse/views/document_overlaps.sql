-- One row: one merged document and one article, not the one it was merged into, that holds or copies it too.
CREATE OR REPLACE VIEW document_overlaps AS
SELECT s.doc_id, o.doc_id AS other_doc_id, t.kind, t.similarity, t.containment, t.other_containment
FROM text_overlaps AS t
INNER JOIN signatures AS s ON s.text_key = t.text_key
INNER JOIN signatures AS o ON o.text_key = t.other_key
WHERE o.doc_id NOT IN (SELECT doc_id FROM duplicates WHERE doc_id <> canonical_doc_id);
COMMENT ON VIEW document_overlaps IS 'One row: one merged document and one article, not the one it was merged into, that holds or copies it too.';
COMMENT ON COLUMN document_overlaps.doc_id IS 'The merged document.';
COMMENT ON COLUMN document_overlaps.other_doc_id IS 'The article.';
COMMENT ON COLUMN document_overlaps.kind IS 'near or contained.';
COMMENT ON COLUMN document_overlaps.similarity IS 'As in duplicates.';
COMMENT ON COLUMN document_overlaps.containment IS 'Share of the merged document''s shingles that the article holds.';
COMMENT ON COLUMN document_overlaps.other_containment IS 'The reverse.';
