"""Titles and the names of their sites."""

import polars as pl
import pytest

from copydesk.transforms.text.titles import count_words, fold_name, strip_site, strip_sites


@pytest.mark.parametrize(
    ("title", "stripped"),
    [
        ("Ferry sinks in storm | The Ledger", "Ferry sinks in storm"),
        ("Ferry sinks | News | The Ledger", "Ferry sinks"),
        ("Ferry sinks - The Ledger", "Ferry sinks"),
        ("The Ledger: Ferry sinks", "The Ledger: Ferry sinks"),
        ("The Ledger - Ferry sinks", "Ferry sinks"),
        ("Ferry sinks – ledger.example", "Ferry sinks – ledger.example"),
        ("Ferry sinks - a tale of two captains", "Ferry sinks - a tale of two captains"),
        ("渡輪在風暴中沉沒 | 海港日報", "渡輪在風暴中沉沒"),
        ("Паром затонув | Гавань", "Паром затонув"),
        ("Fähre sinkt im Sturm | tagblatt.example", "Fähre sinkt im Sturm"),
        ("Storm | The Ledger", "Storm"),
        ("The Ledger", "The Ledger"),
        ("Ferry sinks·The Ledger", "Ferry sinks·The Ledger"),
        ("Opinion | Why the ferry sank that night", "Opinion | Why the ferry sank that night"),
    ],
)
def test_the_name_of_a_site_goes_from_a_title(title: str, stripped: str) -> None:
    assert strip_site(title, ["The Ledger", None]) == stripped


def test_what_ends_three_titles_of_a_source_is_its_name() -> None:
    titles = pl.Series(
        "title", [f"Ferry number {n} sinks - Harbour Echo" for n in "123"] + ["A - Harbour Echo", None]
    )
    sources = pl.Series(["echo"] * 3 + ["other", "echo"])
    found = strip_sites(titles, sources, [()] * 5)
    assert found.to_list() == [f"Ferry number {n} sinks" for n in "123"] + ["A - Harbour Echo", None]


def test_marks_of_markdown_go() -> None:
    titles = pl.Series(
        "title", ["# Ferry sinks", "Title: Ferry sinks", "## Ferry sinks {#top}", "No. 3 sinks"]
    )
    found = strip_sites(titles, pl.Series([None] * 4, dtype=pl.String), [()] * 4)
    assert found.to_list() == ["Ferry sinks"] * 3 + ["No. 3 sinks"]


def test_names_are_folded_and_words_counted() -> None:
    assert fold_name("https://www.theledger.com") == fold_name("theledger") == "theledger"
    assert fold_name("The Harwick Courier") == fold_name("harwick-courier")
    assert count_words("港の橋 2026 closed") == 5
