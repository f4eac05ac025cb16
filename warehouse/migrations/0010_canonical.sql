-- One word for the document that readers see instead of a merged one: it is the canonical document.

ALTER TABLE duplicates RENAME COLUMN keeper_containment TO canonical_containment;
COMMENT ON COLUMN duplicates.canonical_containment IS 'Share of the canonical text''s three-word shingles that the merged text holds, 0 to 1.';
COMMENT ON TABLE story_documents IS 'One row: the story of one article. A merged document belongs to the story of its canonical document.';
