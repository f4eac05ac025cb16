"""HTML source and the text that it shows: markup is removed by edits, so that conservation holds for pages too.

`raw_text` of an HTML record is its source. The *view* is what a reader sees, one block per line; *framing*
edits turn one into the other: `apply(raw_text, framing) == view`. Edits on the view are mapped back to the
source by :func:`copydesk.transforms.edits.compose`.
"""

import polars as pl

from copydesk.transforms.contract import as_edits
from copydesk.transforms.edits import apply_all
from copydesk.transforms.html.pieces import cut_pieces
from copydesk.transforms.text.lines import find_spans

PAGES = ("text/html", "application/xhtml+xml")
#: Elements that begin and end a line: `display: block` and `list-item` in the HTML Standard's style sheet
#: (https://html.spec.whatwg.org/#rendering), table rows, and controls and media that pages display as blocks.
BLOCKS = (
    *("address", "article", "aside", "audio", "blockquote", "body", "br", "button", "canvas", "caption"),
    *("center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure"),
    *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html"),
    *("legend", "li", "listing", "main", "menu", "nav", "ol", "optgroup", "option", "p", "plaintext"),
    *("pre", "search", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", "video"),
)  # fmt: skip
_CELLS = ("td", "th")
#: Elements around whole words: where one ends and another begins, a space was lost. (Not span: pages put single letters
#: into it.)
_PHRASES = ("a", "b", "cite", "em", "i", "mark", "strong", "time", "u")


def to_views(raw: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the framing EDITS of the HTML records in `raw`, and every record's view (doc_id, view).

    `raw` has doc_id (unique), raw_text (not null) and media_type; a record that is not one of `PAGES` is its
    own view. The source between two texts (tags, white space and its character references) reads as one line
    feed if it contains the edge of a block, else as one space if it contains any, else as nothing; at the ends
    of the page it reads as nothing. A reference to one character reads as that character. No replacement is
    longer than one character. Linear time.
    """
    pieces = cut_pieces(raw.filter(pl.col("media_type").is_in(PAGES)))
    framing = pl.concat([_gaps(pieces), _spaces(pieces), _entities(pieces)]).sort("doc_id", "start")
    views = apply_all(raw, framing)
    return framing, views.rename({"text": "view"})


def _gaps(pieces: pl.DataFrame) -> pl.DataFrame:
    """Propose an edit for everything between two texts, and before the first and after the last."""
    ends = pieces.group_by("doc_id").agg(
        start=pl.col("last").max().fill_null(0),
        end=pl.col("end").max(),
        replacement=pl.lit(""),
        is_markup=~pl.col("is_text").last() & (pl.len() > 1),
        is_idle=pl.lit(value=False),
    )
    is_one_space = (pl.col("is_markup").not_() & pl.col("is_idle")).fill_null(value=False)
    return as_edits(
        pl.concat([_between(pieces), ends])
        .filter((pl.col("end") > pl.col("start")) & ~is_one_space)
        .with_columns(
            rule=pl.when("is_markup").then(pl.lit("markup")).otherwise(pl.lit("markup_space")), score=1.0
        ),
    )


def _between(pieces: pl.DataFrame) -> pl.DataFrame:
    """Return the spans between two texts, with what each reads as and whether it already reads so (is_idle)."""
    counted = _count_breaks(pieces)
    old = (
        pl.col("number", "piece", "last", "end", "n_edges", "n_spaces", "feed_after", "n_ends", "n_begins")
        .shift(1)
        .over("doc_id")
    )
    texts = counted.filter("is_text").with_columns(old.name.prefix("old_"))
    has_edge = (pl.col("n_edges") > pl.col("old_n_edges")) | _kept_feed(r"^\s*\n") | pl.col("old_feed_after")
    own_space = pl.col("first") > pl.col("start")
    has_space = (
        (pl.col("n_spaces") > pl.col("old_n_spaces")) | own_space | (pl.col("old_last") < pl.col("old_end"))
    )
    is_lost = (pl.col("n_ends") > pl.col("old_n_ends")) & (pl.col("n_begins") > pl.col("old_n_begins"))
    is_lost &= pl.col("old_piece").str.contains(r"\p{L}{2}$") & pl.col("piece").str.contains(r"^\p{L}{2}")
    has_space |= is_lost
    replacement = (
        pl.when(pl.col("old_last").is_null()).then(pl.lit(""))
        .when(has_edge).then(pl.lit("\n")).when(has_space).then(pl.lit(" ")).otherwise(pl.lit(""))
    )  # fmt: skip
    space = pl.when(own_space).then(pl.col("piece").str.head(1)).otherwise(pl.col("old_piece").str.tail(1))
    length = pl.col("first") - pl.col("old_last")
    return texts.select(
        "doc_id",
        start=pl.col("old_last").fill_null(0),
        end="first",
        replacement=replacement,
        is_markup=pl.col("number") - pl.col("old_number").fill_null(-1) > 1,
        is_idle=(length == 1) & (space == replacement),
    )


def _count_breaks(pieces: pl.DataFrame) -> pl.DataFrame:
    """Add how many edges of blocks, spaces, ends and beginnings of phrases stand up to each piece, and whether it ends
    in a line feed that is kept.
    """
    is_edge = pl.col("tag").str.strip_prefix("/").is_in(BLOCKS).fill_null(value=False)
    is_cell = pl.col("tag").str.strip_prefix("/").is_in(_CELLS).fill_null(value=False)
    is_blank = (
        ~pl.col("is_text")
        & ~pl.col("is_mark")
        & pl.col("tag").is_null()
        & ~pl.col("piece").str.contains("^(?:<|]]>|$)")
    )
    return pieces.with_columns(
        n_edges=(is_edge | (is_blank & _kept_feed("\n"))).cum_sum().over("doc_id"),
        n_spaces=(is_cell | is_blank).cum_sum().over("doc_id"),
        feed_after=_kept_feed(r"\n\s*$"),
        n_ends=pl.col("tag")
        .is_in([f"/{name}" for name in _PHRASES])
        .fill_null(value=False)
        .cum_sum()
        .over("doc_id"),
        n_begins=pl.col("tag").is_in(_PHRASES).fill_null(value=False).cum_sum().over("doc_id"),
    )


def _kept_feed(pattern: str) -> pl.Expr:
    """Return an expression: whether a piece contains `pattern` where line feeds are kept."""
    return pl.col("in_pre") & pl.col("piece").str.contains(pattern)


def _spaces(pieces: pl.DataFrame) -> pl.DataFrame:
    """Propose one space for white space inside a text that is not a single space; one line feed where line
    feeds are kept.
    """
    texts = pieces.filter(pl.col("is_text") & (pl.col("number") % 2 == 0))
    inside = pl.col("piece").str.strip_chars()
    spans = find_spans(
        texts.select("doc_id", line="number", start="first", text=inside), r"\s\s+|[\s--\x20]"
    ).join(texts.select("doc_id", "in_pre", line="number"), on=["doc_id", "line"])
    kept = pl.col("in_pre") & pl.col("match").str.contains("\n", literal=True)
    return as_edits(
        spans.with_columns(
            rule=pl.lit("markup_space"),
            replacement=pl.when(kept).then(pl.lit("\n")).otherwise(pl.lit(" ")),
            score=1.0,
        ).filter(pl.col("match") != pl.col("replacement")),
    )


def _entities(pieces: pl.DataFrame) -> pl.DataFrame:
    """Propose the character for each character reference in the text."""
    read = pieces.filter(pl.col("is_text") & (pl.col("reads") != pl.col("piece")))
    return as_edits(
        read.with_columns(rule=pl.lit("html_entity"), replacement=pl.col("reads"), score=1.0),
    )
