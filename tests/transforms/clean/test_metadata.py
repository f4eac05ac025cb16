from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.metadata import date_documents, find_metadata, parse_agencies
from copydesk.transforms.clean.stage import mark_lines
from tests.transforms.conftest import (
    BYLINES,
    DATES,
    HEADLINE,
    PROSE,
    RULES,
    RULES_ONLY,
    SEEDS,
    awkward_text,
    clean_one,
    examples,
    raw_of,
)

AGENCIES = parse_agencies((SEEDS / "agencies.toml").read_text(encoding="utf-8"))
COLUMNS = ["doc_id", "headline", "byline", "credit", "dateline", "dated", "agency"]
THIRD_OF_MARCH = datetime(2026, 3, 3, tzinfo=UTC)
A, B = PROSE


def metadata(*texts: str) -> pl.DataFrame:
    return find_metadata(mark_lines(raw_of(*texts), RULES_ONLY), RULES, AGENCIES, BYLINES).select(COLUMNS)


def dateline(text: str) -> tuple[str | None, str | None, str | None]:
    """Return dateline, agency and dated of one text."""
    return metadata(text).select("dateline", "agency", "dated").row(0)


def test_metadata_are_one_row_per_document():
    article = (
        f"{HEADLINE}\nBy Dana Whitlock\nPublished March 3, 2026\nPARIS (AFP) — {A}\n{B}\nSource: Metro Wire"
    )
    rows = [
        ("d0000", HEADLINE, "Dana Whitlock", "Metro Wire", "PARIS", None, "AFP"),
        ("d0001", None, None, None, None, None, None),
    ]
    expected = pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    assert_frame_equal(metadata(article, f"{A}\n{B}"), expected)


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("With inputs from PTI", "PTI"),
        ("Source: Associated Press", "AP"),
        ("(AFP)", "AFP"),
        ("По материалам ТАСС", "TASS"),
        ("Source: Metro Wire", None),
    ],
)
def test_a_credit_line_names_the_agency(line: str, agency: str | None):
    assert dateline(f"{A}\n{B}\n{line}") == (None, agency, None)


def test_the_dateline_is_believed_before_a_credit():
    assert dateline(f"PARIS (AFP) — {A}\n{B}\nSource: Reuters")[1] == "AFP"


def test_no_agencies_no_agency():
    lines = mark_lines(raw_of(f"LONDON (Reuters) - {A}", f"KYIV — {A}"), RULES_ONLY)
    rows = find_metadata(lines, RULES, {}, BYLINES).select("dateline", "agency").rows()
    assert rows == [(None, None), ("KYIV", None)]
    assert parse_agencies("") == {}


OLD, FAR = datetime(1899, 12, 31, tzinfo=UTC), datetime(2062, 5, 5, tzinfo=UTC)
LATEST = datetime(2026, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("record", "page", "stamp", "dated", "lang", "expected"),
    [
        (THIRD_OF_MARCH, FAR, None, "5 March 2026", "en", (THIRD_OF_MARCH, "file")),
        (None, THIRD_OF_MARCH, (LATEST, "stamp"), None, "en", (THIRD_OF_MARCH, "meta")),
        (None, None, (THIRD_OF_MARCH, "stamp"), "5 March 2026", "en", (THIRD_OF_MARCH, "stamp")),
        (None, None, (LATEST, "update"), "03 mar 2026", "pt", (THIRD_OF_MARCH, "dateline")),
        (None, None, (THIRD_OF_MARCH, "update"), None, "pt", (THIRD_OF_MARCH, "update")),
        (None, None, None, "March 3", "en", (None, None)),
        (None, None, None, None, None, (None, None)),
        (FAR, None, None, None, "en", (None, "implausible")),
        (None, OLD, None, None, "en", (None, "implausible")),
        (FAR, OLD, (THIRD_OF_MARCH, "stamp"), None, "en", (THIRD_OF_MARCH, "stamp")),
    ],
)
def test_the_first_plausible_claim_is_believed_and_named(record, page, stamp, dated, lang, expected):
    at = pl.Datetime("us", "UTC")
    stamped, stamped_from = stamp or (None, None)
    row = pl.DataFrame(
        [[record, page, "meta", stamped, stamped_from, False, dated, lang]],
        schema={
            "published_at": at, "published_at_of_page": at, "published_by_of_page": pl.String, "stamped": at,
            "stamped_from": pl.String, "misstamped": pl.Boolean, "dated": pl.String, "lang": pl.String,
        },
        orient="row",
    )  # fmt: skip
    dates = date_documents(row, DATES, LATEST)
    assert dates.select("published_at", "published_from").row(0) == expected


@pytest.mark.parametrize(
    "stamp",
    ["Published March 3, 2026", "Published: 3 March 2026", "Publicado el 3 de marzo de 2026", "Tuesday, March 3, 2026",
     "Posted on Mar. 3, 2026 by Staff", "2026-03-03",
     "Veröffentlicht am 3. März 2026",
     "Publié le 3 mars 2026", "Опубликовано 3 марта 2026"],
)  # fmt: skip
def test_a_stamp_above_an_article_gives_its_date(stamp: str):
    _, document = clean_one(f"{HEADLINE}\n{stamp}\n{A}\n{B}")
    assert stamp not in document["text"]
    assert (document["published_at"], document["published_from"]) == (THIRD_OF_MARCH, "stamp")


@examples(3)
@given(st.lists(awkward_text | st.sampled_from([f"KYIV — {A}", f"PARIS (AFP) — {A}"]), max_size=5))
def test_any_text_has_one_row_of_metadata_and_the_same_one_alone(texts: list[str]):
    texts = [text for text in texts if text]
    alone = [dateline(text) for text in texts]
    assert metadata(*texts).select("dateline", "agency", "dated").rows() == alone
