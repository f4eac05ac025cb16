"""docs/reference/expectations.md: every expectation of every suite, with its condition and the reason for it."""

from copydesk.expectations.suite import Expectation, read_suite
from copydesk.flows.staging.frames import STAGES

_ROW: dict[object, str] = {
    "documents": "one document",
    ("ingest", "documents"): "one record",
    ("load", "documents"): "one law",
    "sources": "one source",
    "run": "the run",
}

_HEAD = [
    "# Expectations",
    "",
    "Written by `make docs` from `expectations/suites/`. A failed *notice* is only reported; a failed *warning*",
    "sends the rows to quarantine; a failed *critical* expectation stops the run before anything is published; an",
    "expectation that is *off* does nothing until a [limits file](../how-to/tune-a-source.md) turns it on.",
    '"Usual" limits are learned from the source\'s own earlier runs ([Gates](../explanation/gates.md)).',
    "",
    "| after | expectation | severity | one row is | condition | it fails when |",
    "|---|---|---|---|---|---|",
]


def expectations_page() -> str:
    """Return the page: one row per expectation, in the order of the stages."""
    rows = [
        f"| {stage} | {each.name} | {each.severity} | {_row(stage, each)} | {each.asks} | {each.because} |"
        for stage in STAGES
        for each in read_suite(stage)
    ]
    return "\n".join([*_HEAD, *rows, ""])


def _row(stage: str, expectation: Expectation) -> str:
    """Return what one row is that an expectation checks."""
    return _ROW.get((stage, expectation.over), _ROW[expectation.over])
