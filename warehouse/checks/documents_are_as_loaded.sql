-- No column of a document was changed after it was loaded.
SELECT doc_id
FROM documents
WHERE
    in_scope(run_id)
    AND fingerprint IS DISTINCT FROM document_fingerprint(
        doc_id, uri, source, title, byline, credit, published_at, lang, lang_confidence, text, n_words, kept_share,
        agency, dateline, published_from, url, site
    )
