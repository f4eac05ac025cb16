"""NumPy array types by content, and one operation that NumPy lacks."""

from typing import Any

import numpy as np

type Ints = np.ndarray[Any, np.dtype[np.int64]]
type Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
type Flags = np.ndarray[Any, np.dtype[np.bool_]]
type Bytes = np.ndarray[Any, np.dtype[np.uint8]]
type Codes = np.ndarray[Any, np.dtype[np.uint32]]
type Hashes = np.ndarray[Any, np.dtype[np.uint64]]


def spread(begin: Ints | int, count: Ints) -> Ints:
    """Return the integers begin, begin + 1, ... of consecutive ranges, `count` per range, one range after the
    other.
    """
    return np.repeat(begin - (np.cumsum(count) - count), count) + np.arange(count.sum())
