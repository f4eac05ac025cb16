"""The headline: the line above the article that is its title."""

import polars as pl

from copydesk.transforms.clean.marks import is_row_in, mark_as, mark_rows
from copydesk.transforms.text.patterns import ELLIPSIS_END, SENTENCE_END
from copydesk.transforms.text.words import fold_words

_WORDS = (3, 35)
#: A shorter line is a headline only if it is the first of its text and an article follows at once.
_FEW_WORDS = 2
#: In a text without long paragraphs, the article begins with a sentence of so many words, or with so many words
#: that are cut off.
_SENTENCE_WORDS, _CUT_WORDS = 5, 12
_NO_HEADLINE = r"[.,;:…。，、；：।॥۔،؛][\"”’)»\x{200E}\x{200F}]*$"
#: A result in a table: "Hallam 3, Selwick 1".
_RESULT = r"^\D*\d+, \D*\d+$"
#: A heading of a section.
_SECTION = (
    r"(?i)\b(?:news|sports?|business|opinion|world|local|culture|politics|stories|desk|post|times|wire)\b"
)
#: A title is recognised by its words: those of four letters and more that the article's first lines of prose
#: contain count for it, the others against it. On the 368 news pages of ../shared/eval/clean (compared with the
#: title of the page's own metadata, one containing the other): 0.514 right by the first line that looks like a
#: title, 0.677 with these words.
_PROSE_LINES = 15
_AGAINST = 0.5
#: A standfirst repeats the article's words too, and is longer: this much against each word over so many.
_LONG, _LONG_WORDS = 0.1, 14
#: The line model tends to keep a standfirst and to remove a title: this much against the probability of the
#: line.
_LIKELY = 2.0
#: A title on other pages of the source belongs to their lists of stories; a slogan is on all pages.
_SHARED = 1.0


def mark_headline(lines: pl.DataFrame, titles: pl.DataFrame) -> pl.DataFrame:
    """Find the headline; add it as a column on its line, mark that line, and mark its repetitions.

    The headline is the unmarked line above the prose, of 3 to 35 words that do not end as a sentence or a list
    does, whose words the article repeats most; a document of which nothing else is left has no headline. If
    `titles` (doc_id, title) gives the document's title, only a line with that wording qualifies. Takes marked
    lines with `evidence`.
    """
    open_ = pl.col("rule").is_null() & (pl.col("body") != "")
    numbered = lines.with_columns(doc=pl.col("doc_id").rle_id()).with_row_index("row")
    candidates = numbered.filter(
        _above_article()
        & pl.col("rule").is_null()
        & (pl.col("n_words").is_between(*_WORDS) | _is_short_headline())
        & (open_.sum().over("doc") > 1)
    ).filter(~pl.col("body").str.contains(_NO_HEADLINE) & ~pl.col("body").str.contains(_RESULT))
    candidates = _match_titles(candidates, titles)
    best = _score_candidates(candidates, numbered).sort("fit", "row", descending=[True, False])
    chosen = is_row_in(lines, best.unique("doc", keep="first")["row"])
    lines = lines.with_columns(headline=pl.when(chosen).then(pl.col("body").str.slice(pl.col("glue"))))
    lines = mark_as(lines, "headline", 1.0, chosen)
    titles = lines.drop_nulls("headline").select("doc_id", "n_words", title=fold_words(pl.col("headline")))
    others = lines.with_row_index("row").filter(pl.col("rule").is_null())
    alike = others.join(titles, on=["doc_id", "n_words"]).filter(
        fold_words(pl.col("body")) == pl.col("title")
    )
    return mark_rows(lines, "repeated_headline", 0.98, alike["row"])


def _above_article() -> pl.Expr:
    """Return an expression: whether a line is above the first prose, or without prose above the first sentence."""
    body = pl.col("body")
    sentence = (pl.col("n_words") >= _SENTENCE_WORDS) & body.str.contains(SENTENCE_END)
    cut = (pl.col("n_words") >= _CUT_WORDS) & body.str.contains(ELLIPSIS_END)
    begun = (((pl.col("rule").is_null() & sentence) | cut).cast(pl.Int64).cum_sum().over("doc_id")) > 0
    return pl.col("top") & (~begun | ~pl.col("top").all().over("doc_id"))


def _is_short_headline() -> pl.Expr:
    """Return an expression: whether a line of two words is the first, and prose or a sentence follows."""
    text = pl.col("body") != ""
    number = text.cast(pl.Int64).cum_sum().over("doc_id")
    article = pl.col("rule").is_null() & (
        pl.col("prose") | (pl.col("n_words") >= _CUT_WORDS) & pl.col("body").str.contains(SENTENCE_END)
    )
    second = (article & (number == 2)).any().over("doc_id")
    section = pl.col("body").str.contains(_SECTION)
    return text & (number == 1) & (pl.col("n_words") == _FEW_WORDS) & second & ~section


def _match_titles(candidates: pl.DataFrame, titles: pl.DataFrame) -> pl.DataFrame:
    """Drop the candidates that do not begin as the document's known title does ("Title - Site" is one)."""
    titles = titles.drop_nulls("title").select("doc_id", "title")
    if titles.is_empty():
        return candidates
    known = candidates.join(titles, on="doc_id", how="left", maintain_order="left")
    title, body = fold_words(pl.col("title")), fold_words(pl.col("body"))
    agrees = title.str.starts_with(body) | body.str.starts_with(title)
    return known.filter(pl.col("title").is_null() | agrees).drop("title")


def _score_candidates(candidates: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Return doc (the number of the document), row and fit for every candidate; a single candidate fits."""
    many = candidates.filter(pl.len().over("doc") > 1)
    prose = lines.filter(
        pl.col("prose") & pl.col("rule").is_null() & pl.col("doc").is_in(many["doc"].unique().implode())
    )
    first = prose.filter(pl.int_range(pl.len()).over("doc") < _PROSE_LINES)
    taken_up = _content_words(first, "doc").with_columns(held=pl.lit(value=True))
    words = _content_words(many, "doc", "row").join(taken_up, on=["doc", "word"], how="left")
    weight = pl.when("held").then(1.0).otherwise(-_AGAINST)
    scores = words.group_by("row").agg(taken_up=weight.sum() / pl.len().sqrt())
    likely = pl.col("likely").fill_null(0) if "likely" in candidates.columns else pl.lit(0.0)
    n_words = pl.col("n_words").cast(pl.Int64)
    return candidates.join(scores, on="row", how="left", maintain_order="left").select(
        "doc",
        "row",
        fit=pl.col("taken_up").fill_null(0.0)
        - _LIKELY * likely
        - _LONG * (n_words - _LONG_WORDS).clip(0)
        - _SHARED * pl.col("evidence").is_not_null()
        - 0.5 * (n_words < 5),
    )


def _content_words(lines: pl.DataFrame, *of: str) -> pl.DataFrame:
    """Return the columns `of` and word (a hash), once each, for the words of four letters and more."""
    words = pl.col("body").str.to_lowercase().str.extract_all(r"[\p{L}\p{N}]{4,}")
    found = lines.select(*of, word=words).explode("word", empty_as_null=False)
    return found.with_columns(pl.col("word").hash()).unique()
