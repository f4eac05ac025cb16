"""Words, as every stage counts and compares them."""

import polars as pl

from copydesk.transforms.text.patterns import UNSPACED

#: A run of letters and digits; one character each for scripts that write no spaces.
WORD = rf"[{UNSPACED}]|[\p{{L}}\p{{N}}][\p{{L}}\p{{N}}\p{{M}}'’]*"


def fold_words(text: pl.Expr) -> pl.Expr:
    """Lower-case `text` and turn everything but letters and digits into single spaces."""
    return text.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}\p{M}]+", " ").str.strip_chars(" ")
