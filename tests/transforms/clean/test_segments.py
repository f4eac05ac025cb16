"""Segments: what is prose and what a body is."""

from copydesk.transforms.clean.segments import describe_lines
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import raw_of


def test_prose_has_twenty_words_and_ends_as_a_sentence_does():
    twenty = "word " * 19
    ends = ["end.", "end!”", "end?)", "end।", "end", "end…", "end...", "end.]", "end...]"]
    lines = describe_lines(
        to_lines(raw_of("\n".join([*(twenty + end for end in ends), "word " * 18 + "end."])))
    )
    assert lines["prose"].to_list() == [True, True, True, True, False, False, False, True, False, False]
