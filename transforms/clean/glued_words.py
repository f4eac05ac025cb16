"""Glued words: two words that a scraper ran together where it dropped a link. Each repair inserts one space.

A noisy-channel model: "countriesdo" is either one word that no list contains, or two words that lost their
space. The evidence: how common the two parts are, whether the document writes them apart elsewhere, and how
readily they form longer words. Word frequencies are wordfreq's (R. Speer, 2022). The weights are logistic
regressions, one for each shape of split, fitted and measured by `python -m benchmarks.unglue`.
"""

import io
import tomllib
from typing import NamedTuple

import numpy as np
import polars as pl

from copydesk.transforms.clean.split_evidence import count_evidence
from copydesk.transforms.clean.split_features import (
    AFFIXES,
    DOCUMENT_FEATURES,
    FEATURES,
    WORD_FEATURES,
    add_word_features,
)
from copydesk.transforms.clean.word_frequencies import look_up_frequencies
from copydesk.transforms.clean.word_splits import PUNCTUATION, SHAPES, find_splits, find_words
from copydesk.transforms.contract import EDITS, as_edits, empty
from copydesk.transforms.text.lines import find_spans

#: Two words around a mark whose space was lost: "closed.The", the end of a sentence and a capitalised word that often
#: begins one; "bar,an", two common words in lower case. By rule: a test that costs little, the pattern (before, word,
#: mark, word), and the minimum Zipf values of the two words. 5.75 admits the words that often begin a sentence and
#: excludes those that name methods and files ("file.Close", "user.Name").
_JOINS = {
    "glued_sentences": (
        r"\p{Ll}[.!?][”’)]?\p{Lu}",
        r"^(\p{P}*)(\p{Lu}?\p{Ll}{3,})([.!?][”’)]?)(\p{Lu}\p{Ll}*(?:['’]\p{Ll}+)?)\p{P}*$",
        (3.0, 5.75),
    ),
    "glued_clauses": (
        r"\p{Ll},\p{Ll}",
        r"^(\p{P}*)(\p{Lu}?\p{Ll}{2,})(,)(\p{Ll}+(?:['’]\p{Ll}+)?)\p{P}*$",
        (3.0, 4.5),
    ),
}


class GluedWords(NamedTuple):
    """What the repair knows besides wordfreq: the three files of `seeds/unglue` (model.toml, affixes.csv,
    brands.txt).
    """

    thresholds: dict[str, float]  # by language: the minimum probability of a proposed split
    letters: dict[str, str]  # by language: the single letters that are words
    clitics: dict[str, str]  # by language: a pattern of the "a|b" that are one word
    weights: np.ndarray  # (shapes, features + 1): the last is the constant
    affixes: pl.DataFrame  # AFFIXES
    brands: pl.Series  # tokens with an inner capital that are one word


def read_glued_words(toml: str, affixes: str, brands: str) -> GluedWords:
    """Parse the resources of :func:`propose_splits` from the text of the three seed files.

    Raises ValueError if a setting or the weight of a feature is missing, or if the TOML is invalid.
    """
    settings = tomllib.loads(toml)
    try:
        weights = [
            [settings["weights"][name][shape] for name in (*FEATURES, "constant")]
            for shape in range(len(SHAPES))
        ]
        return GluedWords(
            {lang: float(value) for lang, value in settings["thresholds"].items()},
            dict(settings["letters"]),
            dict(settings["clitics"]),
            np.array(weights, dtype=np.float64),
            pl.read_csv(io.StringIO(affixes), schema=AFFIXES),
            pl.Series(brands.split(), dtype=pl.String),
        )
    except (KeyError, IndexError) as error:
        raise ValueError(f"glue settings: {error} is missing") from error


def propose_splits(lines: pl.DataFrame, langs: pl.DataFrame, glue: GluedWords) -> pl.DataFrame:
    """Propose a space (an insertion: start == end) where two words of LINES are glued; return EDITS, sorted.

    `langs` are doc_id and lang (ISO 639-1); documents in a language without a threshold stay unchanged. Three
    rules: `glued_words`, scored with the model's probability, `glued_sentences` ("closed.The") and `glued_clauses`
    ("bar,an").
    """
    wanted = langs.filter(pl.col("lang").is_in(list(glue.thresholds))).select("doc_id", "lang")
    by_lang = lines.join(wanted, on="doc_id", maintain_order="left").partition_by("lang", as_dict=True)
    proposals = [_propose(part, str(lang), glue) for (lang,), part in by_lang.items()]
    return pl.concat([empty(EDITS), *proposals]).sort("doc_id", "start")


def _propose(lines: pl.DataFrame, lang: str, glue: GluedWords) -> pl.DataFrame:
    """Propose splits in the lines of one language."""
    chunks, words = find_words(lines, lang)
    accepted = pl.concat([_score_splits(chunks, words, lang, glue), _find_lost_spaces(chunks, words, lang)])
    hits = (
        chunks.filter(pl.col("key").is_in(accepted["key"].implode()))
        .join(accepted, on=["doc", "key"])
        .sort("row")
    )
    # only the few lines with a split are cut again, for the offsets of their chunks
    rows = hits["row"].unique(maintain_order=True)
    spans = find_spans(lines[rows], "[^ ]+").with_columns(key=pl.col("match").hash())
    accepted = hits.select(lines["doc_id"].gather(hits["row"]), "key", "at", "rule", "score").unique()
    at = pl.col("start") + pl.col("at")
    placed = spans.join(accepted, on=["doc_id", "key"])
    return as_edits(placed.with_columns(start=at, end=at, replacement=pl.lit(" ")))


def _score_splits(chunks: pl.DataFrame, words: pl.DataFrame, lang: str, glue: GluedWords) -> pl.DataFrame:
    """Return doc, key, at (in the chunk), rule and score of the best split of each token that passes the
    threshold.
    """
    splits = add_word_features(_find_splits(words, lang, glue), glue.affixes.filter(lang=lang))
    n_word = len(WORD_FEATURES)
    least = np.log(glue.thresholds[lang] / (1 - glue.thresholds[lang]))
    # first drop what no evidence could raise above the threshold: nearly all
    score = _weighted_sum(splits, tuple(WORD_FEATURES), np.delete(glue.weights, np.s_[n_word:-1], axis=1))
    best = score + glue.weights[:, n_word : n_word + 5].clip(0).sum(axis=1)[splits["shape"].to_numpy()]
    splits = splits.with_columns(score=pl.Series(score)).filter(pl.Series(best >= least))
    placed = count_evidence(splits, chunks, words).with_columns(**DOCUMENT_FEATURES)
    evidence = _weighted_sum(placed, tuple(DOCUMENT_FEATURES), glue.weights[:, n_word:-1])
    lead = (
        pl.col("chunk").str.len_chars() - pl.col("chunk").str.strip_chars_start(PUNCTUATION).str.len_chars()
    )
    return (
        placed.with_columns(score=pl.col("score") + pl.Series(evidence))
        .filter(pl.col("score") >= least)
        .sort("doc", "token", "score", "at", descending=[False, False, True, False])
        .unique(["doc", "token"], keep="first", maintain_order=True)
        .join(words.select("key", "chunk", "token"), on="token")
        .select(
            "doc",
            "key",
            at=pl.col("at") + lead,
            rule=pl.lit("glued_words"),
            score=(1 / (1 + (-pl.col("score")).exp())).round(4),
        )
    )


def _find_splits(words: pl.DataFrame, lang: str, glue: GluedWords) -> pl.DataFrame:
    never = r"^\b$"
    return find_splits(words, lang, glue.letters.get(lang, ""), glue.brands, glue.clitics.get(lang, never))


def compute_split_features(
    chunks: pl.DataFrame, words: pl.DataFrame, lang: str, glue: GluedWords
) -> pl.DataFrame:
    """Return doc, token, at, shape and the FEATURES of every split: the data that the model is fitted on."""
    splits = add_word_features(_find_splits(words, lang, glue), glue.affixes.filter(lang=lang))
    placed = count_evidence(splits, chunks, words).with_columns(**DOCUMENT_FEATURES)
    return placed.select("doc", "token", "at", "shape", pl.col(FEATURES).cast(pl.Float64))


def _weighted_sum(splits: pl.DataFrame, features: tuple[str, ...], weights: np.ndarray) -> np.ndarray:
    """Return the weighted sum of `features` for each split; an additional weight, if there is one, is the
    constant.

    Rounded: the last digits of a sum may depend on how many rows are summed at once, and so on the batch.
    """
    table = splits.select(pl.col(features).cast(pl.Float64)).to_numpy()
    if weights.shape[1] > len(features):
        table = np.column_stack([table, np.ones(len(splits))])
    total: np.ndarray = np.einsum("ij,ij->i", table, weights[splits["shape"].to_numpy()])
    return total.round(6)


def _find_lost_spaces(chunks: pl.DataFrame, words: pl.DataFrame, lang: str) -> pl.DataFrame:
    """Return doc, key, at, rule and score of chunks such as "closed.The", if both words are common enough."""
    return pl.concat([_find_joins(rule, *join, chunks, words, lang) for rule, join in _JOINS.items()])


def _find_joins(
    rule: str,
    likely: str,
    pattern: str,
    least: tuple[float, float],
    chunks: pl.DataFrame,
    words: pl.DataFrame,
    lang: str,
) -> pl.DataFrame:
    joins = (
        words.filter(pl.col("token").str.contains(likely))
        .select("key", parts=pl.col("chunk").str.extract_groups(pattern))
        .unnest("parts")
        .with_columns(
            at=pl.concat_str("1", "2", "3").str.len_chars().cast(pl.Int64),
            end=pl.col("2").str.to_lowercase(),
            begin=pl.col("4").str.to_lowercase(),
        )
        .drop_nulls("2")
    )
    for word, zipf in zip(("end", "begin"), least, strict=True):
        joins = joins.filter(look_up_frequencies(joins[word].hash(), lang) >= zipf)
    found = chunks.select("doc", "key").filter(pl.col("key").is_in(joins["key"].implode()))
    where = found.join(joins, on="key").unique(["doc", "key"])
    # 4 of 4 on the gold articles of ../shared/eval/clean are right (benchmarks/unglue.py --show), too few for more
    return where.select("doc", "key", "at", rule=pl.lit(rule), score=pl.lit(0.95))
