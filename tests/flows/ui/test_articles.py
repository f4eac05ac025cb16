"""The first page, the search and the pages of one document."""

import re
from pathlib import Path

import pytest
from starlette.applications import Starlette

from tests.conftest import rows
from tests.flows.ui.asking import ask


def id_of(home: Path, query: str) -> str:
    return str(rows(home, query)[0][0])


def titles(page: str) -> list[str]:
    return re.findall(r"<h2[^>]*>(.*?)</h2>", page, re.DOTALL)


def test_the_first_page_counts_what_the_warehouse_holds(app: Starlette, sample_home: Path) -> None:
    page = ask(app, "/").text
    ((n_articles,),) = rows(sample_home, "SELECT count(*) FROM articles")
    assert f">{n_articles}<" in page
    assert str(sample_home) in page


def test_a_search_marks_its_words_and_a_filter_narrows_it(app: Starlette, sample_home: Path) -> None:
    every = ask(app, "/search", params={"q": "selwick"}).text
    assert "<mark>Selwick</mark>" in every
    assert "<title>selwick: search" in every
    one = ask(app, "/search", params={"q": "selwick", "source": "metro-wire"}).text
    assert 0 < len(titles(one)) < len(titles(every))
    assert set(titles(one)) < set(titles(every))
    none = ask(app, "/search", params={"q": "selwick", "from": "2099-01-01"}).text
    assert titles(none) == []


@pytest.mark.parametrize(
    "query", ["from=yesterday", "story=x", "page=0", "q=" + "+".join("abcdefghijklmnopqrst")]
)
def test_a_search_that_cannot_be_asked_is_refused(app: Starlette, query: str) -> None:
    answer = ask(app, f"/search?{query}")
    assert (answer.status_code, "<h1>This cannot be asked</h1>" in answer.text) == (400, True)


def test_a_page_after_the_last_is_not_there(app: Starlette) -> None:
    assert ask(app, "/search?page=2").status_code == 404


def test_a_document_is_shown_with_its_text_and_leads_to_its_proof_sheet(
    app: Starlette, sample_home: Path
) -> None:
    query = "SELECT doc_id, title FROM articles WHERE title IS NOT NULL AND title NOT LIKE '%''%' ORDER BY 1"
    doc_id, title = rows(sample_home, query)[0]
    page = ask(app, f"/documents/{doc_id}").text
    assert f"<title>{title}" in page
    assert f'href="/documents/{doc_id}/proof"' in page


def test_a_merged_document_names_its_canonical_document(app: Starlette, sample_home: Path) -> None:
    query = "SELECT doc_id, canonical_doc_id FROM duplicates WHERE doc_id <> canonical_doc_id ORDER BY 1"
    doc_id, canonical = rows(sample_home, query)[0]
    assert f"/documents/{canonical}" in ask(app, f"/documents/{doc_id}").text


def test_a_rejected_record_has_a_proof_sheet_alone(app: Starlette, sample_home: Path) -> None:
    doc_id = id_of(sample_home, "SELECT doc_id FROM quarantine WHERE expectation = 'text_has_words'")
    answer = ask(app, f"/documents/{doc_id}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/documents/{doc_id}/proof")
    assert '<a href="/quarantine">← the quarantine</a>' in ask(app, f"/documents/{doc_id}/proof").text


def test_a_proof_sheet_leads_back_and_its_partners_are_beside_it(app: Starlette, sample_home: Path) -> None:
    doc_id = id_of(sample_home, "SELECT canonical_doc_id FROM duplicates WHERE kind = 'near' ORDER BY 1")
    page = ask(app, f"/documents/{doc_id}/proof").text
    assert f'<a href="/documents/{doc_id}">← the article</a>' in page
    (partner, *_) = re.findall(r'href="([0-9a-f]{32})\.html', page)
    beside = ask(app, f"/documents/{doc_id}/{partner}.html")
    assert (beside.status_code, beside.headers["location"]) == (303, f"/documents/{partner}/proof")


@pytest.mark.parametrize("path", ["/documents/{}", "/documents/{}/proof"])
@pytest.mark.parametrize("doc_id", ["0" * 32, "zz", "A" * 32])
def test_a_document_that_is_not_there_is_404(app: Starlette, path: str, doc_id: str) -> None:
    assert ask(app, path.format(doc_id)).status_code == 404
