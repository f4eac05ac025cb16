"""How much wire copy the clean stage loses: wrapped newswire, all of which is the article.

    python -m benchmarks.wire [--behind] [--show N]

Reads ../shared/eval/wire. `--behind` puts every item between the menu and the foot of a page of
../shared/eval/clean. An item counts as hurt if three words or more of its story were removed as boilerplate; its
headline (kept in the column `title`) and its signature ("Reuter") are no loss.
"""

import argparse
import re

import polars as pl

from benchmarks import ROOT
from benchmarks.line_labels import labelled_lines, read_pages
from benchmarks.pages import EVAL, read_rows, to_raw
from copydesk.flows.io.resources import load_cleaning_resources
from copydesk.flows.settings import read_settings
from copydesk.transforms.clean.documents import NOT_BOILERPLATE
from copydesk.transforms.clean.stage import clean

WIRE = ROOT.parent / "shared" / "eval" / "wire" / "dev.jsonl.gz"
#: Words of a story that may go before its item counts as hurt.
SPARED = 2
_WORD = r"[\p{L}\p{N}]+"


def read_furniture(n: int) -> list[tuple[str, str]]:
    """Return the lines above and below the article of `n` pages of the evaluation set."""
    pages = [page for page in read_pages(EVAL) if page.weight][:n]
    lines = labelled_lines(pages, "raw").with_columns(own=pl.col("gold") >= 0.5)
    found = []
    for _, page in lines.group_by("doc_id", maintain_order=True):
        own = page["own"].to_list()
        if any(own):
            first, last = own.index(True), len(own) - 1 - own[::-1].index(True)
            found.append(("\n".join(page["body"][:first]), "\n".join(page["body"][last + 1 :])))
    return found


def find_losses(texts: list[str], starts: list[int], ends: list[int]) -> pl.DataFrame:
    """Return the spans that rules removed from the stories (raw text from `starts` to `ends`): doc_id, rule, lost."""
    raw = to_raw({f"{number:06}": text for number, text in enumerate(texts)})
    edits, _ = clean(raw, load_cleaning_resources(read_settings()))
    story = pl.DataFrame({"doc_id": raw["doc_id"], "from": starts, "to": ends, "raw_text": texts})
    gone = edits.filter((pl.col("replacement") == "") & ~pl.col("rule").is_in(NOT_BOILERPLATE))
    gone = gone.join(story, on="doc_id").with_columns(
        start=pl.max_horizontal("start", "from"), end=pl.min_horizontal("end", "to")
    )
    return gone.filter(pl.col("start") < pl.col("end")).select(
        "doc_id", "start", "rule", "score",
        lost=pl.col("raw_text").str.slice(pl.col("start"), pl.col("end") - pl.col("start")),
    )  # fmt: skip


def main() -> None:
    """Read the options, print how many items are hurt and by which rules."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--behind", action="store_true")
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    texts = [row["text"] for row in read_rows(WIRE)]
    starts, ends = [text.find("\n") for text in texts], [_story_end(text) for text in texts]
    if options.behind:
        around = read_furniture(300)
        tops = [around[n % len(around)][0] + "\n\n" for n in range(len(texts))]
        texts = [f"{tops[n]}{text}\n\n{around[n % len(around)][1]}" for n, text in enumerate(texts)]
        starts = [start + len(top) for start, top in zip(starts, tops, strict=True)]
        ends = [end + len(top) for end, top in zip(ends, tops, strict=True)]
    losses = find_losses(texts, starts, ends).with_columns(
        n_words=pl.col("lost").str.count_matches(_WORD).cast(pl.Int64)
    )
    items = losses.group_by("doc_id").agg(pl.col("n_words").sum())
    hurt = items.filter(pl.col("n_words") > SPARED)
    print(f"{len(hurt)} of {len(texts)} items ({len(hurt) / len(texts):.1%}) lose three words or more")
    shown = losses.join(hurt.select("doc_id"), on="doc_id", how="semi")
    print(shown.group_by("rule").agg(pl.len(), pl.col("n_words").sum()).sort("n_words", descending=True))
    for row in shown.sample(min(options.show, len(shown)), seed=1).iter_rows(named=True):
        print(row["doc_id"], row["rule"], round(row["score"] or 0, 2), repr(row["lost"]))


def _story_end(text: str) -> int:
    signature = re.search(r"\s*(?:Reuters?\.*|REUTER\w*)\s*$", text)
    return signature.start() if signature else len(text)


if __name__ == "__main__":
    main()
