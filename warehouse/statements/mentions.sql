-- Mentions, stand-ins and the rules of the alias file. names.sql has to follow.

INSERT INTO mentions BY NAME SELECT * FROM staged_mentions ORDER BY doc_id, start;

MERGE INTO entity_stand_ins AS e USING staged_stand_ins AS s
ON (e.kind, e."key", e."full", e.rule) = (s.kind, s."key", s."full", s.rule)
WHEN MATCHED THEN UPDATE SET n_documents = e.n_documents + s.n_documents
WHEN NOT MATCHED THEN INSERT BY NAME;

DELETE FROM entity_rules WHERE made_by = 'file';

INSERT INTO entity_rules BY NAME SELECT *, 'file' AS made_by FROM staged_entity_rules;
