from calendar import month_name
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.transforms.text.date_words import DateWords
from copydesk.transforms.text.dates import parse_dates
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
    langs = pl.Series([lang] * len(texts), dtype=pl.String)
    found = parse_dates(pl.Series(texts, dtype=pl.String), words, langs)
    assert found.dtype == pl.Datetime("us", "UTC")
    return found.to_list()


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


@examples(5)
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


@examples(5)
@given(DAYS.filter(lambda day: day.year < 2100), st.sampled_from([*MONTHS]), st.sampled_from("./-"))
def test_figures_are_read_where_the_language_puts_the_day_first(day: date, lang: str, mark: str):
    assert parse(f"{day.day}{mark}{day.month:02}{mark}{day.year}", lang=lang) == [midnight(day)]


@examples(5)
@given(DAYS, st.sampled_from([None, "en"]))
def test_figures_are_read_without_a_language_where_one_can_be_no_month(day: date, lang: str | None):
    expected = midnight(day) if day.day > 12 or day.day == day.month else None
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
    days = [
        THIRD_OF_MARCH,
        None,
        None,
        midnight(date(2026, 3, 13)),
        THIRD_OF_MARCH,
        QUARTER_PAST_TEN,
        QUARTER_PAST_TEN,
    ]
    assert parse(*texts, words=DateWords(), lang="de") == days


#: How outlets in other languages write 5 May 2026.
FIFTH_OF_MAY = [
    ("2026年5月5日", None),
    ("2026 年 5 月 5 日", None),
    ("2026년 5월 5일", None),
    ("2026. 5. 5.", "ko"),
    ("2026.05.05", "ko"),
    ("5 مايو 2026", "ar"),
    ("الثلاثاء ٥ مايو ٢٠٢٦", "ar"),
    ("5 أيار/مايو 2026", "ar"),
    ("۱۵ اردیبهشت ۱۴۰۵", "fa"),
    ("۱۴۰۵/۰۲/۱۵", "fa"),
    ("5 במאי 2026", "he"),
    ("5 พฤษภาคม 2569", "th"),
    ("5 พ.ค. 2569", "th"),
    ("5 मई 2026", "hi"),
    ("৫ মে ২০২৬", "bn"),
    ("5 tháng 5, 2026", "vi"),
    ("ngày 5 tháng 5 năm 2026", "vi"),
    ("5 Mei 2026", "id"),
    ("5 maja 2026 r.", "pl"),
    ("5. května 2026", "cs"),
    ("5. mája 2026", "sk"),
    ("5. maja 2026.", "sl"),
    ("5. svibnja 2026.", "hr"),
    ("5. мај 2026.", "sr"),
    ("5 май 2026 г.", "bg"),
    ("5 травня 2026", "uk"),
    ("5 мая 2026", "be"),
    ("5 Mayıs 2026 Salı", "tr"),
    ("05 MAYIS 2026", "tr"),
    ("5 maj 2026", "sv"),
    ("den 5 maj 2026", "sv"),
    ("5. maj 2026", "da"),
    ("5. maí 2026", "is"),
    ("5. toukokuuta 2026", "fi"),
    ("5. mai 2026", "et"),
    ("2026. gada 5. maijs", "lv"),
    ("2026 m. gegužės 5 d.", "lt"),
    ("2026. május 5.", "hu"),
    ("5 mai 2026", "ro"),
    ("5 Μαΐου 2026", "el"),
    ("5 ΜΑΪΟΥ 2026", "el"),
    ("5 Μαϊου 2026", "el"),
    ("5 de maig de 2026", "ca"),
    ("5 de maio de 2026", "gl"),
    ("5 მაისი 2026", "ka"),
    ("5 մայիսի 2026", "hy"),
    ("5-May-2026", "en"),
    ("05-mai-2026", "fr"),
    ("5. Mai 2026", "de"),
    ("５月５日ではない 2026年５月５日", "ja"),
    ("05.05.26", "de"),
    ("5/5/2026", "en"),
    ("May 5,2026", "en"),
    ("Tuesday the 5th of May 2026", "en"),
]


@pytest.mark.parametrize(("text", "lang"), FIFTH_OF_MAY)
def test_a_day_is_read_in_the_languages_and_calendars_of_the_world(text: str, lang: str | None):
    assert parse(text, lang=lang) == [datetime(2026, 5, 5, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("text", "time"),
    [("2 Apr 2026 09.15 BST", "08:15"), ("April 2, 2026 10.43am EDT", "14:43"), ("2 April 2026 | 9.15", "09:15"),
     ("2 Apr 2026, 6:15 p.m. ET", "22:15"), ("2 January 2026 10:15 am PT", "18:15"), ("2.4.2026 klo 9.15", "09:15"),
     ("2026年4月2日 8時30分", "08:30"), ("2026年4月2日下午3时20分", "15:20"), ("2026년 4월 2일 오후 3시 20분", "15:20"),
     ("2026.04.02 오전 12:05", "12:05"), ("2 Απριλίου 2026, 10:15 μ.μ.", "22:15"), ("2 avril 2026 à 18h", "18:00"),
     ("2 April 2026 5pm", "17:00"), ("2 April 2026 10:15 (GMT+7)", "03:15"),
     ("2 April 2026 10:15 UTC-03:30", "13:45"),
     ("2 April 2026 10:15 IST", "10:15"), ("2 April 2026 10:15 CST", "10:15"), ("2 April 2026 17:00 WIB", "10:00"),
     ("2 avril 2026 à 10h15 et mis à jour", "10:15"), ("2026-04-02 10:15:30 +0200", "08:15"),
     ("02.04.2026 18:30 Uhr", "18:30")],
)  # fmt: skip
def test_times_with_dots_halves_and_zones(text: str, time: str):
    found = [at for at in parse(text, lang="de" if "." in text[:3] else None) if at]
    assert [f"{at:%H:%M}" for at in found] == [time]


@pytest.mark.parametrize(
    "text",
    ["Thursday 02/04/2026", "Quinta-feira, 02/04/2026 às 18h30", "Stand: 02.04.2026", "Publié le 02/04/2026",
     "Opublikowano: 02.04.2026", "Thu, 04/02/2026", "jueves 02-04-2026", "Четвер, 02.04.2026"],
)  # fmt: skip
def test_a_weekday_or_a_word_beside_it_tells_the_order_of_a_date_in_figures(text: str):
    assert [at.date() for at in parse(text, lang="en") if at] == [date(2026, 4, 2)]


def test_a_name_that_two_languages_give_to_two_months_is_read_in_the_language_of_the_text():
    text = "5. listopada 2026"
    november, october = (datetime(2026, month, 5, tzinfo=UTC) for month in (11, 10))
    assert [parse(text, lang=lang) for lang in ("pl", "hr", "en", None)] == [
        [november], [october], [None], [None]
    ]  # fmt: skip


@examples(5)
@given(st.dates(date(1922, 3, 21), date(2100, 12, 31)))
def test_days_of_the_thai_calendar_are_read_back(day: date):
    assert parse(f"{day.day}/{day.month}/{day.year + 543} ", f"{day.day} มกราคม {day.year + 543}", lang="th")[
        1
    ] == (datetime(day.year, 1, day.day, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "day"),
    [("1 فروردین 1403", date(2024, 3, 20)), ("30 اسفند 1403", date(2025, 3, 20)),
     ("1 فروردین 1404", date(2025, 3, 21)),
     ("31 شهریور 1400", date(2021, 9, 22)), ("1 مهر 1400", date(2021, 9, 23)), ("22 بهمن 1357", date(1979, 2, 11))],
)  # fmt: skip
def test_days_of_the_iranian_calendar(text: str, day: date):
    assert parse(text, lang="fa") == [midnight(day)]


@examples(8)
@given(st.lists(awkward_text | st.text("1230-, :.hmarchjunez+/.", max_size=30)))
def test_any_text_is_read_row_by_row(texts: list[str]):
    found = parse(*texts)
    assert found == [parse(text)[0] for text in texts]
    assert all(day is None or 1899 <= day.year <= 2101 for day in found)
