SELECT stage, round(seconds, 1) AS seconds FROM run_funnel WHERE run_id = (SELECT run_id FROM runs WHERE state <> 'killed' ORDER BY started_at DESC LIMIT 1)
