"""Short forms: link the short names of a document to the longer names that they stand for.

A surname, a given name, an acronym or the first words of a company stand for a longer name of the same document. If two
longer names fit (two people with one surname), the nearest before the mention is taken, else the nearest after it.
"""

from collections.abc import Iterator

import polars as pl

#: How short forms are made, best first: a mention is linked by the best rule that finds a longer name.
RULES = ("acronym", "surname", "middle", "initial", "given", "short")
_SMALL = {
    "of", "the", "and", "for", "in", "on", "at", "to", "de", "la", "del", "des", "du", "et", "und", "der", "die",
    "fur", "a",
}  # fmt: skip
_PARTICLES = {
    "al", "el", "bin", "ben", "ibn", "abu", "von", "van", "der", "den", "de", "da", "di", "la", "le", "del",
    "dos", "ter",
}  # fmt: skip
_FORMS = {"form": pl.String, "key": pl.String, "kind": pl.String, "rule": pl.String}


def list_short_forms(names: pl.DataFrame) -> pl.DataFrame:
    """Return the short forms of names of several words (kind, key): form, key, kind, rule.

    A loop over distinct names: forms are combinations of words.
    """
    rows = [
        (form, key, kind, rule)
        for kind, key in names.select("kind", "key").unique().sort("kind", "key").iter_rows()
        if " " in key
        for form, rule in _forms(kind, key.split(" "))
        if form != key
    ]
    frame = pl.DataFrame(rows, schema=_FORMS, orient="row")
    rank = pl.col("rule").replace_strict(
        {rule: place for place, rule in enumerate(RULES)}, return_dtype=pl.Int64
    )
    return (
        frame.with_columns(rank=rank)
        .sort("rank")
        .unique(["form", "key", "kind"], keep="first", maintain_order=True)
    )


def _forms(kind: str, words: list[str]) -> list[tuple[str, str]]:
    count = len(words)
    if kind == "person":
        surnames = [
            (" ".join(words[at:]), "surname")
            for at in range(1, count)
            if words[at] not in _PARTICLES or at + 1 < count
        ]
        givens = [(words[0], "given")] if len(words[0]) > 1 else []
        middle = [(f"{words[0]} {words[-1]}", "middle")] if count > 2 else []
        initial = [(f"{words[0][0]} {words[-1]}", "initial")]
        return surnames + middle + initial + givens
    if kind != "org":
        return []
    ends = [(" ".join(words[:end]), "short") for end in range(1, count)] + [
        (" ".join(words[at:]), "short") for at in range(1, count)
    ]
    ends = [
        (form, rule)
        for form, rule in ends
        if form.split(" ")[-1] not in _SMALL and form.split(" ")[0] not in _SMALL
    ]
    long = [word for word in words if word not in _SMALL]
    letters = {"".join(word[0] for word in words), "".join(word[0] for word in long)}
    return [(form, "acronym") for form in sorted(letters) if len(form) > 1] + ends


def link_short_forms(mentions: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """Add `full` (the key of the longer name of the same document, or null) and `rule` to mentions.

    `mentions` has doc_id, start, end, kind, key. A longer name is no short form itself: "Tayyip Erdogan" and "Erdogan"
    are both linked to "Recep Tayyip Erdogan".
    """
    within = mentions.select("doc_id", "kind", "key").unique()
    found = within.join(forms, on=["key", "kind"]).join(
        within.select("doc_id", "kind", form="key"), on=["doc_id", "kind", "form"]
    )
    found = pl.concat([found, _beside(mentions).select(found.columns)])
    covered = found.filter(pl.col("form").str.contains(" ")).select("doc_id", "kind", key="form").unique()
    found = found.join(covered, on=["doc_id", "kind", "key"], how="anti")
    best = found.filter(pl.col("rank") == pl.col("rank").min().over("doc_id", "kind", "form")).unique(
        ["doc_id", "kind", "form", "key"]
    )
    best = best.with_columns(likelihood=1 / pl.len().over("doc_id", "kind", "form"))
    longer = mentions.join(best, on=["doc_id", "kind", "key"]).select(
        "doc_id", "kind", "start", key="form", full="key", rule="rule", likelihood="likelihood"
    )
    return _nearest(mentions, longer.unique().sort("start", "full"))


def _nearest(mentions: pl.DataFrame, longer: pl.DataFrame) -> pl.DataFrame:
    by = ["doc_id", "kind", "key"]
    ordered = mentions.sort("start")
    before = ordered.join_asof(longer, on="start", by=by, strategy="backward", check_sortedness=False)
    after = before.select(pl.exclude("full", "rule", "likelihood")).join_asof(
        longer, on="start", by=by, strategy="forward", check_sortedness=False
    )
    return before.with_columns(pl.col(name).fill_null(after[name]) for name in ("full", "rule", "likelihood"))


def _beside(mentions: pl.DataFrame) -> pl.DataFrame:
    """Return acronyms right after their long form, as in "Christian Democrats (CDU)".

    Two characters are between them (" (" or ", "); the long form has the letters in their order.
    """
    ordered = mentions.sort("doc_id", "start")
    before = {f"long_{name}": pl.col(name).shift(1) for name in ("doc_id", "kind", "key", "end")}
    letters = pl.col("key").str.replace_all(" ", "")
    pairs = ordered.with_columns(**before).filter(
        pl.col("doc_id") == pl.col("long_doc_id"),
        pl.col("kind") == pl.col("long_kind"),
        pl.col("kind") == "org",
        pl.col("start") - pl.col("long_end") == 2,
        pl.col("name").str.contains(r"^[\p{L}\d./-]{2,8}$") & pl.col("name").str.contains(r"\p{Lu}.*\p{Lu}"),
        pl.col("long_key").str.contains(" "),
        letters.str.slice(0, 1) == pl.col("long_key").str.slice(0, 1),
    )
    spelt = [all(letter in rest for letter in key.replace(" ", "")) for key, rest in _letters(pairs)]
    return (
        pairs.filter(pl.Series(spelt, dtype=pl.Boolean))
        .select("doc_id", "kind", form="key", key="long_key")
        .unique()
        .with_columns(rule=pl.lit("acronym"), rank=pl.lit(0, pl.Int64))
    )


def _letters(pairs: pl.DataFrame) -> list[tuple[str, Iterator[str]]]:
    """Return each acronym with an iterator over its long form: `letter in rest` uses up the letters before."""
    return [(key, iter(long)) for key, long in pairs.select("key", "long_key").iter_rows()]
