-- Canonical entities: a mention has a name, and what a name means is decided from all names. Mentions that were loaded
-- before keep their entities; a name of theirs is near enough for later runs to meet it.

ALTER TABLE mentions ADD COLUMN kind VARCHAR;
ALTER TABLE mentions ADD COLUMN "key" VARCHAR;
ALTER TABLE mentions ADD COLUMN own_key VARCHAR;
ALTER TABLE mentions ADD COLUMN sentence BIGINT;
UPDATE mentions SET
    kind = CASE
        WHEN label = 'PERSON' THEN 'person' WHEN label = 'ORG' THEN 'org'
        WHEN label IN ('GPE', 'LOC', 'NORP', 'FAC') THEN 'place' ELSE 'thing'
    END,
    "key" = trim(regexp_replace(
        regexp_replace(lower(strip_accents(surface)), '^the |[''’]s?$', '', 'g'), '[^\p{L}\p{N}]+', ' ', 'g'
    ));
UPDATE mentions SET own_key = "key";
COMMENT ON COLUMN mentions.own_key IS 'Its own name, folded.';
COMMENT ON COLUMN mentions.entity_id IS 'The entity: what the name means.';
COMMENT ON COLUMN mentions.resolved_by IS 'How: exact, possessive, spelling, country, demonym, place, city, known (a list), alias (yours), label; or, within the document, acronym, surname, middle, initial, given, short.';
COMMENT ON COLUMN mentions.score IS 'How sure that is, 0 to 1.';
COMMENT ON COLUMN mentions.kind IS 'person, org, place or thing.';
COMMENT ON COLUMN mentions."key" IS 'The name, folded: of the longer name of its document that it stands for, where there is one.';

COMMENT ON COLUMN mentions.sentence IS 'Number of the sentence of its document, from 0; null where it was loaded by an earlier version.';

CREATE TABLE entity_names (
    kind VARCHAR NOT NULL,
    "key" VARCHAR NOT NULL,
    block VARCHAR NOT NULL,
    n_documents BIGINT NOT NULL,
    written VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    entity_id VARCHAR NOT NULL,
    resolved_by VARCHAR NOT NULL,
    score DOUBLE NOT NULL
);
COMMENT ON TABLE entity_names IS 'One row: one distinct name, and the entity that it means.';
COMMENT ON COLUMN entity_names.kind IS 'person, org, place or thing.';
COMMENT ON COLUMN entity_names."key" IS 'The name, folded: no accents, capitals, punctuation, titles or legal forms.';
COMMENT ON COLUMN entity_names.block IS 'What names that may be spellings of one share.';
COMMENT ON COLUMN entity_names.n_documents IS 'Documents that write it.';
COMMENT ON COLUMN entity_names.written IS 'Its best writing.';
COMMENT ON COLUMN entity_names.label IS 'As in entities.';
COMMENT ON COLUMN entity_names.entity_id IS 'The entity.';
COMMENT ON COLUMN entity_names.resolved_by IS 'How it was found, as in mentions.';
COMMENT ON COLUMN entity_names.score IS 'How sure that is, 0 to 1.';
INSERT INTO entity_names
SELECT kind, "key", "key", count(DISTINCT doc_id), min(surface), min(label), min(entity_id), 'exact', 1
FROM mentions GROUP BY kind, "key";
UPDATE mentions SET entity_id = n.entity_id
FROM entity_names AS n
WHERE mentions.kind = n.kind AND mentions."key" = n."key" AND mentions.entity_id <> n.entity_id;
DELETE FROM entities WHERE entity_id NOT IN (SELECT entity_id FROM mentions);

CREATE TABLE entity_stand_ins (
    kind VARCHAR NOT NULL,
    "key" VARCHAR NOT NULL,
    "full" VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    n_documents BIGINT NOT NULL
);
COMMENT ON TABLE entity_stand_ins IS 'One row: one short name that stood for one longer name of the same document.';
COMMENT ON COLUMN entity_stand_ins.kind IS 'person, org, place or thing.';
COMMENT ON COLUMN entity_stand_ins."key" IS 'The short name: see entity_names.';
COMMENT ON COLUMN entity_stand_ins."full" IS 'The longer one.';
COMMENT ON COLUMN entity_stand_ins.rule IS 'surname, given, initial, middle, acronym or short.';
COMMENT ON COLUMN entity_stand_ins.n_documents IS 'Documents in which it did.';

CREATE TABLE entity_rules (
    alias VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    label VARCHAR,
    kb_id VARCHAR,
    apart BOOLEAN NOT NULL,
    made_by VARCHAR NOT NULL
);
COMMENT ON TABLE entity_rules IS 'One row: one decision of yours on what a name means; it wins over everything.';
COMMENT ON COLUMN entity_rules.alias IS 'The name.';
COMMENT ON COLUMN entity_rules.name IS 'Whose name it is.';
COMMENT ON COLUMN entity_rules.label IS 'For names of this label alone; null: of any.';
COMMENT ON COLUMN entity_rules.kb_id IS 'Id in a knowledge base.';
COMMENT ON COLUMN entity_rules.apart IS 'Whether the alias is an entity of its own (a split).';
COMMENT ON COLUMN entity_rules.made_by IS 'file (your alias file) or hand (copydesk entities merge, split).';

CREATE TABLE entity_changes (
    run_id VARCHAR NOT NULL,
    old_entity_id VARCHAR NOT NULL,
    entity_id VARCHAR NOT NULL
);
COMMENT ON TABLE entity_changes IS 'One row: one entity some of whose names mean another one since a run.';
COMMENT ON COLUMN entity_changes.run_id IS 'The run, or "by hand".';
COMMENT ON COLUMN entity_changes.old_entity_id IS 'What they meant.';
COMMENT ON COLUMN entity_changes.entity_id IS 'What they mean.';

ALTER TABLE entities ADD COLUMN n_sources BIGINT DEFAULT 0;
COMMENT ON TABLE entities IS 'One row: one entity named in articles, whatever the spelling.';
COMMENT ON COLUMN entities.entity_id IS 'Hash of what its names have in common; the same in every warehouse.';
COMMENT ON COLUMN entities.name IS 'Its listed name, else its best-written one.';
COMMENT ON COLUMN entities.country_code IS 'ISO 3166 code, where it is a country, a region or a city.';
COMMENT ON COLUMN entities.kb_id IS 'Wikidata id, or geonames:ID of a city.';
COMMENT ON COLUMN entities.n_sources IS 'Outlets that name it.';
