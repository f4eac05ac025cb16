"""Bylines: the authors' names in what a line or a page gives for them."""

import re
import tomllib
from dataclasses import dataclass

import polars as pl

#: One word of a name, and the little words between two or within one.
_WORD = r"\p{Lu}[\p{L}\p{M}’'.-]*"
_BETWEEN = (
    r"(?:de|del|della|der|den|des|van|von|zu|la|le|du|bin|ibn|al|el|da|do|dos|di|af|ter|ten|"
    r"and|y|e|i|a|und|et|en|og|och|ja|ve|si|și|и|та|і|&)"
)
#: One or more persons, each with two to four capitalised words.
NAMES = rf"{_WORD}(?:,?\s(?:{_BETWEEN}\s)*{_WORD}){{1,7}}"
#: Characters of an unspaced script or Hangul that make a name.
_SHORT_NAME = r"[\p{Han}\p{Hangul}]{2,4}"
_APART = r"\s*[|•·/–—,;]\s*|\s+-\s+"
#: What a role without a comma begins with.
_FIELDS = (
    "senior|chief|political|staff|special|deputy|sports?|business|science|health|foreign|home|crime|education|"
    "economics|news|managing"
)
#: What scrapers glue to a name: the label or the month of the date that follows.
_DATE_AFTER = (
    r"(?:(?:Published|Updated|Posted|Modified)\b.*|\s(?i:january|february|march|april|june|july|august|"
    r"september|october|november|december)(?:\s\d.*)?)$"
)
#: A trace of the page's markup around a name.
_LINK = r"\[([^\]]+)\]\([^)]*\)"


@dataclass(frozen=True)
class BylineWords:
    """Words of bylines, in lower case: by introduces a name, roles are what an author is, outlets no person's name."""

    by: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()

    @property
    def introduction(self) -> str:
        """A pattern for what introduces a name, at the start of a text."""
        return rf"(?i:^(?:{_any(self.by)})(?:\s*[:：/=＝]\s*|\s+))"


def parse_byline_words(toml: str) -> BylineWords:
    """Read BylineWords from TOML text (seeds/bylines.toml). Raises ValueError for a value that is no list of texts."""
    table = tomllib.loads(toml)
    lists = {name: tuple(table.get(name, ())) for name in ("by", "roles", "outlets")}
    if not all(isinstance(word, str) for words in lists.values() for word in words):
        raise ValueError("by, roles and outlets are lists of texts")
    return BylineWords(**lists)


def find_names(text: pl.Expr, words: BylineWords) -> pl.Expr:
    """Return the persons' names that a short text consists of: "by Ada Quill" or "Ada Quill", else null.

    A name without an introduction has at least two words, none of which is of an outlet's name.
    """
    after = text.str.replace(words.introduction, "")
    introduced = text.str.contains(words.introduction)
    name = tidy_bylines(after, words)
    named = name.str.contains(rf"^{NAMES}$") & ~name.str.contains(_holding(words.outlets))
    short = introduced & name.str.contains(rf"^(?:{_SHORT_NAME}|{_WORD})$")
    return pl.when(named | short).then(name)


def tidy_bylines(text: pl.Expr, words: BylineWords) -> pl.Expr:
    """Return bylines without links' addresses, roles ("Ada Quill, Political Editor" has one author) and places."""
    name = text.str.replace_all(_LINK, "$1").str.replace_all(r"\S+@\S+|https?://\S+|\*+|_{2,}", "")
    name = name.str.replace(words.introduction, "") if words.by else name
    name = name.str.replace(_DATE_AFTER, "")
    if words.roles:
        place = r"(?:\s(?:at|of|for|in|bei|de|di|du|da|für)\s[^,;|]*)?"
        roles = _any(words.roles)
        role = rf"(?i:(?:[\p{{L}}\p{{M}}’'&-]+\s){{0,4}}(?:{roles})\b{place})"
        name = name.str.replace_all(rf"(?:{_APART}|\s*\()(?:the\s)?{role}\)?(?:\s*$|(,\s))", "$1")
        name = name.str.replace(rf"\s(?i:(?:{_FIELDS})\s)*(?i:{roles})$", "")
    name = name.str.replace(rf"\s(?:in|reports from|aus|en|à|a)\s{_WORD}(?:\s{_WORD}){{0,2}}$", "")
    name = name.str.replace_all(r"\s+", " ").str.strip_chars(" ,;|•·–—-/:()")
    return pl.when(name != "").then(name)


def _holding(words: tuple[str, ...]) -> str:
    """Return a pattern for texts with any of the words as a whole word."""
    return rf"(?i)(?:^|[^\p{{L}}])(?:{_any(words)})(?:[^\p{{L}}]|$)"


def _any(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))) or r"\b\B"
