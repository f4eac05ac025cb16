"""Words as all stages count and compare them."""

import polars as pl

from copydesk.transforms.text.patterns import UNSPACED

#: A run of letters and digits, or one character of an unspaced script.
WORD = rf"[{UNSPACED}]|[\p{{L}}\p{{N}}][\p{{L}}\p{{N}}\p{{M}}'’]*"


def fold_words(text: pl.Expr) -> pl.Expr:
    """Lower-case `text` and turn everything but letters and digits into single spaces."""
    return text.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}\p{M}]+", " ").str.strip_chars(" ")
