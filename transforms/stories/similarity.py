"""Similarity of the documents of a window: weighted terms, nearness in time, and notices on one template left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse

from copydesk.transforms.arrays import Flags, Floats, Ints
from copydesk.transforms.stories.terms import SHARES, block_numbers

#: Similarities below count as none.
EDGE = 0.06
#: Days between two reports of one event, and the factor on their similarity at that distance (1 on the same day). Not
#: measured: the evaluation texts have no dates.
WINDOW, FADE = 14, 0.5
#: A document's candidates are looked up by its HEADS heaviest terms, without those that more than SELDOM documents of
#: the window have.
HEADS, SELDOM = 30, 400
#: Two documents that are at least ALIKE similar and share at least WORDING of their pairs of words are worded alike.
#: If less than FACTS of their names and figures agree, they are notices on one template (quakes, results). Two quakes
#: of the samples have 0.45, 0.57 and 0.17; of ECB+'s pairs above 0.4 one has so few facts in common, and it is of two
#: stories.
ALIKE, WORDING, FACTS = 0.3, 0.4, 0.3
_NAME, _FIGURE, _PAIR = (list(SHARES).index(block) for block in ("name", "figure", "pair"))
#: Documents whose candidates are looked up at a time, and pairs that are compared at a time: bounds the memory.
_CHUNK, _PAIRS = 512, 20_000


@dataclass(frozen=True)
class TermMatrix:
    """The documents of a window: a sparse matrix of weights, one row per document and one column per term, and the
    block number of each column's term.
    """

    weights: Any
    blocks: Ints


def to_term_matrix(window: pl.DataFrame) -> TermMatrix:
    """Return the matrix of a window (terms, weights)."""
    count = window["terms"].list.len().to_numpy()
    terms, column = np.unique(window["terms"].explode(empty_as_null=False).to_numpy(), return_inverse=True)
    start = np.concatenate([[0], np.cumsum(count)])
    weights = window["weights"].explode(empty_as_null=False).to_numpy()
    shape = (len(window), max(len(terms), 1))
    matrix = sparse.csr_matrix((weights, column, start), shape=shape)
    return TermMatrix(matrix, block_numbers(terms.astype(np.int64)))


def compare_documents(matrix: TermMatrix, days: Sequence[Floats], wanted: Flags) -> tuple[Ints, Ints, Floats]:
    """Return pairs of documents (row numbers) and their similarity, each pair once.

    Pairs have at least one `wanted` document, share heavy terms, are at most WINDOW days apart and have a similarity of
    at least EDGE. `days` are the days of publication (NaN if unknown) and of ingestion.
    """
    top = _heads(matrix.weights)
    turned = top.T.tocsr()
    found: list[tuple[Ints, Ints, Floats]] = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))]
    rows = np.flatnonzero(wanted)
    for begin in range(0, len(rows), _CHUNK):
        chunk = rows[begin : begin + _CHUNK]
        near = (top[chunk] @ turned).tocoo()
        one, other = chunk[near.row], near.col.astype(np.int64)
        gap = _days_apart(days, one, other)
        keep = (one != other) & (near.data > EDGE / 4) & (gap <= WINDOW) & ~(wanted[other] & (other < one))
        one, other, gap = one[keep], other[keep], gap[keep]
        for at in range(0, len(one), _PAIRS):
            part = slice(at, at + _PAIRS)
            value = _products(matrix.weights, one[part], other[part])
            value *= 1 - (1 - FADE) * gap[part] / WINDOW
            some = value >= EDGE
            found.append((one[part][some], other[part][some], value[some]))
    one, other, value = (np.concatenate(column) for column in zip(*found, strict=True))
    is_notice = _on_one_template(matrix, one, other, value)
    return one[~is_notice], other[~is_notice], value[~is_notice]


def _days_apart(days: Sequence[Floats], one: Ints, other: Ints) -> Floats:
    """Return the days between publications, or between ingestions if one publication is unknown."""
    gap = np.abs(days[0][one] - days[0][other])
    return np.where(np.isnan(gap), np.nan_to_num(np.abs(days[1][one] - days[1][other])), gap)


def _on_one_template(matrix: TermMatrix, one: Ints, other: Ints, similarity: Floats) -> Flags:
    """Return which pairs are worded alike but have other names and figures: two notices of two events."""
    alike = np.flatnonzero(similarity >= ALIKE)
    a, b = one[alike], other[alike]
    is_fact = (matrix.blocks == _NAME) | (matrix.blocks == _FIGURE)
    wording = _overlap(matrix.weights[:, np.flatnonzero(matrix.blocks == _PAIR)], a, b)
    facts = _overlap(matrix.weights[:, np.flatnonzero(is_fact)], a, b)
    is_notice = np.zeros(len(one), np.bool_)
    is_notice[alike] = (wording >= WORDING) & (facts < FACTS)
    return is_notice


def _overlap(weights: Any, one: Ints, other: Ints) -> Floats:
    """Return the product of each two rows over the smaller one's product with itself; 1 if that is 0."""
    own = np.asarray(weights.multiply(weights).sum(1)).ravel()
    least = np.minimum(own[one], own[other])
    return np.where(least > 0, _products(weights, one, other) / np.maximum(least, 1e-9), 1.0)


def _products(weights: Any, one: Ints, other: Ints) -> Floats:
    """Return the product of each two rows."""
    products: Floats = np.asarray(weights[one].multiply(weights[other]).sum(1)).ravel()
    return products


def _heads(weights: Any) -> Any:
    """Return the HEADS heaviest terms of each row, among those that at most SELDOM rows have."""
    seldom = np.bincount(weights.indices, minlength=weights.shape[1])[weights.indices] <= SELDOM
    row = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))[seldom]
    column, weight = weights.indices[seldom], weights.data[seldom]
    order = np.lexsort((column, -weight, row))
    row, column, weight = row[order], column[order], weight[order]
    keep = np.arange(len(row)) - np.searchsorted(row, row) < HEADS
    return sparse.csr_matrix((weight[keep], (row[keep], column[keep])), shape=weights.shape)
