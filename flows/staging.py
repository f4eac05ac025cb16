"""Staging: what each stage leaves for the next, as Parquet files, so that a killed run goes on where it stopped.

A file appears whole or not at all (written aside, then renamed), and a stage counts as done when its summary,
written last, is there.
"""

import json
import os
import shutil
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from copydesk.transforms.contract import Schema

STAGES = ("ingest", "clean", "dedupe", "tag", "load")
#: The columns that identify a record.
RECORD = ["doc_id", "uri", "record"]


@dataclass(frozen=True)
class Summary:
    """What a stage did, in records. JSON-able: this, not data, is what tasks return."""

    stage: str
    n_in: int
    n_out: int
    n_quarantined: int
    seconds: float
    n_known: int = 0


@dataclass(frozen=True)
class Staging:
    """The folder of one run's stages."""

    folder: Path

    def path(self, stage: str, name: str) -> Path:
        """Return the path of the frame `name` of `stage`."""
        return self.folder / stage / f"{name}.parquet"

    def write(self, stage: str, name: str, frame: pl.DataFrame) -> None:
        """Write a frame."""
        path = self.path(stage, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(f".{os.getpid()}.tmp")
        frame.write_parquet(aside, compression="zstd")
        aside.replace(path)

    def read(self, stage: str, name: str) -> pl.DataFrame:
        """Read a frame."""
        return pl.read_parquet(self.path(stage, name), glob=False)

    def files(self, stage: str, name: str) -> list[str]:
        """Return the paths of every batch of the frame `name`, in order of their numbers."""
        return [str(path) for path in sorted((self.folder / stage).glob(f"{name}-*.parquet"))]

    def read_all(self, stage: str, name: str, schema: Schema) -> pl.DataFrame:
        """Read every batch of the frame `name` into one frame."""
        frames = [pl.read_parquet(path, glob=False) for path in self.files(stage, name)]
        return pl.concat(frames) if frames else pl.DataFrame(schema=schema)

    def has(self, stage: str, name: str) -> bool:
        """Say whether a frame was written."""
        return self.path(stage, name).exists()

    def missing(self, stage: str, name: str, batches: Iterable[str]) -> list[str]:
        """Return those of `batches` of which the frame `name` was not written."""
        return [batch for batch in batches if not self.has(stage, f"{name}-{batch}")]

    def finish(self, summary: Summary) -> Summary:
        """Declare a stage done."""
        self.note(summary.stage, asdict(summary))
        return summary

    def finished(self, stage: str) -> Summary | None:
        """Return the summary of a stage that was done before, or None."""
        found = self.noted(stage)
        return None if found is None else Summary(**found)

    def note(self, name: str, content: dict[str, Any]) -> None:
        """Write a small JSON file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        aside = self.folder / f"{name}.json.tmp"
        aside.write_text(json.dumps(content, indent=1, sort_keys=True), encoding="utf-8")
        aside.replace(self.folder / f"{name}.json")

    def noted(self, name: str) -> dict[str, Any] | None:
        """Read a small JSON file; None where there is none."""
        try:
            content: dict[str, Any] = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return content

    def clear(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


def since(began: float) -> float:
    """Return the seconds since `began`, a time of the monotonic clock."""
    return round(time.monotonic() - began, 3)
