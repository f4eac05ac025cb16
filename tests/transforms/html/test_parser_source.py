"""Pages that parsers would read in quadratic time or only in part are simplified first; all others stay as they are."""

import pytest
import trafilatura

from copydesk.transforms.html.parser_source import (
    DEEPEST,
    LONGEST,
    MOST_ATTRIBUTES,
    to_parser_source,
)
from tests.cpu_time import growth

PROSE = (
    "The harbour board met on Tuesday evening to hear why the north pier had been closed since March.",
    "Its chair told residents that the repairs would cost three million and last eleven weeks in all.",
)
BODY = "".join(f"<p class=t>{line * 3}</p>" for line in PROSE)


def attributes(n: int) -> str:
    return " ".join(f"a{number}=1" for number in range(n))


@pytest.mark.parametrize(
    "source",
    [
        "",
        "<",
        "no tag at all",
        f"<title>Pier</title><div {attributes(MOST_ATTRIBUTES)}>{BODY}</div>",
        f"{'<div>' * (DEEPEST - 5)}{BODY}",
        f"<script>var a = '<div {attributes(5_000)}>'</script>{BODY}",
    ],
)
def test_what_parsers_can_read_stays_as_it_is(source: str) -> None:
    assert to_parser_source(source) == source


HOSTILE = {
    "attributes": f"<div {attributes(5_000)}>{BODY}</div>",
    "attributes after a comment with half a tag": f'<!-- <a x=" --><div {attributes(5_000)} ">{BODY}</div>',
    "attributes after half a tag in a script": f"<script>'<a x=\"'</script><div {attributes(5_000)} \">{BODY}</div>",
    "attributes of a script": f"<script {attributes(5_000)}>x</script>{BODY}",
    "divs": f"{'<div>' * 5_000}{BODY}{'</div>' * 5_000}",
    "lists": f"{'<ul><li>' * 5_000}{BODY}",
    "articles": f"{'<article>' * 5_000}{BODY}",
    "quotes and bold type": f"{'<blockquote><b>' * 5_000}{BODY}",
    "a long address": f"<img src='data:,{'A' * LONGEST}'>{BODY}",
    "a long script": f"<script>{'A' * LONGEST}</script>{BODY}",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_the_text_of_other_pages_is_still_found(kind: str) -> None:
    readable = to_parser_source(f"<html><head><title>Pier</title></head><body>{HOSTILE[kind]}")
    assert readable is not None
    assert "<title>Pier</title>" in readable
    found = trafilatura.extract(readable, favor_precision=True)
    assert found is not None
    assert all(line in found for line in PROSE)


def test_a_page_that_is_all_text_may_be_too_long() -> None:
    assert to_parser_source("x" * (LONGEST + 1)) is None


@pytest.mark.nightly
@pytest.mark.parametrize("unit", ["a{}=1 ", "<div>", "<b>", "<!-- <a", "<a x='", "<script>"])
def test_linear_time(unit: str) -> None:
    def run(n: int) -> None:
        to_parser_source("<div " * unit.startswith("a") + "".join(unit.format(k) for k in range(n)) + BODY)

    assert growth(run, small=60_000, large=120_000) < 2.3
