"""The corpus: texts by number and key, whatever parts they came in."""

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import TOKEN_HASHES, empty
from copydesk.transforms.dedupe.corpus import to_corpus, to_token_hashes
from copydesk.transforms.text.hashing import hash_words
from tests.transforms.dedupe.texts import spell

WORDS = [spell(number) + "x" for number in range(1000, 1400)]


@pytest.mark.parametrize("n_words", [0, 90, 1000])
def test_a_corpus_knows_its_texts_by_their_keys(n_words: int):
    bodies = [" ".join(WORDS[at : at + 5]) for at in range(20)]
    cuts = (bodies[:0], bodies[:7], bodies[:0], bodies[7:8], bodies[8:], bodies[:0])
    parts = [to_token_hashes(hash_words(pl.Series(some, dtype=pl.String))) for some in cuts]
    corpus = to_corpus(parts, n_words)
    assert corpus.token_hash.tolist() == hash_words(pl.Series(bodies)).code.tolist()
    keys = pl.concat(parts)["text_key"]
    assert corpus.numbers(keys.reverse()).tolist() == list(range(20))[::-1]
    assert np.diff(corpus.first).tolist() == [7] * 20  # five words and two sentinels
    assert to_corpus([]).numbers(keys.clear()).tolist() == []


def test_token_hashes_are_the_bytes_of_the_words_with_two_sentinels():
    words = hash_words(pl.Series(["14 tons", ""]))
    found = to_token_hashes(words)
    expected = [(words.key[0], words.code[:4].tobytes()), (words.key[1], words.code[4:].tobytes())]
    assert_frame_equal(found, pl.DataFrame(expected, schema=TOKEN_HASHES, orient="row"))
    assert [len(each) for each in found["token_hashes"]] == [16, 8]
    assert_frame_equal(to_token_hashes(hash_words(pl.Series([], dtype=pl.String))), empty(TOKEN_HASHES))
