"""Mojibake: text that was decoded with another charset than it was written in."""

import re
from collections.abc import Iterator
from functools import cache

import ftfy
import polars as pl
import wordfreq

from copydesk.transforms.contract import EDITS, empty

#: Letters that double encoding produces. A cheap guard: ftfy and word frequencies decide.
DOUBLE = r"[ÂÃâãÐÑÎÏð×Ø¢ïÄÅĂĄÊËÆÇ][^\x00-\x7F]|â€|Ã "
#: Words of four accented letters and more, and letters between lines of boxes: another charset's letters.
FOREIGN = r"[À-ÖØ-öø-ÿ]{4,}|[а-яА-Я][│-╬]|[│-╬][а-яА-Я]"
#: What the text was decoded with, and what it was written in.
_CONFUSED = (
    ("windows-1252", "windows-1251"),
    ("latin-1", "koi8-r"),
    ("koi8-r", "utf-8"),
    ("windows-1252", "windows-1253"),
)
_LANGUAGES = ("ru", "uk", "bg", "mk", "el")
_FOREIGN_WORD = re.compile("[À-ÖØ-öø-ÿ]{2,}|[\u2500-\u257f]")
_DOUBLE_WORD = re.compile(r"\S*[\u00c2-\u00f4][^\x00-\x7f]\S*")
_LETTERS = re.compile(r"[^\W\d_]+")
#: The share of repaired words that must be words of their language, and the frequency (Zipf) that makes one.
#: Chosen by the sentences of tests/transforms/clean/test_mojibake.py; not measured on a larger set.
_KNOWN, _ZIPF = 0.6, 2.0


def propose_encodings(lines: pl.DataFrame) -> pl.DataFrame:
    """Propose, as EDITS of the rule mojibake, the text of LINES as it was before it was decoded wrongly.

    Doubly encoded UTF-8 is mended with ftfy, and word by word where ftfy is unsure and the mended word is one
    of a language that wordfreq lists; a line in another charset's letters, such as Windows-1251 read as
    Windows-1252, is mended where most of its words become words of a language. A Python loop over the few lines
    with tell-tale letters: ftfy takes one string.
    """
    suspects = lines.filter(pl.col("text").str.contains(f"{DOUBLE}|{FOREIGN}"))
    rows = [
        (doc_id, start + begin, start + end, "mojibake", new, 1.0, None)
        for doc_id, start, text in suspects.select("doc_id", "start", "text").iter_rows()
        for begin, end, new in diff_words(text, mend_encoding(text))
    ]
    return pl.DataFrame(rows, schema=EDITS, orient="row") if rows else empty(EDITS)


def mend_encoding(text: str) -> str:
    """Return a line as it was before it was decoded with the wrong charset; the line itself if it is sound."""
    mended = ftfy.fix_encoding(text)
    if mended == text and _FOREIGN_WORD.search(text):
        mended = max(_other_charsets(text), key=_known_share, default=text)
        if _known_share(mended) < _KNOWN:
            mended = text
    return _DOUBLE_WORD.sub(lambda match: _mend_word(match[0]), mended)


def _other_charsets(text: str) -> Iterator[str]:
    """Yield the line with its non-ASCII words decoded with other charsets, where all of them can be."""
    for wrong, right in _CONFUSED:
        try:
            yield "".join(
                part if part.isascii() or not _LETTERS.search(part) else _recode(part, wrong, right)
                for part in re.split(r"(\s+)", text)
            )
        except UnicodeError:
            continue


def _recode(word: str, wrong: str, right: str) -> str:
    """Return a word decoded with the right charset; quotation marks and dashes that have no byte stay."""
    kept = re.split("([“”„‘’—–…])", word)
    return "".join(part if part in "“”„‘’—–…" else part.encode(wrong).decode(right) for part in kept)


def _mend_word(word: str) -> str:
    """Return a doubly encoded word as it was, if that is a word of any language; else the word."""
    try:
        mended = word.encode("sloppy-windows-1252").decode("utf-8")
    except UnicodeError:
        return word
    letters = _LETTERS.findall(mended)
    accented = [each for each in letters if not each.isascii()]
    return mended if accented and all(_is_known(each.lower()) for each in accented) else word


def _known_share(text: str) -> float:
    """Return the share of the non-ASCII words of a line that one of the languages knows best."""
    words = [word.lower() for word in _LETTERS.findall(text) if not word.isascii()]
    if not words:
        return 0.0
    return max(sum(_zipf(word, lang) >= _ZIPF for word in words) for lang in _LANGUAGES) / len(words)


@cache
def _zipf(word: str, lang: str) -> float:
    return float(wordfreq.zipf_frequency(word, lang, wordlist="small"))


def _is_known(word: str) -> bool:
    """Return whether a word is listed in any language of wordfreq's short lists."""
    return word in _accented_words()


@cache
def _accented_words() -> frozenset[str]:
    """Return the non-ASCII words of the short lists of languages with alphabets."""
    lists = wordfreq.available_languages("small")
    return frozenset(
        word
        for lang, path in lists.items()
        if lang not in {"zh", "ja", "ko"}
        for words in wordfreq.read_cBpack(path)
        for word in words
        if not word.isascii()
    )


def diff_words(old: str, new: str) -> list[tuple[int, int, str]]:
    """Return the edits (start, end, replacement) that turn `old` into `new`, word by word if the numbers of
    words are equal.

    Linear time. If they are not equal, one edit spans all that differs.
    """
    olds, news = old.split(" "), new.split(" ")
    if len(olds) != len(news):
        olds, news = [old], [new]
    edits, at = [], 0
    for before, after in zip(olds, news, strict=True):
        if before != after:
            head = _n_common(before, after)
            tail = _n_common(before[head:][::-1], after[head:][::-1])
            edits.append((at + head, at + len(before) - tail, after[head : len(after) - tail]))
        at += len(before) + 1
    return edits


def _n_common(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
