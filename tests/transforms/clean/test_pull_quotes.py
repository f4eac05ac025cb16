"""Pull quotes: lines that repeat a sentence of the article."""

from collections.abc import Callable

import pytest

from copydesk.transforms.clean.pull_quotes import mark_pull_quotes
from copydesk.transforms.clean.segments import describe_lines
from copydesk.transforms.clean.stage import mark_lines
from copydesk.transforms.clean.structure import find_top
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import LINEAR, PROSE, RULES_ONLY, cpu_ratio, mark_text, raw_of

A, B = PROSE
SAID = "The clerk has kept the desk for nineteen years."
HOST = f"{SAID} Nobody could say who had ordered the change, or why it had come on the first morning of the month."


@pytest.mark.parametrize(
    "quote",
    [SAID, f"“{SAID}”", SAID.upper(), "The clerk has kept the desk for nineteen",
     "nobody could say who had ordered the change, or why it had come"],
)  # fmt: skip
@pytest.mark.parametrize("text", ["{A}\n{quote}\n{HOST}\n{B}", "{A}\n{HOST}\n{B}\n{quote}"])
def test_a_line_that_repeats_a_sentence_or_most_of_it_is_a_pull_quote(quote: str, text: str):
    found = dict(mark_text(text.format(A=A, B=B, HOST=HOST, quote=quote)))
    assert found == {A: None, B: None, HOST: None, quote: "pull_quote"}


@pytest.mark.parametrize(
    "line",
    [
        "The clerk has kept the desk",
        "kept the desk for nineteen years in all",
        "why it had come on the first morning",
        "The clerk has not kept the desk for nineteen years.",
        "The clerks have kept the desk for nineteen years.",
        "years. Nobody could say who had ordered the",
    ],
    ids=["short", "goes on", "the smaller part", "one word more", "inflected", "of two sentences"],
)
def test_a_line_that_says_other_words_stays(line: str):
    assert mark_text(f"{A}\n{line}\n{HOST}")[1] == (line, None)


def test_a_line_that_stands_twice_and_one_of_another_document_are_no_pull_quotes():
    assert [rule for _, rule in mark_text(f"{A}\n{SAID}\n{HOST}\n{SAID}\n{B}")] == [None] * 5
    lines = mark_lines(raw_of(f"{A}\n{SAID}\n{B}", f"{B}\n{HOST}"), RULES_ONLY)
    assert lines["rule"].null_count() == len(lines)


@pytest.mark.nightly
def test_pull_quotes_take_linear_time():
    """Thousands of quotes of as many similar sentences: each quote is compared with one of them."""

    def prepare(size: int) -> Callable[[], object]:
        sentence = "one two three four five six seven eight nine ten eleven "
        hosts = (f"{sentence}{n} and so on until there are twenty words in it at last." for n in range(size))
        quotes = (f"{sentence}{n}" for n in range(size))
        lines = find_top(describe_lines(to_lines(raw_of("\n".join([A, *hosts, *quotes])))))
        return lambda: mark_pull_quotes(lines)

    assert cpu_ratio(prepare, 2000) < LINEAR
