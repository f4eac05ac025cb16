"""The proof sheet of one document: its raw text with every edit, ready for the terminal or a page."""

from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import polars as pl

from copydesk.expectations.suite import SUITES
from copydesk.flows.proof.copies import Partner, about, to_partners
from copydesk.flows.proof.layout import to_rows
from copydesk.flows.proof.rejected import Reason, reasons_of, text_of
from copydesk.flows.proof.rows import Row, count_rules
from copydesk.transforms.text.printable import escape_invisible

#: Spellings listed per entity, and characters of a name.
_SPELLINGS, _NAME = 12, 120


class Name(NamedTuple):
    """One entity of the document: its canonical name, and its spellings there with how each was resolved."""

    name: str
    label: str
    country_code: str
    kb_id: str
    n: int
    spellings: list[tuple[str, str, int]]


class Sheet(NamedTuple):
    """A proof sheet. `mentions` has, for each mention, the index of its entity in `names` and how it was resolved."""

    doc_id: str
    title: str
    facts: list[tuple[str, str]]
    rows: list[Row]
    rules: list[tuple[str, int, int, float]]
    names: list[Name]
    mentions: list[tuple[int, str]]
    partners: list[Partner]
    n_partners: int
    reasons: list[Reason]
    about: str = ""
    lang: str = ""
    remark: str = ""
    is_bytes: bool = False


def to_sheet(frames: dict[str, pl.DataFrame], suites: Path = SUITES) -> Sheet:
    """Return the sheet of a document or a quarantined record, from its frames (copydesk.warehouse.queries.proof)."""
    edits, mentions = frames["edits"], frames["mentions"]
    reasons = [Reason(*map(escape_invisible, reason)) for reason in reasons_of(frames["quarantine"], suites)]
    if frames["document"].is_empty():
        return _rejected(frames["quarantine"], edits, mentions, reasons)
    document = frames["document"].row(0, named=True)
    others = frames["duplicates"]
    partners = to_partners(document, others)
    names = _names(mentions)
    number = {entity_id: at for at, entity_id in enumerate(names)}
    resolved = mentions.select("entity_id", "resolved_by").iter_rows()
    n_partners = others["n_partners"][0] if len(others) else 0
    return Sheet(
        doc_id=document["doc_id"],
        title=escape_invisible(document["title"] or "(no title)"),
        facts=[
            (name, escape_invisible(value))
            for name, value in (*_facts(document, mentions), *_merges(others, n_partners))
            if value
        ],
        rows=to_rows(document["raw_text"], edits, mentions, is_html="html" in document["media_type"]),
        rules=count_rules(edits).rows(),
        names=list(names.values()),
        mentions=[(number[entity_id], rule) for entity_id, rule in resolved],
        partners=partners,
        n_partners=n_partners,
        reasons=reasons,
        about=about(document),
        lang=document["lang"] or "",
    )


def _rejected(
    quarantine: pl.DataFrame, edits: pl.DataFrame, mentions: pl.DataFrame, reasons: list[Reason]
) -> Sheet:
    row = quarantine.row(0, named=True)
    text, media_type, remark = text_of(row)
    return Sheet(
        doc_id=row["doc_id"],
        title=escape_invisible(f"In quarantine: {PurePosixPath(row['uri']).name}"),
        facts=[
            *(
                fact
                for reason in reasons
                for fact in (
                    ("quarantined", f"after {reason.stage}: {reason.expectation}: {_observed(reason)}"),
                    ("read from", reason.uri),
                )
            ),
            ("bytes", str(row["n_bytes"]) if row["n_bytes"] is not None else "none stored"),
            ("doc_id", row["doc_id"]),
        ],
        rows=to_rows(text, edits, mentions, is_html="html" in media_type),
        rules=count_rules(edits).rows(),
        names=[],
        mentions=[],
        partners=[],
        n_partners=0,
        reasons=reasons,
        remark=remark,
        is_bytes=media_type == "application/octet-stream",
    )


def _observed(reason: Reason) -> str:
    return f"{reason.seen}: {reason.because}" if reason.seen else reason.because


def _facts(document: dict[str, Any], mentions: pl.DataFrame) -> list[tuple[str, str]]:
    lang = document["lang"] or "unknown"
    if document["lang_confidence"]:
        lang += f" ({document['lang_confidence']:.2f})"
    uris, n_more = document["uris"], document["n_uris"] - len(document["uris"])
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
        ("entities", _count(len(mentions), "mention") if document["tagged_by"] else "not tagged"),
        ("story", document["story"] or ""),
        ("revision of", document["revision_of"] or ""),
        ("doc_id", document["doc_id"]),
        ("read from", uris[0]),
        *(("exact copy", uri) for uri in uris[1:]),
        ("exact copies", f"{n_more} more" if n_more else ""),
        ("fetched", _day(document["fetched_at"])),
    ]


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _day(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC".replace(" 00:00 UTC", "")


def _merges(duplicates: pl.DataFrame, n_partners: int) -> list[tuple[str, str]]:
    facts = [
        (
            "merged into" if row["is_merged"] else "holds",
            f"{row['title'] or '(no title)'} · {row['kind']}, similarity {row['similarity']:.2f}, "
            f"containment {row['containment']:.2f} · {row['uri']} · {row['doc_id'][:12]}",
        )
        for row in duplicates.iter_rows(named=True)
    ]
    more = n_partners - len(duplicates)
    return [*facts, ("holds", f"{more} more")] if more else facts


def _names(mentions: pl.DataFrame) -> dict[str, Name]:
    """Return the entities of a document by id, the most mentioned first."""
    spelt = mentions.group_by("entity_id", "surface", "resolved_by", maintain_order=True).len("n")
    spelt = spelt.sort("n", "surface", "resolved_by", descending=[True, False, False])
    spellings = {
        key[0]: [(_short(surface), rule, n) for surface, rule, n in part.iter_rows()]
        for key, part in spelt.partition_by("entity_id", as_dict=True, include_key=False).items()
    }
    named = (
        mentions.group_by("entity_id")
        .agg(pl.first("name", "label", "country_code", "kb_id"), n=pl.len())
        .sort("n", "name", "entity_id", descending=[True, False, False])
    )
    return {
        row["entity_id"]: Name(
            _short(row["name"]),
            row["label"],
            row["country_code"] or "",
            row["kb_id"] or "",
            row["n"],
            spellings[row["entity_id"]][:_SPELLINGS],
        )
        for row in named.iter_rows(named=True)
    }


def _short(name: str) -> str:
    shown = escape_invisible(" ".join(name.split()))
    return shown if len(shown) <= _NAME else f"{shown[:_NAME]}…"
