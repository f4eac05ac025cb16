"""Line ends inside a segment: a space or nothing."""

import polars as pl
import pytest
from hypothesis import given
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.line_breaks import to_segments
from copydesk.transforms.clean.line_wraps import flatten_body, mend_line_ends
from copydesk.transforms.contract import LINES, as_edits
from copydesk.transforms.edits import apply_all, resolve_overlaps
from copydesk.transforms.text.lines import to_lines
from tests.transforms.clean.test_line_breaks import NO_LANGUAGE, pieces
from tests.transforms.conftest import examples, raw_of


def test_every_inner_line_end_reads_as_a_space_or_as_nothing() -> None:
    text = "the north-\nern pier \r\n is shut\n, they said"
    segment = pl.DataFrame(
        {"doc_id": "d", "line": 0, "start": 0, "end": len(text), "text": [text]}, schema=LINES
    )
    expected = pl.DataFrame(
        [
            ("d", 10, 11, "line_wrap", "", 1.0),
            ("d", 19, 23, "line_wrap", " ", 1.0),
            ("d", 30, 31, "line_wrap", "", 1.0),
        ],
        schema=["doc_id", "start", "end", "rule", "replacement", "score"],
        orient="row",
    )
    assert_frame_equal(mend_line_ends(segment, NO_LANGUAGE), as_edits(expected))


@examples(15)
@given(pieces)
def test_a_flat_body_is_what_the_mended_line_ends_leave(text: str) -> None:
    found = to_segments(to_lines(raw_of(text))).with_columns(text=pl.col("text").str.strip_chars_end())
    for row in found.filter(pl.col("text") != "").iter_rows(named=True):
        alone = pl.DataFrame([row | {"start": 0, "end": len(row["text"])}], schema=LINES)
        raw = alone.select("doc_id", raw_text="text")
        left = apply_all(raw, resolve_overlaps([mend_line_ends(alone, NO_LANGUAGE)]))["text"]
        assert left.to_list() == alone.select(flatten_body(pl.col("text"))).to_series().to_list()


@pytest.mark.parametrize(
    ("lang", "text", "left"),
    [
        ("en", "a long nego-\ntiation about it", "a long negotiation about it"),
        ("en", "an English-\nlanguage paper", "an English-language paper"),
        ("en", "the Serbo-\nCroatian text", "the Serbo-Croatian text"),
        ("de", "die Baugenehmi-\ngung kam", "die Baugenehmigung kam"),
        ("de", "die Bau\u00ad\ngenehmigung kam", "die Baugenehmigung kam"),
        ("fr", "la construc-\ntion du pont", "la construction du pont"),
        ("es", "la construc-\nción del puente", "la construcción del puente"),
        ("xx", "the nego-\ntiation", "the nego-tiation"),
        (None, "the nego-\ntiation", "the nego-tiation"),
        (None, "nego\u00ad\r\n  tiation", "negotiation"),
    ],
)
def test_a_divided_word_is_one_word_again(lang: str | None, text: str, left: str) -> None:
    segment = pl.DataFrame(
        {"doc_id": "d", "line": 0, "start": 0, "end": len(text), "text": [text]}, schema=LINES
    )
    langs = pl.DataFrame({"doc_id": ["d"], "lang": [lang]}, schema={"doc_id": pl.String, "lang": pl.String})
    edits = resolve_overlaps([mend_line_ends(segment, langs)])
    raw = pl.DataFrame({"doc_id": ["d"], "raw_text": [text]})
    assert apply_all(raw, edits)["text"].item() == left
