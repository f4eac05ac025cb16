"""Raw text cut into lines that tile it, and spans found inside the lines."""

import polars as pl

from copydesk.transforms.contract import LINES, conform

#: Line ends: CRLF, LF, CR, vertical tab, form feed, next line, line separator, paragraph separator.
LINE_END = r"\r\n|[\n\r\x0B\x0C\x{85}\x{2028}\x{2029}]"


def to_lines(raw: pl.DataFrame) -> pl.DataFrame:
    """Cut `raw_text` into LINES, each line with its line end, so that the lines tile the text.

    Takes a frame with doc_id and raw_text (not null). Line numbers and offsets start at 0.
    """
    mark = find_delimiter(raw["raw_text"])
    marked = pl.col("raw_text").str.replace_all(f"({LINE_END})", "${1}" + mark)
    length = pl.col("text").str.len_chars().cast(pl.Int64)
    end = length.cum_sum().over("doc_id")
    return conform(
        raw.select("doc_id", text=marked.str.split(mark))
        .explode("text", empty_as_null=True)
        .with_columns(line=pl.int_range(pl.len()).over("doc_id"), end=end, start=end - length)
        .filter(pl.col("end") > pl.col("start")),
        LINES,
    )


def find_spans(lines: pl.DataFrame, pattern: str, column: str = "text") -> pl.DataFrame:
    """Find every match of `pattern` in the lines; return doc_id, line, start, end (in the raw text) and match.

    The pattern must have no numbered capture groups: the whole match is the span. Matches do not overlap.
    Linear time: the Rust engine marks the matches, and the offsets are running sums of lengths.
    """
    hit = lines.filter(pl.col(column).str.contains(pattern))
    if hit.is_empty():
        return hit.select("doc_id", "line", "start", end="start", match=column)
    mark = find_delimiter(hit[column])
    length = pl.col("match").str.len_chars().cast(pl.Int64)
    end = pl.col("start") + length.cum_sum().over("doc_id", "line")
    return (
        hit.select(
            "doc_id",
            "line",
            "start",
            match=pl.col(column).str.replace_all(f"({pattern})", f"{mark}${{1}}{mark}").str.split(mark),
        )
        .explode("match", empty_as_null=True)
        .with_columns(piece=pl.int_range(pl.len()).over("doc_id", "line"), end=end)
        .filter(pl.col("piece") % 2 == 1)  # pieces alternate: text, match, text, match, text
        .select("doc_id", "line", start=pl.col("end") - length, end="end", match="match")
    )


def ends_line(text: pl.Expr) -> pl.Expr:
    """Return an expression: whether a text ends with a line end."""
    return text.str.tail(1).is_in(list("\n\r\x0b\x0c\x85\u2028\u2029"))


def fill_rows(rows: pl.Series, values: pl.Series) -> pl.Series:
    """Return a column with `values`, in order, on the rows where `rows` is true, and null elsewhere."""
    place = pl.when(rows).then(rows.cast(pl.UInt32).cum_sum() - 1)
    return values.gather(pl.select(place).to_series())


def find_delimiter(texts: pl.Series) -> str:
    """Return a delimiter of noncharacters that occurs in none of the texts; it separates pieces while they are
    counted.
    """
    mark = "\ufdd0\ufdd1"
    while texts.str.contains(mark, literal=True).any():
        mark = "\ufdd0" + mark
    return mark
