"""How well the cleaning tells article from page: 4-gram F1 on real pages, and each rule's precision.

    python -m benchmarks.clean [EVAL_DIR]        (default ../shared/eval/clean)

The metric is the one of EVAL_DIR/score.py (bags of 4-word shingles, P and R averaged over pages). "keep all" keeps
every line. A rule's precision is the share of the words it removes that the gold article does not hold within
the same run of four words.
"""

import gzip
import json
import re
import sys
import time
from collections import Counter
from pathlib import Path

import polars as pl

from flows.settings import ROOT
from transforms.boilerplate import parse_rules
from transforms.clean import clean

_WORD = re.compile(r"\w+")


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return the bag of 4-word shingles of `text`, case kept."""
    words = _WORD.findall(text)
    if len(words) < 4:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[i:] for i in range(4)), strict=False))


def score(golds: list[list[str]], texts: list[str]) -> tuple[float, float, float]:
    """Return P, R and F1 over pages; of several accepted golds the best one counts."""
    precisions, recalls = [], []
    for accepted, text in zip(golds, texts, strict=True):
        found = shingles(text)
        best = max((_page(shingles(gold), found) for gold in accepted), key=lambda pr: _f1(*pr))
        recalls.append(best[1])
        if found:
            precisions.append(best[0])
    p, r = sum(precisions) / max(len(precisions), 1), sum(recalls) / max(len(recalls), 1)
    return p, r, _f1(p, r)


def _page(gold: Counter[tuple[str, ...]], found: Counter[tuple[str, ...]]) -> tuple[float, float]:
    hit = sum((gold & found).values())
    return hit / max(sum(found.values()), 1), hit / max(sum(gold.values()), 1)


def _f1(p: float, r: float) -> float:
    return 2 * p * r / (p + r) if p + r else 0.0


def rule_precision(pages: list[dict[str, str]], edits: pl.DataFrame) -> dict[str, tuple[float, int]]:
    """Return, by rule, the share of removed words that are not the article's, and how many words it removed."""
    gold = {page["id"]: set(shingles(page["gold_text"].lower())) for page in pages}
    words = {page["id"]: page["raw_text"] for page in pages}
    wrong: Counter[str] = Counter()
    total: Counter[str] = Counter()
    removed = edits.filter(pl.col("replacement") == "")
    for doc_id, start, end, rule in removed.select("doc_id", "start", "end", "rule").iter_rows():
        found = _WORD.findall(words[doc_id][start:end].lower())
        runs = list(shingles(" ".join(found))) if len(found) >= 4 else []
        share = sum(run in gold[doc_id] for run in runs) / len(runs) if runs else 0.0
        total[rule] += len(found)
        wrong[rule] += round(share * len(found))
    return {rule: (1 - wrong[rule] / n, n) for rule, n in total.items() if n}


def main(folder: Path) -> None:
    """Print the scores on each set, and the rules' precision over all of them."""
    rules = parse_rules((ROOT / "seeds" / "boilerplate.toml").read_text(encoding="utf-8"))
    everything: dict[str, list[tuple[float, int]]] = {}
    print(f"{'set':<10} {'pages':>5}  {'keep all F1':>11}  {'P':>6} {'R':>6} {'F1':>6}  {'docs/s':>7}")
    for name in ("dev", "multi_dev", "web_dev"):
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            pages = [json.loads(line) | {"id": str(number)} for number, line in enumerate(file)]  # ids repeat
        raw = pl.DataFrame(
            [(page["id"], page["raw_text"], page["domain"]) for page in pages],
            schema={"doc_id": pl.String, "raw_text": pl.String, "source": pl.String},
            orient="row",
        ).with_columns(title=pl.lit(None, pl.String), published_at=pl.lit(None, pl.Datetime("us", "UTC")))
        began = time.process_time()
        edits, documents = clean(raw, rules)
        seconds = time.process_time() - began
        texts = dict(documents.select("doc_id", "text").iter_rows())
        golds = [[page["gold_text"], *(page.get("gold_alt") or [])] for page in pages]
        p, r, f1 = score(golds, [texts[page["id"]] for page in pages])
        kept = score(golds, [page["raw_text"] for page in pages])[2]
        print(
            f"{name:<10} {len(pages):>5}  {kept:>11.3f}  {p:>6.3f} {r:>6.3f} {f1:>6.3f}  {len(pages) / seconds:>7.0f}"
        )
        for rule, found in rule_precision(pages, edits).items():
            everything.setdefault(rule, []).append(found)
    print(f"\n{'rule':<20} {'words removed':>13}  {'precision':>9}")
    for rule, found in sorted(everything.items(), key=lambda item: -sum(n for _, n in item[1])):
        n = sum(count for _, count in found)
        print(f"{rule:<20} {n:>13}  {sum(share * count for share, count in found) / n:>9.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "eval" / "clean")
