-- The documents of the index that a batch has to be met with, from `chosen` (transforms/buckets.py). One row: one
-- document in one bucket; of hot buckets (size > 0) the first HEADS, which warehouse/queries.py puts in.
CREATE OR REPLACE TEMP TABLE wanted AS
WITH found AS (
    SELECT c.anchor, c.size, s.* EXCLUDE (place)
    FROM chosen AS c INNER JOIN (SELECT rowid AS place, * EXCLUDE (anchors) FROM signatures) AS s USING (place)
)
SELECT * FROM found WHERE size = 0
UNION ALL
SELECT * FROM found WHERE size > 0
QUALIFY row_number() OVER (PARTITION BY anchor ORDER BY n_words DESC, published_at ASC NULLS LAST, doc_id) <= HEADS;
