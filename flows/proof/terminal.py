"""A proof sheet in the terminal, and the differences between copies."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from copydesk.flows.proof.copies import AlignedLine, FoldedLines, Partner
from copydesk.flows.proof.rows import Fold, Piece, Row, fold, group_label
from copydesk.flows.proof.sheet import Sheet

#: Width of the margin in columns: the name of a rule and its score.
MARGIN = 26
#: A narrower terminal has no margin; notes follow the line.
NARROW = 72
#: rich wraps in quadratic time: longer lines are rendered in parts of about this many characters.
_PART = 2000
#: Characters shown of a longer removed piece.
_LONG = 240
_ENTITIES = 12
_LOOKS = {"who": "bold magenta", "body": "bold cyan", "where": "bold blue", "what": "bold yellow"}
_REMOVED, _NEW, _MOVED = "strike red", "underline green", "bold"
_LEGEND = (
    ("removed", _REMOVED, "[-removed-]"),
    ("repaired", _NEW, "[-old-]{+new+}"),
    ("moved to a column", _MOVED, "moved to a column"),
    *((name, look, "") for name, look in _LOOKS.items()),
)


def render_terminal(sheet: Sheet, width: int, *, full: bool, styled: bool) -> RenderableType:
    """Return a sheet as a rich renderable, `width` columns wide.

    `full` shows long sequences of removed lines and long removed pieces in full. Unless `styled`, edits are written
    in wdiff notation: [-removed-], {+new+}.
    """
    head = Table.grid(padding=(0, 2))
    head.add_column(style="dim", no_wrap=True)
    head.add_column(overflow="fold")
    for name, value in sheet.facts:
        head.add_row(name, Text(value, style="red" if name == "quarantined" else ""))
    if sheet.remark:
        head.add_row("text", sheet.remark)
    rows = sheet.rows if full else fold(sheet.rows)
    body = Table.grid(padding=(0, 1))
    body.add_column(width=1)
    margin = MARGIN if width >= NARROW else 0
    body.add_column(width=max(width - 2 - (margin + 1 if margin else 0), 20), overflow="fold")
    if margin:
        body.add_column(width=margin, style="dim", overflow="fold")
    for row in rows:
        for cells in _cells(row, full=full, styled=styled, margin=margin):
            body.add_row(*cells)
    return Group(
        Text(sheet.title, style="bold"),
        head,
        Rule(style="dim"),
        body,
        Rule(style="dim"),
        *_foot(sheet, styled),
    )


def _cells(row: Row | Fold, *, full: bool, styled: bool, margin: int) -> Iterator[list[Text]]:
    if isinstance(row, Fold):
        yield [Text(), Text(row.summary, style="dim italic")]
        return
    sign = row.sign
    for part in _parts(row, full=full):
        text = Text().join(_draw_piece(piece, styled=styled, whole=sign == "-") for piece in part.pieces)
        if margin:
            yield [Text(sign, style="dim"), text, Text("\n".join(part.notes))]
        else:
            notes = Text(f"  ‹{', '.join(part.notes)}›" if part.notes else "", style="dim")
            yield [Text(sign, style="dim"), text + notes]


def _parts(row: Row, *, full: bool) -> Iterator[Row]:
    """Cut a row of more than _PART characters into several; cut long removed pieces short, unless `full`."""
    part: list[Piece] = []
    size = 0
    for piece in row.pieces:
        text = piece.text
        if piece.kind == "removed" and not full and len(text) > _LONG:
            text = f"{text[:_LONG]}… ({len(text) - _LONG} characters more)"
        step = _PART if piece.kind == "kept" else max(len(text), 1)
        for at in range(0, max(len(text), 1), step):
            part.append(piece._replace(text=text[at : at + step]))
            size += len(part[-1].text)
            if size >= _PART:
                yield Row(tuple(part))
                part, size = [], 0
    if part or not row.pieces:
        yield Row(tuple(part))


def _draw_piece(piece: Piece, *, styled: bool, whole: bool) -> Text:
    old = piece.text
    if piece.kind == "kept":
        return Text(old, style=_LOOKS[group_label(piece.label)] if piece.label else "")
    if piece.kind == "moved":
        return Text(old, style=_MOVED)
    if piece.kind == "removed":
        return Text(old if styled or whole else f"[-{old}-]", style=_REMOVED)
    if not styled:
        return Text((f"[-{old}-]" if old else "") + f"{{+{piece.new}+}}")
    return Text.assemble((old, _REMOVED), "→" if old else "", (piece.new, _NEW))


def _foot(sheet: Sheet, styled: bool) -> Iterator[RenderableType]:
    legend = [Text(name, style=look) if styled else Text(plain) for name, look, plain in _LEGEND]
    yield Text("   ").join(
        [
            *(text for text in legend if text),
            Text("- line removed   ~ line changed   ^ line moved", style="dim"),
        ]
    )
    if sheet.names:
        more = len(sheet.names) - _ENTITIES
        names = [
            Text(f"{name.name} ({name.label}) {name.n}", style=_LOOKS[group_label(name.label)])
            for name in sheet.names[:_ENTITIES]
        ]
        yield Text.assemble(("named  ", "dim")) + Text(", ").join(
            [*names, *([Text(f"{more} more")] if more > 0 else [])]
        )
    if sheet.rules:
        table = Table.grid(padding=(0, 2))
        table.add_row(*(Text(name, style="dim") for name in ("rule", "marks", "characters", "mean score")))
        for rule, *numbers, score in sheet.rules:
            table.add_row(rule, *(Text(str(number), justify="right") for number in numbers), f"{score:.2f}")
        yield table


def render_differences(sheet: Sheet, *, styled: bool) -> RenderableType:
    """Return the differences between a document and each of its copies, in wdiff notation; the copy is the new side.

    Lines that both have are only counted.
    """
    if not sheet.partners:
        return Text("This document has no copies: it was not merged, and nothing was merged into it.")
    return Group(*(line for partner in sheet.partners for line in _draw_partner(partner, styled=styled)))


def _draw_partner(partner: Partner, *, styled: bool) -> Iterator[RenderableType]:
    yield Rule(style="dim")
    yield Text(f"{'merged into' if partner.is_canonical else 'holds'} {partner.title}", style="bold")
    canonical = "that document" if partner.is_canonical else "this document"
    yield Text(
        f"{partner.about} · {partner.doc_id[:12]}\n{partner.verdict}\ncanonical: {canonical}; {partner.why}",
        style="dim",
    )
    if partner.lines is None:
        yield Text("not compared", style="dim italic")
    n_same = 0
    for line in partner.lines or ():
        if isinstance(line, AlignedLine) and line.kind == "same":
            n_same += line.n_words
            continue
        if n_same:
            yield Text(f"  … {n_same} words in both", style="dim italic")
            n_same = 0
        yield (
            Text(f"  {line.summary}", style="dim italic")
            if isinstance(line, FoldedLines)
            else _draw_pair(line, styled=styled)
        )


def _draw_pair(pair: AlignedLine, *, styled: bool) -> Text:
    text = Text("  ")
    for same, left, right in pair.runs:
        old, new = left.rstrip(), right.rstrip()
        if same:
            text.append(left)
            continue
        if old:
            text.append(old if styled else f"[-{old}-]", style=_REMOVED)
        if new:
            text.append(new if styled else f"{{+{new}+}}", style=_NEW)
        text.append(" " if (left or right)[-1:].isspace() else "")
    return text
