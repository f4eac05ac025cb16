"""`copydesk sql`: formats, and what it refuses."""

import csv
import io
import json
import subprocess
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import COPYDESK, copydesk


def test_sql_in_every_format(loaded: Path) -> None:
    query = "SELECT title, byline, credit, n_words FROM articles"
    expected = ("Pier to reopen in May", "Dana Whitlock", "Metro Wire", 27)
    assert "Pier to reopen" in copydesk(loaded, "sql", query).stdout
    (row,) = json.loads(copydesk(loaded, "sql", query, "--format", "json").stdout)
    assert tuple(row.values()) == expected
    header, line = csv.reader(io.StringIO(copydesk(loaded, "sql", query, "--format", "csv").stdout))
    assert (header[0], line) == ("title", [*expected[:3], "27"])
    command = [COPYDESK, "--home", str(loaded), "sql", query, "--format", "parquet"]
    frame = pl.read_parquet(subprocess.run(command, capture_output=True, check=True).stdout)
    assert frame.rows() == [expected]


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("DELETE FROM documents", "read-only"),
        ("SELECT 1; SELECT 2", "one SQL statement"),
        ("SELECT nope FROM articles", "nope"),
        ("SELEC 1", "syntax"),
        ("SELECT * FROM read_csv('/etc/passwd')", "disabled"),
        ("COPY documents TO '/tmp/copydesk-leak.csv'", "disabled"),
        ("ATTACH '/tmp/copydesk-other.db'", "disabled"),
        ("", "one SQL statement"),
    ],
)
def test_sql_refuses_in_one_line(loaded: Path, query: str, word: str) -> None:
    done = copydesk(loaded, "sql", query)
    assert done.returncode == 2
    assert word in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_time_has_one_form_in_every_text_format(loaded: Path) -> None:
    query = "SELECT TIMESTAMPTZ '2026-03-09 06:30:00+00' AS t"
    for form in ("csv", "json", "table"):
        printed = copydesk(loaded, "sql", query, "--format", form).stdout
        assert "2026-03-09 06:30:00" in printed
        assert "2026-03-09 06:30:00+" not in printed


def test_csv_for_excel_begins_with_a_byte_order_mark(loaded: Path) -> None:
    marked = copydesk(loaded, "sql", "SELECT 'é' AS x", "--format", "csv", "--excel").stdout
    assert marked == "\ufeffx\né\n"
    assert copydesk(loaded, "sql", "SELECT 'é' AS x", "--format", "csv").stdout == "x\né\n"
    assert copydesk(loaded, "sql", "SELECT 1", "--excel").returncode == 2
