"""Stories and entities: lists, the page of one, and where one that is gone leads."""

import shutil
from pathlib import Path

import pytest
from starlette.applications import Starlette

from copydesk.flows.settings import read_settings
from copydesk.flows.ui.app import make_app
from copydesk.flows.ui.retries import Retries
from tests.conftest import rows, tamper
from tests.flows.ui.asking import ask

GRAIN = "SELECT story_id, label FROM stories WHERE n_documents > 1"


def test_stories_of_one_article_are_listed_where_they_are_wanted(app: Starlette, sample_home: Path) -> None:
    ((story_id, label),) = rows(sample_home, GRAIN)
    shared, every = ask(app, "/stories").text, ask(app, "/stories?all=1").text
    assert shared.count('href="/stories/') == 1
    assert f'href="/stories/{story_id}"' in shared
    assert label in shared
    assert every.count('href="/stories/') == rows(sample_home, "SELECT count(*) FROM stories")[0][0]
    assert label not in ask(app, "/stories?q=zzqqzz").text


def test_a_story_lists_its_articles_and_outlets(app: Starlette, sample_home: Path) -> None:
    ((story_id, label),) = rows(sample_home, GRAIN)
    page = ask(app, f"/stories/{story_id}").text
    query = f"SELECT doc_id, source FROM articles WHERE story_id = '{story_id}'"
    for doc_id, source in rows(sample_home, query):
        assert f'href="/documents/{doc_id}"' in page
        assert source in page
    assert f"<title>{label}" in page


def test_entities_are_found_by_part_of_a_name_and_by_label(app: Starlette, sample_home: Path) -> None:
    every = ask(app, "/entities").text
    found = ask(app, "/entities?q=DANYLENKO").text
    assert "Danylenko" in found
    assert 0 < found.count("<tr") < every.count("<tr")
    people = ask(app, "/entities", params={"label": "PERSON"}).text
    assert "Danylenko" in people
    assert "Danylenko" not in ask(app, "/entities", params={"q": "danylenko", "label": "GPE"}).text


def test_an_entity_has_a_chart_its_spellings_and_its_articles(app: Starlette, sample_home: Path) -> None:
    query = "SELECT entity_id, name FROM entities WHERE label = 'PERSON' ORDER BY n_documents DESC, name"
    entity_id, name = rows(sample_home, query)[0]
    page = ask(app, f"/entities/{entity_id}").text
    assert f"<title>{name}" in page
    assert "<svg" in page
    named = rows(sample_home, f"SELECT DISTINCT doc_id FROM mentions WHERE entity_id = '{entity_id}'")
    assert any(f'href="/documents/{doc_id}"' in page for (doc_id,) in named)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/stories/" + "0" * 16, 404),
        ("/entities/" + "0" * 16, 404),
        ("/stories/zz", 404),
        ("/stories?order=odd", 400),
        ("/stories?all=2", 400),
        ("/entities?page=999", 404),
    ],
)
def test_what_is_not_there_or_cannot_be_asked_is_refused(app: Starlette, path: str, status: int) -> None:
    assert ask(app, path).status_code == status


def test_a_story_that_was_merged_leads_to_the_other(sample_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(sample_home, tmp_path / "home"))
    ((story_id, _),) = rows(home, GRAIN)
    ((doc_id, run_id),) = rows(
        home, f"SELECT d.doc_id, d.run_id FROM documents AS d, story_documents AS s "
        f"WHERE s.doc_id = d.doc_id AND s.story_id = '{story_id}' ORDER BY 1 LIMIT 1",
    )  # fmt: skip
    columns = "run_id, doc_id, old_story_id, new_story_id, kind"
    tamper(
        home,
        f"INSERT INTO story_changes ({columns}) "
        f"VALUES ('{run_id}', '{doc_id}', 'deadbeefdeadbeef', '{story_id}', 'merge')",
    )
    settings = read_settings(home=home)
    answer = ask(make_app(settings, Retries(settings)), "/stories/deadbeefdeadbeef")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/stories/{story_id}")
