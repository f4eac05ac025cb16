"""Rules that need a line's neighbours or its document: outlet names, labels, foreign teasers, blank lines.

Each function takes marked lines (see :func:`copydesk.transforms.clean.stage.mark_lines`), fills `rule` and
`score` where they are null, and returns the lines. All are window expressions over the document.
"""

import polars as pl

from copydesk.transforms.clean.marks import drop_blank_lines, mark_rows
from copydesk.transforms.text.language import detect_language
from copydesk.transforms.text.patterns import STATEMENT_END


def find_top(lines: pl.DataFrame) -> pl.DataFrame:
    """Add `top`: whether a line is above the first line of prose that no rule has marked."""
    prose = (pl.col("prose") & pl.col("rule").is_null()).cast(pl.Int64)
    return lines.with_columns(top=prose.cum_sum().over("doc_id") == 0)


def mark_outlet_names(lines: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """Mark lines that are the source's own name ("Metro Wire" in the folder metro-wire), or start with it.

    `sources` has doc_id and source. Lines of at most five words; names of at least five letters.
    """
    name, letters = (
        pl.col(column).str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", "")
        for column in ("source", "body")
    )
    short = lines.with_row_index("row").filter(pl.col("rule").is_null() & pl.col("n_words").is_between(1, 5))
    head = pl.col("source").str.to_lowercase().str.extract(r"^([\p{L}\p{N}]*)")
    known = short.join(sources.select("doc_id", "source", name=name, head=head), on="doc_id").filter(
        pl.col("body").str.to_lowercase().str.starts_with(pl.col("head"))  # cheap, so first
    )
    known = known.filter((pl.col("name").str.len_chars() >= 5) & letters.str.starts_with(pl.col("name")))
    words = pl.col("source").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", r"[^\p{L}\p{N}]*")
    whole = pl.lit("(?i)^") + words + pl.lit(r"(?:[^\p{L}\p{N}]|$)")  # no name ends in the middle of a word
    return mark_rows(lines, "outlet_name", 0.9, known.filter(pl.col("body").str.contains(whole))["row"])


def mark_labels(lines: pl.DataFrame, labels: list[str]) -> pl.DataFrame:
    """Mark the headline-like line below a label (READ ALSO, Next article) with the label's rule."""
    above = pl.col("rule").shift(1).over("doc_id")
    below = drop_blank_lines(lines).with_columns(label=above)
    below = below.filter(pl.col("rule").is_null() & pl.col("label").is_in(labels))
    for (label,), teasers in below.filter(~pl.col("body").str.contains(STATEMENT_END)).group_by("label"):
        lines = mark_rows(lines, str(label), 0.9, teasers["row"])
    return lines


def mark_foreign_brackets(lines: pl.DataFrame) -> pl.DataFrame:
    """Mark lines wholly in square brackets whose language is not the document's: a teaser on the source page."""
    open_ = lines.with_row_index("row").filter(pl.col("rule").is_null() & pl.col("body").str.starts_with("["))
    bracketed = open_.filter(pl.col("body").str.contains(r"^\[[^\[\]]{25,300}\]$"))
    if bracketed.is_empty():
        return lines
    rest = (
        lines.join(bracketed.select("doc_id").unique(), on="doc_id", how="semi")
        .filter(pl.col("prose"))
        .group_by("doc_id")
        .agg(pl.col("body").str.join(" "))
    )
    document = rest.with_columns(detect_language(rest["body"]).rename({"lang": "document_lang"})).drop("body")
    foreign = (
        bracketed.with_columns(detect_language(bracketed["body"]))
        .join(document.drop("lang_confidence"), on="doc_id")
        .filter((pl.col("lang") != pl.col("document_lang")) & (pl.col("lang_confidence") >= 0.5))
    )
    return mark_rows(lines, "bracketed_teaser", 0.9, foreign["row"])


def mark_repeated_paragraphs(lines: pl.DataFrame) -> pl.DataFrame:
    """Mark the second and further copies of a paragraph: pages hold it once for phones, or once more for print.

    Paragraphs of 15 words and 60 characters or more; white space and case are ignored. Of such copies on dev, multi_dev
    and web_dev the accepted article has one in six twice.
    """
    shown = lines.with_row_index("row").filter(
        pl.col("rule").is_null() & (pl.col("n_words") >= 15) & (pl.col("body").str.len_chars() >= 60)
    )
    shown = shown.select("doc_id", "row", key=pl.col("body").str.to_lowercase().str.replace_all(r"\s+", " "))
    copies = shown.filter(pl.int_range(pl.len()).over("doc_id", "key") > 0)
    return mark_rows(lines, "repeated_paragraph", 0.84, copies["row"])


def mark_blank_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """Mark blank lines at the start, at the end, and after another blank line, counting unmarked lines only."""
    stays = lines.select("doc_id", "rule", blank=pl.col("body") == "").with_row_index("row")
    stays = stays.filter(pl.col("rule").is_null())
    surplus = stays.filter(
        pl.col("blank")
        & (
            pl.col("blank").shift(1, fill_value=True).over("doc_id")
            | pl.col("blank").reverse().cum_prod().reverse().over("doc_id").cast(pl.Boolean)
        )
    )
    return mark_rows(lines, "blank_line", 1.0, surplus["row"])
