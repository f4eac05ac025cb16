"""Glue: two words that a scraper ran together where it dropped a link. Each repair inserts one space.

A noisy channel: "countriesdo" is one word that no list holds, or two words that lost their space. How common the
two parts are, whether the document writes them apart elsewhere, and how readily they build longer words decide.
Word frequencies are wordfreq's (R. Speer, 2022). The weights are logistic regressions, one for each shape of split,
fitted and measured by `python -m benchmarks.unglue`.
"""

import io
import tomllib
from typing import NamedTuple

import numpy as np
import polars as pl

from copydesk.transforms.clean.word_splits import (
    PUNCTUATION,
    SHAPES,
    count_words,
    find_splits,
    find_words,
    look_up,
)
from copydesk.transforms.contract import EDITS, as_edits, empty
from copydesk.transforms.text.lines import find_spans

#: "closed.The": a lower-case word, the end of its sentence, a capitalised word.
_JOIN = r"^(\p{P}*)(\p{Ll}{3,})([.!?][”’)]?)(\p{Lu}\p{Ll}*(?:['’]\p{Ll}+)?)\p{P}*$"
#: Zipf values that the two words of a join need. 5.75 leaves the words that often begin a sentence and leaves out
#: those that name methods and files ("file.Close", "user.Name").
JOIN_LEFT, JOIN_RIGHT = 3.0, 5.75
AFFIXES = {"lang": pl.String, "word": pl.String, "starts": pl.Int64, "ends": pl.Int64}


def _over(column: str, *knots: float) -> dict[str, pl.Expr]:
    """Hinges: how far a column lies over each knot, so that the score can bend there."""
    return {f"{column} over {knot:g}": (pl.col(column) - knot).clip(0, None) for knot in knots}


def _where(condition: pl.Expr, value: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(value).otherwise(0.0)


_LEFT, _RIGHT = pl.col("left"), pl.col("right")
_TITLED = _RIGHT.str.contains(r"^\p{Lu}\p{Ll}")
_CAPITALS = _RIGHT.str.contains(r"^\p{Lu}{2,}$")
_CAMEL = r"\p{Ll}\p{Lu}|\p{Lu}\p{Lu}\p{Ll}"
#: What the word itself says of a split.
_WORD: dict[str, pl.Expr] = {
    **_over("z_a", 0, 1, 2.5, 4, 5.5),
    **_over("z_b", 0, 1, 2.5, 4, 5.5),
    **_over("z_min", 0, 1, 2, 3, 4),
    **_over("z_t", 0, 0.5, 1.5),
    **_over("z_stem", 0, 1),
    **_over("n_chars", 0, 7, 10),
    **_over("chars_a", 1, 2, 3, 5),
    **_over("chars_b", 1, 2, 3, 5),
    **_over("log_starts", 0, 1, 3),
    **_over("log_ends", 0, 1, 3),
    "common a that begins no word": _where(pl.col("log_starts") == 0, (pl.col("z_a") - 4).clip(0, None)),
    "common b that ends no word": _where(pl.col("log_ends") == 0, (pl.col("z_b") - 4).clip(0, None)),
    "long a that begins no word": _where(pl.col("log_starts") == 0, (pl.col("chars_a") - 4).clip(0, 4)),
    "long b that ends no word": _where(pl.col("log_ends") == 0, (pl.col("chars_b") - 4).clip(0, 4)),
    "single letter": pl.min_horizontal("chars_a", "chars_b") == 1,
    "a unlisted": pl.col("z_a") == 0,
    "b unlisted": pl.col("z_b") == 0,
    "camel elsewhere": (_LEFT.str.contains(_CAMEL + r"|.\p{Lu}$") & ~_LEFT.str.contains(r"^\p{Lu}+$"))
    | _RIGHT.str.contains(_CAMEL),
    "capitals then small": _LEFT.str.contains(r"^\p{Lu}{2,}$"),
    "title then title": _TITLED & _LEFT.str.contains(r"^\p{Lu}\p{Ll}"),
    "small then title": _TITLED & _LEFT.str.contains(r"^\p{Ll}"),
    "small then capitals": _CAPITALS & _LEFT.str.contains(r"^\p{Ll}"),
    "title then capitals": _CAPITALS & _LEFT.str.contains(r"^\p{Lu}"),
    "small i": _LEFT == "i",
    "compounds": pl.col("compounds"),
    "compounds, common a": _where(pl.col("compounds"), (pl.col("z_a") - 5.5).clip(0, None)),
    "compounds, common b": _where(pl.col("compounds"), (pl.col("z_b") - 5.5).clip(0, None)),
    "compounds, rarer part": _where(pl.col("compounds"), pl.col("z_min")),
    "compounds, log_ends": _where(pl.col("compounds"), pl.col("log_ends")),
}
#: What the document says of it; each of the first five is 0 or 1.
_EVIDENCE: dict[str, pl.Expr] = {
    "a in document": pl.col("n_a") > 0,
    "b in document": pl.col("n_b") > 0,
    "both in document": (pl.col("n_a") > 0) & (pl.col("n_b") > 0),
    "a so spelt in document": pl.col("n_left") > 0,
    "b so spelt in document": pl.col("n_right") > 0,
    "repeated": (pl.col("n_t") - 1).clip(0, 3),
    "camels in document": pl.col("n_camel").log1p(),
}
#: What the model looks at, in the order of its weights; the constant comes last.
FEATURES = (*_WORD, *_EVIDENCE)


class GluedWords(NamedTuple):
    """What the repair knows besides wordfreq: `seeds/unglue.toml`, `unglue_affixes.csv` and `unglue_brands.txt`."""

    thresholds: dict[str, float]  # by language: the probability from which a split is proposed
    letters: dict[str, str]  # by language: the letters that are words
    clitics: dict[str, str]  # by language: a pattern of "a|b" that are written as one word
    weights: np.ndarray  # (shapes, features + 1): the last is the constant
    affixes: pl.DataFrame  # AFFIXES: how many listed words start and end with this one, and a word is left
    brands: pl.Series  # tokens with a capital inside that are one word


def read_glued_words(toml: str, affixes: str, brands: str) -> GluedWords:
    """Build what :func:`propose_splits` needs from the text of the three seeds files.

    Raises ValueError where a setting or the weight of a feature is missing, or the TOML is none.
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

    `langs` are doc_id and lang (ISO 639-1); a document in a language without a threshold stays as it is. Two rules:
    `glued_words`, scored with the model's probability, and `glued_sentences` ("closed.The").
    """
    wanted = langs.filter(pl.col("lang").is_in(list(glue.thresholds))).select("doc_id", "lang")
    by_lang = lines.join(wanted, on="doc_id", maintain_order="left").partition_by("lang", as_dict=True)
    proposals = [_propose(part, str(lang), glue) for (lang,), part in by_lang.items()]
    return pl.concat([empty(EDITS), *proposals]).sort("doc_id", "start")


def _propose(lines: pl.DataFrame, lang: str, glue: GluedWords) -> pl.DataFrame:
    chunks, words = find_words(lines, lang)
    verdicts = pl.concat([_judge(chunks, words, lang, glue), _judge_joins(chunks, words, lang)])
    hits = (
        chunks.filter(pl.col("key").is_in(verdicts["key"].implode()))
        .join(verdicts, on=["doc", "key"])
        .sort("row")
    )
    # only the few lines that hold a verdict are cut again, for the places of their chunks
    rows = hits["row"].unique(maintain_order=True)
    spans = find_spans(lines[rows], "[^ ]+").with_columns(key=pl.col("match").hash())
    verdicts = hits.select(lines["doc_id"].gather(hits["row"]), "key", "at", "rule", "score").unique()
    at = pl.col("start") + pl.col("at")
    placed = spans.join(verdicts, on=["doc_id", "key"])
    return as_edits(placed.with_columns(start=at, end=at, replacement=pl.lit(" ")))


def _judge(chunks: pl.DataFrame, words: pl.DataFrame, lang: str, glue: GluedWords) -> pl.DataFrame:
    """Return doc, key, at (in the chunk), rule and score of the best split of each token that passes."""
    splits = describe(_splits_of(words, lang, glue), lang, glue)
    n_word = len(_WORD)
    least = np.log(glue.thresholds[lang] / (1 - glue.thresholds[lang]))
    # what no evidence could save goes before any document is looked at: it is nearly all
    score = _sum(splits, tuple(_WORD), np.delete(glue.weights, np.s_[n_word:-1], axis=1))
    best = score + glue.weights[:, n_word : n_word + 5].clip(0).sum(axis=1)[splits["shape"].to_numpy()]
    splits = splits.with_columns(score=pl.Series(score)).filter(pl.Series(best >= least))
    placed = count_words(splits, chunks, words).with_columns(**_EVIDENCE)
    evidence = _sum(placed, tuple(_EVIDENCE), glue.weights[:, n_word:-1])
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


def _splits_of(words: pl.DataFrame, lang: str, glue: GluedWords) -> pl.DataFrame:
    never = r"^\b$"
    return find_splits(words, lang, glue.letters.get(lang, ""), glue.brands, glue.clitics.get(lang, never))


def describe(splits: pl.DataFrame, lang: str, glue: GluedWords) -> pl.DataFrame:
    """Add shape (its place in SHAPES) and what the word says of itself to what find_splits returns."""
    affixes = glue.affixes.filter(lang=lang)
    at_case = _RIGHT.str.contains(r"^\p{Lu}") | _LEFT.str.contains(r"^\p{Lu}{2,}$")
    titled = pl.col("token").str.contains(r"^\p{Lu}")
    return (
        splits.join(affixes.select(a="word", starts="starts"), on="a", how="left")
        .join(affixes.select(b="word", ends="ends"), on="b", how="left")
        .with_columns(
            shape=pl.when(at_case).then(2).when(titled).then(1).otherwise(0),
            z_a=pl.col("zipf_a").fill_null(0),
            z_b=pl.col("zipf_b").fill_null(0),
            z_min=pl.min_horizontal(pl.col("zipf_a", "zipf_b").fill_null(0)),
            chars_a=pl.col("a").str.len_chars().cast(pl.Int64),
            chars_b=pl.col("b").str.len_chars().cast(pl.Int64),
            log_starts=pl.col("starts").fill_null(0).log1p(),
            log_ends=pl.col("ends").fill_null(0).log1p(),
        )
        .with_columns(**_WORD)
    )


def measure(chunks: pl.DataFrame, words: pl.DataFrame, lang: str, glue: GluedWords) -> pl.DataFrame:
    """Return doc, token, at, shape and the FEATURES of every split: what the model is fitted on."""
    splits = describe(_splits_of(words, lang, glue), lang, glue)
    placed = count_words(splits, chunks, words).with_columns(**_EVIDENCE)
    return placed.select("doc", "token", "at", "shape", pl.col(FEATURES).cast(pl.Float64))


def _sum(splits: pl.DataFrame, features: tuple[str, ...], weights: np.ndarray) -> np.ndarray:
    """Return the weighted sum of `features` for each split; where there is a weight more, it is the constant.

    Rounded: the last digits of a sum may depend on how many rows are summed at once, and so on the batch.
    """
    table = splits.select(pl.col(features).cast(pl.Float64)).to_numpy()
    if weights.shape[1] > len(features):
        table = np.column_stack([table, np.ones(len(splits))])
    total: np.ndarray = np.einsum("ij,ij->i", table, weights[splits["shape"].to_numpy()])
    return total.round(6)


def _judge_joins(chunks: pl.DataFrame, words: pl.DataFrame, lang: str) -> pl.DataFrame:
    """Return doc, key, at, rule and score of chunks such as "closed.The": two words that lists know well."""
    joins = (
        words.filter(pl.col("token").str.contains(r"\p{Ll}[.!?][”’)]?\p{Lu}"))
        .select("key", parts=pl.col("chunk").str.extract_groups(_JOIN))
        .unnest("parts")
        .with_columns(
            at=pl.concat_str("1", "2", "3").str.len_chars().cast(pl.Int64),
            begin=pl.col("4").str.to_lowercase(),
        )
        .drop_nulls("2")
    )
    joins = joins.filter(look_up(joins["2"].hash(), lang) >= JOIN_LEFT)
    joins = joins.filter(look_up(joins["begin"].hash(), lang) >= JOIN_RIGHT)
    found = chunks.select("doc", "key").filter(pl.col("key").is_in(joins["key"].implode()))
    where = found.join(joins, on="key").unique(["doc", "key"])
    # 4 of 4 on the gold articles of ../shared/eval/clean are right (benchmarks/unglue.py --show), too few for more
    return where.select("doc", "key", "at", rule=pl.lit("glued_sentences"), score=pl.lit(0.95))
