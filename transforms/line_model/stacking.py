"""Features of the second round of trees: the first round's probabilities of the surrounding lines."""

import numpy as np

from copydesk.transforms.arrays import Floats
from copydesk.transforms.line_model.base_features import BaseFeatures
from copydesk.transforms.line_model.cohesion import compute_article_cohesion
from copydesk.transforms.line_model.document_bounds import DocumentBounds


def compute_stacked_features(first: Floats, plain: BaseFeatures) -> dict[str, Floats]:
    """Return features of the first round's probabilities around each line, and of the lines that share its words."""
    bounds, n_words = plain.bounds, plain.features["n_words"]
    words = np.minimum(n_words, 80) + 1
    likely = first * words
    found: dict[str, Floats] = {"p": first}
    for by in (-4, -3, -2, -1, 1, 2, 3, 4):
        found[f"p@{by}"] = bounds.shift(first, by)
    for low, high in ((-1, 1), (-3, 3), (-8, 8), (-8, -1), (1, 8), (-25, -1), (1, 25)):
        share = bounds.window_mean(likely, low, high) / np.maximum(bounds.window_mean(words, low, high), 1e-6)
        found[f"p[{low},{high}]"] = share
    total = np.maximum(bounds.sum_document(likely), 1e-6)
    above = bounds.sum_above(likely)
    found |= {
        "p_above": above / total,
        "p_below": 1 - (above + likely) / total,
        "p_words": total,
        "p_share": total / np.maximum(bounds.sum_document(words), 1),
        "n_likely": bounds.sum_document((first > 0.5).astype(np.float32)),
    }
    for bound in (0.3, 0.5, 0.8):
        up, down = bounds.distance_to((first > bound) & (n_words >= 8))
        found |= {f"up>{bound}": up, f"down>{bound}": down}
    for bound in (0.1, 0.3):
        for least in (0, 3):
            up, down = bounds.distance_to((first < bound) & (n_words >= least))
            found |= {f"up<{bound},{least}": up, f"down<{bound},{least}": down}
    return found | _stretches(first, likely, bounds) | compute_article_cohesion(plain.words, first)


def _stretches(first: Floats, likely: Floats, bounds: DocumentBounds) -> dict[str, Floats]:
    """Return size and relative size of the run of likely (or unlikely) lines that contains the line."""
    low = first < 0.2
    change = (low[1:] != low[:-1]) | (bounds.start[1:] != bounds.start[:-1])
    stretch = np.cumsum(np.concatenate([[True], change])) - 1
    mass = np.bincount(stretch, likely)[stretch]
    begins, page = np.unique(bounds.start, return_inverse=True)
    greatest = np.maximum.reduceat(np.where(low, 0, mass), begins)[page]
    signed = np.where(low, -mass, mass)
    return {
        "stretch_words": signed.astype(np.float32),
        "stretch_lines": np.bincount(stretch)[stretch].astype(np.float32),
        "stretch_share": (signed / np.maximum(greatest, 1e-3)).astype(np.float32),
    }
