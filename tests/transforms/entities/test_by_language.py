from typing import TYPE_CHECKING

import polars as pl
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import NAMED_MENTIONS, empty
from copydesk.transforms.entities.by_language import read_by_language
from copydesk.transforms.entities.gazetteer import Gazetteer

if TYPE_CHECKING:
    from spacy.language import Language

DOCUMENTS = pl.DataFrame(
    {
        "doc_id": ["a", "b", "c"],
        "text": ["Angela Merkel left Berlin."] * 3,
        "lang": ["en", "de", None],
    }
)


def test_the_first_model_of_a_language_reads_it(model: "Language", gazetteer: Gazetteer):
    read, tagged = read_by_language(DOCUMENTS, [("one", model), ("two", model)], gazetteer)
    assert read["doc_id"].unique().to_list() == ["a"]
    assert read["surface"].to_list() == ["Angela Merkel", "Berlin"]
    expected = pl.DataFrame({"doc_id": ["a"], "text": DOCUMENTS["text"][:1], "tagged_by": ["one"]})
    assert_frame_equal(tagged, expected)


def test_without_models_nothing_is_tagged(gazetteer: Gazetteer):
    read, tagged = read_by_language(DOCUMENTS, [], gazetteer)
    assert_frame_equal(read, empty(NAMED_MENTIONS))
    assert tagged.is_empty()
