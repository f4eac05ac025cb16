"""Great Expectations' Data Docs, as a site that needs no network and no scripts.

The site keeps what it shows: results/RUN.json is its store, from which validations/RUN/SUITE.html, a page for each
suite of each run, expectations/SUITE.html, a page for each suite, and index.html are made.
"""

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from copydesk.expectations.data_docs.pages import PAGES, render, render_results, render_suite
from copydesk.expectations.data_docs.sanitise import shorten

_FOLDERS = ("results", "validations", "expectations")
#: Severities from the worst, and their looks.
_WORST = {"critical": "no", "warning": "warn", "notice": "note"}


@dataclass(frozen=True)
class Run:
    """One run of the store: `results` are Great Expectations' validation results, by suite."""

    name: str
    at: datetime
    results: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class State:
    """What one suite came to in one run: where its page is, in words, and how that looks (a class of site.css)."""

    suite: str
    run: Run
    look: str
    words: str

    @property
    def stage(self) -> str:
        """The first word of the suite's name."""
        return self.suite.partition(" ")[0]

    @property
    def page(self) -> str:
        """The address of its page, from the site's folder."""
        return f"validations/{to_file_name(self.run.name)}/{to_file_name(self.suite)}.html"


def build_site(
    results: dict[str, dict[str, Any]], folder: Path, run: str, at: datetime, keep: int = 20
) -> Path:
    """Add a run to the site in `folder` and bring its pages up to date; return the path of its index.html.

    `results` has, by suite, what Great Expectations' `validate` returned, as a JSON dict (`to_json_dict()`); the names
    of suites start with their stage ("clean", "clean sources"). What the site had of the same run is replaced. Only the
    last `keep` runs by time stay. Pages of earlier runs are not made again; each file is written whole, the index after
    the pages that it names and before others are removed, so a reader never meets a dead link.
    Raises ValueError for a `keep` below 1, and KeyError for what is no validation result.
    """
    if keep < 1:
        raise ValueError(f"a site that keeps {keep} runs shows none")
    stored = {"run": run, "at": at.astimezone(UTC).isoformat(), "results": shorten(results)}
    _write(folder / "results" / f"{to_file_name(run)}.json", json.dumps(stored))
    runs = _read_runs(folder)[:keep]
    states = [state for one in runs for state in _states(one)]
    _write(folder / "site.css", (PAGES / "site.css").read_text(encoding="utf-8"))
    for state in states:
        if state.run.name == run or not (folder / state.page).exists():
            _write(folder / state.page, _results_page(state, states))
    pages = {state.page for state in states}
    for suite in dict.fromkeys(state.suite for state in states):
        page = f"expectations/{to_file_name(suite)}.html"
        _write(folder / page, _suite_page([state for state in states if state.suite == suite]))
        pages.add(page)
    index = _write(folder / "index.html", _index_page(runs, states, keep))
    _remove_others(folder, pages | {f"results/{to_file_name(one.name)}.json" for one in runs})
    return index


def to_file_name(name: str) -> str:
    """Return a name of a file, safe in every system and address: two names never share one."""
    if len(name) <= 60 and re.fullmatch(r"[a-z0-9_]+( [a-z0-9_]+)*", name):
        return name.replace(" ", "-")
    readable = re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-")[:40]
    return f"{readable or 'name'}-{blake2b(name.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"


def _read_runs(folder: Path) -> list[Run]:
    """Read the store, the latest run first; a file that someone broke is passed over, and removed with the others."""
    runs = []
    for file in sorted((folder / "results").glob("*.json")):
        with suppress(ValueError, KeyError, TypeError):
            stored = json.loads(file.read_text(encoding="utf-8"))
            runs.append(Run(stored["run"], datetime.fromisoformat(stored["at"]), stored["results"]))
    return sorted(runs, key=lambda run: (run.at, run.name), reverse=True)


def _states(run: Run) -> list[State]:
    return [State(suite, run, *_judge(found)) for suite, found in run.results.items()]


def _judge(found: dict[str, Any]) -> tuple[str, str]:
    """Say what a validation result comes to: how it looks, and in words."""
    failed = [_severity(result) for result in found["results"] if not result["success"]]
    if not found["results"]:
        return "note", "nothing to check"
    if not failed:
        return "yes", "passed"
    counts = {severity: failed.count(severity) for severity in _WORST if severity in failed}
    words = [
        f"{count} {severity}{'s' if count > 1 and severity != 'critical' else ''}"
        for severity, count in counts.items()
    ]
    return _WORST[next(iter(counts))], ", ".join(words)


def _severity(result: dict[str, Any]) -> str:
    """Return our severity, else Great Expectations' (its info is our notice; what has none is critical)."""
    config = result["expectation_config"]
    severity = (config.get("meta") or {}).get("severity") or config.get("severity")
    return severity if severity in _WORST else "notice" if severity == "info" else "critical"


def _results_page(state: State, states: list[State]) -> str:
    found = state.run.results[state.suite]
    return render(
        "results.html.j2",
        root="../../",
        state=state,
        body=render_results(state.suite, found, state.run.name, state.run.at.isoformat()),
        siblings=[other for other in states if other.run == state.run],
        suite_page=f"expectations/{to_file_name(state.suite)}.html",
    )


def _suite_page(history: list[State]) -> str:
    latest = history[0]
    body = render_suite(latest.suite, latest.run.results[latest.suite])
    return render("suite.html.j2", root="../", suite=latest.suite, body=body, history=history)


def _index_page(runs: list[Run], states: list[State], keep: int) -> str:
    stages = list(dict.fromkeys(state.stage for state in states))
    latest = {state.suite: state for state in reversed(states)}
    suites = sorted(latest.values(), key=lambda state: (stages.index(state.stage), state.suite))
    return render(
        "index.html.j2",
        root="",
        stages=stages,
        rows=[(run, [state for state in states if state.run == run]) for run in runs],
        suites=[(state, f"expectations/{to_file_name(state.suite)}.html") for state in suites],
        keep=keep,
    )


def _write(path: Path, text: str) -> Path:
    """Write a file so that a reader sees the old one or the new one; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.tmp")
    aside.write_text(text, encoding="utf-8")
    return aside.replace(path)


def _remove_others(folder: Path, kept: Iterable[str]) -> None:
    """Remove the files of runs that are no longer shown, and what a killed build left."""
    wanted = {folder / name for name in kept}
    for part in _FOLDERS:
        for path in sorted((folder / part).rglob("*"), reverse=True):
            if path.is_file() and path not in wanted:
                path.unlink()
            elif path.is_dir() and not any(path.iterdir()):
                path.rmdir()
