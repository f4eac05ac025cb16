"""What is left of a page: an article, a part of one, or a list of links."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.article_evidence import judge_articles

SENTENCE = "The harbour board will dredge the inner basin in June."


def lines(*rows: tuple[str, str | None, float | None]) -> pl.DataFrame:
    frame = pl.DataFrame(
        rows, schema={"body": pl.String, "rule": pl.String, "likely": pl.Float64}, orient="row"
    )
    return frame.with_columns(doc_id=pl.lit("d"), n_words=pl.col("body").str.count_matches(r"\w+"))


def verdict(*rows: tuple[str, str | None, float | None]) -> tuple[float | None, bool, bool]:
    found = judge_articles(lines(*rows))
    assert found.columns == ["doc_id", "article_score", "is_listing", "is_truncated"]
    return found.row(0)[1:]


MENU = [(word, "menu", 0.0) for word in ("Home", "News", "Sport", "Weather", "Log in")]


def test_an_article_has_the_score_of_its_surest_line() -> None:
    assert verdict(*MENU, (SENTENCE, None, 0.97), ("Yes.", None, 0.99), ("More text here now.", None, 0.6)) == (
        0.97, False, False,
    )  # fmt: skip


def test_headings_and_links_alone_are_a_listing() -> None:
    links = [(f"Library fines scrapped as vote {n} passes", None, 0.2) for n in range(4)]
    assert verdict(*MENU, *links)[1] is True
    assert verdict(*links)[1] is False  # nothing was removed: somebody's own list
    assert verdict(*MENU, *links, (SENTENCE, None, 0.2))[1] is False
    likely = [(f"Library fines scrapped as vote {n} passes", None, 0.7) for n in range(4)]
    assert verdict(*MENU, *likely)[1] is False
    assert verdict(*MENU, *likely, ("214 results", "listing_note", 0.0))[1] is True
    assert verdict(*MENU, ("Selwick Rovers 2 Harwick Town 1", None, 0.8))[1] is False


@pytest.mark.parametrize(
    ("last", "below", "truncated"),
    [
        ("to a buyer who it would not...", None, True),
        ("to a buyer who it would not […]", None, True),
        ("the board said on Monday… [+2143 chars]", None, True),
        ("to a buyer who it", "paywall", True),
        ("to a buyer who it", "share_widget", False),
        (SENTENCE, "paywall", False),
        (SENTENCE, None, False),
    ],
)
def test_a_text_that_is_cut_off_is_truncated(last: str, below: str | None, truncated: bool) -> None:
    rows = [(SENTENCE, None, 0.9), (last, None, 0.9)] + ([("Read on", below, 0.0)] if below else [])
    assert verdict(*rows)[2] is truncated


def test_without_a_line_model_there_is_no_score() -> None:
    found = judge_articles(lines((SENTENCE, None, 0.5)).drop("likely"))
    expected = pl.DataFrame(
        {"doc_id": ["d"], "article_score": [None], "is_listing": [False], "is_truncated": [False]},
        schema_overrides={"article_score": pl.Float64},
    )
    assert_frame_equal(found, expected)


def test_a_page_of_which_nothing_is_left_is_no_part_of_an_article() -> None:
    assert verdict(*MENU) == (None, False, False)  # text_has_words rejects it
