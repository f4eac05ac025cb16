"""Selection of the lines to keep, given their probabilities: those that maximise the document's expected F score."""

import numpy as np

from copydesk.transforms.arrays import Flags, Floats
from copydesk.transforms.line_model.document_bounds import DocumentBounds


def select_lines(
    probability: Floats, n_words: Floats, bounds: DocumentBounds, beta2: Floats | float, floor: float
) -> Flags:
    """Return which lines to keep: those that maximise the document's expected F score, none below `floor`.

    With the lines in descending order of probability p and with words w, keeping the first k has the expected
    score (1 + beta2) * sum(p w over k) / (sum(w over k) + beta2 * sum(p w over all)) (Lewis 1995); `beta2` is
    one number, or one per line, equal within a document. A page of which the model is sure is cut at about one
    half, an unusual one lower, so that a poem or a list is not lost.
    """
    words = n_words + 1
    order = np.lexsort((-probability, bounds.start))
    start = bounds.start
    kept_words = bounds.sum_above(words[order]) + words[order]
    kept_likely = bounds.sum_above((probability * words)[order]) + (probability * words)[order]
    expected = kept_likely / (
        kept_words + np.broadcast_to(beta2, words.shape)[order] * bounds.sum_document(probability * words)
    )
    begins = np.unique(start)
    greatest = np.maximum.reduceat(expected, begins)
    page = np.searchsorted(begins, start)
    is_best = expected >= greatest[page]
    cut = np.full(len(begins), 1.0)
    np.minimum.at(cut, page[is_best], probability[order][is_best])
    keep: Flags = (probability >= cut[page]) & (probability >= floor)
    return keep
