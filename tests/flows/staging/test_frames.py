"""The catalogue of staged frames: it names what the stages use, nothing else, with the schemas of the contract."""

import ast
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from copydesk.flows.shipped import ROOT
from copydesk.flows.staging.frames import FRAMES, RECORD, STAGES
from copydesk.transforms.contract import CLEAN, EDITS, RAW

_METHODS = {"read", "read_all", "write", "scan", "count", "files", "batches", "has", "missing"}


@cache
def used() -> frozenset[tuple[str, str]]:
    """Return the stage and name of every staged frame that the stages and the run name literally."""
    files = [file for room in ("stages", "run") for file in (ROOT / "flows" / room).glob("*.py")]
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    return frozenset(pair for node in nodes if (pair := _frame(node)) is not None)


def _frame(node: ast.AST) -> tuple[str, str] | None:
    if not (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS
    ):
        return None
    names = [each.value for each in node.args[:2] if isinstance(each, ast.Constant)]
    return (names[0], names[1]) if len(names) == 2 and names[0] in STAGES else None


def test_every_frame_that_the_code_names_is_in_the_catalogue() -> None:
    assert len(used()) > 30
    assert used() <= set(FRAMES)


def test_every_frame_of_a_stage_in_the_catalogue_is_used() -> None:
    by_loop = {"results", "failures", "rejected", "flagged", "sources", "measures"}
    by_loop |= {"story_documents", "story_terms", "story_changes", "mentions", "stand_ins"}
    by_loop |= {name for _, name in FRAMES if name.startswith("entit")}
    assert {pair for pair in FRAMES if pair not in used() and pair[1] not in by_loop} == set()


@pytest.mark.parametrize(
    ("frame", "schema", "by_batch"),
    [
        (("ingest", "raw"), RAW, True),
        (("clean", "edits"), EDITS, True),
        (("clean", "clean"), CLEAN, True),
        (("dedupe", "decided"), {"doc_id": pl.String}, False),
    ],
)
def test_frames_have_the_schemas_of_the_contract(
    frame: tuple[str, str], schema: dict[str, pl.DataType], by_batch: bool
) -> None:
    assert (FRAMES[frame].schema, FRAMES[frame].by_batch) == (schema, by_batch)


def test_names_are_fit_for_files() -> None:
    for stage, name in FRAMES:
        assert stage in STAGES
        assert Path(name).name == name
        assert "-" not in name  # it parts the name from the batch
    assert RECORD == ("doc_id", "uri", "record")
