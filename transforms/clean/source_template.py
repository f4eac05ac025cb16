"""The source's own template: lines that recur on different pages of one source.

A copy of an article repeats its every line and proves nothing. Hence only *independent* documents count as
evidence: those with prose of their own, in lines that no other document of the source contains.
"""

import polars as pl

from copydesk.transforms.clean.segments import segment
from copydesk.transforms.contract import EVIDENCE, LINE_KEYS, SOURCE_LINES, conform
from copydesk.transforms.html.visible_text import to_views
from copydesk.transforms.text.hashing import hash64

#: A document is independent if it has this many words of prose of its own, and this share of its prose.
_OWN_WORDS, _OWN_SHARE = 50, 0.3
#: Longer lines are ignored: a template's are shorter, and the warehouse stores every key.
_MAX_CHARS = 400


def template_keys(raw: pl.DataFrame) -> pl.DataFrame:
    """Return LINE_KEYS of `raw` (doc_id, source, raw_text, media_type); of HTML records those of their views."""
    return to_keys(segment(raw.with_columns(raw_text=to_views(raw)[1]["view"])), raw)


def to_keys(lines: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """Return LINE_KEYS of described lines (doc_id, line, body, n_words, prose); `sources` has doc_id and
    source.

    Lines are compared in lower case, all numbers counting as equal: "12 comments" equals "3 Comments".
    """
    folded = pl.col("body").str.to_lowercase().str.replace_all(r"\p{Nd}+", "0").str.replace_all(r"\s+", " ")
    known = sources.select("doc_id", "source").drop_nulls()
    short = lines.filter((pl.col("body") != "") & (pl.col("body").str.len_chars() <= _MAX_CHARS))
    short = short.join(known, on="doc_id", maintain_order="left")
    keys = short.select("body").unique().with_columns(folded=folded)
    distinct = keys["folded"].unique()
    hashes = pl.DataFrame(
        {"folded": distinct, "key": pl.Series([hash64(line) for line in distinct], dtype=pl.UInt64)}
    )
    keys = keys.join(hashes, on="folded").select("body", "key")
    return conform(
        short.join(keys, on="body", maintain_order="left").with_columns(
            prose_words=pl.when("prose").then("n_words").otherwise(0)
        ),
        LINE_KEYS,
    )


def count_lines(keys: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """Return SOURCE_LINES: how many documents of the source contain each line of `keys` (LINE_KEYS).

    `history` is SOURCE_LINES of documents that are not in `keys`; its counts are added.
    """
    line = ["source", "key"]
    once = keys.unique(["doc_id", "key"])
    before = history.select(*line, seen_before="n_seen", documents_before="n_documents")
    counted = (
        once.group_by(line)
        .agg(n_seen=pl.len().cast(pl.Int64))
        .join(before, on=line, how="left")
        .with_columns(
            n_seen=pl.col("n_seen") + pl.col("seen_before").fill_null(0),
            documents_before=pl.col("documents_before").fill_null(0),
        )
    )
    own = pl.col("prose_words").filter(pl.col("n_seen") == 1).sum()
    independent = (
        once.join(counted, on=line)
        .group_by("doc_id")
        .agg(own=own, prose=pl.col("prose_words").sum())
        .filter((pl.col("own") >= _OWN_WORDS) & (pl.col("own") >= _OWN_SHARE * pl.col("prose")))
    )
    evidence = (
        once.join(independent, on="doc_id", how="semi").group_by(line).agg(n_new=pl.len().cast(pl.Int64))
    )
    return conform(
        counted.join(evidence, on=line, how="left")
        .with_columns(n_documents=pl.col("n_new").fill_null(0) + pl.col("documents_before"))
        .sort(line),
        SOURCE_LINES,
    )


def find_evidence(keys: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """Return EVIDENCE for the lines of `keys` that two or more independent documents contain."""
    proved = counts.filter(pl.col("n_documents") >= 2)
    return conform(keys.join(proved, on=["source", "key"]).with_columns(evidence="n_documents"), EVIDENCE)
