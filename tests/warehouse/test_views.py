"""The views that people read."""

from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest

from tests.conftest import rows


def test_articles_leave_merged_documents_out_and_count_them(sample_home: Path) -> None:
    assert rows(sample_home, "SELECT count(*), sum(n_duplicates) FROM articles") == [(20, 3)]
    assert rows(sample_home, "SELECT count(*) FROM documents") == [(22,)]


def test_boilerplate_rules_give_an_example(sample_home: Path) -> None:
    found = rows(
        sample_home, "SELECT n_edits, n_documents, example FROM boilerplate_rules WHERE rule = 'skip_link'"
    )
    assert [(row[0], row[1]) for row in found] == [(2, 2)]
    assert "Skip to" in found[0][2]


def test_entity_days_count_the_mentions_of_articles_by_day(sample_home: Path) -> None:
    expected = rows(
        sample_home,
        "SELECT m.entity_id, CAST(coalesce(d.published_at, "
        "        (SELECT min(fetched_at) FROM raw_documents AS r WHERE r.doc_id = d.doc_id)) AS DATE) AS day, "
        "    count(*), count(DISTINCT m.doc_id) "
        "FROM mentions AS m INNER JOIN documents AS d USING (doc_id) "
        "WHERE m.doc_id NOT IN (SELECT doc_id FROM duplicates WHERE doc_id <> canonical_doc_id) "
        "GROUP BY ALL ORDER BY ALL",
    )
    days = rows(sample_home, "SELECT entity_id, day, n_mentions, n_documents FROM entity_days ORDER BY ALL")
    assert days == expected != []


def test_entity_pairs_are_those_of_a_plain_count(sample_home: Path) -> None:
    named = rows(
        sample_home,
        "SELECT DISTINCT doc_id, entity_id, sentence FROM mentions "
        "WHERE doc_id NOT IN (SELECT doc_id FROM duplicates WHERE doc_id <> canonical_doc_id)",
    )
    documents, sentences = defaultdict(set), defaultdict(set)
    for doc_id, entity, sentence in named:
        documents[entity].add(doc_id)
        sentences[entity].add((doc_id, sentence))
    n_all = len({doc_id for doc_id, _, _ in named})
    expected = []
    for one, other in combinations(sorted(documents), 2):
        if both := documents[one] & documents[other]:
            lift = len(both) * n_all / (len(documents[one]) * len(documents[other]))
            expected.append(
                (one, other, len(both), len(sentences[one] & sentences[other]), pytest.approx(lift))
            )
    found = rows(
        sample_home,
        "SELECT entity_id, other_entity_id, n_documents, n_sentences, lift FROM entity_pairs ORDER BY 1, 2",
    )
    assert found == expected != []


def test_entity_aliases_count_every_mention(sample_home: Path) -> None:
    expected = rows(
        sample_home,
        "SELECT entity_id, surface, resolved_by, count(*) FROM mentions GROUP BY ALL ORDER BY ALL",
    )
    found = rows(
        sample_home, "SELECT entity_id, alias, resolved_by, n_mentions FROM entity_aliases ORDER BY ALL"
    )
    assert found == expected != []


def test_story_sources_count_the_articles_of_each_outlet(sample_home: Path) -> None:
    found = rows(sample_home, "SELECT story_id, source, n_documents FROM story_sources ORDER BY ALL")
    expected = rows(
        sample_home,
        "SELECT story_id, source, count(*) FROM articles GROUP BY ALL ORDER BY ALL",
    )
    assert found == expected != []


def test_run_funnel_is_in_the_order_of_the_stages(sample_home: Path) -> None:
    funnel = rows(sample_home, "SELECT stage, n_in, n_out, n_quarantined FROM run_funnel")
    assert funnel == [
        ("ingest", 25, 24, 1),
        ("clean", 24, 23, 1),
        ("dedupe", 23, 23, 0),
        ("tag", 23, 23, 0),
        ("load", 23, 23, 0),
    ]
