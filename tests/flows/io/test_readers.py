"""Readers: bytes of a file to records, without loss."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.flows.io.readers import READERS, Record, read_page, read_text, reader_of
from copydesk.transforms.text.encoding import STRAY, encode

PAGE = '<html><head><meta charset="{}"></head><body><p>{}</p></body></html>'
ACCENTS = "Der Müller fährt über die Brücke, weil das Café geöffnet ist"


def only(data: bytes) -> Record:
    (record,) = read_page(data)
    return record


@pytest.mark.parametrize(
    ("claim", "charset", "text"),
    [
        ("windows-1251", "windows-1251", "Мост закрыт на ремонт до весны"),
        ("iso-8859-1", "windows-1252", f"“{ACCENTS}”"),
        ("Shift_JIS", "cp932", "橋は春まで閉鎖される①"),
        ("gb2312", "gb18030", "大桥将关闭到春天镕"),
        ("EUC-KR", "cp949", "다리는 봄까지 닫힌다"),
        ("iso-2022-jp", "iso-2022-jp", "橋は春まで閉鎖される"),
    ],
)
def test_a_page_is_read_in_the_charset_that_it_names(claim: str, charset: str, text: str) -> None:
    data = PAGE.format(claim, text).encode(charset)
    assert only(data) == Record(0, len(data), data, PAGE.format(claim, text), charset)


@pytest.mark.parametrize(
    "quote", ["charset=windows-1251", "charset = 'windows-1251'", 'CHARSET="WINDOWS-1251"']
)
def test_the_claim_is_found_in_any_spelling(quote: str) -> None:
    data = f'<META http-equiv=content-type content="text/html; {quote}">Мост'.encode("windows-1251")
    assert only(data).charset == "windows-1251"


def test_the_claim_of_an_xml_declaration_counts() -> None:
    assert only('<?xml version="1.0" encoding="koi8-r"?><p>Мост</p>'.encode("koi8-r")).charset == "koi8-r"


def test_valid_utf_8_is_utf_8_whatever_the_page_says() -> None:
    record = only(PAGE.format("iso-8859-1", ACCENTS).encode())
    assert (record.charset, record.text) == ("utf-8", PAGE.format("iso-8859-1", ACCENTS))


def test_a_mark_at_the_start_comes_before_the_claim() -> None:
    data = codecs.BOM_UTF16_LE + PAGE.format("windows-1251", ACCENTS).encode("utf-16-le")
    assert only(data).charset == "utf-16-le"


@pytest.mark.parametrize(
    "claim", ["utf-8", "no-such-charset", "base64", "rot13", "idna", "cp932", "utf-7", "undefined"]
)
def test_a_false_claim_is_passed_over(claim: str) -> None:
    record = only(PAGE.format(claim, ACCENTS * 3).encode("windows-1252"))
    assert record.text is not None
    assert record.charset is not None
    assert encode(record.text, record.charset) == record.data
    assert record.charset.lower() != claim


def test_stray_bytes_are_kept() -> None:
    data = PAGE.format("utf-8", ACCENTS).encode() + b"\x93"
    assert only(data).charset == STRAY


def test_binary_data_is_no_page() -> None:
    record = only(bytes(range(32)) * 64)
    assert (record.text, record.charset) == (None, None)
    assert record.fault is not None


@given(
    st.binary(max_size=80),
    st.sampled_from(["windows-1252", "cp932", "utf-8", "utf-16", "gb18030", "hz", "punycode", "iso-2022-jp"]),
)
def test_what_is_read_gives_the_bytes_back(tail: bytes, claim: str) -> None:
    record = only(b'<meta charset="%s">' % claim.encode() + tail)
    if record.text is not None:
        assert record.charset is not None
        assert encode(record.text, record.charset) == record.data


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("file:///a/b.TXT", ("text/plain", read_text)),
        ("file:///a/b.html", ("text/html", read_page)),
        ("file:///a/b.HTM", ("text/html", read_page)),
        ("b.xhtml", ("text/html", read_page)),
        ("b.pdf", ("application/octet-stream", None)),
    ],
)
def test_the_suffix_chooses_the_reader(uri: str, expected: tuple[str, object]) -> None:
    assert reader_of(uri) == expected
    assert READERS[".html"] == ("text/html", read_page)
