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
