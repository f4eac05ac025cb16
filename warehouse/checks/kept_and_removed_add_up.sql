-- The characters of the raw text, minus those of edited spans, plus those of replacements, are the characters of the text.
SELECT d.doc_id
FROM documents AS d
INNER JOIN (SELECT doc_id, any_value(length(raw_text)) AS n_chars FROM raw_documents GROUP BY doc_id) AS r USING (doc_id)
LEFT JOIN (
    SELECT doc_id, sum("end" - start - length(replacement)) AS n_less FROM edits GROUP BY doc_id
) AS e USING (doc_id)
WHERE in_scope(d.run_id) AND r.n_chars - coalesce(e.n_less, 0) <> length(d.text)
