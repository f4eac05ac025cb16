"""What the pages say about the project is so: paths exist, every rule is explained, lines are short."""

import re
import sys
from pathlib import Path

import duckdb
import pytest

from tests.docs.snippets import REPOSITORY, pages

sys.path.insert(0, str(REPOSITORY / "docs"))

from generator import prose

_PATH = re.compile(
    r"`((?:\.package|benchmarks|docs|expectations|flows|seeds|tests|transforms|warehouse)/[\w/.\-]*)[`:]"
)
WORDS = ("README.md", "CONTRIBUTING.md", "seeds/README.md", "seeds/line_model/CARD.md")


@pytest.mark.parametrize(
    "page", [*pages(), *(REPOSITORY / name for name in WORDS[1:])], ids=lambda page: page.name
)
def test_a_path_that_a_page_names_exists(page: Path) -> None:
    named = _PATH.findall(page.read_text(encoding="utf-8"))
    fixed = [path for path in named if not re.search("STAGE|NNNN|RUN", path)]
    assert [path for path in fixed if not (REPOSITORY / path).exists()] == []


def test_every_rule_that_marks_the_samples_is_in_the_reference(sample_home: Path) -> None:
    with duckdb.connect(sample_home / "copydesk.duckdb", read_only=True) as warehouse:
        rules = {rule for (rule,) in warehouse.execute("SELECT DISTINCT rule FROM edits").fetchall()}
    reference = (REPOSITORY / "docs/reference/rules.md").read_text(encoding="utf-8")
    assert rules - set(re.findall(r"^\| (\w+) \|", reference, re.MULTILINE)) == set()


def test_every_page_is_short_in_its_lines() -> None:
    assert prose.long_lines(REPOSITORY) == []


def test_a_long_line_of_prose_is_found_and_code_and_tables_are_not(tmp_path: Path) -> None:
    long = "word " * 30
    (tmp_path / "README.md").write_text(
        f"{long}\n\n| {long} |\n\n```text\n{long}\n```\n\n- {long}\n", encoding="utf-8"
    )
    assert prose.long_lines(tmp_path) == ["README.md:1", "README.md:9"]


def test_each_word_of_the_glossary_has_one_row() -> None:
    glossary = (REPOSITORY / "docs/glossary.md").read_text(encoding="utf-8")
    words = re.findall(r"^\| ([\w ]+?) \|", glossary, re.MULTILINE)[1:]
    assert len(words) == len(set(words)) > 30
    retired = {"desk", "choice", "weigh", "settle", "meet", "keeper"}
    assert retired & set(re.findall(r"\w+", glossary.lower())) == set()


def test_every_page_is_in_the_navigation() -> None:
    navigation = (REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8")
    files = [path.relative_to(REPOSITORY / "docs").as_posix() for path in (REPOSITORY / "docs").rglob("*.md")]
    assert [file for file in sorted(files) if f" {file}\n" not in navigation] == []
