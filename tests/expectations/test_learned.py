"""Learned limits: a flag and a sentence per source and expectation."""

import datetime as dt

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.expectations.learned import judge_by_history
from copydesk.expectations.suite import Expectation
from copydesk.transforms.quality.baselines import MIN_RUNS, LearnedLimit


def expectation(
    name: str = "usual",
    side: str = "both",
    *,
    metric: str = "n_new",
    only: str | None = None,
    but: tuple[str, ...] = (),
) -> Expectation:
    return Expectation(
        name, "notice", "", "why", "sources", learned=LearnedLimit(metric, "count", side), only=only, but=but
    )


def history(*sources: str, n_runs: int = MIN_RUNS + 3, flagged: tuple[str, ...] = ()) -> pl.DataFrame:
    rows = [
        (source, dt.datetime(2026, 1, day + 1, tzinfo=dt.UTC), 100 + day % 3, list(flagged))
        for source in sources
        for day in range(n_runs)
    ]
    schema = {
        "source": pl.String,
        "at": pl.Datetime("us", "UTC"),
        "n_new": pl.Int64,
        "flagged": pl.List(pl.String),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


TODAY = pl.DataFrame({"source": ["north", "south"], "n_new": [101, 3]})


def test_each_source_is_compared_with_its_own_baseline() -> None:
    found = judge_by_history((expectation(),), TODAY, history("north", "south"))
    assert found["usual"].to_list() == [True, False]
    assert found["usual said"].str.contains(r"^n_new = (?:101|3), usual \d+ to \d+$").all()
    assert_frame_equal(found.select(TODAY.columns), TODAY)


@pytest.mark.parametrize(("side", "words"), [("low", "usual at least "), ("high", "usual at most ")])
def test_the_sentence_names_the_side(side: str, words: str) -> None:
    found = judge_by_history((expectation(side=side),), TODAY, history("north", "south"))
    assert found["usual said"].str.contains(words, literal=True).all()
    assert found["usual"].to_list() == [True, side == "high"]


def test_without_history_nothing_is_judged() -> None:
    for past in (None, history("west"), history("north", "south", n_runs=MIN_RUNS - 1)):
        found = judge_by_history((expectation(),), TODAY, past)
        assert found["usual"].to_list() == [None, None]


def test_a_source_with_its_own_limits_is_left_out_of_the_common_ones() -> None:
    suite = (expectation(but=("south",)), expectation(side="high", only="south"))
    found = judge_by_history(suite, TODAY, history("north", "south"))
    assert found["usual"].to_list() == [True, True]  # of the south only too many would be a fault
    assert "at most" in found["usual said"][1]


def test_runs_that_failed_the_expectation_teach_nothing_and_those_that_failed_another_do() -> None:
    past = history("north", "south", n_runs=MIN_RUNS + 3)
    odd = past.with_columns(at=pl.col("at") + pl.duration(days=40), n_new=pl.lit(3, pl.Int64)).head(3)
    assert judge_by_history(
        (expectation(),), TODAY.head(1), pl.concat([past, odd.with_columns(flagged=pl.lit(["usual"]))])
    )["usual"].to_list() == [True]
    said = [
        judge_by_history(
            (expectation(),), TODAY.head(1), pl.concat([past, odd.with_columns(flagged=pl.lit([name]))])
        )["usual said"][0]
        for name in ("usual", "another")
    ]
    assert said[0] != said[1]


def test_expectations_that_are_not_learned_add_nothing() -> None:
    fixed = Expectation(
        "fixed", "notice", "column_values_to_be_between", "why", "sources", {"column": "n_new"}
    )
    assert_frame_equal(judge_by_history((fixed,), TODAY, history("north")), TODAY)


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.5, "0.5"), (0.123, "0.12"), (3.0, "3"), (19.96, "19.96"), (20.4, "20"), (1234.5, "1234")],
)
def test_figures_have_the_digits_that_matter(value: float, written: str) -> None:
    today = pl.DataFrame({"source": ["north"], "n_new": [5], "share": [value]})
    found = judge_by_history((expectation(metric="share"),), today, None)
    both = judge_by_history(
        (expectation(metric="share"),), today, history("north").with_columns(share=pl.lit(1.0))
    )
    assert found["usual"].to_list() == [None]
    assert both["usual said"][0].startswith(f"share = {written}, usual ")
