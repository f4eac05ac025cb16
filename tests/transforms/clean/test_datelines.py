"""Datelines: their shapes, what only looks like one, every form of an agency's name."""

from functools import cache

import pytest

from copydesk.transforms.clean.stage import clean
from tests.transforms.clean.test_metadata import AGENCIES, dateline, metadata
from tests.transforms.conftest import (
    HEADLINE,
    PROSE,
    RULES_ONLY,
    raw_of,
)

A, B = PROSE


#: The beginning of a text: its place, its agency and its date.
DATELINES = [
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
]
NO_DATELINES = [
    "Meanwhile — ", "The port (Reuters) said: ", "NASA — the agency — said: ", "By the river – ", "U.S. - China: ",
    "CDU - das war einmal: ", "The captain (Nobody) - ", "Two things — ", "“KYIV — ", "(See below) - ",
]  # fmt: skip


@cache
def _read() -> dict[str, tuple[str | None, ...]]:
    """Return dateline, agency and date of every head, all read in one frame."""
    heads = [*(head for head, _ in DATELINES), *NO_DATELINES]
    found = metadata(*(f"{head}{A}\n{B}" for head in heads)).select("dateline", "agency", "dated")
    return dict(zip(heads, found.rows(), strict=True))


@pytest.mark.parametrize(("head", "expected"), DATELINES, ids=[head for head, _ in DATELINES])
def test_the_dateline_is_read(head: str, expected: tuple[str | None, str | None, str | None]):
    assert _read()[head] == expected


@pytest.mark.parametrize("head", NO_DATELINES)
def test_what_only_looks_like_a_dateline_is_none(head: str):
    assert _read()[head] == (None, None, None)


def test_datelines_stay_in_the_text():
    texts = [f"{head}{A}\n{B}" for head, _ in DATELINES]
    assert clean(raw_of(*texts), RULES_ONLY)[1]["text"].to_list() == texts


def test_a_dateline_is_looked_for_in_the_first_three_lines_that_stay():
    assert dateline(f"{HEADLINE}\nShare\n{A}\n{B}\nLONDON (Reuters) - {A}")[:2] == ("LONDON", "Reuters")
    assert dateline(f"{A}\n{B}\n{A} {B}\nLONDON (Reuters) - {B}") == (None, None, None)


@pytest.mark.parametrize("form", AGENCIES)
def test_every_form_of_an_agencys_name_is_known_in_a_dateline(form: str):
    assert _forms()[form] == AGENCIES[form]


@cache
def _forms() -> dict[str, str | None]:
    texts = [f"LONDON ({form}) - {A}" for form in AGENCIES]
    return dict(zip(AGENCIES, metadata(*texts)["agency"], strict=True))
