SELECT day, articles FROM (
    SELECT CAST(coalesce(d.published_at, r.started_at) AS DATE) AS day, count(*) AS articles
    FROM documents AS d INNER JOIN runs AS r USING (run_id)
    GROUP BY ALL ORDER BY day DESC LIMIT 60
) ORDER BY day
