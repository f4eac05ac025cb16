"""Quarantined records for proof sheets: reasons and payloads."""

from pathlib import Path

import polars as pl
import pytest

from copydesk.flows.proof.rejected import reasons_of, text_of


def test_a_reason_says_what_was_seen_and_what_would_pass(tmp_path: Path) -> None:
    quarantine = pl.DataFrame(
        {
            "stage": ["clean", "clean", "attic"],
            "expectation": ["text_has_words", "gone", "text_has_words"],
            "detail": ["n_words = 2: fewer than 5 words are left", "said: so: long", "no colon"],
            "state": "rejected",
            "uri": "file:///a",
        }
    )
    assert [reason[2:5] for reason in reasons_of(quarantine)] == [
        ("n_words = 2", "n_words at least 5", "fewer than 5 words are left"),
        ("said", "", "so: long"),
        ("", "", "no colon"),
    ]
    (tmp_path / "clean.yaml").write_text("no: [suite", encoding="utf-8")
    assert [reason.limit for reason in reasons_of(quarantine, tmp_path)] == ["", "", ""]


@pytest.mark.parametrize(
    ("uri", "payload", "n_bytes", "expected"),
    [
        ("a.txt", "Café".encode(), 5, ("Café", "text/plain", "")),
        ("a.txt", "Café noir".encode("utf-16"), 20, ("\ufeffCafé noir", "text/plain", "")),
        ("a.html", b"<p>One</p>", 2_000_000, ("<p>One</p>", "text/html", "The first 10 of 2000000 bytes.")),
        ("a.doc", b"plain", 5, ("plain", "application/octet-stream", "")),
        ("a.txt", b"", 0, ("", "", "The file is empty.")),
        ("a.txt", None, None, ("", "", "No bytes were stored.")),
    ],
)
def test_a_payload_is_read_as_far_as_it_is_text(
    uri: str, payload: bytes | None, n_bytes: int | None, expected: tuple[str, str, str]
) -> None:
    assert text_of({"uri": uri, "payload": payload, "n_bytes": n_bytes}) == expected


def test_bytes_that_are_no_text_are_spelt_out() -> None:
    payload = b"\x89PNG\r\n\x1a\n" + bytes(2000)
    text, _, remark = text_of({"uri": "a.png", "payload": payload, "n_bytes": len(payload)})
    assert text.split("\n")[0] == "000000  89 50 4e 47 0d 0a 1a 0a 00 00 00 00 00 00 00 00  ·PNG············"
    assert len(text.split("\n")) == 16
    assert remark == "Not text: the first of 2008 bytes."
