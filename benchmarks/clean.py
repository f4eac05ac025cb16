"""Quality and speed of cleaning, compared with other tools.

    python -m benchmarks.clean [--quick] [--no-peers] [--no-html] [EVAL_DIR]

One table per set: P, R and F1 by 4-word shingles and by words (benchmarks/scores.py), and documents of 2,500 characters
per second on one core: characters of visible text / 2,500 / CPU seconds. Then each rule's precision: the share of the
words it removes that the accepted article does not hold within the same run of four words.

`--quick` takes every sixth page; `--no-peers` leaves other tools out (they need `uv sync --group peers`), `--no-html`
what reads markup; `--pin` writes today's floors to seeds/floors.json. Without ../shared/eval/clean only the pages of
seeds/pages are scored.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import polars as pl

from benchmarks import ROOT
from benchmarks.pages import (
    EVAL,
    OWN_RENDERINGS,
    QUICK,
    RENDERINGS,
    SETS,
    Page,
    has_html,
    read_own,
    read_set,
    to_raw,
)
from benchmarks.peers import HTML_PEERS, TEXT_PEERS, keep_everything, run_peer
from benchmarks.scores import Scores, score_texts, words_of
from copydesk.flows.io.resources import load_cleaning_resources
from copydesk.flows.settings import read_settings
from copydesk.transforms.clean.source_template import count_lines, find_evidence, template_keys
from copydesk.transforms.clean.stage import clean
from copydesk.transforms.contract import SOURCE_LINES, empty

DOCUMENT = 2500  # characters
ENOUGH = 50  # documents: of fewer the fixed cost of a call, not the speed, would be measured
KEEP = "keep everything"
type Extract = Callable[[list[Page]], list[str]]
FLOORS = ROOT / "seeds" / "floors.json"
#: A floor lies this much below what was measured: a page of the smallest set more or less moves F1 by about as much.
SLACK = 0.005


def clean_pages(pages: list[Page], *, html: bool = False) -> tuple[list[str], pl.DataFrame]:
    """Return the clean texts of `pages`, in order, and the EDITS; with `html` the input is the markup."""
    texts = {f"{number:06}": (page.html or "") if html else page.text for number, page in enumerate(pages)}
    raw = to_raw(texts, "text/html" if html else "text/plain", [page.source or None for page in pages])
    keys = template_keys(raw)
    evidence = find_evidence(keys, count_lines(keys, empty(SOURCE_LINES)))
    edits, documents = clean(raw, load_cleaning_resources(read_settings()), evidence)
    cleaned = dict(documents.select("doc_id", "text").iter_rows())
    return [cleaned[doc_id] for doc_id in raw["doc_id"]], edits


def rule_precision(pages: list[Page], edits: pl.DataFrame) -> dict[str, tuple[float, int]]:
    """Return, by rule, the share of removed words that are boilerplate, and the number of removed words.

    `edits` are those of :func:`clean_pages` over `pages`. A loop over the removed spans, each a bag of shingles.
    """
    golds = [{run for gold in page.golds for run in words_of(gold.lower())[1]} for page in pages]
    wrong: Counter[str] = Counter()
    total: Counter[str] = Counter()
    removed = edits.filter(pl.col("replacement") == "").select("doc_id", "start", "end", "rule")
    for doc_id, start, end, rule in removed.iter_rows():
        words, runs = words_of(pages[int(doc_id)].text[start:end].lower())
        known = sum(run in golds[int(doc_id)] for run in runs) if len(words) >= 4 else 0
        total[rule] += len(words)
        wrong[rule] += round(known / max(len(runs), 1) * len(words))
    return {rule: (1 - wrong[rule] / n, n) for rule, n in total.items() if n}


def _timed(pages: list[Page], extract: Extract) -> tuple[Scores, float]:
    """Return the scores of `extract` and its speed in documents of 2,500 characters per second, once warmed up."""
    extract(pages[:1])
    began = time.process_time()
    texts = extract(pages)
    seconds = max(time.process_time() - began, 1e-4)
    return score_texts([page.golds for page in pages], texts), _n_documents(pages) / seconds


def _n_documents(pages: list[Page]) -> float:
    return sum(len(page.text) for page in pages) / DOCUMENT


def _contenders(*, peers: bool, html: bool) -> dict[str, Extract]:
    contenders: dict[str, Extract] = {
        "copydesk": lambda pages: clean_pages(pages)[0],
        KEEP: lambda pages: run_peer(keep_everything, pages),
    }
    makers = {**(TEXT_PEERS if peers else {}), **(HTML_PEERS if peers and html else {})}
    for name, make in makers.items():
        try:
            peer = make()
        except ImportError as absent:
            print(absent)
            continue
        contenders[name + (" (HTML)" if name in HTML_PEERS else "")] = partial(run_peer, peer)
    if html:
        contenders["copydesk (HTML)"] = lambda pages: clean_pages(pages, html=True)[0]
    return contenders


def score_set(name: str, pages: list[Page], *, peers: bool) -> dict[str, Scores]:
    """Print the table of one set and return the scores by contender."""
    print(f"\n{name}: {len(pages)} pages")
    print(f"{'':<30} {'F1':>6} {'P':>6} {'R':>6}   {'token F1':>8} {'P':>6} {'R':>6}   {'docs/s':>8}")
    scores, fits = {}, _n_documents(pages) >= ENOUGH
    for contender, extract in _contenders(peers=peers, html=pages[0].html is not None).items():
        scores[contender], speed = _timed(pages, extract)
        shingle, token = (
            f"{f1:>6.4f} {p:>6.4f} {r:>6.4f}" for p, r, f1 in (scores[contender][:3], scores[contender][3:])
        )
        print(
            f"{contender:<30} {shingle}     {token}   {f'{speed:>8.0f}' if fits and contender != KEEP else ''}",
            flush=True,
        )
    return scores


def load_set(name: str, *, quick: bool, html: bool, folder: Path = EVAL) -> list[Page]:
    """Return the pages of a set by its name: "own/RENDERING", "dev", "dev/wrap80", ...; all of them, or every sixth.

    `html` adds the markup of sets that have it. The pages of this repository are few and always all read.
    """
    if name.startswith("own/"):
        return read_own(name.removeprefix("own/"))
    base, _, rendering = name.partition("/")
    pages = read_set(name, folder, html=html and not rendering and has_html(base, folder))
    return pages[::QUICK] if quick else pages


def set_names(folder: Path = EVAL) -> list[str]:
    """Return the names of the sets that are there."""
    names = [f"own/{rendering}" for rendering in OWN_RENDERINGS]
    if (folder / "dev.jsonl.gz").exists():
        names += [*SETS, *(f"{name}/{rendering}" for name in SETS[:2] for rendering in RENDERINGS)]
    return names


def read_floors() -> list[dict[str, str | float]]:
    """Return the pinned floors: set, metric, floor and the command that measures it."""
    floors: list[dict[str, str | float]] = json.loads(FLOORS.read_text(encoding="utf-8"))["floors"]
    return floors


def pin(measured: dict[str, dict[str, Scores]]) -> None:
    """Write the floors of copydesk's F1 and P on `measured`, by set."""
    floors = [
        {"set": name, "metric": metric, "floor": round(getattr(scores["copydesk"], metric) - SLACK, 3)}
        for name, scores in measured.items()
        for metric in ("f1", "p")
    ]
    about = {
        "about": f"copydesk's scores below which a change fails: {SLACK} under what was measured",
        "command": "python -m benchmarks.clean --quick --no-peers --no-html --pin",
    }
    FLOORS.write_text(json.dumps(about | {"floors": floors}, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Read the options and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--html", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("folder", type=Path, nargs="?", default=EVAL, metavar="EVAL_DIR")
    options = parser.parse_args()
    measured, precisions = {}, []
    for name in set_names(options.folder):
        pages = load_set(name, quick=options.quick, html=options.html, folder=options.folder)
        whole = name in SETS
        measured[name] = score_set(name, pages, peers=options.peers and whole)
        if whole:
            precisions.append(rule_precision(pages, clean_pages(pages)[1]))
    _print_rules(precisions)
    if options.pin:
        pin(measured)


def _print_rules(precisions: list[dict[str, tuple[float, int]]]) -> None:
    found = pl.DataFrame(
        [(rule, share * n, n) for precision in precisions for rule, (share, n) in precision.items()],
        schema={"rule": pl.String, "right": pl.Float64, "n_words": pl.Int64},
        orient="row",
    )
    rules = found.group_by("rule").sum().sort("n_words", "rule", descending=[True, False])
    print(f"\n{'rule':<24} {'words removed':>13}  {'precision':>9}")
    for rule, right, n_words in rules.iter_rows():
        print(f"{rule:<24} {n_words:>13}  {right / n_words:>9.3f}")


if __name__ == "__main__":
    main()
