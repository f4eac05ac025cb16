"""Pages and their lines as the line model learns them: every rendering, and which lines are the article's.

Pages come from ../shared/eval/clean and stay there. A line's label is measured against the accepted articles.
"""

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from rapidfuzz.distance import LCSseq

from benchmarks.pages import SETS, read_rows
from benchmarks.scores import WORD
from copydesk.transforms.clean.segments import segment
from copydesk.transforms.html.line_features import compute_html_features
from copydesk.transforms.html.visible_text import to_views

RENDERINGS = ("raw", "inscriptis", "bs4", "wrap80", "oneline", "light")
FOLDS = 10


@dataclass(frozen=True)
class Page:
    """One page: its set, domain, accepted articles, and its text by rendering."""

    set: str
    domain: str
    golds: list[str]
    texts: dict[str, str]
    weight: float


def read_pages(folder: Path) -> list[Page]:
    """Read the three sets, with the renderings that exist."""
    suspect = {row.split("\t")[1] for row in (folder / "suspect_gold.tsv").read_text().splitlines()[1:]}
    pages = []
    for name in SETS:
        rows = read_rows(folder / f"{name}.jsonl.gz")
        variants = folder / f"{name.replace('dev', 'variants_dev')}.jsonl.gz"
        nothing: list[dict[str, Any]] = [{} for _ in rows]
        others = read_rows(variants) if variants.exists() else nothing
        sources = read_rows(markup) if (markup := folder / f"{name}_html.jsonl.gz").exists() else nothing
        for row, other, source in zip(rows, others, sources, strict=True):
            kinds = {"raw": row["raw_text"], **other, **source}
            kinds.setdefault("oneline", " ".join(row["raw_text"].split()))  # as the sets' own is made
            texts = {kind: kinds[kind] for kind in (*RENDERINGS, "html") if kind in kinds}
            golds = [row["gold_text"], *(row.get("gold_alt") or [])]
            pages.append(Page(name, row["domain"], golds, texts, 0.0 if row["id"] in suspect else 1.0))
    return pages


def fold_of(domain: str) -> int:
    """Return the fold of a domain: all hosts of one registered domain are in one fold."""
    parts = domain.split(".")
    keep = 3 if len(parts) > 2 and parts[-2] in {"co", "com", "org", "net", "gov", "ac"} else 2
    return int(hashlib.sha256(".".join(parts[-keep:]).encode()).hexdigest(), 16) % FOLDS


def labelled_lines(pages: list[Page], rendering: str) -> pl.DataFrame:
    """Return the segments of every page in one rendering: doc_id (its place in `pages`), body, gold, weight.

    `gold` is the share of the segment's words that the first accepted article holds; where another accepted
    article says otherwise the segment weighs less.
    """
    texts = [(str(number), page.texts.get(rendering)) for number, page in enumerate(pages)]
    raw = pl.DataFrame(texts, schema=["doc_id", "raw_text"], orient="row").drop_nulls()
    raw = raw.with_columns(media_type=pl.lit("text/html" if rendering == "html" else "text/plain"))
    framing, views = to_views(raw)
    segments = segment(raw.with_columns(raw_text=views["view"])).filter(pl.col("body") != "")
    if rendering == "html":
        markup = compute_html_features(raw, framing, views)
        segments = segments.join(markup, on=["doc_id", "line"], how="left", maintain_order="left")
    gold, sure = [], []
    for (doc_id,), group in segments.group_by("doc_id", maintain_order=True):
        shares = [shares_of(group["body"].to_list(), article) for article in pages[int(str(doc_id))].golds]
        gold += shares[0]
        sure += [max(each) == min(each) for each in zip(*shares, strict=True)]
    return segments.with_columns(gold=pl.Series(gold), sure=pl.Series(sure))


def shares_of(lines: list[str], article: str) -> list[float]:
    """Return, for each line, the share of its words that are in the article, in order.

    A longest common subsequence of words; stretches of fewer than four words count only where they are a whole line.
    """
    words = [WORD.findall(line) for line in lines]
    number: dict[str, int] = {}
    page = [number.setdefault(word, len(number)) for line in words for word in line]
    other = [number.setdefault(word, len(number)) for word in WORD.findall(article)]
    first = np.cumsum([0, *(len(line) for line in words)])
    found = np.zeros(len(page), np.bool_)
    for block in LCSseq.opcodes(page, other):
        if block.tag != "equal":
            continue
        low, high = block.src_start, block.src_end
        if high - low >= 4:
            found[low:high] = True
            continue
        starts = first[np.searchsorted(first, low) : np.searchsorted(first, high, "right")]
        for low_line, high_line in pairwise(starts):
            found[low_line:high_line] = True
    return [float(found[low:high].mean()) if high > low else 0.0 for low, high in pairwise(first)]


def lighten(pages: list[Page], raw: pl.DataFrame) -> None:
    """Give every page a "light" text: the article's lines and, of each three pages, none, few or some others."""
    for (doc_id,), group in raw.group_by("doc_id", maintain_order=True):
        page = pages[int(str(doc_id))]
        draw = np.random.default_rng(int(str(doc_id)))
        share = (0.0, 0.04, 0.15)[int(str(doc_id)) % 3]
        keep = [gold >= 0.5 or draw.random() < share for gold in group["gold"]]
        page.texts["light"] = "\n".join(group["body"].filter(pl.Series(keep)))
