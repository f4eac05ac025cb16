"""Cohesion: how far the longer words of a line occur in other lines of its document. The words of an article
recur, those of a teaser for another story do not.
"""

from dataclasses import dataclass

import numpy as np

from copydesk.transforms.arrays import Flags, Floats, Ints
from copydesk.transforms.line_model.tokens import Tokens

#: Shorter words say little about what a text is about.
_LETTERS = 4
#: A word belongs to the article if the probabilities of the lines that contain it add up to this.
_LIKELY = 0.8


@dataclass(frozen=True)
class SharedWords:
    """The longer words of every line, once each. `row` is the line; entries of one `group` are one word of one
    document. `n_lines` is the number of lines, with and without such words.
    """

    row: Ints
    group: Ints
    n_lines: int

    def others(self, values: Floats | Flags) -> Floats:
        """Return by entry the sum of a value by line over the other lines that contain its word."""
        own = values[self.row].astype(np.float64)
        return np.bincount(self.group, own)[self.group] - own if len(own) else own

    def mean(self, values: Floats | Flags, of: Flags | None = None) -> Floats:
        """Return by line the mean of a value by entry (over the entries in `of` only); -1 for a line without
        entries.
        """
        counted = np.ones(len(self.row)) if of is None else of.astype(np.float64)
        count = np.bincount(self.row, counted, self.n_lines)
        total = np.bincount(self.row, values * counted, self.n_lines)
        mean: Floats = np.where(count > 0, total / np.maximum(count, 1), -1).astype(np.float32)
        return mean


def share_words(tokens: Tokens, doc: Ints) -> SharedWords:
    """Return the words of four letters and more; `doc` numbers the document of each line."""
    content = (tokens.kinds["word"] > 0) & (tokens.length >= _LETTERS)
    keep = np.flatnonzero(content[tokens.type])
    # document, word and line as one number: sorting such numbers is several times as fast as finding duplicates
    n_types, n_rows = np.int64(len(tokens.length) + 1), np.int64(len(tokens.count))
    row = tokens.row[keep]
    entry = np.sort((doc[row] * n_types + tokens.type[keep]) * n_rows + row)
    entry = entry[np.concatenate([[True], entry[1:] != entry[:-1]])] if len(entry) else entry
    page_word, row = np.divmod(entry, n_rows)
    new = np.concatenate([[True], page_word[1:] != page_word[:-1]]) if len(entry) else np.zeros(0, np.bool_)
    return SharedWords(row, np.cumsum(new) - 1, len(tokens.count))


def compute_cohesion(words: SharedWords, is_long: Flags) -> dict[str, Floats]:
    """Return the share of the line's words that other long lines of the document contain, and the log of how
    many do.
    """
    holders = words.others(is_long)
    return {"cohesion": words.mean(holders > 0), "cohesion_often": words.mean(np.log1p(holders))}


def compute_article_cohesion(words: SharedWords, likely: Floats) -> dict[str, Floats]:
    """Return how far the line's words occur in lines that probably belong to the article (`likely`: probability
    by line).

    * shared: share of its words that any other line contains; shared_likely: the mean probability of those
      lines;
    * in_article: share of words that likely lines contain; in_likely, in_unlikely: how many lines contain them
      (log).
    """
    n_others = words.others(np.ones(words.n_lines))
    article = np.maximum(words.others(likely), 0)
    is_shared = n_others > 0
    return {
        "shared": words.mean(is_shared),
        "shared_likely": words.mean(article / np.maximum(n_others, 1), is_shared),
        "in_article": words.mean(article > _LIKELY),
        "in_likely": words.mean(np.log1p(article)),
        "in_unlikely": words.mean(np.log1p(np.maximum(n_others - article, 0))),
    }
