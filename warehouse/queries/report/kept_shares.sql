SELECT (floor(least(kept_share, 0.999) * 20) * 5)::INT AS percent_kept, count(*) AS documents
FROM documents GROUP BY 1 ORDER BY 1
