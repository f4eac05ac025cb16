-- One row: one spelling under which an entity is named.
CREATE OR REPLACE VIEW entity_aliases AS
SELECT m.entity_id, n.name, m.surface AS alias, m.resolved_by, count(*) AS n_mentions
FROM mentions AS m
INNER JOIN entities AS n USING (entity_id)
GROUP BY ALL;
COMMENT ON VIEW entity_aliases IS 'One row: one spelling under which an entity is named.';
COMMENT ON COLUMN entity_aliases.entity_id IS 'The entity.';
COMMENT ON COLUMN entity_aliases.name IS 'Its name.';
COMMENT ON COLUMN entity_aliases.alias IS 'The spelling in the text.';
COMMENT ON COLUMN entity_aliases.resolved_by IS 'How the entity was found.';
COMMENT ON COLUMN entity_aliases.n_mentions IS 'Mentions so spelled.';
