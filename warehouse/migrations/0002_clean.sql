-- What cleaning learned: evidence of edits, the sources' own templates, and what a document says of itself.

ALTER TABLE edits ADD COLUMN evidence BIGINT;
COMMENT ON COLUMN edits.evidence IS 'For source_template: how many independent documents of the source hold the line.';

ALTER TABLE documents ADD COLUMN agency VARCHAR;
ALTER TABLE documents ADD COLUMN dateline VARCHAR;
ALTER TABLE documents ADD COLUMN published_from VARCHAR;
ALTER TABLE documents ADD COLUMN url VARCHAR;
ALTER TABLE documents ADD COLUMN site VARCHAR;
COMMENT ON COLUMN documents.agency IS 'The news agency that the text names as its source.';
COMMENT ON COLUMN documents.dateline IS 'Where it was written, as the text begins ("LONDON (Reuters) -").';
COMMENT ON COLUMN documents.published_at IS 'When it was published, in UTC; midnight where only the day is told.';
COMMENT ON COLUMN documents.published_from IS 'Who says so: file (what the record came with), stamp or dateline in the text; json-ld, meta or page in HTML.';
COMMENT ON COLUMN documents.url IS 'The address that the page gives as its own.';
COMMENT ON COLUMN documents.site IS 'The name of the site, as the page gives it.';
COMMENT ON COLUMN documents.kept_share IS 'Share of the visible characters that no boilerplate rule removed.';

CREATE TABLE source_lines (
    source VARCHAR NOT NULL,
    "key" UBIGINT NOT NULL,
    n_seen BIGINT NOT NULL,
    n_documents BIGINT NOT NULL
);
COMMENT ON TABLE source_lines IS 'One row: one line of one source, by its hash: the memory in which a template is recognised.';
COMMENT ON COLUMN source_lines.source IS 'The outlet.';
COMMENT ON COLUMN source_lines."key" IS 'Hash of the line in lower case, figures counting as equal.';
COMMENT ON COLUMN source_lines.n_seen IS 'Documents that hold it.';
COMMENT ON COLUMN source_lines.n_documents IS 'Those of them that have prose of their own, and so are no copies of each other.';

CREATE OR REPLACE MACRO document_fingerprint(
    doc_id, uri, source, title, byline, credit, published_at, lang, lang_confidence, text, n_words, kept_share,
    agency, dateline, published_from, url, site
) AS md5(
    concat_ws(
        chr(31), doc_id, uri, coalesce(source, chr(30)), coalesce(title, chr(30)), coalesce(byline, chr(30)),
        coalesce(credit, chr(30)), coalesce(CAST(epoch_us(published_at) AS VARCHAR), chr(30)), coalesce(lang, chr(30)),
        coalesce(CAST(lang_confidence AS VARCHAR), chr(30)), text, CAST(n_words AS VARCHAR), CAST(kept_share AS VARCHAR),
        coalesce(agency, chr(30)), coalesce(dateline, chr(30)), coalesce(published_from, chr(30)),
        coalesce(url, chr(30)), coalesce(site, chr(30))
    )
);
UPDATE documents SET fingerprint = document_fingerprint(
    doc_id, uri, source, title, byline, credit, published_at, lang, lang_confidence, text, n_words, kept_share,
    agency, dateline, published_from, url, site
);
