"""Shingles (runs of three words, hashed) and the sample of them by which candidate pairs are found."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa

from copydesk.transforms.arrays import Codes, Ints

#: One shingle in SCALE is an anchor (FracMinHash, Irber et al. 2022): those with the smallest hashes, and at
#: least MIN_ANCHORS per text. A text of n words has n shingles, the last two completed with sentinels.
SCALE = 32
MIN_ANCHORS = 10


@dataclass(frozen=True)
class Sample:
    """Anchors of a batch of texts: `anchors` text by text, `count` anchors per text, and `n_sampled`, how many
    of these are below the FracMinHash threshold.
    """

    anchors: Codes
    count: Ints
    n_sampled: Ints

    def lists(self) -> pl.Series:
        """Return the anchors as one list per text."""
        # From buffers: converting a NumPy array makes Arrow import pandas, a quarter of a second.
        offsets = np.append(0, np.cumsum(self.count))
        anchors = pa.Array.from_buffers(pa.uint32(), len(self.anchors), [None, pa.py_buffer(self.anchors)])
        kind, buffers = pa.large_list(pa.uint32()), [None, pa.py_buffer(offsets)]
        lists = pa.Array.from_buffers(kind, len(self.count), buffers, children=[anchors])
        return pl.Series(lists, dtype=pl.List(pl.UInt32))


def join_samples(samples: Sequence[Sample]) -> Sample:
    """Concatenate samples into one."""
    nothing = np.zeros(0, np.int64)
    return Sample(
        np.concatenate([nothing.astype(np.uint32), *(sample.anchors for sample in samples)]),
        np.concatenate([nothing, *(sample.count for sample in samples)]),
        np.concatenate([nothing, *(sample.n_sampled for sample in samples)]),
    )
