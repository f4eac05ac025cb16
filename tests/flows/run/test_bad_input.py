"""Bad input is normal input: each ends loaded, or quarantined with a reason, or as one line and an exit code."""

import os
import socket
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest

from copydesk.flows.errors import UsageError
from copydesk.flows.io.warehouse import reading
from copydesk.flows.run.selection import find_documents
from copydesk.flows.settings import read_settings
from copydesk.warehouse.audit import audit
from tests.conftest import load, rows

pytestmark = pytest.mark.usefixtures("stub_tagger")


def outcome_of(home: Path) -> list[tuple[str, str]]:
    """Return (file, expectation or "loaded") for every record."""
    loaded = rows(home, "SELECT parse_filename(uri), 'loaded' FROM raw_documents")
    rejected = rows(home, "SELECT parse_filename(uri), expectation FROM quarantine")
    return sorted(loaded + rejected)


def audit_holds(home: Path) -> bool:
    with reading(read_settings(home=home)) as warehouse:
        return int(audit(warehouse)["n_broken"].sum()) == 0


UNREADABLE = {
    "zero.txt": (b"", "record_is_not_empty"),
    "spaces.txt": (b" \n\t\n ", "record_has_words"),
    "bom.txt": (b"\xef\xbb\xbf", "record_has_words"),
    "photo.txt": (bytes(range(256)) * 40, "record_is_text"),
    "archive.txt": (b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + b"\x00\x01\x02" * 50, "record_is_text"),
    "zeros.txt": (b"\x00" * 999, "record_is_text"),
    "punctuation.txt": (b"... --- ...\n!!!", "record_has_words"),
    "page.pdf": (b"%PDF-1.7", "media_type_is_supported"),
    "menu.txt": (b"Menu\nHome\nNews\nSport\nSubscribe\nAccept all cookies\n", "text_has_words"),
}


def test_what_is_no_article_is_quarantined_with_its_reason_and_its_bytes_and_keeps_no_other_out(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, (data, _) in UNREADABLE.items():
        (folder / name).write_bytes(data)
    (folder / "good.txt").write_text(article())
    result = load(home, folder)
    assert (result.n_records, result.n_loaded, result.n_quarantined) == (10, 1, 9)
    rejected = [(name, expectation) for name, (_, expectation) in UNREADABLE.items()]
    assert outcome_of(home) == sorted([*rejected, ("good.txt", "loaded")])
    payloads = dict(rows(home, "SELECT parse_filename(uri), payload FROM quarantine"))
    kept = {name: data for name, (data, _) in UNREADABLE.items() if name != "page.pdf"}
    assert {name: payload or b"" for name, payload in payloads.items()} == kept | {"page.pdf": b""}
    assert audit_holds(home)


def test_encodings_and_line_ends_are_read_and_nothing_is_lost(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number, charset in enumerate(
        ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
    ):
        text = article(number).replace("Whitlock", "Wéstlöck’s").replace("\n", "\r\n" if number % 2 else "\n")
        (folder / f"{charset}.txt").write_bytes(text.encode(charset))
    (folder / "stray.txt").write_bytes(article(8).encode() + b" caf\xe9 \x96 na\xefve " + "é".encode() * 9)
    assert load(home, folder).n_quarantined == 0
    texts = [text for (text,) in rows(home, "SELECT text FROM documents")]
    assert len(texts) == 8
    assert sum("Wéstlöck’s" in text for text in texts) == 7
    assert sum("café – naïve" in text for text in texts) == 1
    assert not any("\r" in text or "\ufeff" in text for text in texts)
    assert audit_holds(home)


def test_fifty_megabytes_on_one_line_are_quarantined_whole(tmp_path: Path, home: Path) -> None:
    (tmp_path / "long.txt").write_bytes(b"The harbour board met on Tuesday. " * 1_500_000)
    load(home, tmp_path / "long.txt")
    assert outcome_of(home) == [("long.txt", "record_is_not_too_long")]
    assert rows(home, "SELECT octet_length(payload) FROM quarantine") == [(51_000_000,)]
    assert audit_holds(home)


def test_a_megabyte_on_one_line_is_loaded(tmp_path: Path, home: Path) -> None:
    (tmp_path / "long.txt").write_bytes(b"The harbour board met on Tuesday. " * 30_000)
    assert load(home, tmp_path / "long.txt").n_loaded == 1
    assert audit_holds(home)


def test_a_file_over_the_limit_is_not_read(tmp_path: Path, home: Path) -> None:
    (tmp_path / "big.txt").write_bytes(b"word " * 1_500)
    load(home, tmp_path / "big.txt", max_record_mb=0.007)
    assert outcome_of(home) == [("big.txt", "file_is_small_enough")]
    assert rows(home, "SELECT payload FROM quarantine") == [(None,)]


def test_a_file_that_vanishes_or_cannot_be_opened_is_named(
    tmp_path: Path, home: Path, article: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "good.txt").write_text(article())
    (tmp_path / "gone.txt").write_text(article(2))
    from copydesk.flows.stages import ingest

    opened = ingest.open_file

    def open_file(uri: str, limit: int) -> bytes:
        if uri.endswith("gone.txt"):
            raise PermissionError(13, "Permission denied", uri)
        return opened(uri, limit)

    monkeypatch.setattr(ingest, "open_file", open_file)
    load(home, tmp_path / "good.txt", tmp_path / "gone.txt")
    assert outcome_of(home) == [("gone.txt", "record_is_readable"), ("good.txt", "loaded")]
    ((detail,),) = rows(home, "SELECT detail FROM quarantine")
    assert "Permission denied" in detail


ODD_NAMES = {
    "-rf.txt": "-rf.txt",
    "new\nline.txt": "new%0Aline.txt",
    "a::b.txt": "a::b.txt",
    "caf\udce9.txt": "caf%E9.txt",
    "=cmd.txt": "=cmd.txt",
    "a" * 251 + ".txt": "a" * 251 + ".txt",
    "Käse.txt": "Käse.txt",
    "100%.txt": "100%.txt",
    "q?[x].txt": "q?[x].txt",
}


def test_odd_file_names(tmp_path: Path, home: Path, article: Callable[..., str]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number, name in enumerate(ODD_NAMES):
        (folder / name).write_text(article(number))
    result = load(home, folder)
    assert (result.n_records, result.n_quarantined) == (9, 0)
    found = {uri.rsplit("/", 1)[-1] for (uri,) in rows(home, "SELECT uri FROM documents")}
    assert found == set(ODD_NAMES.values())
    assert load(home, *(folder / name for name in ODD_NAMES)).n_known == 9
    with reading(read_settings(home=home)) as warehouse:
        for name in ODD_NAMES:
            assert len(find_documents(warehouse, str(folder / name))) == 1
    assert audit_holds(home)


def test_what_is_no_regular_file_is_never_opened(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text(article())
    os.mkfifo(folder / "fifo.txt")
    (folder / "linked-fifo.txt").symlink_to(folder / "fifo.txt")
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "environ.txt").symlink_to("/proc/self/environ")
    with socket.socket(socket.AF_UNIX) as listener, chdir(folder):
        listener.bind("socket.txt")
        result = load(home, folder)
    assert len(result.links) == 2
    odd = ("environ", "fifo", "linked-fifo", "socket", "zero")
    assert outcome_of(home) == sorted([
        ("good.txt", "loaded"), *((f"{name}.txt", "record_is_readable") for name in odd),
    ])  # fmt: skip
    details = dict(rows(home, "SELECT parse_filename(uri), detail FROM quarantine"))
    assert "not a regular file but a FIFO" in details["linked-fifo.txt"]
    assert "not a regular file but a device" in details["zero.txt"]
    assert rows(home, "SELECT count(payload) FROM quarantine") == [(0,)]
    assert audit_holds(home)


def test_no_files_no_path_no_folder(tmp_path: Path, home: Path) -> None:
    (tmp_path / "empty").mkdir()
    for given, word in (
        (tmp_path / "nope", "No such file"),
        (tmp_path / "empty", "no files"),
        (tmp_path / "*.txt", "no files"),
    ):
        with pytest.raises(UsageError, match=word):
            load(home, given)
    with pytest.raises(UsageError, match="nosuch"):
        load(home, "nosuch://bucket/key")


def test_texts_without_spaces_right_to_left_and_in_capitals(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "zh.txt").write_text(
        "北京市政府宣布新的交通规定将于下个月生效。市长在新闻发布会上说，公共汽车将免费。" * 5
    )
    (folder / "ar.txt").write_text(
        "أعلنت الحكومة يوم الثلاثاء عن خطة جديدة لإصلاح الموانئ في البلاد. وقال الوزير إن العمل سيبدأ قريبا. "
        * 5
    )
    (folder / "th.txt").write_text("รัฐบาลประกาศแผนใหม่ในการซ่อมแซมท่าเรือของประเทศเมื่อวันอังคาร " * 5)
    (folder / "caps.txt").write_text(article().upper())
    (folder / "emoji.txt").write_text(article(3) + " 👩‍👩‍👧‍👦🏴‍☠️")
    assert load(home, folder).n_quarantined == 0
    assert audit_holds(home)
    langs = dict(rows(home, "SELECT parse_filename(uri), lang FROM documents"))
    assert (langs["zh.txt"], langs["ar.txt"], langs["th.txt"]) == ("zh", "ar", "th")


@pytest.mark.parametrize("n", [1_000, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_thousands_of_identical_files_are_one_article(
    tmp_path: Path, home: Path, article: Callable[..., str], n: int
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    text = article()
    for number in range(n):
        (folder / f"{number}.txt").write_text(text)
    result = load(home, folder)
    assert (result.n_loaded, result.n_duplicates) == (1, n - 1)
    assert audit_holds(home)
