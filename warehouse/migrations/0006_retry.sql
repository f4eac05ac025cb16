-- A rejected record can be taken up again by a later run: where it lay, and which run took it up.

ALTER TABLE quarantine ADD COLUMN record_start BIGINT;
ALTER TABLE quarantine ADD COLUMN record_end BIGINT;
ALTER TABLE quarantine ADD COLUMN fetched_at TIMESTAMPTZ;
ALTER TABLE quarantine ADD COLUMN retried_by VARCHAR;
COMMENT ON TABLE quarantine IS 'One row: one record that a run rejected, with the record itself. Where state is rejected, that is the record''s outcome.';
COMMENT ON COLUMN quarantine.doc_id IS 'Hash of its bytes, as in raw_documents; where they could not be read, of uri and size.';
COMMENT ON COLUMN quarantine.record_start IS 'First byte of the record in its file; null where an earlier version rejected it.';
COMMENT ON COLUMN quarantine.record_end IS 'Byte after its last one.';
COMMENT ON COLUMN quarantine.fetched_at IS 'As in raw_documents; null where an earlier version rejected it.';
COMMENT ON COLUMN quarantine.state IS 'rejected, or retried where a later run took the record up again.';
COMMENT ON COLUMN quarantine.retried_by IS 'The run that took it up again; null where none has.';
