"""Bounds of documents in a batch of rows: sums, windows and neighbours that never cross into another document."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from copydesk.transforms.arrays import Flags, Floats, Ints
from copydesk.transforms.line_model.tokens import sum_ranges

_FAR = 200


@dataclass(frozen=True)
class DocumentBounds:
    """By row, the first row of its document (`start`) and the first row after it (`end`)."""

    start: Ints
    end: Ints
    _windows: dict[tuple[int, int], tuple[Ints, Ints]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def of(cls, doc: "np.ndarray[Any, Any]") -> "DocumentBounds":
        """Read the bounds from the column that names each row's document."""
        n = len(doc)
        first = np.flatnonzero(np.concatenate([[True], doc[1:] != doc[:-1]])) if n else np.zeros(0, np.int64)
        size = np.diff(np.concatenate([first, [n]]))
        return cls(np.repeat(first, size), np.repeat(first + size, size))

    def shift(self, values: Floats, by: int) -> Floats:
        """Return the value `by` rows below (above if negative); NaN outside the document."""
        n = len(values)
        moved = np.full(n, np.nan, np.float32)
        to, of = slice(max(-by, 0), max(n - by, 0)), slice(max(by, 0), max(n + by, 0))
        np.copyto(moved[to], values[of], where=self.start[to] == self.start[of])
        return moved

    def sum_above(self, values: Floats) -> Floats:
        """Return the sum of the values above each row in its document."""
        return sum_ranges(values, self.start, np.arange(len(values)) - self.start)

    def sum_document(self, values: Floats) -> Floats:
        """Return the sum over the document, on each row."""
        return sum_ranges(values, self.start, self.end - self.start)

    def max_document(self, values: Floats) -> Floats:
        """Return the maximum of the document, on each row."""
        first, page = np.unique(self.start, return_inverse=True)
        greatest: Floats = np.maximum.reduceat(values, first)[page] if len(values) else values
        return greatest

    def rank_in_document(self, values: Floats) -> Floats:
        """Return the share of the document's rows that precede each row in ascending order of the values."""
        order = np.lexsort((values, self.start))
        rank = np.empty(len(values), np.float32)
        rank[order] = (np.arange(len(values)) - self.start) / (self.end - self.start)
        return rank

    def window_mean(self, values: Floats, low: int, high: int) -> Floats:
        """Return the mean over the rows from `low` to `high` (relative, inclusive) inside the document; 0 if
        there are none.
        """
        first, count = self._bounds(low, high)
        mean: Floats = (sum_ranges(values, first, count) / np.maximum(count, 1)).astype(np.float32)
        return mean

    def window_size(self, low: int, high: int) -> Floats:
        """Return how many rows from `low` to `high` (relative, inclusive) are inside the document."""
        return self._bounds(low, high)[1].astype(np.float32)

    def _bounds(self, low: int, high: int) -> tuple[Ints, Ints]:
        """Return the first row of each row's window, and the number of its rows."""
        if (low, high) not in self._windows:
            place = np.arange(len(self.start))
            first = np.clip(place + low, self.start, self.end)
            self._windows[low, high] = first, np.clip(place + high + 1, first, self.end) - first
        return self._windows[low, high]

    def distance_to(self, hit: Flags) -> tuple[Floats, Floats]:
        """Return the distance in rows to the nearest other row with a hit, above and below, at most 200."""
        place = np.arange(len(hit))
        up = np.maximum.accumulate(np.where(hit, place, -_FAR - 1)) if len(hit) else place
        up = np.concatenate([[-_FAR - 1], up[:-1]]) if len(hit) else place
        down = np.minimum.accumulate(np.where(hit, place, 10**9)[::-1])[::-1] if len(hit) else place
        down = np.concatenate([down[1:], [10**9]]) if len(hit) else place
        above = np.where(up >= self.start, place - up, _FAR)
        below = np.where(down < self.end, down - place, _FAR)
        return np.minimum(above, _FAR).astype(np.float32), np.minimum(below, _FAR).astype(np.float32)
