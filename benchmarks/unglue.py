"""Quality of the repair of glued words: precision, recall and wrong splits, and its time per document.

    python -m benchmarks.unglue            five folds of domains, each judged by weights of the others
    python -m benchmarks.unglue --shipped  the same with the weights of seeds/unglue, which saw all pages
    python -m benchmarks.unglue --fit      fit the weights on all pages and write seeds/unglue/model.toml

The glue is made from the gold articles of --eval (default ../shared/eval/clean) by a dice seeded with the page: about 1
space in 300 words goes (outside English, where pages are few, 1 in 60), 65 % of them beside a name, 30 % between a
common and another small word, 5 % between two capitalised words; recall counts all of it. Wrong splits are counted
on the same articles without glue, where each split counts as wrong, though many are glue that the pages came with:
`--show` prints them. Precision counts a space in the wrong place too, and supposes 1 in 300 words everywhere.
"""

import argparse
import random
import re
import time
import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import wordfreq
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from benchmarks import ROOT
from benchmarks.pages import SETS, read_rows
from copydesk.transforms.clean.glued_words import (
    GluedWords,
    compute_split_features,
    propose_splits,
    read_glued_words,
)
from copydesk.transforms.clean.split_features import FEATURES
from copydesk.transforms.clean.word_splits import PUNCTUATION, SHAPES, find_words
from copydesk.transforms.text.hashing import hash64
from copydesk.transforms.text.lines import to_lines

SEEDS = ROOT / "seeds" / "unglue"
_SPACE = re.compile(r"(?<!\w)([^\W\d_]+(?:['’][^\W\d_]+)?) (?=([^\W\d_]+))")
_FOLDS = 5


def load_glue() -> GluedWords:
    """Read seeds/unglue."""
    files = (SEEDS / name for name in ("model.toml", "affixes.csv", "brands.txt"))
    return read_glued_words(*(file.read_text(encoding="utf-8") for file in files))


def load_pages(folder: Path, langs: list[str]) -> pl.DataFrame:
    """Return page, set, lang, fold (0..4, by domain), text (the gold article) and raw of every page in `langs`."""
    rows = []
    for name in SETS:
        rows += [
            (f"{name} {n}", name, p["lang"], hash64(p["domain"]) % _FOLDS, p["gold_text"], p["raw_text"])
            for n, p in enumerate(read_rows(folder / f"{name}.jsonl.gz"))
        ]
    pages = pl.DataFrame(rows, schema=["page", "set", "lang", "fold", "text", "raw"], orient="row")
    return pages.filter(pl.col("lang").is_in(langs))


@cache
def _common(lang: str) -> frozenset[str]:
    return frozenset(wordfreq.top_n_list("nb" if lang == "no" else lang, 150))


def make_glue(page: str, lang: str, text: str) -> tuple[str, list[int]]:
    """Drop spaces of `text`; return the glued text and the places (code points) where a space is missing."""
    dice = random.Random(f"glue {page}")
    places: dict[str, list[int]] = {"name": [], "phrase": [], "names": []}
    for match in _SPACE.finditer(text):
        left, right = match[1], match[2]
        if left[0].isupper() or right[0].isupper():
            places["names" if left[0].isupper() and right[0].isupper() else "name"].append(match.end(1))
        elif (left in _common(lang)) != (right in _common(lang)):
            places["phrase"].append(match.end(1))
    wanted = len(text.split()) / (300 if lang == "en" else 60)
    kinds = dice.choices(
        ["name", "phrase", "names"], [65, 30, 5], k=int(wanted) + (dice.random() < wanted % 1)
    )
    cuts = sorted({dice.choice(places[kind]) for kind in kinds if places[kind]})
    pieces = [text[a:b] for a, b in zip([0, *(cut + 1 for cut in cuts)], [*cuts, len(text)], strict=True)]
    return "".join(pieces), [cut - number for number, cut in enumerate(cuts)]


def around(text: str, place: int) -> tuple[str, int]:
    """Return the run between spaces and line ends that holds `place`, and where in it the place is."""
    left, right = re.split(r"[ \n]", text[:place])[-1], re.match(r"[^ \n]*\n?", text[place:])
    return left + (right[0] if right else ""), len(left)


def label(glued: pl.DataFrame, missing: pl.DataFrame, glue: GluedWords) -> pl.DataFrame:
    """Return the FEATURES of every split of the glued pages, with lang, fold, shape and `glued` (is it true)."""
    parts = []
    lead = (
        pl.col("chunk").str.len_chars() - pl.col("chunk").str.strip_chars_start(PUNCTUATION).str.len_chars()
    )
    for (lang,), pages in glued.partition_by("lang", as_dict=True).items():
        lines = to_lines(pages.select(doc_id="page", raw_text="text"))
        chunks, words = find_words(lines, str(lang))
        names = pl.DataFrame({"doc": lines["doc_id"].rle_id(), "page": lines["doc_id"]}).unique("doc")
        text = dict(pages.select("page", "text").iter_rows())
        truth = [(page, *around(text[page], at)) for page, at in missing.iter_rows() if page in text]
        true = (
            pl.DataFrame(truth, schema=["page", "chunk", "place"], orient="row")
            .join(words, on="chunk")
            .select("page", "token", at=pl.col("place") - lead.cast(pl.Int64), glued=True)
        )
        splits = compute_split_features(chunks, words, str(lang), glue).join(names, on="doc")
        parts.append(splits.join(true.unique(), on=["page", "token", "at"], how="left"))
    return (
        pl.concat(parts)
        .join(glued.drop("text", "raw"), on="page")
        .with_columns(pl.col("glued").fill_null(value=False))
    )


def fit(splits: pl.DataFrame) -> np.ndarray:
    """Return weights: a logistic regression for each shape. The denser glue outside English counts a fifth."""
    rows = []
    splits = splits.sort("page", "token", "at")  # their order moves the last digits of the weights
    for shape in range(len(SHAPES)):
        own = splits.filter(shape=shape)
        scaler, model = StandardScaler(), LogisticRegression(C=0.3, max_iter=5000)
        table = scaler.fit_transform(own.select(FEATURES).to_numpy())
        dense = (own["glued"] & (own["lang"] != "en")).to_numpy()
        model.fit(table, own["glued"].to_numpy(), np.where(dense, 0.2, 1.0))
        weights = model.coef_[0] / scaler.scale_
        rows.append([*weights, model.intercept_[0] - weights @ scaler.mean_])
    return np.round(rows, 3)


def judge(pages: pl.DataFrame, glue: GluedWords) -> pl.DataFrame:
    """Return EDITS of the pages' text (page, lang, text)."""
    return propose_splits(
        to_lines(pages.select(doc_id="page", raw_text="text")), pages.select("lang", doc_id="page"), glue
    )


def report(pages: pl.DataFrame, missing: pl.DataFrame, found: pl.DataFrame, wrong: pl.DataFrame) -> None:
    """Print one line per group of pages, from EDITS on the glued text (`found`) and on the clean text (`wrong`)."""
    print(f"{'pages':<14}{'words':>9}{'glue':>6}{'precision':>11}{'recall':>8}{'wrong per 10,000 words':>24}")
    right = found.join(missing, left_on=["doc_id", "start"], right_on=["page", "place"], how="semi")
    news = pages.filter(pl.col("lang") == "en", pl.col("set") != "web_dev")
    groups = {"English news": news} | {
        str(k[0]): g for k, g in pages.partition_by("lang", as_dict=True).items()
    }
    for name, group in (groups | {"all": pages}).items():
        n_words = int(group["text"].str.count_matches(r"\S+").sum())
        ids = group["page"].implode()
        n_glue = missing.filter(pl.col("page").is_in(ids)).height
        n_found, n_right, n_wrong = (
            edits.filter(pl.col("doc_id").is_in(ids)).height for edits in (found, right, wrong)
        )
        misplaced = max(n_found - n_right - n_wrong, 0) / n_glue
        recall, noise = n_right / n_glue, 300 * n_wrong / n_words
        precision = recall / (recall + misplaced + noise)
        shares = f"{n_words:>9}{n_glue:>6}{precision:>11.3f}{recall:>8.3f}"
        print(f"{name:<14}{shares}{n_wrong / n_words * 1e4:>18.2f} ({n_wrong})")


def show(pages: pl.DataFrame, wrong: pl.DataFrame) -> None:
    """Print every split of clean text, with its score."""
    text = dict(pages.select("page", "text").iter_rows())
    for page, place, rule, score in wrong.select("doc_id", "start", "rule", "score").iter_rows():
        chunk, at = around(text[page], place)
        print(f"{page:<14} {rule} {score:.2f}  {chunk[:at]}|{chunk[at:]}")


def clock(pages: pl.DataFrame, glue: GluedWords) -> None:
    """Print microseconds per document: all articles and raw pages in English as one batch, word lists loaded before."""
    texts = pl.concat(
        pages.filter(lang="en").select("lang", page=pl.col("page") + kind, text=kind)
        for kind in ("text", "raw")
    )
    seconds = []
    for _ in range(4):
        began = time.process_time()
        judge(texts, glue)
        seconds.append(time.process_time() - began)
    microseconds = min(seconds) * 1e6 / (sum(map(len, texts["text"])) / 2500)
    print(f"{microseconds:.0f} microseconds a document of 2,500 characters, the best of 4 runs")


def write_weights(weights: np.ndarray) -> None:
    """Replace the weights in model.toml; the comment above them stays."""
    path = SEEDS / "model.toml"
    head = path.read_text(encoding="utf-8").partition("[weights]")[0]
    rows = [
        f'"{name}" = {[float(value) for value in weights[:, column]]}'
        for column, name in enumerate((*FEATURES, "constant"))
    ]
    path.write_text(head + "\n".join(["[weights]", *rows, ""]), encoding="utf-8")


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval" / "clean", metavar="DIR")
    for flag in ("--shipped", "--fit", "--show"):
        parser.add_argument(flag, action="store_true")
    options = parser.parse_args()
    langs = list(tomllib.loads((SEEDS / "model.toml").read_text(encoding="utf-8"))["thresholds"])
    glue, pages = load_glue(), load_pages(options.eval, langs)
    made = [make_glue(*row) for row in pages.select("page", "lang", "text").iter_rows()]
    glued = pages.with_columns(text=pl.Series([text for text, _ in made]))
    places = [(page, place) for page, (_, cuts) in zip(pages["page"], made, strict=True) for place in cuts]
    missing = pl.DataFrame(places, schema={"page": pl.String, "place": pl.Int64}, orient="row")
    if options.fit:
        return write_weights(fit(label(glued, missing, glue)))
    splits = None if options.shipped else label(glued, missing, glue)
    found, wrong = [], []
    for fold in range(_FOLDS):
        own = glue if splits is None else glue._replace(weights=fit(splits.filter(pl.col("fold") != fold)))
        found.append(judge(glued.filter(fold=fold), own))
        wrong.append(judge(pages.filter(fold=fold), own))
    report(pages, missing, pl.concat(found), pl.concat(wrong))
    clock(pages, glue)
    if options.show:
        show(pages, pl.concat(wrong))
    return None


if __name__ == "__main__":
    main()
