"""Damage to a staging folder: the stage of the damaged file is done again, and all after it."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from copydesk.flows.staging.damage import discard_damaged
from copydesk.flows.staging.folder import Staging, Summary
from copydesk.flows.staging.frames import FRAMES
from copydesk.transforms.contract import empty
from tests.damage import cut, flip


def write_stage(staging: Staging, stage: str, *names: str) -> None:
    for name in names:
        staged = FRAMES[stage, name]
        staging.write(stage, name, empty(staged.schema), "00000" if staged.by_batch else None)
    staging.note(f"{stage}-outcomes", {"documents": stage})
    staging.finish(Summary(stage, 0, 0, 0, 0.1))


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    """Return a folder with two finished stages and one that was begun."""
    made = Staging(tmp_path / "0123456789abcdef")
    made.note("run", {"request_key": "k"})
    made.note("identity", {"run_id": "r"})
    write_stage(made, "ingest", "raw", "records")
    write_stage(made, "clean", "keys", "clean")
    made.write("dedupe", "decided", pl.DataFrame({"doc_id": ["a"]}))
    return made


def test_a_sound_folder_stays_as_it_is(staging: Staging) -> None:
    before = sorted(staging.folder.rglob("*"))
    assert not discard_damaged(staging)
    assert sorted(staging.folder.rglob("*")) == before


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def to_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGE = [cut, flip, zero, to_folder, Path.unlink]


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize(
    "name", ["run.json", "identity.json", "ingest/raw-00000.parquet", "ingest-outcomes.json"]
)
def test_a_damaged_ingest_stage_is_the_whole_folder(
    staging: Staging, name: str, damage: Callable[[Path], None]
) -> None:
    damage(staging.folder / name)
    assert discard_damaged(staging)
    assert not staging.folder.exists()


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize(
    "name", ["clean/clean-00000.parquet", "clean/keys-00000.parquet.seal", "clean-outcomes.json"]
)
def test_a_damaged_stage_and_later_ones_are_discarded(
    staging: Staging, name: str, damage: Callable[[Path], None]
) -> None:
    damage(staging.folder / name)
    assert discard_damaged(staging)
    assert staging.finished("ingest") is not None
    assert staging.finished("clean") is None
    assert staging.has("ingest", "records")
    assert sorted(path.name for path in staging.folder.iterdir() if path.is_dir()) == ["ingest"]
    assert not discard_damaged(staging)
    write_stage(staging, "clean", "keys", "clean")


@pytest.mark.parametrize("damage", [cut, flip, zero, to_folder])
def test_a_damaged_summary_makes_its_stage_undone(staging: Staging, damage: Callable[[Path], None]) -> None:
    damage(staging.folder / "clean.json")
    assert discard_damaged(staging)
    assert (staging.finished("clean"), staging.batches("clean", "clean")) == (None, [])


def test_a_stage_that_was_begun_keeps_its_sound_files_only(staging: Staging) -> None:
    cut(staging.folder / "dedupe" / "decided.parquet")
    assert discard_damaged(staging)
    assert not staging.has("dedupe", "decided")
    assert staging.finished("clean") is not None


def test_a_file_in_place_of_a_folder_is_damage(staging: Staging) -> None:
    staging.folder.joinpath("tag").write_text("no folder")
    assert discard_damaged(staging)
    staging.write("tag", "entity_moves", pl.DataFrame({"old_id": ["a"], "entity_id": ["b"]}))
    other = staging.folder.with_name("fedcba9876543210")
    other.write_text("no folder")
    Staging(other).clear()
    assert not other.exists()
