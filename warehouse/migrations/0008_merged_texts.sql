-- What was merged into what, by text too: looked up by numbers, not by joining two tables on strings.
ALTER TABLE duplicates ADD COLUMN text_key UBIGINT;
ALTER TABLE duplicates ADD COLUMN canonical_key UBIGINT;
UPDATE duplicates SET text_key = s.text_key, canonical_key = k.text_key
FROM signatures AS s, signatures AS k
WHERE
    s.doc_id = duplicates.doc_id AND k.doc_id = duplicates.canonical_doc_id
    AND duplicates.doc_id <> duplicates.canonical_doc_id;
COMMENT ON COLUMN duplicates.text_key IS 'Its text: see signatures. Null where the record is a byte-for-byte copy.';
COMMENT ON COLUMN duplicates.canonical_key IS 'The text of the document that readers see instead.';
