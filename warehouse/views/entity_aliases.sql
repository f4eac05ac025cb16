-- One row: one spelling of one entity in the texts.
CREATE OR REPLACE VIEW entity_aliases AS
SELECT m.entity_id, n.name, m.surface AS alias, m.resolved_by, count(*) AS n_mentions
FROM mentions AS m
INNER JOIN entities AS n USING (entity_id)
GROUP BY ALL;
COMMENT ON VIEW entity_aliases IS 'One row: one spelling of one entity in the texts.';
COMMENT ON COLUMN entity_aliases.entity_id IS 'Id of the entity.';
COMMENT ON COLUMN entity_aliases.name IS 'Name of the entity.';
COMMENT ON COLUMN entity_aliases.alias IS 'The spelling in the text.';
COMMENT ON COLUMN entity_aliases.resolved_by IS 'How the entity was found: see mentions.';
COMMENT ON COLUMN entity_aliases.n_mentions IS 'Number of mentions with this spelling.';
