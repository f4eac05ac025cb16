"""A user's SQL statement, run in a process of its own with limits of memory, time and rows.

The process is this module. It gets a request as JSON on its standard input and answers on its standard output with an
Arrow stream; or it ends with the exit code of an error, whose message is on its standard error.
"""

import json
import math
import os
import resource
import subprocess
import sys
import threading
import time
from itertools import count
from pathlib import Path

import duckdb
import pyarrow as pa

from copydesk.flows.errors import Busy, CopydeskError, UsageError
from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import MEGABYTE, Settings, read_settings
from copydesk.warehouse.damage import is_damage

_ROWS_AT_ONCE = 10_000
#: DuckDB counts what it keeps in its buffers, not all that an aggregate allocates: it may use this share of the memory,
#: and the operating system bounds the rest.
_BUFFERS = 0.6
_START = 30.0  # seconds for the imports of the process, on a loaded machine


def query(settings: Settings, sql: str) -> pa.Table:
    """Return the rows of one SQL statement over the warehouse, in Arrow's types without loss.

    The statement sees the warehouse alone: no files, no network, no configuration. Raises UsageError for a statement
    that is wrong, returns no rows, or passes `query_seconds`, `query_mb` or `query_rows`; and what
    :func:`copydesk.flows.io.warehouse.reading` raises.
    """
    limits = {"query_seconds", "query_mb", "query_rows", "wait_seconds"}
    request = {"sql": sql, "settings": {"home": str(settings.home)} | settings.model_dump(include=limits)}
    command = [sys.executable, "-P", "-m", __spec__.name]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=settings.home.parent,
    ) as process:
        try:
            patience = settings.query_seconds + settings.wait_seconds + _START  # it stops itself before
            answer, said = process.communicate(json.dumps(request).encode(), timeout=patience)
        except subprocess.TimeoutExpired as error:
            raise UsageError(_too_much("took", f"{settings.query_seconds:g} seconds", "seconds")) from error
        finally:
            process.kill()
    if process.returncode == 0:
        return _distinct(pa.ipc.open_stream(answer).read_all())
    message = said.decode(errors="replace").strip()
    for kind in (UsageError, Busy):
        if process.returncode == kind.code and message:
            raise kind(message.splitlines()[-1])
    raise UsageError(_too_much("needed", f"{settings.query_mb:g} MB of memory", "mb"))


def _distinct(rows: pa.Table) -> pa.Table:
    """Return `rows` with a number after a name that an earlier column has, as DuckDB numbers those of a subquery."""
    names: list[str] = []
    for name in rows.column_names:
        others = (f"{name}_{number}" for number in count(1))
        names.append(name if name not in names else next(other for other in others if other not in names))
    return rows.rename_columns(names)


def _too_much(verb: str, limit: str, option: str) -> str:
    return f"sql: the statement {verb} more than {limit}; ask for less, or allow more with --{option}"


def main() -> None:
    """Answer the request on standard input."""
    request = json.load(sys.stdin)
    try:
        _answer(read_settings(**request["settings"]), request["sql"])
    except CopydeskError as error:
        sys.stderr.write(f"{' '.join(str(error).split())}\n")
        sys.exit(error.code)


def _answer(settings: Settings, sql: str) -> None:
    with reading(settings) as warehouse:
        try:
            _confine(warehouse, settings)
            statements = warehouse.extract_statements(sql)
            if len(statements) != 1:
                raise UsageError(f"one SQL statement at a time, please; this is {len(statements)}")
            relation = warehouse.sql(sql)
            if relation is None:
                raise UsageError("this statement returns no rows; the warehouse is open read-only")
            timer = threading.Timer(settings.query_seconds, warehouse.interrupt)
            timer.daemon = True
            timer.start()
            _write(relation.to_arrow_reader(_ROWS_AT_ONCE), settings)
        except (duckdb.OutOfMemoryException, MemoryError, pa.ArrowMemoryError) as error:
            raise UsageError(_too_much("needed", f"{settings.query_mb:g} MB of memory", "mb")) from error
        except duckdb.InterruptException as error:
            raise UsageError(_too_much("took", f"{settings.query_seconds:g} seconds", "seconds")) from error
        except duckdb.Error as error:
            if is_damage(error):
                raise  # named by `reading`
            raise UsageError(f"sql: {error}") from error


def _confine(warehouse: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Bound what a statement can reach and use; it cannot undo that."""
    memory = int(settings.query_mb * MEGABYTE)
    warehouse.execute(
        f"SET memory_limit = '{int(memory * _BUFFERS)}B'; SET max_temp_directory_size = '{memory}B';"
        "SET arrow_lossless_conversion = true; SET enable_external_access = false; SET lock_configuration = true"
    )
    processor = math.ceil(settings.query_seconds + time.process_time()) * (os.cpu_count() or 1)
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))  # should the process that asked be killed
    if sys.platform == "linux":
        used = int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_DATA, (used + memory, used + memory))


def _write(reader: pa.RecordBatchReader, settings: Settings) -> None:
    n_rows = n_bytes = 0
    with pa.ipc.new_stream(sys.stdout.buffer, reader.schema) as stream:
        for batch in reader:
            n_rows, n_bytes = n_rows + batch.num_rows, n_bytes + batch.nbytes
            if n_rows > settings.query_rows:
                raise UsageError(_too_much("gave", f"{settings.query_rows} rows", "rows"))
            if n_bytes > settings.query_mb * MEGABYTE:
                raise UsageError(_too_much("gave", f"{settings.query_mb:g} MB", "mb"))
            stream.write_batch(batch)


if __name__ == "__main__":
    main()
