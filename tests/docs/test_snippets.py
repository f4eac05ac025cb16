"""Every query, command, setting and Python snippet of the documentation runs, and prints what the page shows."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

import copydesk
from copydesk.flows.cli.main import app
from copydesk.flows.errors import CopydeskError
from copydesk.flows.io.limits import read_limits
from copydesk.flows.settings import read_settings
from copydesk.transforms.clean.rules import parse_rules
from tests.conftest import ARTICLES, load
from tests.docs.snippets import REPOSITORY, Block, all_blocks, blocks, pages

QUERIES = all_blocks("sql")
SESSIONS = [block for block in all_blocks("console") if "$ copydesk" in block.text]
TABLES = [block for block in all_blocks("toml") if block.title]
PYTHON = [page for page in pages() if any(block.language == "python" for block in blocks(page))]


@pytest.mark.parametrize("block", QUERIES, ids=lambda block: block.name)
def test_a_query_returns_rows(block: Block, sample_home: Path) -> None:
    with duckdb.connect(sample_home / "copydesk.duckdb", read_only=True) as warehouse:
        warehouse.execute("SET TimeZone = 'UTC'")
        for statement in duckdb.extract_statements(block.text):
            assert warehouse.execute(statement).fetchall(), statement.query


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as the pages assume it: articles/, loaded into data/, and the files that they show."""
    path = tmp_path_factory.mktemp("reader")
    shutil.copytree(ARTICLES, path / "articles")
    load(path / "data", path / "articles")
    for copy in ("loaded", "news"):
        shutil.copytree(path / "data", path / copy)
    for block in (block for page in pages() for block in blocks(page) if block.title):
        (path / str(block.title)).write_text(block.text, encoding="utf-8")
    (path / "copydesk.toml").unlink(missing_ok=True)
    return path


@pytest.fixture
def reader(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in that folder; afterwards its home is as it was."""
    monkeypatch.chdir(folder)
    yield folder
    for changed in ("data", "rejected"):
        shutil.rmtree(folder / changed, ignore_errors=True)
    shutil.copytree(folder / "loaded", folder / "data")


@pytest.mark.parametrize("block", SESSIONS, ids=lambda block: block.name)
def test_a_command_prints_what_the_page_shows(block: Block, reader: Path) -> None:
    for page_block in blocks(block.page):
        if page_block.title and page_block.title != "copydesk.toml":
            (reader / page_block.title).write_text(page_block.text, encoding="utf-8")
    for command, shown in _commands(block):
        printed = _words(_run(command))
        for line in shown:
            assert _words(line) in printed, line


def _commands(block: Block) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the calls of copydesk in a block, each with the lines that it is shown to print."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        first, *shown = part.splitlines()
        words = shlex.split(first, comments=True)
        if words[0] == "copydesk":
            call = words[1 : words.index(">")] if ">" in words else words[1:]
            yield call, [line for line in shown if line.strip() and line.strip() != "…"]


def _run(command: list[str]) -> str:
    """Run the command line in this process, without Prefect; return what it printed."""
    if command[0] == "run" or command[:2] == ["quarantine", "retry"]:
        command = [*command, "--direct"]
    result = CliRunner().invoke(app, command)
    if isinstance(result.exception, CopydeskError):
        pytest.fail(f"copydesk {shlex.join(command)}: {result.exception}")
    assert result.exit_code == 0, result.output
    return result.output


def _words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("block", TABLES, ids=lambda block: block.name)
def test_a_settings_file_is_valid(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / str(block.title)
    file.write_text(block.text, encoding="utf-8")
    if block.title == "copydesk.toml":
        monkeypatch.chdir(tmp_path)
        assert read_settings().model_fields_set
    elif block.title == "limits.toml":
        assert read_limits(read_settings(home=tmp_path, limits=file)).by_source
    else:
        for rule in parse_rules(block.text):
            lines = pl.Series([*rule.removed, *rule.kept]).str.contains(rule.whole_line)
            assert lines.to_list() == [True] * len(rule.removed) + [False] * len(rule.kept)


@pytest.mark.parametrize("page", PYTHON, ids=lambda page: page.name)
def test_a_page_of_python_prints_what_it_shows(page: Path, folder: Path, tmp_path: Path) -> None:
    code = [block for block in blocks(page) if block.language == "python"]
    for block in code:
        if "in" in block.notes:
            shutil.copytree(REPOSITORY / block.notes["in"], tmp_path, dirs_exist_ok=True)
    shutil.copytree(folder / "loaded", tmp_path / "data")
    end = "-- end of block --"
    script = "\n".join(f"{block.text}\nprint({end!r})" for block in code)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    shown = _outputs(page)
    printed = dict(zip((block.line for block in code), done.stdout.split(f"{end}\n"), strict=False))
    assert {line: printed[line].strip() for line in shown} == shown


def _outputs(page: Path) -> dict[int, str]:
    """Return what a page shows as the output of its Python blocks, by the line of the block."""
    pairs = zip(blocks(page), blocks(page)[1:], strict=False)
    return {
        one.line: two.text.strip() for one, two in pairs if one.language == "python" and "output" in two.notes
    }


def test_the_example_of_the_readme_is_what_copydesk_does() -> None:
    raw = (REPOSITORY / "docs/tutorial/harbour-echo/ferry.txt").read_text(encoding="utf-8")
    sheet = next(block for block in blocks(REPOSITORY / "README.md") if "skip_link" in block.text).text
    documents, edits = copydesk.clean([raw])
    removed = {
        (line[2:70].strip(), line[70:].strip()) for line in sheet.splitlines() if line.startswith("- ")
    }
    by_rule = {
        (raw[start:end].strip(), rule)
        for start, end, rule in edits.select("start", "end", "rule").iter_rows()
        if rule not in {"headline", "byline", "mojibake", "line_end"}
    }
    assert removed == by_rule
    kept = " ".join(line[2:70].strip() for line in sheet.splitlines() if line.startswith(("  ", "~ ")))
    assert re.sub(r"\[-.*?-\]\{\+(.*?)\+\}", r"\1", kept) == _words(documents["text"][0])
    moved = [line[2:70].strip() for line in sheet.splitlines() if line.startswith("^ ")]
    assert moved == [documents["title"][0], f"By {documents['byline'][0]}"]
