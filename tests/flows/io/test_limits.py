"""The limits file: read, checked, and put over the suites."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from copydesk.flows.errors import UsageError
from copydesk.flows.io.limits import Limits, read_limits
from copydesk.flows.settings import read_settings


def limits_of(folder: Path, text: str) -> Limits:
    file = folder / "limits.toml"
    file.write_text(text)
    return read_limits(read_settings(home=folder / "home", limits=file))


def test_no_file_is_no_limits(tmp_path: Path) -> None:
    assert read_limits(read_settings(home=tmp_path)) == Limits()


def test_limits_are_by_source_and_expectation(tmp_path: Path) -> None:
    found = limits_of(
        tmp_path,
        """
        ["*".language_is_wanted]
        severity = "warning"
        value_set = ["en", "de"]

        [northern-post]
        history_from = 2026-11-02
        holds_an_article.min_value = 0.05
        as_many_as_usual = {by_at_least = 3, side = "low"}
        """,
    )
    assert found.by_source == {
        "*": {"language_is_wanted": {"severity": "warning", "value_set": ["en", "de"]}},
        "northern-post": {
            "holds_an_article": {"min_value": 0.05},
            "as_many_as_usual": {"by_at_least": 3, "side": "low"},
        },
    }
    days = [dt.datetime(2026, 11, day, tzinfo=dt.UTC) for day in (1, 2, 1)]
    history = pl.DataFrame({"source": ["northern-post", "northern-post", "other"], "at": days})
    assert found.forget(history)["source"].to_list() == ["northern-post", "other"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[a", "limits.toml"),
        ("a = 1", "[a] must be a table"),
        ("[a]\nfoo = {min_value = 1}", 'limits.toml: [a.foo]: unknown expectation "foo"; known: '),
        (
            "[a]\nholds_an_artikle = {min_value = 1}",
            'unknown expectation "holds_an_artikle"; did you mean holds_an_article?',
        ),
        (
            "[a]\nholds_an_article = {min_valu = 1}",
            'unknown field "min_valu"; did you mean min_value? known: ',
        ),
        ("[a]\nholds_an_article = 3", "must be a table"),
        ("[a]\nholds_an_article = {min_value = 'x'}", "min_value must be a number"),
        ("[a]\nholds_an_article = {least = 1}", 'unknown field "least"; known: '),
        (
            "[a]\nholds_an_article = {severity = 'fatal'}",
            "has severity 'fatal'; expected one of: off, notice, warning, critical",
        ),
        ("[a]\ncopies_as_usual = {severity = 'warning'}", "rows cannot be quarantined after dedupe"),
        ("[a]\nas_many_as_usual = {min_value = 1}", 'unknown field "min_value"'),
        ("[a]\nas_many_as_usual = {side = 'up'}", "side must be one of low"),
        ("[a]\nlanguage_is_wanted = {value_set = 'en'}", "value_set must be a list"),
        ("[a]\nhistory_from = 3", "must be a date"),
    ],
)
def test_a_wrong_file_is_one_clear_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        limits_of(tmp_path, text)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value).strip()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read the limits .*gone\.toml"):
        read_limits(read_settings(home=tmp_path, limits=tmp_path / "gone.toml"))
