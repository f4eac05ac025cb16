"""Pull quotes: short lines that repeat a sentence of the article."""

import polars as pl

from copydesk.transforms.clean.marks import mark_rows
from copydesk.transforms.text.patterns import CLOSERS
from copydesk.transforms.text.words import fold_words

#: Shorter lines match a part of some sentence by chance (subheads); longer ones are paragraphs.
_PULL_WORDS = (7, 40)
#: The number of first words by which a line finds the sentence that it repeats.
_KEY = 5
_PRIME = 1_099_511_628_211  # of FNV-1a: spreads hashes over 64 bits


def mark_pull_quotes(lines: pl.DataFrame) -> pl.DataFrame:
    """Mark short lines that repeat, word for word, a sentence of the body or the larger part of one.

    Case, punctuation and white space are ignored. The sentence is found by the line's first five words, so the
    cost is linear: a line is compared with one sentence. Of 32 such lines on dev, multi_dev and web_dev the
    accepted article has 17 once and 15 twice: annotators disagree on pull quotes.
    """
    short = pl.col("n_words").is_between(*_PULL_WORDS) & ~pl.col("prose") & ~pl.col("top")
    quotes = lines.with_row_index("row").filter(pl.col("rule").is_null() & short)
    quotes = quotes.select("doc_id", "row", quote=fold_words(pl.col("body")))
    if quotes.is_empty():
        return lines
    first = pl.col("quote").str.split(" ").list
    quotes = quotes.with_columns(key=_mix([first.get(step, null_on_oob=True) for step in range(_KEY)]))
    hosts = _sentences(lines.join(quotes.select("doc_id").unique(), on="doc_id", how="semi"))
    found = (
        quotes.drop_nulls("key")
        .filter(
            pl.len().over("doc_id", "quote") == 1
        )  # a line that occurs twice is a label or an item of a list
        .join(_keys(hosts, quotes["key"]), on=["doc_id", "key"])
        .filter(
            (pl.concat_str(pl.lit(" "), "sentence", pl.lit(" "))).str.contains(
                pl.concat_str(pl.lit(" "), "quote", pl.lit(" ")), literal=True
            )
            & (pl.col("quote").str.len_chars() * 2 > pl.col("sentence").str.len_chars())
        )
    )
    return mark_rows(lines, "pull_quote", 0.53, found["row"])


def _mix(words: list[pl.Expr]) -> pl.Expr:
    """Return one number for a run of words, null if one is missing; equal runs have equal numbers."""
    key = words[0].hash()
    for word in words[1:]:
        key = key * pl.lit(_PRIME, pl.UInt64) + word.hash()  # wraps around
    return pl.when(pl.all_horizontal(word.is_not_null() for word in words)).then(key)


def _sentences(lines: pl.DataFrame) -> pl.DataFrame:
    """Return doc_id and sentence (folded) for every sentence of the prose that stays."""
    kept = lines.filter(pl.col("rule").is_null() & pl.col("prose"))
    cut = pl.col("body").str.replace_all(rf"([.!?…]{CLOSERS})\s", "${1}\n").str.split("\n")
    return (
        kept.select("doc_id", sentence=cut)
        .explode("sentence", empty_as_null=True)
        .with_columns(sentence=fold_words(pl.col("sentence")))
        .filter(pl.col("sentence") != "")
    )


def _keys(sentences: pl.DataFrame, wanted: pl.Series) -> pl.DataFrame:
    """Return the `wanted` runs of five words in the sentences, once per document, with the first sentence that
    contains them.
    """
    long = sentences.filter(pl.col("sentence").str.count_matches(" ", literal=True) >= _PULL_WORDS[0] - 1)
    words = long.with_row_index("number").select("doc_id", "number", word=pl.col("sentence").str.split(" "))
    words = words.explode("word", empty_as_null=True)
    same = pl.col("number") == pl.col("number").shift(1 - _KEY)
    keys = (
        words.with_columns(key=_mix([pl.col("word").shift(-step) for step in range(_KEY)]))
        .filter(same & pl.col("key").is_in(wanted.implode()))  # the run must not cross into the next sentence
        .unique(["doc_id", "key"], keep="first", maintain_order=True)
    )
    return keys.join(long.with_row_index("number").select("number", "sentence"), on="number").select(
        "doc_id", "key", "sentence"
    )
