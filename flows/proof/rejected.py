"""Records in quarantine, for their proof sheets: why they are there, their text, and what the cleaner marks in it."""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl

from copydesk.expectations.suite import SUITES, Expectation, read_suite
from copydesk.flows.io.inputs import source_of
from copydesk.flows.io.readers import reader_of
from copydesk.transforms.clean.source_template import find_evidence, template_keys
from copydesk.transforms.clean.stage import CleaningResources, clean
from copydesk.transforms.contract import RAW, conform
from copydesk.transforms.text.encoding import decode
from copydesk.warehouse.queries import run_history
from copydesk.warehouse.queries.proof import ProofFrames

#: Bytes that are drawn of a record that is no text, and in one line.
_BYTES, _WIDTH = 256, 16


class Reason(NamedTuple):
    """Why one record was rejected: what was seen, what was asked for and what that means, as far as is told."""

    stage: str
    expectation: str
    seen: str
    limit: str
    because: str
    state: str
    uri: str


def reasons_of(quarantine: pl.DataFrame, suites: Path = SUITES) -> list[Reason]:
    """Return why each record of `quarantine` is there. The limit is that of the suite as it is now."""
    return [
        Reason(
            row["stage"],
            row["expectation"],
            *_halves(row["detail"], _limit(row["stage"], row["expectation"], suites)),
            row["state"],
            row["uri"],
        )
        for row in quarantine.iter_rows(named=True)
    ]


def _halves(detail: str, limit: str) -> tuple[str, str, str]:
    seen, _, because = detail.partition(": ")
    return (seen, limit, because) if because else ("", limit, seen)


def _limit(stage: str, expectation: str, suites: Path) -> str:
    """Say which values pass, or nothing where no suite tells."""
    try:
        changed_at = (suites / f"{stage}.yaml").stat().st_mtime_ns
        found = next(
            (known for known in _suite(stage, suites, changed_at) if known.name == expectation), None
        )
    except (OSError, ValueError):
        return ""  # no such suite any more: what was recorded is shown all the same
    if found is None:
        return ""
    column, arguments = found.arguments.get("column", ""), found.arguments
    words = {"min_value": "at least", "max_value": "at most"}
    bounds = [f"{word} {arguments[name]}" for name, word in words.items() if arguments.get(name) is not None]
    return f"{column} {' and '.join(bounds)}" if column and bounds else ""


@lru_cache(maxsize=32)
def _suite(stage: str, suites: Path, changed_at: int) -> tuple[Expectation, ...]:
    """Read a suite once: hundreds of records share it. `changed_at` makes a suite that was changed another one."""
    del changed_at
    return read_suite(stage, suites)


def text_of(row: dict[str, Any]) -> tuple[str, str, str]:
    """Return the text of a record (a row of quarantine), its media type and a remark where that is not all of it.

    Of bytes that are no text the first ones are spelt out; their media type is application/octet-stream.
    """
    payload, n_bytes = row["payload"], row["n_bytes"]
    if not payload:
        return "", "", "The file is empty." if payload is not None else "No bytes of it were kept."
    media_type, read = reader_of(row["uri"])
    text = next(read(payload)).text if read else None
    if text is None and (found := decode(payload)) and "\0" not in found[0]:
        text = found[0]
    cut = f"The first {len(payload)} of {n_bytes} bytes." if n_bytes > len(payload) else ""
    if text is not None:
        return text, media_type, cut
    return (
        _spell(payload[:_BYTES]),
        "application/octet-stream",
        f"It is no text: its first bytes, of {n_bytes}.",
    )


def _spell(data: bytes) -> str:
    """Write bytes as a hex dump: place, values, and the letters among them."""
    return "\n".join(
        f"{at:06x}  {row.hex(' '):<{3 * _WIDTH}} {''.join(chr(byte) if 32 <= byte < 127 else '·' for byte in row)}"
        for at in range(0, len(data), _WIDTH)
        for row in (data[at : at + _WIDTH],)
    )


def mark_again(
    frames: dict[str, ProofFrames], connection: duckdb.DuckDBPyConnection, desk: CleaningResources
) -> dict[str, ProofFrames]:
    """Return `frames` (see :func:`copydesk.warehouse.queries.proof.read_proofs`) with the edits that the
    cleaner makes today in the records
    that were rejected after clean. Those of which only the first bytes are at hand stay as they are.
    """
    rows = [
        (doc_id, text_of(row), row)
        for doc_id, of_one in frames.items()
        if of_one["document"].is_empty() and not of_one["quarantine"].is_empty()
        for row in (of_one["quarantine"].row(0, named=True),)
        if row["stage"] == "clean"
    ]
    whole = [
        (doc_id, row["uri"], row["record"], source_of(row["uri"]), media_type, text)
        for doc_id, (text, media_type, remark), row in rows
        if text and not remark
    ]
    if not whole:
        return frames
    names = ("doc_id", "uri", "record", "source", "media_type", "raw_text")
    few = pl.DataFrame(whole, schema={name: RAW[name] for name in names}, orient="row")
    raw = conform(
        few.with_columns(pl.lit(None, RAW[name]).alias(name) for name in RAW if name not in names), RAW
    )
    keys = template_keys(raw)
    known = run_history.source_lines(connection, keys.select("source", "key").unique())
    edits, _ = clean(raw, desk, find_evidence(keys, known))
    marks = edits.sort("doc_id", "start", "end").partition_by("doc_id", as_dict=True, include_key=False)
    return frames | {
        doc_id: frames[doc_id] | {"edits": marks[doc_id,].select(frames[doc_id]["edits"].columns)}
        for doc_id in raw["doc_id"]
        if (doc_id,) in marks
    }
