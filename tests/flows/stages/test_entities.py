"""Entities over runs, your own alias file, and merges and splits by hand."""

from pathlib import Path

import pytest

from copydesk.flows.errors import UsageError
from copydesk.flows.io.resources import load_aliases
from copydesk.flows.settings import read_settings
from copydesk.flows.stages import entities
from copydesk.flows.stages.entities import apply_manual_rule
from tests.conftest import ARTICLES, copydesk, load, rows

pytestmark = pytest.mark.usefixtures("open_gates")

NAMES = "SELECT DISTINCT n.name FROM mentions AS m INNER JOIN entities AS n USING (entity_id) WHERE m.surface = '{}'"
GROUPS = "SELECT entity_id, list(doc_id || start ORDER BY doc_id, start) FROM mentions GROUP BY 1 ORDER BY 1"
LAWS = (
    "SELECT count(*) FROM mentions AS m LEFT JOIN entities AS e USING (entity_id) WHERE e.entity_id IS NULL"
)


def name_of(home: Path, surface: str) -> list[str]:
    return [name for (name,) in rows(home, NAMES.format(surface))]


def test_one_person_under_five_spellings_is_one(sample_home: Path) -> None:
    spellings = rows(
        sample_home,
        "SELECT entity_id, count(DISTINCT surface) FROM mentions "
        "WHERE surface SIMILAR TO 'Ser.* Dan.lenko' AND label = 'PERSON' GROUP BY 1",
    )
    assert len(spellings) == 1
    assert spellings[0][1] >= 4
    assert rows(sample_home, "SELECT country_code, kb_id FROM entities WHERE name = 'Ukraine'") == [
        ("UA", "Q212")
    ]


@pytest.mark.nightly
def test_runs_in_parts_come_to_the_same_entities(sample_home: Path, home: Path) -> None:
    for outlet in sorted(ARTICLES.iterdir(), reverse=True):
        load(home, outlet)
    assert rows(home, GROUPS) == rows(sample_home, GROUPS)
    columns = "entity_id, label, name, country_code, kb_id, n_documents, n_sources"
    query = f"SELECT {columns} FROM entities ORDER BY entity_id"
    assert rows(home, query) == rows(sample_home, query)


def test_a_merge_by_hand_and_a_split_survive_later_runs(home: Path) -> None:
    load(home, ARTICLES / "metro-wire", ARTICLES / "northern-post")
    done = copydesk(home, "entities", "merge", "Odesa", "Selwick")
    assert done.returncode == 0, done.stderr
    assert '"Odesa" is now a name of "Selwick". 1 loaded entity changed' in done.stdout
    assert name_of(home, "Odesa") == ["Selwick"]
    assert copydesk(home, "entities", "split", "Sergei Danilenko").returncode == 0
    before = name_of(home, "Sergei Danilenko")
    load(home, ARTICLES)
    assert name_of(home, "Odesa") == ["Selwick"]
    assert name_of(home, "Sergei Danilenko") == before == ["Sergei Danilenko"]
    assert name_of(home, "Serhiy Danylenko") != before
    assert rows(home, LAWS) == [(0,)]
    assert copydesk(home, "audit").returncode == 0
    listed = copydesk(home, "entities", "list", "selw")
    assert "Odesa (alias)" in listed.stdout
    assert rows(home, "SELECT count(*) > 0 FROM entity_changes WHERE run_id = 'by hand'") == [(True,)]


def test_your_alias_file_wins_and_a_change_of_it_counts_for_what_is_loaded(
    home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "aliases.csv"
    file.write_text("alias,name,label,kb_id\nOdesa,Odessa (Ukraine),GPE,X1\n", encoding="utf-8")
    load(home, ARTICLES / "metro-wire", aliases=file)
    assert name_of(home, "Odesa") == ["Odessa (Ukraine)"]
    assert rows(home, "SELECT kb_id FROM entities WHERE name = 'Odessa (Ukraine)'") == [("X1",)]
    file.write_text("alias,name\nSelwick,Selwick-on-Wend\n", encoding="utf-8")
    load(home, ARTICLES / "coast-tribune", aliases=file)
    assert name_of(home, "Odesa") == ["Odesa"]
    assert name_of(home, "Selwick") == ["Selwick-on-Wend"]


@pytest.mark.parametrize("content", [None, "name\nx\n", "\0\n"], ids=["missing", "no alias column", "no CSV"])
def test_an_alias_file_that_is_none_is_said_in_a_line(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "aliases.csv"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match="aliases"):
        load_aliases(read_settings(home=tmp_path, aliases=file))


@pytest.mark.nightly
def test_an_article_in_a_language_without_a_model_is_loaded_untagged_and_said(home: Path) -> None:
    done = copydesk(home, "run", "--direct", str(ARTICLES / "el-faro"))
    assert done.returncode == 0, done.stderr
    assert "untagged   es 1" in done.stdout
    assert rows(home, "SELECT lang FROM documents WHERE tagged_by IS NULL") == [("es",)]


@pytest.mark.nightly
def test_five_million_characters_are_tagged_in_bounded_memory(home: Path, tmp_path: Path) -> None:
    line = "Dana Whitlock told the board in Selwick that the ferry would sail, and Tom Ashgrove wrote it all down. "
    text = "\n".join(f"{line}Item {number}." for number in range(43_000))  # 4.9 million: over 5 is refused
    (tmp_path / "long.txt").write_text(f"A very long report\n\n{text}", encoding="utf-8")
    load(home, tmp_path / "long.txt")
    assert rows(home, "SELECT count(*) > 0 FROM mentions") == [(True,)]


def test_a_merge_whose_command_was_killed_is_named_and_applied_by_the_next_command(
    one_article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(entities, "replace_names", die)
        with pytest.raises(KeyboardInterrupt):
            apply_manual_rule(
                read_settings(home=one_article), "Dana Whitlockb", "D'Arcy W", "PERSON", apart=False
            )
    audit = copydesk(one_article, "audit")
    assert audit.returncode == 1
    command = f"""--home {one_article} entities merge 'Dana Whitlockb' 'D'"'"'Arcy W' --label PERSON"""
    assert command in audit.stderr.replace("\n", " ")
    assert copydesk(one_article, "entities", "split", "Nobody").returncode == 0
    rules = rows(one_article, "SELECT alias, name, apart FROM entity_rules ORDER BY apart")
    assert rules == [("Dana Whitlockb", "D'Arcy W", False), ("Nobody", "Nobody", True)]
    assert name_of(one_article, "Dana Whitlockb") == ["D'Arcy W"]
    assert copydesk(one_article, "audit").returncode == 0
    assert not (one_article / "pending-rule.json").exists()


def test_a_rule_that_was_applied_before_its_command_was_killed_is_not_lost(
    one_article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(entities, "remove", lambda _: None)
        apply_manual_rule(read_settings(home=one_article), "Dana Whitlockb", "Dana Ash", None, apart=False)
    assert (one_article / "pending-rule.json").exists()
    assert copydesk(one_article, "audit").returncode == 0
    apply_manual_rule(read_settings(home=one_article), "X", "Y", None, apart=False)
    assert len(rows(one_article, "FROM entity_rules")) == 2
    assert copydesk(one_article, "audit").returncode == 0
