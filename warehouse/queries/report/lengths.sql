SELECT (2 ** floor(log2(greatest(n_words, 1))))::INT AS words_from, count(*) AS documents
FROM documents GROUP BY 1 ORDER BY 1
