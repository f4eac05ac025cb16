"""Readers: bytes of a file to records, without loss."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webencodings.labels import LABELS

from copydesk.flows.io.readers import READERS, Record, charset_of, read_page, read_text, reader_of
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
    ("charset", "labels"),
    [
        ("windows-1252", "ascii us-ascii ISO-8859-1 iso8859-1 iso_8859-1 latin1 l1 cp1252 windows-1252"),
        ("windows-1254", "iso-8859-9 latin5 cp1254 x-cp1254"),
        ("windows-1251", "cp1251 Windows-1251 x-cp1251"),
        ("iso-8859-2", "latin2 iso8859-2 iso_8859-2 csisolatin2"),
        ("iso-8859-8", "iso-8859-8 hebrew iso-8859-8-i logical"),
        ("iso-8859-16", "iso-8859-16"),
        ("koi8-r", "koi koi8 koi8-r koi8_r"),
        ("koi8-u", "koi8-u koi8-ru"),
        ("cp874", "iso-8859-11 tis-620 windows-874 dos-874 cp874"),
        ("cp866", "ibm866 cp866 866"),
        ("mac-roman", "macintosh mac x-mac-roman mac-roman"),
        ("mac-cyrillic", "x-mac-cyrillic x-mac-ukrainian mac-cyrillic"),
        ("gb18030", "gb2312 gbk x-gbk gb_2312-80 chinese gb18030"),
        ("big5hkscs", "big5 big5-hkscs cn-big5 big5hkscs"),
        ("cp932", "shift_jis shift-jis sjis x-sjis windows-31j ms_kanji cp932"),
        ("cp949", "euc-kr ks_c_5601-1987 korean windows-949 cp949"),
        ("euc-jp", "euc-jp x-euc-jp"),
        ("iso-2022-jp", "iso-2022-jp csiso2022jp"),
        (
            None,
            "utf-8 unicode-1-1-utf-8 utf-16 utf-16le utf-16be unicode iso-2022-kr hz-gb-2312 x-user-defined",
        ),
        (None, "utf-7 idna punycode rot13 base64 mbcs undefined raw_unicode_escape iso-8859-12 none"),
    ],
)
def test_a_label_chooses_the_charset_that_browsers_read(charset: str | None, labels: str) -> None:
    assert {label: charset_of(label) for label in labels.split()} == dict.fromkeys(labels.split(), charset)


def test_every_label_chooses_a_charset_of_python_under_one_name() -> None:
    charsets = {charset_of(label) for label in LABELS} - {None}
    names = [codecs.lookup(charset).name for charset in charsets if charset]
    assert len(set(names)) == len(names) == 33
    assert {charset_of(charset) for charset in charsets if charset} == charsets


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
