from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import copydesk

TEXT = "Angela Merkel met François Hollande in France on Monday. Merkel left for Berlin the same evening."


def test_mentions_have_offsets_into_the_text_and_an_entity():
    frame = pl.DataFrame({"id": [7, 8], "text": [None, TEXT]})
    mentions, entities = copydesk.tag(frame, id="id")
    assert mentions["doc_id"].unique().to_list() == [8]
    assert [TEXT[start:end] for start, end in mentions["start", "end"].rows()] == mentions[
        "surface"
    ].to_list()
    named = mentions.join(entities, on="entity_id").select("surface", "name", "country_code").rows()
    assert ("Merkel", "Angela Merkel", None) in named
    assert ("France", "France", "FR") in named


def test_a_text_in_a_language_without_a_model_is_not_tagged():
    german = "Die Stadt hat am Montag beschlossen, dass die Brücke über die Elbe in Dresden gesperrt bleibt."
    mentions, entities = copydesk.tag([german])
    assert mentions.is_empty()
    assert entities.is_empty()
    forced = pl.DataFrame({"text": [TEXT, TEXT], "language": ["de", "en"]})
    assert copydesk.tag(forced, lang="language").mentions["doc_id"].unique().to_list() == [1]


def test_nothing_gives_frames_of_the_same_columns():
    some, none = copydesk.tag([TEXT]), copydesk.tag([None])
    assert some.mentions.schema == none.mentions.schema
    assert some.entities.schema == none.entities.schema
    assert none.mentions.is_empty()


def test_a_model_that_is_not_there_is_named():
    with pytest.raises(copydesk.UsageError, match=r"^model no_such_model: "):
        copydesk.tag([TEXT], models="no_such_model")


def test_it_tags_as_the_pipeline_does(sample_home: Path):
    with copydesk.open(sample_home) as warehouse:
        articles = warehouse.sql("SELECT doc_id, text, lang FROM articles")
        mentions = warehouse.sql("FROM mentions")
        entities = warehouse.sql("FROM entities WHERE entity_id IN (SELECT entity_id FROM mentions)")
    tagged = copydesk.tag(articles)
    assert_frame_equal(tagged.mentions, mentions.select(tagged.mentions.columns), check_row_order=False)
    columns = tagged.entities.columns
    assert_frame_equal(
        tagged.entities.join(tagged.mentions, on="entity_id", how="semi"),
        entities.select(columns),
        check_row_order=False,
    )
