"""Align two texts: which stretches both have (blocks), and what is in the gaps between the blocks.

The shingles that two texts share are laid out in the order of the first text. Shared shingles on one diagonal form a
*block*; the words between two blocks form a *gap*. A copy has few and long gaps (paragraphs cut or added); words
replaced one for one (spelling, synonyms) leave gaps of equal length. A report on the same template has gaps of equal
length that hold other numbers; a rewrite has many short gaps of unequal length. The measures here count these four.

A pair of texts of 470 words takes some 5 microseconds.
"""

import numpy as np

from copydesk.transforms._native.pairs import align as measure
from copydesk.transforms.arrays import Floats, Ints
from copydesk.transforms.dedupe.corpus import Corpus

#: Up to SLOT words, a gap of equal length on both sides is a swap. Up to PHRASE words, one of unequal length is a
#: rewritten phrase. Up to ADDED words, an insertion counts as half a phrase. From MOVED shingles on, a block that
#: moved counts as half a phrase.
SLOT, PHRASE, ADDED, MOVED = 6, 15, 8, 3
#: Texts that share a smaller part of either's shingles are not aligned.
WORTH = 0.28
#: How many times blocks in the wrong order are looked for.
_PASSES = 3
_LIMITS = {
    "worth": WORTH,
    "slot": SLOT,
    "phrase": PHRASE,
    "added": ADDED,
    "moved": MOVED,
    "passes": _PASSES,
}
MEASURES = (
    "similarity",
    "in_one",
    "in_other",
    "words",
    "covered_one",
    "covered_other",
    "swapped",
    "phrases",
    "conflicts",
    "numbers",
    "gap",
)


def align(corpus: Corpus, one: Ints, other: Ints) -> dict[str, Floats]:
    """Measure pairs of texts, given by their numbers; return one array per measure, with one value per pair.

    similarity: the Jaccard coefficient of the two texts' shingles. in_one, in_other: the share of a text's shingles
    that the other text has. words: the distinct shingles of the text that has fewer.

    The other measures are 0 for pairs that share less than WORTH. covered_one, covered_other: the share of a text's
    words that are in blocks. swapped: the share of the shorter text's words that are in swaps. phrases: rewritten
    phrases per 100 words. conflicts: swaps of one number for another. numbers: the numbers in the gaps of the text
    that has fewer there, over the numbers of the text that has fewer plus four. gap: the words of the longest
    rewritten stretch, as a share of the shorter text.
    """
    # Sorted by the other text: each is indexed once for all its pairs.
    order = np.argsort(other, kind="stable")
    found = np.empty((len(MEASURES), len(one)))
    measure(corpus.token_hash, corpus.first, one[order], other[order], _LIMITS, found)
    found[:, order] = found.copy()
    return dict(zip(MEASURES, found, strict=True))
