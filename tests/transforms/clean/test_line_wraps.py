"""Line ends inside a segment: a space or nothing."""

import polars as pl
from hypothesis import given
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.line_breaks import to_segments
from copydesk.transforms.clean.line_wraps import flatten_body, mend_line_ends
from copydesk.transforms.contract import LINES, as_edits
from copydesk.transforms.edits import apply_all, resolve_overlaps
from copydesk.transforms.text.lines import to_lines
from tests.transforms.clean.test_line_breaks import pieces
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
    assert_frame_equal(mend_line_ends(segment), as_edits(expected))


@examples(15)
@given(pieces)
def test_a_flat_body_is_what_the_mended_line_ends_leave(text: str) -> None:
    found = to_segments(to_lines(raw_of(text))).with_columns(text=pl.col("text").str.strip_chars_end())
    for row in found.filter(pl.col("text") != "").iter_rows(named=True):
        alone = pl.DataFrame([row | {"start": 0, "end": len(row["text"])}], schema=LINES)
        raw = alone.select("doc_id", raw_text="text")
        left = apply_all(raw, resolve_overlaps([mend_line_ends(alone)]))["text"]
        assert left.to_list() == alone.select(flatten_body(pl.col("text"))).to_series().to_list()
