SELECT source, n_read, n_new, median_words, round(median_kept, 2) AS kept, round(titled_share, 2) AS titled,
    lang, round(lang_share, 2) AS in_it, round(copied_share, 2) AS copies,
    array_to_string(flagged, ', ') AS flagged
FROM source_runs WHERE run_id = (SELECT run_id FROM runs WHERE state <> 'killed' ORDER BY started_at DESC LIMIT 1) ORDER BY len(flagged) DESC, n_new DESC, source LIMIT 100
