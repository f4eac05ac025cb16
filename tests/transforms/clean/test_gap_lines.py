"""Lines next to the article: what stays although the line model would not keep it."""

import polars as pl
import pytest

from copydesk.transforms.clean.gap_lines import keep_gaps

KEPT = ("A paragraph of the article, kept by the model.", None, 0.9, True)
MENU = ("Related stories", "teaser_block", 0.0, False)
NONE = pl.Series(dtype=pl.String)


def unlikely(body: str, likely: float) -> tuple[str, None, float, bool]:
    return body, None, likely, False


def kept(*rows: tuple[str, str | None, float, bool], but: pl.Series = NONE) -> list[bool]:
    lines = pl.DataFrame(
        rows,
        schema={"body": pl.String, "rule": pl.String, "likely": pl.Float64, "keep": pl.Boolean},
        orient="row",
    ).with_columns(doc_id=pl.lit("d"))
    return keep_gaps(lines, but)["keep"].to_list()


def test_a_line_between_two_of_the_article_stays_unless_a_rule_marked_one_beside_it() -> None:
    assert kept(KEPT, unlikely("Selwick 2, Harwick 1", 0.12), KEPT) == [True, True, True]
    assert kept(KEPT, unlikely("Selwick 2, Harwick 1", 0.05), KEPT) == [True, False, True]
    assert kept(KEPT, MENU, unlikely("Library fines scrapped", 0.12), KEPT) == [True, False, False, True]


def test_sentences_right_below_the_article_stay() -> None:
    assert kept(KEPT, unlikely("Nobody was hurt.", 0.16), unlikely("Home", 0.16))[1:] == [True, False]
    assert kept(KEPT, *[unlikely("Nobody was hurt.", 0.16)] * 2, *[unlikely("Home", 0.01)] * 2)[1:3] == [
        True,
        True,
    ]
    assert kept(KEPT, *[unlikely("Home", 0.01)] * 3, unlikely("Nobody was hurt.", 0.16))[-1] is False


@pytest.mark.parametrize("best", [0.25, 0.1])
def test_a_table_above_the_next_heading_stays_if_one_row_is_likely(best: float) -> None:
    table = [
        unlikely("Results", 0.02),
        unlikely("Selwick 2, Harwick 1", best),
        unlikely("Marl 3, Coast 3", 0.03),
    ]
    stays = best >= 0.2
    assert kept(KEPT, *table, MENU)[1:4] == [stays] * 3
    assert kept(KEPT, *table)[1:4] == [False] * 3  # nothing shows where it ends
    assert kept(KEPT, MENU, *table, MENU)[2:5] == [False] * 3
    assert kept(KEPT, *table * 3, MENU)[1:10] == [False] * 9  # too long


def test_short_answers_stay_down_to_the_next_heading() -> None:
    talk = [unlikely(text, 0.05) for text in ("Is it hard?", "Yes.", "Will you stop?", "No.")]
    assert kept(KEPT, *talk, MENU)[1:5] == [True] * 4
    assert kept(KEPT, *talk[:2], MENU)[1:3] == [False] * 2


def test_key_points_below_the_headline_stay() -> None:
    headline = ("Half of the bees died", "headline", 0.5, True)
    points = [unlikely("Half of the colonies are dead", 0.3), unlikely("The union blames December", 0.1)]
    assert kept(headline, *points, KEPT) == [True] * 4
    assert kept(("Home", "menu", 0.0, False), *points, KEPT)[1:3] == [False] * 2


def test_documents_with_markup_stay_as_they_are() -> None:
    rows = (KEPT, unlikely("Selwick 2, Harwick 1", 0.12), KEPT)
    assert kept(*rows, but=pl.Series(["d"])) == [True, False, True]
