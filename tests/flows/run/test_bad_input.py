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
from tests.conftest import load, rows, write_article

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


CHARSET_NAMES = (
    "-rf.txt",
    "new\nline.txt",
    "=cmd.txt",
    "a" * 200 + ".txt",
    "Käse.txt",
    "100%.txt",
    "q?[x].txt",
)


def test_odd_names_encodings_line_ends_and_scripts_are_read_and_nothing_is_lost(
    tmp_path: Path, home: Path, article: Callable[..., str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    charsets = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")
    for number, (charset, name) in enumerate(zip(charsets, CHARSET_NAMES, strict=True)):
        text = article(number).replace("Whitlock", "Wéstlöck’s").replace("\n", "\r\n" if number % 2 else "\n")
        (folder / name).write_bytes(text.encode(charset))
    (folder / "stray.txt").write_bytes(article(8).encode() + b" caf\xe9 \x96 na\xefve " + "é".encode() * 9)
    _write_scripts(folder)
    result = load(home, folder)
    assert (result.n_records, result.n_quarantined) == (13, 0)
    found = dict(rows(home, "SELECT parse_filename(uri), lang FROM documents"))
    assert set(CHARSET_NAMES) < set(found)
    assert (found["zh.txt"], found["ar.txt"], found["th.txt"]) == ("zh", "ar", "th")
    texts = [text for (text,) in rows(home, "SELECT text FROM documents")]
    assert len(texts) == 13
    assert sum("Wéstlöck’s" in text for text in texts) == 7
    assert sum("café – naïve" in text for text in texts) == 1
    assert not any("\r" in text or "\ufeff" in text for text in texts)
    assert audit_holds(home)
    assert load(home, *(folder / name for name in CHARSET_NAMES)).n_known == 7


def _write_scripts(folder: Path) -> None:
    """Write texts without spaces, from right to left, in capitals and with emoji into `folder`."""
    texts = {
        "zh": "北京市政府宣布新的交通规定将于下个月生效。市长在新闻发布会上说，公共汽车将免费。" * 5,
        "ar": "أعلنت الحكومة يوم الثلاثاء عن خطة جديدة لإصلاح الموانئ في البلاد. وقال الوزير إن العمل سيبدأ قريبا. "
        * 5,
        "th": "รัฐบาลประกาศแผนใหม่ในการซ่อมแซมท่าเรือของประเทศเมื่อวันอังคาร " * 5,
        "caps": write_article(12).upper(),
        "emoji": write_article(13) + " 👩‍👩‍👧‍👦🏴‍☠️",
    }
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)


@pytest.mark.nightly
def test_fifty_megabytes_on_one_line_are_quarantined_whole(tmp_path: Path, home: Path) -> None:
    (tmp_path / "long.txt").write_bytes(b"The harbour board met on Tuesday. " * 1_500_000)
    load(home, tmp_path / "long.txt")
    assert outcome_of(home) == [("long.txt", "record_is_not_too_long")]
    assert rows(home, "SELECT octet_length(payload) FROM quarantine") == [(51_000_000,)]
    assert audit_holds(home)


def test_long_lines_are_loaded_or_quarantined_whole_and_larger_files_are_not_read(
    tmp_path: Path, home: Path
) -> None:
    (tmp_path / "limits.toml").write_text('["*".record_is_not_too_long]\nmax_value = 400_000\n')
    for name, n in (("good.txt", 10_000), ("long.txt", 15_000), ("big.txt", 30_000)):
        (tmp_path / name).write_bytes(b"The harbour board met on Tuesday. " * n)
    load(home, tmp_path / "*.txt", limits=tmp_path / "limits.toml", max_record_mb=1)
    assert outcome_of(home) == [
        ("big.txt", "file_is_small_enough"),
        ("good.txt", "loaded"),
        ("long.txt", "record_is_not_too_long"),
    ]
    assert rows(home, "SELECT octet_length(payload) FROM quarantine ORDER BY uri") == [(None,), (510_000,)]
    assert audit_holds(home)


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


@pytest.mark.parametrize("n", [300, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_many_identical_files_are_one_article(
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
