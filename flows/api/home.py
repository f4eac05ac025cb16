"""`copydesk.run` and `copydesk.open`: the pipeline over files, and the warehouse that it fills."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, Self, cast

import polars as pl

from copydesk.flows.errors import needing

if TYPE_CHECKING:
    from copydesk.flows.run.pipeline import RunResult

type Path = str | PathLike[str]


def run(inputs: Path | Sequence[Path], home: Path = "data", **settings: Any) -> "RunResult":
    """Ingest, clean, dedupe, tag and load files into the warehouse of `home`, in this process, without Prefect.

    `inputs` are files, folders or globs, here or on any file system that fsspec knows; a second run over the same
    input loads nothing. `settings` are those of the command line and of copydesk.toml (rules, model, aliases, limits,
    batch_mb, ...). The result has run_id and the counts n_records, n_known, n_quarantined, n_duplicates and n_loaded.

    Raises UsageError for input that cannot be read and a setting that is wrong, Busy while another run holds the
    home, GateFailed when a critical expectation stopped the run (then nothing was loaded), MissingExtra without the
    extras `pipeline` and `ner`.
    """
    with needing("all", "copydesk.run"):
        from copydesk.flows.run.local_runner import LocalRunner
        from copydesk.flows.run.pipeline import start
        from copydesk.flows.settings import read_settings

        given = [inputs] if isinstance(inputs, str | PathLike) else list(inputs)
        read = read_settings(home=fspath(home), **settings)
        result = start([fspath(each) for each in given], read, LocalRunner())
    return cast("RunResult", result)  # only a retry may have nothing to do


class Warehouse:
    """The warehouse of a home, read-only: use it in a `with` block, or call close.

    While it is open no run can load into it.
    """

    def __init__(self, home: Path) -> None:
        with needing("pipeline", "copydesk.open"):
            from copydesk.flows.io.warehouse import reading
            from copydesk.flows.settings import read_settings

        with ExitStack() as stack:
            self._connection = stack.enter_context(reading(read_settings(home=fspath(home))))
            self._connection.execute("SET python_enable_replacements = false")
            self._stack = stack.pop_all()

    def sql(self, query: str, params: Sequence[object] | Mapping[str, object] | None = None) -> pl.DataFrame:
        """Return the rows of one SQL query; `params` fill its `?` or `$name`. Raises duckdb.Error."""
        return self._connection.execute(query, params).pl()

    def close(self) -> None:
        """Let go of the file."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def open(home: Path = "data") -> Warehouse:
    """Open the warehouse of `home`, read-only.

    Raises UsageError where there is none, Busy while a run writes to it, MissingExtra without the extra `pipeline`.
    """
    return Warehouse(home)
