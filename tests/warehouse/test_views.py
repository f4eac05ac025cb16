"""The views that people read."""

from pathlib import Path

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


def test_entity_views(sample_home: Path) -> None:
    assert rows(sample_home, "SELECT sum(n_mentions) > 0 FROM entity_days") == [(True,)]
    assert rows(sample_home, "SELECT bool_and(entity_id < other_entity_id) FROM entity_pairs") == [(True,)]
    assert rows(sample_home, "SELECT bool_and(n_documents >= 1 AND lift > 0) FROM entity_pairs") == [(True,)]
    assert rows(sample_home, "SELECT max(n_sentences) > 0, min(n_sentences) FROM entity_pairs") == [(True, 0)]
    total = rows(sample_home, "SELECT count(*) FROM mentions")
    assert rows(sample_home, "SELECT sum(n_mentions) FROM entity_aliases") == total


def test_run_funnel_is_in_the_order_of_the_stages(sample_home: Path) -> None:
    funnel = rows(sample_home, "SELECT stage, n_in, n_out, n_quarantined FROM run_funnel")
    assert funnel == [
        ("ingest", 25, 24, 1),
        ("clean", 24, 23, 1),
        ("dedupe", 23, 23, 0),
        ("tag", 23, 23, 0),
        ("load", 23, 23, 0),
    ]
