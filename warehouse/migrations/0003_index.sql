-- The near-duplicate index anew: smaller anchors, and merges that are decided text by text. Documents without a signature
-- are signed, and decided, by the next run.

DROP TABLE signatures;
CREATE TABLE signatures (
    doc_id VARCHAR NOT NULL,
    text_key UBIGINT NOT NULL,
    n_words BIGINT NOT NULL,
    published_at TIMESTAMPTZ,
    "numbers" UBIGINT NOT NULL,
    n_sampled BIGINT NOT NULL,
    anchors UINTEGER[] NOT NULL
);
COMMENT ON TABLE signatures IS 'One row: one document''s entry in the near-duplicate index.';
COMMENT ON COLUMN signatures.doc_id IS 'The document.';
COMMENT ON COLUMN signatures.text_key IS 'Hash of its words in their order: documents of the same words share it.';
COMMENT ON COLUMN signatures.n_words IS 'As in documents.';
COMMENT ON COLUMN signatures.published_at IS 'As in documents.';
COMMENT ON COLUMN signatures."numbers" IS 'A bit is set for each number in its text, by the number''s hash.';
COMMENT ON COLUMN signatures.n_sampled IS 'Its anchors that a text of any length would keep.';
COMMENT ON COLUMN signatures.anchors IS 'Hashes sampled from its three-word shingles, 32 bits each.';

DROP TABLE duplicate_pairs;
ALTER TABLE duplicates ADD COLUMN keeper_containment DOUBLE DEFAULT 1;
COMMENT ON COLUMN duplicates.similarity IS 'Jaccard coefficient of the two texts'' three-word shingles.';
COMMENT ON COLUMN duplicates.containment IS 'Share of the merged text''s shingles that the other holds.';
COMMENT ON COLUMN duplicates.keeper_containment IS 'Share of the other''s shingles that the merged text holds.';

CREATE TABLE text_overlaps (
    text_key UBIGINT NOT NULL,
    other_key UBIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    similarity DOUBLE NOT NULL,
    containment DOUBLE NOT NULL,
    other_containment DOUBLE NOT NULL
);
COMMENT ON TABLE text_overlaps IS 'One row: one merged text and one article, not the one it was merged into, that holds or copies it too. By documents: the view document_overlaps.';
COMMENT ON COLUMN text_overlaps.text_key IS 'The merged text: see signatures.';
COMMENT ON COLUMN text_overlaps.other_key IS 'The other article''s text.';
COMMENT ON COLUMN text_overlaps.kind IS 'near or contained.';
COMMENT ON COLUMN text_overlaps.similarity IS 'As in duplicates.';
COMMENT ON COLUMN text_overlaps.containment IS 'Share of the merged text''s shingles that the other holds.';
COMMENT ON COLUMN text_overlaps.other_containment IS 'The reverse.';
