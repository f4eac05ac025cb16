"""The run as a Prefect flow: the same functions as tasks, reported to a server, with a table artifact a stage.

Which server: see copydesk.flows.orchestration.server. Whatever happens to it, the run goes on without it.
"""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from functools import wraps
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import as_completed
from prefect.task_runners import ThreadPoolTaskRunner

from copydesk.expectations.results import warm_up
from copydesk.flows.errors import CopydeskError
from copydesk.flows.io.spacy_models import load_model
from copydesk.flows.orchestration import server
from copydesk.flows.run.interrupt import go_on
from copydesk.flows.run.local_runner import LocalRunner
from copydesk.flows.run.pipeline import RunResult, start
from copydesk.flows.run.progress import Display
from copydesk.flows.run.selection import QuarantineFilter
from copydesk.flows.settings import Settings, read_settings
from copydesk.flows.staging.folder import Summary

#: Two workers: the stages' own threads (Polars, DuckDB) use the cores; a second task hides its waiting.
WORKERS = 2


@dataclass
class Caller:
    """What the command that called the flow lends it, and what it gets back in whatever way the flow ends."""

    display: Display = field(default_factory=Display)
    result: RunResult | None = None


#: The command that called the flow in this process; a scheduled run has none.
_caller: ContextVar[Caller | None] = ContextVar("caller", default=None)


class PrefectRunner:
    """Runs each function as a Prefect task of the flow run that this is called in."""

    def __init__(self, display: Display) -> None:
        self._display = display

    def call[**P, R](self, name: str, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `function` as one task."""
        self._display.expect(name, 1)
        result: R = _task(name, function)(*args, **kwargs)
        return result

    def map[*Ts](self, name: str, function: Callable[[*Ts], None], items: Sequence[tuple[*Ts]]) -> None:
        """Run `function` as a task an item, on the flow's task runner."""
        self._display.expect(name, len(items))
        futures = [_task(name, function).submit(*item) for item in items]
        for future in as_completed(futures):
            future.result()
            self._display.advance(name)

    def stage_done(self, summary: Summary) -> None:
        """Log a stage and keep its table."""
        self._display.done(summary)
        get_run_logger().info(
            "%s: %d in, %d quarantined, %d out, %.1f s",
            *(summary.stage, summary.n_in, summary.n_quarantined, summary.n_out, summary.seconds),
        )
        row = {
            "in": summary.n_in,
            "quarantined": summary.n_quarantined,
            "out": summary.n_out,
            "seconds": summary.seconds,
        }
        create_table_artifact(
            [row], key=f"copydesk-{summary.stage}", description=f"Records through {summary.stage}"
        )


_RUNNER: Any = ThreadPoolTaskRunner(max_workers=WORKERS)


@flow(
    name="copydesk",
    task_runner=_RUNNER,
    persist_result=True,
    result_serializer="json",
)
def copydesk_flow(
    inputs: list[str], settings: dict[str, Any] | None = None, retry: dict[str, Any] | None = None
) -> dict[str, Any] | None:
    """Run the pipeline over `inputs`; `settings` are those of copydesk.flows.settings, by name. With `retry`, a
    copydesk.flows.run.selection.QuarantineFilter, over rejected records instead.

    Returns the RunResult as JSON; None where there was nothing to retry.
    """
    from copydesk.flows.orchestration.schedule import end_with_serve

    end_with_serve()
    caller = _caller.get() or Caller()
    what = inputs if retry is None else QuarantineFilter(**retry)
    caller.result = start(what, read_settings(**(settings or {})), PrefectRunner(caller.display))
    return None if caller.result is None else asdict(caller.result)


def run_with_prefect(
    what: list[str] | QuarantineFilter,
    settings: Settings,
    display: Display,
    api: server.Server,
) -> RunResult | None:
    """Do what :func:`copydesk.flows.run.pipeline.start` does, as a flow run reported to `api`.

    The server may still be starting.
    Falls back to a direct run, with one line of warning, when the server fails. Raises what `start` raises.
    """
    caller = Caller(display)
    token = _caller.set(caller)
    try:
        warm_up()
        if api.process and not server.reachable(api.url) and not settings.warehouse.exists():
            for model in settings.models():  # time that would be spent waiting; a later run may load nothing
                load_model(model)
        server.wait_for(api)
        go_on()
        with server.client_settings(api, settings.home, retries=1 if api.process else 3):
            inputs, choice = ([], asdict(what)) if isinstance(what, QuarantineFilter) else (what, None)
            copydesk_flow(inputs, settings.model_dump(mode="json"), choice)
    except CopydeskError:
        raise
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        display.warn(f"going on without Prefect: {reason}")
    finally:
        _caller.reset(token)
    # The server may fail after the last stage, when only the flow's final state is left to report.
    return caller.result or start(what, settings, LocalRunner(display))


def _task(name: str, function: Callable[..., Any]) -> Any:
    """Make a task of `function`: two retries a second apart, but not for an end that was foreseen."""

    @wraps(function)
    def step(*args: Any, **kwargs: Any) -> Any:
        go_on()
        return function(*args, **kwargs)

    return task(
        name=name,
        task_run_name=name,
        retries=2,
        retry_delay_seconds=1,
        retry_condition_fn=_is_worth_a_retry,
        cache_policy=NO_CACHE,
        persist_result=True,
        result_serializer="json",
    )(step)


def _is_worth_a_retry(_task: object, _run: object, state: Any) -> bool:
    return not isinstance(state.result(raise_on_failure=False), CopydeskError)
