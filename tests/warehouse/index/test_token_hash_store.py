"""The words of known texts, beside the warehouse."""

import sqlite3
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import TOKEN_HASHES
from copydesk.transforms.dedupe.corpus import to_token_hashes
from copydesk.transforms.text.hashing import hash_words
from copydesk.warehouse.index.token_hash_store import open_store
from tests.damage import cut, flip, zero


def codes(*texts: str) -> pl.DataFrame:
    return to_token_hashes(hash_words(pl.Series(texts, dtype=pl.String)))


def found(path: Path, keys: pl.Series) -> pl.DataFrame:
    with open_store(path) as words:
        return pl.concat([pl.DataFrame(schema=TOKEN_HASHES), *words.find(keys)]).sort("text_key")


def test_what_was_kept_is_found_and_nothing_else(tmp_path: Path) -> None:
    kept = codes("Captains queue in the rain", "14 tons", "", *(f"word {n}" for n in range(200)))
    with open_store(tmp_path / "words") as words:
        words.add(kept[:150])
        words.add(kept[100:])  # some come twice
    asked = pl.concat([kept, codes("nobody wrote this")])["text_key"]
    assert (kept["text_key"] >= 2**63).any()  # more than an integer of SQLite holds
    assert_frame_equal(found(tmp_path / "words", asked), kept.sort("text_key"))
    assert_frame_equal(found(tmp_path / "words", asked.clear()), kept.clear())


def test_a_file_that_is_something_else_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "words"
    path.write_text("These are no pages of a database, but a letter. " * 100)
    kept = codes("Captains queue in the rain")
    assert found(path, kept["text_key"]).is_empty()
    with open_store(path) as words:
        words.add(kept)
    assert_frame_equal(found(path, kept["text_key"]), kept)


def test_a_file_that_somebody_else_writes_is_left_alone(tmp_path: Path) -> None:
    path, kept = tmp_path / "words", codes("Captains queue in the rain")
    with open_store(path) as words:
        words.add(kept)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.OperationalError), open_store(path):
        pass
    other.close()
    assert_frame_equal(found(path, kept["text_key"]), kept)


def test_a_row_that_was_altered_is_not_found_and_can_be_added_again(tmp_path: Path) -> None:
    path, kept = tmp_path / "words", codes("Captains queue in the rain", "14 tons", "a third text")
    with open_store(path) as words:
        words.add(kept)
    wrong = int(kept["text_key"].reinterpret(signed=True)[1])
    for change in ("codes = x'00'", "codes = 'text'", "sum = sum + 1", "codes = codes || x'00'"):
        with sqlite3.connect(path) as connection:
            connection.execute(f"UPDATE token_hashes SET {change} WHERE text_key = ?", [wrong])
        connection.close()
        assert_frame_equal(found(path, kept["text_key"]), kept[[0, 2]].sort("text_key"))
        with open_store(path) as words:
            words.add(kept)
        assert_frame_equal(found(path, kept["text_key"]), kept.sort("text_key"))


@pytest.mark.parametrize("part", [0.02, 0.3, 0.5, 0.7, 0.95])
@pytest.mark.parametrize("how", ["cut", "flipped", "zeroed"])
def test_damaged_pages_give_nothing_wrong_and_no_error(tmp_path: Path, part: float, how: str) -> None:
    path, kept = (
        tmp_path / "words",
        codes(*(f"text {n} of many words that fill a page" * 9 for n in range(300))),
    )
    with open_store(path) as words:
        words.add(kept)
    if how == "cut":
        cut(path, part)
    elif how == "flipped":
        flip(path, part)
    else:
        zero(path, part, 4096)
    assert found(path, kept["text_key"]).join(kept, on=["text_key", "token_hashes"], how="anti").is_empty()
    with open_store(path) as words:
        words.add(kept)
        assert (
            pl.concat(words.find(kept["text_key"]))
            .join(kept, on=["text_key", "token_hashes"], how="anti")
            .is_empty()
        )


def test_a_file_of_an_earlier_version_is_filled_again(tmp_path: Path) -> None:
    path, kept = tmp_path / "words", codes("Captains queue in the rain")
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE words (text_key INTEGER NOT NULL UNIQUE, codes BLOB NOT NULL)")
    connection.close()
    assert found(path, kept["text_key"]).is_empty()
    with open_store(path) as words:
        words.add(kept)
    assert_frame_equal(found(path, kept["text_key"]), kept)
