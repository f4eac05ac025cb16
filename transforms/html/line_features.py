"""Features of the lines of a page's view, computed from its markup and from what extractors find in it.

Every feature is a numeric column `html_*`, an input of the line model. If an extractor fails on a page, its
columns are null there.
"""

import polars as pl

from copydesk.transforms.html.coverage import measure_coverage
from copydesk.transforms.html.dom_context import KINDS, find_dom_context
from copydesk.transforms.html.visible_text import PAGES
from copydesk.transforms.text.lines import to_lines
from copydesk.transforms.text.patterns import SENTENCE_END_OR_ELLIPSIS

#: The tag before a line, encoded by its place in this list; closing tags are negative.
_EDGES = (
    "p",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "div",
    "br",
    "figcaption",
    "section",
    "blockquote",
    "article",
)
_GROUPS = ("path", "box", "outer", "outmost")


def compute_html_features(raw: pl.DataFrame, framing: pl.DataFrame, views: pl.DataFrame) -> pl.DataFrame:
    """Compute the features of every line of the views of HTML records; other records give no rows.

    Takes `raw` (doc_id, raw_text, media_type) and the result of
    :func:`copydesk.transforms.html.visible_text.to_views`. Returns doc_id, line (numbered as
    :func:`copydesk.transforms.text.lines.to_lines` numbers the view) and the columns `html_*`, Float64:

    * precise: share of the line's word 3-grams in the text that trafilatura extracts without comments,
      favouring precision (adding its default mode doubles the time and improves nothing); said: in the article
      body given in JSON-LD; title, summary: in the page's titles and descriptions. Null if there is nothing to
      compare with, or the extractor failed.
    * one for each of `dom_context.KINDS`: share of the line's characters inside such elements (`a`: link
      density); depth; edge (the tag before it, a number); place (0 to 1, in the source); n_texts (number of
      texts in the line).
    * path_*, box_*, outer_*, outmost_*, over the lines with the same position among the elements: n_words,
      n_lines, links (density), sentences (share of words in lines that end as a sentence), precise (share of
      words covered), part (share of all words that `precise` covers).
    * kept, kept_share, of the page: the words that `precise` covers, and their share of all.
    """
    pages = raw.filter(pl.col("media_type").is_in(PAGES))
    lines = to_lines(views.join(pages, on="doc_id", how="semi").rename({"view": "raw_text"}))
    features = _add_dom_features(lines, find_dom_context(pages), framing).with_columns(
        measure_coverage(lines, pages)
    )
    return _add_group_features(features).select("doc_id", "line", pl.col(r"^html_.*$").cast(pl.Float64))


def _add_dom_features(lines: pl.DataFrame, texts: pl.DataFrame, framing: pl.DataFrame) -> pl.DataFrame:
    """Add the DOM context of its texts to each line; a line without texts (in <pre>) takes that of the line above."""
    less = pl.col("end") - pl.col("start") - pl.col("replacement").str.len_chars().cast(pl.Int64)
    shifts = framing.sort("doc_id", "start").select("doc_id", at="end", shift=less.cum_sum().over("doc_id"))
    shifted = texts.sort("first").join_asof(
        shifts.sort("at"), left_on="first", right_on="at", by="doc_id", check_sortedness=False
    )
    shown = shifted.with_columns(at=pl.col("first") - pl.col("shift").fill_null(0)).sort("at")
    starts = lines.select("doc_id", "line", at="start").sort("at")
    found = shown.join_asof(starts, on="at", by="doc_id", check_sortedness=False).sort("doc_id", "number")
    size = pl.col("last") - pl.col("first")
    codes = {edge: number for number, edge in enumerate(_EDGES, 1)}
    codes |= {f"/{edge}": -number for edge, number in codes.items()}
    places = found.group_by("doc_id", "line", maintain_order=True).agg(
        *(
            ((pl.col("kinds") // (1 << bit) % 2 * size).sum() / size.sum()).alias(f"html_{kind}")
            for bit, kind in enumerate(KINDS)
        ),
        pl.col(_GROUPS).first(),
        html_n_texts=pl.len(),
        html_depth=pl.col("depth").first(),
        html_edge=pl.col("edge").first().replace_strict(codes, default=0, return_dtype=pl.Int64),
        html_place=pl.col("first").first(),
    )
    placed = lines.join(places, on=["doc_id", "line"], how="left", maintain_order="left")
    furthest = pl.max_horizontal(pl.col("html_place").max().over("doc_id"), 1)
    return placed.with_columns(pl.exclude(lines.columns).forward_fill().over("doc_id")).with_columns(
        html_place=pl.col("html_place") / furthest
    )


def _add_group_features(lines: pl.DataFrame) -> pl.DataFrame:
    """Add what the lines of a page, and the lines with the same position among its elements, have in common."""
    body = pl.col("text").str.strip_chars()
    n_words = body.str.count_matches(r"\w+")
    precise = n_words * pl.col("html_precise").fill_null(0)
    ends = n_words * body.str.contains(SENTENCE_END_OR_ELLIPSIS)
    columns = []
    for group in _GROUPS:
        keys = ["doc_id", group]
        total = n_words.sum().over(keys)
        columns += [
            total.alias(f"html_{group}_n_words"),
            pl.len().over(keys).alias(f"html_{group}_n_lines"),
            ((n_words * pl.col("html_a")).sum().over(keys) / (total + 1)).alias(f"html_{group}_links"),
            (ends.sum().over(keys) / (total + 1)).alias(f"html_{group}_sentences"),
            (precise.sum().over(keys) / (total + 1)).alias(f"html_{group}_precise"),
            (precise.sum().over(keys) / (precise.sum().over("doc_id") + 1)).alias(f"html_{group}_part"),
        ]
    kept = precise.sum().over("doc_id")
    return lines.with_columns(
        *columns,
        html_kept=kept,
        html_kept_share=kept / (n_words.sum().over("doc_id") + 1),
    )
