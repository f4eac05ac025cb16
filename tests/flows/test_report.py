"""The report: one page that loads nothing, with everything in it escaped."""

import re
from collections.abc import Callable
from pathlib import Path

from flows.report import SECTIONS, write_report
from flows.settings import read_settings
from tests.conftest import load, rows


def test_it_is_self_contained_and_says_what_the_run_did(sample_home: Path) -> None:
    page = write_report(read_settings(home=sample_home)).read_text(encoding="utf-8")
    assert not re.search(r"<(?:script|link|img|iframe)|https?://|@import|url\(", page)
    assert "Content-Security-Policy" in page
    for word in (
        "teaser_block",
        "late-edition.txt",
        "rail-strike-suspended.txt",
        "record_is_not_empty",
        "northern-post",
    ):
        assert word in page
    assert len(page) < 5_000_000


def test_the_sql_it_shows_is_the_sql_that_made_it(sample_home: Path) -> None:
    for section in SECTIONS:
        assert rows(sample_home, section.sql) is not None


def test_hostile_headlines_stay_text(tmp_path: Path, home: Path, article: Callable[..., str]) -> None:
    hostile = "<script>alert(1)</script><svg onload=alert(2)> pier mended for good"
    (tmp_path / "<b>x.txt").write_text(article().replace("Harbour board", hostile, 1))
    (tmp_path / "<i>y.txt").write_text("")
    load(home, tmp_path / "<b>x.txt", tmp_path / "<i>y.txt")
    page = write_report(read_settings(home=home)).read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<svg" not in page
    assert "<i>y" not in page
    assert "&lt;i&gt;y" in page
