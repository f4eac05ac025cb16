"""How well duplicates are told from look-alikes, how fast, and what a batch costs as the index grows.

    python -m benchmarks.dedupe real              the 124 read pairs of ../shared/eval/dedup
    python -m benchmarks.dedupe synthetic N [--seed 7] [--world 1]    N documents at once, with CPU seconds and memory
    python -m benchmarks.dedupe peers N           copydesk and other tools on the same documents, in one run
    python -m benchmarks.dedupe growth N          batches of 10,000 while the index grows to N documents, and a plot

The documents are made by ../shared/eval/dedup/gen_corpus.py. Pairwise F1 is that of its evalc.py over clusters (a
document and what it was merged into; pairs of one family that are contained count neither way); "contained" is the
share of contained documents that are found with their original, as a merge or as an overlap.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import ROOT
from benchmarks.dedupe_peers import EVAL, PEERS, load
from benchmarks.feed import Feed
from benchmarks.scores import f1
from copydesk.flows.io.warehouse import reading
from copydesk.transforms.dedupe.corpus import to_corpus, to_token_hashes
from copydesk.transforms.dedupe.verify import verify
from copydesk.transforms.text.hashing import hash_words

BATCH = 10_000
#: Peers that are not run on more documents.
SLOW = dict.fromkeys((name for name in PEERS if name.startswith(("datasketch", "text-dedup"))), 10_000)


def generate(n: int, seed: int, world: int) -> pl.DataFrame:
    """Return n synthetic documents: id, outlet, text, kind, gold_cluster, family_id, parent_id."""
    module = load("gen_corpus")
    rows = [
        (row[0], row[1][0], row[4], row[5], row[6], row[7], row[9])
        for row in module.Gen(n, seed, world=module.World(world_seed=world)).rows()
    ]
    columns = ["id", "outlet", "text", "kind", "gold_cluster", "family_id", "parent_id"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def judge_real() -> pl.DataFrame:
    """Return label and is_found of the labelled real pairs."""
    lines = (EVAL / "news_pairs_dev.jsonl").read_text(encoding="utf-8").splitlines()
    pairs = [json.loads(line) for line in lines]
    texts = pl.Series([pair[side] for pair in pairs for side in ("a_text", "b_text")])
    number = np.arange(len(pairs)) * 2
    found = verify(to_corpus([to_token_hashes(hash_words(texts))]), number, number + 1)["kind"].is_not_null()
    return pl.DataFrame({"label": [pair["label"] for pair in pairs], "is_found": found})


def score_real(judged: pl.DataFrame) -> tuple[float, float, float]:
    """Return precision, recall and F1: pairs labelled duplicate or contained are the positives."""
    wanted = judged["label"].is_in(["duplicate", "contained"])
    both = (judged["is_found"] & wanted).sum()
    p, r = both / judged["is_found"].sum(), both / wanted.sum()
    return p, r, f1(p, r)


def real() -> None:
    """Print precision, recall and F1 on the labelled real pairs, and the number found by label."""
    judged = judge_real()
    p, r, f = score_real(judged)
    print(f"real pairs: {len(judged)}, precision {p:.3f}, recall {r:.3f}, F1 {f:.3f}")
    for label, n_found, n in (
        judged.group_by("label").agg(pl.col("is_found").sum(), pl.len()).sort("label").iter_rows()
    ):
        print(f"  {label:<10} {n_found} of {n} found")


def synthetic(n: int, seed: int, world: int) -> None:
    """Print quality, CPU seconds and memory of one run over n documents."""
    documents = generate(n, seed, world)
    with tempfile.TemporaryDirectory() as folder:
        feed = Feed(Path(folder))
        seconds = feed.run(documents.select("id", "outlet", "text"))
        gold = documents.drop("text")
        with reading(feed.settings) as warehouse:
            merged = warehouse.sql(
                "SELECT CAST(doc_id AS BIGINT) AS id, CAST(canonical_doc_id AS BIGINT) AS cluster FROM duplicates"
            ).pl()
            overlaps = warehouse.sql(
                "SELECT CAST(doc_id AS BIGINT) AS id, CAST(other_doc_id AS BIGINT) AS other FROM document_overlaps"
            ).pl()
    clusters = (
        gold.select("id")
        .join(merged, on="id", how="left")
        .with_columns(pl.coalesce("cluster", "id").alias("cluster"))
    )
    score = load("evalc").evaluate(gold, clusters)
    print(
        f"{n} documents, seed {seed}, world {world}: P {score['P']:.4f} R {score['R']:.4f} F1 {score['F1']:.4f}, "
        f"near {score['recall_vs_parent']['near']:.3f}, contained {_contained(gold, clusters, overlaps):.3f}, "
        f"{seconds:.1f} CPU-s, at most {feed.peak:.2f} GB"
    )


def _contained(gold: pl.DataFrame, clusters: pl.DataFrame, overlaps: pl.DataFrame) -> float:
    cluster = dict(clusters.iter_rows())
    known = {pair for one, other in overlaps.iter_rows() for pair in ((one, other), (other, one))}
    kept = gold.filter(pl.col("kind") == "contain").select("id", "parent_id").rows()
    pairs = [(one, parent) for one, parent in kept if parent in cluster]
    found = [
        cluster[one] == cluster[parent]
        or not known.isdisjoint({(one, parent), (cluster[one], parent), (one, cluster[parent])})
        for one, parent in pairs
    ]
    return sum(found) / max(len(found), 1)


def growth(n: int) -> None:
    """Print, and plot, the CPU seconds of batches of 10,000 while the index grows to n documents."""
    with tempfile.TemporaryDirectory() as folder:
        feed, sizes, costs = Feed(Path(folder)), [0], [0.0]
        documents = generate(n + BATCH, 12, 1).select("id", "outlet", "text")
        for begin in range(0, n + 1, BATCH):
            costs.append(feed.run(documents[begin : begin + BATCH]))
            sizes.append(begin)
            print(f"index {begin:>9}: {costs[-1]:.2f} CPU-s", flush=True)
        with reading(feed.settings) as warehouse:
            blocks = "SELECT count(DISTINCT block_id) * 262144 FROM pragma_storage_info('signatures')"
            (size,) = warehouse.execute(blocks).fetchone() or (0,)
    print(f"the index: {size / (n + BATCH):.0f} bytes a document")
    _plot(sizes[1:], costs[1:])


def _plot(sizes: list[int], costs: list[float]) -> None:
    """Write the curve as docs/dedupe-growth.svg."""
    width, height, top = 640, 260, max(costs) * 1.15
    points = " ".join(
        f"{40 + size / max(sizes[-1], 1) * (width - 60):.1f},{height - 30 - cost / top * (height - 50):.1f}"
        for size, cost in zip(sizes, costs, strict=True)
    )
    (ROOT / "docs" / "dedupe-growth.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="12">'
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
        f'<path d="M40 20V{height - 30}H{width - 20}" fill="none" stroke="#888"/>'
        f'<polyline points="{points}" fill="none" stroke="#b3261e" stroke-width="2"/>'
        f'<text x="44" y="16">CPU seconds for 10,000 documents (at most {max(costs):.1f})</text>'
        f'<text x="{width - 20}" y="{height - 10}" text-anchor="end">'
        f"documents in the index (to {sizes[-1]:,})</text></svg>\n",
        encoding="utf-8",
    )


def peers(n: int) -> None:
    """Print the same figures for copydesk and for other tools."""
    with tempfile.TemporaryDirectory() as folder:
        generate(n, 7, 1).write_parquet(Path(folder) / "documents.parquet")
        only = [flag for name in PEERS if n <= SLOW.get(name, n) for flag in ("--only", name)]
        subprocess.run(
            [sys.executable, "-m", "benchmarks.dedupe_peers", *only, folder], check=False, cwd=ROOT
        )


def main() -> None:
    """Run the part named on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=["real", "synthetic", "peers", "growth"])
    parser.add_argument("n", type=int, nargs="?", default=BATCH)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--world", type=int, default=1)
    given = parser.parse_args()
    began = time.monotonic()
    if given.part == "real":
        real()
    elif given.part == "synthetic":
        synthetic(given.n, given.seed, given.world)
    elif given.part == "growth":
        growth(given.n)
    else:
        peers(given.n)
    print(f"({time.monotonic() - began:.0f} s)")


if __name__ == "__main__":
    main()
