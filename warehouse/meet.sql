-- What new texts meet in the index, from `incoming`: anchor, and the words of the longest new text that has it. Three
-- temporary tables; HEADS and LARGE are put in by warehouse/queries.py.

-- One row: one known document in one bucket of a new text.
CREATE OR REPLACE TEMP TABLE met AS
SELECT anchor, place, n_words
FROM (SELECT rowid AS place, n_words, unnest(anchors) AS anchor FROM signatures)
SEMI JOIN incoming USING (anchor);

-- One row: one bucket of which only the heads are wanted, because it is large or no new text is one of them; `least` is
-- the length of the last head.
CREATE OR REPLACE TEMP TABLE hot AS
SELECT anchor, count(*) AS size, list_min(max(met.n_words, HEADS)) AS least
FROM met INNER JOIN incoming USING (anchor)
GROUP BY anchor
HAVING size > LARGE OR (size > HEADS AND count(*) FILTER (WHERE met.n_words > incoming.n_words) >= HEADS);

-- One row: one known document in one bucket of a new text, of hot ones the heads alone.
CREATE OR REPLACE TEMP TABLE wanted AS
WITH heads AS (
    SELECT h.anchor, h.size, m.place FROM met AS m INNER JOIN hot AS h ON m.anchor = h.anchor AND m.n_words >= h.least
), documents_met AS (
    SELECT anchor, 0 AS size, place FROM met ANTI JOIN hot USING (anchor) UNION ALL FROM heads
), found AS (
    SELECT d.anchor, d.size, s.doc_id, s.text_key, s.n_words, s.published_at, s."numbers", s.n_sampled
    FROM documents_met AS d
    INNER JOIN (
        SELECT rowid AS place, * EXCLUDE (anchors) FROM signatures WHERE rowid IN (SELECT place FROM documents_met)
    ) AS s USING (place)
)
SELECT * FROM found
QUALIFY size = 0 OR row_number() OVER (
    PARTITION BY anchor ORDER BY n_words DESC, published_at ASC NULLS LAST, doc_id
) <= HEADS;
