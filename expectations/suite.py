"""Suites: YAML files that a data editor can read, one per stage."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from copydesk.transforms.quality.baselines import SCALES, SIDES, LearnedLimit

SUITES = Path(__file__).parent / "suites"
#: off: not checked; notice: reported; warning: failing rows go to quarantine; critical: the run stops.
SEVERITIES = ("off", "notice", "warning", "critical")
#: The stages whose gates can reject rows; later, documents have been merged and linked.
SIFTING = ("ingest", "clean")
#: What one row of the measures is: a document (in ingest: a record; in load: a check), a source, or the run.
SCOPES = ("documents", "sources", "run")


_USUAL = {"low": "not less than", "high": "not more than", "both": "as"}
_SAID = {"column_values_to_be_unique": "once", "column_values_to_not_be_null": "given"}


@dataclass(frozen=True)
class Expectation:
    """One expectation of a suite, over the rows of one of SCOPES.

    `type` is the name that Great Expectations gives it, `arguments` are its arguments there; a `learned` expectation
    has neither, but limits from the baseline of each source. `only` restricts it to one source; `but` are sources
    with limits of their own, for which it does not hold.
    """

    name: str
    severity: str
    type: str
    because: str
    over: str = "documents"
    arguments: dict[str, Any] = field(default_factory=dict)
    learned: LearnedLimit | None = None
    only: str | None = None
    but: tuple[str, ...] = ()

    @property
    def column(self) -> str:
        """The measure that it checks."""
        return self.learned.metric if self.learned else str(self.arguments.get("column", "rows"))

    @property
    def asks(self) -> str:
        """What it asks of its column, in words: "n_words at least 5"."""
        if self.learned:
            return f"{self.column} {_USUAL[self.learned.side]} usual"
        return f"{self.column} {_say(self.type, {k: v for k, v in self.arguments.items() if k != 'column'})}"


def _say(kind: str, given: dict[str, Any]) -> str:
    """Say what an expectation with the arguments `given` asks; one that is not known here by its own names."""
    match kind, given:
        case _, {} if kind in _SAID and not given:
            return _SAID[kind]
        case "column_values_to_be_in_set", {"value_set": [bool(value)], **others} if not others:
            return f"is {'true' if value else 'false'}"
        case "column_values_to_be_in_set", {"value_set": values, **others} if not others:
            return f"one of {', '.join(map(str, values)) or 'those you name'}"
        case "column_values_to_be_between" | "table_row_count_to_be_between", _ if given and given.keys() <= {
            "min_value",
            "max_value",
        }:
            low, high = given.get("min_value"), given.get("max_value")
            if low == high:
                return f"= {low}"
            bounds = [f"at least {low}"] * (low is not None) + [f"at most {high}"] * (high is not None)
            return " and ".join(bounds)
    return ", ".join(
        [kind.replace("_", " "), *(f"{name.replace('_', ' ')} {each}" for name, each in given.items())]
    )


def read_suite(stage: str, folder: Path = SUITES) -> tuple[Expectation, ...]:
    """Read the expectations of `stage` from its file, in its order.

    Raises ValueError, with the names of the file and the expectation, for a file that cannot be read, a missing
    field, or an invalid value.
    """
    path = folder / f"{stage}.yaml"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name}: {_one_line(error)}") from error
    return _parse_suite(stage, text)


@lru_cache(maxsize=16)  # the five suites of three folders: each gate of a run asks for them
def _parse_suite(stage: str, text: str) -> tuple[Expectation, ...]:
    """Return the expectations of a suite's YAML text."""
    file = f"{stage}.yaml"
    try:
        entries = yaml.safe_load(text) or []
    except yaml.YAMLError as error:
        raise ValueError(f"{file}: {_one_line(error)}") from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError(
            f"{file} must be a list of expectations, each with the fields name, severity, expect, because"
        )
    suite = tuple(_read(file, dict(entry)) for entry in entries)
    for expectation in suite:
        check_severity(f"{file}: {expectation.name}", stage, expectation.severity)
    return suite


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def check_severity(where: str, stage: str, severity: object) -> None:
    """Raise ValueError for an unknown severity, and for one that the gate after `stage` cannot act on."""
    _check_choice(f"{where} has severity", severity, SEVERITIES)
    if severity == "warning" and stage not in SIFTING:
        raise ValueError(
            f"{where}: rows cannot be quarantined after {stage}; use the severity off, notice or critical"
        )


def apply_limits(
    suite: tuple[Expectation, ...], limits: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> tuple[Expectation, ...]:
    """Return `suite` with the `limits` of sources instead of its own, without expectations that are off.

    `limits` is by source, then by name of the expectation, then by field; the source `*` is every source. A source with
    limits for an expectation gets a copy of it, and is left out of the common one.
    """
    varied = []
    for expectation in suite:
        own = {
            source: names[expectation.name] for source, names in limits.items() if expectation.name in names
        }
        common = _changed(expectation, own.pop("*", {}))
        varied.append(replace(common, but=tuple(sorted(own))))
        varied += [replace(_changed(common, own[source]), only=source) for source in sorted(own)]
    return tuple(expectation for expectation in varied if expectation.severity != "off")


def _changed(expectation: Expectation, fields: Mapping[str, Any]) -> Expectation:
    """Return an expectation with some of its limits replaced."""
    severity = fields.get("severity", expectation.severity)
    others = {name: value for name, value in fields.items() if name != "severity"}
    if expectation.learned:
        return replace(expectation, severity=severity, learned=replace(expectation.learned, **others))
    return replace(expectation, severity=severity, arguments={**expectation.arguments, **others})


def _read(file: str, entry: dict[str, Any]) -> Expectation:
    label = entry.get("name", entry)
    try:
        name, severity, because = entry.pop("name"), entry.pop("severity"), entry.pop("because")
        over = entry.pop("over", "documents")
        learned = _read_learned(entry)
        kind = "" if learned else entry.pop("expect")
        found = Expectation(name, severity, kind, because, over, {} if learned else entry, learned)
    except KeyError as error:
        raise ValueError(f"{file}: {label} has no field {error}") from error
    except TypeError as error:
        raise ValueError(f"{file}: {label}: {error}") from error
    _check_choice(f"{file}: {name} is over", over, SCOPES)
    if learned:
        _check_choice(f"{file}: {name} has scale", learned.scale, tuple(SCALES))
        _check_choice(f"{file}: {name} has side", learned.side, SIDES)
    return found


def _read_learned(entry: dict[str, Any]) -> LearnedLimit | None:
    if "learned" not in entry:
        return None
    return LearnedLimit(metric=entry.pop("learned"), **entry)


def _check_choice(what: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ValueError(f"{what} {value!r}; expected one of: {', '.join(choices)}")
