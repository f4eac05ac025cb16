"""`copydesk.tag`: who and where, with offsets, and which names mean the same."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from copydesk.flows.api.frames import Frame, read_documents, replace_keys
from copydesk.flows.errors import needing
from copydesk.flows.io.resources import load_gazetteer
from copydesk.flows.shipped import ENTITIES, MODEL
from copydesk.transforms.contract import ALIASES, NAMES, STAND_INS, empty
from copydesk.transforms.entities.by_language import read_by_language
from copydesk.transforms.entities.resolution import resolve_mentions
from copydesk.transforms.text.language import detect_language

if TYPE_CHECKING:
    from spacy.language import Language

_MENTION = ("doc_id", "start", "end", "surface", "label", "entity_id", "resolved_by", "score")


class Tagged(NamedTuple):
    """What :func:`tag` returns: `mentions`, one row per mention, and `entities`, one row per entity."""

    mentions: pl.DataFrame
    entities: pl.DataFrame


def tag(
    frame: Frame,
    text: str = "text",
    id: str | None = None,
    lang: str | None = None,
    models: str | Sequence[str] = MODEL,
) -> Tagged:
    """Find the people, places and organisations that the documents of `frame` name, and resolve them to entities.

    `frame` is what :func:`copydesk.clean` takes, best its `documents`. The other arguments name its columns: `text`,
    `id` and `lang` (ISO 639-1; detected if there is none); where they are not named, `doc_id` and `lang` are taken if
    the frame has them. `models` are spaCy models, packages or paths, one per language; a document in a language
    without a model is not tagged. Needs the extra `ner`.

    `mentions` has doc_id, start and end (in code points of the given text), surface, label (of OntoNotes), entity_id,
    resolved_by and score; `entities` has entity_id, label, name, country_code and kb_id. Entities are resolved over
    all documents of the frame. Raises MissingExtra where spaCy or its model is not installed, UsageError for a model
    that cannot be loaded, else as :func:`copydesk.clean` does.
    """
    names = (models,) if isinstance(models, str) else tuple(models)
    with needing("ner", "copydesk.tag"):
        import spacy  # noqa: F401

        if MODEL in names:
            import_module(MODEL)
    documents, ids = read_documents(frame, text=text, id=id, lang=lang)
    if "lang" not in documents.columns:
        documents = documents.with_columns(detect_language(documents["text"])["lang"])
    gazetteer = load_gazetteer(ENTITIES)
    read, _ = read_by_language(documents, _load(names if len(documents) else ()), gazetteer)
    found = resolve_mentions(read, empty(NAMES), empty(STAND_INS), empty(ALIASES), gazetteer, all_names=True)
    mentions = replace_keys(found.mentions.select(_MENTION), ids, "doc_id")
    return Tagged(mentions, found.entities)


def _load(names: Sequence[str]) -> Iterator[tuple[str, "Language"]]:
    from copydesk.flows.io.spacy_models import load_model

    return ((name, load_model(name)) for name in names)
