"""Merged texts: the columns by which one frame follows from another, and what real texts give."""

import polars as pl

from copydesk.transforms.contract import (
    ANCHORS,
    CANDIDATES,
    DUPLICATES,
    INDEXED,
    MERGES,
    PAIRS,
    SIGNATURES,
    TEXTS,
    TOKEN_HASHES,
)
from copydesk.transforms.dedupe.candidates import compute_signatures, to_anchors
from copydesk.transforms.dedupe.canonical import to_duplicates
from copydesk.transforms.dedupe.in_memory import resolve_documents
from tests.transforms.conftest import PROSE, cleaned_of


def test_a_signature_is_an_indexed_document_and_a_text_its_merge():
    assert list(SIGNATURES)[: len(INDEXED)] == list(INDEXED)
    assert {name: SIGNATURES[name] for name in INDEXED} == INDEXED
    assert INDEXED | MERGES == TEXTS
    assert set(INDEXED) & set(MERGES) == {"text_key"}


def test_keys_of_texts_and_measures_are_of_one_type_everywhere():
    schemas = (SIGNATURES, TOKEN_HASHES, ANCHORS, CANDIDATES, MERGES, DUPLICATES)
    assert {schema["text_key"] for schema in schemas} == {pl.UInt64}
    assert CANDIDATES["other_key"] == MERGES["canonical_key"] == DUPLICATES["canonical_key"] == pl.UInt64
    measures = ("kind", "similarity", "containment")
    for schema in (MERGES, DUPLICATES):
        assert {name: schema[name] for name in measures} == {name: PAIRS[name] for name in measures}
    assert set(MERGES) - {"text_key", "canonical_key"} <= set(DUPLICATES)


def test_real_texts_give_these_frames():
    text = " ".join(PROSE)
    clean = cleaned_of(text, text.replace("morning", "evening"), text, PROSE[0])
    signatures, words = compute_signatures(clean)
    assert signatures.schema == SIGNATURES
    assert words.schema == TOKEN_HASHES
    assert to_anchors(signatures).schema == ANCHORS
    _, resolution = resolve_documents(clean)
    assert resolution.merges.schema == MERGES
    assert resolution.overlaps.schema == MERGES
    found = to_duplicates(signatures, resolution.merges)
    assert found.schema == DUPLICATES
    assert set(found["doc_id"]) >= {"d0001", "d0002"}
