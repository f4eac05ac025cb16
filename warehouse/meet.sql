-- What new texts meet in the index: three temporary tables, from `incoming` (the ANCHORS of new texts) and
-- `incoming_texts` (their documents). HEADS and LARGE are put in by warehouse/queries.py.

-- The order of keepers, smallest first: as transforms.keepers.in_order has it.
CREATE OR REPLACE TEMP MACRO place_of(n_words, published_at, doc_id) AS {
    'less_words': -CAST(n_words AS BIGINT),
    'since': coalesce(epoch_us(published_at), 9223372036854775807),
    'doc_id': doc_id
};

-- One row: one known text in one bucket of a new one.
CREATE OR REPLACE TEMP TABLE met AS
SELECT
    anchor, text_key, min(place_of(n_words, published_at, doc_id)) AS place,
    any_value(n_sampled) AS n_sampled, any_value("numbers") AS "numbers"
FROM (SELECT * EXCLUDE (anchors), unnest(anchors) AS anchor FROM signatures)
SEMI JOIN incoming USING (anchor)
GROUP BY anchor, text_key;

-- One row: one bucket of which only the heads are wanted: a large one, or one of whose heads no new text is.
CREATE OR REPLACE TEMP TABLE hot AS
WITH best AS (
    SELECT anchor, min(place_of(n_words, published_at, doc_id)) AS first_new
    FROM incoming INNER JOIN incoming_texts USING (text_key)
    GROUP BY anchor
)
SELECT anchor, count(*) AS size
FROM met INNER JOIN best USING (anchor)
GROUP BY anchor
HAVING size > LARGE OR (size > HEADS AND count(*) FILTER (WHERE place < first_new) >= HEADS);

-- One row: one head of such a bucket.
CREATE OR REPLACE TEMP TABLE tops AS
SELECT
    anchor, any_value(size) AS size,
    unnest(
        min({'place': place, 'text_key': text_key, 'n_sampled': n_sampled, 'numbers': "numbers"}, HEADS)
    ) AS head
FROM met INNER JOIN hot USING (anchor)
GROUP BY anchor;
