"""The proof sheet of one document: raw text with every mark on it, drawn for a terminal or as a page."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import polars as pl
from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from flows.page import render
from flows.sheet import Fold, Piece, Row, count_rules, fold, group_label, to_rows, visible
from transforms.decode import decode

#: Columns that the margin takes: a rule's name and its score.
MARGIN = 26
#: A terminal narrower than this has no margin: notes follow the line.
NARROW = 72
#: rich wraps a text in quadratic time: a longer line is drawn in parts of about this many characters.
_PART = 2000
#: Of a longer removed piece only this many characters are drawn in the terminal.
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


class Sheet(NamedTuple):
    """What is drawn: a title, named facts, the rows of text, counts by rule, entities by number of mentions."""

    title: str
    facts: list[tuple[str, str]]
    rows: list[Row]
    rules: list[tuple[str, int, int, float]]
    entities: list[tuple[str, str, int]]


def to_sheet(frames: dict[str, pl.DataFrame]) -> Sheet:
    """Lay out the frames of :func:`warehouse.queries.proof`: a document, or a record in quarantine."""
    edits, mentions = frames["edits"], frames["mentions"]
    named = mentions.group_by("name", "label").len("n").sort("n", "name", descending=[True, False])
    if frames["document"].is_empty():
        title, facts, raw_text = _rejected(frames["quarantine"])
        is_html = False
    else:
        document = frames["document"].row(0, named=True)
        title, raw_text = document["title"] or "(no title)", document["raw_text"]
        is_html = "html" in document["media_type"]
        facts = [*_facts(document, mentions), *_duplicates(frames["duplicates"])]
    return Sheet(
        visible(title),
        [(name, visible(value)) for name, value in facts if value],
        to_rows(raw_text, edits, mentions, is_html=is_html),
        count_rules(edits).rows(),
        [(visible(name), label, n) for name, label, n in named.iter_rows()],
    )


def _facts(document: dict[str, Any], mentions: pl.DataFrame) -> list[tuple[str, str]]:
    lang = document["lang"] or "unknown"
    if document["lang_confidence"]:
        lang += f" ({document['lang_confidence']:.2f})"
    return [
        ("byline", document["byline"] or ""),
        ("source", document["source"] or ""),
        ("credit", document["credit"] or ""),
        ("published", _day(document["published_at"])),
        ("language", lang),
        (
            "kept",
            f"{document['kept_share']:.1%} of {len(document['raw_text'])} characters, {document['n_words']} words",
        ),
        ("entities", f"{len(mentions)} mentions" if document["tagged_by"] else "not tagged"),
        ("story", document["story"] or ""),
        ("revision of", document["revision_of"] or ""),
        ("doc_id", document["doc_id"]),
        *(("read from", uri) for uri in document["uris"]),
        ("fetched", _day(document["fetched_at"])),
    ]


def _day(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC".replace(" 00:00 UTC", "")


def _duplicates(duplicates: pl.DataFrame) -> list[tuple[str, str]]:
    return [
        (
            "merged into" if row["is_merged"] else "holds",
            f"{row['title'] or '(no title)'} · {row['kind']}, similarity {row['similarity']:.2f}, "
            f"containment {row['containment']:.2f} · {row['uri']} · {row['doc_id'][:12]}",
        )
        for row in duplicates.iter_rows(named=True)
    ]


def _rejected(quarantine: pl.DataFrame) -> tuple[str, list[tuple[str, str]], str]:
    payload = quarantine["payload"][0]
    decoded = decode(payload) if payload else None
    facts = [
        (name, text)
        for uri, stage, expectation, detail in quarantine.select(
            "uri", "stage", "expectation", "detail"
        ).iter_rows()
        for name, text in (("quarantined", f"after {stage}: {expectation}: {detail}"), ("read from", uri))
    ]
    if decoded is None:
        facts.append(("text", f"none: {len(payload)} bytes that are no text" if payload else "none"))
    return "in quarantine", facts, decoded[0] if decoded else ""


def draw(sheet: Sheet, width: int, *, full: bool, styled: bool) -> RenderableType:
    """Draw a sheet `width` columns wide for rich.

    `full` unfolds runs of removed lines and long removed pieces. Where `styled` is false, marks are written as
    wdiff writes them: [-removed-], {+new+}.
    """
    head = Table.grid(padding=(0, 2))
    head.add_column(style="dim", no_wrap=True)
    head.add_column(overflow="fold")
    for name, value in sheet.facts:
        head.add_row(name, Text(value, style="red" if name == "quarantined" else ""))
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
    if sheet.entities:
        more = len(sheet.entities) - _ENTITIES
        names = [
            Text(f"{name} ({label}) {n}", style=_LOOKS[group_label(label)])
            for name, label, n in sheet.entities[:_ENTITIES]
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


def to_page(sheet: Sheet) -> str:
    """Return a sheet as one HTML page that loads nothing and runs nothing; folded lines open on a click."""
    return render(
        "proof.html.j2",
        sheet=sheet,
        items=[(item, isinstance(item, Fold)) for item in fold(sheet.rows)],
        group_label=group_label,
    )
