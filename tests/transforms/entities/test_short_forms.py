"""Short forms: how longer names may be mentioned, and which of them a mention stands for."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms.entities.short_forms import RULES, link_short_forms, list_short_forms

MENTIONS = {
    "doc_id": pl.String,
    "start": pl.Int64,
    "end": pl.Int64,
    "kind": pl.String,
    "key": pl.String,
    "name": pl.String,
}


def forms_of(*names: tuple[str, str]) -> set[tuple[str, str]]:
    frame = pl.DataFrame(names, schema=["kind", "key"], orient="row")
    return set(list_short_forms(frame).select("form", "rule").rows())


def mentions(*rows: tuple[int, str, str]) -> pl.DataFrame:
    """Return mentions of one document: start, kind, key; a name is its key in title case."""
    full = [
        ("d", start, start + len(key), kind, key, key.upper() if len(key) < 5 else key.title())
        for start, kind, key in rows
    ]
    return pl.DataFrame(full, schema=MENTIONS, orient="row")


def linked(*rows: tuple[int, str, str]) -> list[tuple[str, str | None, str | None, float | None]]:
    frame = mentions(*rows)
    found = link_short_forms(frame, list_short_forms(frame)).sort("start")
    return found.select("key", "full", "rule", "likelihood").rows()


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        (
            ("person", "dana may whitlock"),
            {
                ("may whitlock", "surname"),
                ("whitlock", "surname"),
                ("dana whitlock", "middle"),
                ("d whitlock", "initial"),
                ("dana", "given"),
            },
        ),
        (("person", "ursula von der leyen"), {
            ("leyen", "surname"), ("von der leyen", "surname"), ("der leyen", "surname"),
            ("ursula leyen", "middle"), ("u leyen", "initial"), ("ursula", "given"),
        }),
        (("person", "j smith"), {("smith", "surname"), ("j smith", "initial")} - {("j smith", "initial")}),
        (("person", "dana"), set()),
        (("place", "san francisco"), set()),
        (
            ("org", "bank of england"),
            {("boe", "acronym"), ("be", "acronym"), ("bank", "short"), ("england", "short")},
        ),
    ],
)  # fmt: skip
def test_forms_of_a_name(name: tuple[str, str], forms: set[tuple[str, str]]) -> None:
    assert forms_of(name) == forms


def test_the_best_rule_of_a_form_is_kept() -> None:
    frame = pl.DataFrame([("person", "dana dana")], schema=["kind", "key"], orient="row")
    found = list_short_forms(frame)
    assert found.filter(form="dana")["rule"].to_list() == ["surname"]
    assert found["rank"].to_list() == [RULES.index(rule) for rule in found["rule"]]
    assert list_short_forms(frame.clear()).is_empty()


def test_the_nearest_longer_name_before_a_mention_counts_else_the_one_after() -> None:
    assert linked(
        (0, "person", "whitlock"),
        (10, "person", "dana whitlock"),
        (30, "person", "whitlock"),
        (50, "person", "tom whitlock"),
        (70, "person", "whitlock"),
    ) == [
        ("whitlock", "dana whitlock", "surname", 0.5),
        ("dana whitlock", None, None, None),
        ("whitlock", "dana whitlock", "surname", 0.5),
        ("tom whitlock", None, None, None),
        ("whitlock", "tom whitlock", "surname", 0.5),
    ]


def test_a_short_form_is_never_the_longer_name() -> None:
    found = linked(
        (0, "person", "recep tayyip erdogan"), (30, "person", "tayyip erdogan"), (60, "person", "erdogan")
    )
    assert [row[1] for row in found] == [None, "recep tayyip erdogan", "recep tayyip erdogan"]


def test_names_of_other_kinds_and_documents_are_not_linked() -> None:
    assert linked((0, "person", "dana whitlock"), (20, "org", "whitlock"))[1][1] is None
    two = pl.concat(
        [
            mentions((0, "person", "dana whitlock")),
            mentions((0, "person", "whitlock")).with_columns(doc_id=pl.lit("e")),
        ]
    )
    assert link_short_forms(two, list_short_forms(two))["full"].to_list() == [None, None]


def test_an_acronym_right_after_its_long_form_is_linked_though_its_letters_are_not_the_initials() -> None:
    assert linked((0, "org", "christian democrats"), (21, "org", "cdu"))[1][1] is None  # no u
    frame = mentions((0, "org", "christian democrat union"), (26, "org", "cdtu"))
    found = link_short_forms(frame, list_short_forms(frame)).sort("start")
    assert found.select("full", "rule").rows()[1] == ("christian democrat union", "acronym")
    far = mentions((0, "org", "christian democrat union"), (40, "org", "cdtu"))
    assert link_short_forms(far, list_short_forms(far))["full"].to_list() == [None, None]


def test_mentions_are_neither_lost_nor_doubled() -> None:
    frame = mentions(*((10 * n, "person", key) for n, key in enumerate(["a b", "b", "c b", "b", "a c b"])))
    found = link_short_forms(frame, list_short_forms(frame))
    assert_frame_equal(found.select(frame.columns), frame, check_row_order=False)
