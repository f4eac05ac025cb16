"""Shingles (runs of three words, hashed) and the sample of them by which candidate pairs are found."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from copydesk.transforms.arrays import Codes, Ints
from copydesk.transforms.text.buffers import to_lists

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
        return to_lists(self.anchors, np.append(0, np.cumsum(self.count)))


def join_samples(samples: Sequence[Sample]) -> Sample:
    """Concatenate samples into one."""
    nothing = np.zeros(0, np.int64)
    return Sample(
        np.concatenate([nothing.astype(np.uint32), *(sample.anchors for sample in samples)]),
        np.concatenate([nothing, *(sample.count for sample in samples)]),
        np.concatenate([nothing, *(sample.n_sampled for sample in samples)]),
    )
