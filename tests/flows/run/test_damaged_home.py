"""Every file of a home cut, flipped, zeroed and deleted: found or made again, and nothing damaged is served.

The home has one published run, its caches, and the staging folder of a second run that was killed after tag.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from copydesk.flows.errors import UsageError
from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import read_settings
from copydesk.flows.staging.damage import discard_damaged
from copydesk.flows.staging.folder import Staging, list_staged
from copydesk.flows.staging.frames import STAGES
from copydesk.warehouse.audit import audit
from tests.conftest import copydesk, dump, load, write_article
from tests.damage import cut, flip, zero
from tests.flows.run.test_recovery import kill_after

pytestmark = pytest.mark.usefixtures("stub_tagger")

#: Where a file is damaged, as shares of its size.
PLACES = [0.01, 0.3, 0.55, 0.8, 0.99]


def delete(path: Path, _: float) -> None:
    path.unlink()


DAMAGE = [cut, flip, zero, delete]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory, stub_tagger: None) -> Path:
    """Return a folder with `home`, `first` and `second`, the inputs of its two runs, and `undisturbed`, which the
    second run has left.
    """
    base = tmp_path_factory.mktemp("damaged")
    for folder, seeds in (("first", (1, 2)), ("second", (2, 3))):
        (base / folder).mkdir()
        for seed in seeds:
            (base / folder / f"{seed}.txt").write_text(write_article(seed))
        (base / folder / "empty.txt").touch()
    load(base / "home", base / "first")
    shutil.copytree(base / "home", base / "undisturbed")
    kill_after("tag", base / "home", base / "second")
    load(base / "undisturbed", base / "second")
    return base


def staged_files(base: Path) -> list[Path]:
    (staging,) = list_staged(base / "home" / "staging")
    return sorted(path.relative_to(staging.folder) for path in staging.folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("damage", DAMAGE)
def test_every_damaged_staged_file_is_found(
    killed: Path, tmp_path: Path, damage: Callable[[Path, float], None]
) -> None:
    (staging,) = list_staged(killed / "home" / "staging")
    files = staged_files(killed)
    assert len(files) > 120
    missed = []
    for number, file in enumerate(files):
        copied = Staging(shutil.copytree(staging.folder, tmp_path / str(number)))
        before = (copied.folder / file).read_bytes()
        damage(copied.folder / file, PLACES[number % len(PLACES)])
        changed = damage is delete or (copied.folder / file).read_bytes() != before
        if changed and not discard_damaged(copied):
            missed.append(str(file))
        shutil.rmtree(copied.folder, ignore_errors=True)
    # without its summary a stage is not done: its frames, which are sound, are used again
    assert missed == (sorted(f"{stage}.json" for stage in STAGES[:-1]) if damage is delete else [])


def serve(home: Path) -> tuple[list[str], dict[str, Any]]:
    """Return the checks of the audit that fail, and all rows that the warehouse gives to a reader."""
    with reading(read_settings(home=home)) as warehouse:
        failed = [name for name, n_broken, _ in audit(warehouse).iter_rows() if n_broken]
        tables = [row[0] for row in warehouse.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return failed, {table: warehouse.execute(f"FROM {table}").fetchall() for table in sorted(tables)}


@pytest.mark.parametrize("damage", [cut, flip, zero])
def test_a_damaged_warehouse_serves_nothing_damaged(
    killed: Path, tmp_path: Path, damage: Callable[[Path, float], None]
) -> None:
    expected = serve(killed / "home")
    assert expected[0] == []
    content = (killed / "home" / "copydesk.duckdb").read_bytes()
    copied = tmp_path / "copydesk.duckdb"
    n_found, n_places = 0, 10 if damage is cut else 50
    for number in range(n_places):
        copied.write_bytes(content)
        damage(copied, (number + 0.5) / n_places)
        try:
            found = serve(tmp_path)
        except UsageError as error:
            assert str(error).startswith("damaged: ")
            n_found += 1
        else:  # a place that holds nothing
            assert found == expected, number
    assert n_found > 0


def test_the_audit_of_a_damaged_warehouse_ends_with_what_to_do(killed: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    content = bytearray((killed / "home" / "copydesk.duckdb").read_bytes())
    for place in range(300_000, len(content), 262_144):  # the header of each block is left as it is
        content[place] ^= 1
    (home / "copydesk.duckdb").write_bytes(content)
    ended = copydesk(home, "audit")
    assert ended.returncode == 2
    assert "damaged: " in ended.stderr
    assert "restore a copy of the file, or run the inputs again with another --home" in ended.stderr.replace(
        "\n", " "
    )


def _damaged() -> list[tuple[str, Callable[[Path, float], None]]]:
    names = [
        "staging/*/identity.json",
        "staging/*/run.json",
        "staging/*/*.json",
        "words.sqlite",
        "index/*/entries",
    ]
    names += [f"staging/*/{stage}/*.parquet" for stage in STAGES[:-1]]
    return [(name, damage) for name in names for damage in DAMAGE]


@pytest.mark.nightly
@pytest.mark.parametrize(("name", "damage"), _damaged())
def test_a_run_over_a_damaged_home_ends_in_the_same_warehouse(
    killed: Path, tmp_path: Path, name: str, damage: Callable[[Path, float], None]
) -> None:
    home = shutil.copytree(killed / "home", tmp_path / "home")
    files = sorted(home.glob(name))
    for file in files[:: max(1, len(files) // 3)]:
        damage(file, 0.5)
    load(home, killed / "second")
    found, expected = dump(home), dump(killed / "undisturbed")
    assert {table: found[table] for table in found if table not in ("runs", "run_digests")} == {
        table: expected[table] for table in expected if table not in ("runs", "run_digests")
    }
    assert serve(home)[0] == []
