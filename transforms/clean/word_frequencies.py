"""Word frequencies: wordfreq's lists (R. Speer, 2022) as frames, looked up by the 64-bit hashes of the words."""

from functools import cache

import numpy as np
import polars as pl
import wordfreq

#: Languages whose common words are never split in a text of another language.
QUOTED = ("de", "es", "fr", "it", "nl", "pt")
#: wordfreq's code for Norwegian is that of its main written form.
_LISTS = {"no": "nb"}


@cache
def load_word_list(lang: str) -> pl.DataFrame:
    """Return wordfreq's largest list of a language: word (lower case), zipf and id (its hash), sorted by id."""
    centibels = wordfreq.read_cBpack(wordfreq.available_languages()[_LISTS.get(lang, lang)])
    zipf = np.repeat(9 - np.arange(len(centibels)) / 100, [len(words) for words in centibels])
    words = pl.DataFrame({"word": [word for words in centibels for word in words], "zipf": zipf})
    return words.with_columns(id=pl.col("word").hash()).sort("id")


@cache
def load_quoted_words() -> pl.Series:
    """Return the sorted ids of words that texts of other languages quote: wordfreq's short lists, one in a
    million words or more.
    """
    lists = wordfreq.available_languages("small")
    words = [word for lang in QUOTED for words in wordfreq.read_cBpack(lists[lang]) for word in words]
    return pl.Series(words).hash().unique().sort()


def look_up_frequencies(ids: pl.Series, lang: str) -> pl.Series:
    """Return the Zipf value of each word id, null if it is not listed. For few words this is faster than a join."""
    listed = load_word_list(lang)
    places = listed["id"].search_sorted(ids).clip(0, len(listed) - 1)
    return listed["zipf"].gather(places).set(listed["id"].gather(places) != ids, None)


def is_listed(ids: pl.Series, listed: pl.Series) -> pl.Series:
    """Return for each id whether the sorted list contains it."""
    return listed.gather(listed.search_sorted(ids).clip(0, len(listed) - 1)) == ids


def zipf_values(words: pl.Series, langs: pl.Series) -> pl.Series:
    """Return the Zipf value of each word in the language beside it: 0 for other words, null without a list."""
    frame = pl.DataFrame({"id": words.str.to_lowercase().hash(), "lang": langs})
    frame = frame.with_columns(zipf=pl.lit(None, pl.Float64))
    for lang in langs.drop_nulls().unique():
        if _LISTS.get(lang, lang) in wordfreq.available_languages():
            listed = look_up_frequencies(frame["id"], lang).fill_null(0)
            frame = frame.with_columns(zipf=pl.when(lang=lang).then(listed).otherwise("zipf"))
    return frame["zipf"]
