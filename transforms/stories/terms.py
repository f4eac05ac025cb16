"""Weighted terms of a document in four blocks of unit length: all words, names, figures, and pairs of words.

The weight of a word comes from a frozen background (wordfreq), not from other documents: the terms of a document
depend on the document alone, and are computed once. The loops over documents and words are in Python, because whether
a capital letter makes a name depends on the words before it: 2 ms per document of 440 words, once per document.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from zlib import crc32

import polars as pl
from wordfreq import available_languages, zipf_frequency

from copydesk.transforms.arrays import Ints
from copydesk.transforms.contract import TERMS

#: The weight of each block in the similarity. Measured on ../shared/eval/stories (`python -m benchmarks.stories`) by
#: five folds over topics, jointly over seven variants of the set: without pairs B-cubed F1 is 0.883 instead of 0.944,
#: without names 0.891, without figures 0.904, without words 0.922.
SHARES = {"word": 2, "name": 2, "figure": 1, "pair": 3}
#: Words read per document: bounds its cost.
READ = 1000
#: Letters kept of a word, instead of a stemmer for every language.
STEM = 6
#: More frequent words ("is", "about") make no pairs; every word of a language without a frequency list has ZIPF.
COMMON, ZIPF, LEAST_ZIPF, MOST_ZIPF = 6.0, 3.5, 1.0, 7.0
_WORD = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?:;\"“”«»„¡¿]|``|''")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
#: wordfreq needs a segmenter for these.
_UNLISTED = {"zh", "ja", "ko"}

_BLOCK_BITS = 3

type Token = tuple[str, bool]


def block_numbers(terms: Ints) -> Ints:
    """Return the number of the block (its place in SHARES) of each of `terms`."""
    return terms & _BLOCK_BITS


def compute_terms(documents: pl.DataFrame) -> pl.DataFrame:
    """Return the TERMS of documents (doc_id, title, text, lang).

    The product of two documents is the weighted mean of the four cosines of their blocks, 0 to 1. The lowest two bits
    of a term are the number of its block.
    """
    texts = documents.select(
        "doc_id",
        pl.concat_str(pl.col("title").fill_null(""), "text", separator="\n"),
        pl.col("lang").fill_null(""),
    )
    rows = [(doc_id, *_weight_terms(tokens(text)[:READ], lang)) for doc_id, text, lang in texts.iter_rows()]
    return pl.DataFrame(rows, schema=TERMS, orient="row")


def tokens(text: str) -> list[Token]:
    """Return the words of `text` in lower case, each with whether it is a name: capitalised inside a sentence, and
    not in a line in title case. In scripts without spaces words are pairs of characters.
    """
    found: list[Token] = []
    for line in text.split("\n"):
        words = list(_WORD.finditer(line))
        long = [word.group() for word in words if word.group()[0].isalpha() and word.end() - word.start() > 3]
        in_title_case = len(long) > 2 and sum(word[0].isupper() for word in long) > 0.7 * len(long)
        before = 0
        for number, match in enumerate(words):
            word, opens = match.group(), number == 0 or _SENTENCE_END.search(line, before, match.start())
            before = match.end()
            if _UNSPACED.match(word):
                found.extend((word[at : at + 2], False) for at in range(max(len(word) - 1, 1)))
            else:
                is_name = word[0].isupper() and not opens and not in_title_case
                found.append((re.sub(r"['’]s$", "", word.lower()), is_name))
    return found


def _weight_terms(words: list[Token], lang: str) -> tuple[list[int], list[float]]:
    weights: dict[int, float] = {}
    for name, block in _blocks(words, lang):
        share = SHARES[name] / sum(SHARES.values())
        length = math.sqrt(sum(weight * weight for weight in block.values()) / share)
        for term, weight in block.items():
            key = crc32(term.encode()) & ~_BLOCK_BITS | list(SHARES).index(name)
            weights[key] = weights.get(key, 0.0) + weight / length
    keys = sorted(weights)
    return keys, [weights[key] for key in keys]


def _blocks(words: list[Token], lang: str) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield the name of each block and the weights of its terms."""
    count = Counter(word for word, _ in words)
    named = Counter(word for word, is_name in words if is_name)
    zipf = {word: _zipf(word, lang) for word in count}
    stems: Counter[str] = Counter()
    rarest: dict[str, float] = {}
    for word, n in count.items():
        stem = word[:STEM] if word[0].isalpha() else word
        stems[stem] += n
        rarest[stem] = max(rarest.get(stem, LEAST_ZIPF), zipf[word])
    rare = [(at, word[: STEM - 1]) for at, (word, _) in enumerate(words) if zipf[word] < COMMON]
    pairs = Counter(f"{a} {b}" for (i, a), (j, b) in pairwise(rare) if j - i <= 2)
    yield "word", {stem: _weight(n, rarest[stem]) for stem, n in stems.items() if rarest[stem] < MOST_ZIPF}
    yield (
        "name",
        {word: _weight(count[word], zipf[word]) for word, n in named.items() if 2 * n >= count[word]},
    )
    yield "figure", {word: _weight(n, zipf[word]) for word, n in count.items() if word[0].isdigit()}
    yield "pair", {pair: 1 + math.log(n) for pair, n in pairs.items()}


def _weight(n: int, zipf: float) -> float:
    return (1 + math.log(n)) * math.pow(max(MOST_ZIPF - zipf, 0.01), 0.7)


@lru_cache(1 << 18)
def _zipf(word: str, lang: str) -> float:
    """Return the Zipf frequency of a word: 7 is "the", 1 is once in a hundred million words."""
    return max(zipf_frequency(word, lang), LEAST_ZIPF) if lang in _listed() else ZIPF


@cache
def _listed() -> frozenset[str]:
    return frozenset(available_languages()) - _UNLISTED
