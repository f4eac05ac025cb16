-- Comments in plain terms: each names what its table or column holds.

COMMENT ON TABLE story_documents IS 'One row: one article and its story. A merged document belongs to the story of its canonical document.';
COMMENT ON TABLE schema_migrations IS 'One row: one migration that was applied to this warehouse.';
COMMENT ON COLUMN schema_migrations.version IS 'Number of the migration.';
COMMENT ON COLUMN schema_migrations.name IS 'Name of its file in warehouse/migrations, without the suffix.';
COMMENT ON COLUMN schema_migrations.applied_at IS 'Time at which it was applied.';

COMMENT ON COLUMN runs.run_id IS 'Hash of the records read and of the id of the run before; it does not depend on the clock.';
COMMENT ON COLUMN runs.finished_at IS 'Time at which the run was published or ended.';
COMMENT ON COLUMN runs.state IS 'completed, failed (a critical expectation stopped it) or killed (its process ended before it did).';
COMMENT ON COLUMN runs.n_known IS 'Records that an earlier run had loaded or quarantined.';
COMMENT ON COLUMN runs.n_quarantined IS 'Records rejected by an expectation.';
COMMENT ON COLUMN runs.settings IS 'The settings of the run that affect its results, as JSON.';

COMMENT ON COLUMN stages.run_id IS 'Id of the run.';
COMMENT ON COLUMN stages.n_in IS 'Records that entered the stage; from clean on, records whose document is in the stage.';
COMMENT ON COLUMN stages.n_out IS 'Records that went on to the next stage.';
COMMENT ON COLUMN stages.n_quarantined IS 'Records that the gate of the stage rejected.';
COMMENT ON COLUMN stages.seconds IS 'Wall-clock time of the stage with its gate.';

COMMENT ON COLUMN raw_documents.uri IS 'Path or address of the file that the record was read from.';
COMMENT ON COLUMN raw_documents.record IS 'Number of the record within its file; 0 if the file is the record.';
COMMENT ON COLUMN raw_documents.media_type IS 'Media type of the record, for example text/plain.';
COMMENT ON COLUMN raw_documents.charset IS 'Encoding of the record: its text, written back in it, gives the same bytes.';
COMMENT ON COLUMN raw_documents.record_start IS 'Position of the first byte of the record in its file.';
COMMENT ON COLUMN raw_documents.record_end IS 'Position after the last byte of the record in its file.';
COMMENT ON COLUMN raw_documents.fetched_at IS 'Time of the last change of the file.';
COMMENT ON COLUMN raw_documents.raw_text IS 'The whole text of the record.';
COMMENT ON COLUMN raw_documents.run_id IS 'Id of the run that read the record.';

COMMENT ON TABLE documents IS 'One row: one cleaned document, with those that were merged into others. The view articles leaves these out.';
COMMENT ON COLUMN documents.doc_id IS 'Id of the document: the first 128 bits of the sha256 of its record''s bytes, in hex.';
COMMENT ON COLUMN documents.uri IS 'Path or address at which the document was first read.';
COMMENT ON COLUMN documents.title IS 'The headline, without words that were glued to it.';
COMMENT ON COLUMN documents.byline IS 'The authors that the text names.';
COMMENT ON COLUMN documents.published_at IS 'Time of publication in UTC; midnight if only the day is known.';
COMMENT ON COLUMN documents.lang IS 'Language of the text: ISO 639-1 code if there is one.';
COMMENT ON COLUMN documents.lang_confidence IS 'Confidence of the language, 0 to 1.';
COMMENT ON COLUMN documents.n_words IS 'Number of words in text.';
COMMENT ON COLUMN documents.revision_of IS 'Id of the document that was read at the same uri before.';
COMMENT ON COLUMN documents.tagged_by IS 'Model that tagged the entities; null for a merged document and for a language without a model.';
COMMENT ON COLUMN documents.run_id IS 'Id of the run that loaded the document.';
COMMENT ON COLUMN documents.dateline IS 'The place at the beginning of the text ("LONDON (Reuters) -").';
COMMENT ON COLUMN documents.published_from IS 'Source of published_at: file (what the record came with), stamp or dateline in the text; json-ld, meta or page in HTML.';
COMMENT ON COLUMN documents.url IS 'Canonical address that the page gives for itself.';
COMMENT ON COLUMN documents.site IS 'Name of the site that the page gives.';

COMMENT ON TABLE edits IS 'One row: one edit: in text, the span [start, end) of raw_text reads replacement. Edits of a document do not overlap.';
COMMENT ON COLUMN edits.doc_id IS 'Id of the document.';
COMMENT ON COLUMN edits.start IS 'First code point of the span in raw_text, counted from 0.';
COMMENT ON COLUMN edits."end" IS 'Code point after the span.';
COMMENT ON COLUMN edits.rule IS 'Rule that proposed the edit: see the view boilerplate_rules.';
COMMENT ON COLUMN edits.replacement IS 'Text instead of the span; empty if the span was removed.';
COMMENT ON COLUMN edits.score IS 'Confidence of the rule, 0 to 1.';
COMMENT ON COLUMN edits.evidence IS 'For the rule source_template: number of independent documents of the source that have the line.';

COMMENT ON TABLE source_lines IS 'One row: one line of one source, by its hash: the counts by which source templates are found.';
COMMENT ON COLUMN source_lines.source IS 'The outlet: the folder that holds the file.';
COMMENT ON COLUMN source_lines."key" IS 'Hash of the line in lower case with all digits equal.';
COMMENT ON COLUMN source_lines.n_seen IS 'Documents of the source that have the line.';
COMMENT ON COLUMN source_lines.n_documents IS 'Documents of the source that have the line and prose of their own, so that none is a copy of another.';

COMMENT ON COLUMN duplicates.doc_id IS 'Id of the merged document.';
COMMENT ON COLUMN duplicates.canonical_doc_id IS 'Id of the canonical document, which readers see instead.';
COMMENT ON COLUMN duplicates.kind IS 'exact (the same words), near (nearly the same text) or contained (part of the canonical text).';
COMMENT ON COLUMN duplicates.similarity IS 'Jaccard coefficient of the two texts'' three-word shingles, 0 to 1.';
COMMENT ON COLUMN duplicates.containment IS 'Share of the merged text''s three-word shingles that the canonical text holds, 0 to 1.';
COMMENT ON COLUMN duplicates.uri IS 'Path or address of the file that the merged record was read from.';
COMMENT ON COLUMN duplicates.record IS 'Number of the merged record within its file.';
COMMENT ON COLUMN duplicates.run_id IS 'Id of the run that decided the row.';
COMMENT ON COLUMN duplicates.text_key IS 'Key of the merged text: see signatures. Null for a byte-for-byte copy.';
COMMENT ON COLUMN duplicates.canonical_key IS 'Key of the canonical text: see signatures. Null for a byte-for-byte copy.';

COMMENT ON TABLE signatures IS 'One row: one document in the near-duplicate index.';
COMMENT ON COLUMN signatures.doc_id IS 'Id of the document.';
COMMENT ON COLUMN signatures.text_key IS 'Hash of the words of the text in their order: documents with the same words share it.';
COMMENT ON COLUMN signatures.n_words IS 'Number of words in the text.';
COMMENT ON COLUMN signatures.published_at IS 'Time of publication in UTC; midnight if only the day is known.';
COMMENT ON COLUMN signatures."numbers" IS 'One bit is set for each number in the text, by the number''s hash.';
COMMENT ON COLUMN signatures.n_sampled IS 'Number of anchors that a text of any length would keep.';
COMMENT ON COLUMN signatures.anchors IS 'Sampled hashes of the text''s three-word shingles, 32 bits each.';

COMMENT ON TABLE text_overlaps IS 'One row: one merged text and one article that holds or copies it too, besides its canonical text. By documents: the view document_overlaps.';
COMMENT ON COLUMN text_overlaps.text_key IS 'Key of the merged text: see signatures.';
COMMENT ON COLUMN text_overlaps.other_key IS 'Key of the article''s text: see signatures.';
COMMENT ON COLUMN text_overlaps.kind IS 'near (nearly the same text) or contained (one text is part of the other).';
COMMENT ON COLUMN text_overlaps.similarity IS 'Jaccard coefficient of the two texts'' three-word shingles, 0 to 1.';
COMMENT ON COLUMN text_overlaps.containment IS 'Share of the merged text''s three-word shingles that the article holds, 0 to 1.';
COMMENT ON COLUMN text_overlaps.other_containment IS 'Share of the article''s three-word shingles that the merged text holds, 0 to 1.';

COMMENT ON TABLE stories IS 'One row: one event, with all articles that report it (at least one).';
COMMENT ON COLUMN stories.story_id IS 'The doc_id of the first article of the story; it is kept in later runs.';
COMMENT ON COLUMN stories.label IS 'The most central headline of the story.';
COMMENT ON COLUMN stories.first_at IS 'Time of the first report: see story_documents.';
COMMENT ON COLUMN stories.last_at IS 'Time of the last report: see story_documents.';
COMMENT ON COLUMN stories.n_documents IS 'Number of articles, without duplicates.';
COMMENT ON COLUMN stories.n_sources IS 'Number of outlets that printed an article of the story or a copy of one.';

COMMENT ON COLUMN story_documents.story_id IS 'Id of the story.';
COMMENT ON COLUMN story_documents.doc_id IS 'Id of the article.';
COMMENT ON COLUMN story_documents.score IS 'Mean similarity to the other articles of the story, 0 to 1 (below 0.6: loosely related); 1 for the only article.';
COMMENT ON COLUMN story_documents."at" IS 'Time of the report: of publication or, if that is unknown, of ingestion.';
COMMENT ON COLUMN story_documents.at_from IS 'Kind of time in "at": published or fetched.';
COMMENT ON COLUMN story_documents.published_at IS 'Time of publication in UTC; null if unknown.';
COMMENT ON COLUMN story_documents.fetched_at IS 'Earliest time of the last change of a file of the article.';

COMMENT ON TABLE story_terms IS 'One row: one article of the last weeks, with the terms by which it is compared with new articles. Missing rows are computed from the text.';
COMMENT ON COLUMN story_terms.doc_id IS 'Id of the article.';
COMMENT ON COLUMN story_terms.terms IS 'Hashes of the words, names, figures and pairs of words of the article.';
COMMENT ON COLUMN story_terms.weights IS 'Weight of each term.';

COMMENT ON COLUMN story_changes.run_id IS 'Id of the run.';
COMMENT ON COLUMN story_changes.doc_id IS 'Id of the article.';
COMMENT ON COLUMN story_changes.old_story_id IS 'Id of the story that the article left.';
COMMENT ON COLUMN story_changes.new_story_id IS 'Id of the story that the article joined; null if it was merged into another document.';
COMMENT ON COLUMN story_changes.kind IS 'merge (the old story no longer exists), split (the old story goes on without the article) or duplicate (the article was merged into another document).';

COMMENT ON COLUMN entities.entity_id IS 'Hash of the identity that the names of the entity share; the same in every warehouse.';
COMMENT ON COLUMN entities.label IS 'OntoNotes label: PERSON, ORG, GPE, ...';
COMMENT ON COLUMN entities.name IS 'Name in the gazetteer, else the name as most documents write it.';
COMMENT ON COLUMN entities.country_code IS 'ISO 3166 code of a country, region or city.';
COMMENT ON COLUMN entities.kb_id IS 'Wikidata id, or geonames:ID for a city.';
COMMENT ON COLUMN entities.n_documents IS 'Number of documents that mention the entity.';
COMMENT ON COLUMN entities.first_seen IS 'Earliest time of publication (else of the file) of those documents.';
COMMENT ON COLUMN entities.last_seen IS 'Latest time of publication (else of the file) of those documents.';
COMMENT ON COLUMN entities.n_sources IS 'Number of outlets that mention the entity.';

COMMENT ON COLUMN mentions.doc_id IS 'Id of the document.';
COMMENT ON COLUMN mentions.start IS 'First code point of the mention in documents.text, counted from 0.';
COMMENT ON COLUMN mentions."end" IS 'Code point after the mention.';
COMMENT ON COLUMN mentions.surface IS 'The mention as the text writes it.';
COMMENT ON COLUMN mentions.label IS 'OntoNotes label: PERSON, ORG, GPE, ...';
COMMENT ON COLUMN mentions.entity_id IS 'Id of the entity that the name belongs to.';
COMMENT ON COLUMN mentions.resolved_by IS 'How the entity was found: exact, possessive, spelling, country, demonym, place, city, known (gazetteer), alias (yours), label; within the document: acronym, surname, middle, initial, given, short.';
COMMENT ON COLUMN mentions.score IS 'Confidence of the entity, 0 to 1.';
COMMENT ON COLUMN mentions.kind IS 'Class of the name: person, org, place or thing.';
COMMENT ON COLUMN mentions."key" IS 'Folded name: of the longer name of the document that the mention stands for, else of the mention.';
COMMENT ON COLUMN mentions.own_key IS 'Folded name of the mention.';
COMMENT ON COLUMN mentions.sentence IS 'Number of the sentence in the document, counted from 0; null if an earlier version loaded the mention.';

COMMENT ON TABLE entity_names IS 'One row: one distinct name, and the entity that it belongs to.';
COMMENT ON COLUMN entity_names.kind IS 'Class of the name: person, org, place or thing.';
COMMENT ON COLUMN entity_names."key" IS 'Folded name: without accents, capitals, punctuation, titles and legal forms.';
COMMENT ON COLUMN entity_names.block IS 'Key that names share if they may be spellings of one name.';
COMMENT ON COLUMN entity_names.n_documents IS 'Number of documents with the name.';
COMMENT ON COLUMN entity_names.written IS 'The best form of the name in the texts.';
COMMENT ON COLUMN entity_names.label IS 'OntoNotes label: PERSON, ORG, GPE, ...';
COMMENT ON COLUMN entity_names.entity_id IS 'Id of the entity.';
COMMENT ON COLUMN entity_names.resolved_by IS 'How the entity was found: see mentions.';
COMMENT ON COLUMN entity_names.score IS 'Confidence of the entity, 0 to 1.';

COMMENT ON TABLE entity_stand_ins IS 'One row: one short name that stands for one longer name of the same document.';
COMMENT ON COLUMN entity_stand_ins.kind IS 'Class of the name: person, org, place or thing.';
COMMENT ON COLUMN entity_stand_ins."key" IS 'The short name, folded: see entity_names.';
COMMENT ON COLUMN entity_stand_ins."full" IS 'The longer name, folded: see entity_names.';
COMMENT ON COLUMN entity_stand_ins.rule IS 'How the short name is made: surname, given, initial, middle, acronym or short.';
COMMENT ON COLUMN entity_stand_ins.n_documents IS 'Number of documents in which it stands for the longer name.';

COMMENT ON TABLE entity_rules IS 'One row: one alias rule of yours; it takes precedence over everything else.';
COMMENT ON COLUMN entity_rules.alias IS 'The alias, as texts write it.';
COMMENT ON COLUMN entity_rules.name IS 'Name of the entity that the alias belongs to.';
COMMENT ON COLUMN entity_rules.label IS 'Label of the names that the rule is for; null for all labels.';
COMMENT ON COLUMN entity_rules.kb_id IS 'Id of the entity in a knowledge base.';
COMMENT ON COLUMN entity_rules.apart IS 'Whether the alias is a separate entity (a split).';
COMMENT ON COLUMN entity_rules.made_by IS 'Origin of the rule: file (your alias file) or hand (copydesk entities merge, split).';

COMMENT ON TABLE entity_changes IS 'One row: one entity whose names belong to another entity since a run.';
COMMENT ON COLUMN entity_changes.run_id IS 'Id of the run, or "by hand".';
COMMENT ON COLUMN entity_changes.old_entity_id IS 'Id of the entity that the names belonged to.';
COMMENT ON COLUMN entity_changes.entity_id IS 'Id of the entity that they belong to now.';

COMMENT ON TABLE quarantine IS 'One row: one record that a run rejected, with the record itself. If state is rejected, this is the outcome of the record.';
COMMENT ON COLUMN quarantine.uri IS 'Path or address of the file that the record was read from.';
COMMENT ON COLUMN quarantine.record IS 'Number of the record within its file.';
COMMENT ON COLUMN quarantine.doc_id IS 'Hash of the record''s bytes, as in raw_documents; for unreadable bytes, hash of uri and size.';
COMMENT ON COLUMN quarantine.stage IS 'Stage whose gate rejected the record.';
COMMENT ON COLUMN quarantine.expectation IS 'First expectation of the suite that the record failed.';
COMMENT ON COLUMN quarantine.detail IS 'The observed value and the expected one.';
COMMENT ON COLUMN quarantine.payload IS 'Bytes of the record; null if there is no reader for its kind of file.';
COMMENT ON COLUMN quarantine.run_id IS 'Id of the run that rejected the record.';
COMMENT ON COLUMN quarantine.state IS 'rejected, or retried if a later run read the record again.';
COMMENT ON COLUMN quarantine.record_start IS 'Position of the first byte of the record in its file; null if an earlier version rejected it.';
COMMENT ON COLUMN quarantine.record_end IS 'Position after the last byte of the record in its file.';
COMMENT ON COLUMN quarantine.fetched_at IS 'Time of the last change of the file; null if an earlier version rejected the record.';
COMMENT ON COLUMN quarantine.retried_by IS 'Id of the run that retried the record; null if none has.';

COMMENT ON COLUMN quality_results.run_id IS 'Id of the run.';
COMMENT ON COLUMN quality_results.stage IS 'Stage whose gate checked the expectation.';
COMMENT ON COLUMN quality_results.suite IS 'Name of the suite in expectations/suites.';
COMMENT ON COLUMN quality_results.expectation IS 'Name of the expectation in its suite.';
COMMENT ON COLUMN quality_results.severity IS 'notice (reported only), warning (failed rows are quarantined) or critical (the run stops).';
COMMENT ON COLUMN quality_results.success IS 'Whether every row met the expectation.';
COMMENT ON COLUMN quality_results.observed IS 'The observed values, in words.';
COMMENT ON COLUMN quality_results.n_unexpected IS 'Number of rows that failed.';
COMMENT ON COLUMN quality_results.doc_ids IS 'Up to twenty documents that failed.';
COMMENT ON COLUMN quality_results.n_checked IS 'Number of rows that were checked.';
COMMENT ON COLUMN quality_results."over" IS 'What one row is: documents, sources or run.';
COMMENT ON COLUMN quality_results.source IS 'Source that the limits are for; null for the common limits.';
COMMENT ON COLUMN quality_results.because IS 'What a failure means.';

COMMENT ON TABLE quality_failures IS 'One row: one row of measures that failed an expectation; up to twenty per expectation and run.';
COMMENT ON COLUMN quality_failures.run_id IS 'Id of the run.';
COMMENT ON COLUMN quality_failures.stage IS 'Stage whose gate checked the expectation.';
COMMENT ON COLUMN quality_failures.expectation IS 'Name of the expectation in its suite.';
COMMENT ON COLUMN quality_failures.severity IS 'Severity of the expectation: notice, warning or critical.';
COMMENT ON COLUMN quality_failures.doc_id IS 'Id of the document; null if a source or the run failed.';
COMMENT ON COLUMN quality_failures.source IS 'The source that failed, or the source of the document.';
COMMENT ON COLUMN quality_failures.seen IS 'The observed value, and the usual one of a learned limit.';
COMMENT ON COLUMN quality_failures.uri IS 'Path or address of the file that the document was read from.';

COMMENT ON TABLE source_runs IS 'One row: one source in one run, with the figures that its baseline is made of.';
COMMENT ON COLUMN source_runs.run_id IS 'Id of the run.';
COMMENT ON COLUMN source_runs.source IS 'The outlet: the folder that holds the file.';
COMMENT ON COLUMN source_runs.n_read IS 'Records read.';
COMMENT ON COLUMN source_runs.n_known IS 'Records that an earlier run had read.';
COMMENT ON COLUMN source_runs.n_new IS 'Records that no earlier run had read.';
COMMENT ON COLUMN source_runs.hours_since_new IS 'Hours since the last run with new records of the source.';
COMMENT ON COLUMN source_runs.n_documents IS 'Documents that were cleaned.';
COMMENT ON COLUMN source_runs.median_words IS 'Median number of words of the cleaned documents.';
COMMENT ON COLUMN source_runs.median_kept IS 'Median share of characters kept in the cleaned documents.';
COMMENT ON COLUMN source_runs.titled_share IS 'Share of the cleaned documents with a headline.';
COMMENT ON COLUMN source_runs.dated_share IS 'Share of the cleaned documents with a time of publication.';
COMMENT ON COLUMN source_runs.damaged_share IS 'Share of the cleaned documents with characters that were lost before ingestion.';
COMMENT ON COLUMN source_runs.lang IS 'Most frequent language of the source''s documents so far.';
COMMENT ON COLUMN source_runs.lang_share IS 'Share of the cleaned documents in that language.';
COMMENT ON COLUMN source_runs.copied_share IS 'Share of accepted records that were merged into other documents.';
COMMENT ON COLUMN source_runs.mentions_per_100_words IS 'Median number of mentions per 100 words of the tagged articles.';
COMMENT ON COLUMN source_runs.flagged IS 'Names of the source expectations that the source failed.';
