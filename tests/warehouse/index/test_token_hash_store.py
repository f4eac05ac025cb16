"""The words of known texts, beside the warehouse."""

import sqlite3
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import TOKEN_HASHES
from copydesk.transforms.dedupe.corpus import to_token_hashes
from copydesk.transforms.text.hashing import hash_words
from copydesk.warehouse.index.token_hash_store import add_token_hashes, find_token_hashes, open_store


def codes(*texts: str) -> pl.DataFrame:
    return to_token_hashes(hash_words(pl.Series(texts, dtype=pl.String)))


def found(path: Path, keys: pl.Series) -> pl.DataFrame:
    with open_store(path) as words:
        return pl.concat([pl.DataFrame(schema=TOKEN_HASHES), *find_token_hashes(words, keys)]).sort(
            "text_key"
        )


def test_what_was_kept_is_found_and_nothing_else(tmp_path: Path) -> None:
    kept = codes("Captains queue in the rain", "14 tons", "", *(f"word {n}" for n in range(200)))
    with open_store(tmp_path / "words") as words:
        add_token_hashes(words, kept[:150])
        add_token_hashes(words, kept[100:])  # some come twice
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
        add_token_hashes(words, kept)
    assert_frame_equal(found(path, kept["text_key"]), kept)


def test_a_file_that_somebody_else_writes_is_left_alone(tmp_path: Path) -> None:
    path, kept = tmp_path / "words", codes("Captains queue in the rain")
    with open_store(path) as words:
        add_token_hashes(words, kept)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.OperationalError), open_store(path):
        pass
    other.close()
    assert_frame_equal(found(path, kept["text_key"]), kept)
