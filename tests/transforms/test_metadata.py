from calendar import month_name
from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.conftest import HEADLINE, PROSE, awkward_text, clean_one
from transforms.metadata import parse_dates

DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
SPANISH = ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto"]
SPANISH += ["septiembre", "octubre", "noviembre", "diciembre"]
THIRD_OF_MARCH = datetime(2026, 3, 3, tzinfo=UTC)


def parse(*texts: str | None) -> list[datetime | None]:
    frame = pl.DataFrame({"published": texts}, schema={"published": pl.String})
    found = frame.select(parse_dates("published")).to_series()
    assert found.dtype == pl.Datetime("us", "UTC")
    return found.to_list()


@given(DAYS)
def test_every_day_is_read_back_from_each_way_to_write_it(day: date):
    english, spanish = month_name[day.month], SPANISH[day.month - 1]
    written = [
        day.isoformat(),
        f"{english} {day.day}, {day.year}",
        f"{english} {day.day} {day.year}",
        f"{day.day} {english} {day.year}",
        f"{english[:3].upper()}. {day.day}, {day.year}, 10:15",
        f"{day.day} de {spanish} de {day.year}",
        f"{day.day:02} {english[:3]} {day.year}",
    ]
    assert parse(*written) == [datetime(day.year, day.month, day.day, tzinfo=UTC)] * len(written)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-03T10:15:00Z",
        "March 3rd, 2026",
        "3 March 2026 at 10:15",
        "3 March, 2026",
        "Tuesday, March 3, 2026",
        "Tuesday, 3 March 2026",
        "Tuesday 3 March 2026",
        "Tue 3 Mar 2026",
        "martes 3 de marzo de 2026",
        "3 de marzo del 2026",
        "Sept 5 is past: 2026-03-03",
    ],
)
def test_weekdays_times_and_endings_do_not_hide_a_date(text: str):
    assert parse(text) == [THIRD_OF_MARCH]


@pytest.mark.parametrize(
    "text",
    [None, "", "3/4/2026", "03.04.2026", "soon", "March 2026", "March 3", "2026", "February 30, 2026", "2026-13-01",
     "Smarch 3, 2026", "chapter 3, 2026", "March 3, 1726"],
)  # fmt: skip
def test_what_is_no_date_or_means_two_days_to_two_readers_is_null(text: str | None):
    assert parse(text) == [None]


@settings(max_examples=40)
@given(st.lists(awkward_text | st.text("1230-, marchjune/.", max_size=30)))
def test_any_text_is_read_row_by_row(texts: list[str]):
    assert parse(*texts) == [parse(text)[0] for text in texts]


@pytest.mark.parametrize(
    "stamp",
    ["Published March 3, 2026", "Published: 3 March 2026", "Publicado el 3 de marzo de 2026", "Tuesday, March 3, 2026",
     "Updated on Tuesday 3 March 2026", "Published Tue, 3 Mar 2026 at 10:15", "Posted on Mar. 3, 2026 by Staff",
     "2026-03-03"],
)  # fmt: skip
def test_a_stamp_above_an_article_gives_its_date(stamp: str):
    _, document = clean_one(f"{HEADLINE}\n{stamp}\n{PROSE[0]}\n{PROSE[1]}")
    assert stamp not in document["text"]
    assert document["published_at"] == THIRD_OF_MARCH
