import random
import re
from collections.abc import Callable
from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.stage import clean
from copydesk.transforms.contract import CLEAN, EDITS, empty
from copydesk.transforms.edits import apply_all
from tests.transforms.conftest import (
    HEADLINE,
    LINEAR,
    PROSE,
    RULES,
    RULES_ONLY,
    awkward_text,
    clean_one,
    cpu_ratio,
    examples,
    raw_of,
)

A, B = PROSE
EXAMPLES = [example for rule in RULES for example in (*rule.removed, *rule.kept)]
BROKEN = [
    "donâ€™t", "&amp; &quot;yes&quot;", "&#13;", "&nbsp;", "caf\uef93\uefe9", "a\u200bb", "\0", "two  spaces",
    "[Un titular en español sobre la subasta del puerto de Almadía]", "\ufdd0", "漢字", "", " ",
]  # fmt: skip
scraps = st.lists(
    st.tuples(
        st.one_of(st.sampled_from([*PROSE, HEADLINE, "News" + HEADLINE]), st.sampled_from(EXAMPLES + BROKEN)),
        st.sampled_from(["\n", "\n", "\r\n", "\n\n", " \n", "\u2028", " "]),
    ),
    max_size=10,
).map(lambda parts: "".join(piece + end for piece, end in parts))
frames = st.lists(st.one_of(scraps, awkward_text), min_size=1, max_size=8)
few = examples(4)  # half a second for each call of clean


@few
@given(frames)
def test_the_clean_text_is_the_raw_text_with_its_edits(texts: list[str]):
    raw = raw_of(*texts)
    edits, documents = clean(raw, RULES_ONLY)
    assert_frame_equal(apply_all(raw, edits), documents.select("doc_id", "text"))
    reach, text = dict.fromkeys(raw["doc_id"], 0), dict(raw.select("doc_id", "raw_text").iter_rows())
    for doc_id, start, end, _, replacement, score, _ in edits.rows():
        assert reach[doc_id] <= start <= end <= len(text[doc_id])
        assert text[doc_id][start:end] != replacement
        assert 0 < score <= 1
        reach[doc_id] = end
    assert edits["doc_id"].is_sorted()
    assert documents["kept_share"].is_between(0, 1).all()
    assert (edits.schema, documents.schema) == (pl.Schema(EDITS), pl.Schema(CLEAN))


@few
@given(frames, st.randoms(use_true_random=False))
def test_neither_the_other_documents_nor_their_order_matter(texts: list[str], dice: random.Random):
    raw = raw_of(*texts)
    edits, documents = clean(raw, RULES_ONLY)
    some = raw.sample(dice.randint(1, len(raw)), shuffle=True, seed=dice.randint(0, 99))
    again, of_some = clean(some, RULES_ONLY)
    order = some.select("doc_id")
    assert_frame_equal(of_some, order.join(documents, on="doc_id", maintain_order="left"))
    assert_frame_equal(again, edits.join(order, on="doc_id", how="semi", maintain_order="left"))


@few
@given(frames)
@example([f"{A}\n[Read more: the bridge in pictures]\n"])
@example([f"{A}&#13;\n\n\0\n\n{B}&nbsp;\n"])
def test_clean_text_has_line_feeds_alone_and_no_white_space_before_them(texts: list[str]):
    for text in clean(raw_of(*texts), RULES_ONLY)[1]["text"]:
        assert not re.search("[\r\x0b\x0c\x85\u2028\u2029]", text)
        assert not re.search("[ \t\xa0]\n", text)
        assert not re.search("\n\n\n|^\n|\n$", text)


def test_cleaning_is_deterministic():
    dice = random.Random(1)
    raw = raw_of(*("\n".join(dice.choices(EXAMPLES + BROKEN + [A, B], k=12)) for _ in range(200)))
    first, second = clean(raw, RULES_ONLY), clean(raw, RULES_ONLY)
    assert_frame_equal(first[0], second[0])
    assert_frame_equal(first[1], second[1])


LONG = {
    "one long line": "word ",
    "one long word": "x",
    "spaces": " ",
    "dots": ".",
    "marks of mojibake": "Ã©",
    "short lines": "a\n",
    "menu words": "Home\n",
    "blank lines": "\n",
}
ODD = {
    "empty": "",
    "white space": " \n\t\r\n\xa0\u3000 \u2028",
    "one letter": "a",
    **{name: unit * (100_000 // len(unit)) for name, unit in LONG.items()},
    "NULs": "\0" * 100 + "\n\0a\0b",
    "Hebrew": "ראש העיר חתם היום על ההסכם.\nהתושבים שמחו.",
    "Arabic": "وقّع رئيس البلدية الاتفاق اليوم.\nفرح السكان.",
    "Chinese": "市长今天签署了协议。\n居民们很高兴。",
    "Thai": "นายกเทศมนตรีลงนามในข้อตกลงวันนี้\nชาวบ้านดีใจ",
    "emoji": "👩‍👩‍👧‍👦🏴‍☠️🇫🇷\n👍🏽",
    "combining marks": "Z̸̡̛a̵l̶g̷o\n" + "e" + "\u0301" * 500,
    "noncharacters": "a\ufdd0b\ufffe\uffff c\n\ufdd0\nd",
    "private block": "\uef80\uefff\ue000",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_texts_are_cleaned(text: str):
    edits, document = clean_one(text)
    assert_frame_equal(
        apply_all(raw_of(text), edits).select("text"), pl.DataFrame({"text": [document["text"]]})
    )


@pytest.mark.nightly
@pytest.mark.parametrize("unit", LONG.values(), ids=LONG)
def test_long_texts_take_linear_time(unit: str):
    def prepare(size: int) -> Callable[[], object]:
        text = unit * (size // len(unit))
        return lambda: clean_one(text)

    assert cpu_ratio(prepare, 100_000) < LINEAR


@pytest.mark.parametrize(
    "text",
    [f"{A[:30]}\ufdd0{A[30:]}\n{B}", ODD["Hebrew"], ODD["Arabic"], ODD["emoji"]],
    ids=["noncharacter", "Hebrew", "Arabic", "emoji"],
)
def test_a_text_without_boilerplate_stays_as_it_is(text: str):
    edits, document = clean_one(text)
    assert edits.rows() == []
    assert (document["text"], document["kept_share"]) == (text, 1.0)


def test_no_documents_no_edits():
    edits, documents = clean(raw_of(), RULES_ONLY)
    assert_frame_equal(edits, empty(EDITS))
    assert_frame_equal(documents, empty(CLEAN))


def test_without_rules_only_the_structure_is_read():
    text = f"Follow us\n{HEADLINE}\n\n{A}\n\n{B}\n"
    edits, document = clean_one(text, rules=())
    assert document["text"] == f"Follow us\n\n{A}\n\n{B}"
    assert document["title"] == HEADLINE
    assert set(edits["rule"]) == {"headline", "line_end"}


def test_a_small_article_comes_out_whole():
    text = (
        f"Skip to content\r\nHome > World\r\n{HEADLINE}\r\nBy Dana Whitlock\r\nPublished March 3, 2026\r\n\r\n{A}\r\n"
        f"READ ALSO: Ten things to know about the new tram\r\n\r\n{B}\r\nSource: Metro Wire\r\n© 2026 Northern Post\r\n"
    )
    edits, documents = clean(raw_of(text, source=["northern-post"]), RULES_ONLY)
    assert edits["rule"].to_list() == [
        "skip_link", "breadcrumb", "headline", "byline", "publication_stamp", "blank_line", "line_end", "pointer",
        "line_end", "line_end", "credit", "copyright",
    ]  # fmt: skip
    expected = {
        "doc_id": "d0000",
        "source": "northern-post",
        "title": HEADLINE,
        "byline": "Dana Whitlock",
        "credit": "Metro Wire",
        "published_at": datetime(2026, 3, 3, tzinfo=UTC),
        "lang": "en",
        "text": f"{A}\n\n{B}",
        "n_words": 57,
    }
    assert documents.select(expected.keys()).row(0, named=True) == expected
    lost = ("Skip to content", "Home > World", "Published March 3, 2026", "Source: Metro Wire", "© 2026 Northern Post",
            "READ ALSO: Ten things to know about the new tram")  # fmt: skip
    assert documents["kept_share"].item() == 1 - sum(len(line) + 2 for line in lost) / len(text)


def test_the_metadata_of_the_record_take_precedence():
    known = datetime(2020, 1, 2, tzinfo=UTC)
    raw = raw_of(
        f"{HEADLINE}\nPublished March 3, 2026\n{A}\n{B}", title=["The feed's title"], published_at=[known]
    )
    document = clean(raw, RULES_ONLY)[1].row(0, named=True)
    assert (document["title"], document["published_at"]) == ("The feed's title", known)
