"""Duplicates: which documents say the same, by which score, and which one readers see.

Candidates share anchors (:mod:`transforms.shingles`); a pair counts only when the texts themselves verify it,
on words and on numbers: reports on one template (weather, markets, quakes) share most words and differ in
their figures.
"""

from collections.abc import Iterable

import polars as pl

from transforms.contract import DUPLICATES, PAIRS, SIGNATURES, conform, empty
from transforms.shingles import anchors, hash64, shingle
from transforms.words import fold

# Measured on ../shared/eval/dedup/news_pairs_dev.jsonl (124 read pairs; duplicate or contained against the
# rest) with `python -m benchmarks.dedupe`: precision 0.94, recall 0.86. Template reports reach Jaccard 0.90
# there, but none above 0.60 shares 3 in 4 of its numbers.
NEAR_SIMILARITY = 0.60
NEAR_NUMBERS = 0.75  # of the numbers in either text, the share that stands in both
CONTAINED = 0.90
CONTAINED_NUMBERS = 0.88  # of the numbers in the text with fewer, the share that stands in the other
#: An anchor that more texts share is a template's or a viral story's: each of its texts is paired with the one
#: before it and the first one, not with all, so that time stays linear; find_missing then asks for the keeper.
HOT = 20
#: Texts that share less than this of the anchors of the smaller one are not worth verifying: a near copy shares
#: 3 in 4, a passage of 40 words contained in 400 about 1 in 8. One shared anchor is enough for 12 anchors.
PLAUSIBLE = 0.08
_NUMBER = r"\d+(?:[.,]\d+)*"


def sign(clean: pl.DataFrame) -> pl.DataFrame:
    """Return SIGNATURES of CLEAN documents. A text without words has no anchors and matches none but its equals."""
    folded = clean.select("doc_id", "n_words", "published_at", text=fold(pl.col("text")))
    sampled = anchors(shingle(folded, "doc_id"), "doc_id")
    # Equal folded texts, and they alone, get one key; it is kept, so it must not depend on Polars' own hash.
    keys = text_keys(folded["text"])
    return conform(
        folded.with_columns(text_key=keys)
        .join(sampled, on="doc_id", how="left", maintain_order="left")
        .with_columns(pl.col("anchors").fill_null([])),
        SIGNATURES,
    )


def text_keys(folded: pl.Series) -> pl.Series:
    """Return the 64-bit key of each folded text: the first 8 bytes of its BLAKE2b hash."""
    return pl.Series([hash64(text) for text in folded], dtype=pl.UInt64)


def to_anchors(signatures: pl.DataFrame) -> pl.DataFrame:
    """Return text_key, anchor and n_anchors (of the text), a row an anchor of SIGNATURES."""
    return (
        signatures.select("text_key", anchor="anchors", n_anchors=pl.col("anchors").list.len().cast(pl.Int64))
        .explode("anchor", empty_as_null=True)
        .drop_nulls()
        .unique()
    )


def find_candidates(new: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of texts (text_key < other_key) that share anchors enough, at least one of them new.

    `new` and `known` are as :func:`to_anchors` returns them; of `known` only the anchors that `new` has are
    needed. Enough is PLAUSIBLE of the anchors of the text that has fewer; hot anchors are linked as HOT says.
    """
    both = pl.concat([known.with_columns(new=0), new.with_columns(new=1)])
    bucket = (
        both.unique(["text_key", "anchor"], keep="first", maintain_order=True)
        .sort("anchor", "new", "text_key")
        .with_columns(
            size=pl.len().over("anchor"),
            before=pl.col("text_key").shift(1).over("anchor"),
            first=pl.col("text_key").first().over("anchor"),
        )
    )
    small = bucket.filter(pl.col("size") <= HOT).select("anchor", "text_key", "n_anchors", "new")
    met = small.join(small.filter(pl.col("new") == 1), on="anchor", suffix="_b").filter(
        pl.col("text_key") != pl.col("text_key_b")
    )
    fewer = pl.min_horizontal("n_anchors", "n_anchors_b")
    pairs = (
        met.select(*_low_high("text_key", "text_key_b"), "anchor", fewer=fewer)
        .unique()
        .group_by("text_key", "other_key")
        .agg(shared=pl.len(), fewer=pl.col("fewer").first())
        .filter(pl.col("shared") >= PLAUSIBLE * pl.col("fewer"))
        .select("text_key", "other_key")
    )
    hot = bucket.filter((pl.col("size") > HOT) & (pl.col("new") == 1))
    linked = [
        hot.filter(pl.col(column) != pl.col("text_key")).select(_low_high("text_key", column))
        for column in ("before", "first")
    ]
    return pl.concat([pairs, *linked]).unique().sort("text_key", "other_key")


def _low_high(one: str, other: str) -> list[pl.Expr]:
    low, high = pl.min_horizontal(one, other), pl.max_horizontal(one, other)
    return [low.alias("text_key"), high.alias("other_key")]


def verify(candidates: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """Return the PAIRS among `candidates` (text_key, other_key) that `texts` (text_key, text) bear out."""
    if candidates.is_empty():
        return empty(PAIRS)
    words = _overlap(candidates, shingle(texts, "text_key"), "shingle")
    figures = texts.select("text_key", number=pl.col("text").str.extract_all(_NUMBER).list.unique()).explode(
        "number"
    )
    numbers = _overlap(candidates, figures.drop_nulls(), "number")
    jaccard = pl.col("both") / (pl.col("size") + pl.col("other_size") - pl.col("both"))
    within = pl.col("both") / pl.min_horizontal("size", "other_size")
    pairs = words.select("text_key", "other_key", similarity=jaccard, containment=within).with_columns(
        numbers.select(agree=jaccard.fill_nan(1.0), contained=within.fill_nan(1.0))
    )
    near = (pl.col("similarity") >= NEAR_SIMILARITY) & (pl.col("agree") >= NEAR_NUMBERS)
    inside = (pl.col("containment") >= CONTAINED) & (pl.col("contained") >= CONTAINED_NUMBERS)
    kind = pl.when(near).then(pl.lit("near")).when(inside).then(pl.lit("contained"))
    return conform(pairs.with_columns(kind=kind).filter(pl.col("kind").is_not_null()), PAIRS)


def _overlap(pairs: pl.DataFrame, items: pl.DataFrame, item: str) -> pl.DataFrame:
    """Return size, other_size and both (counts of distinct items) for every pair, in order."""
    sizes = items.group_by("text_key").agg(size=pl.len())
    shared = (
        pairs.join(items, on="text_key")
        .join(items, left_on=["other_key", item], right_on=["text_key", item])
        .group_by("text_key", "other_key")
        .agg(both=pl.len())
    )
    return (
        pairs.join(sizes, on="text_key", how="left", maintain_order="left")
        .join(
            sizes.rename({"text_key": "other_key", "size": "other_size"}),
            on="other_key",
            how="left",
            maintain_order="left",
        )
        .join(shared, on=["text_key", "other_key"], how="left", maintain_order="left")
        .with_columns(pl.col("size", "other_size", "both").fill_null(0).cast(pl.Float64))
    )


def find_missing(signatures: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs still to be verified: each text of a component of PAIRS with the component's first text.

    Hot anchors link a text to its neighbours only; whether it also matches the keeper has to be asked. One round
    of it: a second keeper's texts are those that were met as candidates. A loop over pairs: components grow
    pair by pair (union by order).
    """
    place = {
        text: at for at, text in enumerate(_in_order(signatures)["text_key"].unique(maintain_order=True))
    }
    head: dict[int, int] = {}

    def find(text: int) -> int:
        while head.setdefault(text, text) != text:
            head[text] = text = head[head[text]]
        return text

    for one, other in pairs.select("text_key", "other_key").iter_rows():
        first, second = sorted((find(one), find(other)), key=place.__getitem__)
        head[second] = first
    met = {text: find(text) for text in list(head)}
    rows = [(min(pair), max(pair)) for pair in met.items() if pair[0] != pair[1]]
    found = pl.DataFrame(rows, schema={"text_key": pl.UInt64, "other_key": pl.UInt64}, orient="row")
    return found.join(pairs, on=["text_key", "other_key"], how="anti").sort("text_key", "other_key")


def _in_order(signatures: pl.DataFrame) -> pl.DataFrame:
    """Sort SIGNATURES by the order in which documents are preferred as keepers."""
    return signatures.sort(-pl.col("n_words"), "published_at", "doc_id", nulls_last=True)


def choose_keepers(signatures: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the DUPLICATES among the documents of `signatures`, given the verified PAIRS of their texts.

    The keeper is the most complete (most words), then the earliest published, then the one with the smallest
    doc_id. A document is merged into the first keeper, in this order, that it is itself verified against: a
    chain a~b~c never merges a and c.
    """
    order = _in_order(signatures)
    best = order.unique("text_key", keep="first", maintain_order=True).select("text_key", keeper="doc_id")
    merged = _greedy(best["text_key"], pairs)
    inexact = best.join(merged, on="text_key").join(
        best, left_on="canonical_key", right_on="text_key", suffix="_of"
    )
    # An exact copy of a merged text goes where its text goes, under its text's scores.
    rows = (
        order.join(best, on="text_key")
        .join(
            inexact.select("text_key", "kind", "similarity", "containment", canonical="keeper_of"),
            on="text_key",
            how="left",
        )
        .with_columns(canonical_doc_id=pl.coalesce("canonical", "keeper"))
        .filter(pl.col("canonical_doc_id") != pl.col("doc_id"))
        .with_columns(
            pl.col("kind").fill_null("exact"),
            pl.col("similarity").fill_null(1.0),
            pl.col("containment").fill_null(1.0),
        )
    )
    return conform(rows.sort("doc_id"), DUPLICATES)


def _greedy(ordered: Iterable[int], pairs: pl.DataFrame) -> pl.DataFrame:
    """Merge each text, in order, into the first keeper that it is paired with.

    A loop over the texts of one component at a time: each choice depends on those before it.
    """
    both_ways = pl.concat(
        [pairs, pairs.rename({"text_key": "other_key", "other_key": "text_key"}).select(PAIRS.keys())]
    )
    partners: dict[int, dict[int, tuple[str, float, float]]] = {}
    for text, other, *scores in both_ways.iter_rows():
        partners.setdefault(text, {})[other] = (scores[0], scores[1], scores[2])
    place = {text: at for at, text in enumerate(ordered)}
    keepers: set[int] = set()
    rows = []
    for text in place:
        mine = partners.get(text, {})
        keeper = min((other for other in mine if other in keepers), key=place.__getitem__, default=None)
        if keeper is None:
            keepers.add(text)
        else:
            rows.append((text, keeper, *mine[keeper]))
    schema = {
        "text_key": pl.UInt64,
        "canonical_key": pl.UInt64,
        "kind": pl.String,
        "similarity": pl.Float64,
        "containment": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")
