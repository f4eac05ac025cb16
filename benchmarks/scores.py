"""The two metrics of extraction: bags of 4-word shingles, and bags of words."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

#: A word, as the metric counts words.
WORD = re.compile(r"\w+")


class Scores(NamedTuple):
    """Precision, recall and F1 by 4-word shingles (p, r, f1) and by words (token_p, token_r, token_f1), 0 to 1."""

    p: float
    r: float
    f1: float
    token_p: float
    token_r: float
    token_f1: float


def score_texts(golds: list[list[str]], texts: list[str]) -> Scores:
    """Score `texts` against `golds`, which lists the accepted articles of each page.

    As in the article-extraction-benchmark of Scrapinghub (2020): shingles of 4 words, case kept; P is the mean over the
    pages with any text, R over all pages, F1 of these two. Words: lower case, P, R and F1 a page, then their means.
    Of several accepted articles the one with the best shingle F1 counts. Raises ValueError for lists of unlike length.
    """
    pages = [_score_page(accepted, text) for accepted, text in zip(golds, texts, strict=True)]
    if not pages:
        raise ValueError("no page to score")
    shingle, token = [page[0] for page in pages], [page[1] for page in pages]
    some = [page for page, text in zip(shingle, texts, strict=True) if WORD.search(text)]
    p, r = _mean([page[0] for page in some]), _mean([page[1] for page in shingle])
    return Scores(p, r, f1(p, r), *(_mean([page[at] for page in token]) for at in range(3)))


def shingles(words: list[str]) -> Counter[tuple[str, ...]]:
    """Return the bag of 4-word shingles of `words`; fewer than four are one shingle."""
    if len(words) < 4:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[start:] for start in range(4)), strict=False))


def words_of(text: str) -> tuple[list[str], Counter[tuple[str, ...]]]:
    """Return the words of `text`, and their bag of 4-word shingles."""
    words = WORD.findall(text)
    return words, shingles(words)


def f1(p: float, r: float) -> float:
    """Return the harmonic mean of `p` and `r`, 0 where both are."""
    return 2 * p * r / (p + r) if p + r else 0.0


def _score_page(accepted: list[str], text: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    words = WORD.findall(text)
    found = shingles(words)
    best, gold = max(
        ((_compare(shingles(gold := WORD.findall(article)), found), gold) for article in accepted),
        key=lambda scored: scored[0][2],
    )
    return best, _compare(Counter(map(str.lower, gold)), Counter(map(str.lower, words)))


def _compare[Item](gold: Counter[Item], found: Counter[Item]) -> tuple[float, float, float]:
    if not gold and not found:
        return 1.0, 1.0, 1.0
    hit = (gold & found).total()
    p, r = hit / max(found.total(), 1), hit / max(gold.total(), 1)
    return p, r, f1(p, r)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def b_cubed(gold: Sequence[str], found: Sequence[str]) -> tuple[float, float, float]:
    """Return B-cubed precision, recall and F1 of two clusterings of the same items (Bagga and Baldwin 1998)."""
    of_gold, of_found, of_both = Counter(gold), Counter(found), Counter(zip(gold, found, strict=True))
    p = sum(n * n / of_found[b] for (_, b), n in of_both.items()) / len(gold)
    r = sum(n * n / of_gold[a] for (a, _), n in of_both.items()) / len(gold)
    return p, r, f1(p, r)
