"""The dedupe stage over many runs: synthetic families come in, in whatever cut and order, and the outcome is one."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchmarks.feed import Feed
from copydesk.flows.errors import UsageError
from copydesk.flows.io.warehouse import reading
from copydesk.flows.stages import dedupe
from copydesk.warehouse.digests import changed_tables
from tests.conftest import rows, tamper

MERGED = (
    "SELECT doc_id, canonical_doc_id, kind, round(similarity, 6), round(containment, 6), "
    "    round(canonical_containment, 6) FROM duplicates ORDER BY ALL"
)


def families(n: int, seed: int = 1) -> Iterator[str]:
    """Yield stories, each with near copies, parts, longer pieces around it and exact copies."""
    dice = random.Random(seed)

    def words(count: int) -> list[str]:
        return ["".join(dice.choices("abcdefghijklmnop", k=6)) for _ in range(count)]

    for _ in range(n):
        story = words(dice.randrange(150, 400))
        yield " ".join(story)
        for _ in range(dice.randrange(14)):
            copy = list(story)
            for _ in range(dice.randrange(8)):
                copy[dice.randrange(len(copy))] = words(1)[0]
            kind = dice.randrange(4)
            if kind == 0:
                copy = copy[: len(copy) // 2]
            elif kind == 1:
                copy = words(120) + copy + words(dice.randrange(200))
            elif kind == 2:
                copy = story
            yield " ".join(copy)


def documents(texts: list[str]) -> pl.DataFrame:
    return pl.DataFrame({"id": range(len(texts)), "outlet": "feed", "text": texts})


def feed(home: Path, frame: pl.DataFrame, n_runs: int) -> list[tuple[Any, ...]]:
    into = Feed(home, apart=False)
    for part in frame.iter_slices(-(-len(frame) // n_runs)):
        into.run(part)
    return rows(home, MERGED)


@pytest.fixture(scope="module")
def news() -> pl.DataFrame:
    return documents(list(families(25)))


@pytest.fixture(scope="module")
def at_once(news: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, ...]]:
    return feed(tmp_path_factory.mktemp("once"), news, 1)


@pytest.mark.parametrize(
    ("n_runs", "seed"),
    [(7, None), (10, 2), *(pytest.param(*cut, marks=pytest.mark.nightly) for cut in ((2, None), (3, 1)))],
)
def test_the_outcome_does_not_depend_on_runs_and_order(
    news: pl.DataFrame, at_once: list[tuple[Any, ...]], tmp_path: Path, n_runs: int, seed: int | None
):
    order = news if seed is None else news.sample(fraction=1, shuffle=True, seed=seed)
    assert feed(tmp_path, order, n_runs) == at_once
    assert len(at_once) > 80
    assert {row[2] for row in at_once} == {"exact", "near", "contained"}


def test_the_outcome_does_not_depend_on_what_lies_beside_the_warehouse(
    news: pl.DataFrame, at_once: list[tuple[Any, ...]], tmp_path: Path
):
    into = Feed(tmp_path, apart=False)
    for n, part in enumerate(news.iter_slices(-(-len(news) // 5))):
        into.run(part)
        assert into.settings.words.stat().st_size > 0
        into.settings.words.unlink()
        assert len(list(into.settings.index.iterdir())) == min(n, 1)  # what was loaded before the run
        shutil.rmtree(into.settings.index)
    assert rows(tmp_path, MERGED) == at_once


def test_an_index_of_another_home_does_no_harm(
    news: pl.DataFrame, at_once: list[tuple[Any, ...]], tmp_path: Path
):
    into, other = Feed(tmp_path / "home", apart=False), Feed(tmp_path / "other", apart=False)
    half = len(news) // 2
    into.run(news[:half])
    other.run(news[half:].reverse())
    other.run(news[:1])
    shutil.copytree(other.settings.index, into.settings.index, dirs_exist_ok=True)
    into.run(news[half:])
    assert rows(into.settings.home, MERGED) == at_once


def test_laws_of_duplicates_hold_after_many_runs(news: pl.DataFrame, tmp_path: Path):
    feed(tmp_path, news.sample(fraction=1, shuffle=True, seed=5), 8)
    for law in (
        "duplicates_have_canonicals",
        "index_is_whole",
        "merges_name_texts",
        "overlaps_are_of_articles",
    ):
        query = (Path("warehouse/checks") / f"{law}.sql").read_text().replace("in_scope(run_id)", "true")
        assert rows(tmp_path, query) == [], law
    assert rows(tmp_path, "SELECT count(*) > 0 FROM document_overlaps") == [(True,)]


def test_a_better_copy_takes_over_and_the_old_canonical_document_says_so(tmp_path: Path):
    story = next(families(1)).split()
    texts = [" ".join(story[:-20]), " ".join(story[:-30]), " ".join(story)]
    into = Feed(tmp_path, apart=False)
    into.run(documents(texts)[:2])
    assert [row[:2] for row in rows(tmp_path, MERGED)] == [("1".zfill(32), "0".zfill(32))]
    into.run(documents(texts)[2:])
    assert [row[:2] for row in rows(tmp_path, MERGED)] == [
        ("0".zfill(32), "2".zfill(32)),
        ("1".zfill(32), "2".zfill(32)),
    ]


def test_documents_without_a_signature_are_signed_and_decided(news: pl.DataFrame, tmp_path: Path):
    expected = feed(tmp_path, news, 1)
    tamper(tmp_path, "DELETE FROM signatures; DELETE FROM duplicates; DELETE FROM text_overlaps")
    into = Feed(tmp_path, apart=False)
    into.run(documents(["one more text that nobody else has"]).with_columns(id=pl.lit(99_999)))
    assert rows(tmp_path, MERGED) == expected


def test_a_thousand_copies_with_one_letter_changed_are_one_article(tmp_path: Path):
    story = next(families(1)).split()
    texts = [
        " ".join([*story[: n % len(story)], f"x{n:04}x", *story[n % len(story) + 1 :]]) for n in range(1000)
    ]
    found = feed(tmp_path, documents(texts), 4)
    assert len(found) == 999
    assert {row[1] for row in found} == {"0".zfill(32)}


def test_damaged_caches_are_made_again_and_change_no_outcome(
    tmp_path: Path, news: pl.DataFrame, at_once: list[tuple[Any, ...]]
) -> None:
    into = Feed(tmp_path, apart=False)
    for part in (news[:60], news[60:120], news[120:]):
        into.run(part)
        files = [into.settings.words, *into.settings.index.glob("*/entries")]
        for file in files:
            content = bytearray(file.read_bytes())
            for place in range(20_000, len(content), 5000):
                content[place] ^= 1
            file.write_bytes(content)
    assert rows(tmp_path, MERGED) == at_once
    with reading(into.settings) as warehouse:
        assert changed_tables(warehouse) == []


def test_a_file_in_place_of_the_index_is_replaced(tmp_path: Path, news: pl.DataFrame) -> None:
    into = Feed(tmp_path / "home", apart=False)
    into.settings.index.write_text("a file stands where the folder should be")
    assert into.run(news.head(3)) > 0
    assert into.settings.index.is_dir()


def test_an_index_that_cannot_be_written_ends_the_run_with_what_to_do(
    tmp_path: Path, news: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    into = Feed(tmp_path / "home", apart=False)
    monkeypatch.setattr(dedupe, "write_index", full)
    with pytest.raises(
        UsageError, match="index: No space left on device; free some disk space, or delete it"
    ):
        into.run(news.head(3))
