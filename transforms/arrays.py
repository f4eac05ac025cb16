"""NumPy arrays by what they hold, and the one operation on them that NumPy lacks."""

from typing import Any

import numpy as np

type Ints = np.ndarray[Any, np.dtype[np.int64]]
type Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
type Flags = np.ndarray[Any, np.dtype[np.bool_]]
type Bytes = np.ndarray[Any, np.dtype[np.uint8]]
type Codes = np.ndarray[Any, np.dtype[np.uint32]]
type Hashes = np.ndarray[Any, np.dtype[np.uint64]]


def spread(begin: Ints | int, count: Ints) -> Ints:
    """Return the numbers begin, begin + 1, ... of every stretch, `count` of each, one stretch after the other."""
    return np.repeat(begin - (np.cumsum(count) - count), count) + np.arange(count.sum())
