import unicodedata
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from copydesk.transforms.clean.mojibake import diff_words
from copydesk.transforms.clean.repairs import propose_repairs, repair_texts
from copydesk.transforms.edits import apply, apply_all, resolve_overlaps
from copydesk.transforms.text.lines import to_lines
from tests.transforms.conftest import LINEAR, PROSE, SEEDS, awkward_text, cpu_ratio, examples, raw_of

CLEAN_PROSE = {path.stem: path.read_text(encoding="utf-8") for path in (SEEDS / "clean_prose").glob("*.txt")}


def repair(text: str) -> tuple[str, list[str]]:
    """Return the mended text and the rules that mended it, in order of place."""
    raw = raw_of(text)
    edits = resolve_overlaps(propose_repairs(to_lines(raw)))
    return apply_all(raw, edits)["text"].item(), edits["rule"].unique(maintain_order=True).to_list()


def misread(text: str) -> str:
    """Read the UTF-8 of `text` as browsers read windows-1252: its undefined bytes become C1 controls."""
    return "".join(bytes([byte]).decode("windows-1252", "ignore") or chr(byte) for byte in text.encode())


MENDED = [
    ("mojibake", "It isnâ€™t over", "It isn’t over"),
    ("mojibake", "cafÃ© dâ€™Orsay", "café d’Orsay"),
    ("mojibake", "ÐŸÑ€Ð¸Ð²ÐµÑ‚, Ð¼Ð¸Ñ€", "Привет, мир"),
    ("stray_byte", "caf\uefe9 \uef93quoted\uef94 \uef80", "café “quoted” €"),
    ("stray_byte", "\uef81", "\ufffd"),
    ("html_entity", "Marks &amp; Sons &quot;Ltd&quot; &#8211; &#x20AC;5", "Marks & Sons \"Ltd\" – €5"),
    ("html_entity", "caf&eacute; &lt;b&gt;", "café <b>"),
    ("html_entity", "&amp;lt;", "&lt;"),
    ("html_entity", "&#128512;", "😀"),
    ("html_entity", "می&zwnj;خواهم 👩&zwj;👩", "می\u200cخواهم 👩\u200d👩"),
    ("control_character", "a\0b\x07c\x7f", "abc"),
    ("zero_width", "news\u200bpaper co\xadop \ufeffend\u2060", "newspaper coop end"),
    ("spaces", "one  two \t three\xa0 four", "one two three four"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "broken", "mended"), MENDED, ids=[ascii(f"{r}: {b}") for r, b, _ in MENDED])
def test_what_is_broken_is_mended_by_its_rule(rule: str, broken: str, mended: str):
    assert repair(broken) == (mended, [rule])


@pytest.mark.parametrize(
    "text",
    [
        "AT&T &c; R&D; &unknownentity; &;",
        "می\u200cخواهم",
        "👩‍👩‍👧‍👦",
        "tab\tone",
        "a\n b",
        "fin\n\n\nnext",
        "trailing   ",
        "SÃO PAULO, NÃO",
        "Â",
        "« À côté »",
        "ÂME ET CŒUR",
        "naïve Ðorđe, Øystein × 3",
        "",
    ],
    ids=ascii,
)
def test_what_only_looks_broken_is_left_alone(text: str):
    assert repair(text) == (text, [])


@pytest.mark.parametrize("language", CLEAN_PROSE)
def test_flawless_prose_needs_no_repair(language: str):
    text = CLEAN_PROSE[language]
    assert repair(text) == (text, [])
    assert repair(text.upper()) == (text.upper(), [])


@pytest.mark.parametrize("language", CLEAN_PROSE)
def test_prose_that_was_misread_is_restored_whole(language: str):
    text = CLEAN_PROSE[language]
    assert repair(misread(text)) == (text, ["mojibake"])


@pytest.mark.parametrize("language", CLEAN_PROSE)
def test_one_misread_paragraph_is_restored_and_the_others_left_alone(language: str):
    first, *rest = CLEAN_PROSE[language].split("\n\n")
    assert repair("\n\n".join([misread(first), *rest])) == ("\n\n".join([first, *rest]), ["mojibake"])


@pytest.mark.parametrize("entity", ["&#10;", "&#13;", "&#x0A;", "&#xD;", "&NewLine;", "&#8232;", "&#133;"])
def test_no_entity_brings_a_line_end_into_a_line(entity: str):
    mended, _ = repair(f"one{entity}two")
    assert mended.splitlines() == [mended]


@pytest.mark.parametrize(
    "entity", ["&shy;", "&#173;", "&#8203;", "&zwnj;", "&zwj;", "&lrm;", "&#xFEFF;", "&#8288;"]
)
def test_no_entity_without_width_splits_a_word(entity: str):
    mended, rules = repair(f"news{entity}paper")
    assert "".join(filter(str.isprintable, mended)) == "newspaper"
    assert rules == ["html_entity"]


@examples(50)
@given(st.lists(awkward_text, max_size=5))
def test_repairs_never_overlap_and_always_change_something(texts: list[str]):
    raw = raw_of(*texts)
    text = dict(raw.select("doc_id", "raw_text").iter_rows())
    for proposed in propose_repairs(to_lines(raw)):
        reach = dict.fromkeys(text, 0)
        for doc_id, start, end, _, replacement, *_ in proposed.sort("doc_id", "start", "end").rows():
            assert text[doc_id][start:end] != replacement
            assert reach[doc_id] <= start
            reach[doc_id] = end


@given(st.text("aÃ©’ \n", max_size=30), st.text("aé’ \n", max_size=30))
def test_differences_turn_the_old_into_the_new(old: str, new: str):
    assert apply(old, diff_words(old, new)) == new
    assert diff_words(old, old) == []


@given(st.text("aé", max_size=9), st.text("aé", max_size=9))
def test_differences_of_long_texts_are_one_span(old: str, new: str):
    assume(old != new)
    same = "x" * 3000
    old, new = same + old + same, same + new + same
    assert apply(old, diff_words(old, new)) == new
    assert len(diff_words(old, new)) == 1


MOJIBAKE = {"letters": "aÃ©", "words": "Ð¿ ", "prose": PROSE[0].replace("e", "Ã©")}


@pytest.mark.parametrize("unit", MOJIBAKE.values(), ids=MOJIBAKE)
def test_a_paragraph_of_mojibake_is_mended(unit: str):
    text = (unit * 999)[:999]
    mended, rules = repair(text)
    assert mended != text
    assert rules == ["mojibake"]


@pytest.mark.nightly
@pytest.mark.parametrize("unit", MOJIBAKE.values(), ids=MOJIBAKE)
def test_mojibake_is_mended_in_linear_time(unit: str):
    def prepare(size: int) -> Callable[[], object]:
        text = (unit * size)[:size]
        return lambda: repair(text)

    assert cpu_ratio(prepare, 1000) < LINEAR


def test_repairs_are_the_same_wherever_the_document_stands():
    broken = [text for _, text, _ in MENDED]
    lines = to_lines(raw_of(*broken))
    together = resolve_overlaps(propose_repairs(lines))
    for number, text in enumerate(broken):
        alone = resolve_overlaps(propose_repairs(to_lines(raw_of(text))))
        mine = together.filter(doc_id=f"d{number:04}").with_columns(doc_id=pl.lit("d0000"))
        assert alone.rows() == mine.rows()


def test_ligatures_and_decomposed_letters_are_edits() -> None:
    text = "Jose\u0301 Nu\u0301n\u0303ez found the \ufb01rst o\ufb03cer"
    raw = raw_of(text)
    edits = resolve_overlaps(propose_repairs(to_lines(raw)))
    assert set(edits["rule"]) == {"unicode_form", "ligature"}
    assert apply_all(raw, edits)["text"].to_list() == ["José Núñez found the first officer"]
    kept = [text[start:end] for start, end in edits.select("start", "end").iter_rows()]
    assert kept == ["e\u0301", "u\u0301n\u0303", "\ufb01", "\ufb03"]


@pytest.mark.parametrize("text", ["José", "विद्यालय", "한국", "نُشر", "שָׁלוֹם", "พฤษภาคม", "Ω 5 K"])
def test_text_is_in_normal_form_after_repair(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert repair_texts(pl.Series([decomposed])).to_list() == [unicodedata.normalize("NFC", text)]


def test_titles_are_repaired_as_texts_are() -> None:
    titles = pl.Series("title", ["CafÃ©  &amp; bar", "Bau\xadamt", None, " "])
    assert repair_texts(titles).to_list() == ["Café & bar", "Bauamt", None, None]
