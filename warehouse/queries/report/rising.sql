WITH dated AS (
    SELECT d.doc_id, CAST(coalesce(d.published_at, r.started_at) AS DATE) AS day
    FROM documents AS d INNER JOIN runs AS r USING (run_id)
), recent AS (
    SELECT doc_id, day > (SELECT max(day) FROM dated) - 7 AS is_now FROM dated
    WHERE day > (SELECT max(day) FROM dated) - 35
), sizes AS (SELECT count(*) FILTER (is_now) AS now, count(*) FILTER (NOT is_now) AS before FROM recent),
counted AS (
    SELECT entity_id, count(DISTINCT doc_id) FILTER (is_now) AS now,
        count(DISTINCT doc_id) FILTER (NOT is_now) AS before
    FROM mentions INNER JOIN recent USING (doc_id) GROUP BY entity_id
)
SELECT e.name, e.label, c.before, c.now,
    round((c.now / sizes.now) / ((c.before + 1) / (sizes.before + 1)), 1) AS times_as_often
FROM counted AS c CROSS JOIN sizes INNER JOIN entities AS e USING (entity_id)
WHERE c.now >= 3 AND sizes.before > 0 AND times_as_often >= 2
ORDER BY times_as_often DESC, c.now DESC, e.name LIMIT 20
