"""Shingles: every run of three words of a text, hashed, and the sample of them by which candidates are found."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from copydesk.transforms.arrays import Codes, Ints
from copydesk.transforms.text.buffers import to_lists

#: One shingle in this many is an anchor (FracMinHash, Irber et al. 2022), those with the smallest hashes, and at least
#: MIN_ANCHORS a text. A text of n words has n shingles, the last two closed with sentinels.
SCALE = 32
MIN_ANCHORS = 10


@dataclass(frozen=True)
class Sample:
    """Anchors of some texts: all, text by text; how many each text has; how many of these any text would keep."""

    anchors: Codes
    count: Ints
    n_sampled: Ints

    def lists(self) -> pl.Series:
        """Return the anchors, a list a text."""
        return to_lists(self.anchors, np.append(0, np.cumsum(self.count)))


def join_samples(samples: Sequence[Sample]) -> Sample:
    """Return the samples of some texts, and of others, as one."""
    nothing = np.zeros(0, np.int64)
    return Sample(
        np.concatenate([nothing.astype(np.uint32), *(sample.anchors for sample in samples)]),
        np.concatenate([nothing, *(sample.count for sample in samples)]),
        np.concatenate([nothing, *(sample.n_sampled for sample in samples)]),
    )
