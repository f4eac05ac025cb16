"""Features of a split: of the word itself, and of the document around it."""

import polars as pl

#: One row: a word, and how many listed words start and end with it such that the rest is a word.
AFFIXES = {"lang": pl.String, "word": pl.String, "starts": pl.Int64, "ends": pl.Int64}


def _over(column: str, *knots: float) -> dict[str, pl.Expr]:
    """Return hinges: how far a column exceeds each knot, so that the score can change its slope there."""
    return {f"{column} over {knot:g}": (pl.col(column) - knot).clip(0, None) for knot in knots}


def _where(condition: pl.Expr, value: pl.Expr) -> pl.Expr:
    """Return `value` where `condition` holds, else 0."""
    return pl.when(condition).then(value).otherwise(0.0)


_LEFT, _RIGHT = pl.col("left"), pl.col("right")
_TITLED = _RIGHT.str.contains(r"^\p{Lu}\p{Ll}")
_CAPITALS = _RIGHT.str.contains(r"^\p{Lu}{2,}$")
_CAMEL = r"\p{Ll}\p{Lu}|\p{Lu}\p{Lu}\p{Ll}"
#: Features of the word itself.
WORD_FEATURES: dict[str, pl.Expr] = {
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
#: Features of the document; each of the first five is 0 or 1.
DOCUMENT_FEATURES: dict[str, pl.Expr] = {
    "a in document": pl.col("n_a") > 0,
    "b in document": pl.col("n_b") > 0,
    "both in document": (pl.col("n_a") > 0) & (pl.col("n_b") > 0),
    "a so spelt in document": pl.col("n_left") > 0,
    "b so spelt in document": pl.col("n_right") > 0,
    "repeated": (pl.col("n_t") - 1).clip(0, 3),
    "camels in document": pl.col("n_camel").log1p(),
}
#: All features, in the order of their weights; the constant comes last.
FEATURES = (*WORD_FEATURES, *DOCUMENT_FEATURES)


def add_word_features(splits: pl.DataFrame, affixes: pl.DataFrame) -> pl.DataFrame:
    """Add shape (an index of SHAPES) and the WORD_FEATURES to splits; `affixes` are those of the language."""
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
        .with_columns(**WORD_FEATURES)
    )
