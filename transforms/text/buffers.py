"""Columns as plain buffers and back: bytes with offsets, for the compiled loops.

Through Arrow without a copy where pyarrow is installed (the extra `pipeline` has it). Without it through Polars alone,
which copies: of 100,000 documents of 470 words 0.7 CPU-seconds more; the core stays free of pyarrow's 170 MB.
"""

import itertools
from importlib.util import find_spec

import numpy as np
import polars as pl

from copydesk.transforms.arrays import Bytes, Codes, Ints

HAS_ARROW = find_spec("pyarrow") is not None


def to_bytes(texts: pl.Series) -> tuple[Bytes, Ints]:
    """Return the bytes of `texts` (strings or binary, not null), one after the other, and where each begins (and the
    last one ends).
    """
    if len(texts) == 0:
        return np.zeros(0, np.uint8), np.zeros(1, np.int64)
    if not HAS_ARROW:
        binary = texts.cast(pl.Binary)
        offsets = np.append(0, np.cumsum(binary.bin.size().to_numpy(), dtype=np.int64))
        return np.frombuffer(b"".join(binary.to_list()), np.uint8), offsets
    arrow = texts.rechunk().to_arrow()
    offsets = np.frombuffer(arrow.buffers()[1], dtype=np.int64)[arrow.offset : arrow.offset + len(arrow) + 1]
    data = np.frombuffer(arrow.buffers()[2], dtype=np.uint8)
    return data[offsets[0] : offsets[-1]], offsets - offsets[0]


def to_binary(codes: Codes, offsets: Ints) -> pl.Series:
    """Return a binary series whose value number i has the bytes of codes[offsets[i] : offsets[i + 1]]."""
    if not HAS_ARROW:
        data, ends = codes.tobytes(), (codes.itemsize * offsets).tolist()
        values = [data[begin:end] for begin, end in itertools.pairwise(ends)]
        return pl.Series(values, dtype=pl.Binary)
    import pyarrow as pa

    buffers = [None, pa.py_buffer(codes.itemsize * offsets), pa.py_buffer(codes)]
    return pl.Series(pa.Array.from_buffers(pa.large_binary(), len(offsets) - 1, buffers), dtype=pl.Binary)


def to_lists(values: Codes, offsets: Ints) -> pl.Series:
    """Return a series of lists whose value number i is values[offsets[i] : offsets[i + 1]]."""
    if not HAS_ARROW:
        if len(offsets) == 1:
            return pl.Series(dtype=pl.List(pl.UInt32))
        every = pl.Series([pl.Series(values, dtype=pl.UInt32)], dtype=pl.List(pl.UInt32))
        cuts = pl.DataFrame({"at": offsets[:-1], "n": np.diff(offsets)})
        return cuts.select(pl.lit(every).list.slice("at", "n")).to_series()
    import pyarrow as pa

    # From buffers: an array that Arrow makes of NumPy's imports pandas, a quarter of a second.
    inner = pa.Array.from_buffers(pa.uint32(), len(values), [None, pa.py_buffer(values)])
    buffers = [None, pa.py_buffer(offsets)]
    kind = pa.large_list(pa.uint32())
    lists = pa.Array.from_buffers(kind, len(offsets) - 1, buffers, children=[inner])
    return pl.Series(lists, dtype=pl.List(pl.UInt32))
