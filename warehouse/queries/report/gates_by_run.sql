WITH latest AS (SELECT run_id, started_at, state FROM runs WHERE state <> 'killed' ORDER BY started_at DESC LIMIT 30),
counted AS (
    SELECT run_id, stage, count(*) AS n,
        count(*) FILTER (NOT success AND severity = 'critical') AS critical,
        count(*) FILTER (NOT success AND severity = 'warning') AS warnings,
        count(*) FILTER (NOT success AND severity = 'notice') AS notices
    FROM quality_results SEMI JOIN latest USING (run_id) GROUP BY run_id, stage
),
said AS (
    SELECT run_id, stage, coalesce(nullif(concat_ws(', ',
        CASE WHEN critical > 0 THEN critical || ' critical' END,
        CASE WHEN warnings > 0 THEN warnings || ' warning' || if(warnings > 1, 's', '') END,
        CASE WHEN notices > 0 THEN notices || ' notice' || if(notices > 1, 's', '') END
    ), ''), 'all ' || n || ' met') AS words
    FROM counted
)
SELECT r.run_id, r.started_at, r.state,
    any_value(words) FILTER (stage = 'ingest') AS ingest, any_value(words) FILTER (stage = 'clean') AS clean,
    any_value(words) FILTER (stage = 'dedupe') AS dedupe, any_value(words) FILTER (stage = 'tag') AS tag,
    any_value(words) FILTER (stage = 'load') AS load
FROM latest AS r LEFT JOIN said USING (run_id)
GROUP BY r.run_id, r.started_at, r.state ORDER BY r.started_at DESC
