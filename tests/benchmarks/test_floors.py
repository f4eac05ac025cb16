"""No change may let the cleaning fall below its pinned floors: on the repository's pages always, on the evaluation
data where it lies beside the checkout (every sixth page)."""

import json
from functools import cache

import polars as pl
import pytest

from benchmarks.clean import FLOORS, clean_pages, load_set, read_floors, rule_precision, set_names
from benchmarks.pages import OWN_RENDERINGS, Page
from benchmarks.scores import Scores, score_texts
from copydesk.transforms.contract import EDITS

AT_HAND = set_names()


@cache
def measured(name: str) -> Scores:
    pages = load_set(name, quick=True, html=False)
    return score_texts([page.golds for page in pages], clean_pages(pages)[0])


@pytest.mark.parametrize("floor", read_floors(), ids=lambda floor: f"{floor['set']} {floor['metric']}")
def test_no_score_is_below_its_floor(floor: dict[str, str | float]) -> None:
    if floor["set"] not in AT_HAND:
        pytest.skip("the evaluation data is not beside this checkout")
    assert getattr(measured(str(floor["set"])), str(floor["metric"])) >= float(floor["floor"])


def test_the_floors_say_how_they_were_measured_and_cover_every_own_rendering() -> None:
    assert "python -m benchmarks.clean" in json.loads(FLOORS.read_text(encoding="utf-8"))["command"]
    assert {f"own/{rendering}" for rendering in OWN_RENDERINGS} <= {floor["set"] for floor in read_floors()}


def test_a_rule_is_right_where_the_article_does_not_hold_what_it_removes() -> None:
    article = "one two three four five six"
    page = Page("page", f"Share this with all friends\n{article}", [article], "", "en")
    rows = [(0, 28, "share", "", 1.0), (28, 55, "wrong", "", 1.0), (0, 5, "other", "y", 1.0)]
    edits = pl.DataFrame([("000000", *row, None) for row in rows], schema=EDITS, orient="row")
    assert rule_precision([page], edits) == {"share": (1.0, 5), "wrong": (0.0, 6)}
