import polars as pl
import pytest
from hypothesis import given
from polars.testing import assert_frame_equal

from copydesk.transforms.text.language import SAMPLE, detect_language
from tests.transforms.conftest import SEEDS, awkward_text

SCHEMA = {"lang": pl.String, "lang_confidence": pl.Float64}
PROSE = {path.stem: path.read_text(encoding="utf-8") for path in (SEEDS / "clean_prose").glob("*.txt")}


def detect(*texts: str | None) -> list[tuple[str | None, float]]:
    return detect_language(pl.Series(texts, dtype=pl.String)).rows()


@pytest.mark.parametrize("language", PROSE)
def test_prose_is_recognised_whatever_its_case_and_line_ends(language: str):
    for text in (PROSE[language], PROSE[language].upper(), PROSE[language].replace(" ", "\r\n")):
        lang, confidence = detect(text)[0]
        assert lang == language
        assert confidence > 0.3


@pytest.mark.parametrize("text", [None, "", " \n", "12 % = 3", "😀 👍🏽", "…!?", "\0"], ids=ascii)
def test_a_text_without_letters_has_no_language(text: str | None):
    expected = pl.DataFrame({"lang": [None], "lang_confidence": [0.0]}, schema=SCHEMA)
    assert_frame_equal(detect_language(pl.Series([text], dtype=pl.String)), expected)


def test_no_texts_no_rows():
    assert_frame_equal(detect_language(pl.Series([], dtype=pl.String)), pl.DataFrame(schema=SCHEMA))


@given(awkward_text, awkward_text)
def test_each_text_gets_its_own_answer_in_its_own_row(one: str, other: str):
    assert detect(one, other) == detect(one) + detect(other)
    for lang, confidence in detect(one, other):
        assert 0 <= confidence <= 1
        assert (lang is None) <= (confidence == 0)
        assert lang is None or 2 <= len(lang) <= 3


def test_only_the_start_of_a_long_text_counts():
    start = (PROSE["en"] * 9)[:SAMPLE]
    assert detect(start + PROSE["ru"] * 50) == detect(start)
