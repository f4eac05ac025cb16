"""Text that was decoded with the wrong charset."""

import pytest

from copydesk.transforms.clean.mojibake import diff_words, mend_encoding

SENTENCES = {
    "pl": "Burmistrz powiedziała, że przejście będzie zamknięte aż do września",
    "hr": "Načelnica kaže da će škola biti zatvorena do četvrtka",
    "lv": "Rīgas osta bija slēgta, jo ledus apturēja kuģus",
    "tr": "Köprü eylül ayına kadar kapalı kalacağı için sürücüler güney yolunu kullanacak",
    "cs": "Starostka řekla, že most bude uzavřený až do září",
    "lt": "Tiltas šiąnakt bus uždarytas, sakė meras, ir žmonės jį apeis",
    "fr": "Le maire a été réélu après une journée très agitée",
    "de": "Die Brücke über den Fluß bleibt für Fußgänger gesperrt",
    "ru": "Секретарь совета сказал, что бюджет примут до пятницы",
    "uk": "Міська рада повідомила, що міст знову працює після перерви",
}


@pytest.mark.parametrize("lang", SENTENCES)
def test_doubly_encoded_text_is_mended(lang: str) -> None:
    text = SENTENCES[lang]
    damaged = text.encode().decode("sloppy-windows-1252")
    assert mend_encoding(damaged) == text


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("windows-1252", "windows-1251"), ("latin-1", "koi8-r"), ("koi8-r", "utf-8"), ("windows-1251", "utf-8")],
)
def test_cyrillic_in_the_letters_of_another_charset_is_mended(wrong: str, right: str) -> None:
    text = SENTENCES["ru"]
    assert mend_encoding(text.encode(right).decode(wrong)) == text


def test_a_single_doubly_encoded_word_in_a_sound_line_is_mended() -> None:
    assert mend_encoding("RÄ«gas osta bija slēgta") == "Rīgas osta bija slēgta"


@pytest.mark.parametrize(
    "text", [*SENTENCES.values(), "dizendo NÃO a tudo", "ВІКІ знову працює", "„ÄÖÜ«", "ÀÉÎÕÜ âêîôû"]
)
def test_sound_text_stays(text: str) -> None:
    assert mend_encoding(text) == text


def test_edits_are_as_small_as_the_words_allow() -> None:
    assert diff_words("a cafÃ© b", "a café b") == [(5, 7, "é")]
    assert diff_words("ab", "ab") == []
