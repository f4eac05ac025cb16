from calendar import month_name
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.text.dates import DateWords, parse_date_words, parse_dates
from tests.transforms.conftest import DATES, awkward_text, examples

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
#: How each language writes a day, and its months.
MONTHS = {
    "es": ("{d} de {m} de {y}", "enero febrero marzo abril mayo junio julio "
           "agosto septiembre octubre noviembre diciembre"),
    "de": ("{d}. {m} {y}", "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
    "fr": ("{d} {m} {y}", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    "pt": ("{d} de {m} de {y}", "janeiro fevereiro março abril maio junho julho "
           "agosto setembro outubro novembro dezembro"),
    "it": ("{d} {m} {y}", "gennaio febbraio marzo aprile maggio giugno luglio "
           "agosto settembre ottobre novembre dicembre"),
    "nl": ("{d} {m} {y}", "januari februari maart april mei juni juli augustus september oktober november december"),
    "no": ("{d}. {m} {y}", "januar februar mars april mai juni juli august september oktober november desember"),
    "ru": ("{d} {m} {y} г.", "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
    "uk": ("{d} {m} {y} р.", "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня"),
}  # fmt: skip
THIRD_OF_MARCH = datetime(2026, 3, 3, tzinfo=UTC)
QUARTER_PAST_TEN = THIRD_OF_MARCH + timedelta(hours=10, minutes=15)


def parse(*texts: str | None, lang: str | None = None, words: DateWords = DATES) -> list[datetime | None]:
    frame = pl.DataFrame({"published": texts}, schema={"published": pl.String})
    found = frame.select(parse_dates("published", words, pl.lit(lang, pl.String))).to_series()
    assert found.dtype == pl.Datetime("us", "UTC")
    return found.to_list()


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


@given(DAYS)
def test_every_day_is_read_back_from_each_way_to_write_it(day: date):
    english = month_name[day.month]
    written = [
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{english} {day.day}, {day.year}",
        f"{english} {day.day} {day.year}",
        f"{day.day} {english} {day.year}",
        f"{english[:3].upper()}. {day.day}, {day.year}",
        f"{day.day:02} {english[:3]} {day.year}",
        *(
            form.format(d=day.day, m=months.split()[day.month - 1], y=day.year)
            for form, months in MONTHS.values()
        ),
    ]
    assert parse(*written) == [midnight(day)] * len(written)


@given(DAYS, st.sampled_from([*MONTHS]), st.sampled_from("./-"))
def test_figures_are_read_where_the_language_puts_the_day_first(day: date, lang: str, mark: str):
    assert parse(f"{day.day}{mark}{day.month:02}{mark}{day.year}", lang=lang) == [midnight(day)]


@given(DAYS, st.sampled_from([None, "en"]))
def test_figures_are_read_without_a_language_where_one_can_be_no_month(day: date, lang: str | None):
    expected = midnight(day) if day.day > 12 else None
    assert (
        parse(f"{day.day}.{day.month}.{day.year}", f"{day.month}/{day.day}/{day.year}", lang=lang)
        == [expected] * 2
    )


@pytest.mark.parametrize(
    "text",
    ["March 3rd, 2026", "3 March, 2026", "Tuesday, March 3, 2026", "Tuesday 3 March 2026", "Tue 3 Mar 2026",
     "martes 3 de marzo de 2026", "3 de marzo del 2026", "mar. 3 mars 2026", "Publié le 3 mars 2026",
     "Sept 5 is past: 2026-03-03", "вторник, 3 марта 2026 года"],
)  # fmt: skip
def test_weekdays_and_endings_do_not_hide_a_date(text: str):
    assert parse(text) == [THIRD_OF_MARCH]


@pytest.mark.parametrize(
    "text",
    ["2026-03-03T10:15:00Z", "2026-03-03T12:15:00+02:00", "2026-03-03 05:15:00.500-0500", "3 March 2026 at 10:15",
     "3 March 2026, 10:15 GMT", "March 3, 2026 5:15 a.m. EST", "March 3, 2026, 7:15 pm JST",
     "3. März 2026, 10.15 Uhr", "3 mars 2026 à 10h15", "3. mars 2026 kl. 10.15", "3 марта 2026, 13:15 мск",
     "3 de março de 2026 às 10h15", "10:15, 3 March 2026"],
)  # fmt: skip
def test_a_time_without_a_zone_is_read_as_utc(text: str):
    assert parse(text) == [QUARTER_PAST_TEN]


@pytest.mark.parametrize(
    ("text", "hour"),
    [("March 3, 2026 12:00 a.m.", 0), ("March 3, 2026 12:00 pm", 12), ("March 3, 2026 25:99", 0)],
)
def test_noon_midnight_and_times_that_do_not_exist(text: str, hour: int):
    assert parse(text) == [THIRD_OF_MARCH + timedelta(hours=hour)]


@pytest.mark.parametrize(
    "text",
    [None, "", "3/4/2026", "03.04.2026", "soon", "March 2026", "March 3", "2026", "February 30, 2026", "2026-13-01",
     "Smarch 3, 2026", "chapter 3, 2026", "March 3, 1726", "9999-01-01", "0000-00-00", "1 January 2101", "1899-12-31",
     "99.99.2026", "12026-03-03"],
)  # fmt: skip
def test_what_is_no_date_or_means_two_days_to_two_readers_is_null(text: str | None):
    assert parse(text) == [None]


def test_without_words_dates_in_figures_are_read_alone():
    texts = (
        "2026-03-03",
        "March 3, 2026",
        "3 March 2026",
        "13.3.2026",
        "3.3.2026",
        "2026-03-03 10:15 CET",
        "2026-03-03 10:15",
    )
    days = [THIRD_OF_MARCH, None, None, midnight(date(2026, 3, 13)), None, QUARTER_PAST_TEN, QUARTER_PAST_TEN]
    assert parse(*texts, words=DateWords(), lang="de") == days


def test_words_are_read_by_language_and_zone():
    months = [f"m{number}en m{number}" for number in range(1, 13)]
    toml = f'day_first = ["xx"]\n[months]\nxx = {months}\nyy = {months}\n[zones]\nxt = -90\n'
    words = parse_date_words(toml)
    numbers = {name: number for number in range(1, 13) for name in (f"m{number}en", f"m{number}")}
    assert words == DateWords(numbers, {"xt": -90}, ("xx",))
    assert parse("3 M3en 2026, 8:45 XT", words=words) == [QUARTER_PAST_TEN]
    assert parse("3/3/2026", words=words, lang="xx") == [THIRD_OF_MARCH]
    assert parse_date_words("") == DateWords()


@pytest.mark.parametrize(
    ("toml", "why"),
    [
        ("[months]\nxx = ['a', 'b']", "months.xx: 2 months, not 12"),
        (f"[months]\nxx = {[*'abcdefghijka']}", "months.xx: a is month 1"),
        (f"[months]\nxx = {[*'abcdefghijkl']}\nyy = {[*'bacdefghijkl']}", "months.yy: b is month 2"),
        ("[zones]\ncet = '1 h'", "zones.cet: not a number of minutes"),
        ("[months", "Expected"),
    ],
)
def test_wrong_words_are_refused_with_their_place(toml: str, why: str):
    with pytest.raises(ValueError, match=why):
        parse_date_words(toml)


@examples(8)
@given(st.lists(awkward_text | st.text("1230-, :.hmarchjunez+/.", max_size=30)))
def test_any_text_is_read_row_by_row(texts: list[str]):
    found = parse(*texts)
    assert found == [parse(text)[0] for text in texts]
    assert all(day is None or 1899 <= day.year <= 2101 for day in found)
