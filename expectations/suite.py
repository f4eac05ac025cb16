"""Suites: YAML files that a data editor can read, one a stage."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

SUITES = Path(__file__).parent / "suites"
SEVERITIES = ("warning", "critical")


@dataclass(frozen=True)
class Expectation:
    """One expectation of a suite. `type` is Great Expectations' name for it, `arguments` go to it as they are."""

    name: str
    severity: str
    type: str
    because: str
    arguments: dict[str, Any] = field(default_factory=dict)


def read_suite(stage: str, folder: Path = SUITES) -> tuple[Expectation, ...]:
    """Read the expectations of `stage` from its file, in its order.

    Raises ValueError, naming file and expectation, for a missing field or an unknown severity.
    """
    path = folder / f"{stage}.yaml"
    expectations = []
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
        try:
            name, severity = entry.pop("name"), entry.pop("severity")
            expectation = Expectation(name, severity, entry.pop("expect"), entry.pop("because"), entry)
        except KeyError as error:
            raise ValueError(f"{path.name}: {entry.get('name', entry)} has no field {error}") from error
        if severity not in SEVERITIES:
            raise ValueError(f"{path.name}: {name} has severity {severity!r}, which is none of {SEVERITIES}")
        expectations.append(expectation)
    return tuple(expectations)
