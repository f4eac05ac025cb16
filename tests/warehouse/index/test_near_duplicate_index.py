"""The index, sorted, in files beside the warehouse."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import SIGNATURES, conform
from copydesk.transforms.dedupe.index_lookup import to_segment
from copydesk.warehouse.index import near_duplicate_index
from copydesk.warehouse.index.near_duplicate_index import open_index, write_index
from copydesk.warehouse.schema import connect, migrate
from tests.damage import flip


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(tmp_path / "w.duckdb") as connection:
        migrate(connection)
        yield connection


def load(warehouse: duckdb.DuckDBPyConnection, first: int, end: int, salt: int = 0) -> None:
    """Load documents: every fifth has no anchors, every third the text of another."""
    warehouse.execute(
        "INSERT INTO signatures SELECT 'd' || (i * 7919 + $salt) % 1000, i // 3 * 3, i % 10, NULL, i, 2, "
        "CASE WHEN i % 5 = 0 THEN [] ELSE [i % 4, i + 4000000000 % 4294967295] END FROM range($first, $end) AS t(i)",
        {"first": first, "end": end, "salt": salt},
    )


def sizes(folder: Path) -> list[int]:
    return [len(part.content.documents) for part in near_duplicate_index._stored(folder)]


def assert_whole(warehouse: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Whatever the parts, each has its documents and their postings, and they have all documents."""
    listed = conform(warehouse.sql("SELECT * FROM signatures").pl(), SIGNATURES)
    begin = 0
    for part in open_index(warehouse, folder):
        expected = to_segment(listed[begin : begin + len(part.documents)])
        assert_frame_equal(part.documents, expected.documents)
        assert part.postings.tolist() == expected.postings.tolist()
        begin += len(part.documents)
    assert begin == len(listed)


@pytest.mark.parametrize("step", [7, 1000])
def test_parts_have_what_was_loaded_and_small_ones_are_merged(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    folder, seen = tmp_path / "index", []
    monkeypatch.setattr(near_duplicate_index, "_STEP", step)
    for first in range(0, 80, 10):
        load(warehouse, first, first + 10)
        assert_whole(warehouse, folder)  # the last ten are in no part yet
        write_index(warehouse, folder)
        assert_whole(warehouse, folder)
        assert {path.name for path in folder.iterdir()} == {
            part.folder.name for part in near_duplicate_index._stored(folder)
        }
        seen.append(sizes(folder))
    if step == 1000:
        assert seen == [[10], [20], [20, 10], [40], [40, 10], [40, 20], [40, 20, 10], [80]]


def test_nothing_is_written_where_nothing_was_loaded(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = tmp_path / "index"
    write_index(warehouse, folder)
    assert list(folder.iterdir()) == []
    load(warehouse, 0, 1)  # one document, without anchors
    write_index(warehouse, folder)
    (part,) = folder.iterdir()
    before = part.stat()
    write_index(warehouse, folder)
    assert part.stat() == before
    assert_whole(warehouse, folder)


@pytest.mark.parametrize(
    "damage",
    [
        shutil.rmtree,
        lambda folder: next(folder.glob("*/documents.arrow")).unlink(),
        lambda folder: next(folder.glob("*/entries")).unlink(),
        lambda folder: next(folder.glob("*/documents.arrow")).write_bytes(b"ARROW1\0\0 no more"),
        lambda folder: next(folder.glob("*/entries")).write_bytes(b"\0" * 8 * 5),
        lambda folder: (folder / "unfinished").mkdir(),
        lambda folder: (folder / "a file").write_text("of somebody else"),
    ],
)
def test_what_is_not_whole_is_made_anew(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, damage) -> None:
    folder = tmp_path / "index"
    for first, end in ((0, 40), (40, 50)):
        load(warehouse, first, end)
        write_index(warehouse, folder)
    damage(folder)
    assert_whole(warehouse, folder)
    load(warehouse, 50, 53)
    write_index(warehouse, folder)
    assert_whole(warehouse, folder)
    assert not (folder / "unfinished").exists()


@pytest.mark.parametrize("name", ["documents.arrow", "entries", "checksum"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_flipped_bit_makes_its_part_again(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, name: str, part: float
) -> None:
    folder = tmp_path / "index"
    load(warehouse, 0, 40)
    write_index(warehouse, folder)
    (file,) = folder.glob(f"*/{name}")
    before = file.read_bytes()
    flip(file, part, bit=2)
    write_index(warehouse, folder)
    assert_whole(warehouse, folder)
    assert file.read_bytes() == before


def test_parts_of_another_warehouse_are_thrown_away(tmp_path: Path) -> None:
    for salt in (0, 1):
        with connect(tmp_path / f"{salt}.duckdb") as warehouse:
            migrate(warehouse)
            load(warehouse, 0, 40)
            write_index(warehouse, tmp_path / f"index-{salt}")
            load(warehouse, 40, 50, salt)  # other documents of the same texts
            write_index(warehouse, tmp_path / f"index-{salt}")
            if salt:
                shutil.rmtree(tmp_path / "index-1")
                shutil.copytree(tmp_path / "index-0", tmp_path / "index-1")
                write_index(warehouse, tmp_path / "index-1")
                assert_whole(warehouse, tmp_path / "index-1")
    names = [{path.name for path in (tmp_path / f"index-{salt}").iterdir()} for salt in (0, 1)]
    assert len(names[0] & names[1]) == 1
    assert len(names[0] | names[1]) == 3


@pytest.mark.parametrize("rowid", [0, 700, 1499])
def test_a_part_with_one_other_document_of_the_same_text_is_made_anew(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, rowid: int
) -> None:
    """As after loading everything into a new warehouse, when a byte of one file has changed that is not in its text."""
    warehouse.execute(
        "INSERT INTO signatures SELECT 'd' || i, i, 9, NULL, 0, 1, [i] FROM range(1500) AS t(i)"
    )
    write_index(warehouse, tmp_path / "index")
    warehouse.execute("UPDATE signatures SET doc_id = 'other' WHERE rowid = $rowid", {"rowid": rowid})
    write_index(warehouse, tmp_path / "index")
    assert_whole(warehouse, tmp_path / "index")


def test_a_longer_part_counts_where_those_it_was_merged_from_are_left(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    folder = tmp_path / "index"
    load(warehouse, 0, 10)
    write_index(warehouse, folder)
    shutil.copytree(folder, tmp_path / "left")
    load(warehouse, 10, 20)
    write_index(warehouse, folder)
    shutil.copytree(tmp_path / "left", folder, dirs_exist_ok=True)
    assert len(list(folder.iterdir())) == 2
    assert_whole(warehouse, folder)
    write_index(warehouse, folder)
    assert sizes(folder) == [20]
    assert len(list(folder.iterdir())) == 1
