"""Choose one kind per name and document by a weighted vote over all its mentions.

For every name of a document, :func:`gather_evidence` collects numbers from 0 to 1: how the model labelled its mentions,
which words are around them, what the name looks like, whether the gazetteer has it, and what related names of the
document are (the full name of a surname, the long form of an acronym). :func:`vote` adds them up with the weights of a
table (one row per evidence, one column per kind) and takes the kind with the highest sum; `none` drops the name.
"""

import polars as pl

from copydesk.transforms.entities.name_words import NameWords

#: The kinds of names and their labels; the first label is used if the model gave none of them.
KINDS = {
    "person": ("PERSON",),
    "group": ("ORG",),
    "place": ("GPE", "LOC", "FAC"),
    "other": ("NORP", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW"),
    "none": (),
}
_NAME, _BEFORE, _AFTER = pl.col("surface"), pl.col("before"), pl.col("after")
_SEVERAL = pl.col("words") > 1

#: Labels of the model: the share of the name's mentions (all 0 if it missed them all).
TAGGED = {
    "model_person": pl.col("label") == "PERSON",
    "model_group": pl.col("label") == "ORG",
    "model_place": pl.col("label") == "GPE",
    "model_site": pl.col("label").is_in(["LOC", "FAC"]),
    "model_norp": pl.col("label") == "NORP",
}


def _around(words: NameWords) -> dict[str, pl.Expr]:
    """Return the words around a mention: the share of the name's mentions that have them."""
    titles = f"{words.title}|{words.person_title}|{words.before_person}"
    return {
        "after_title": _BEFORE.str.contains(rf"\b(?:{titles})\.?\s+$"),
        "after_in": _BEFORE.str.contains(r"\b(?:in|at|near|across|throughout|outside|inside)\s+$"),
        "after_of": _BEFORE.str.contains(r"\b(?:from|to|of)\s+$"),
        "after_the": _BEFORE.str.contains(r"\b[Tt]he\s+$"),
        "before_said": _AFTER.str.contains(
            r"^,?\s+(?:said|says|told|added|tweeted|wrote|explained|argued|recalled|who|noted)\b"
        ),
        "before_possessive": _AFTER.str.contains(r"^['’]s?\b"),
    }


def _looks(words: NameWords) -> dict[str, pl.Expr]:
    """Return the shape of a name."""
    return {
        "one_word": pl.col("words") == 1,
        "acronym": _NAME.str.contains(r"^[A-Z][A-Z.&-]{1,6}s?$"),
        "capitals": _NAME.str.contains(r"^[A-Z ]{7,}$"),
        "lower_word": _NAME.str.contains(r"(?:^| )\p{Ll}"),
        "plural": _NAME.str.contains(r"\p{Ll}s$"),
        "group_word": _SEVERAL & _NAME.str.contains(rf"(?i)\b(?:{words.group})\b"),
        "group_ending": _SEVERAL & _NAME.str.contains(rf"(?i)\b(?:{words.group})$"),
        "place_word": _SEVERAL & _NAME.str.contains(rf"(?i)\b(?:{words.place})\b"),
        "other_word": _SEVERAL & _NAME.str.contains(rf"(?i)\b(?:{words.other})\b"),
        "listed_city": pl.col("listed") == "CITY",
        "listed_place": pl.col("listed").is_in(["GPE", "LOC", "FAC"]),
        "listed_norp": pl.col("listed") == "NORP",
        "listed_group": pl.col("listed") == "ORG",
        "listed_other": pl.col("listed").is_in(["EVENT", "PRODUCT", "WORK_OF_ART", "LAW"]),
    }


#: Kinds of related names of the document.
RELATED = ("surname_of_person", "given_name_of_person", "surname_is_person")
EVIDENCE = (*TAGGED, *_around(NameWords()), *_looks(NameWords()), *RELATED)

#: The kind of names in the gazetteer: a name of several words has it whatever the other evidence is.
LISTED = {
    "listed_city": "place", "listed_place": "place", "listed_norp": "other", "listed_other": "other",
    "listed_group": "group",
}  # fmt: skip


def name_key(surface: pl.Expr) -> pl.Expr:
    """Return the key of a name within its document: without case, points and line breaks."""
    return surface.str.replace_all(r"\s+", " ").str.to_lowercase().str.replace_all(".", "", literal=True)


def list_labels(listed: dict[str, str]) -> pl.DataFrame:
    """Return key and listed (the label) of the names of the gazetteer."""
    schema = {"surface": pl.String, "listed": pl.String}
    names = pl.DataFrame({"surface": list(listed), "listed": list(listed.values())}, schema=schema)
    return names.select("listed", key=name_key(_NAME)).unique("key", keep="last", maintain_order=True)


def gather_evidence(found: pl.DataFrame, listed: dict[str, str], words: NameWords) -> pl.DataFrame:
    """Return the EVIDENCE of every name (doc_id, key) of the mentions found; `listed` has the labels of the
    gazetteer.
    """
    names = (
        found.with_columns(key=name_key(_NAME))
        .group_by("doc_id", "key", maintain_order=True)
        .agg(
            _NAME.first(),
            pl.len().alias("mentions"),
            *(
                seen.fill_null(False).mean().cast(pl.Float64).alias(name)
                for name, seen in (_around(words) | TAGGED).items()
            ),
        )
        .join(list_labels(listed), on="key", how="left", maintain_order="left")
        .with_columns(words=pl.col("key").str.split(" ").list.len())
        .with_columns(
            seen.fill_null(False).cast(pl.Float64).alias(name) for name, seen in _looks(words).items()
        )
    )
    return _relate(names).select("doc_id", "key", pl.col(EVIDENCE).fill_null(0.0))


def _relate(names: pl.DataFrame) -> pl.DataFrame:
    """Add the share of person labels that the model gave longer or shorter forms of each name."""
    words, person = pl.col("key").str.split(" "), pl.col("model_person")
    single = names.filter(~_SEVERAL)
    several = names.filter(_SEVERAL).with_columns(first=words.list.first(), last=words.list.last())
    surnames = several.group_by("doc_id", key="last").agg(surname_of_person=person.max())
    given_names = several.group_by("doc_id", key="first").agg(given_name_of_person=person.max())
    shorter = single.select("doc_id", last="key", surname_is_person="model_person")
    single = single.join(surnames, on=["doc_id", "key"], how="left").join(
        given_names, on=["doc_id", "key"], how="left"
    )
    several = several.join(shorter, on=["doc_id", "last"], how="left")
    return pl.concat([single, several], how="diagonal").sort("doc_id", "key")


def vote(evidence: pl.DataFrame, weights: pl.DataFrame) -> pl.DataFrame:
    """Return the kind of every name (doc_id, key, kind): that with the highest sum, of equals the first.

    A name of several words in the gazetteer has the kind that it has there.
    """
    totals = [
        pl.sum_horizontal(
            pl.lit(float(column[0])),
            *(pl.col(name) * w for name, w in zip(weights["evidence"][1:], column[1:], strict=True) if w),
        ).alias(kind)
        for kind in KINDS
        for column in [weights[kind]]
    ]
    kinds = list(KINDS)
    heaviest = (
        pl.concat_list(kinds).list.arg_max().replace_strict(dict(enumerate(kinds)), return_dtype=pl.String)
    )
    by_list = [
        pl.when((pl.col(name) > 0) & (pl.col("one_word") == 0)).then(pl.lit(kind))
        for name, kind in LISTED.items()
    ]
    return evidence.with_columns(totals).select("doc_id", "key", kind=pl.coalesce(*by_list, heaviest))
