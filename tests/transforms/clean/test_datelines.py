"""Datelines: their shapes, what only looks like one, every form of an agency's name."""

from functools import cache

import pytest

from tests.transforms.clean.test_metadata import AGENCIES, dateline, metadata
from tests.transforms.conftest import (
    HEADLINE,
    PROSE,
    clean_one,
)

A, B = PROSE


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
    assert dateline(text) == expected
    assert clean_one(text)[1]["text"] == text


@pytest.mark.parametrize(
    "head",
    ["Meanwhile — ", "The port (Reuters) said: ", "NASA — the agency — said: ", "By the river – ", "U.S. - China: ",
     "CDU - das war einmal: ", "The captain (Nobody) - ", "Two things — ", "“KYIV — ", "(See below) - "],
)  # fmt: skip
def test_what_only_looks_like_a_dateline_is_none(head: str):
    assert dateline(f"{head}{A}\n{B}") == (None, None, None)


def test_a_dateline_is_looked_for_in_the_first_three_lines_that_stay():
    assert dateline(f"{HEADLINE}\nShare\n{A}\n{B}\nLONDON (Reuters) - {A}")[:2] == ("LONDON", "Reuters")
    assert dateline(f"{A}\n{B}\n{A}\nLONDON (Reuters) - {B}") == (None, None, None)


@pytest.mark.parametrize("form", AGENCIES)
def test_every_form_of_an_agencys_name_is_known_in_a_dateline(form: str):
    assert _forms()[form] == AGENCIES[form]


@cache
def _forms() -> dict[str, str | None]:
    texts = [f"LONDON ({form}) - {A}" for form in AGENCIES]
    return dict(zip(AGENCIES, metadata(*texts)["agency"], strict=True))
