"""What is usual for a source: limits that follow its own past."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.quality.baselines import MIN_RUNS, STREAK, LearnedLimit, prediction_interval

NEW = LearnedLimit("n_new", "count")


def past(
    values: list[float], flagged: list[bool] | None = None, metric: str = "n_new", source: str = "a"
) -> pl.DataFrame:
    days = [dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=day) for day in range(len(values))]
    return pl.DataFrame(
        {"source": source, "at": days, metric: values, "flagged": flagged or [False] * len(values)},
        schema_overrides={
            "source": pl.String,
            "at": pl.Datetime("us", "UTC"),
            metric: pl.Float64,
            "flagged": pl.Boolean,
        },
    )


def is_usual(
    history: pl.DataFrame, value: float | None, learned: LearnedLimit = NEW, n_new: int = 100
) -> bool | None:
    today = pl.DataFrame(
        {"source": ["a"], "n_new": [n_new], learned.metric: [value]},
        schema_overrides={learned.metric: pl.Float64},
    )
    (found,) = prediction_interval(history, today, learned)["is_usual"]
    return found


STEADY = [100.0, 104, 97, 99, 103, 101, 98, 100, 96, 102]


def test_today_like_the_past_is_usual_and_a_tenth_of_it_is_not() -> None:
    assert is_usual(past(STEADY), 99) is True
    assert is_usual(past(STEADY), 10) is False
    assert is_usual(past(STEADY), 1000) is False


def test_fewer_runs_than_needed_and_a_missing_figure_judge_nothing() -> None:
    assert is_usual(past(STEADY[: MIN_RUNS - 1]), 1) is None
    assert is_usual(past(STEADY[:MIN_RUNS]), 1) is False
    assert is_usual(past(STEADY), None) is None
    assert is_usual(past(STEADY, source="b"), 1) is None


def test_a_run_without_new_documents_is_neither_judged_nor_a_lesson() -> None:
    assert is_usual(past(STEADY), 0) is None
    assert is_usual(past([*STEADY[: MIN_RUNS - 1], 0, 0, 0]), 100) is None
    assert is_usual(past([0.0] * 10, metric="share"), 0, LearnedLimit("share", "share")) is True


def test_one_side_alone_may_be_a_fault() -> None:
    assert is_usual(past(STEADY), 1000, LearnedLimit("n_new", "count", "low")) is True
    assert is_usual(past(STEADY), 1, LearnedLimit("n_new", "count", "high")) is True
    assert is_usual(past(STEADY), 1, LearnedLimit("n_new", "count", "low")) is False


def test_a_deviation_must_be_large_enough_to_matter() -> None:
    shares = past([0.5] * 30, metric="share")
    tight = LearnedLimit("share", "share", "low")
    assert is_usual(shares, 0.3, tight, n_new=10_000) is False
    assert is_usual(shares, 0.3, LearnedLimit("share", "share", "low", 0.25), n_new=10_000) is True
    assert is_usual(past(STEADY), 60, LearnedLimit("n_new", "count", "both", 2)) is True


def test_a_share_that_never_varied_may_vary_as_chance_has_it() -> None:
    always = past([1.0] * 30, metric="share")
    assert is_usual(always, 0.95, LearnedLimit("share", "share"), n_new=20) is True
    assert is_usual(always, 0.2, LearnedLimit("share", "share"), n_new=20) is False


def test_a_fault_does_not_become_the_usual_until_it_lasts() -> None:
    broken = [5.0] * (STREAK - 1)
    flags = [False] * len(STEADY) + [True] * len(broken)
    assert is_usual(past(STEADY + broken, flags), 5) is False
    assert is_usual(past([*STEADY, *broken, 5], [*flags, True]), 5) is True


@given(
    st.lists(st.floats(0, 1e6), min_size=0, max_size=20),
    st.floats(0, 1e6),
    st.sampled_from(["count", "size", "time", "share"]),
    st.sampled_from(["low", "high", "both"]),
    st.floats(0, 5),
)
def test_limits_are_numbers_in_order_and_say_the_same_as_the_flag(
    values: list[float], value: float, scale: str, side: str, by: float
) -> None:
    if scale == "share":
        values, value, by = [each / 1e6 for each in values], value / 1e6, by / 5
    learned = LearnedLimit("figure", scale, side, by)
    today = pl.DataFrame({"source": ["a"], "n_new": [7], "figure": [value]})
    (row,) = prediction_interval(past(values, metric="figure"), today, learned).to_dicts()
    if scale == "count":
        values = [each for each in values if each > 0]
    if len(values) < MIN_RUNS or (scale == "count" and value == 0):
        assert row["is_usual"] is None
        return
    low, high = row["low"], row["high"]
    assert (low is None) == (side == "high")
    assert (high is None) == (side == "low")
    assert row["is_usual"] == ((low is None or value >= low) and (high is None or value <= high))
    if low is not None and high is not None:
        assert low <= high


def test_the_limits_are_students_prediction_interval() -> None:
    """Against scipy's own t distribution, on the logarithm."""
    import numpy as np
    from scipy import stats

    values = np.array([20.0, 500, 90, 60, 300, 120, 45, 800, 33, 210])
    logs = np.log1p(values)
    half = stats.t.ppf(1 - 0.001 / 2, 9) * logs.std(ddof=1) * np.sqrt(1 + 1 / 10)
    today = pl.DataFrame({"source": ["a"], "n_new": [100]})
    (row,) = prediction_interval(past(values.tolist()), today, NEW).to_dicts()
    assert row["low"] == pytest.approx(np.expm1(logs.mean() - half))
    assert row["high"] == pytest.approx(np.expm1(logs.mean() + half))
