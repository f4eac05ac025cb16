"""How far the longer words of a line stand in other lines of its document: an article holds together, a teaser for
another story does not.
"""

from dataclasses import dataclass

import numpy as np

from copydesk.transforms.arrays import Flags, Floats, Ints
from copydesk.transforms.line_model.tokens import Tokens

#: A shorter word says little about what a text is about.
_LETTERS = 4
#: A word is the article's when lines that sum up to this probability hold it.
_LIKELY = 0.8


@dataclass(frozen=True)
class SharedWords:
    """The longer words of every line, once each: `row` is the line; entries of one `group` are one word of a document.

    `n_lines` is the number of lines, with and without such words.
    """

    row: Ints
    group: Ints
    n_lines: int

    def others(self, values: Floats | Flags) -> Floats:
        """Return by entry the sum of a value by line over the other lines that hold its word."""
        own = values[self.row].astype(np.float64)
        return np.bincount(self.group, own)[self.group] - own if len(own) else own

    def mean(self, values: Floats | Flags, of: Flags | None = None) -> Floats:
        """Return by line the mean of a value by entry (`of` some entries only); -1 where it has none."""
        counted = np.ones(len(self.row)) if of is None else of.astype(np.float64)
        count = np.bincount(self.row, counted, self.n_lines)
        total = np.bincount(self.row, values * counted, self.n_lines)
        mean: Floats = np.where(count > 0, total / np.maximum(count, 1), -1).astype(np.float32)
        return mean


def share_words(tokens: Tokens, doc: Ints) -> SharedWords:
    """Return the words of four letters and more; `doc` numbers the document of each line."""
    content = (tokens.kinds["word"] > 0) & (tokens.length >= _LETTERS)
    keep = np.flatnonzero(content[tokens.type])
    # document, word and line as one number: sorting such numbers is several times as fast as looking for doubles
    n_types, n_rows = np.int64(len(tokens.length) + 1), np.int64(len(tokens.count))
    row = tokens.row[keep]
    entry = np.sort((doc[row] * n_types + tokens.type[keep]) * n_rows + row)
    entry = entry[np.concatenate([[True], entry[1:] != entry[:-1]])] if len(entry) else entry
    page_word, row = np.divmod(entry, n_rows)
    new = np.concatenate([[True], page_word[1:] != page_word[:-1]]) if len(entry) else np.zeros(0, np.bool_)
    return SharedWords(row, np.cumsum(new) - 1, len(tokens.count))


def compute_cohesion(words: SharedWords, is_long: Flags) -> dict[str, Floats]:
    """Return the share of the line's words that other long lines of the document hold, and how many do (log)."""
    holders = words.others(is_long)
    return {"cohesion": words.mean(holders > 0), "cohesion_often": words.mean(np.log1p(holders))}


def compute_article_cohesion(words: SharedWords, likely: Floats) -> dict[str, Floats]:
    """Return how far the line's words stand in lines that are likely the article's (`likely`, a probability by line).

    shared: the share of its words that any other line holds; shared_likely: the mean probability of these lines;
    in_article: the share of words that likely lines hold; in_likely, in_unlikely: how many hold them (log).
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
