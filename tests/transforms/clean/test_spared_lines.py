"""Marks taken back: subheads between paragraphs, and the lead above a paywall."""

import polars as pl
import pytest

from copydesk.transforms.clean.spared_lines import spare_cut_lead, spare_subheads


def marked(*rows: tuple[str, str | None, bool, float]) -> pl.DataFrame:
    """Return marked lines of one document: body, rule, prose, likely."""
    frame = pl.DataFrame(rows, schema=["body", "rule", "prose", "likely"], orient="row").with_columns(
        pl.col("rule").cast(pl.String)
    )
    return frame.with_columns(
        doc_id=pl.lit("d"),
        n_words=pl.col("body").str.count_matches(r"\w+"),
        score=pl.when(pl.col("rule").is_not_null()).then(0.9),
        keep=pl.col("rule").is_null(),
    )


PARAGRAPH = ("A paragraph that surely is the article's.", None, True, 0.95)


@pytest.mark.parametrize(("word", "rule"), [("Facebook", "network_names"), ("Comments", "comment_box")])
def test_a_rule_word_alone_between_paragraphs_is_a_subhead(word: str, rule: str) -> None:
    found = spare_subheads(marked(PARAGRAPH, (word, rule, False, 0.0), PARAGRAPH))
    assert found.row(1, named=True) | {"rule": None, "score": None, "keep": True} == found.row(1, named=True)


@pytest.mark.parametrize(
    "rows",
    [
        [
            PARAGRAPH,
            ("Facebook", "network_names", False, 0.0),
            ("Twitter", "network_names", False, 0.0),
            PARAGRAPH,
        ],
        [PARAGRAPH, ("Comments", "comment_box", False, 0.0), ("A reader's view of it.", None, True, 0.3)],
        [
            PARAGRAPH,
            ("Share", "share_widget", False, 0.0),
            PARAGRAPH,
            ("Share", "share_widget", False, 0.0),
            PARAGRAPH,
        ],
        [PARAGRAPH, ("12 comments", "comment_box", False, 0.0), PARAGRAPH],
        [PARAGRAPH, ("Advertisement", "advertisement", False, 0.0), PARAGRAPH],
        [("Facebook", "network_names", False, 0.0), PARAGRAPH],
    ],
    ids=["buttons", "above comments", "repeated", "a number", "another rule", "at the top"],
)
def test_other_rule_words_go(rows: list[tuple[str, str | None, bool, float]]) -> None:
    lines = marked(*rows)
    assert spare_subheads(lines).equals(lines)


def test_without_a_line_model_all_marks_stay() -> None:
    lines = marked(PARAGRAPH, ("Facebook", "network_names", False, 0.0), PARAGRAPH).drop("likely")
    assert spare_subheads(lines).equals(lines)


LEAD = (
    "The board is to sell the house on the mole, where pilots have slept for years, to…",
    "cut_teaser",
    False,
    0.4,
)


def test_the_lead_above_a_paywall_stays() -> None:
    found = spare_cut_lead(marked(("To continue, subscribe", "paywall", False, 0.0), LEAD))
    assert found["rule"].to_list() == ["paywall", None]
    assert found["keep"].to_list() == [False, True]


@pytest.mark.parametrize(
    "rows", [[PARAGRAPH, LEAD], [LEAD, LEAD, LEAD]], ids=["below an article", "a list of teasers"]
)
def test_other_lines_that_are_cut_off_go(rows: list[tuple[str, str | None, bool, float]]) -> None:
    lines = marked(*rows)
    assert spare_cut_lead(lines).equals(lines)
