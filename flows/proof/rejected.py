"""Quarantined records for proof sheets: the reason, the text, and the edits that cleaning makes today."""

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
from copydesk.transforms.contract import RAW, as_raw
from copydesk.transforms.text.encoding import decode
from copydesk.warehouse.queries import run_history
from copydesk.warehouse.queries.proof import ProofFrames

#: Bytes that are drawn of a record that is no text, and in one line.
_BYTES, _WIDTH = 256, 16


class Reason(NamedTuple):
    """Why a record was rejected: the observed value, the limit and the explanation, as far as they are known."""

    stage: str
    expectation: str
    seen: str
    limit: str
    because: str
    state: str
    uri: str


def reasons_of(quarantine: pl.DataFrame, suites: Path = SUITES) -> list[Reason]:
    """Return the reason of each row of `quarantine`; limits are those of the current suites."""
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
    """Return the accepted range of an expectation as text, or an empty string."""
    try:
        changed_at = (suites / f"{stage}.yaml").stat().st_mtime_ns
        found = next(
            (known for known in _suite(stage, suites, changed_at) if known.name == expectation), None
        )
    except (OSError, ValueError):
        return ""  # no such suite any more: what was recorded is shown all the same
    return found.asks if found else ""


@lru_cache(maxsize=32)
def _suite(stage: str, suites: Path, changed_at: int) -> tuple[Expectation, ...]:
    """Read a suite once for all records that share it; `changed_at` invalidates the cache."""
    del changed_at
    return read_suite(stage, suites)


def text_of(row: dict[str, Any]) -> tuple[str, str, str]:
    """Return the text of a quarantined record, its media type, and a remark if the text is incomplete.

    Bytes that are not text are shown as a hex dump of the first ones, as application/octet-stream.
    """
    payload, n_bytes = row["payload"], row["n_bytes"]
    if not payload:
        return "", "", "The file is empty." if payload is not None else "No bytes were stored."
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
        f"Not text: the first of {n_bytes} bytes.",
    )


def _spell(data: bytes) -> str:
    """Return a hex dump: offset, values and printable characters."""
    return "\n".join(
        f"{at:06x}  {row.hex(' '):<{3 * _WIDTH}} {''.join(chr(byte) if 32 <= byte < 127 else '·' for byte in row)}"
        for at in range(0, len(data), _WIDTH)
        for row in (data[at : at + _WIDTH],)
    )


def mark_again(
    frames: dict[str, ProofFrames], connection: duckdb.DuckDBPyConnection, resources: CleaningResources
) -> dict[str, ProofFrames]:
    """Return `frames` (copydesk.warehouse.queries.proof) with today's edits for records rejected after clean.

    Records of which only the first bytes are stored stay as they are.
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
    raw = as_raw(few)
    keys = template_keys(raw)
    known = run_history.source_lines(connection, keys.select("source", "key").unique())
    edits, _ = clean(raw, resources, find_evidence(keys, known))
    marks = edits.sort("doc_id", "start", "end").partition_by("doc_id", as_dict=True, include_key=False)
    return frames | {
        doc_id: frames[doc_id] | {"edits": marks[doc_id,].select(frames[doc_id]["edits"].columns)}
        for doc_id in raw["doc_id"]
        if (doc_id,) in marks
    }
