"""Documents: which metadata take precedence, and the share of the raw text that is kept."""

from datetime import UTC, datetime

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms.clean.documents import NOT_BOILERPLATE, describe_documents, detect_languages
from copydesk.transforms.clean.segments import segment
from copydesk.transforms.contract import CLEAN, EDITS, as_edits, empty
from copydesk.transforms.contract import UTC as UTC_TIME
from copydesk.transforms.html.metadata import METADATA
from tests.transforms.conftest import BYLINES, DATES, PROSE, raw_of

SAID = {
    "headline": pl.String,
    "byline": pl.String,
    "credit": pl.String,
    "owner": pl.String,
    "dateline": pl.String,
    "agency": pl.String,
    "dated": pl.String,
    "stamped": UTC_TIME,
    "stamped_from": pl.String,
    "misstamped": pl.Boolean,
}
RECORD, PAGE = datetime(2020, 1, 2, tzinfo=UTC), datetime(2021, 3, 4, tzinfo=UTC)


def described(
    raw_text: str = "abcdefghij",
    *edits: tuple[int, int, str, str],
    text: str = "one two three",
    record: dict[str, object] | None = None,
    page: dict[str, object] | None = None,
    from_text: dict[str, object] | None = None,
) -> dict[str, object]:
    """Describe one document from its edits (start, end, rule, replacement), its record, its page and its text."""
    of_page = {f"{name}_of_page": dtype for name, dtype in METADATA.items() if name != "doc_id"}
    raw = raw_of(raw_text, **{name: [value] for name, value in (record or {}).items()}).with_columns(
        pl.lit((page or {}).get(name.removesuffix("_of_page")), dtype).alias(name)
        for name, dtype in of_page.items()
    )
    texts = pl.DataFrame({"doc_id": ["d0000"], "text": [text], "lang": ["en"], "lang_confidence": [0.9]})
    found = raw.select(
        "doc_id", **{name: pl.lit((from_text or {}).get(name), dtype) for name, dtype in SAID.items()}
    )
    rows = pl.DataFrame(
        [("d0000", *row, 1.0) for row in edits], schema=dict(list(EDITS.items())[:6]), orient="row"
    )
    verdicts = pl.DataFrame(
        {"doc_id": ["d0000"], "article_score": [0.9], "is_listing": [False], "is_truncated": [False]}
    )
    documents = describe_documents(raw, texts, as_edits(rows), found, verdicts, DATES, BYLINES)
    assert documents.schema == pl.Schema(CLEAN)
    return documents.row(0, named=True)


def test_the_share_that_is_kept_is_what_no_boilerplate_rule_removed() -> None:
    assert described()["kept_share"] == 1.0
    assert described("abcdefghij", (0, 2, "share", ""), (4, 5, "menu", ""))["kept_share"] == 0.7
    assert described("abcdefghij", (0, 2, "mojibake", "é"), (4, 4, "glued_words", " "))["kept_share"] == 1.0
    assert described("")["kept_share"] == 1.0


@pytest.mark.parametrize("rule", NOT_BOILERPLATE)
def test_what_is_kept_in_a_column_or_shows_nothing_is_no_boilerplate(rule: str) -> None:
    assert described("abcdefghij", (0, 5, rule, ""))["kept_share"] == 1.0


def test_words_are_counted_in_the_clean_text() -> None:
    assert described(text="")["n_words"] == 0
    assert (
        described(text="It’s 3 miles — far.")["n_words"]
        == described(text="one two three four")["n_words"]
        == 4
    )


def test_the_record_is_believed_before_the_text() -> None:
    assert described(from_text={"headline": "Told"})["title"] == "Told"
    assert described(record={"title": "Known"}, from_text={"headline": "Told"})["title"] == "Known"


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("CafÃ© owner wonâ€™t pay", "Café owner won’t pay"), ("Bau\xadgenehmigung weg", "Baugenehmigung weg"),
        ("Ferry sinks in storm | The Ledger", "Ferry sinks in storm"), ("# Ferry sinks", "Ferry sinks"),
        ("Ferry sinks - The Ledger", "Ferry sinks"), ("Ferry sinks - again", "Ferry sinks - again"),
        ("Tom &amp; Ada", "Tom & Ada"),
    ],
)  # fmt: skip
def test_a_title_is_repaired_and_loses_the_name_of_its_site(title: str, found: str) -> None:
    assert described(from_text={"headline": title, "owner": "The Ledger"})["title"] == found


def test_the_page_is_believed_before_the_text() -> None:
    page = {"byline": "A. Page", "url": "https://example.org/a", "site": "The Ledger"}
    found = described(
        page=page, from_text={"byline": "B. Text", "credit": "Wire", "agency": "AP", "dateline": "OSLO"}
    )
    expected = {
        "byline": "A. Page", "url": "https://example.org/a", "site": "The Ledger", "credit": "Wire", "agency": "AP",
        "dateline": "OSLO",
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected
    assert described(from_text={"byline": "B. Text"})["byline"] == "B. Text"


@pytest.mark.parametrize(
    ("record", "page", "from_text", "at", "by"),
    [
        (None, None, None, None, None),
        (None, None, RECORD, RECORD, "stamp"),
        (None, PAGE, RECORD, PAGE, "json-ld"),
        (RECORD, PAGE, PAGE, RECORD, "file"),
        (RECORD, None, None, RECORD, "file"),
    ],
)
def test_a_date_comes_with_its_source(
    record: object, page: object, from_text: object, at: object, by: str
) -> None:
    found = described(
        record={"published_at": record},
        page={"published_at": page, "published_by": "json-ld"},
        from_text={"stamped": from_text, "stamped_from": "stamp"} if from_text else None,
    )
    assert (found["published_at"], found["published_from"]) == (at, by)


def test_languages_are_those_of_the_lines_that_stay() -> None:
    raw = raw_of(
        "\n".join(PROSE), "Der Hafenmeister hat die Brücke am Montag gesperrt.\nShare this article", ""
    )
    lines = segment(raw)
    kept = lines.filter(pl.col("body") != "Share this article")
    found = detect_languages(raw, kept)
    assert found.select("doc_id", "lang").rows() == [("d0000", "en"), ("d0001", "de"), ("d0002", None)]
    assert found["lang_confidence"].to_list()[2] == 0
    assert_frame_equal(detect_languages(raw, kept.reverse()).select("doc_id"), found.select("doc_id"))


def test_no_documents() -> None:
    raw = raw_of()
    assert detect_languages(raw, segment(raw)).is_empty()
    assert empty(CLEAN).columns == list(CLEAN)
