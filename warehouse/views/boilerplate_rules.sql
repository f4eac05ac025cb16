-- One row: one rule that marked text: how often, in how many documents, how much, and an example.
CREATE OR REPLACE VIEW boilerplate_rules AS
SELECT
    e.rule,
    count(*) AS n_edits,
    count(DISTINCT e.doc_id) AS n_documents,
    sum(e."end" - e.start) AS n_characters,
    round(avg(e.score), 3) AS mean_score,
    min(substring(r.raw_text, e.start + 1, least(e."end" - e.start, 80))) AS example
FROM edits AS e
INNER JOIN (
    SELECT doc_id, any_value(raw_text) AS raw_text FROM raw_documents GROUP BY doc_id
) AS r USING (doc_id)
GROUP BY e.rule;
COMMENT ON VIEW boilerplate_rules IS 'One row: one rule that marked text: how often, in how many documents, how much, and an example.';
COMMENT ON COLUMN boilerplate_rules.rule IS 'Its name: see docs/rules.md.';
COMMENT ON COLUMN boilerplate_rules.n_edits IS 'Marks it made.';
COMMENT ON COLUMN boilerplate_rules.n_documents IS 'Documents it marked.';
COMMENT ON COLUMN boilerplate_rules.n_characters IS 'Characters it marked.';
COMMENT ON COLUMN boilerplate_rules.mean_score IS 'Mean score of its marks.';
COMMENT ON COLUMN boilerplate_rules.example IS 'The first of its marks in the alphabet, at most 80 characters.';
