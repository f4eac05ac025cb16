"""The source's template: lines that recur on independent pages count, copies prove nothing."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.segments import segment
from copydesk.transforms.clean.source_template import count_lines, find_evidence, template_keys, to_keys
from copydesk.transforms.contract import EVIDENCE, LINE_KEYS, SOURCE_LINES, empty
from tests.transforms.conftest import PROSE, examples, raw_of

KEY_COLUMNS = ["source", "key"]


def prose(number: int) -> str:
    """Two paragraphs of 29 words each, that no other number has."""
    return "\n".join(
        f"Page {chr(97 + number) * 3} of paragraph {part} says that the ferry was late again and that nobody on the "
        f"quay of {chr(97 + number) * 4} could tell the {part} crew why this was so."
        for part in ("first", "second")
    )


def keys_of(*texts: str, source: str | list[str | None] | None = "ledger") -> pl.DataFrame:
    sources = source if isinstance(source, list) else [source] * len(texts)
    raw = raw_of(*texts, source=sources)
    return to_keys(segment(raw), raw)


def evidence_of(*texts: str, source: str | list[str | None] = "ledger") -> dict[tuple[str, int], int]:
    """By document and line."""
    keys = keys_of(*texts, source=source)
    rows = find_evidence(keys, count_lines(keys, empty(SOURCE_LINES))).rows()
    return {(doc_id, line): n for doc_id, line, n in rows}


def test_a_line_key_names_the_source_and_the_words_of_prose() -> None:
    keys = keys_of(f"Home\n\n{prose(0)}\nHOME")
    assert keys.schema == pl.Schema(LINE_KEYS)
    assert keys["line"].to_list() == [0, 2, 3, 4]  # blank lines have no key
    assert keys["prose_words"].to_list() == [0, 29, 29, 0]
    assert keys["key"][0] == keys["key"][3] != keys["key"][1]
    assert set(keys["source"]) == {"ledger"}


def test_figures_case_and_white_space_are_folded() -> None:
    alike = keys_of("12 comments,  3 shares", "7 Comments, 1980 shares", "٣ comments, 3 shares")
    assert alike["key"].n_unique() == 1
    assert keys_of("12 comments", "12 comment")["key"].n_unique() == 2


def test_long_lines_and_documents_without_a_source_have_no_keys() -> None:
    assert keys_of("word " * 79 + "last.", "word " * 100)["doc_id"].to_list() == ["d0000"]
    assert_frame_equal(keys_of("Home", source=None), empty(LINE_KEYS))
    assert_frame_equal(keys_of(), empty(LINE_KEYS))


def test_a_line_on_two_independent_pages_is_evidence_on_both() -> None:
    pages = (f"Home\n{prose(0)}\nOnly here", f"{prose(1)}\nHome")
    assert evidence_of(*pages) == {("d0000", 0): 2, ("d0001", 2): 2}
    assert evidence_of(*pages, source=["ledger", "post"]) == {}


def test_a_copy_is_no_evidence() -> None:
    page = f"Home\n{prose(0)}"
    assert evidence_of(page, page) == {}
    assert evidence_of(page, page, page, f"Home\n{prose(1)}") == {}  # one independent page: not enough
    found = evidence_of(page, page, f"Home\n{prose(1)}", f"Home\n{prose(2)}")
    assert found == {("d0000", 0): 2, ("d0001", 0): 2, ("d0002", 0): 2, ("d0003", 0): 2}


def test_a_page_without_prose_of_its_own_is_no_evidence() -> None:
    assert evidence_of("Home\nNews", "Home\nSport", f"Home\n{prose(0)}") == {}


def test_a_line_counts_once_a_page() -> None:
    assert evidence_of(f"Home\nHome\n{prose(0)}", prose(1)) == {}


def test_counts_of_a_small_source() -> None:
    keys = keys_of(f"Home\n{prose(0)}", f"Home\n{prose(1)}", "Home")
    counts = count_lines(keys, empty(SOURCE_LINES))
    home = keys.row(0, named=True)["key"]
    assert counts.schema == pl.Schema(SOURCE_LINES)
    assert counts.filter(key=home).rows() == [("ledger", home, 3, 2)]
    assert counts.filter(pl.col("key") != home).select("n_seen", "n_documents").rows() == [(1, 1)] * 4
    assert_frame_equal(counts, counts.sort(KEY_COLUMNS))


pieces = st.lists(st.sampled_from(["Home", "Share", "12 comments", "3 comments"]), max_size=4)


@examples(20)
@given(st.lists(pieces, min_size=1, max_size=5), st.integers(0, 5))
def test_a_run_in_two_halves_with_history_counts_as_one_run(menus: list[list[str]], at: int) -> None:
    texts = ["\n".join([*menu, prose(number)]) for number, menu in enumerate(menus)]
    keys = keys_of(*texts)
    first = keys.filter(pl.col("doc_id").is_in([f"d{number:04}" for number in range(min(at, len(texts)))]))
    second = keys.join(first, on="doc_id", how="anti")
    history = count_lines(first, empty(SOURCE_LINES))
    later = count_lines(second, history)
    merged = pl.concat([later, history]).unique(KEY_COLUMNS, keep="first").sort(KEY_COLUMNS)
    assert_frame_equal(merged, count_lines(keys, empty(SOURCE_LINES)))


@examples(20)
@given(st.lists(pieces, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_neither_the_order_of_documents_nor_of_lines_matters(menus: list[list[str]], dice) -> None:
    keys = keys_of(*["\n".join([*menu, prose(number)]) for number, menu in enumerate(menus)])
    shuffled = keys.sample(fraction=1, shuffle=True, seed=dice.randint(0, 99))
    counts = count_lines(keys, empty(SOURCE_LINES))
    assert_frame_equal(count_lines(shuffled, empty(SOURCE_LINES)), counts)
    found = find_evidence(keys, counts)
    assert found.schema == pl.Schema(EVIDENCE)
    assert_frame_equal(find_evidence(shuffled, counts), found, check_row_order=False)
    assert (found["evidence"] >= 2).all()


def test_keys_are_those_of_the_lines_that_a_page_shows():
    page_source = f"<html><body><nav>Home</nav><p>{PROSE[0]}</p></body></html>"
    plain = template_keys(raw_of(PROSE[0], source=["post"]))
    page = template_keys(raw_of(page_source, source=["post"], media_type=["text/html"]))
    assert plain["key"].item() in page["key"].to_list()
    assert len(page) == 2
