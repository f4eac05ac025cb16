-- One row: one rule that made edits, with their number, documents and characters, and an example.
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
COMMENT ON VIEW boilerplate_rules IS 'One row: one rule that made edits, with their number, documents and characters, and an example.';
COMMENT ON COLUMN boilerplate_rules.rule IS 'Name of the rule: see docs/reference/rules.md.';
COMMENT ON COLUMN boilerplate_rules.n_edits IS 'Number of edits.';
COMMENT ON COLUMN boilerplate_rules.n_documents IS 'Number of documents with an edit of the rule.';
COMMENT ON COLUMN boilerplate_rules.n_characters IS 'Number of characters in the edited spans.';
COMMENT ON COLUMN boilerplate_rules.mean_score IS 'Mean score of the edits, 0 to 1.';
COMMENT ON COLUMN boilerplate_rules.example IS 'First edited span in alphabetical order, at most 80 characters.';
