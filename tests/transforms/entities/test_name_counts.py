"""Counts of names and stand-ins: sums and minima that do not depend on the order of runs."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import NAMED_MENTIONS, NAMES, STAND_INS, empty
from copydesk.transforms.entities.name_counts import count_names, count_stand_ins


def read(*rows: tuple[str, str, str, str, str | None]) -> pl.DataFrame:
    """Return NAMED_MENTIONS of doc_id, printed name, label, kind, full; the key is the name in lower case."""
    full = [
        (doc_id, 0, 1, name, label, name, kind, name.lower(), long, long and "surname", long and 1.0, 0)
        for doc_id, name, label, kind, long in rows
    ]
    return pl.DataFrame(full, schema=NAMED_MENTIONS, orient="row")


def names(*rows: tuple) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=NAMES, orient="row")


def test_names_are_counted_by_document_with_their_best_form_and_label() -> None:
    found = count_names(
        read(
            ("d", "WHITLOCK", "ORG", "person", None),
            ("d", "Whitlock", "PERSON", "person", None),
            ("e", "whitlock", "PERSON", "person", None),
            ("e", "NATO", "ORG", "org", None),
        ),
        empty(NAMES),
    )
    nothing = (None, None, None)
    expected = names(
        ("org", "nato", None, 1, "NATO", "ORG", *nothing),
        ("person", "whitlock", None, 2, "Whitlock", "PERSON", *nothing),  # neither plain nor all capitals
    )
    assert_frame_equal(found, expected)
    assert_frame_equal(count_names(empty(NAMED_MENTIONS), empty(NAMES)), empty(NAMES))


def test_a_known_name_keeps_its_block_and_entity() -> None:
    before = names(("person", "whitlock", "block", 3, "Whitlock", "PERSON", "id", "exact", 1.0))
    found = count_names(read(("d", "WHITLOCK", "ORG", "person", None)), before)
    assert_frame_equal(found, before.with_columns(n_documents=pl.lit(4, pl.Int64)))


def test_stand_ins_are_counted_by_document() -> None:
    found = count_stand_ins(
        read(
            ("d", "Whitlock", "PERSON", "person", "dana whitlock"),
            ("d", "Whitlock", "PERSON", "person", "dana whitlock"),
            ("e", "Whitlock", "PERSON", "person", "dana whitlock"),
            ("e", "Whitlock", "PERSON", "person", "tom whitlock"),
            ("e", "Tom Whitlock", "PERSON", "person", None),
        )
    )
    expected = [
        ("person", "whitlock", "dana whitlock", "surname", 2),
        ("person", "whitlock", "tom whitlock", "surname", 1),
    ]
    assert_frame_equal(found, pl.DataFrame(expected, schema=STAND_INS, orient="row"))


rows = st.lists(
    st.tuples(
        st.sampled_from("defg"),
        st.sampled_from(["Ana", "ANA", "ana", "Bo Bo", "NATO"]),
        st.sampled_from(["PERSON", "ORG", "GPE"]),
        st.sampled_from(["person", "org"]),
        st.just(None),
    ),
    max_size=12,
)


@settings(max_examples=50)
@given(rows)
def test_the_order_of_runs_does_not_matter(mentions: list[tuple]) -> None:
    at_once = count_names(read(*mentions), empty(NAMES))
    documents = sorted({row[0] for row in mentions})
    for order in (documents, documents[::-1]):
        known = empty(NAMES)
        for document in order:
            known = count_names(read(*(row for row in mentions if row[0] == document)), known)
        assert_frame_equal(known, at_once)
