-- One row: one spelling under which an entity is named.
CREATE OR REPLACE VIEW entity_aliases AS
SELECT m.entity_id, n.name, m.surface AS alias, m.resolved_by, count(*) AS n_mentions
FROM mentions AS m
INNER JOIN entities AS n USING (entity_id)
GROUP BY ALL;
COMMENT ON VIEW entity_aliases IS 'One row: one spelling under which an entity is named.';
