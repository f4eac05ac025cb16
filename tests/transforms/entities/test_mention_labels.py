"""Labels of mentions, from the kinds of their names."""

import polars as pl
import pytest

from copydesk.transforms.entities.gazetteer_match import FOUND
from copydesk.transforms.entities.mention_labels import label_mentions

KINDS = {"doc_id": pl.String, "key": pl.String, "kind": pl.String}


def labelled(kind: str, *mentions: tuple[str, str | None], listed: dict[str, str] | None = None) -> list[str]:
    """Return the labels of mentions (surface, label) of one document whose names are all of one kind."""
    rows = [
        ("d", at, at + len(surface), surface, label, "", "") for at, (surface, label) in enumerate(mentions)
    ]
    keys = sorted({surface.lower().replace(".", "") for surface, _ in mentions})
    kinds = pl.DataFrame([("d", key, kind) for key in keys], schema=KINDS, orient="row")
    found = label_mentions(pl.DataFrame(rows, schema=FOUND, orient="row"), kinds, listed or {})
    assert found["start"].to_list() == list(range(len(found)))
    return found["label"].to_list()


@pytest.mark.parametrize(
    ("kind", "mentions", "listed", "expected"),
    [
        ("person", [("X", "PERSON"), ("X", "ORG"), ("X", None)], {}, ["PERSON"] * 3),
        (
            "place",
            [("X", "LOC"), ("X", None), ("X", "ORG")],
            {},
            ["LOC"] * 3,
        ),  # the model's label of other mentions
        ("place", [("X", "LOC"), ("X", "GPE")], {}, ["LOC", "GPE"]),  # the model's own label
        ("place", [("X", "LOC"), ("X", None)], {"X": "CITY"}, ["GPE", "GPE"]),  # the gazetteer's label
        ("person", [("X", "PERSON")], {"X": "CITY"}, ["PERSON"]),  # the gazetteer has another kind
        ("place", [("X", None)], {}, ["GPE"]),  # the first label of the kind
        ("other", [("X", None)], {}, ["NORP"]),
        ("other", [("X Y", None)], {}, ["EVENT"]),  # several words
        ("none", [("X", "ORG")], {}, []),
        ("group", [("U.S.", None), ("US", "ORG")], {}, ["ORG", "ORG"]),  # one name, two spellings
    ],
)
def test_a_mention_gets_a_label_of_its_names_kind(
    kind: str, mentions: list[tuple[str, str | None]], listed: dict[str, str], expected: list[str]
) -> None:
    assert labelled(kind, *mentions, listed=listed) == expected
