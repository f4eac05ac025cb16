"""Pages and their lines as the line model learns them: every rendering, and which lines are the article's.

Pages come from ../shared/eval/clean and stay there. A line's label is measured against the accepted articles.
"""

import hashlib
import re
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

RENDERINGS = ("raw", "inscriptis", "bs4", "wrap80", "oneline", "light", "short", "wire")
FOLDS = 5
#: Words of an article that "short" leaves at least, and the greatest number of its lines.
_SHORT_WORDS, _SHORT_LINES = 20, 5


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
    raw = pl.DataFrame(texts, schema={"doc_id": pl.String, "raw_text": pl.String}, orient="row")
    raw = raw.drop_nulls()
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


def add_renderings(pages: list[Page], raw: pl.DataFrame, wire: list[str]) -> None:
    """Give every page two more texts, and append pages of wire copy.

    * "light": the article's lines and, of each three pages, none, few or some others;
    * "short": the page with no more of its article than the first lines: a brief between long menus.
    * "wire": the items of `wire`, wrapped or not, alone or between the menu and the foot of a page.
    """
    frames = []
    for (doc_id,), group in raw.group_by("doc_id", maintain_order=True):
        number = int(str(doc_id))
        page, draw, own = pages[number], np.random.default_rng(number), (group["gold"] >= 0.5).to_numpy()
        share = (0.0, 0.04, 0.15)[number % 3]
        page.texts["light"] = _join(group, own | (draw.random(len(own)) < share))
        if own.any():
            page.texts["short"] = _join(
                group, ~own | _first_lines(group, own, int(draw.integers(1, _SHORT_LINES + 1)))
            )
            first, last = np.flatnonzero(own)[[0, -1]]
            place = np.arange(len(own))
            frames.append((page, _join(group, place < first), _join(group, place > last)))
    for number, item in enumerate(wire):
        page, menu, foot = frames[number % len(frames)]
        story = item if number % 4 < 3 else unwrap(item)
        text = story if number % 3 == 0 else f"{menu}\n\n{story}\n\n{foot}"
        pages.append(
            Page("wire", page.domain, [re.sub(r"\s*(?i:reuters?)\W*$", "", item)], {"wire": text}, 1.0)
        )


def unwrap(item: str) -> str:
    """Return wire copy with a paragraph per line: paragraphs are indented."""
    return re.sub(r"\n(?=\S)", " ", item.replace("\n\n", "\n\n "))


def _first_lines(group: pl.DataFrame, own: Any, n: int) -> Any:
    """Return flags of the first `n` lines of the article, more where they have too few words."""
    words = np.cumsum(np.where(own, group["n_words"].to_numpy(), 0))
    return own & (
        (np.cumsum(own) <= n) | (words - np.where(own, group["n_words"].to_numpy(), 0) < _SHORT_WORDS)
    )


def _join(group: pl.DataFrame, keep: Any) -> str:
    return "\n".join(group["body"].filter(pl.Series(keep)))
