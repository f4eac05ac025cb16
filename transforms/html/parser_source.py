"""The source of a page as parsers can read it: in linear time, and to its end.

libxml2 appends each attribute of an element to a list that it walks from the start: 40,000 attributes on one tag take
1.3 s per parse, and an extractor parses a page some ten times. It also drops what is nested more than 256 deep. Real
pages come near neither limit; one that does is given to parsers without what makes it so.
"""

import polars as pl
from lxml import etree

from copydesk.transforms.html.pieces import UNSEEN, cut_pieces

#: Longer sources (characters) are simplified, and not parsed if they still are longer. All of this takes linear
#: time, but much of it: one extraction takes about 0.4 s per MB of news pages, 5 s per MB of short list items,
#: table cells or <br> (trafilatura 2.3.1, one core at 2 GHz). The longest page of the evaluation sets has 0.8
#: MB.
LONGEST = 2_000_000
#: Attributes of one element, and levels of nesting. 2 MB of elements with 1,000 attributes each parse in 0.3 s (lxml
#: 6.1, libxml2 2.14.6).
MOST_ATTRIBUTES, DEEPEST = 1_000, 200
#: What a simplified source keeps: elements that carry meaning without an attribute; of these, the ones that an
#: extractor takes as a text are never too deep, since they do not nest.
_TEXTS = frozenset({"html", "head", "body", "p", "h1", "h2", "h3", "h4", "h5", "h6", "br"})
_STRUCTURE = frozenset({
    *("a", "article", "aside", "blockquote", "dd", "dl", "dt", "figcaption", "figure", "footer", "form", "header"),
    *("li", "main", "nav", "ol", "pre", "table", "td", "th", "time", "tr", "ul"),
})  # fmt: skip


class _Extent:
    """A target of lxml's parser: the most attributes of an element, and the deepest nesting."""

    def __init__(self) -> None:
        self.attributes = self.depth = self._open = 0

    def start(self, _: str, attributes: dict[str, str]) -> None:
        self.attributes = max(self.attributes, len(attributes))
        self._open += 1
        self.depth = max(self.depth, self._open)

    def end(self, _: str) -> None:
        self._open -= 1

    def close(self) -> "_Extent":
        return self


def to_parser_source(source: str) -> str | None:
    """Return the source of a page, simplified if parsers would not read it in linear time and to its end; None if not
    even that helps.
    """
    if _is_parsable(source):
        return source
    simple = _simplify(source)
    return simple if _is_parsable(simple) else None


def _is_parsable(source: str) -> bool:
    """Say so in linear time: with libxml2's own tokens, but without its tree. 1 % of the time of an extraction."""
    if len(source) > LONGEST:
        return False
    parser = etree.HTMLParser(target=_Extent(), encoding="utf-8")
    try:
        parser.feed(source.encode("utf-8", "replace"))
        extent = parser.close()
    except etree.LxmlError:  # no element in it; parsers will say so themselves
        return True
    return bool(extent.attributes <= MOST_ATTRIBUTES and extent.depth <= DEEPEST)


def _simplify(source: str) -> str:
    """Return the page without attributes, comments, unseen elements but title and JSON-LD, and most of its nesting.

    A Python loop over tags, because nesting is a stack.
    """
    pieces = cut_pieces(pl.DataFrame({"doc_id": [""], "raw_text": [source]}))
    parts: list[str] = []
    depth = 0
    for piece, tag in pieces.select("piece", "tag").iter_rows():
        name = (tag or "").removeprefix("/")
        if tag is None:
            parts.append("" if piece.startswith("<") else piece)
        elif name in UNSEEN:
            is_claim = name == "title" or (name == "script" and "ld+json" in piece[:200])
            parts.append(piece if is_claim else "")
        elif name in _TEXTS:
            parts.append(f"<{tag}>")
        elif name in _STRUCTURE and tag == name:
            depth += 1
            parts.append(f"<{tag}>" if depth <= DEEPEST // 4 else " ")
        elif name in _STRUCTURE:
            parts.append(f"<{tag}>" if depth <= DEEPEST // 4 else " ")
            depth = max(depth - 1, 0)
        else:
            parts.append(" ")
    return "".join(parts)
