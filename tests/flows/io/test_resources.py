"""Reading the seeds: what is read fits the code, and each broken file is a UsageError that names it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from copydesk.flows.errors import UsageError
from copydesk.flows.io.resources import (
    load_agencies,
    load_cleaning_resources,
    load_dates,
    load_gazetteer,
    load_glue,
    load_line_model,
    load_rules,
    read_list,
    read_vocabulary,
)
from copydesk.flows.settings import read_settings
from copydesk.flows.shipped import ROOT
from copydesk.transforms.clean.stage import CleaningResources
from copydesk.transforms.line_model.ngrams import BITS, COLUMNS

SEEDS = ROOT / "seeds"
RULE = (
    '[[rule]]\nname = "{name}"\nwhere = "line"\nscore = 0.9\npatterns = ["x"]\nremoved = ["x"]\nkept = []\n'
)


def test_the_desk_holds_all_the_seeds(resources: CleaningResources) -> None:
    assert len({rule.name for rule in resources.rules}) == len(resources.rules) > 20
    assert resources.line_model is not None
    assert resources.line_model.table.shape == (1 << BITS, COLUMNS)
    assert resources.line_model.table.dtype == np.float32
    assert resources.line_model.bias.shape == (2,)
    assert resources.line_model.vocabulary.is_unique().all()
    assert resources.line_model.page is not None
    assert resources.glue is not None
    assert resources.agencies["Associated Press"] == "AP"
    assert resources.dates.months["октября"] == 10


def test_seeds_are_read_once_a_process(resources: CleaningResources, tmp_path: Path) -> None:
    again = load_cleaning_resources(read_settings(home=tmp_path))
    assert again.line_model is resources.line_model
    assert again.glue is resources.glue
    assert again.rules is resources.rules


def test_a_folder_of_rules_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("2-b", "1-a", "3-c"):
        (tmp_path / f"{name}.toml").write_text(RULE.format(name=name), encoding="utf-8")
    (tmp_path / "README.md").write_text("no rules", encoding="utf-8")
    assert [rule.name for rule in load_rules(tmp_path)] == ["1-a", "2-b", "3-c"]
    assert [rule.name for rule in load_rules(tmp_path / "2-b.toml")] == ["2-b"]
    assert read_vocabulary(tmp_path / "3-c.toml") == RULE.format(name="3-c")


def test_a_word_list_is_its_lines(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("één\ntwee\n", encoding="utf-8")
    assert read_list(tmp_path / "words.txt").to_list() == ["één", "twee"]


#: A loader, the seeds that it reads, which of their files is broken, and what is written there (None: removed).
BROKEN: list[tuple[Callable[[Path], object], str, str, str | bytes | None]] = [
    (load_rules, "boilerplate", "1-page.toml", "[[rule"),
    (load_rules, "boilerplate", "1-page.toml", '[[rule]]\nname = "x"'),
    (load_rules, "boilerplate", "1-page.toml", RULE.format(name="x").replace('["x"]', '["("]', 1)),
    (load_rules, "boilerplate", "1-page.toml", b"\xff\xfe"),
    *(
        (load_line_model, "line_model", f"{name}.txt", None)
        for name in ("vocabulary", "first", "second", "page")
    ),
    (load_line_model, "line_model", "first.txt", "no tree"),
    (load_line_model, "line_model", "second.txt", ""),
    (load_line_model, "line_model", "function_words.txt", b"\xff\xfe\xff"),
    (load_line_model, "line_model", "table.npz", "no archive"),
    (load_line_model, "line_model", "table.npz", b""),
    (load_line_model, "line_model", "table.npz", b"PK\x03\x04 cut off"),
    *((load_glue, "unglue", name, None) for name in ("model.toml", "affixes.csv", "brands.txt")),
    (load_glue, "unglue", "model.toml", "[thresholds"),
    (load_glue, "unglue", "model.toml", "[thresholds]\nen = 0.9\n"),
    (load_glue, "unglue", "affixes.csv", "lang,word\nen,the\n"),
    (load_glue, "unglue", "affixes.csv", ""),
    (load_glue, "unglue", "affixes.csv", "lang,word,starts,ends\nen,the,many,1\n"),
    (load_agencies, "agencies.toml", "", "[agencies"),
    (load_agencies, "agencies.toml", "", None),
    (load_agencies, "agencies.toml", "", "agencies = 3"),
    (load_dates, "dates.toml", "", "[months"),
    (load_dates, "dates.toml", "", None),
    (load_dates, "dates.toml", "", "months = 3"),
    (load_dates, "dates.toml", "", "[months]\nen = 3"),
    (load_dates, "dates.toml", "", "zones = []"),
    (load_dates, "dates.toml", "", "day_first = 3"),
    (load_gazetteer, "entities", "name_words.csv", None),
    (load_gazetteer, "entities", "name_words.csv", "word,kind\nMr,titel\n"),
    (load_gazetteer, "entities", "name_words.csv", "word\nMr\n"),
]


@pytest.mark.parametrize(
    ("load", "seeds", "file", "content"),
    BROKEN,
    ids=[f"{seeds} {file} {str(content)[:20]!a}" for _, seeds, file, content in BROKEN],
)
def test_a_broken_file_is_a_usage_error_that_names_the_seeds(
    tmp_path: Path, load: Callable[[Path], object], seeds: str, file: str, content: str | bytes | None
) -> None:
    copy = tmp_path / seeds
    if file:
        shutil.copytree(SEEDS / seeds, copy)
    broken = copy / file if file else copy
    if content is None:
        broken.unlink(missing_ok=True)
    else:
        broken.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(UsageError) as raised:
        load(copy)
    assert str(copy) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_changes_is_read_again_in_the_same_process(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(RULE.format(name="first"))
    first = load_rules(rules)
    rules.write_text(RULE.format(name="other"))
    assert [rule.name for rule in load_rules(rules)] == ["other"]
    rules.write_text(RULE.format(name="first"))
    assert load_rules(rules) is first


def test_a_changed_file_of_a_folder_is_read_again_in_the_same_process(tmp_path: Path) -> None:
    shutil.copytree(SEEDS / "unglue", tmp_path / "unglue")
    before = load_glue(tmp_path / "unglue")
    with (tmp_path / "unglue" / "brands.txt").open("a") as brands:
        brands.write("KopyDesk\n")
    assert load_glue(tmp_path / "unglue") is not before
