SELECT rule, sum("end" - start)::BIGINT AS characters FROM edits
WHERE doc_id IN (SELECT doc_id FROM documents WHERE run_id = (
    SELECT run_id FROM runs WHERE n_loaded > 0 ORDER BY started_at DESC LIMIT 1
))
GROUP BY rule ORDER BY characters DESC, rule LIMIT 20
