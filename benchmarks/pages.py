"""Pages with a gold article: those of this repository, and the evaluation sets where they are at hand."""

import gzip
import json
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from benchmarks import ROOT
from copydesk.transforms.contract import RAW, conform

#: The evaluation sets lie beside the checkout; a clone elsewhere does without.
EVAL = ROOT.parent / "shared" / "eval" / "clean"
OWN = ROOT / "seeds" / "pages"
SETS = ("dev", "multi_dev", "web_dev")
RENDERINGS = ("inscriptis", "bs4", "wrap80", "oneline")
#: `--quick` takes every n-th page.
QUICK = 6


class Page(NamedTuple):
    """One page: its scraped text, the accepted articles, and its markup if known."""

    name: str
    text: str
    golds: list[str]
    source: str
    lang: str
    html: str | None = None


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Read one file of a set, one row per page. Raises OSError if it is missing."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def read_set(name: str, folder: Path = EVAL, *, html: bool = False) -> list[Page]:
    """Read one evaluation set, or a rendering of one ("dev/wrap80"). Raises OSError if it is missing."""
    name, _, rendering = name.partition("/")
    rows = read_rows(folder / f"{name}.jsonl.gz")
    texts = [row["raw_text"] for row in rows]
    if rendering:
        others = read_rows(folder / f"{name.removesuffix('dev')}variants_dev.jsonl.gz")
        texts = [other[rendering] for other in _beside(rows, others)]
    markup = (
        _beside(rows, read_rows(folder / f"{name}_html.jsonl.gz")) if html else [{"html": None}] * len(rows)
    )
    return [
        Page(
            str(number),  # ids repeat
            text,
            [row["gold_text"], *(row.get("gold_alt") or [])],
            row["domain"],
            row["lang"],
            page["html"],
        )
        for number, (row, text, page) in enumerate(zip(rows, texts, markup, strict=True))
    ]


def to_raw(
    texts: Mapping[str, str], media_type: str = "text/plain", sources: Sequence[str | None] = ()
) -> pl.DataFrame:
    """Return RAW of texts by doc_id, and their sources, if any, in the same order."""
    known: dict[str, list[Any]] = {"doc_id": list(texts), "raw_text": list(texts.values())}
    if sources:
        known["source"] = list(sources)
    frame = pl.DataFrame(known).with_columns(media_type=pl.lit(media_type))
    missing = [name for name in RAW if name not in frame.columns]
    return conform(frame.with_columns(pl.lit(None, RAW[name]).alias(name) for name in missing), RAW)


def has_html(name: str, folder: Path = EVAL) -> bool:
    """Return whether a set has markup."""
    return (folder / f"{name}_html.jsonl.gz").exists()


def read_own(rendering: str = "lines", folder: Path = OWN) -> list[Page]:
    """Read the pages of this repository, NAME.LANG.txt with NAME.LANG.gold.txt beside it, in one rendering.

    "lines" is how they are stored, a block a line; the others are made from it as scrapers make them: "wrap80" wraps
    at 80 columns, "oneline" joins all lines, "broken" breaks lines around names, as text taken apart at inline tags is.
    """
    pages = []
    for path in sorted(folder.glob("*.txt")):
        if not path.name.endswith(".gold.txt"):
            name, lang, _ = path.name.split(".")
            gold = path.with_name(f"{name}.{lang}.gold.txt").read_text(encoding="utf-8")
            text = _RENDER[rendering](path.read_text(encoding="utf-8"))
            pages.append(Page(name, text, [gold], "", lang))
    return pages


def _wrap(text: str) -> str:
    return "\n".join(textwrap.fill(line, 80) for line in text.split("\n"))


def _break(text: str) -> str:
    """Put every name inside a long line (up to three capitalised words after a lower-case one) on a line of its own."""
    name = re.compile(r"(?<=[^\W\d_][ ])((?:[A-ZÀ-ÞА-Я][\w'’-]+ ?){1,3})(?<! )(?= )")
    return "\n".join(
        name.sub(r"\n\1\n", line) if len(line) > 100 else line for line in text.split("\n")
    ).replace("\n ", "\n")


_RENDER: dict[str, Callable[[str], str]] = {
    "lines": lambda text: text,
    "wrap80": _wrap,
    "oneline": lambda text: " ".join(text.split()),
    "broken": _break,
}
OWN_RENDERINGS = tuple(_RENDER)


def _beside(rows: list[dict[str, Any]], others: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return `others` in the order of `rows`, matched by id; pages that share an id are matched in their order."""
    left: dict[str, list[dict[str, Any]]] = {}
    for other in others:
        left.setdefault(other["id"], []).append(other)
    return [left[row["id"]].pop(0) for row in rows]
