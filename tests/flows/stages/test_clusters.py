"""Clusters over runs: an empty warehouse changes nothing that is decided in memory; where words come from."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from benchmarks.feed import Feed
from copydesk.flows.stages.clusters import TextLookup, decide_clusters
from copydesk.flows.staging.folder import Staging
from copydesk.transforms.contract import ANCHORS, CANDIDATES, INDEXED, MERGES, SIGNATURES, empty
from copydesk.transforms.dedupe.candidates import (
    compute_signatures,
    find_bucket_pairs,
    find_candidates,
    to_anchors,
)
from copydesk.transforms.dedupe.in_memory import resolve_documents
from copydesk.warehouse.index.token_hash_store import TokenHashStore, open_store
from copydesk.warehouse.schema import connect, migrate
from tests.flows.stages.test_dedupe import documents, families
from tests.transforms.conftest import cleaned_of

TEXTS = list(families(4, seed=3))
NO_TEMPLATES = pl.Series("anchor", dtype=pl.UInt32)


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Return a warehouse into which nothing was loaded."""
    with connect(tmp_path / "empty.duckdb") as connection:
        migrate(connection)
        yield connection


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TokenHashStore]:
    """Return a store of token hashes that is empty."""
    with open_store(tmp_path / "words.sqlite") as opened:
        yield opened


def lookup_of(
    folder: Path, warehouse: duckdb.DuckDBPyConnection, store: TokenHashStore, clean: pl.DataFrame
) -> TextLookup:
    """Return the lookup of a run over `clean`, its words staged in two batches."""
    signatures, words = compute_signatures(clean)
    staging = Staging(folder / "staging")
    for number, part in enumerate((words[::2], words[1::2])):
        staging.write("dedupe", "token_hashes", part, f"{number:05}")
    return TextLookup(staging, warehouse, store, [], signatures)


def candidates_of(signatures: pl.DataFrame) -> pl.DataFrame:
    documents = signatures.select(INDEXED.keys())
    shared = find_bucket_pairs(to_anchors(signatures), empty(ANCHORS), documents, NO_TEMPLATES)
    return find_candidates([shared.lazy()])


def test_with_an_empty_warehouse_it_decides_as_in_memory(
    tmp_path: Path, warehouse: duckdb.DuckDBPyConnection, store: TokenHashStore
) -> None:
    clean = cleaned_of(*TEXTS)
    lookup = lookup_of(tmp_path, warehouse, store, clean)
    indexed, merges, overlaps = decide_clusters(lookup, candidates_of(lookup.signatures))
    _, resolution = resolve_documents(clean)
    order = ["text_key", "canonical_key"]
    assert_frame_equal(merges.sort(order), resolution.merges.sort(order))
    assert merges.schema == MERGES
    assert len(merges) > 10
    assert_frame_equal(indexed.sort("doc_id"), lookup.signatures.select(INDEXED.keys()).sort("doc_id"))
    assert_frame_equal(overlaps, overlaps.unique(order).sort(order))
    assert not set(overlaps["canonical_key"]) & set(merges["text_key"])
    assert set(overlaps["text_key"]) <= set(merges["text_key"])
    assert overlaps.join(merges, on=order).is_empty()


def test_without_candidates_nothing_is_merged(
    tmp_path: Path, warehouse: duckdb.DuckDBPyConnection, store: TokenHashStore
) -> None:
    lookup = lookup_of(tmp_path, warehouse, store, cleaned_of(*TEXTS[:3]))
    indexed, merges, overlaps = decide_clusters(lookup, empty(CANDIDATES))
    assert sorted(indexed["doc_id"]) == ["d0000", "d0001", "d0002"]
    assert merges.is_empty()
    assert overlaps.is_empty()


def test_a_run_without_articles_decides_nothing(
    tmp_path: Path, warehouse: duckdb.DuckDBPyConnection, store: TokenHashStore
) -> None:
    lookup = TextLookup(Staging(tmp_path / "staging"), warehouse, store, [], empty(SIGNATURES))
    assert [frame.is_empty() for frame in decide_clusters(lookup, empty(CANDIDATES))] == [True] * 3


def test_anchors_are_those_of_the_run(
    tmp_path: Path, warehouse: duckdb.DuckDBPyConnection, store: TokenHashStore
) -> None:
    lookup = lookup_of(tmp_path, warehouse, store, cleaned_of(*TEXTS[:6]))
    keys = lookup.signatures["text_key"][:2]
    expected = to_anchors(lookup.signatures).filter(pl.col("text_key").is_in(keys.implode())).unique()
    columns = ["text_key", "anchor"]
    assert_frame_equal(lookup.anchors(keys).sort(columns), expected.sort(columns))
    assert lookup.anchors(keys.clear()).is_empty()


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home into which six texts were loaded; for reading only."""
    home = tmp_path_factory.mktemp("clusters") / "home"
    Feed(home, apart=False).run(documents(TEXTS[:6]))
    return home


def test_words_come_from_the_run_then_the_store_then_the_warehouse(
    loaded: Path, tmp_path: Path, store: TokenHashStore
) -> None:
    home = Path(shutil.copytree(loaded, tmp_path / "home"))
    with duckdb.connect(home / "copydesk.duckdb") as connection:
        known = (
            connection.sql("SELECT text_key, doc_id FROM signatures ORDER BY doc_id").pl().unique("text_key")
        )
        signatures, words = compute_signatures(cleaned_of(*TEXTS[:6]))
        by_key = dict(words.unique("text_key").iter_rows())
        staging = Staging(tmp_path / "staging")
        staged, stored, old = (known["text_key"][at].item() for at in (slice(0, 1), slice(1, 2), slice(2, 3)))
        staging.write("dedupe", "token_hashes", words.filter(text_key=staged), "00000")
        store.add(words.filter(text_key=stored).unique("text_key"))
        lookup = TextLookup(staging, connection, store, [], signatures)
        wanted = known.filter(pl.col("text_key").is_in([staged, stored, old]))
        found = [frame["text_key"].to_list() for frame in lookup.token_hashes(wanted) if len(frame)]
        assert found == [[staged], [stored], [old]]
        added = pl.concat(store.find(pl.Series("text_key", [old], pl.UInt64)))
        assert added.rows() == [(old, by_key[old])]
