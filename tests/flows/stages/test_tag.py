"""The tag stage: each article by the first model of its language, offsets that hold, loaded documents too."""

from pathlib import Path

import polars as pl
import pytest

from copydesk.expectations.verdict import REJECTED
from copydesk.flows.settings import read_settings
from copydesk.flows.stages.tag import tag_batch
from copydesk.flows.staging.folder import Staging
from copydesk.flows.staging.frames import REOPENED
from copydesk.transforms.contract import CLEAN, DUPLICATES, empty

TEXT = "Dana Whitlock met the board. Then Dana Whitlock left."


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    staging = Staging(tmp_path / "staging")
    staging.write("clean", "rejected", empty(REJECTED))
    staging.write("dedupe", "duplicates", empty(DUPLICATES))
    texts = [("en", "en", TEXT), ("de", "de", TEXT), ("none", None, TEXT)]
    documents = [{"doc_id": doc_id, "lang": lang, "text": text} for doc_id, lang, text in texts]
    staging.write("clean", "clean", pl.DataFrame(documents, schema=CLEAN), "00000")
    return staging


def test_an_article_is_tagged_by_the_first_model_of_its_language(
    staging: Staging, tmp_path: Path, stub_model: Path
) -> None:
    tag_batch(read_settings(home=tmp_path, model=f"{stub_model},{stub_model}"), staging, "00000")
    assert staging.read("tag", "tagged", "00000").rows() == [("en", str(stub_model))]
    read = staging.read("tag", "read", "00000")
    assert read["doc_id"].to_list() == ["en", "en"]
    assert read["surface"].to_list() == ["Dana Whitlock"] * 2
    assert [TEXT[start:end] for start, end in read.select("start", "end").rows()] == ["Dana Whitlock"] * 2
    assert read["label"].unique().to_list() == ["PERSON"]
    measures = staging.read("tag", "measures", "00000")
    assert measures.select("doc_id", "n_mentions", "n_misplaced", "n_untyped").rows() == [("en", 2, 0, 0)]


def test_loaded_documents_that_are_articles_again_are_tagged(
    staging: Staging, tmp_path: Path, stub_model: Path
) -> None:
    reopened = pl.DataFrame({"doc_id": ["old"], "lang": ["en"], "text": [TEXT]})
    staging.write("dedupe", "reopened", reopened)
    tag_batch(read_settings(home=tmp_path, model=str(stub_model)), staging, REOPENED)
    assert staging.read("tag", "tagged", REOPENED).rows() == [("old", str(stub_model))]


def test_without_articles_no_model_is_loaded(staging: Staging, tmp_path: Path) -> None:
    staging.write("clean", "clean", empty(CLEAN), "00000")
    tag_batch(read_settings(home=tmp_path, model="no_such_model"), staging, "00000")
    for name in ("read", "tagged", "measures"):
        assert staging.read("tag", name, "00000").is_empty()
