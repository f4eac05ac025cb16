from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.flows.api import frames
from copydesk.flows.api.frames import batches, key_ids, read_documents, replace_keys, select_columns, to_table

FRAME = pl.DataFrame({"id": ["b", "a"], "body": ["one", "two"], "views": [1, 2]})


@pytest.mark.parametrize(
    "texts", [["a", None], ("a", None), pl.Series(["a", None]), pl.Series("other", ["a", None])]
)
def test_texts_alone_become_a_column(texts: object):
    assert_frame_equal(to_table(texts, "body"), pl.DataFrame({"body": ["a", None]}))


def test_no_texts_are_strings_too():
    assert_frame_equal(to_table([], "text"), pl.DataFrame({"text": []}, schema={"text": pl.String}))


def test_pandas_frames_and_series_are_read():
    pandas = pytest.importorskip("pandas")
    expected = pl.DataFrame({"text": ["a", None]})
    assert_frame_equal(to_table(pandas.DataFrame({"text": ["a", None]}), "text"), expected)
    assert_frame_equal(to_table(pandas.Series(["a", None]), "text"), expected)


@pytest.mark.parametrize(
    ("data", "kind"), [("one text", "str"), (3, "int"), (b"bytes", "bytes"), (None, "NoneType")]
)
def test_what_is_no_frame_is_named(data: object, kind: str):
    with pytest.raises(TypeError, match=rf"^a frame is needed \(Polars or pandas\).*; this is a {kind}$"):
        to_table(data, "text")


def test_a_list_of_other_things_is_refused_in_one_line():
    with pytest.raises(TypeError, match=r"^a list of texts must hold strings or None: .*$") as caught:
        to_table(["a", 1], "text")
    assert "\n" not in str(caught.value)


def test_columns_are_named_by_role():
    found = select_columns(FRAME, text="body", id="id", title=None)
    expected = pl.DataFrame({"text": ["one", "two"], "id": ["b", "a"]}).with_row_index("row")
    assert_frame_equal(found, expected)


def test_one_column_may_have_two_roles():
    assert select_columns(FRAME, text="body", title="body").columns == ["row", "text", "title"]


def test_a_missing_column_is_named_with_those_there_are():
    with pytest.raises(ValueError, match=r"^no column 'text' for text; the frame has: id, body, views$"):
        select_columns(FRAME, text="text")
    with pytest.raises(ValueError, match=r"^no column 'text' for text; the frame has: none$"):
        select_columns(pl.LazyFrame(), text="text")


@pytest.mark.parametrize("role", ["text", "source", "title", "url", "lang"])
def test_other_types_than_strings_are_refused(role: str):
    with pytest.raises(TypeError, match=rf"^column 'views' for {role} holds Int64; strings are needed$"):
        select_columns(FRAME, **{role: "views"})


@pytest.mark.parametrize(
    ("role", "name", "needed"),
    [
        ("html", "views", "holds Int64; booleans are needed"),
        ("id", "parts", "strings or numbers are needed"),
        (
            "published_at",
            "body",
            "holds String; dates or times are needed: parse it, as with str.to_datetime()",
        ),
    ],
)
def test_types_that_do_not_fit_are_refused(role: str, name: str, needed: str):
    frame = FRAME.with_columns(parts=pl.Series([[1], [2]]))
    with pytest.raises(TypeError) as caught:
        select_columns(frame, **{role: name})
    assert str(caught.value).startswith(f"column {name!r} for {role} holds ")
    assert str(caught.value).endswith(needed)


def test_a_column_is_given_by_name():
    with pytest.raises(TypeError, match=r"^source must be the name of a column; this is a int$"):
        select_columns(FRAME, source=3)


def test_categories_are_strings_and_empty_columns_fit():
    outlets = Enum("outlets", [("POST", "post"), ("WIRE", "wire")])
    frame = pl.DataFrame(
        {
            "text": pl.Series([None, None]),
            "source": pl.Series(["post", "wire"], dtype=pl.Enum(outlets)),
            "title": pl.Series(["A", None], dtype=pl.Categorical),
            "published_at": pl.Series([None, None]),
            "html": pl.Series([None, None]),
        }
    )
    found = select_columns(frame, **{name: name for name in frame.columns})
    assert found.drop("row").schema == {
        "text": pl.String, "source": pl.String, "title": pl.String,
        "published_at": pl.Datetime("us", "UTC"), "html": pl.Boolean,
    }  # fmt: skip
    assert found["source"].to_list() == ["post", "wire"]


@pytest.mark.parametrize(
    ("value", "at"),
    [
        (date(2026, 11, 3), datetime(2026, 11, 3, tzinfo=UTC)),
        (datetime(2026, 11, 3, 9), datetime(2026, 11, 3, 9, tzinfo=UTC)),
        (
            datetime(2026, 11, 3, 9, tzinfo=timezone(timedelta(hours=2))),
            datetime(2026, 11, 3, 7, tzinfo=UTC),
        ),
    ],
)
def test_times_without_a_zone_are_utc(value: date, at: datetime):
    found = select_columns(pl.DataFrame({"day": [value]}), published_at="day")
    assert found["published_at"].to_list() == [at]


def test_keys_are_ordered_as_ids_are():
    ids = key_ids(select_columns(pl.DataFrame({"n": [10, 9, 100]}), id="n"), "n")
    assert ids.sort("key")["id"].to_list() == [9, 10, 100]
    assert ids["row"].to_list() == [0, 1, 2]


def test_without_an_id_rows_are_numbered():
    ids = key_ids(select_columns(FRAME, text="body"), None)
    assert ids["id"].to_list() == ids["row"].to_list() == [0, 1]


def test_ids_must_be_there_and_unique():
    with pytest.raises(ValueError, match=r"^column 'n' for id holds 7 more than once; ids must be unique$"):
        key_ids(select_columns(pl.DataFrame({"n": [7, 8, 7]}), id="n"), "n")
    with pytest.raises(ValueError, match=r"^column 'n' for id has 2 nulls; every row needs an id$"):
        key_ids(select_columns(pl.DataFrame({"n": [7, None, None]}), id="n"), "n")


def test_keys_become_ids_again_in_place():
    ids = key_ids(select_columns(FRAME, id="id"), "id")
    keyed = pl.DataFrame({"other": ids["key"].reverse(), "n": [1, 2], "doc": ids["key"]})
    expected = pl.DataFrame({"other": ["a", "b"], "n": [1, 2], "doc": ["b", "a"]})
    assert_frame_equal(replace_keys(keyed, ids, "doc", "other"), expected)


def test_usual_columns_are_taken_without_being_named():
    frame = pl.DataFrame(
        {"doc_id": ["x", "y"], "text": ["one", None], "lang": ["en", "de"], "title": ["T", "U"]}
    )
    documents, ids = read_documents(frame, text="text", id=None, lang=None)
    assert ids["id"].to_list() == ["x", "y"]
    expected = pl.DataFrame({"text": ["one"], "lang": ["en"], "doc_id": [ids["key"][0]]})
    assert_frame_equal(documents, expected)


@pytest.mark.parametrize("lazy", [False, True])
def test_batches_are_all_rows_in_order(lazy: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(frames, "BATCH", 3)
    table = pl.DataFrame({"n": range(10)})
    parts = list(batches(table.lazy() if lazy else table))
    assert_frame_equal(pl.concat(parts), table)
    assert len(parts) > 1
    assert max(map(len, parts)) <= 3
