-- Gates that look at sources and at the run, learn from history, and keep what failed.
ALTER TABLE quality_results ADD COLUMN n_checked BIGINT;
ALTER TABLE quality_results ADD COLUMN "over" VARCHAR;
ALTER TABLE quality_results ADD COLUMN source VARCHAR;
ALTER TABLE quality_results ADD COLUMN because VARCHAR;
COMMENT ON COLUMN quality_results.severity IS 'notice (it is told), warning (what failed is quarantined) or critical (the run stops).';
COMMENT ON COLUMN quality_results.n_checked IS 'Rows that were checked.';
COMMENT ON COLUMN quality_results."over" IS 'What a row is: documents, sources or run.';
COMMENT ON COLUMN quality_results.source IS 'The source that these limits are for, where it has its own.';
COMMENT ON COLUMN quality_results.because IS 'What it means when it is not met.';

CREATE TABLE quality_failures (
    run_id VARCHAR NOT NULL,
    stage VARCHAR NOT NULL,
    expectation VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    doc_id VARCHAR,
    source VARCHAR,
    seen VARCHAR,
    uri VARCHAR
);
COMMENT ON TABLE quality_failures IS 'One row: one row of measures that did not meet an expectation, up to twenty of each expectation and run.';
COMMENT ON COLUMN quality_failures.run_id IS 'The run.';
COMMENT ON COLUMN quality_failures.stage IS 'The stage whose gate found it.';
COMMENT ON COLUMN quality_failures.expectation IS 'The expectation.';
COMMENT ON COLUMN quality_failures.severity IS 'As in quality_results.';
COMMENT ON COLUMN quality_failures.doc_id IS 'The document; null where a source or the run failed.';
COMMENT ON COLUMN quality_failures.source IS 'The source.';
COMMENT ON COLUMN quality_failures.seen IS 'What was seen, and what would have been usual.';
COMMENT ON COLUMN quality_failures.uri IS 'Where the document was read.';

CREATE TABLE source_runs (
    run_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    n_read BIGINT NOT NULL,
    n_known BIGINT NOT NULL,
    n_new BIGINT NOT NULL,
    hours_since_new DOUBLE,
    n_documents BIGINT,
    median_words DOUBLE,
    median_kept DOUBLE,
    titled_share DOUBLE,
    dated_share DOUBLE,
    damaged_share DOUBLE,
    lang VARCHAR,
    lang_share DOUBLE,
    copied_share DOUBLE,
    mentions_per_100_words DOUBLE,
    flagged VARCHAR[] NOT NULL
);
COMMENT ON TABLE source_runs IS 'One row: one source in one run, as its gates saw it: the history that today is compared with.';
COMMENT ON COLUMN source_runs.run_id IS 'The run.';
COMMENT ON COLUMN source_runs.source IS 'The outlet.';
COMMENT ON COLUMN source_runs.n_read IS 'Records read.';
COMMENT ON COLUMN source_runs.n_known IS 'Records that an earlier run had read.';
COMMENT ON COLUMN source_runs.n_new IS 'The others.';
COMMENT ON COLUMN source_runs.hours_since_new IS 'Hours since the run before that had new records of the source.';
COMMENT ON COLUMN source_runs.n_documents IS 'Documents cleaned.';
COMMENT ON COLUMN source_runs.median_words IS 'Median of their words.';
COMMENT ON COLUMN source_runs.median_kept IS 'Median of the share of characters kept.';
COMMENT ON COLUMN source_runs.titled_share IS 'Share of them with a headline.';
COMMENT ON COLUMN source_runs.dated_share IS 'Share of them with a date of publication.';
COMMENT ON COLUMN source_runs.damaged_share IS 'Share of them with characters that were lost before they came here.';
COMMENT ON COLUMN source_runs.lang IS 'The language that most of the source''s documents had so far.';
COMMENT ON COLUMN source_runs.lang_share IS 'Share of them in that language.';
COMMENT ON COLUMN source_runs.copied_share IS 'Share of accepted records that were merged into others.';
COMMENT ON COLUMN source_runs.mentions_per_100_words IS 'Median over tagged articles.';
COMMENT ON COLUMN source_runs.flagged IS 'Names of the expectations of sources that it did not meet.';
