"""The limits file: limits of expectations for single sources; they override those of the suites."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from typing import Any

import polars as pl

from copydesk.expectations.suite import Expectation, check_severity, read_suite
from copydesk.flows.errors import UsageError
from copydesk.flows.settings import Settings
from copydesk.transforms.quality.baselines import SIDES, LearnedLimit

_SINCE = "history_from"
_STAGES = ("ingest", "clean", "dedupe", "tag")


@dataclass(frozen=True)
class Limits:
    """The limits by source, expectation and field, and `since`: from when the history of a source counts."""

    by_source: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    since: dict[str, datetime] = field(default_factory=dict)

    def forget(self, history: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of `history` (source, at) from when the history of their source counts."""
        since = pl.col("source").replace_strict(self.since, default=None, return_dtype=history.schema["at"])
        return history.filter((pl.col("at") >= since).fill_null(value=True)) if self.since else history


def read_limits(settings: Settings) -> Limits:
    """Read the limits file that the settings name; without one there are no limits. The suites are checked too.

    Raises UsageError, naming the entry, for a wrong suite, a file that cannot be read, an unknown expectation or
    field, or a value of a wrong type.
    """
    try:
        known = {each.name: (stage, each) for stage in _STAGES for each in read_suite(stage, settings.suites)}
        read_suite("load", settings.suites)
    except ValueError as error:
        raise UsageError(f"suite {error}") from error
    if settings.limits is None:
        return Limits()
    try:
        content = tomllib.loads(settings.limits.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read the limits {settings.limits}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{settings.limits.name}: {error}") from error
    by_source: dict[str, dict[str, dict[str, Any]]] = {}
    since = {}
    for source, entries in content.items():
        where = f"{settings.limits.name}: [{source}]"
        if not isinstance(entries, dict):
            raise UsageError(f"{where} must be a table of limits, as in [{source}.holds_an_article]")
        for name, value in entries.items():
            if name == _SINCE:
                since[source] = _moment(f"{where} {name}", value)
            elif name not in known:
                raise UsageError(
                    f'{where[:-1]}.{name}]: unknown expectation "{name}"; {_suggest(name, known)}'
                )
            else:
                by_source.setdefault(source, {})[name] = _check(f"{where} {name}", *known[name], value)
    return Limits(by_source, since)


def _moment(where: str, value: object) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    raise UsageError(f"{where} must be a date, as in 2026-11-24")


def _check(where: str, stage: str, expectation: Expectation, given: object) -> dict[str, Any]:
    """Return the fields given for an expectation, each known and of the right type."""
    if not isinstance(given, dict):
        raise UsageError(f"{where} must be a table, as in {{min_value = 0.1}} or {{severity = 'off'}}")
    own = (
        {each.name for each in fields(LearnedLimit)} - {"metric", "scale"}
        if expectation.learned
        else {*expectation.arguments, "min_value", "max_value", "value_set"} - {"column"}
    )
    for name, value in given.items():
        if name == "severity":
            _check_severity(where, stage, value)
            continue
        if name not in own:
            raise UsageError(f'{where}: unknown field "{name}"; {_suggest(name, {*own, "severity"})}')
        if name == "value_set":
            fits, kinds = isinstance(value, list), "a list"
        elif name == "side":
            fits, kinds = value in SIDES, f"one of {', '.join(SIDES)}"
        else:
            fits, kinds = isinstance(value, (int, float)) and not isinstance(value, bool), "a number"
        if not fits:
            raise UsageError(f"{where}: {name} must be {kinds}")
    return dict(given)


def _suggest(name: str, known: Iterable[str]) -> str:
    """Return a hint at the closest of the `known` names, and all of them."""
    names = sorted(known)
    closest = get_close_matches(name, names, 1)
    return (f"did you mean {closest[0]}? " if closest else "") + f"known: {', '.join(names)}"


def _check_severity(where: str, stage: str, value: object) -> None:
    try:
        check_severity(where, stage, value)
    except ValueError as error:
        raise UsageError(str(error)) from error
