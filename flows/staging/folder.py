"""The staging folder of one run: its frames as Parquet files, its notes as JSON files.

A file appears whole or not at all, with a seal beside it (copydesk.flows.staging.sealed). A stage is done when its
summary, which is written last, exists; it names the files of the stage.
"""

import json
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from copydesk.flows.staging.frames import FRAMES, STAGES, Staged
from copydesk.flows.staging.sealed import is_sound, remove, write_sealed
from copydesk.transforms.contract import conform, empty

#: How the name of a folder begins that is being removed.
DISCARDED = ".discarded-"


@dataclass(frozen=True)
class Summary:
    """What a stage did, in records; JSON-able."""

    stage: str
    n_in: int
    n_out: int
    n_quarantined: int
    seconds: float
    n_known: int = 0


@dataclass(frozen=True)
class Staging:
    """The staging folder of one run.

    Frames are named as in FRAMES. Every method raises LookupError for a frame that is not in it, and ValueError for a
    batch of a frame that is written once or no batch of a frame that is written by batch.
    """

    folder: Path

    def path(self, stage: str, name: str, batch: str | None = None) -> Path:
        """Return the path of a frame, or of its part of one batch."""
        if _staged(stage, name).by_batch != (batch is not None):
            raise ValueError(
                f"staged frame {stage}/{name}: {'no batch' if batch is None else 'has no batches'}"
            )
        return self.folder / stage / (f"{name}.parquet" if batch is None else f"{name}-{batch}.parquet")

    def write(self, stage: str, name: str, frame: pl.DataFrame, batch: str | None = None) -> None:
        """Write a frame, or its part of one batch. Raises what `conform` raises when it does not fit its schema."""
        path = self.path(stage, name, batch)
        whole = conform(frame, _staged(stage, name).schema)
        write_sealed(path, lambda aside: whole.write_parquet(aside, compression="zstd"))

    def read(
        self, stage: str, name: str, batch: str | None = None, *, columns: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """Read a frame, or its part of one batch; only `columns` if given."""
        path = self.path(stage, name, batch)
        return pl.read_parquet(path, columns=None if columns is None else list(columns), glob=False)

    def read_all(self, stage: str, name: str, *, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Read all batches of a frame into one, in order of batches; only `columns` if given."""
        scanned = self.scan(stage, name)
        return (scanned if columns is None else scanned.select(columns)).collect()

    def scan(self, stage: str, name: str) -> pl.LazyFrame:
        """Return a frame, with all its batches, to be read lazily."""
        if files := self.files(stage, name):
            return pl.concat([pl.scan_parquet(file, glob=False) for file in files])
        return empty(_staged(stage, name).schema).lazy()

    def count(self, stage: str, name: str) -> int:
        """Return the number of rows of a frame, over all its batches, without reading them."""
        return int(self.scan(stage, name).select(pl.len()).collect().item())

    def files(self, stage: str, name: str) -> list[str]:
        """Return the paths of a frame's files, in order of batches."""
        if not _staged(stage, name).by_batch:
            return [str(self.path(stage, name))]
        return [str(path) for path in sorted((self.folder / stage).glob(f"{name}-*.parquet"))]

    def batches(self, stage: str, name: str) -> list[str]:
        """Return the batches of which a frame has been written, in order."""
        return [Path(file).stem.removeprefix(f"{name}-") for file in self.files(stage, name)]

    def has(self, stage: str, name: str, batch: str | None = None) -> bool:
        """Return whether a frame, or its part of one batch, has been written."""
        return self.path(stage, name, batch).exists()

    def missing(self, stage: str, name: str, batches: Iterable[str]) -> list[str]:
        """Return those of `batches` of which a frame has not been written."""
        return [batch for batch in batches if not self.has(stage, name, batch)]

    def finish(self, summary: Summary) -> Summary:
        """Record that a stage is done, and which files it left."""
        self.note(
            summary.stage, asdict(summary) | {"files": [path.name for path in self.written(summary.stage)]}
        )
        return summary

    def finished(self, stage: str) -> Summary | None:
        """Return the summary of a stage that is done, or None."""
        found = self.noted(stage)
        return None if found is None else Summary(**{name: found[name] for name in found if name != "files"})

    def written(self, stage: str) -> list[Path]:
        """Return the files that a stage has written: its frames and notes; with the first one, those of the run."""
        notes = [f"{stage}-outcomes", *(("run", "identity") if stage == STAGES[0] else ())]
        kept = [path for name in notes if (path := self.note_path(name)).exists()]
        return sorted((self.folder / stage).glob("*.parquet")) + kept

    def note(self, name: str, content: dict[str, Any]) -> None:
        """Write a small JSON file."""
        text = json.dumps(content, indent=1, sort_keys=True)
        write_sealed(self.note_path(name), lambda aside: aside.write_text(text, encoding="utf-8"))

    def noted(self, name: str) -> dict[str, Any] | None:
        """Read a small JSON file; None if it does not exist or is damaged."""
        path = self.note_path(name)
        if not is_sound(path):
            return None
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return content

    def note_path(self, name: str) -> Path:
        """Return the path of a small JSON file."""
        return self.folder / f"{name}.json"

    def clear(self) -> None:
        """Remove the folder. It is renamed first: a process that is killed here leaves no half of it."""
        discarded = self.folder.with_name(f"{DISCARDED}{self.folder.name}")
        with suppress(OSError):
            remove(discarded)
            self.folder.rename(discarded)
        for path in (discarded, self.folder):
            remove(path)


def list_staged(folder: Path) -> list[Staging]:
    """Return the staging folders in `folder`, by name."""
    if not folder.is_dir():
        return []
    return [Staging(path) for path in sorted(folder.iterdir()) if not path.name.startswith(DISCARDED)]


def since(began: float) -> float:
    """Return the seconds since `began`, a time of the monotonic clock."""
    return round(time.monotonic() - began, 3)


def _staged(stage: str, name: str) -> Staged:
    try:
        return FRAMES[stage, name]
    except KeyError:
        raise LookupError(f"no staged frame {stage}/{name}; see copydesk.flows.staging.frames") from None
