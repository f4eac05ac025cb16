"""HTML source cut into pieces that tile it: tags, character references and text.

A tokeniser instead of a parser, because a parser does not give the position of a word in the source.
"""

import html

import polars as pl

from copydesk.transforms.text.lines import find_delimiter

#: Elements whose content is not shown, up to their end tag or the end of the text. The last three are SVG's.
UNSEEN = (
    *("script", "style", "title", "template", "noembed", "noframes", "iframe", "textarea", "xmp"),
    *("select", "datalist", "object", "del", "desc", "metadata", "text"),
)
_LINE_FEEDS_KEPT = ("pre", "listing", "plaintext")
#: The rest of a tag after its name: a ">" in quotes does not end it.
_REST = r"""(?:[^>=]|=\s*"[^"]*(?:"|\z)|=\s*'[^']*(?:'|\z)|=)*(?:>|\z)"""


def _element(name: str) -> str:
    """Return the pattern of an element whose content is not shown."""
    return rf"(?i-u:<{name})(?:>|\z|[\s/]{_REST})(?s:.*?)(?:(?i-u:</{name})(?:>|[\s/][^>]*(?:>|\z))|\z)"


_ENTITY = r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30};?|#[0-9]{1,7};?|#[xX][0-9a-fA-F]{1,6};?)"
#: Follows https://html.spec.whatwg.org/#tokenization, except that an unquoted attribute value must not contain
#: `="`, and that the content of a CDATA section is read as HTML. Every alternative that has begun also ends, at
#: the end of the text if nowhere else: the engine never backtracks.
_TOKEN = "|".join([
    r"<!--(?:-?>|(?s:.*?)(?:--!?>|\z))",
    r"<!\[CDATA\[|\]\]>",
    *map(_element, UNSEEN),
    rf"</?[a-zA-Z]{_REST}|<[!?/][^>]*(?:>|\z)",
    _ENTITY,
])  # fmt: skip


def cut_pieces(pages: pl.DataFrame) -> pl.DataFrame:
    """Cut pages (doc_id, raw_text) into pieces that tile them: text, token, text, token ... text.

    Returns doc_id, number, piece, start, end, and:

    * tag: "div", "/div"; null if the piece is no tag;
    * reads: what a token that is no tag reads as; null elsewhere;
    * is_text: whether the piece shows something; in_pre: whether its line feeds are kept;
    * is_mark: whether it is the number of a note, in a raised `sup` behind a word: not shown;
    * first and last: for text, the offsets of its outermost characters that are not white space.
    """
    mark = find_delimiter(pages["raw_text"])
    n_chars = pl.col("piece").str.len_chars().cast(pl.Int64)
    pieces = (
        pages.select(
            "doc_id", piece=pl.col("raw_text").str.replace_all(_TOKEN, mark + "${0}" + mark).str.split(mark)
        )
        .explode("piece", empty_as_null=True)
        .with_columns(number=pl.int_range(pl.len()).over("doc_id"), end=n_chars.cum_sum().over("doc_id"))
        .with_columns(start=pl.col("end") - n_chars)
    )
    is_token = pl.col("number") % 2 == 1
    head = pl.when(is_token).then(pl.col("piece").str.head(20))
    return _measure(
        pieces.with_columns(
            tag=head.str.extract(r"^<(/?[a-zA-Z][^\s/>]*)").str.to_lowercase(),
            reads=_decode(pieces.filter(is_token)["piece"], pl.when(is_token).then("piece")),
        )
    )


def _decode(tokens: pl.Series, piece: pl.Expr) -> pl.Expr:
    """Return what each character reference reads as: one character, or itself if it stands for none or several."""
    entities = tokens.filter(tokens.str.starts_with("&")).unique()
    read = {entity: text if len(text := html.unescape(entity)) == 1 else entity for entity in entities}
    return piece.replace_strict(read, default=None, return_dtype=pl.String)


def _is_note_mark(pieces: pl.DataFrame, shown: pl.Expr) -> pl.Expr:
    """Return an expression: whether a piece is a number in `sup` after a word of three letters or more, or its stop.

    A shorter word is a unit ("km", "CO"), and the number belongs to it.
    """
    if not pieces["tag"].eq("sup").any():
        return pl.lit(value=False)
    is_raised = (
        (pl.col("tag") == "sup").cast(pl.Int64) - (pl.col("tag") == "/sup").cast(pl.Int64)
    ).fill_null(0)
    raised = is_raised.cum_sum().over("doc_id") > 0
    behind = (
        pl.when((shown.str.strip_chars() != "") & ~raised)
        .then(shown.str.tail(4))
        .forward_fill()
        .over("doc_id")
    )
    number = shown.str.contains(r"^\s*\[?\d{1,3}\]?\s*$")
    return (raised & number & behind.str.contains(r"(?:\p{L}{3}|\p{L}[.,;:!?”\"’)]+)$")).fill_null(
        value=False
    )


def _measure(pieces: pl.DataFrame) -> pl.DataFrame:
    """Add is_text, is_mark, in_pre, first and last."""
    is_written = pl.col("number") % 2 == 0
    shown = pl.when(is_written).then("piece").otherwise("reads").fill_null("")
    pre = (
        pl.when(pl.col("tag").is_in(_LINE_FEEDS_KEPT)).then(pl.lit(value=True))
        .when(pl.col("tag").is_in([f"/{name}" for name in _LINE_FEEDS_KEPT])).then(pl.lit(value=False))
    )  # fmt: skip
    n_before = shown.str.len_chars() - shown.str.strip_chars_start().str.len_chars()
    n_after = shown.str.len_chars() - shown.str.strip_chars_end().str.len_chars()
    is_mark = _is_note_mark(pieces, shown)
    is_text = (shown.str.strip_chars() != "") & ~is_mark
    return pieces.with_columns(
        is_text=is_text,
        is_mark=is_mark,
        in_pre=pre.forward_fill().over("doc_id").fill_null(value=False) & is_written,
        first=pl.when(is_text).then(pl.col("start") + n_before),
        last=pl.when(is_text).then(pl.col("end") - n_after),
    )
