"""Lines that repeat or announce a text: pull quotes, cut-off teasers, the lines below a teaser block's heading."""

import polars as pl

from transforms.structure import between_text, mark_as, mark_rows
from transforms.words import fold

_DOC = "doc_id"
_CUT = r"(?:\.\.\.|…|\[…\])\s*[\])]?$"
_SENTENCE = r"[^.…][.!?。।]['\"”’»)\]]*$"
_QUOTED = r"[\"“”„«»‘]|\bI\b"
#: A few words and an ellipsis behind a whole sentence: a link glued to a paragraph, which the span rules take.
_LINK = r"[.!?]['\"”’»)\]]*\s+\S+(?:\s\S+){0,2}(?:\.\.\.|…)$"
#: Shorter lines meet a part of some sentence by chance (subheads); longer ones are paragraphs.
_PULL_WORDS = (7, 40)
#: The words by which a line finds the sentence that it repeats.
_KEY = 5


def mark_tails(lines: pl.DataFrame, headings: list[str]) -> pl.DataFrame:
    """Give the lines below the heading of a teaser block its rule, down to the next line of prose.

    A heading above the first prose line is a menu's, and takes no other line with it. Where prose follows, a
    sentence of four words or more inside the block may be the article's and stays. Measured on dev, multi_dev
    and web_dev with `python -m benchmarks.clean --no-peers --no-html`: 98 % of what a heading takes is junk.
    """
    heads = pl.col("rule").is_in(headings) & ~pl.col("top")
    block = pl.when(heads).then("rule").when(pl.col("prose")).then(pl.lit("")).forward_fill().over(_DOC)
    score = pl.when(heads).then("score").forward_fill().over(_DOC)
    prose_below = (pl.col("prose") & pl.col("rule").is_null()).cast(pl.Int64).cum_sum(reverse=True).over(_DOC)
    lines = lines.with_columns(block=block, block_score=score, prose_below=prose_below)
    sentence = pl.col("body").str.contains(_SENTENCE) & (pl.col("n_words") >= 4) & (pl.col("prose_below") > 0)
    hit = (
        pl.col("rule").is_null() & (pl.col("block").fill_null("") != "") & (pl.col("body") != "") & ~sentence
    )
    return lines.with_columns(
        rule=pl.when(hit).then("block").otherwise("rule"),
        score=pl.when(hit).then("block_score").otherwise("score"),
    ).drop("block", "block_score", "prose_below")


def mark_cut_teasers(lines: pl.DataFrame) -> pl.DataFrame:
    """Mark lines of eight words or more that an ellipsis cuts off below a headline-like line, and that line too.

    Not where somebody speaks. On dev, multi_dev and web_dev 135 such lines were junk and 3 the article's. The
    line above goes only below the first prose: above it may stand the headline.
    """
    cut = (
        pl.col("rule").is_null()
        & (pl.col("n_words") >= 8)
        & pl.col("body").str.contains(_CUT)
        & ~pl.col("body").str.contains(_QUOTED)
        & ~pl.col("body").str.contains(_LINK)
    )
    above = pl.col("body").shift(1).over(_DOC)
    teaser = cut & ~above.str.contains(r"[.!?:;,…]['\"”’»)\]]*$")
    lines = between_text(lines, "teaser", teaser)
    lines = mark_as(lines, "cut_teaser", 0.98, pl.col("teaser").fill_null(value=False)).drop("teaser")
    below = (pl.col("rule") == "cut_teaser").fill_null(value=False).shift(-1).over(_DOC)
    named = below & ~pl.col("top") & (pl.col("n_words") >= 3) & pl.col("rule").is_null()
    lines = between_text(lines, "named", named)
    return mark_as(lines, "cut_teaser", 0.9, pl.col("named").fill_null(value=False)).drop("named")


def mark_pull_quotes(lines: pl.DataFrame) -> pl.DataFrame:
    """Mark short lines that repeat, word for word, a sentence of the body or the larger part of one.

    Both are folded (case, punctuation and white space do not count). The sentence is found by the line's first
    five words, so the cost is linear: a line is held against one sentence.
    """
    short = pl.col("n_words").is_between(*_PULL_WORDS) & ~pl.col("prose") & ~pl.col("top")
    quotes = lines.filter(pl.col("rule").is_null() & short)
    if quotes.is_empty():
        return lines
    quotes = quotes.select(_DOC, "line", quote=fold(pl.col("body")))
    quotes = quotes.with_columns(key=pl.col("quote").str.extract(_words(_KEY)))
    hosts = _sentences(lines.join(quotes.select(_DOC).unique(), on=_DOC, how="semi"))
    found = (
        quotes.drop_nulls("key")
        .filter(pl.len().over(_DOC, "quote") == 1)  # what stands alone twice is a label or an item of a list
        .join(_keys(hosts), on=[_DOC, "key"])
        .filter(
            (pl.concat_str(pl.lit(" "), "sentence", pl.lit(" "))).str.contains(
                pl.concat_str(pl.lit(" "), "quote", pl.lit(" ")), literal=True
            )
            & (pl.col("quote").str.len_chars() * 2 > pl.col("sentence").str.len_chars())
        )
    )
    return mark_rows(lines, "pull_quote", 0.9, found.unique([_DOC, "line"]))


def _words(count: int) -> str:
    """Return the pattern of the first `count` words of a folded text, as its group."""
    return rf"^((?:[^ ]+ ){{{count - 1}}}[^ ]+)"


def _sentences(lines: pl.DataFrame) -> pl.DataFrame:
    """Return doc_id and sentence (folded) for every sentence of the prose that stays."""
    kept = lines.filter(pl.col("rule").is_null() & pl.col("prose"))
    cut = pl.col("body").str.replace_all(r"([.!?…]['\"”’»)\]]*)\s", "${1}\n").str.split("\n")
    return (
        kept.select(_DOC, sentence=cut)
        .explode("sentence", empty_as_null=True)
        .with_columns(sentence=fold(pl.col("sentence")))
        .filter(pl.col("sentence") != "")
    )


def _keys(sentences: pl.DataFrame) -> pl.DataFrame:
    """Return every run of five words of the sentences, once a document, with the first sentence that holds it."""
    words = (
        sentences.with_row_index("number")
        .with_columns(word=pl.col("sentence").str.split(" "))
        .explode("word")
    )
    runs = [pl.col("word").shift(-step).over("number") for step in range(_KEY)]
    return (
        words.with_columns(key=pl.concat_str(runs, separator=" "))
        .drop_nulls("key")
        .unique([_DOC, "key"], keep="first", maintain_order=True)
        .select(_DOC, "key", "sentence")
    )
