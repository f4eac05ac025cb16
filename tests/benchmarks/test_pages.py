"""The repository's own pages: gold lies in the text, and a rendering changes breaks, not words."""

import pytest

from benchmarks.pages import OWN_RENDERINGS, read_own


def test_there_are_pages_in_several_languages_and_gold_is_part_of_each() -> None:
    pages = read_own()
    assert len({page.lang for page in pages}) >= 6
    assert len(pages) >= 12
    for page in pages:
        lines = page.text.splitlines()
        kept = page.golds[0].splitlines()
        assert [line for line in lines if line in set(kept)] == kept, page.name
        assert len(lines) - len(kept) > 10, page.name


@pytest.mark.parametrize("rendering", OWN_RENDERINGS)
def test_a_rendering_keeps_every_word(rendering: str) -> None:
    for stored, page in zip(read_own(), read_own(rendering), strict=True):
        assert page.text.split() == stored.text.split()
        assert page.golds == stored.golds


def test_renderings_break_lines_as_scrapers_do() -> None:
    n_lines = {
        rendering: [page.text.strip().count("\n") for page in read_own(rendering)]
        for rendering in OWN_RENDERINGS
    }
    assert set(n_lines["oneline"]) == {0}
    for stored, wrapped, broken in zip(n_lines["lines"], n_lines["wrap80"], n_lines["broken"], strict=True):
        assert wrapped > stored
        assert broken >= stored
    assert sum(n_lines["broken"]) > 1.1 * sum(n_lines["lines"])
    assert max(len(line) for page in read_own("wrap80") for line in page.text.splitlines()) <= 80
