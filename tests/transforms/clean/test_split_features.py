"""Features of splits: by hand on a few words."""

import polars as pl
import pytest

from copydesk.transforms.clean.split_features import (
    AFFIXES,
    DOCUMENT_FEATURES,
    FEATURES,
    WORD_FEATURES,
    add_word_features,
)
from copydesk.transforms.clean.word_splits import SHAPES, find_splits, find_words
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import raw_of

AFFIX_ROWS = pl.DataFrame(
    [("en", "countries", 0, 3), ("en", "do", 20, 0)], schema=AFFIXES, orient="row"
)  # fmt: skip


def features(token: str, left: str, text: str = "") -> dict[str, object]:
    _, words = find_words(to_lines(raw_of(f"{token} {text}")), "en")
    splits = find_splits(words, "en", "ai", pl.Series([], dtype=pl.String), r"^\b$")
    return add_word_features(splits.filter(token=token, left=left), AFFIX_ROWS).row(0, named=True)


@pytest.mark.parametrize(
    ("token", "left", "shape"),
    [("countriesdo", "countries", "small"), ("Countriesdo", "Countries", "title"), ("saidMonday", "said", "case"),
     ("NATOforces", "NATO", "case")],
)  # fmt: skip
def test_the_shape_of_a_split(token: str, left: str, shape: str) -> None:
    assert SHAPES[features(token, left)["shape"]] == shape


def test_features_of_a_word_in_small_letters() -> None:
    found = features("countriesdo", "countries")
    expected = {
        "chars_a": 9, "chars_b": 2, "chars_a over 5": 4, "chars_b over 5": 0, "n_chars over 7": 4, "n_chars over 10": 1,
        "log_starts over 0": 0.0, "single letter": False, "a unlisted": False, "b unlisted": False,
        "small then title": False, "capitals then small": False, "small i": False, "compounds": False,
        "long a that begins no word": 4.0, "long b that ends no word": 0.0, "compounds, rarer part": 0.0,
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected
    assert found["z_min"] == min(found["z_a"], found["z_b"])
    assert found["z_a over 4"] == max(found["z_a"] - 4, 0)


@pytest.mark.parametrize(
    ("token", "left", "name"),
    [("saidMonday", "said", "small then title"), ("NATOforces", "NATO", "capitals then small"),
     ("saidNATOx", "said", "camel elsewhere"), ("RussiaVladimir", "Russia", "title then title"),
     ("aharbour", "a", "single letter"), ("Wexthorpewhich", "Wexthorpe", "a unlisted"),
     ("saidNATO", "said", "small then capitals")],
)  # fmt: skip
def test_flags_of_spelling(token: str, left: str, name: str) -> None:
    assert features(token, left, "Wexthorpe NATOx NATO Vladimir")[name] is True


def test_the_names_of_features_are_distinct_and_ordered() -> None:
    assert len(set(FEATURES)) == len(FEATURES) == len(WORD_FEATURES) + len(DOCUMENT_FEATURES)
    assert (*WORD_FEATURES, *DOCUMENT_FEATURES) == FEATURES


def test_features_of_the_document_are_counts_and_flags() -> None:
    counts = {
        "n_a": [0, 2],
        "n_b": [1, 1],
        "n_left": [0, 1],
        "n_right": [0, 0],
        "n_t": [1, 9],
        "n_camel": [0, 3],
    }
    found = pl.DataFrame(counts).select(**DOCUMENT_FEATURES)
    assert found.select(pl.first(), pl.nth(1, 2, 3, 4)).rows() == [
        (False, True, False, False, False), (True, True, True, True, False),
    ]  # fmt: skip
    assert found["repeated"].to_list() == [0, 3]
    assert found["camels in document"].to_list() == pytest.approx([0, 1.3862944])


def test_no_splits_have_no_features() -> None:
    _, words = find_words(to_lines(raw_of("the harbour")), "en")
    splits = find_splits(words, "en", "ai", pl.Series([], dtype=pl.String), r"^\b$")
    found = add_word_features(splits, AFFIX_ROWS)
    assert found.is_empty()
    assert set(WORD_FEATURES) <= set(found.columns)
