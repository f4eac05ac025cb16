"""Lines that repeat or announce a text: pull quotes, cut-off teasers, the lines below a teaser block's heading."""

import polars as pl

from copydesk.transforms.clean.structure import mark_rows, text_lines
from copydesk.transforms.text.words import fold

_DOC = "doc_id"
_CUT = r"(?:\.\.\.|…|\[…\])\s*[\])]?$"
_SENTENCE = r"[^.…][.!?。।]['\"”’»)\]]*$"
_ENDS = r"[.!?:;,…]['\"”’»)\]]*$"
_QUOTED = r"[\"“”„«»‘]|\bI\b"
#: A few words and an ellipsis behind a whole sentence: a link glued to a paragraph, which the span rules take.
_LINK = r"[.!?]['\"”’»)\]]*\s+\S+(?:\s\S+){0,2}(?:\.\.\.|…)$"
#: Shorter lines meet a part of some sentence by chance (subheads); longer ones are paragraphs.
_PULL_WORDS = (7, 40)
#: The words by which a line finds the sentence that it repeats.
_KEY = 5
_PRIME = 1_099_511_628_211  # of FNV-1a: spreads the numbers of words over 64 bits


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

    Not where somebody speaks. On dev, multi_dev and web_dev 188 of 196 such lines are junk. The line above
    goes only below the first prose: above it may stand the headline.
    """
    shown = text_lines(lines)
    long = shown.with_columns(above=pl.col("body").shift(1).over(_DOC)).filter(
        pl.col("rule").is_null() & (pl.col("n_words") >= 8) & pl.col("above").is_not_null()
    )
    cut = long.filter(pl.col("body").str.contains(_CUT)).filter(
        ~pl.col("body").str.contains(_QUOTED)
        & ~pl.col("body").str.contains(_LINK)
        & ~pl.col("above").str.contains(_ENDS)
    )
    lines = mark_rows(lines, "cut_teaser", 0.98, cut["row"])
    below = pl.col("rule").is_in(["cut_teaser", "cut_sentence"]).shift(-1).over(_DOC)
    shown = text_lines(lines)
    named = shown.filter(below & ~pl.col("top") & (pl.col("n_words") >= 3))
    return mark_rows(lines, "cut_teaser", 0.9, named.filter(~pl.col("body").str.contains(_ENDS))["row"])


def mark_pull_quotes(lines: pl.DataFrame) -> pl.DataFrame:
    """Mark short lines that repeat, word for word, a sentence of the body or the larger part of one.

    Both are folded (case, punctuation and white space do not count). The sentence is found by the line's first
    five words, so the cost is linear: a line is held against one sentence. Of 32 such lines on dev, multi_dev and
    web_dev the accepted article has 17 once and 15 twice: annotators disagree on pull quotes.
    """
    short = pl.col("n_words").is_between(*_PULL_WORDS) & ~pl.col("prose") & ~pl.col("top")
    quotes = lines.with_row_index("row").filter(pl.col("rule").is_null() & short)
    quotes = quotes.select(_DOC, "row", quote=fold(pl.col("body")))
    if quotes.is_empty():
        return lines
    first = pl.col("quote").str.split(" ").list
    quotes = quotes.with_columns(key=_mix([first.get(step, null_on_oob=True) for step in range(_KEY)]))
    hosts = _sentences(lines.join(quotes.select(_DOC).unique(), on=_DOC, how="semi"))
    found = (
        quotes.drop_nulls("key")
        .filter(pl.len().over(_DOC, "quote") == 1)  # what stands alone twice is a label or an item of a list
        .join(_keys(hosts, quotes["key"]), on=[_DOC, "key"])
        .filter(
            (pl.concat_str(pl.lit(" "), "sentence", pl.lit(" "))).str.contains(
                pl.concat_str(pl.lit(" "), "quote", pl.lit(" ")), literal=True
            )
            & (pl.col("quote").str.len_chars() * 2 > pl.col("sentence").str.len_chars())
        )
    )
    return mark_rows(lines, "pull_quote", 0.53, found["row"])


def _mix(words: list[pl.Expr]) -> pl.Expr:
    """Return one number for a run of words, null where one is missing; equal runs have equal numbers."""
    key = words[0].hash()
    for word in words[1:]:
        key = key * pl.lit(_PRIME, pl.UInt64) + word.hash()  # wraps around
    return pl.when(pl.all_horizontal(word.is_not_null() for word in words)).then(key)


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


def _keys(sentences: pl.DataFrame, wanted: pl.Series) -> pl.DataFrame:
    """Return the `wanted` runs of five words in the sentences, once a document, with the first one that holds them."""
    long = sentences.filter(pl.col("sentence").str.count_matches(" ", literal=True) >= _PULL_WORDS[0] - 1)
    words = long.with_row_index("number").select(_DOC, "number", word=pl.col("sentence").str.split(" "))
    words = words.explode("word", empty_as_null=True)
    same = pl.col("number") == pl.col("number").shift(1 - _KEY)
    keys = (
        words.with_columns(key=_mix([pl.col("word").shift(-step) for step in range(_KEY)]))
        .filter(
            same & pl.col("key").is_in(wanted.implode())
        )  # the run ends in the sentence that it starts in
        .unique([_DOC, "key"], keep="first", maintain_order=True)
    )
    return keys.join(long.with_row_index("number").select("number", "sentence"), on="number").select(
        _DOC, "key", "sentence"
    )
