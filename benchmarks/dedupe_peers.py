"""Other tools that find duplicates, each as a function from texts to one cluster number per text.

    python -m benchmarks.dedupe_peers [--limit SECONDS] [--only NAME]... [--json FILE] FOLDER...

A folder holds Parquet files as ../shared/eval/dedup/gen_corpus.py makes them. Every peer runs in a fresh process on
one thread. CPU-s is user plus system time of that process and its children from texts to clusters, import of the
peer counted; peak RSS is that of its largest process and holds the texts.

Settings are those of each README where it has any. "Tuned" is the best pairwise F1 of a sweep over thresholds 0.3 to
0.8, bands, and 1, 3 or 5 words a shingle on one synthetic corpus of 10,000 documents.

The packages are rensa, datasketch, and datatrove with spacy and xxhash below 4. text-dedup needs Polars below 2, so it
has an environment of its own: TEXT_DEDUP_PYTHON is its interpreter.
"""

import argparse
import importlib
import importlib.util
import json
import os
import pickle
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import ROOT

type Peer = Callable[[list[str]], list[int]]
EVAL = ROOT.parent / "shared" / "eval" / "dedup"
_THREADS = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")


def rensa(texts: list[str], *, words: int, threshold: float, bands: int) -> list[int]:
    """R-MinHash and LSH of rensa; a candidate counts where the sketches agree at the threshold."""
    package = _import("rensa")
    sketches = package.RMinHash.from_token_sets(
        (shingles(text, words) for text in texts), num_perm=128, seed=42
    )
    index = package.RMinHashLSH(threshold=threshold, num_perm=128, num_bands=bands)
    index.insert_many(sketches)

    def pairs() -> Iterator[tuple[int, int]]:
        for start in range(0, len(texts), 4096):  # a slice at a time: the answer is a list of lists
            for one, others in enumerate(index.query_all(sketches[start : start + 4096]), start):
                sketch = sketches[one]
                yield from (
                    (one, other)
                    for other in others
                    if other > one and sketch.jaccard(sketches[other]) >= threshold
                )

    return clusters(len(texts), pairs())


def rensa_deduplicator(texts: list[str]) -> list[int]:
    """`RMinHashDeduplicator` of rensa's README: each text against those kept before; a duplicate joins its first match.

    It names no partner when it drops a text; `get_duplicate_sets` names them afterwards.
    """
    package = _import("rensa")
    sketches = package.RMinHash.from_token_sets((text.split() for text in texts), num_perm=128, seed=42)
    index = package.RMinHashDeduplicator(threshold=0.8, num_perm=128, use_lsh=True)
    kept = index.add_pairs((str(number), sketch) for number, sketch in enumerate(sketches))
    lost = [number for number, is_kept in enumerate(kept) if not is_kept]
    partners = index.get_duplicate_sets([sketches[number] for number in lost])
    found = list(range(len(texts)))
    for number, names in zip(lost, partners, strict=True):
        found[number] = min(map(int, names))
    return found


def datasketch(texts: list[str], *, words: int, threshold: float) -> list[int]:
    """MinHash and LSH of datasketch, bands its own choice; candidates verified as with rensa."""
    package = _import("datasketch")
    tokens = ([token.encode() for token in shingles(text, words)] for text in texts)
    sketches = package.MinHash.bulk(tokens, num_perm=128)
    index = package.MinHashLSH(threshold=threshold, num_perm=128)
    with index.insertion_session() as session:
        for number, sketch in enumerate(sketches):
            session.insert(number, sketch)
    pairs = (
        (one, other)
        for one, sketch in enumerate(sketches)
        for other in index.query(sketch)
        if other > one and sketch.jaccard(sketches[other]) >= threshold
    )
    return clusters(len(texts), pairs)


def datatrove(texts: list[str]) -> list[int]:
    """MinHash pipeline of datatrove as it comes: 5 words a shingle, 14 buckets of 8 hashes, candidates not verified.

    Signatures, buckets and clusters; the filter after them changes no cluster and is left out. The second stage
    wants a task a bucket. The reader skips empty texts, so numbers count the others.
    """
    executor = _import("datatrove.executor").LocalPipelineExecutor
    stages = _import("datatrove.pipeline.dedup.minhash")
    reader = _import("datatrove.pipeline.readers").ParquetReader
    _import("xxhash")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(texts, folder / "in")
        config = stages.MinhashConfig()
        signatures, buckets, removed = (str(folder / part) for part in ("signatures", "buckets", "removed"))
        for step, (tasks, pipeline) in enumerate(
            [
                (1, [reader(str(folder / "in")), stages.MinhashDedupSignature(signatures, config)]),
                (config.num_buckets, [stages.MinhashDedupBuckets(signatures, buckets, config=config)]),
                (1, [stages.MinhashDedupCluster(buckets, removed, config, save_cluster_id=True)]),
            ]
        ):
            executor(pipeline, tasks=tasks, workers=1, logging_dir=str(folder / f"log{step}")).run()
        file = folder / "removed" / "000000.clusters"
        numbers = memoryview(file.read_bytes() if file.exists() else b"").cast("I")
    at = [number for number, text in enumerate(texts) if text]
    found = [-1 - number for number in range(len(texts))]
    for document, cluster in zip(numbers[::2], numbers[1::2], strict=True):
        found[at[document]] = cluster
    return found


def text_dedup(texts: list[str], *, words: int, threshold: float, verify: bool) -> list[int]:
    """`python -m text_dedup.minhash` on a local Parquet file with 240 permutations, as in its README.

    It has no default for the number of permutations and for the threshold; bands are its own choice.
    """
    python = os.environ.get("TEXT_DEDUP_PYTHON")
    if not python:
        raise ImportError("set TEXT_DEDUP_PYTHON to the Python of an environment with text-dedup==0.4.1")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(texts, folder / "in")
        (folder / "config.toml").write_text(
            f"""
            [input]
            input_type = "local_files"
            file_type = "parquet"
            [input.read_arguments]
            path = "parquet"
            data_files = "{folder}/in/*.parquet"
            split = "train"
            [algorithm]
            algorithm_name = "minhash"
            text_column = "text"
            num_perm = 240
            threshold = {threshold}
            ngram_size = {words}
            check_false_positive = {str(verify).lower()}
            num_proc = 1
            [output]
            output_dir = "{folder}/out"
            save_clusters = true
            [debug]
            """,
            encoding="utf-8",
        )
        offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": f"{folder}/home"}
        subprocess.run([python, "-m", "text_dedup.minhash"], cwd=folder, env=os.environ | offline, check=True)
        parents = pickle.loads((folder / "out" / "clusters.pickle").read_bytes())
    return [parents.get(number, -1 - number) for number in range(len(texts))]


def copydesk(texts: list[str]) -> list[int]:
    """The dedupe stage of this project, without a warehouse; the cluster of a document is its canonical document."""
    from copydesk.transforms.contract import as_clean
    from copydesk.transforms.dedupe.in_memory import find_duplicates
    from copydesk.transforms.text.words import WORD

    numbered = pl.DataFrame({"text": texts}).with_row_index("number")
    documents = numbered.select(
        "text",
        doc_id=pl.col("number").cast(pl.String).str.zfill(9),
        n_words=pl.col("text").str.count_matches(WORD),
    )
    merged = find_duplicates(as_clean(documents)).select("doc_id", "canonical_doc_id")
    clusters = documents.join(merged, on="doc_id", how="left", maintain_order="left")
    return clusters.select(pl.coalesce("canonical_doc_id", "doc_id").cast(pl.Int64)).to_series().to_list()


#: By name, with settings.
PEERS: dict[str, Peer] = {
    "copydesk": copydesk,
    "rensa, README": lambda texts: rensa(texts, words=1, threshold=0.8, bands=16),
    "rensa, deduplicator": rensa_deduplicator,
    "rensa, 5-grams": lambda texts: rensa(texts, words=5, threshold=0.8, bands=16),
    "rensa, tuned words": lambda texts: rensa(texts, words=1, threshold=0.45, bands=32),
    "rensa, tuned 5-grams": lambda texts: rensa(texts, words=5, threshold=0.3, bands=64),
    "datasketch, words 0.8": lambda texts: datasketch(texts, words=1, threshold=0.8),
    "datasketch, 5-grams 0.8": lambda texts: datasketch(texts, words=5, threshold=0.8),
    "datasketch, 5-grams 0.5": lambda texts: datasketch(texts, words=5, threshold=0.5),
    "datasketch, tuned words": lambda texts: datasketch(texts, words=1, threshold=0.45),
    "text-dedup, unverified": lambda texts: text_dedup(texts, words=5, threshold=0.7, verify=False),
    "text-dedup, README": lambda texts: text_dedup(texts, words=5, threshold=0.7, verify=True),
    "text-dedup, 5-grams 0.5": lambda texts: text_dedup(texts, words=5, threshold=0.5, verify=True),
    "text-dedup, tuned 5-grams": lambda texts: text_dedup(texts, words=5, threshold=0.3, verify=True),
    "datatrove, defaults": datatrove,
}


def shingles(text: str, words: int) -> list[str]:
    """Return the shingles of a text, split at spaces; a shorter text is one shingle."""
    tokens = text.split()
    if words == 1:
        return tokens
    return [" ".join(tokens[at : at + words]) for at in range(max(1, len(tokens) - words + 1))]


def clusters(n: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Return, for each number below n, the smallest number of its connected component."""
    parents = list(range(n))

    def root(number: int) -> int:
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    for pair in pairs:
        one, other = map(root, pair)
        parents[max(one, other)] = min(one, other)
    return [root(number) for number in range(n)]


def _import(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ImportError(f"{name} cannot be imported: {error}") from error


def _write(texts: list[str], folder: Path) -> None:
    """Write one Parquet file in row groups."""
    folder.mkdir()
    schema = pa.schema({"id": pa.string(), "text": pa.string()})
    with pq.ParquetWriter(folder / "texts.parquet", schema) as file:
        rows = enumerate(texts)
        while piece := list(islice(rows, 10_000)):
            ids, column = zip(*piece, strict=True)
            file.write_table(pa.table({"id": list(map(str, ids)), "text": list(column)}, schema))


def _cpu_seconds() -> float:
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(part.ru_utime + part.ru_stime for part in used)


def own_peak() -> int:
    """Return the peak memory of this process since the last reset, in kB.

    VmHWM, because ru_maxrss begins at that of the process that started this one.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0])


def _peak_mb() -> float:
    return max(own_peak(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def measure(name: str, folder: Path, out: Path) -> None:
    """Run a peer here and write clusters.parquet and cost.json into out."""
    ids: list[int] = []
    texts: list[str] = []
    for file in sorted(folder.glob("*.parquet")):
        part = pl.read_parquet(file, columns=["id", "text"])
        ids += part["id"].to_list()
        texts += part["text"].to_list()
        del part
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew
    cost: dict[str, Any] = {"n": len(texts), "before_mb": _peak_mb()}
    began = _cpu_seconds()
    found = PEERS[name](texts)
    cost |= {"cpu": _cpu_seconds() - began, "peak_mb": _peak_mb()}
    pl.DataFrame({"id": ids, "cluster": found}, schema={"id": pl.Int64, "cluster": pl.Int64}).write_parquet(
        out / "clusters.parquet"
    )
    (out / "cost.json").write_text(json.dumps(cost), encoding="utf-8")


def run(name: str, folder: Path, limit: float) -> dict[str, Any]:
    """Run a peer in a fresh process for at most `limit` seconds of wall time and score its clusters."""
    with tempfile.TemporaryDirectory() as temp:
        out, log = Path(temp), Path(temp) / "log"
        with log.open("w", encoding="utf-8") as file:
            child = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.dedupe_peers", "--measure", name, str(folder), temp],
                cwd=ROOT,
                env=os.environ | dict.fromkeys(_THREADS, "1") | {"TMPDIR": temp},
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                child.wait(limit)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)  # and its children
                child.wait()
                return {"error": f"stopped after {limit:.0f} s"}
        if child.returncode:
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
            return {"error": f"exit {child.returncode}: {lines[-1] if lines else ''}", "log": lines[-40:]}
        cost = json.loads((out / "cost.json").read_text(encoding="utf-8"))
        scores = load("evalc")
        gold = scores.load_gold(str(folder))
        return cost | dict(scores.evaluate(gold, pl.read_parquet(out / "clusters.parquet"), name))


def load(name: str) -> ModuleType:
    """Load a module of the evaluation folder. Raises FileNotFoundError if it is missing."""
    spec = importlib.util.spec_from_file_location(name, EVAL / f"{name}.py")
    if spec is None or spec.loader is None or not (EVAL / f"{name}.py").exists():
        raise FileNotFoundError(EVAL / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Print one row per peer and folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--limit", type=float, default=1500, help="seconds by the clock for one run")
    parser.add_argument("--only", action="append", choices=PEERS, help="this peer; may be given again")
    parser.add_argument("--json", type=Path, help="add each result to this file, a line each")
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        name, folder, out = given.measure
        measure(name, Path(folder), Path(out))
        return
    print(
        f"{'peer':<26}{'documents':>10}{'P':>8}{'R':>8}{'F1':>8}{'near':>7}{'contain':>9}{'CPU-s':>9}{'MB':>7}"
    )
    for folder in given.folders:
        for name in given.only or PEERS:
            found = run(name, folder, given.limit)
            if given.json:
                with given.json.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"peer": name, "folder": str(folder)} | found) + "\n")
            if "error" in found:
                print(f"{name:<26}{folder.name:>10}  {found['error']}", flush=True)
                continue
            recall = found["recall_vs_parent"]
            print(
                f"{name:<26}{found['n']:>10}{found['P']:>8.3f}{found['R']:>8.3f}{found['F1']:>8.3f}"
                f"{recall['near']:>7.3f}{recall['contain']:>9.3f}{found['cpu']:>9.1f}{found['peak_mb']:>7.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
