"""The verdict on a pair of texts: is one a copy of the other, does one hold the other, or neither?

All conditions must hold together. They were found on ../shared/eval/dedup/news_pairs_dev.jsonl (124 read pairs of wire
copy) and on synthetic families and templates of three seeds and two vocabularies (gen_corpus.py); `python -m
benchmarks.dedupe` repeats the figures. Five folds over the real pairs, ten shuffles: precision 0.960, recall 0.965, F1
0.962. The two sets differ: real copies rewrite phrases, synthetic ones swap words one for one and move sentences, so
PHRASES acts on the real pairs alone, NUMBERS and SWAPPED on the synthetic ones. Weights for the same measures (logistic
regression) reached 0.92 only; a conflict of names says nothing, because copies spell names anew.
"""

import polars as pl

from copydesk.transforms.arrays import Ints
from copydesk.transforms.dedupe.alignment import Corpus, align

#: Of the words of one of the two texts, the share that the other must have, and that many words more: of a text below
#: 12 words every one. Real F1 is the same from 0.55 to 0.65 and from 5 to 10 words.
COVERED, COVERED_WORDS = 0.55, 5.0
#: Rewritten phrases in a hundred words, of which a rewrite has more. The same from 1.05 to 1.3; at 2 F1 is 0.918.
PHRASES = 1.05
#: The share of a text's numbers that stand in gaps, from which the two report other facts. The same from 0.10 to 0.20;
#: at 0.25 precision is 0.948.
NUMBERS = 0.20
#: One number that was swapped for another is forgiven in that many words (a misprint, a correction); in fewer none.
WORDS_A_NUMBER = 300
#: The longest rewritten stretch, as a share of the shorter text: a common frame around another body has a longer one.
GAP = 0.25
#: The share of the words that may be swapped one for one: of 100 words a tenth, of long texts 0.15. A template with
#: other names swaps more.
SWAPPED, SWAPPED_LEAST, SWAPPED_WORDS = 0.15, 0.05, 2000
#: One text holds the other where it has this much less of it than the other way round, or has it all.
INSIDE, WHOLE, MORE = 0.6, 0.95, 0.85


def verify(corpus: Corpus, one: Ints, other: Ints) -> pl.DataFrame:
    """Return PAIRS, a row a pair of texts of `corpus`, given by their numbers; kind is null for other matters."""
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
