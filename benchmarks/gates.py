"""False alarms of the gates over a clean month, and whether they find injected faults.

python -m benchmarks.gates alarms              the learned limits, on figures of sources without and with a fault
python -m benchmarks.gates month               thirty daily runs of a small newsroom's feeds, then each injected fault
"""

import argparse
import datetime as dt
import random
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import numpy as np
import polars as pl

from benchmarks.newsroom import OUTLETS, make_page, write_dated, write_day
from copydesk.expectations.suite import Expectation, read_suite
from copydesk.flows.run.local_runner import LocalRunner
from copydesk.flows.run.pipeline import run_pipeline
from copydesk.flows.settings import read_settings
from copydesk.transforms.quality.baselines import ALARMS, prediction_interval

_STAGES = ("ingest", "clean", "dedupe", "tag")
_START = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)  # a Monday


def draw_source_runs(n_sources: int, n_days: int, generator: np.random.Generator) -> pl.DataFrame:
    """Simulate the figures of sources without faults: SOURCE_RUNS with `at`, one row per source and day.

    Each source has its own size (5 to 400 records a day), weekends at 30 to 90 %, growth of up to 60 % over the time,
    days with twice the news, its own lengths, and shares that vary from day to day more than sampling does.
    """
    shape = (n_days, n_sources)
    days = np.arange(n_days)[:, None]
    size = np.exp(generator.uniform(np.log(5), np.log(400), n_sources))
    weekend = np.where(days % 7 >= 5, generator.uniform(0.3, 0.9, n_sources), 1.0)
    growth = 1 + generator.uniform(-0.4, 0.6, n_sources) * days / n_days
    burst = np.where(generator.random(shape) < 0.03, 2.0, 1.0)
    n_new = np.maximum(
        generator.poisson(size * weekend * growth * burst * generator.gamma(20, 1 / 20, shape)), 1
    )

    def share(low: float, high: float, looseness: float = 60) -> np.ndarray:
        mean = generator.uniform(low, high, n_sources)
        daily = generator.beta(mean * looseness + 0.01, (1 - mean) * looseness + 0.01, shape)
        return generator.binomial(n_new, daily) / n_new

    lengths = np.exp(generator.normal(np.log(450), 0.5, n_sources))
    noise = generator.normal(0, 1.25 * 0.7 / np.sqrt(n_new)) + generator.normal(0, 0.05, shape)
    kept = (
        generator.uniform(0.3, 0.95, n_sources)
        + generator.normal(0, 0.15 / np.sqrt(n_new))
        + generator.normal(0, 0.02, shape)
    )
    names = generator.uniform(2, 7, n_sources) * np.exp(generator.normal(0, 0.4 / np.sqrt(n_new)))
    columns: dict[str, np.ndarray] = {
        "n_new": n_new,
        "hours_since_new": 24 * np.exp(generator.normal(0, 0.02, shape)),
        "median_words": lengths * np.exp(noise),
        "median_kept": np.clip(kept, 0.01, 1),
        "titled_share": share(0.5, 1),
        "dated_share": share(0.0, 1),
        "damaged_share": share(0, 0.05),
        "lang_share": share(0.8, 1),
        "copied_share": share(0, 0.5),
        "mentions_per_100_words": names,
    }
    frame = pl.DataFrame({name: values.ravel() for name, values in columns.items()})
    return frame.with_columns(
        source=pl.Series([f"s{number:04}" for _ in range(n_days) for number in range(n_sources)]),
        at=pl.Series([_START + dt.timedelta(days=day) for day in range(n_days) for _ in range(n_sources)]),
    )


#: By expectation: a fault that it must see, as a change of the day's figure.
FAULTS: dict[str, tuple[str, Any]] = {
    "as_many_as_usual": ("a tenth of the records", lambda value: value // 10),
    "not_silent_for_long": ("four days of silence", lambda value: value + 96),
    "kept_as_much_as_usual": ("half as much is article", lambda value: value / 2),
    "as_long_as_usual": ("cut off at 60 words", lambda value: value * 0 + 60),
    "language_as_usual": ("another language", lambda value: value * 0),
    "headlines_as_usual": ("no headlines", lambda value: value * 0),
    "dates_as_usual": ("no dates", lambda value: value * 0),
    "damaged_as_rarely_as_usual": ("every text damaged", lambda value: value * 0 + 1),
    "copies_as_usual": ("yesterday's feed again", lambda value: value * 0 + 1),
    "named_as_often_as_usual": ("hardly a name", lambda value: value / 10),
}


def score_alarms(n_sources: int, n_days: int, seed: int) -> pl.DataFrame:
    """Check every day against the days before it; return the number of checks and the share of alarms by expectation.

    `alarms` is the share among days without a fault, `seen` the share of sources whose fault on the last day (FAULTS)
    is found.
    """
    runs = draw_source_runs(n_sources, n_days, np.random.default_rng(seed))
    learned = [each for stage in _STAGES for each in read_suite(stage) if each.learned]
    rows = [_score(expectation, runs) for expectation in learned]
    return pl.DataFrame(rows, orient="row", schema=["expectation", "judged", "alarms", "fault", "seen"])


def _score(expectation: Expectation, runs: pl.DataFrame) -> tuple[str, int, float, str, float]:
    learned = expectation.learned
    assert learned is not None
    figure = runs.select(list(dict.fromkeys(["source", "at", "n_new", learned.metric])))
    past = figure.clear().with_columns(flagged=pl.lit(value=False))
    judged = alarms = 0
    for (_,), day in figure.group_by("at", maintain_order=True):
        before = past
        found = prediction_interval(before, day, learned)
        judged += found["is_usual"].is_not_null().sum()
        alarms += (~found["is_usual"]).sum()
        flags = found.select("source", flagged=(~pl.col("is_usual")).fill_null(value=False))
        past = pl.concat([past, day.join(flags, on="source", how="left")])
    name, change = FAULTS[expectation.name]
    faulty = day.with_columns(change(pl.col(learned.metric)))
    if learned.metric == "n_new":
        faulty = faulty.filter(pl.col("n_new") >= 0)
    seen = (~prediction_interval(before, faulty, learned)["is_usual"]).mean()
    return expectation.name, judged, alarms / judged, name, float(seen or 0)


@dataclass(frozen=True)
class Fault:
    """A fault injected into the feed of one outlet on one day; one of the `expected` expectations must fail."""

    name: str
    outlet: str
    expected: tuple[str, ...]
    inject: Callable[[Path, dt.date, list[Path]], None]
    days_later: int = 1


def _each(change: Callable[[str], str | bytes]) -> Callable[[Path, dt.date, list[Path]], None]:
    def inject(_folder: Path, day: dt.date, files: list[Path]) -> None:
        for file in files:
            write_dated(file, change(file.read_text()), day)

    return inject


def _repeat_yesterday(folder: Path, day: dt.date, files: list[Path]) -> None:
    for file in files:
        file.unlink()
    for file in sorted(folder.glob(f"{files[0].parent.name}/{day - dt.timedelta(days=1)}-*.txt")):
        write_dated(file.with_name(f"{day}-again-{file.name}"), file.read_bytes(), day)


def _keep(number: int) -> Callable[[Path, dt.date, list[Path]], None]:
    def inject(_folder: Path, _day: dt.date, files: list[Path]) -> None:
        for file in files[number:]:
            file.unlink()

    return inject


def _flood(folder: Path, day: dt.date, files: list[Path]) -> None:
    outlet = next(outlet for outlet in OUTLETS if outlet.name == files[0].parent.name)
    write_day(folder, day, outlet, seed=99, share=6)


def _set_clocks(_folder: Path, day: dt.date, files: list[Path]) -> None:
    for file in files:
        write_dated(file, file.read_bytes(), day + dt.timedelta(days=400))


def _pretend_pdf(_folder: Path, day: dt.date, files: list[Path]) -> None:
    for file in files:
        write_dated(file.with_suffix(".pdf"), b"%PDF-1.7 \x00\xff", day)
        file.unlink()


def _speak_spanish(_folder: Path, day: dt.date, files: list[Path]) -> None:
    spanish = next(outlet for outlet in OUTLETS if outlet.lang == "es")
    for number, file in enumerate(files):
        write_dated(file, make_page(random.Random(number), spanish, day), day)


def _cut(lines: slice) -> Callable[[str], str]:
    return lambda text: "\n".join(text.split("\n")[lines])


_MENUS = "\n".join(
    ["Home", "News", "Log in", "Subscribe", "Accept all cookies", "Privacy policy", "Most read", "Video"] * 6
)
INJECTED = (
    Fault(
        "an encoding break",
        "la-ribera",
        ("few_characters_are_lost", "damaged_as_rarely_as_usual"),
        _each(lambda text: text.encode("ascii", "replace")),
    ),
    Fault(
        "bytes that are no text",
        "metro-daily",
        ("record_is_text", "stray_bytes_are_few"),
        _each(lambda _: bytes(range(256)) * 8),
    ),
    Fault(
        "a redesign that leaves only menus",
        "harbour-times",
        ("text_has_words", "holds_an_article", "is_no_listing", "kept_as_much_as_usual"),
        _each(lambda _: _MENUS),
    ),
    Fault(
        "a redesign that leaves one paragraph",
        "metro-daily",
        ("as_long_as_usual",),
        _each(
            lambda text: "\n".join([*text.split("\n")[:11], *text.split("\n")[11:12], *text.split("\n")[-4:]])
        ),
    ),
    Fault(
        "a feed that repeats yesterday",
        "harbour-times",
        ("copies_as_usual", "not_only_copies"),
        _repeat_yesterday,
    ),
    Fault("a truncated batch", "metro-daily", ("as_many_as_usual",), _keep(1)),
    Fault("a source that fell silent", "metro-daily", ("not_silent_for_long",), _keep(0), days_later=6),
    Fault("a flood", "metro-daily", ("as_many_as_usual",), _flood),
    Fault("articles cut off", "plain-wire", ("as_long_as_usual",), _each(lambda text: text[:260])),
    Fault("a wrong language", "metro-daily", ("language_as_usual",), _speak_spanish),
    Fault(
        "empty titles", "plain-wire", ("headlines_as_usual",), _each(lambda text: text.split("\n\n", 2)[2])
    ),
    Fault(
        "no dates",
        "plain-wire",
        ("dates_as_usual",),
        _each(lambda text: re.sub(r"\n\n.*\n\n", "\n\n", text, count=1)),
    ),
    Fault("a fetcher's clock in the future", "metro-daily", ("fetched_in_the_past",), _set_clocks),
    Fault(
        "publication in the future",
        "plain-wire",
        ("published_in_the_past",),
        _each(lambda text: text.replace(", 2026\n", ", 2031\n")),
    ),
    Fault("empty files", "valley-note", ("record_is_not_empty",), _each(lambda _: "")),
    Fault("another kind of file", "valley-note", ("media_type_is_supported",), _pretend_pdf),
    Fault(
        "names blacked out",
        "metro-daily",
        ("named_as_often_as_usual",),
        _each(lambda text: re.sub(r"\b(?:[A-Z]\w+ ?)+", "nobody ", text)),
    ),
)


def run_day(home: Path, folder: Path, day: dt.date) -> str:
    """Run the pipeline over the feeds as of the evening of `day`; return the id of the run."""
    evening = dt.datetime.combine(day, dt.time(18), dt.UTC)
    with patch("copydesk.flows.run.pipeline.now", lambda: evening):
        return run_pipeline([str(folder)], read_settings(home=home), LocalRunner()).run_id


def simulate_month(home: Path, folder: Path, n_days: int) -> dt.date:
    """Simulate one run per day up to yesterday; return yesterday's date."""
    first = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=n_days)
    for number in range(n_days):
        day = first + dt.timedelta(days=number)
        for outlet in OUTLETS:
            write_day(folder, day, outlet, seed=7)
        run_day(home, folder, day)
    return day


def read_clean_month(home: Path) -> dict[str, Any]:
    """Return the numbers of checks, of failed checks by severity, and of quarantined documents so far."""
    with duckdb.connect(home / "copydesk.duckdb", read_only=True) as warehouse:
        counts = warehouse.sql(
            "SELECT severity, sum(greatest(n_checked, 1)) AS checked, sum(n_unexpected) AS failed, "
            "    string_agg(DISTINCT expectation, ', ') FILTER (NOT success) AS names "
            "FROM quality_results GROUP BY severity ORDER BY severity"
        ).pl()
        quarantined, read = warehouse.execute(
            "SELECT sum(n_quarantined), sum(n_records - n_known) FROM runs"
        ).fetchone() or (0, 0)
    return {"by_severity": counts, "quarantined": int(quarantined), "read": int(read)}


def inject(fault: Fault, home: Path, folder: Path, aside: Path, yesterday: dt.date) -> list[str]:
    """Run one more day with a fault on a copy of the home; return the expectations that failed."""
    shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(home, aside / "home")
    shutil.copytree(folder, aside / "feeds")
    # The feeds' paths are other ones now: without this every old file would be new.
    with duckdb.connect(aside / "home" / "copydesk.duckdb") as warehouse:
        for table in ("raw_documents", "quarantine"):
            warehouse.execute(
                f"UPDATE {table} SET uri = replace(uri, ?, ?)", [str(folder), str(aside / "feeds")]
            )
    day = yesterday + dt.timedelta(days=fault.days_later)
    for outlet in OUTLETS:
        files = write_day(aside / "feeds", day, outlet, seed=7)
        if outlet.name == fault.outlet:
            fault.inject(aside / "feeds", day, files)
    run = run_day(aside / "home", aside / "feeds", day)
    with duckdb.connect(aside / "home" / "copydesk.duckdb", read_only=True) as warehouse:
        rows = warehouse.execute(
            "SELECT DISTINCT expectation FROM quality_failures WHERE run_id = ? AND coalesce(source, ?) = ? ORDER BY 1",
            [run, fault.outlet, fault.outlet],
        ).fetchall()
    return [row[0] for row in rows]


def print_month(work: Path, n_days: int) -> None:
    """Simulate a month, inject each fault on the day after, and print the results of the gates."""
    home, folder = work / "home", work / "feeds"
    yesterday = simulate_month(home, folder, n_days)
    clean = read_clean_month(home)
    print(f"{n_days} clean days: {clean['read']} records, {clean['quarantined']} quarantined")
    print(clean["by_severity"])
    for fault in INJECTED:
        named = inject(fault, home, folder, work / "aside", yesterday)
        caught = bool(set(named) & set(fault.expected))
        print(f"{'caught' if caught else 'MISSED':7} {fault.name:36} {', '.join(named)}")


def main() -> None:
    """Run one of the measurements and print its results."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["alarms", "month"])
    parser.add_argument("--sources", type=int, default=400)
    parser.add_argument("--days", type=int)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.what == "month":
        with tempfile.TemporaryDirectory() as work:
            print_month(Path(work), given.days or 30)
        return
    scored = score_alarms(given.sources, given.days or 60, given.seed)
    with pl.Config(tbl_rows=-1, tbl_width_chars=140, fmt_str_lengths=40, tbl_hide_dataframe_shape=True):
        print(scored)
    total = (scored["alarms"] * scored["judged"]).sum() / scored["judged"].sum()
    print(f"all figures: {total:.3%} alarms, wanted at most {ALARMS:.3%} each")


if __name__ == "__main__":
    main()
