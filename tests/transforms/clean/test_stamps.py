"""Stamps: lines with a date and what stands beside it."""

from datetime import UTC, datetime

import polars as pl
import pytest

from copydesk.transforms.clean.bylines import BylineWords
from copydesk.transforms.clean.stamps import read_stamps
from copydesk.transforms.text.date_words import DateWords
from tests.transforms.conftest import BYLINES, DATES, HEADLINE, PROSE, clean_one

A, B = PROSE
SECOND, NINTH = datetime(2026, 4, 2, tzinfo=UTC), datetime(2026, 4, 9, tzinfo=UTC)


def stamped(*lines: str) -> tuple[datetime | None, str | None, str | None]:
    """Return published_at, its origin and the byline of an article under `lines`."""
    _, found = clean_one("\n".join((HEADLINE, *lines, A, B)))
    return found["published_at"], found["published_from"], found["byline"]


@pytest.mark.parametrize(
    "lines",
    [
        ["Published 2 April 2026", "Updated 9 April 2026"],
        ["Updated 9 April 2026", "Published 2 April 2026"],
        ["First published: 2 April 2026"],
        ["Originally published 2 April 2026, last modified 9 April 2026"],
        ["Updated 9 April 2026 (first published 2 April 2026)"],
        ["2 April 2026 | Updated 9 April 2026"],
        ["Publié le 2 avril 2026, modifié le 9 avril 2026"],
        ["Veröffentlicht: 02.04.2026 | Aktualisiert: 09.04.2026"],
        ["Opublikowano: 2 kwietnia 2026 Aktualizacja: 9 kwietnia 2026"],
        ["Yayınlanma: 2 Nisan 2026 Güncelleme: 9 Nisan 2026"],
        ["Publicerad 2 april 2026", "Uppdaterad 9 april 2026"],
        ["Julkaistu 2.4.2026 Päivitetty 9.4.2026"],
        ["发布时间：2026年4月2日 更新时间：2026年4月9日"],
        ["입력 2026.04.02 | 수정 2026.04.09"],
        ["公開 2026年4月2日 更新 2026年4月9日"],
        ["نشر في 2 أبريل 2026 - آخر تحديث 9 أبريل 2026"],
        ["פורסם: 2 באפריל 2026 עודכן: 9 באפריל 2026"],
        ["Опубликовано 2 апреля 2026, обновлено 9 апреля 2026"],
        ["Δημοσίευση: 2 Απριλίου 2026 Ενημέρωση: 9 Απριλίου 2026"],
    ],
    ids=lambda lines: ascii(lines[0][:24]),
)
def test_the_date_of_publication_is_the_one_so_labelled(lines: list[str]) -> None:
    assert stamped(*lines)[:2] == (SECOND, "stamp")


def test_without_another_date_that_of_the_update_counts_and_says_so() -> None:
    assert stamped("Last updated 9 April 2026")[:2] == (NINTH, "update")


def test_a_stamp_above_the_text_goes_before_one_below_and_the_nearer_before_the_farther() -> None:
    assert clean_one(f"{HEADLINE}\n2 April 2026\n{A}\n{B}\n9 April 2026")[1]["published_at"] == SECOND
    assert (
        clean_one(f"9 April 2026\nFerry sinks\n{HEADLINE}\n2 April 2026\n{A}\n{B}")[1]["published_at"]
        == SECOND
    )


@pytest.mark.parametrize(
    ("line", "byline"),
    [("By Ada Quill, April 2, 2026", "Ada Quill"), ("Ada Quill | 2 April 2026", "Ada Quill"),
     ("BY ADA QUILL  |  APRIL 2, 2026", "ADA QUILL"),
     ("By Ada Quill | Published 2 April 2026", "Ada Quill"), ("April 2, 2026 By Ada Quill 4 comments", "Ada Quill"),
     ("2 April 2026 • By Ada Quill and Tom Kerr • 4 min read", "Ada Quill and Tom Kerr"),
     ("Von Jan Ost | 2. April 2026", "Jan Ost"),
     ("By Ada Quill, Political Editor, 2 April 2026", "Ada Quill"),
     ("Por Lucía Marín - 2 de abril de 2026", "Lucía Marín"),
     ("Автор: Иван Мостовой, 2 апреля 2026", "Иван Мостовой"), ("Di Marco Bianchi · 2 aprile 2026", "Marco Bianchi")],
)  # fmt: skip
def test_a_line_gives_the_author_and_the_date(line: str, byline: str | None) -> None:
    at, _, found = stamped(line)
    assert (at, found) == (SECOND, byline)


@pytest.mark.parametrize(
    "line",
    ["The mill closed on 2 April 2026", "Harbour festival 2 April 2026", "2 April 2026 was a Thursday.",
     "2 April, four captains",
     "© 2026 The Ledger", "Results of 2026: 3-4, 5-6"],
)  # fmt: skip
def test_a_line_that_says_more_is_no_stamp(line: str) -> None:
    assert not read_stamps(pl.Series("body", [line]), DATES, BYLINES)["whole"].any()


@pytest.mark.parametrize(
    "line", ["Northern Post | 2 April 2026", "World | 2 April 2026", "New York, April 2, 2026"]
)
def test_an_outlet_a_section_and_a_place_are_no_author(line: str) -> None:
    assert read_stamps(pl.Series("body", [line]), DATES, BYLINES)["byline"].to_list() == [None]


def test_without_words_only_figures_are_read() -> None:
    found = read_stamps(pl.Series("body", ["2026-04-02", "2 April 2026", ""]), DateWords(), BylineWords())
    assert found["body"].to_list() == ["2026-04-02", "2 April 2026"]
    assert read_stamps(pl.Series("body", ["", "None"]), DATES, BYLINES).is_empty()
