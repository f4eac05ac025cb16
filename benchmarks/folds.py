"""What a stranger's page would get: the whole clean stage by folds, with its gate, on ../shared/eval/clean.

    python -m benchmarks.folds MODELS [--html] [--show N]

MODELS holds the folds' models (`python -m benchmarks.train_clean --folds MODELS`): every page is cleaned with the model
that saw no page of its registered domain. A quarantined page counts as empty. `lost` is how many prose lines of the
article (20 words or more, ending as a sentence) are removed, per hundred pages.
"""

import argparse
from collections import Counter
from dataclasses import replace
from pathlib import Path

import polars as pl

from benchmarks.line_labels import FOLDS, Page, fold_of, labelled_lines, read_pages
from benchmarks.pages import EVAL, SETS, to_raw
from benchmarks.scores import score_texts
from copydesk.flows.io.resources import load_cleaning_resources, load_line_model
from copydesk.flows.settings import read_settings
from copydesk.transforms.clean.documents import NOT_BOILERPLATE
from copydesk.transforms.clean.stage import CleaningResources, clean
from copydesk.transforms.quality.measures import clean_measures


def resources_of_folds(folder: Path) -> list[CleaningResources]:
    """Return the resources of the clean stage with the model of each fold."""
    shipped = load_cleaning_resources(read_settings())
    return [replace(shipped, line_model=load_line_model(folder / str(fold))) for fold in range(FOLDS)]


def main() -> None:
    """Read the options, print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", type=Path)
    parser.add_argument("--html", action="store_true")
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    kind, media = ("html", "text/html") if options.html else ("raw", "text/plain")
    pages = [page for page in read_pages(EVAL) if kind in page.texts]
    lines = None if options.html else labelled_lines(pages, "raw")
    found = []
    for fold, resources in enumerate(resources_of_folds(options.models)):
        texts = {str(n): page.texts[kind] for n, page in enumerate(pages) if fold_of(page.domain) == fold}
        raw = to_raw(texts, media)
        edits, documents = clean(raw, resources)
        found.append((edits, documents, clean_measures(raw, edits, documents)))
    edits, documents, measures = (pl.concat(part) for part in zip(*found, strict=True))
    print_scores(pages, documents, rejected(measures))
    if lines is not None:
        print_losses(pages, lost_prose(lines, edits), options.show)


def rejected(measures: pl.DataFrame) -> set[str]:
    """Return the documents that the gate after clean would quarantine."""
    from copydesk.expectations.gate import Measures, judge_measures

    frame = measures.with_columns(hours_ahead=pl.lit(None, pl.Float64))
    missing = pl.DataFrame({"n_missing": [0]})
    verdict = judge_measures(
        "clean", Measures(frame, None, missing, pl.DataFrame()), read_settings().suites, {}
    )
    reasons = verdict.failures.filter(pl.col("doc_id").is_in(verdict.rejected["doc_id"].implode()))
    print(dict(Counter(reasons["expectation"])))
    return set(verdict.rejected["doc_id"])


def print_scores(pages: list[Page], documents: pl.DataFrame, gone: set[str]) -> None:
    """Print P, R and F1 of the clean stage, and end to end, by set."""
    texts = dict(documents.select("doc_id", "text").iter_rows())
    for name in SETS:
        numbers = [n for n, page in enumerate(pages) if page.set == name and str(n) in texts]
        golds = [pages[n].golds for n in numbers]
        stage = score_texts(golds, [texts[str(n)] for n in numbers])
        whole = score_texts(golds, ["" if str(n) in gone else texts[str(n)] for n in numbers])
        n_gone = sum(str(n) in gone for n in numbers)
        print(
            f"{name:<10} P {stage.p:.4f} R {stage.r:.4f} F1 {stage.f1:.4f}  end to end {whole.f1:.4f}"
            f"  quarantined {n_gone} of {len(numbers)}", flush=True,
        )  # fmt: skip


def lost_prose(lines: pl.DataFrame, edits: pl.DataFrame) -> pl.DataFrame:
    """Return the article's prose lines that were removed for the larger part: doc_id, body, rule, score."""
    gold = lines.filter(pl.col("prose") & (pl.col("gold") >= 0.9) & pl.col("sure"))
    gone = edits.filter((pl.col("replacement") == "") & ~pl.col("rule").is_in(NOT_BOILERPLATE))
    return (
        gold.drop("rule", "score")
        .join(gone.select("doc_id", "rule", "score", e_start="start", e_end="end"), on="doc_id")
        .with_columns(both=pl.min_horizontal("end", "e_end") - pl.max_horizontal("start", "e_start"))
        .filter(pl.col("both") * 2 > pl.col("end") - pl.col("start"))
        .select("doc_id", "line", "body", "rule", "score")
    )


def print_losses(pages: list[Page], lost: pl.DataFrame, show: int) -> None:
    """Print how many prose lines are lost per hundred pages, by set and rule."""
    of = Counter(pages[int(doc_id)].set for doc_id in lost["doc_id"] if pages[int(doc_id)].weight)
    for name in SETS:
        n_pages = sum(page.set == name for page in pages)
        print(f"{name:<10} lost {of[name]} prose lines, {100 * of[name] / n_pages:.1f} per hundred pages")
    print(dict(Counter(lost["rule"]).most_common()))
    for row in lost.sample(min(show, len(lost)), seed=1).iter_rows(named=True):
        print(pages[int(row["doc_id"])].domain, row["rule"], round(row["score"] or 0, 2), row["body"][:160])


if __name__ == "__main__":
    main()
