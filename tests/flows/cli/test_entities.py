"""`copydesk entities`: the list, and what a correction by hand prints."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import copydesk


@pytest.fixture
def own_home(sample_home: Path, home: Path) -> Path:
    return shutil.copytree(sample_home, home)


def test_the_list_has_every_spelling_and_how_it_was_resolved(sample_home: Path) -> None:
    listed = copydesk(sample_home, "entities", "list", "danylenko").stdout
    assert "Sergei Danilenko" in listed
    assert "Serhiy Danylenko (spelling)" in listed.replace("\n", " ")
    assert (
        copydesk(sample_home, "entities", "list", "--limit", "1").stdout.count("\n") < listed.count("\n") + 3
    )


def test_a_name_that_nobody_has_is_one_line(sample_home: Path) -> None:
    assert (
        copydesk(sample_home, "entities", "list", "x\x1b[1my").stdout
        == "No entity matches 'x‹U+001B›[1my'.\n"
    )


def test_merge_and_split_say_what_changed(own_home: Path) -> None:
    merged = copydesk(own_home, "entities", "merge", "Brackholt", "Selwick")
    assert merged.stdout == (
        '"Brackholt" is now a name of "Selwick". 2 loaded entities changed; the rule applies to later runs.\n'
    )
    split = copydesk(own_home, "entities", "split", "Brackholt")
    assert split.stdout.startswith('"Brackholt" is now a separate entity. ')
    assert split.stdout.endswith("the rule applies to later runs.\n")
