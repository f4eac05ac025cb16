WITH articles AS (
    SELECT source, coalesce(lang, 'unknown') AS lang FROM documents
    ANTI JOIN (SELECT doc_id FROM duplicates WHERE doc_id <> canonical_doc_id) USING (doc_id)
), largest AS (SELECT source, count(*) AS n FROM articles GROUP BY 1 ORDER BY n DESC, source LIMIT 15),
languages AS (SELECT lang, row_number() OVER (ORDER BY count(*) DESC, lang) AS place FROM articles GROUP BY lang)
SELECT source, CASE WHEN place <= 5 THEN lang ELSE 'others' END AS language, count(*) AS articles
FROM articles INNER JOIN largest USING (source) INNER JOIN languages USING (lang)
GROUP BY source, 2, n ORDER BY n DESC, source, min(place)
