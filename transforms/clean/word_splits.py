"""Where a word may be two: the splits of unknown words, and what speaks for and against each.

Grouping and joining go by 64-bit hashes of the words, several times as fast as by their text.
"""

from functools import cache

import numpy as np
import polars as pl
import wordfreq

#: Bytes from which a chunk (what stands between spaces) is looked at: shorter ones are no two words, nor do they
#: say much for a part of another.
MIN_BYTES = 5
#: A longer token is no two words, and its splits would take time in the square of its length.
MAX_CHARS = 40
#: What may surround a word in its chunk.
PUNCTUATION = " \t\r\n\xa0\"'“”‘’«»„‚()[].,;:!?…–—*"
#: Letters and inner apostrophes: no digit, dot, hyphen, @, # or slash, so no address, handle, file name or code.
_WORD = r"^[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*$"
_ELISION = r"^(?:[ldjmtscn]|qu|un|d?all|[dn]ell|sull)'"
_ELIDING = ("fr", "it")
#: Zipf value (log10 of the count in a billion words) from which a listed word is never split: 0.6 % of the English
#: glue of benchmarks/unglue.py reads as such a word ("into"); below it the lists hold glue themselves ("onthe").
KNOWN = 2.7
#: The one from which an English word stands in other languages.
BORROWED = 1.0
#: Of the splits that benchmarks/unglue.py accepts without them, 99.5 % have a part over COMMON, and 99.8 % two parts
#: whose sum is over PAIR or a part that the document writes apart; 45 % of all splits have neither.
COMMON, PAIR = 3.5, 6.0
#: Parts over this Zipf value stand in most documents, which says nothing: English recall is the same at 5 and 5.5.
FREQUENT = 5.5
#: Languages whose common words are never split in a text of another one.
QUOTED = ("de", "es", "fr", "it", "nl", "pt")
#: Languages that write compounds as one word.
COMPOUNDING = ("de", "nl", "no")
#: wordfreq names Norwegian by its main written form.
_LISTS = {"no": "nb"}
SHAPES = ("small", "title", "case")
"""Shapes of a split: in a word that starts small, in one that starts with a capital, and where the case changes."""


@cache
def lexicon(lang: str) -> pl.DataFrame:
    """Return wordfreq's largest list of a language: word (lower case), zipf and id (its hash), sorted by id."""
    centibels = wordfreq.read_cBpack(wordfreq.available_languages()[_LISTS.get(lang, lang)])
    zipf = np.repeat(9 - np.arange(len(centibels)) / 100, [len(words) for words in centibels])
    words = pl.DataFrame({"word": [word for words in centibels for word in words], "zipf": zipf})
    return words.with_columns(id=pl.col("word").hash()).sort("id")


@cache
def foreign_words() -> pl.Series:
    """Return the ids, sorted, of words that texts quote: wordfreq's short lists, one in a million words or more."""
    lists = wordfreq.available_languages("small")
    words = [word for lang in QUOTED for words in wordfreq.read_cBpack(lists[lang]) for word in words]
    return pl.Series(words).hash().unique().sort()


def look_up(ids: pl.Series, lang: str) -> pl.Series:
    """Return the zipf of each word id, null where it is not listed: for few words this is faster than a join."""
    listed = lexicon(lang)
    places = listed["id"].search_sorted(ids).clip(0, len(listed) - 1)
    return listed["zipf"].gather(places).set(listed["id"].gather(places) != ids, None)


def _is_in(ids: pl.Series, listed: pl.Series) -> pl.Series:
    """Say of each id whether the sorted list holds it."""
    return listed.gather(listed.search_sorted(ids).clip(0, len(listed) - 1)) == ids


def find_words(lines: pl.DataFrame, lang: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the chunks of the lines of one language (row, doc, key), and what each distinct one holds.

    `row` numbers the lines and `doc` the documents, whose lines stand together. A word's columns: key, chunk, token
    (the chunk without outer punctuation), base (in lower case, without elision and possessive s) and id (its hash).
    """
    # Splitting at spaces takes less than half the time of a regular expression, and so does a chunk without its row.
    pieces = lines["text"].str.split(" ")
    row = pl.Series("row", np.repeat(np.arange(len(lines), dtype=np.uint32), pieces.list.len().to_numpy()))
    chunks = pl.DataFrame({"row": row, "chunk": pieces.explode(empty_as_null=True)})
    chunks = chunks.filter(pl.col("chunk").str.len_bytes() >= MIN_BYTES).with_columns(
        key=pl.col("chunk").hash()
    )
    words = chunks.select("key", "chunk")[chunks["key"].arg_unique()].with_columns(
        token=pl.col("chunk").str.strip_chars(PUNCTUATION)
    )
    words = words.with_columns(base=_fold(pl.col("token")).str.strip_suffix("'s"))
    if lang in _ELIDING:
        words = words.with_columns(pl.col("base").str.replace(_ELISION, ""))
    doc = lines["doc_id"].rle_id()
    return chunks.select("row", doc.gather(chunks["row"]).alias("doc"), "key"), words.with_columns(
        id=pl.col("base").hash()
    )


def _fold(token: pl.Expr) -> pl.Expr:
    return token.str.to_lowercase().str.replace_all("’", "'", literal=True)


def find_splits(
    words: pl.DataFrame, lang: str, letters: str, brands: pl.Series, clitics: str
) -> pl.DataFrame:
    """Return every split worth a judgement, once for each distinct token.

    Takes the words that :func:`find_words` returns, the letters that are words by themselves, tokens that are never
    split, and a pattern of "a|b" that are one word in this language. Columns: what :func:`unknown_tokens` gives, at,
    left, right, a and b (left and right as base), zipf_a and zipf_b (null where not listed: then the word stands in
    some text of the batch), and their ids.
    """
    seen = words["id"].unique().implode()
    splits = unknown_tokens(words, lang, brands).with_columns(at=pl.int_ranges(1, pl.col("n_chars")))
    splits = splits.explode("at", empty_as_null=True)
    # most are gone after the left part, so the right one is cut later
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
        splits = splits.with_columns(look_up(splits[f"id_{part}"], lang).alias(f"zipf_{part}"))
        splits = splits.filter(pl.col(f"zipf_{part}").is_not_null() | pl.col(f"id_{part}").is_in(seen))
    both = pl.col("zipf_a").is_not_null() & pl.col("zipf_b").is_not_null()
    return splits.filter(
        pl.max_horizontal("zipf_a", "zipf_b") >= COMMON,
        ~both | (pl.col("zipf_a") + pl.col("zipf_b") >= PAIR),
        ~pl.concat_str("a", "b", separator="|").str.contains(clitics),
    ).with_columns(left=pl.col("token").str.slice(0, "at"), right=pl.col("token").str.slice("at"))


def unknown_tokens(words: pl.DataFrame, lang: str, brands: pl.Series) -> pl.DataFrame:
    """Return the distinct tokens that may be glued: no list knows them well, and they are no brand.

    Columns: token, base, id, folded (base with its elision and s), n_chars, z_t (zipf, 0 where not listed), z_stem
    (of the base less one or two letters) and compounds (whether the language writes compounds as one word).
    """
    tokens = words.filter(pl.col("token").str.len_bytes() >= MIN_BYTES)
    tokens = tokens.filter(look_up(tokens["id"], lang).fill_null(0) < KNOWN)
    if lang != "en":
        tokens = tokens.filter(look_up(tokens["id"], "en").fill_null(0) < BORROWED)
    tokens = (
        tokens.filter(pl.col("token").str.contains(_WORD), pl.col("token").str.contains(r"\p{Ll}"))
        .select("token", "base", "id", folded=_fold(pl.col("token")), n_chars=_n_chars("token"))
        # a few capitals fold to two letters, which would move the places
        .filter(pl.col("n_chars").is_between(MIN_BYTES, MAX_CHARS), _n_chars("folded") == pl.col("n_chars"))
        .unique("token", maintain_order=True)
        .filter(~pl.col("token").is_in(brands.implode()))
    )
    tokens = tokens.filter(~_is_in(tokens["id"], foreign_words()))
    stems = [look_up(tokens["base"].str.head(-cut).hash(), lang).fill_null(0) for cut in (1, 2)]
    return tokens.with_columns(
        z_t=look_up(tokens["id"], lang).fill_null(0),
        z_stem=pl.max_horizontal(*stems),
        compounds=pl.lit(lang in COMPOUNDING),
    )


def _n_chars(column: str) -> pl.Expr:
    return pl.col(column).str.len_chars().cast(pl.Int64)


def _evidence(
    splits: pl.DataFrame, chunks: pl.DataFrame, words: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the words that say something, wherever a document with a split has them, and the tokens of the splits."""
    rare = [splits.filter(pl.col(f"zipf_{part}").fill_null(0) < FREQUENT)[f"id_{part}"] for part in "ab"]
    wanted = pl.concat([splits["id"], *rare]).unique().implode()
    camel = pl.col("token").str.contains(r"\p{Ll}\p{Lu}")
    kept = words.select("key", "id", camel=camel, spelling=pl.col("token").hash())
    kept = kept.filter(pl.col("camel") | pl.col("id").is_in(wanted))
    tokens = kept.filter(pl.col("spelling").is_in(splits["spelling"].implode()))
    docs = chunks.filter(pl.col("key").is_in(tokens["key"].implode()))["doc"].unique()
    here = (
        chunks.select("doc", "key")
        .filter(pl.col("doc").is_in(docs.implode()))
        .filter(pl.col("key").is_in(kept["key"].implode()))
        .join(kept, on="key")
    )
    return here, tokens


def count_words(splits: pl.DataFrame, chunks: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    """Cross splits with the documents that hold their token, and count what speaks there.

    Adds doc and n_t, n_a, n_b (as base), n_left, n_right (in this spelling) and n_camel (distinct words with a capital
    after a small letter: a text about code has many). Parts over FREQUENT are not counted. A part that no list
    holds must stand in the document.
    """
    splits = splits.with_columns(
        spelling=pl.col("token").hash(), id_left=pl.col("left").hash(), id_right=pl.col("right").hash()
    )
    here, tokens = _evidence(splits, chunks, words)
    camels = here.filter("camel").group_by("doc").agg(n_camel=pl.col("spelling").n_unique().cast(pl.Int64))
    placed = here.filter(pl.col("spelling").is_in(tokens["spelling"].implode())).select("doc", "spelling")
    placed = placed.unique().join(splits, on="spelling").join(camels, on="doc", how="left")
    for name, column, asked in (
        ("n_t", "id", "id"),
        ("n_a", "id", "id_a"),
        ("n_b", "id", "id_b"),
        ("n_left", "spelling", "id_left"),
        ("n_right", "spelling", "id_right"),
    ):
        placed = placed.with_columns(
            _count(here["doc"], here[column], placed["doc"], placed[asked]).alias(name)
        )
    return placed.filter(
        pl.col(f"zipf_{part}").is_not_null() | (pl.col(f"n_{part}") > 0) for part in "ab"
    ).with_columns(pl.col("n_camel").fill_null(0))


def _count(docs: pl.Series, ids: pl.Series, asked_docs: pl.Series, asked_ids: pl.Series) -> pl.Series:
    """Return how often each asked id stands in its asked document, given all that stand in documents."""
    # one number for document and id: a group of two columns takes ten times as long
    pairs, asked = _pair(docs, ids), _pair(asked_docs, asked_ids)
    counts = pairs.filter(pairs.is_in(asked.unique().implode())).value_counts(name="n")
    joined = pl.DataFrame({"pair": asked}).join(
        counts.rename({pairs.name: "pair"}), on="pair", how="left", maintain_order="left"
    )
    return joined["n"].fill_null(0).cast(pl.Int64)


def _pair(docs: pl.Series, ids: pl.Series) -> pl.Series:
    return pl.Series(
        "pair", docs.to_numpy().astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + ids.to_numpy()
    )
