-- The bytes that the quarantine kept of a record have the hash that is its id.
SELECT doc_id, uri
FROM quarantine
WHERE in_scope(run_id) AND payload IS NOT NULL AND left(sha256(payload), 32) <> doc_id
