from datetime import UTC, datetime
from functools import cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.metadata import date_documents, find_metadata, parse_agencies
from copydesk.transforms.clean.stage import mark_lines
from tests.transforms.conftest import (
    DATES,
    DESK,
    HEADLINE,
    PROSE,
    RULES,
    SEEDS,
    awkward_text,
    clean_one,
    raw_of,
)

AGENCIES = parse_agencies((SEEDS / "agencies.toml").read_text(encoding="utf-8"))
COLUMNS = ["doc_id", "headline", "byline", "credit", "published", "dateline", "dated", "agency"]
THIRD_OF_MARCH = datetime(2026, 3, 3, tzinfo=UTC)
A, B = PROSE


def found(*texts: str) -> pl.DataFrame:
    return find_metadata(mark_lines(raw_of(*texts), DESK), RULES, AGENCIES).select(COLUMNS)


def told(text: str) -> tuple[str | None, str | None, str | None]:
    """Return dateline, agency and dated of one text."""
    return found(text).select("dateline", "agency", "dated").row(0)


def test_what_a_text_says_of_itself_is_one_row_a_document():
    article = (
        f"{HEADLINE}\nBy Dana Whitlock\nPublished March 3, 2026\nPARIS (AFP) — {A}\n{B}\nSource: Metro Wire"
    )
    rows = [
        ("d0000", HEADLINE, "Dana Whitlock", "Metro Wire", "March 3, 2026", "PARIS", None, "AFP"),
        ("d0001", None, None, None, None, None, None, None),
    ]
    expected = pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    assert_frame_equal(found(article, f"{A}\n{B}"), expected)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("LONDON (Reuters) - ", ("LONDON", "Reuters", None)),
        ("PARIS, March 3 (AFP) — ", ("PARIS", "AFP", "March 3")),
        ("NEW YORK, N.Y. (AP) -- ", ("NEW YORK, N.Y.", "AP", None)),
        ("ATHENS, Greece (AP) — ", ("ATHENS, Greece", "AP", None)),
        ("New Delhi, Mar 3 (PTI) ", ("New Delhi", "PTI", "Mar 3")),
        ("BEIJING, March 3, 2026 (Xinhua) -- ", ("BEIJING", "Xinhua", "March 3, 2026")),
        ("Berlin (dpa) - ", ("Berlin", "dpa", None)),
        ("Berlin/Hamburg (dpa/lno) – ", ("Berlin/Hamburg", "dpa", None)),
        ("MADRID, 3 mar (EFE).- ", ("MADRID", "EFE", "3 mar")),
        ("Madrid, 3 mar. (Europa Press) - ", ("Madrid", "Europa Press", "3 mar.")),
        ("Lisboa, 03 mar 2026 (Lusa) - ", ("Lisboa", "Lusa", "03 mar 2026")),
        ("(ANSA) - ROMA, 03 MAR - ", ("ROMA", "ANSA", "03 MAR")),
        ("DEN HAAG (ANP) - ", ("DEN HAAG", "ANP", None)),
        ("Oslo (NTB): ", ("Oslo", "NTB", None)),
        ("(NTB): ", (None, "NTB", None)),
        ("МОСКВА, 3 марта. /ТАСС/. ", ("МОСКВА", "TASS", "3 марта.")),
        ("МОСКВА, 3 мар - РИА Новости. ", ("МОСКВА", "RIA Novosti", "3 мар")),
        ("Москва. 3 марта. ИНТЕРФАКС.RU - ", ("Москва", "Interfax", "3 марта.")),
        ("КИЇВ. 3 березня. УНН. ", ("КИЇВ", "UNN", "3 березня.")),
        ("KYIV — ", ("KYIV", None, None)),
        ("ST. LOUIS — ", ("ST. LOUIS", None, None)),
        ("PARIS, March 3 — ", ("PARIS", None, "March 3")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_dateline_is_read_and_stays(head: str, expected: tuple[str | None, str | None, str | None]):
    text = f"{head}{A}\n{B}"
    assert told(text) == expected
    assert clean_one(text)[1]["text"] == text


@pytest.mark.parametrize(
    "head",
    ["Meanwhile — ", "The port (Reuters) said: ", "NASA — the agency — said: ", "By the river – ", "U.S. - China: ",
     "CDU - das war einmal: ", "The captain (Nobody) - ", "Two things — ", "“KYIV — ", "(See below) - "],
)  # fmt: skip
def test_what_only_looks_like_a_dateline_is_none(head: str):
    assert told(f"{head}{A}\n{B}") == (None, None, None)


def test_a_dateline_is_looked_for_in_the_first_three_lines_that_stay():
    assert told(f"{HEADLINE}\nShare\n{A}\n{B}\nLONDON (Reuters) - {A}")[:2] == ("LONDON", "Reuters")
    assert told(f"{A}\n{B}\n{A}\nLONDON (Reuters) - {B}") == (None, None, None)


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
    assert told(f"{A}\n{B}\n{line}") == (None, agency, None)


def test_the_dateline_is_believed_before_a_credit():
    assert told(f"PARIS (AFP) — {A}\n{B}\nSource: Reuters")[1] == "AFP"


@pytest.mark.parametrize("form", AGENCIES)
def test_every_form_of_an_agencys_name_is_known_in_a_dateline(form: str):
    assert _forms()[form] == AGENCIES[form]


@cache
def _forms() -> dict[str, str | None]:
    texts = [f"LONDON ({form}) - {A}" for form in AGENCIES]
    return dict(zip(AGENCIES, found(*texts)["agency"], strict=True))


def test_no_agencies_no_agency():
    lines = mark_lines(raw_of(f"LONDON (Reuters) - {A}", f"KYIV — {A}"), DESK)
    rows = find_metadata(lines, RULES, {}).select("dateline", "agency").rows()
    assert rows == [(None, None), ("KYIV", None)]
    assert parse_agencies("") == {}


@pytest.mark.parametrize(
    ("published_at", "published", "dated", "lang", "expected"),
    [
        (THIRD_OF_MARCH, "4 March 2026", "5 March 2026", "en", (THIRD_OF_MARCH, "file")),
        (None, "3 March 2026", "5 March 2026", "en", (THIRD_OF_MARCH, "stamp")),
        (None, "03.03.2026", None, "de", (THIRD_OF_MARCH, "stamp")),
        (None, "soon", "03 mar 2026", "pt", (THIRD_OF_MARCH, "dateline")),
        (None, None, "March 3", "en", (None, None)),
        (None, "03.03.2026", None, "en", (None, None)),
        (None, None, None, None, (None, None)),
    ],
)
def test_the_first_claim_that_tells_a_date_is_believed_and_named(
    published_at, published, dated, lang, expected
):
    rows = {"published_at": [published_at], "published": [published], "dated": [dated], "lang": [lang]}
    schema = {
        "published_at": pl.Datetime("us", "UTC"),
        **dict.fromkeys(("published", "dated", "lang"), pl.String),
    }
    dates = date_documents(pl.DataFrame(rows, schema=schema), DATES)
    assert dates.select("published_at", "published_from").row(0) == expected


@pytest.mark.parametrize(
    "stamp",
    ["Published March 3, 2026", "Published: 3 March 2026", "Publicado el 3 de marzo de 2026", "Tuesday, March 3, 2026",
     "Updated on Tuesday 3 March 2026", "Posted on Mar. 3, 2026 by Staff", "2026-03-03",
     "Veröffentlicht am 3. März 2026",
     "Publié le 3 mars 2026", "Опубликовано 3 марта 2026"],
)  # fmt: skip
def test_a_stamp_above_an_article_gives_its_date(stamp: str):
    _, document = clean_one(f"{HEADLINE}\n{stamp}\n{A}\n{B}")
    assert stamp not in document["text"]
    assert (document["published_at"], document["published_from"]) == (THIRD_OF_MARCH, "stamp")


@settings(max_examples=15)
@given(st.lists(awkward_text | st.sampled_from([f"KYIV — {A}", f"PARIS (AFP) — {A}"]), max_size=5))
def test_any_text_has_one_row_of_metadata_and_the_same_one_alone(texts: list[str]):
    texts = [text for text in texts if text]
    alone = [told(text) for text in texts]
    assert found(*texts).select("dateline", "agency", "dated").rows() == alone
