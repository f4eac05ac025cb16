import io
import random
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from copydesk.transforms.text.encoding import STRAY, STRAY_BASE, decode, doc_id, encode, is_binary
from tests.transforms.conftest import PROSE

ENGLISH = "“The café’s quay is shut,” she said – twice, at £3.50 a cup. " * 5
RUSSIAN = "Капитаны с утра стояли в очереди под дождём, чтобы подписать новую книгу порта. " * 5
JAPANESE = "港の事務所は月の初めの朝に新しい帳簿を開き、船長たちは雨の中で並んだ。カモメも鳴いた。" * 5
CHINESE = "港务局在本月第一天早上打开了新的登记簿，十一位船长在雨中排队签名。" * 5

NAMED = [
    ("utf-8", ENGLISH),
    ("utf-8", RUSSIAN),
    ("utf-8", "\ufeff" + ENGLISH),
    ("utf-16-le", "\ufeff" + RUSSIAN),
    ("utf-16-be", "\ufeff" + RUSSIAN),
    ("utf-16-le", ENGLISH),
    ("utf-16-be", ENGLISH),
    ("utf-32-le", "\ufeff" + CHINESE),
    ("utf-32-be", "\ufeff" + CHINESE),
    ("windows-1252", ENGLISH),
    ("windows-1251", RUSSIAN),
    ("koi8-r", RUSSIAN),
    ("shift_jis", JAPANESE),
    ("gb18030", CHINESE),
]
any_bytes = st.one_of(
    st.binary(max_size=80),
    st.lists(
        st.sampled_from([*"aé漢😀\ufeff\ue000\uef80\uefff", b"\xe9", b"\xee\xbe\x80", b"\xff\xfe", b"\0"])
    ).map(lambda parts: b"".join(part.encode() if isinstance(part, str) else part for part in parts)),
    st.builds(
        lambda text, charset: text.encode(charset, "ignore"),
        st.text(max_size=40),
        st.sampled_from([charset for charset, _ in NAMED]),
    ),
)


@given(any_bytes)
@example(b"")
@example(b"\xff\xfe\0\0")  # the mark of UTF-32-LE, or that of UTF-16-LE and a NUL
@example(b"\xff\xfe\x00\xd8")  # half a surrogate pair
@example("\uef80 caf".encode() + b"\xe9")  # a private character beside a stray byte
def test_what_is_decoded_encodes_to_the_same_bytes(data: bytes):
    decoded = decode(data)
    assert decoded is None or encode(*decoded) == data


@given(any_bytes)
def test_decoded_text_can_be_stored_as_utf_8(data: bytes):
    decoded = decode(data)
    assert decoded is None or decoded[0].encode().decode() == decoded[0]


@given(st.text())
def test_any_utf_8_is_read_as_such_unless_it_looks_wide(text: str):
    assert decode(text.encode()) == (text, "utf-8") or "\0" in text


@pytest.mark.parametrize(("charset", "text"), NAMED, ids=lambda value: ascii(value[:12]))
def test_named_charsets_are_recognised(charset: str, text: str):
    decoded = decode(text.encode(charset))
    assert decoded is not None
    assert decoded[0] == text
    assert not is_binary(text.encode(charset))


@pytest.mark.parametrize("charset", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_marked_charset_is_named_and_keeps_its_mark(charset: str):
    text = "\ufeff" + ENGLISH
    assert decode(text.encode(charset)) == (text, charset)


@pytest.mark.parametrize(
    "text", [RUSSIAN, JAPANESE, CHINESE, "ראש העיר חתם היום על ההסכם. " * 9], ids=["ru", "ja", "zh", "he"]
)
@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_wide_text_without_a_mark_is_read_right_or_never_passes_for_text(text: str, charset: str):
    data = text.encode(charset)
    decoded = decode(data)
    assert is_binary(data) or decoded is None or decoded[0] == text or _stray_share(decoded[0]) > 0.02


def _stray_share(text: str) -> float:
    return sum("\uef80" <= letter <= "\uefff" for letter in text) / len(text)


@pytest.mark.parametrize(
    "sentence",
    [
        "The café is shut.",
        "“Yes,” she said.",
        "He lives in Bogotá with his wife.",
        "It was déjà vu.",
        "£3.50 a cup – or €4.",
    ],
)
@pytest.mark.parametrize("before", ["", PROSE[0] + " "], ids=["alone", "in prose"])
def test_a_few_accented_letters_in_english_are_read_as_western(sentence: str, before: str):
    assert decode((before + sentence).encode("windows-1252")) == (before + sentence, "windows-1252")


def test_stray_bytes_are_kept_in_the_private_block():
    data = "naïve café, ".encode() + b"caf\xe9 \x93quoted\x94"
    decoded = decode(data)
    assert decoded == (f"naïve café, caf{chr(STRAY_BASE + 0xE9)} \uef93quoted\uef94", STRAY)
    assert encode(*decoded) == data


@pytest.mark.parametrize("byte", range(0x80, 0x100), ids=hex)
def test_each_stray_byte_survives(byte: int):
    data = ("é" * 9).encode() + b" " + bytes([byte]) + b" end"
    decoded = decode(data)
    assert decoded is not None
    assert encode(*decoded) == data


@pytest.mark.parametrize(("text", "charset"), [("漢", "windows-1252"), ("a", "no such charset")])
def test_text_that_a_charset_cannot_hold_encodes_to_nothing(text: str, charset: str):
    assert encode(text, charset) is None


def zip_file() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("page.html", random.Random(1).randbytes(4000))
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [zip_file(), random.Random(2).randbytes(5000), bytes(5000), b"text with nul\0" * 50, b"\x89PNG\r\n" + bytes(50)],
    ids=["zip", "random", "nothing but NULs", "text with NULs", "png"],
)  # fmt: skip
def test_binary_data_is_not_text(data: bytes):
    assert is_binary(data)


@pytest.mark.parametrize(
    "data", [b"", b"plain", b"\x1b[1mbold\x1b[0m\tand\x0cfeed", b"one nul\0" + b"." * 200], ids=ascii
)
def test_text_is_not_binary(data: bytes):
    assert not is_binary(data)


def test_doc_id_is_the_first_half_of_the_sha256_in_hex():
    assert doc_id(b"") == "e3b0c44298fc1c149afbf4c8996fb924"
    assert doc_id(b"a") != doc_id(b"b")
