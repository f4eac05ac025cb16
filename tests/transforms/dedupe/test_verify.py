import numpy as np
import polars as pl
import pytest

from copydesk.transforms.contract import PAIRS
from copydesk.transforms.dedupe.corpus import to_corpus, to_token_hashes
from copydesk.transforms.dedupe.verify import verify
from copydesk.transforms.text.hashing import hash_words
from tests.transforms.conftest import PROSE
from tests.transforms.dedupe.texts import STORY, judge, spell, story

LONG = [spell(number) + "x" for number in range(1000, 1700)]
#: A report with slots, 200 words and four numbers.
REPORT = "{} " + story() + " quay {} men {} tons {} ledgers"


@pytest.mark.parametrize("n", [0, 1, 2])
def test_a_verdict_has_the_columns_of_pairs(n: int):
    corpus = to_corpus([to_token_hashes(hash_words(pl.Series([story(), PROSE[0], story()])))])
    found = verify(corpus, np.arange(n), np.arange(n) + 1)
    assert found.schema == pl.Schema(PAIRS)
    assert found["kind"].to_list() == [None] * n


@pytest.mark.parametrize("copy", [story(), story().upper(), "“" + story().replace(" ", "\n\n– ") + "!"])
def test_the_same_words_are_near(copy: str):
    assert judge(story(), copy) == "near"


def test_a_text_with_a_few_other_words_is_near():
    assert judge(story(), story(w9="nine", w99="ninety", w199="more")) == "near"


def test_a_text_cut_at_its_end_is_near_and_a_part_of_it_contained():
    assert judge(" ".join(STORY[:200]), story()) == "near"
    assert judge(" ".join(STORY[100:200]), story()) == "contained"
    assert judge(story(), " ".join(STORY[100:200])) == "contained"


def test_a_story_within_a_roundup_is_contained():
    assert judge(story(), " ".join([*LONG[:300], *STORY, *LONG[300:600]])) == "contained"


def test_a_report_on_one_template_with_other_figures_is_another():
    one, other = REPORT.format(11, 3, 46, 12), REPORT.format(12, 5, 51, 30)
    assert judge(one, other) is None
    assert judge(one, one + " said the clerk") == "near"


def test_a_report_on_one_template_with_other_names_is_another():
    names = [f"w{place}" for place in range(10, 220, 8)]
    assert (
        judge(story(**dict.fromkeys(names, "Vila Serena")), story(**dict.fromkeys(names, "Agia Varvaki")))
        is None
    )


def test_one_digit_more_or_less_is_forgiven_in_a_long_text_alone():
    figures = ["9", "21", "30", "46"]
    short = [*LONG[:40], "14", *LONG[40:80], *figures]
    long = [*LONG[:300], "14", *LONG[300:], *figures]
    assert judge(" ".join(short), " ".join(short).replace("14", "15")) is None
    assert judge(" ".join(long), " ".join(long).replace("14", "15")) == "near"


def test_a_rewrite_of_the_same_facts_is_another():
    words = list(STORY)
    for place in range(200, 0, -15):
        words[place : place + 3] = ["so", "they", "say", "again", spell(place)]
    assert judge(story(), " ".join(words)) is None


def test_a_common_frame_around_another_body_is_another():
    frame = LONG[:120]
    assert (
        judge(
            " ".join([*frame[:60], *STORY[:100], *frame[60:]]),
            " ".join([*frame[:60], *STORY[110:210], *frame[60:]]),
        )
        is None
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("word", "other"),
        ("", "word"),
        ("1 2 3", "4 5 6"),
        ("12", "13"),
        ("captains queue in the rain", "captains queue in the sun"),
        (PROSE[0], PROSE[1]),
        ("…", "1"),
        ("漢字文章", "他的文字"),
    ],
)
def test_other_texts_are_neither(one: str, other: str):
    assert judge(one, other) is None


@pytest.mark.parametrize("text", ["word", "12", "1 2 3", "3.5 %", "漢"])
def test_the_smallest_texts_are_near_their_equals(text: str):
    assert judge(text, text) == "near"
