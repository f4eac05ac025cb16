"""Lines as tokens: words, numbers and marks, each with the properties that follow from the token alone.

A line's features are sums over its tokens. A batch has far fewer distinct tokens than tokens, so everything
that looks at characters is done once per token type, and the rest is NumPy on integers.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from copydesk.transforms.arrays import Floats, Ints
from copydesk.transforms.text.patterns import STOP, UNSPACED

#: One character of an unspaced script, else a run of letters, a run of digits, or one mark.
UNIT = (
    rf"[{UNSPACED}]"
    r"|[\p{L}\p{M}]+|\p{Nd}+|[^\s\p{L}\p{M}\p{Nd}]"
)
#: Properties of a token; each becomes a column of flags by token type.
KINDS: dict[str, str] = {
    "word": r"^[\p{L}\p{M}]",
    "unspaced": f"^[{UNSPACED}]",
    "title": r"^\p{Lu}",
    "caps": r"^\p{Lu}{2,}$",
    "lower": r"^\p{Ll}",
    "digit": r"^\p{Nd}",
    "year": r"^(?:19|20)\d\d$",
    "stop": f"^{STOP}$",
    "dot": r"^[.]$",
    "ellipsis": r"^[…]$",
    "ask": r"^[?？؟]$",
    "comma": r"^[,;，、；،]$",
    "colon": r"^[:：]$",
    "joint": r"^[:./-]$",
    "pipe": r"^[|•·»›>→/]$",
    "quote": r"^[\"“”„«»「」]$",
    "close": r"^[\"'”’»)\]」]$",
    "open": r"^[\"“„«「'‘—–-]$",
    "bullet": r"^[*+•·▪●○>»-]$",
    "symbol": r"^[#@©&+*_=~^%$€£\[\]{}]$",
    "at": r"^[@]$",
    "copyright": r"(?i)^(?:©|copyright)$",
    "web": r"(?i)^(?:https?|www|com|org|net)$",
}


@dataclass(frozen=True)
class Tokens:
    """The tokens of a frame of lines, in order. `row` and `type` have one entry per token; `first` and `count`
    one per line; `kinds` and `length` one per token type; `types` holds the types themselves, lower-cased.
    """

    row: Ints
    type: Ints
    first: Ints
    count: Ints
    types: pl.Series
    kinds: dict[str, Floats]
    length: Floats

    def total(self, of_type: Floats) -> Floats:
        """Return, by line, the sum of a value by token type."""
        return sum_consecutive(of_type.astype(np.float64)[self.type], self.first, self.count)

    def count_flags(self, flags: dict[str, Floats]) -> dict[str, Floats]:
        """Return, by line, how many of its tokens have each flag. `flags` are 0 or 1 by token type, by name.

        Types with the same flags form one sort: there are few sorts, and the tokens of each are counted once.
        """
        n = len(self.count)
        marks = np.stack(list(flags.values())).astype(np.int64)
        sorts, sort = np.unique((1 << np.arange(len(flags))) @ marks, return_inverse=True)
        counts = np.bincount(sort[self.type] * n + self.row, minlength=len(sorts) * n).reshape(len(sorts), n)
        return {
            name: counts[sorts >> bit & 1 > 0].sum(axis=0).astype(np.float32)
            for bit, name in enumerate(flags)
        }

    def at(self, of_type: Floats, place: int) -> Floats:
        """Return, by line, the value of its token number `place` (from the end if negative); 0 if it has no
        such token.
        """
        index = self.first + (place if place >= 0 else self.count + place)
        there = (index >= self.first) & (index < self.first + self.count)
        values = of_type[self.type[np.where(there, index, 0)]] if len(self.type) else np.zeros(len(index))
        return np.where(there, values, 0).astype(np.float32)


def tokenize(body: pl.Series) -> Tokens:
    """Cut lines into UNITs."""
    pieces = body.str.extract_all(UNIT)
    count = pieces.list.len().to_numpy().astype(np.int64)
    flat = pieces.explode(empty_as_null=False)
    types = flat.unique(maintain_order=True)
    length = types.str.len_chars().to_numpy().astype(np.float32)
    single = np.flatnonzero(length == 1)
    marks = types.gather(single)
    kinds = {}
    for name, pattern in KINDS.items():
        if pattern.startswith("^[") and pattern.endswith("]$"):  # one character: few types have one
            kinds[name] = np.zeros(len(types), np.float32)
            kinds[name][single] = marks.str.contains(pattern).to_numpy()
        else:
            kinds[name] = types.str.contains(pattern).to_numpy().astype(np.float32)
    return Tokens(
        row=np.repeat(np.arange(len(body)), count),
        type=flat.cast(pl.Enum(types)).to_physical().to_numpy().astype(np.int64),
        first=np.cumsum(count) - count,
        count=count,
        types=types.str.to_lowercase(),
        kinds=kinds,
        length=length,
    )


def sum_ranges(values: np.ndarray, first: Ints, count: Ints) -> Floats:
    """Return the sums of `values` over the ranges [first, first + count); 0 for an empty range."""
    running = np.zeros(len(values) + 1)
    np.cumsum(values, out=running[1:])
    total: Floats = (running[first + count] - running[first]).astype(np.float32)
    return total


def sum_consecutive(values: Floats, first: Ints, count: Ints) -> Floats:
    """Return the result of :func:`sum_ranges` for ranges that follow one another and cover all values: faster,
    exact.
    """
    total = np.zeros(len(count), np.float32)
    some = count > 0
    if some.any():
        total[some] = np.add.reduceat(values, first[some])
    return total
