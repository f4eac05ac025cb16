"""CPU time of every stage over inputs that double: it doubles too, whatever the documents are full of.

Measured by ratio, on one document at a time: a stage that is quadratic in the length of a document shows a ratio of 4.
"""

from collections.abc import Callable

import polars as pl
import pytest

from copydesk.flows.io.resources import load_gazetteer
from copydesk.flows.shipped import ENTITIES
from copydesk.transforms.clean.stage import CleaningResources, clean
from copydesk.transforms.contract import CLEAN, as_raw
from copydesk.transforms.contract.schema import fill
from copydesk.transforms.dedupe.in_memory import find_duplicates
from copydesk.transforms.entities.gazetteer_match import match_gazetteer
from copydesk.transforms.entities.mentions import number_sentences
from copydesk.transforms.quality.measures import ingest_measures, tag_measures
from copydesk.transforms.text.encoding import decode
from tests.cpu_time import growth

pytestmark = pytest.mark.nightly

#: What a document is made of, by what it is full of: called with the number of a repetition.
TEXTS: dict[str, Callable[[int], str]] = {
    "prose": lambda n: (
        f"The harbour board met on day {n} to hear why the pier had been closed since March.\n\n"
    ),
    "one line": lambda n: f"The harbour board met on day {n} to hear why the pier had been closed. ",
    "short lines": lambda n: f"Sport {n}\n",
    "names": lambda n: f"Anna Whitlock{n} of Selwick{n}, ",
    "spaces": lambda n: "  \t \n ",
    "capitals": lambda n: "HARBOUR ",
    "characters of no width": lambda n: "a\u200b\u200d",
    "damaged characters": lambda n: "caf\u00c3\u00a9 ",
    "dates": lambda n: f"{n % 28 + 1} March 2026, ",
    "addresses": lambda n: f"https://harbour.example/{n} ",
}
PAGES: dict[str, Callable[[int], str]] = {
    "paragraphs": lambda n: (
        f"<p class=a>The harbour board met on day {n} to hear why the pier was closed.</p>"
    ),
    "attributes": lambda n: f"a{n}=1 ",
    "nested blocks": lambda n: "<div>",
    "nested type": lambda n: "<b>",
    "links": lambda n: f"<a href=/{n}>Pier {n}</a>",
    "breaks": lambda n: "x<br>",
    "references": lambda n: "&amp;&eacute; ",
    "comments": lambda n: "<!-- a -->",
    "open tags": lambda n: "<a ",
}
MEDIA = {"text/plain": TEXTS, "text/html": PAGES}


def document(of: Callable[[int], str], length: int, media_type: str) -> pl.DataFrame:
    """Return one record (RAW) of about `length` characters."""
    head = "<html><body><p>Pier</p><div " if media_type == "text/html" and of(0).startswith("a0=") else ""
    text = head + "".join(map(of, range(length // len(of(0)))))
    columns = {"doc_id": ["a"], "raw_text": [text], "media_type": [media_type], "source": ["s"], "uri": ["a"]}
    return as_raw(pl.DataFrame(columns))


def settled(run: Callable[[int], object]) -> None:
    """Assert that twice the input takes at most 2.3 times the CPU time; the second look is for a noisy machine."""
    ratios = [growth(run, small=150_000, large=300_000, rounds=2)]
    if ratios[0] > 2.3:
        ratios.append(growth(run, small=150_000, large=300_000, rounds=3))
    assert min(ratios) <= 2.3, ratios


@pytest.mark.parametrize(
    ("media_type", "kind"), [(media_type, kind) for media_type, kinds in MEDIA.items() for kind in kinds]
)
def test_clean(resources: CleaningResources, media_type: str, kind: str) -> None:
    settled(lambda n: clean(document(MEDIA[media_type][kind], n, media_type), resources))


@pytest.mark.parametrize("kind", TEXTS)
def test_ingest(kind: str) -> None:
    def run(n: int) -> None:
        raw = document(TEXTS[kind], 4 * n, "text/plain")
        decode(raw["raw_text"][0].encode("cp1252", "replace"))
        ingest_measures(raw)

    settled(run)


@pytest.mark.parametrize("kind", TEXTS)
def test_dedupe(kind: str) -> None:
    """Two documents that differ in their last words."""

    def run(n: int) -> None:
        text = "".join(map(TEXTS[kind], range(n // len(TEXTS[kind](0)))))
        pair = pl.DataFrame({"doc_id": ["a", "b"], "text": [text, f"{text} and more"], "lang": ["en", "en"]})
        find_duplicates(fill(pair.with_columns(n_words=pl.col("text").str.count_matches(r"\w+")), CLEAN))

    settled(run)


def test_tag() -> None:
    """A text that is all names, each of them found by the model."""
    gazetteer = load_gazetteer(ENTITIES)

    def run(n: int) -> None:
        size = n // 15
        text = " ".join(f"Anna Wh\u00eft{number:06}" for number in range(size))
        documents = pl.DataFrame({"doc_id": ["a"], "text": [text]})
        spans = pl.DataFrame({"doc_id": ["a"] * size, "start": [16 * number for number in range(size)]})
        spans = spans.with_columns(
            surface=pl.Series([text[start : start + 15] for start in spans["start"]]), label=pl.lit("PERSON")
        )
        match_gazetteer(documents, spans, gazetteer.index, gazetteer.words.no_name)
        mentions = spans.with_columns(end=pl.col("start") + 15)
        number_sentences(documents, mentions)
        tag_measures(documents, mentions)

    settled(run)
