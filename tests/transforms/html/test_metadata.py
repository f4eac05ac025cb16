"""Metadata of a page."""

from datetime import UTC, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.html.metadata import METADATA, parse_time, read_metadata
from copydesk.transforms.html.parser_source import LONGEST
from tests.transforms.conftest import awkward_text
from tests.transforms.html.test_visible_text import NASTY, pages

PAGE = """<!doctype html><html lang="en-GB"><head><title>Ledger opens | Harbour Post</title>
<meta property="og:title" content="Ledger opens at the harbour"><meta property="og:site_name" content="Harbour Post">
<meta name="description" content="Eleven captains sign."><link rel="canonical" href="https://harbour.example/ledger">
<meta property="article:published_time" content="2026-03-01T09:30:00+01:00">
<script type="application/ld+json">{ld}</script></head>
<body><article><h1>Ledger opens at the harbour</h1><p>By Ada Quill</p><p>Eleven captains queued.</p></article></body>
</html>"""
LD = """{"@context": "https://schema.org", "@graph": [
{"@type": "WebPage", "datePublished": "2020-01-01"}, {"@type": "NewsArticle",
"headline": "Ledger opens", "author": {"@type": "Person", "name": "Ada Quill"}, "inLanguage": "en",
"datePublished": "2026-03-01T10:00:00+01:00", "articleBody": "Eleven captains queued.",
"video": {"datePublished": "2019-01-01"}}]}"""


def describe(source: str) -> dict[str, object]:
    return read_metadata(pages(source)).row(0, named=True)


def test_a_page_with_everything() -> None:
    expected = {
        "doc_id": "d0000",
        "title": "Ledger opens at the harbour",
        "byline": "Ada Quill",
        "published_at": datetime(2026, 3, 1, 9, 0, tzinfo=UTC),
        "published_by": "json-ld",
        "lang": "en",
        "url": "https://harbour.example/ledger",
        "site": "Harbour Post",
    }
    found = read_metadata(pages(PAGE.replace("{ld}", LD)))
    assert found.row(0, named=True) | {"title": expected["title"]} == expected
    assert found["title"].item() in {"Ledger opens at the harbour", "Ledger opens"}
    assert found.schema == METADATA


@pytest.mark.parametrize(
    ("source", "published"),
    [
        (PAGE.replace("{ld}", "{broken"), (datetime(2026, 3, 1, 8, 30, tzinfo=UTC), "meta")),
        (
            '<html><head><meta name="pubdate" content="not long ago"></head><body><p>x</p></body></html>',
            (None, None),
        ),
        (
            '<html><head></head><body><p>x</p><time datetime="2026-03-01" class="entry-date">then</time></body></html>',
            (datetime(2026, 3, 1, tzinfo=UTC), "page"),
        ),
    ],
    ids=["broken JSON-LD", "no time", "htmldate"],
)
def test_the_time_of_publication_names_its_source(
    source: str, published: tuple[datetime | None, str | None]
) -> None:
    row = describe(source)
    assert (row["published_at"], row["published_by"]) == published


@pytest.mark.parametrize(
    ("attributes", "lang"),
    [('lang="de-AT"', "de"), ('lang="EN"', "en"), ('xml:lang="pt_BR"', "pt"), ('lang=""', None), ('lang="x"', None),
     ('lang="english"', None)],
)  # fmt: skip
def test_the_language_is_a_code(attributes: str, lang: str | None) -> None:
    assert describe(f"<html {attributes}><head></head><body><p>x</p></body></html>")["lang"] == lang


def test_records_that_are_no_pages_say_nothing() -> None:
    assert_frame_equal(read_metadata(pages(PAGE, media_type="text/plain")), pl.DataFrame(schema=METADATA))


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-03-01T10:00:00+01:00", datetime(2026, 3, 1, 9, tzinfo=UTC)),
        (" 2026-03-01T10:00:00.123Z ", datetime(2026, 3, 1, 10, 0, 0, 123000, tzinfo=UTC)),
        ("2026-03-01T10:00:00-0530", datetime(2026, 3, 1, 15, 30, tzinfo=UTC)),
        ("2026-03-01 10:00", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 10:00:00 +0100", datetime(2026, 3, 1, 9, tzinfo=UTC)),
        ("yesterday", None), ("", None), ("03/04/2026", None), ("0001-01-01T00:00:00+14:00", None),
    ],
)  # fmt: skip
def test_times(text: str, time: datetime | None) -> None:
    assert parse_time(text) == time


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_a_time_keeps_its_instant(naive: datetime, minutes: int) -> None:
    time = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert parse_time(time.isoformat()) == time


@given(awkward_text)
def test_anything_is_a_time_in_utc_or_none(text: str) -> None:
    found = parse_time(text)
    assert found is None or found.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "source",
    [*(nasty(200_000) for nasty in NASTY.values()), "", " ", "\0", "<", "x" * (LONGEST + 1)],
    ids=range(len(NASTY) + 5),
)
def test_bad_input_gives_a_row(source: str) -> None:
    assert read_metadata(pages(source)).height == 1
