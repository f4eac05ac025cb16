"""Features of a line's position in its document and of the lines around it. Windows never cross into another
document.
"""

import numpy as np

from copydesk.transforms.arrays import Floats
from copydesk.transforms.line_model.document_bounds import DocumentBounds

#: A line of at least so many words that ends as a sentence is surely prose: these are the landmarks of a page.
LANDMARK = 12


def compute_position_features(own: dict[str, Floats], bounds: DocumentBounds) -> dict[str, Floats]:
    """Return where the line is in its document, by lines, by words, and by landmarks of prose."""
    place = np.arange(len(bounds.start))
    above, n_lines = (place - bounds.start).astype(np.float32), (bounds.end - bounds.start).astype(np.float32)
    words = own["n_words"]
    landmark = (words >= LANDMARK) & (own["ends_stop"] > 0)
    prose = np.where(landmark, words, 0).astype(np.float32)
    all_words, all_prose = bounds.sum_document(words), bounds.sum_document(prose)
    prose_above = bounds.sum_above(prose) / np.maximum(all_prose, 1)
    up, down = bounds.distance_to(landmark)
    short = words < 8
    change = np.concatenate([[True], (short[1:] != short[:-1]) | (bounds.start[1:] != bounds.start[:-1])])
    run = np.cumsum(change) - 1
    return {
        "line_share": above / np.maximum(n_lines, 1),
        "lines_above": above,
        "lines_below": n_lines - 1 - above,
        "n_lines": n_lines,
        "words_above": bounds.sum_above(words) / np.maximum(all_words, 1),
        "prose_above": prose_above,
        "prose_below": 1 - prose_above - prose / np.maximum(all_prose, 1),
        "page_words": all_words,
        "prose_words": all_prose,
        "prose_share": all_prose / np.maximum(all_words, 1),
        "to_prose_above": up,
        "to_prose_below": down,
        "run": np.where(short, 1, -1) * np.bincount(run, minlength=1)[run].astype(np.float32),
        "prose_near": bounds.window_mean(prose, -2, 2),
        "prose_round": bounds.window_mean(prose, -6, 6),
    }


def compute_neighbour_features(own: dict[str, Floats], bounds: DocumentBounds) -> dict[str, Floats]:
    """Return the features of the surrounding lines: of single lines up to three away, and of windows up to
    twelve lines.
    """
    found: dict[str, Floats] = {}
    for name in ("n_words", "ends_stop", "title_share", "function_share"):
        for by in (-3, -2, -1, 1, 2, 3):
            found[f"{name}@{by}"] = bounds.shift(own[name], by)
    for name in (
        "date_shape",
        "ends_dots",
        "n_pipe",
        "n_quote",
        "caps_share",
        "ends_colon",
        "n_stop",
        "address_words",
    ):
        for by in (-1, 1):
            found[f"{name}@{by}"] = bounds.shift(own[name], by)
    density = np.minimum(own["n_words"], 60)
    for name, values in (
        ("density", density),
        ("title", own["title_share"]),
        ("functions", own["function_words"]),
    ):
        for low, high in ((-2, 2), (-12, -1), (1, 12), (-5, 5)):
            found[f"{name}[{low},{high}]"] = bounds.window_mean(values, low, high)
    return found
