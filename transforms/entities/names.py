"""Names of mentions: the name in a surface, its key and its class.

The key is without accents, capitals, punctuation, possessive, article, titles of persons and legal forms of companies.
"""

from dataclasses import dataclass

import polars as pl

#: Classes of labels; names are compared within a class. The four labels of other data sets are included.
CLASSES = {
    "PERSON": "person", "PER": "person",
    "ORG": "org",
    "GPE": "place", "LOC": "place", "NORP": "place", "FAC": "place",
}  # fmt: skip
_LETTERS = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "ħ": "h",
    "&": " and ",
}
_APOSTROPHES = r"['’‘`´ʼʻ]"
#: Verbs that scrapers glue to the name before them: "Peskovcalled".
_GLUED = r"(\p{Lu}\p{Ll}{2,})(?:called|said|says|told|added|warned|noted|stated|announced|claimed|insisted)$"
#: An office with up to two words before it: "Belarusian Foreign Minister Sergey Aleinik".
_OFFICE = (
    r"^(?:\S+ ){1,2}(?:President|Minister|Chancellor|Secretary|Premier|Spokesman|Spokeswoman|Senator|Governor|"
    r"Ambassador|Mayor) (.*\p{L})"
)


@dataclass(frozen=True)
class Affixes:
    """Words before and after names, each as alternatives of a pattern: titles of persons; honours, which are removed
    only if two words remain (not from "Pope Francis"); legal forms of companies.
    """

    titles: str
    honours: str
    legal_forms: str


def name_mentions(mentions: pl.DataFrame, affixes: Affixes) -> pl.DataFrame:
    """Add `kind` (the class of the label), `name` (as printed) and `key` (folded) to mentions (surface, label).

    Works on distinct (surface, label). A mention without a letter or digit has the key "".
    """
    distinct = mentions.select("surface", "label").unique()
    kind = pl.col("label").replace_strict(CLASSES, default="thing", return_dtype=pl.String)
    named = distinct.with_columns(kind=kind, name=_tidy(pl.col("surface")))
    person = pl.col("kind") == "person"
    named = named.with_columns(name=pl.when(person).then(_untitle(pl.col("name"), affixes)).otherwise("name"))
    named = named.with_columns(key=fold(pl.col("name")))
    company = pl.col("kind") == "org"
    return mentions.join(
        named.with_columns(
            key=pl.when(company).then(strip_legal_form(pl.col("key"), affixes)).otherwise("key")
        ),
        on=["surface", "label"],
        how="left",
        maintain_order="left",
    )


def _tidy(surface: pl.Expr) -> pl.Expr:
    return (
        surface.str.replace_all(r"[\p{Cf}\x{AD}]", "")
        .str.replace_all(r"\s+", " ")
        .str.replace(rf"(?i){_APOSTROPHES}s?$", "")
        .str.replace(r"^[^\p{L}\p{N}]+", "")
        .str.replace(r"[^\p{L}\p{N}.)]+$", "")
        .str.replace(r"(?i)^the (.)", "$1")
        .str.replace(_GLUED, "$1")
        .str.replace(r"(?i)[-–](?:based|born|led|backed|controlled|held|made|registered|listed)$", "")
    )


def _untitle(name: pl.Expr, affixes: Affixes) -> pl.Expr:
    titles, honours = affixes.titles, affixes.honours
    return (
        name.str.replace(r"(?i),? (?:m\.?d|ph\.?d|esq|jr|sr|ii|iii|iv|cbe|obe|mp)\.?$", "")
        .str.replace(r"^([^,]+), ([^,]+)$", "$2 $1")
        .str.replace(_OFFICE, "$1")
        .str.replace(rf"(?i)^(?:(?:{titles})\b\.?[ -])+(?:of )?(.*\p{{L}})", "$1")
        .str.replace(rf"(?i)^(?:(?:{titles}|{honours})\b\.?[ -])+(.*\p{{L}}.* .*\p{{L}})", "$1")
    )


def strip_legal_form(key: pl.Expr, affixes: Affixes) -> pl.Expr:
    """Return folded names without the legal form at their end ("hoechst celanese corp")."""
    return key.str.replace(rf"^(.*?\w\w.*?)(?: and)?(?: (?:{affixes.legal_forms}))+$", "$1")


def fold(name: pl.Expr) -> pl.Expr:
    """Return names in lower case, without accents, dots in abbreviations, apostrophes and punctuation."""
    return (
        name.str.to_lowercase()
        .str.normalize("NFKD")
        .str.replace_all(r"[\p{M}]", "")
        .str.replace_many(_LETTERS)
        .str.replace_all(_APOSTROPHES, "")
        .str.replace_all(r"\b(\p{L})\.(\p{L})\b\.?", "$1$2")
        .str.replace_all(r"\b(\p{L}{2})\.(\p{L})\b\.?", "$1$2")
        .str.replace_all(r"[^\p{L}\p{N}]+", " ")
        .str.strip_chars(" ")
        .str.replace(r"^the (.)", "$1")
    )
