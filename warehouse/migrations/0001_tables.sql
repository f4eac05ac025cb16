-- The warehouse's first tables. Columns named in docs/tables.md are a public promise.

CREATE TABLE schema_migrations (
    version INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE schema_migrations IS 'One row: one change of the schema that was applied.';
COMMENT ON COLUMN schema_migrations.version IS 'Its number.';
COMMENT ON COLUMN schema_migrations.name IS 'Its file in warehouse/migrations.';
COMMENT ON COLUMN schema_migrations.applied_at IS 'When.';

CREATE TABLE runs (
    run_id VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    state VARCHAR NOT NULL,
    n_records BIGINT NOT NULL,
    n_known BIGINT NOT NULL,
    n_loaded BIGINT NOT NULL,
    n_duplicates BIGINT NOT NULL,
    n_quarantined BIGINT NOT NULL,
    code_version VARCHAR NOT NULL,
    settings JSON NOT NULL
);
COMMENT ON TABLE runs IS 'One row: one run of the pipeline. n_records = n_known + n_loaded + n_duplicates + n_quarantined.';
COMMENT ON COLUMN runs.run_id IS 'From what was read and from the run before; never from the clock.';
COMMENT ON COLUMN runs.started_at IS 'When the run began.';
COMMENT ON COLUMN runs.finished_at IS 'When it was published or given up.';
COMMENT ON COLUMN runs.state IS 'completed, failed (a critical expectation stopped it) or killed (it ended without a word).';
COMMENT ON COLUMN runs.n_records IS 'Records read.';
COMMENT ON COLUMN runs.n_known IS 'Records that an earlier run had loaded or quarantined already.';
COMMENT ON COLUMN runs.n_loaded IS 'Records that became articles.';
COMMENT ON COLUMN runs.n_duplicates IS 'Records merged into another document.';
COMMENT ON COLUMN runs.n_quarantined IS 'Records rejected, each with its expectation.';
COMMENT ON COLUMN runs.code_version IS 'Version of copydesk.';
COMMENT ON COLUMN runs.settings IS 'The settings that shape the result.';

CREATE TABLE stages (
    run_id VARCHAR NOT NULL,
    stage VARCHAR NOT NULL,
    n_in BIGINT NOT NULL,
    n_out BIGINT NOT NULL,
    n_quarantined BIGINT NOT NULL,
    seconds DOUBLE NOT NULL
);
COMMENT ON TABLE stages IS 'One row: one stage of one run. n_in = n_out + n_quarantined (+ n_known of the run, for ingest).';
COMMENT ON COLUMN stages.run_id IS 'The run.';
COMMENT ON COLUMN stages.stage IS 'ingest, clean, dedupe, tag or load.';
COMMENT ON COLUMN stages.n_in IS 'Records (from clean on: records whose document is in the stage) that entered.';
COMMENT ON COLUMN stages.n_out IS 'Records that went on.';
COMMENT ON COLUMN stages.n_quarantined IS 'Records that its gate rejected.';
COMMENT ON COLUMN stages.seconds IS 'Wall-clock time of the stage and its gate.';

CREATE TABLE raw_documents (
    doc_id VARCHAR NOT NULL,
    uri VARCHAR NOT NULL,
    record BIGINT NOT NULL,
    source VARCHAR,
    media_type VARCHAR NOT NULL,
    charset VARCHAR NOT NULL,
    record_start BIGINT NOT NULL,
    record_end BIGINT NOT NULL,
    fetched_at TIMESTAMPTZ,
    raw_text VARCHAR NOT NULL USING COMPRESSION zstd,
    run_id VARCHAR NOT NULL
);
COMMENT ON TABLE raw_documents IS 'One row: one record as read and accepted. Byte-for-byte copies share a doc_id and differ in uri or record.';
COMMENT ON COLUMN raw_documents.doc_id IS 'First 128 bits of the sha256 of the record''s bytes, in hex.';
COMMENT ON COLUMN raw_documents.uri IS 'Where the record was read.';
COMMENT ON COLUMN raw_documents.record IS 'Its number within the file; 0 where the file is the record.';
COMMENT ON COLUMN raw_documents.source IS 'The outlet: the folder that holds the file.';
COMMENT ON COLUMN raw_documents.media_type IS 'For example text/plain.';
COMMENT ON COLUMN raw_documents.charset IS 'How its bytes were read; written back with it they are the same bytes.';
COMMENT ON COLUMN raw_documents.record_start IS 'First byte of the record in its file.';
COMMENT ON COLUMN raw_documents.record_end IS 'Byte after its last one.';
COMMENT ON COLUMN raw_documents.fetched_at IS 'Time of the file''s last change.';
COMMENT ON COLUMN raw_documents.raw_text IS 'All of its text.';
COMMENT ON COLUMN raw_documents.run_id IS 'The run that read it.';

CREATE TABLE documents (
    doc_id VARCHAR NOT NULL,
    uri VARCHAR NOT NULL,
    source VARCHAR,
    title VARCHAR,
    byline VARCHAR,
    credit VARCHAR,
    published_at TIMESTAMPTZ,
    lang VARCHAR,
    lang_confidence DOUBLE,
    text VARCHAR NOT NULL USING COMPRESSION zstd,
    n_words BIGINT NOT NULL,
    kept_share DOUBLE NOT NULL,
    revision_of VARCHAR,
    tagged_by VARCHAR,
    run_id VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL
);
COMMENT ON TABLE documents IS 'One row: one cleaned document, merged ones too. Readers want the view articles.';
COMMENT ON COLUMN documents.doc_id IS 'As in raw_documents.';
COMMENT ON COLUMN documents.uri IS 'Where it was first read.';
COMMENT ON COLUMN documents.source IS 'The outlet: the folder that holds the file.';
COMMENT ON COLUMN documents.title IS 'The headline, without what was glued to it.';
COMMENT ON COLUMN documents.byline IS 'Who wrote it, as the text says.';
COMMENT ON COLUMN documents.credit IS 'The source that the text itself names ("Source: X").';
COMMENT ON COLUMN documents.published_at IS 'The day that the text gives for its publication, midnight UTC.';
COMMENT ON COLUMN documents.lang IS 'Language, ISO 639-1 where there is such a code.';
COMMENT ON COLUMN documents.lang_confidence IS 'Certainty of lang, 0 to 1.';
COMMENT ON COLUMN documents.text IS 'The article: raw_text after its edits.';
COMMENT ON COLUMN documents.n_words IS 'Words in text.';
COMMENT ON COLUMN documents.kept_share IS 'Share of the raw characters that no boilerplate rule removed.';
COMMENT ON COLUMN documents.revision_of IS 'The document that stood at the same uri before.';
COMMENT ON COLUMN documents.tagged_by IS 'The model that tagged its entities; null where none was: a merged document, or no model for its language.';
COMMENT ON COLUMN documents.run_id IS 'The run that loaded it.';
COMMENT ON COLUMN documents.fingerprint IS 'Hash of the row as loaded; the audit compares it.';

CREATE TABLE edits (
    doc_id VARCHAR NOT NULL,
    start BIGINT NOT NULL,
    "end" BIGINT NOT NULL,
    rule VARCHAR NOT NULL,
    replacement VARCHAR NOT NULL,
    score DOUBLE NOT NULL
);
COMMENT ON TABLE edits IS 'One row: one mark on raw_text: the span [start, end) reads replacement in text. Marks of a document do not overlap.';
COMMENT ON COLUMN edits.doc_id IS 'The document.';
COMMENT ON COLUMN edits.start IS 'First code point of the span in raw_text, from 0.';
COMMENT ON COLUMN edits."end" IS 'Code point after its last one.';
COMMENT ON COLUMN edits.rule IS 'The rule that made the mark: see the view boilerplate_rules.';
COMMENT ON COLUMN edits.replacement IS 'What the text reads instead; empty where the span was removed.';
COMMENT ON COLUMN edits.score IS 'How sure the rule is, 0 to 1.';

CREATE TABLE duplicates (
    doc_id VARCHAR NOT NULL,
    canonical_doc_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    similarity DOUBLE NOT NULL,
    containment DOUBLE NOT NULL,
    uri VARCHAR NOT NULL,
    record BIGINT NOT NULL,
    run_id VARCHAR NOT NULL
);
COMMENT ON TABLE duplicates IS 'One row: one record merged into another document. Where doc_id = canonical_doc_id, the record at uri is a byte-for-byte copy of that document.';
COMMENT ON COLUMN duplicates.doc_id IS 'The merged document.';
COMMENT ON COLUMN duplicates.canonical_doc_id IS 'The document that readers see instead.';
COMMENT ON COLUMN duplicates.kind IS 'exact, near or contained.';
COMMENT ON COLUMN duplicates.similarity IS 'Jaccard coefficient of the two texts'' three-word shingles.';
COMMENT ON COLUMN duplicates.containment IS 'Share of the smaller text''s shingles that the other holds.';
COMMENT ON COLUMN duplicates.uri IS 'Where the merged record was read.';
COMMENT ON COLUMN duplicates.record IS 'Its number within that file.';
COMMENT ON COLUMN duplicates.run_id IS 'The run that last decided it.';

CREATE TABLE duplicate_pairs (
    text_key UBIGINT NOT NULL,
    other_key UBIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    similarity DOUBLE NOT NULL,
    containment DOUBLE NOT NULL
);
COMMENT ON TABLE duplicate_pairs IS 'One row: one verified pair of texts, the evidence from which duplicates are decided.';
COMMENT ON COLUMN duplicate_pairs.text_key IS 'The smaller key of the two: see signatures.';
COMMENT ON COLUMN duplicate_pairs.other_key IS 'The larger key.';
COMMENT ON COLUMN duplicate_pairs.kind IS 'near or contained.';
COMMENT ON COLUMN duplicate_pairs.similarity IS 'Jaccard coefficient of their shingles.';
COMMENT ON COLUMN duplicate_pairs.containment IS 'Share of the smaller one''s shingles that the other holds.';

CREATE TABLE signatures (
    doc_id VARCHAR NOT NULL,
    text_key UBIGINT NOT NULL,
    n_words BIGINT NOT NULL,
    published_at TIMESTAMPTZ,
    anchors UBIGINT[] NOT NULL
);
COMMENT ON TABLE signatures IS 'One row: one document''s entry in the near-duplicate index.';
COMMENT ON COLUMN signatures.doc_id IS 'The document.';
COMMENT ON COLUMN signatures.text_key IS 'Hash of its folded text: equal texts share it.';
COMMENT ON COLUMN signatures.n_words IS 'Words in its text.';
COMMENT ON COLUMN signatures.published_at IS 'As in documents.';
COMMENT ON COLUMN signatures.anchors IS 'Sampled hashes of its shingles.';

CREATE TABLE entities (
    entity_id VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    country_code VARCHAR,
    kb_id VARCHAR,
    n_documents BIGINT NOT NULL,
    first_seen TIMESTAMPTZ,
    last_seen TIMESTAMPTZ
);
COMMENT ON TABLE entities IS 'One row: one entity named in articles.';
COMMENT ON COLUMN entities.entity_id IS 'Hash of label and folded name.';
COMMENT ON COLUMN entities.label IS 'PERSON, ORG, GPE, ... (OntoNotes).';
COMMENT ON COLUMN entities.name IS 'Its best-written name.';
COMMENT ON COLUMN entities.country_code IS 'ISO 3166 code, where known.';
COMMENT ON COLUMN entities.kb_id IS 'Id in a knowledge base, where known.';
COMMENT ON COLUMN entities.n_documents IS 'Documents that mention it.';
COMMENT ON COLUMN entities.first_seen IS 'Earliest publication (else the file''s time) of those documents.';
COMMENT ON COLUMN entities.last_seen IS 'Latest one.';

CREATE TABLE mentions (
    doc_id VARCHAR NOT NULL,
    start BIGINT NOT NULL,
    "end" BIGINT NOT NULL,
    surface VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    entity_id VARCHAR NOT NULL,
    resolved_by VARCHAR NOT NULL,
    score DOUBLE NOT NULL
);
COMMENT ON TABLE mentions IS 'One row: one mention of an entity: surface = text[start:end].';
COMMENT ON COLUMN mentions.doc_id IS 'The document.';
COMMENT ON COLUMN mentions.start IS 'First code point in documents.text, from 0.';
COMMENT ON COLUMN mentions."end" IS 'Code point after its last one.';
COMMENT ON COLUMN mentions.surface IS 'The words of the text.';
COMMENT ON COLUMN mentions.label IS 'As in entities.';
COMMENT ON COLUMN mentions.entity_id IS 'The entity.';
COMMENT ON COLUMN mentions.resolved_by IS 'How the entity was found.';
COMMENT ON COLUMN mentions.score IS 'How sure that is, 0 to 1.';

CREATE TABLE stories (
    story_id VARCHAR NOT NULL,
    label VARCHAR,
    first_at TIMESTAMPTZ,
    last_at TIMESTAMPTZ,
    n_documents BIGINT NOT NULL,
    n_sources BIGINT NOT NULL
);
COMMENT ON TABLE stories IS 'One row: one event that several documents report. Not filled yet.';
COMMENT ON COLUMN stories.story_id IS 'Its id.';
COMMENT ON COLUMN stories.label IS 'Its most central headline.';
COMMENT ON COLUMN stories.first_at IS 'First report.';
COMMENT ON COLUMN stories.last_at IS 'Last report.';
COMMENT ON COLUMN stories.n_documents IS 'Documents.';
COMMENT ON COLUMN stories.n_sources IS 'Outlets.';

CREATE TABLE story_documents (
    story_id VARCHAR NOT NULL,
    doc_id VARCHAR NOT NULL,
    score DOUBLE NOT NULL
);
COMMENT ON TABLE story_documents IS 'One row: one document''s story. Not filled yet.';
COMMENT ON COLUMN story_documents.story_id IS 'The story.';
COMMENT ON COLUMN story_documents.doc_id IS 'The document.';
COMMENT ON COLUMN story_documents.score IS 'How close the document is to the story.';

CREATE TABLE quarantine (
    uri VARCHAR NOT NULL,
    record BIGINT NOT NULL,
    doc_id VARCHAR NOT NULL,
    stage VARCHAR NOT NULL,
    expectation VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    payload BLOB,
    run_id VARCHAR NOT NULL,
    state VARCHAR NOT NULL
);
COMMENT ON TABLE quarantine IS 'One row: one rejected record, with the record itself.';
COMMENT ON COLUMN quarantine.uri IS 'Where the record was read.';
COMMENT ON COLUMN quarantine.record IS 'Its number within the file.';
COMMENT ON COLUMN quarantine.doc_id IS 'Hash of its bytes, as in raw_documents.';
COMMENT ON COLUMN quarantine.stage IS 'The stage whose gate rejected it.';
COMMENT ON COLUMN quarantine.expectation IS 'The expectation that it failed; the first one of the suite where it failed several.';
COMMENT ON COLUMN quarantine.detail IS 'What was seen and what was expected.';
COMMENT ON COLUMN quarantine.payload IS 'The record''s bytes; null where there was no reader for them.';
COMMENT ON COLUMN quarantine.run_id IS 'The run that rejected it.';
COMMENT ON COLUMN quarantine.state IS 'rejected.';

CREATE TABLE quality_results (
    run_id VARCHAR NOT NULL,
    stage VARCHAR NOT NULL,
    suite VARCHAR NOT NULL,
    expectation VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    success BOOLEAN NOT NULL,
    observed VARCHAR,
    n_unexpected BIGINT NOT NULL,
    doc_ids VARCHAR[] NOT NULL
);
COMMENT ON TABLE quality_results IS 'One row: one expectation checked by one run.';
COMMENT ON COLUMN quality_results.run_id IS 'The run.';
COMMENT ON COLUMN quality_results.stage IS 'The stage whose gate checked it.';
COMMENT ON COLUMN quality_results.suite IS 'The file in expectations/suites.';
COMMENT ON COLUMN quality_results.expectation IS 'Its name there.';
COMMENT ON COLUMN quality_results.severity IS 'warning (rows are quarantined) or critical (the run stops).';
COMMENT ON COLUMN quality_results.success IS 'Whether every row met it.';
COMMENT ON COLUMN quality_results.observed IS 'What was seen, in words.';
COMMENT ON COLUMN quality_results.n_unexpected IS 'Rows that did not meet it.';
COMMENT ON COLUMN quality_results.doc_ids IS 'Up to twenty of them.';

-- The hash by which the audit knows that a row of documents is as it was loaded.
CREATE MACRO document_fingerprint(
    doc_id, uri, source, title, byline, credit, published_at, lang, lang_confidence, text, n_words, kept_share
) AS md5(
    concat_ws(
        chr(31), doc_id, uri, coalesce(source, chr(30)), coalesce(title, chr(30)), coalesce(byline, chr(30)),
        coalesce(credit, chr(30)), coalesce(CAST(epoch_us(published_at) AS VARCHAR), chr(30)), coalesce(lang, chr(30)),
        coalesce(CAST(lang_confidence AS VARCHAR), chr(30)), text, CAST(n_words AS VARCHAR), CAST(kept_share AS VARCHAR)
    )
);
