"""What lies in quarantine, listed and handed out as files."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import copydesk, load, rows, tamper

PHOTO = bytes(range(256)) * 40
#: Name of a file -> its bytes; what is None here is not kept.
REJECTED = {
    "=cmd|calc.txt": b"\x00" * 99,
    "Überschrift „neu“.txt": b"... --- ...",
    "photo.TXT": PHOTO,
    "page.pdf": None,
    "empty.txt": b"",
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("quarantine")
    for folder in ("one", "two"):
        (base / folder).mkdir()
        for name, data in REJECTED.items():
            (base / folder / name).write_bytes(b"%PDF" if data is None else data)
    load(base / "home", base / "one", base / "two")
    return base / "home"


def listing(folder: Path) -> list[dict[str, str]]:
    with (folder / "quarantine.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_kept_record_is_a_file_of_its_own_with_a_line_about_it(loaded: Path, tmp_path: Path) -> None:
    done = copydesk(loaded, "quarantine", "export", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert "8 files and quarantine.csv" in done.stdout
    assert "2 without bytes" in done.stdout
    about = listing(tmp_path / "out")
    written = {file.name for file in (tmp_path / "out").iterdir()}
    assert {line["file"] for line in about if line["file"]} | {"quarantine.csv"} == written
    for line in about:
        data = REJECTED[line["uri"].rsplit("/", 1)[1]]
        if data is None:
            assert line["file"] == ""
            continue
        assert (tmp_path / "out" / line["file"]).read_bytes() == data
        assert re.fullmatch(r"\w[\w-]*\.(txt|TXT)", line["file"])
    found = rows(
        loaded, "SELECT uri, record::VARCHAR, doc_id, stage, expectation FROM quarantine ORDER BY uri, record"
    )
    columns = ("uri", "record", "doc_id", "stage", "expectation")
    assert [tuple(line[column] for column in columns) for line in about] == found
    assert all(line["detail"] for line in about)


def test_a_second_export_changes_nothing_and_files_of_others_are_never_overwritten(
    loaded: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert copydesk(loaded, "quarantine", "export", str(out), "--stage", "ingest").returncode == 0
    before = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in out.iterdir()}
    again = copydesk(loaded, "quarantine", "export", str(out), "--stage", "ingest")
    assert again.returncode == 0, again.stderr
    assert {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in out.iterdir()} == before
    name = next(line["file"] for line in listing(out) if line["file"].startswith("photo"))
    for mine in (name, "quarantine.csv"):
        other = tmp_path / f"other-{mine}"
        other.mkdir()
        (other / mine).write_text("mine")
        refused = copydesk(loaded, "quarantine", "export", str(other))
        assert refused.returncode == 2
        assert mine in refused.stderr
        assert refused.stderr.count("\n") == 1
        assert {file.name: file.read_text() for file in other.iterdir()} == {mine: "mine"}


@pytest.mark.parametrize(
    ("arguments", "n"),
    [
        (["one/photo.TXT"], 1),
        (["photo.TXT"], 2),
        (["photo.TXT", "one/empty.txt"], 3),
        (["--expectation", "record_is_text"], 4),
        (["photo.TXT", "--expectation", "record_is_not_empty"], 0),
        (["--stage", "clean"], 0),
    ],
)
def test_filters_choose_what_is_listed_and_exported(
    loaded: Path, tmp_path: Path, arguments: list[str], n: int
) -> None:
    done = copydesk(loaded, "quarantine", "export", str(tmp_path / "out"), *arguments)
    assert done.returncode == 0, done.stderr
    shown = copydesk(loaded, "quarantine", "list", *arguments).stdout
    if n:
        assert len(listing(tmp_path / "out")) == n
        assert f"{n} in quarantine" in shown
    else:
        assert "Nothing to export" in done.stdout
        assert not (tmp_path / "out").exists()
        assert "None of these is in quarantine." in shown


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["{out}", "nowhere.txt"], "nowhere.txt"),
        (["{out}", "--stage", "wash"], "wash"),
        (["{out}", "--expectation", "be_nice"], "be_nice"),
        (["/proc/nope"], "/proc/nope"),
        (["{file}"], "file"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(
    loaded: Path, tmp_path: Path, arguments: list[str], word: str
) -> None:
    (tmp_path / "file").touch()
    places = {"out": str(tmp_path / "out"), "file": str(tmp_path / "file")}
    done = copydesk(loaded, "quarantine", "export", *(part.format(**places) for part in arguments))
    assert done.returncode == 2
    assert word in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr


def test_what_was_retried_is_listed_no_more(tmp_path: Path, home: Path, article: Callable[..., str]) -> None:
    (tmp_path / "empty.txt").touch()
    load(home, tmp_path / "empty.txt")
    tamper(home, "UPDATE quarantine SET state = 'retried', retried_by = 'r'")
    assert copydesk(home, "quarantine", "list").stdout == "The quarantine is empty.\n"
    assert "record_is_not_empty" in copydesk(home, "show", "empty.txt").stdout


def test_csv_is_guarded_unless_exact(tmp_path: Path, home: Path, loaded: Path) -> None:
    query = """SELECT '=1+1' AS "-a", -1 AS n, ['=x'] AS list, '\\xC3\\xA9'::BLOB AS bytes"""
    said = copydesk(loaded, "sql", query, "--format", "csv").stdout
    assert said == """'-a,n,list,bytes\n'=1+1,-1,"[""=x""]",c3a9\n"""
    exact = copydesk(loaded, "sql", query, "--format", "csv", "--exact").stdout
    assert exact == """-a,n,list,bytes\n=1+1,-1,"[""=x""]",c3a9\n"""
    assert '"=1+1"' in copydesk(loaded, "sql", query, "--format", "json").stdout
