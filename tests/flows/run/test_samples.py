"""The sample articles through a whole run, with the real model: they end as seeds/README.md says."""

from pathlib import Path

import pytest

from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import read_settings
from copydesk.warehouse.audit import audit
from tests.conftest import rows


def broken(home: Path) -> list[str]:
    with reading(read_settings(home=home)) as warehouse:
        return [check for check, n, _ in audit(warehouse).iter_rows() if n]


def file_name(uri: str) -> str:
    return uri.rsplit("/", 1)[-1]


def test_samples_end_as_their_readme_says(sample_home: Path) -> None:
    merged = rows(
        sample_home,
        "SELECT kind, u.uri, d.uri FROM duplicates u JOIN documents d ON d.doc_id = u.canonical_doc_id",
    )
    assert {(kind, file_name(a), file_name(b)) for kind, a, b in merged} == {
        ("exact", "rail-strike-suspended.txt", "rail-strike-suspended.txt"),
        ("near", "bridge-shut-for-repairs.txt", "harbour-bridge-closure.txt"),
        ("contained", "dam-level-warning.txt", "reservoir-wardens.txt"),
    }
    rejected = rows(sample_home, "SELECT uri, stage, expectation FROM quarantine")
    assert {(file_name(uri), stage, expectation) for uri, stage, expectation in rejected} == {
        ("late-edition.txt", "ingest", "record_is_not_empty"),
        ("subscriber-page.txt", "clean", "text_has_words"),
    }
    assert rows(sample_home, "SELECT lang, count(*) FROM articles GROUP BY lang ORDER BY 1") == [
        ("en", 19),
        ("es", 1),
    ]
    assert rows(sample_home, "SELECT count(*) FROM articles WHERE title IS NULL") == [(0,)]
    assert broken(sample_home) == []


@pytest.mark.parametrize(
    "phrase",
    [
        "Skip to",
        "READ ALSO",
        "SIGHT:",
        "MORE IN",
        "Share on",
        "Leave a Reply",
        "Previous article[A-Z0-9]",
        "cookie policy",
        "min read",
    ],
)
def test_no_boilerplate_is_left_in_the_samples(sample_home: Path, phrase: str) -> None:
    found = rows(sample_home, f"SELECT uri FROM documents WHERE regexp_matches(text, '(?m)^{phrase}')")
    assert found == []


def test_entities_are_tagged_only_in_articles_whose_language_the_model_knows(sample_home: Path) -> None:
    tagged = rows(sample_home, "SELECT DISTINCT doc_id FROM mentions")
    english = rows(sample_home, "SELECT doc_id FROM articles WHERE lang = 'en'")
    assert set(tagged) <= set(english)
    assert len(tagged) > 15
    assert rows(
        sample_home, "SELECT count(*) FROM documents WHERE lang <> 'en' AND tagged_by IS NOT NULL"
    ) == [(0,)]


def test_every_gate_left_its_results(sample_home: Path) -> None:
    assert rows(sample_home, "SELECT DISTINCT stage FROM quality_results ORDER BY 1") == [
        ("clean",), ("dedupe",), ("ingest",), ("load",), ("tag",)
    ]  # fmt: skip
    failed = rows(
        sample_home, "SELECT expectation, n_unexpected FROM quality_results WHERE NOT success ORDER BY 1"
    )
    assert failed == [
        ("language_is_known", 1),
        ("record_has_words", 1),
        ("record_is_not_empty", 1),
        ("text_has_words", 1),
    ]
