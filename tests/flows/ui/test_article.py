"""The parts of the browser's pages that are plain functions: marked snippets, paragraphs with names."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from copydesk.flows.ui.article import paragraphs
from copydesk.transforms.text.printable import escape_invisible
from tests.flows.ui.test_snippets import TEXT

MENTIONS = pl.Schema(
    {"start": pl.Int64, "end": pl.Int64}
    | dict.fromkeys(("entity_id", "name", "label", "resolved_by"), pl.String)
)


@given(TEXT, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_paragraphs_keep_every_character_but_line_ends(text: str, spans: list[tuple[int, int]]) -> None:
    rows = [(start, end, f"{start:08x}", "Name", "ORG", "exact") for start, end in sorted(spans)]
    parts = paragraphs(text, pl.DataFrame(rows, schema=MENTIONS, orient="row"))
    lines = [escape_invisible(line) for line in text.split("\n") if line]
    assert ["".join(run.text for run in part) for part in parts] == lines
    for part in parts:
        for run in part:
            assert bool(run.entity_id) == bool(run.look)


def test_the_first_mention_of_an_entity_is_the_one_that_links() -> None:
    text = "Ann met Bob.\n\nAnn left."
    spans = [(0, 3, "a"), (8, 11, "b"), (14, 17, "a")]
    rows = [(start, end, name * 8, name, "PERSON", "exact") for start, end, name in spans]
    parts = paragraphs(text, pl.DataFrame(rows, schema=MENTIONS, orient="row"))
    assert [(run.text, run.is_first) for part in parts for run in part if run.entity_id] == [
        ("Ann", True),
        ("Bob", True),
        ("Ann", False),
    ]
