"""A section reads its query from a file beside the others."""

import pytest

from copydesk.flows.report.section import FOLDER, Section


def test_a_section_has_the_query_of_its_name() -> None:
    section = Section("The funnel", "About.", "funnel")
    assert section.sql == (FOLDER / "funnel.sql").read_text(encoding="utf-8").strip()
    assert (section.draw, section.wide) == (None, False)


def test_a_section_without_a_query_is_an_error() -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.sql"):
        _ = Section("Nothing", "About.", "nothing").sql
