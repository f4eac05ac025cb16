"""Lines that a rule of the vocabulary marked and that their place shows to be the article's.

A rule knows words, not sentences: "Facebook" is a share button, and the subhead of a story on that firm. Each function
takes marked lines and takes marks back.
"""

import polars as pl

from copydesk.transforms.clean.marks import drop_blank_lines, is_row_in

#: Rules whose words are subheads too, when one stands alone between two paragraphs.
_SUBHEAD_RULES = ("network_names", "comment_box", "menu_word", "live_label", "share_widget")
_SUBHEAD = r"^\p{Lu}[\p{L}’' -]*[?!]?$"
_MAX_WORDS = 3
#: The paragraphs around it belong to the article with this probability.
_SURE = 0.8
#: A lead that a paywall cut off: so many words at least, on a page with so few lines that are cut off.
_LEAD_WORDS, _MAX_CUT = 12, 2
_CUT_RULES = ("cut_teaser", "cut_sentence")


def spare_subheads(lines: pl.DataFrame) -> pl.DataFrame:
    """Take the mark from a line of one to three words alone between two paragraphs that surely are the article's.

    Without a line model nothing is sure, and all marks stay.
    """
    if "likely" not in lines.columns:
        return lines
    shown = drop_blank_lines(lines)
    sure = pl.col("rule").is_null() & pl.col("prose") & (pl.col("likely") >= _SURE)
    around = sure.shift(1).over("doc_id") & sure.shift(-1).over("doc_id")
    once = pl.len().over("doc_id", "body") == 1
    spared = shown.filter(
        pl.col("rule").is_in(_SUBHEAD_RULES)
        & (pl.col("n_words") <= _MAX_WORDS)
        & pl.col("body").str.contains(_SUBHEAD)
        & once
        & around
    )
    return _unmark(lines, spared)


def spare_cut_lead(lines: pl.DataFrame) -> pl.DataFrame:
    """Take the mark from the first paragraph of a page that has no other, though a paywall cut it off.

    A page with more lines that are cut off is a list of teasers.
    """
    shown = drop_blank_lines(lines)
    has_prose = (pl.col("prose") & pl.col("rule").is_null()).any().over("doc_id")
    cut = pl.col("rule").is_in(_CUT_RULES)
    lead = cut & (pl.col("n_words") >= _LEAD_WORDS)
    alone = shown.filter(~has_prose & lead & (cut.sum().over("doc_id") <= _MAX_CUT))
    return _unmark(lines, alone.unique("doc_id", keep="first", maintain_order=True))


def _unmark(lines: pl.DataFrame, spared: pl.DataFrame) -> pl.DataFrame:
    """Take the marks from the rows of `spared`; the line model may not mark them again, and what it said of a marked
    line (`likely`) counts for nothing.
    """
    if spared.is_empty():
        return lines
    hit = is_row_in(lines, spared["row"])
    lines = lines.with_columns(
        pl.when(~hit).then(name).alias(name) for name in ("rule", "score", "likely") if name in lines.columns
    )
    return lines.with_columns(pl.col("keep") | hit) if "keep" in lines.columns else lines
