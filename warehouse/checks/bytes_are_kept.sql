-- The text of a record, written back in its encoding, has the hash that is its id. (Other encodings: warehouse/audit.py.)
SELECT doc_id, uri
FROM raw_documents
WHERE in_scope(run_id) AND charset IN ('utf-8', 'ascii') AND left(sha256(raw_text), 32) <> doc_id
