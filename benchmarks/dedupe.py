"""How well duplicates are told from look-alikes, and how fast.

    python -m benchmarks.dedupe [EVAL_DIR]        (default ../shared/eval/dedup)

On news_pairs_dev.jsonl a pair counts as found when :func:`transforms.dedupe.verify` accepts it; duplicate and
contained are to be found, update and template are not.
"""

import json
import sys
import time
from pathlib import Path

import polars as pl

from flows.settings import ROOT
from transforms.dedupe import find_candidates, sign, to_anchors, verify


def real_pairs(path: Path) -> None:
    """Print precision, recall and F1 on the read pairs, and what was found by label."""
    pairs = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    texts = pl.DataFrame(
        [
            (2 * number + side, pair[key])
            for number, pair in enumerate(pairs)
            for side, key in ((0, "a_text"), (1, "b_text"))
        ],
        schema={"text_key": pl.UInt64, "text": pl.String},
        orient="row",
    )
    numbers = range(len(pairs))
    candidates = pl.DataFrame(
        {"text_key": [2 * n for n in numbers], "other_key": [2 * n + 1 for n in numbers]},
        schema={"text_key": pl.UInt64, "other_key": pl.UInt64},
    )
    found = set((verify(candidates, texts)["text_key"] // 2).to_list())
    wanted = {number for number, pair in enumerate(pairs) if pair["label"] in {"duplicate", "contained"}}
    hit = len(found & wanted)
    p, r = hit / len(found), hit / len(wanted)
    print(f"real pairs: {len(pairs)}, precision {p:.3f}, recall {r:.3f}, F1 {2 * p * r / (p + r):.3f}")
    for label in ("duplicate", "contained", "update", "template"):
        of_label = {number for number, pair in enumerate(pairs) if pair["label"] == label}
        print(f"  {label:<10} {len(found & of_label)} of {len(of_label)} found")


def speed(texts: pl.DataFrame) -> None:
    """Print CPU seconds from texts to verified pairs for documents (doc_id, text)."""
    began = time.process_time()
    clean = texts.with_columns(n_words=pl.col("text").str.count_matches(r"\w+"), published_at=pl.lit(None))
    signatures = sign(clean)
    anchors = to_anchors(signatures)
    candidates = find_candidates(anchors, anchors.clear())
    keyed = texts.join(signatures.select("doc_id", "text_key"), on="doc_id").unique("text_key")
    pairs = verify(candidates, keyed.select("text_key", "text"))
    seconds = time.process_time() - began
    print(
        f"speed: {len(texts)} documents, {len(candidates)} candidates, {len(pairs)} pairs, {seconds:.1f} CPU-s"
    )


def main() -> None:
    """Run both parts."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "eval" / "dedup"
    real_pairs(folder / "news_pairs_dev.jsonl")
    pairs = [
        json.loads(line)
        for line in (folder / "news_pairs_dev.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    texts = {pair[f"{side}_id"]: pair[f"{side}_text"] for pair in pairs for side in "ab"}
    speed(pl.DataFrame({"doc_id": list(map(str, texts)), "text": list(texts.values())}))


if __name__ == "__main__":
    main()
