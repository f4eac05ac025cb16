"""Verify a pair of texts: is one a near copy of the other, does one contain the other, or neither?

All conditions must hold together. They were found on ../shared/eval/dedup/news_pairs_dev.jsonl (124 read pairs of wire
copy) and on synthetic families and templates of three seeds and two vocabularies (gen_corpus.py); `python -m
benchmarks.dedupe` repeats the figures. Five folds over the real pairs, ten shuffles: precision 0.960, recall 0.965, F1
0.962. The two sets differ: real copies rewrite phrases, synthetic ones swap words one for one and move sentences, so
PHRASES acts on the real pairs alone, NUMBERS and SWAPPED on the synthetic ones. Weights for the same measures (logistic
regression) reached only 0.92. A conflict of names says nothing, because copies respell names.
"""

from collections.abc import Callable

import polars as pl

from copydesk.transforms.arrays import Ints
from copydesk.transforms.dedupe.alignment import align
from copydesk.transforms.dedupe.corpus import Corpus

#: The share of the words of one of the two texts that the other must have, plus that many words: of a text below 12
#: words every one. Real F1 is the same from 0.55 to 0.65 and from 5 to 10 words.
COVERED, COVERED_WORDS = 0.55, 5.0
#: Rewritten phrases per 100 words; a rewrite has more. The same from 1.05 to 1.3; at 2 F1 is 0.918.
PHRASES = 1.05
#: The share of a text's numbers that are in gaps, from which on the two texts report other facts. The same from 0.10
#: to 0.20; at 0.25 precision is 0.948.
NUMBERS = 0.20
#: One number swapped for another is allowed per that many words (a misprint, a correction), in fewer words none.
WORDS_A_NUMBER = 300
#: The longest rewritten stretch, as a share of the shorter text: a common template around another body has a longer
#: one.
GAP = 0.25
#: The share of the words that may be swapped one for one: a tenth of 100 words, 0.15 of long texts. A template with
#: other names swaps more.
SWAPPED, SWAPPED_LEAST, SWAPPED_WORDS = 0.15, 0.05, 2000
#: One text contains the other if the smaller of their covered shares is below INSIDE of the larger one, or if the
#: larger is at least WHOLE and the smaller below MORE.
INSIDE, WHOLE, MORE = 0.6, 0.95, 0.85


def verify(corpus: Corpus, one: Ints, other: Ints) -> pl.DataFrame:
    """Return PAIRS, one row per pair of texts of `corpus`, given by their numbers; kind is null for unrelated texts."""
    most, least = (
        horizontal("covered_one", "covered_other") for horizontal in (pl.max_horizontal, pl.min_horizontal)
    )
    words = pl.col("words")
    is_copy = (
        ((most + pl.col("swapped")).clip(0, 1) >= COVERED + COVERED_WORDS / words)
        & (pl.col("phrases") <= PHRASES)
        & (pl.col("conflicts") <= words // WORDS_A_NUMBER)
        & (pl.col("numbers") < NUMBERS)
        & (pl.col("gap") <= GAP)
        & (pl.col("swapped") <= pl.min_horizontal(SWAPPED, SWAPPED_LEAST + words / SWAPPED_WORDS))
    )
    is_inside = (least < INSIDE * most) | ((most >= WHOLE) & (least < MORE))
    kind = (
        pl.when((pl.col("similarity") == 1) | (is_copy & ~is_inside))
        .then(pl.lit("near"))
        .when(is_copy)
        .then(pl.lit("contained"))
    )
    measured = pl.DataFrame(align(corpus, one, other))
    return measured.select(
        kind=kind, similarity="similarity", containment="in_one", other_containment="in_other"
    )


def verifier(corpus: Corpus) -> Callable[[pl.Series, pl.Series], pl.DataFrame]:
    """Return the function that verifies pairs of texts of `corpus`, given by their text_keys: see :func:`verify`."""

    def compare(one: pl.Series, other: pl.Series) -> pl.DataFrame:
        return verify(corpus, corpus.numbers(one), corpus.numbers(other))

    return compare
