-- A warehouse of $n made-up documents over 120 daily runs, each with 20 edits and 10 mentions: narrow values and
-- short texts, for what the report costs does not depend on what texts say.
CREATE TEMP TABLE made AS
SELECT
    i, md5(i::VARCHAR) AS doc_id, 'run' || lpad((i * 120 // $n)::VARCHAR, 3, '0') AS run_id, hash(i) AS h,
    'outlet-' || lpad((hash(i) % 60)::VARCHAR, 2, '0') AS source,
    TIMESTAMPTZ '2026-07-01 06:00:00+00' + to_days((i * 120 // $n)::INT) AS day
FROM range($n) AS t(i);

INSERT INTO runs BY NAME
SELECT
    run_id, min(day) AS started_at, min(day) AS finished_at, 'completed' AS state, count(*) AS n_records, 0 AS n_known,
    count(*) FILTER (i % 10 > 0) AS n_loaded, count(*) FILTER (i % 10 = 0) AS n_duplicates, 0 AS n_quarantined,
    '0' AS code_version, '{}' AS settings
FROM made GROUP BY run_id;

INSERT INTO stages BY NAME
SELECT run_id, unnest(['ingest', 'clean', 'dedupe', 'tag', 'load']) AS stage, n_records AS n_in, n_records AS n_out,
    0 AS n_quarantined, 3.5 AS seconds
FROM runs;

INSERT INTO raw_documents BY NAME
SELECT
    doc_id, 'file:///feeds/' || source || '/' || i || '.txt' AS uri, 0 AS record, source, 'text/plain' AS media_type,
    'utf-8' AS charset, 0 AS record_start, 400 AS record_end, day AS fetched_at,
    repeat('Text of document ' || i || '. ', 20) AS raw_text, run_id
FROM made;

INSERT INTO documents BY NAME
SELECT
    doc_id, 'file:///feeds/' || source || '/' || i || '.txt' AS uri, source, 'Headline of document ' || i AS title,
    day - to_hours((h % 30)::INT) AS published_at, ['en', 'en', 'en', 'de', 'es', 'fr', 'it'][(h % 7)::INT + 1] AS lang,
    repeat('Text of document ' || i || '. ', 18) AS text, 20 + h % 900 AS n_words, 0.2 + (h % 80) / 100 AS kept_share,
    'en' AS tagged_by, run_id, '' AS fingerprint
FROM made;

INSERT INTO edits BY NAME
SELECT
    doc_id, e * 20 AS start, e * 20 + 15 AS "end", 'rule_' || (hash(i * 20 + e) % 70) AS rule, '' AS replacement,
    0.9 AS score
FROM made, range(20) AS t(e);

INSERT INTO duplicates BY NAME
SELECT
    doc_id, md5((i + 1)::VARCHAR) AS canonical_doc_id, ['exact', 'near', 'contained'][(h % 3)::INT + 1] AS kind, 0.9 AS similarity,
    0.95 AS containment, 'file:///feeds/' || source || '/' || i || '.txt' AS uri, 0 AS record, run_id
FROM made WHERE i % 10 = 0;

INSERT INTO entities BY NAME
SELECT
    md5('e' || i) AS entity_id, ['PERSON', 'ORG', 'GPE'][i % 3 + 1] AS label, 'Name ' || i AS name,
    $n // (i + 10) AS n_documents, 3 AS n_sources
FROM range($n // 20) AS t(i);

INSERT INTO mentions BY NAME
SELECT
    doc_id, m * 10 AS start, m * 10 + 6 AS "end", 'Name' AS surface, 'ORG' AS label,
    md5('e' || (($n // 20) * power((hash(i * 10 + m) % 1000003) / 1000003, 4))::BIGINT) AS entity_id, 'exact' AS resolved_by,
    1 AS score, 'org' AS kind, 'name' AS "key", m AS sentence
FROM made, range(10) AS t(m);

INSERT INTO story_documents BY NAME
SELECT md5('s' || i // 4) AS story_id, doc_id, 1 AS score, day AS "at", 'published' AS at_from FROM made WHERE i % 10 > 0;

INSERT INTO stories BY NAME
SELECT
    story_id, 'Story ' || left(story_id, 6) AS label, min("at") AS first_at, max("at") AS last_at, count(*) AS n_documents,
    count(DISTINCT d.source) AS n_sources
FROM story_documents INNER JOIN documents AS d USING (doc_id) GROUP BY story_id;

INSERT INTO quality_results BY NAME
SELECT
    run_id, ['ingest', 'clean', 'dedupe', 'tag'][e % 4 + 1] AS stage, 'clean' AS suite, 'expectation_' || e AS expectation,
    'warning' AS severity, hash(run_id || e) % 30 > 0 AS success, 'a few of many' AS observed, 0 AS n_unexpected,
    []::VARCHAR[] AS doc_ids, 100 AS n_checked, 'documents' AS "over", 'because' AS because
FROM runs, range(40) AS t(e);

INSERT INTO source_runs BY NAME
SELECT
    run_id, source, count(*) AS n_read, 0 AS n_known, count(*) AS n_new, count(*) AS n_documents, 300 AS median_words,
    0.7 AS median_kept, 1 AS titled_share, 1 AS dated_share, 'en' AS lang, 1 AS lang_share, []::VARCHAR[] AS flagged
FROM made GROUP BY run_id, source;
