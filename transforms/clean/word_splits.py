"""Candidate splits: the positions at which an unknown word may be two words.

Grouping and joining use 64-bit hashes of the words, several times as fast as their text.
"""

import numpy as np
import polars as pl

from copydesk.transforms.clean.word_frequencies import is_listed, load_quoted_words, look_up_frequencies

#: Minimum size of a chunk (what spaces separate): shorter ones are not two words, nor good evidence for a part
#: of another.
MIN_BYTES = 5
#: Longer tokens are not two words, and the time for their splits would grow with the square of their length.
MAX_CHARS = 40
#: Characters that may surround a word in its chunk.
PUNCTUATION = " \t\r\n\xa0\"'“”‘’«»„‚()[].,;:!?…–—*"
#: Letters and inner apostrophes: no digit, dot, hyphen, @, # or slash, so no address, handle, file name or
#: code.
_WORD = r"^[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*$"
_ELISION = r"^(?:[ldjmtscn]|qu|un|d?all|[dn]ell|sull)'"
_ELIDING = ("fr", "it")
#: Zipf value (log10 of the count in a billion words) from which a listed word is never split: 0.6 % of the
#: English glued words of benchmarks/unglue.py read as such a word ("into"); below it the lists contain glued
#: words themselves ("onthe").
KNOWN = 2.7
#: The Zipf value from which an English word is never split in another language.
BORROWED = 1.0
#: Of the splits that benchmarks/unglue.py accepts without these limits, 99.5 % have a part over COMMON, and
#: 99.8 % two parts whose sum is over PAIR or a part that the document writes apart; 45 % of all splits have
#: neither.
COMMON, PAIR = 3.5, 6.0
#: Languages that write compounds as one word.
COMPOUNDING = ("de", "nl", "no")
SHAPES = ("small", "title", "case")
"""Shapes of a split: in a word that starts small, in one that starts with a capital, and where the case changes."""


def find_words(lines: pl.DataFrame, lang: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the chunks of the lines of one language (row, doc, key), and the words of the distinct chunks.

    `row` numbers the lines and `doc` the documents, whose lines must be adjacent. Columns of a word: key,
    chunk, token (the chunk without outer punctuation), base (in lower case, without elision and possessive s)
    and id (its hash).
    """
    # Splitting at spaces takes less than half the time of a regular expression, and so does exploding without the row.
    pieces = lines["text"].str.split(" ")
    row = pl.Series("row", np.repeat(np.arange(len(lines), dtype=np.uint32), pieces.list.len().to_numpy()))
    chunks = pl.DataFrame({"row": row, "chunk": pieces.explode(empty_as_null=True)})
    chunks = chunks.filter(pl.col("chunk").str.len_bytes() >= MIN_BYTES).with_columns(
        key=pl.col("chunk").hash()
    )
    words = chunks.select("key", "chunk")[chunks["key"].arg_unique()].with_columns(
        token=pl.col("chunk").str.strip_chars(PUNCTUATION)
    )
    words = words.with_columns(base=_fold_case(pl.col("token")).str.strip_suffix("'s"))
    if lang in _ELIDING:
        words = words.with_columns(pl.col("base").str.replace(_ELISION, ""))
    doc = lines["doc_id"].rle_id()
    return chunks.select("row", doc.gather(chunks["row"]).alias("doc"), "key"), words.with_columns(
        id=pl.col("base").hash()
    )


def _fold_case(token: pl.Expr) -> pl.Expr:
    return token.str.to_lowercase().str.replace_all("’", "'", literal=True)


def find_splits(
    words: pl.DataFrame, lang: str, letters: str, brands: pl.Series, clitics: str
) -> pl.DataFrame:
    """Return the candidate splits, once for each distinct token.

    Takes the words of :func:`find_words`, the letters that are words by themselves, tokens that are never
    split, and a pattern of "a|b" that are one word in this language. Columns: those of
    :func:`find_unknown_tokens`, at, left, right, a and b (left and right as base), zipf_a and zipf_b (null if
    not listed: then some text of the batch contains the word), and their ids.
    """
    seen = words["id"].unique().implode()
    splits = find_unknown_tokens(words, lang, brands).with_columns(at=pl.int_ranges(1, pl.col("n_chars")))
    splits = splits.explode("at", empty_as_null=True)
    # most are dropped by the left part, so the right one is cut later
    for part, cut, inner in (
        ("a", pl.col("folded").str.slice(0, "at"), pl.col("at") > 1),
        ("b", pl.col("folded").str.slice("at"), pl.col("at") < pl.col("n_chars") - 1),
    ):
        splits = splits.with_columns(cut.alias(part)).filter(
            inner | pl.col(part).is_in(list(letters)), ~pl.col(part).str.contains(r"^['\p{M}]|'$")
        )
        splits = splits.with_columns(pl.col(part).str.strip_suffix("'s")).with_columns(
            pl.col(part).hash().alias(f"id_{part}")
        )
        splits = splits.with_columns(look_up_frequencies(splits[f"id_{part}"], lang).alias(f"zipf_{part}"))
        splits = splits.filter(pl.col(f"zipf_{part}").is_not_null() | pl.col(f"id_{part}").is_in(seen))
    both = pl.col("zipf_a").is_not_null() & pl.col("zipf_b").is_not_null()
    return splits.filter(
        pl.max_horizontal("zipf_a", "zipf_b") >= COMMON,
        ~both | (pl.col("zipf_a") + pl.col("zipf_b") >= PAIR),
        ~pl.concat_str("a", "b", separator="|").str.contains(clitics),
    ).with_columns(left=pl.col("token").str.slice(0, "at"), right=pl.col("token").str.slice("at"))


def find_unknown_tokens(words: pl.DataFrame, lang: str, brands: pl.Series) -> pl.DataFrame:
    """Return the distinct tokens that may be glued: not well known, and not a brand.

    Columns: token, base, id, folded (base with its elision and s), n_chars, z_t (Zipf value, 0 if not listed),
    z_stem (of the base without its last one or two letters) and compounds (whether the language writes
    compounds as one word).
    """
    tokens = words.filter(pl.col("token").str.len_bytes() >= MIN_BYTES)
    tokens = tokens.filter(look_up_frequencies(tokens["id"], lang).fill_null(0) < KNOWN)
    if lang != "en":
        tokens = tokens.filter(look_up_frequencies(tokens["id"], "en").fill_null(0) < BORROWED)
    tokens = (
        tokens.filter(pl.col("token").str.contains(_WORD), pl.col("token").str.contains(r"\p{Ll}"))
        .select("token", "base", "id", folded=_fold_case(pl.col("token")), n_chars=_n_chars("token"))
        # a few capitals fold to two letters, which would shift the offsets
        .filter(pl.col("n_chars").is_between(MIN_BYTES, MAX_CHARS), _n_chars("folded") == pl.col("n_chars"))
        .unique("token", maintain_order=True)
        .filter(~pl.col("token").is_in(brands.implode()))
    )
    tokens = tokens.filter(~is_listed(tokens["id"], load_quoted_words()))
    stems = [look_up_frequencies(tokens["base"].str.head(-cut).hash(), lang).fill_null(0) for cut in (1, 2)]
    return tokens.with_columns(
        z_t=look_up_frequencies(tokens["id"], lang).fill_null(0),
        z_stem=pl.max_horizontal(*stems),
        compounds=pl.lit(lang in COMPOUNDING),
    )


def _n_chars(column: str) -> pl.Expr:
    return pl.col(column).str.len_chars().cast(pl.Int64)
