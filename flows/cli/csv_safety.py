"""CSV for people: no cell of it runs as a formula in a spreadsheet.

A spreadsheet takes a cell that begins with = + - @ for a formula; some look behind white space, and read full-width
signs as plain ones (https://owasp.org/www-community/attacks/CSV_Injection). An apostrophe in front makes the cell text.
"""

import polars as pl
import polars.selectors as cs

#: What may begin a formula, behind anything that is not seen: white space, control and format characters.
FORMULA = r"^([\s\p{Z}\p{C}]*[=+\-@\t\r\n＝＋－＠])"
_WORDS = cs.string() | cs.categorical() | cs.enum()


def guard(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with an apostrophe before each text cell and column name that may be a formula.

    Columns of numbers, truth values and times stay as they are.
    """
    cells = frame.with_columns(_WORDS.cast(pl.String)).with_columns(cs.string().str.replace(FORMULA, "'$1"))
    names: list[str] = []
    for guarded in pl.Series(frame.columns, dtype=pl.String).str.replace(FORMULA, "'$1"):
        name = guarded
        while name in names:  # as of "=a" and "'=a"
            name = f"'{name}"
        names.append(name)
    cells.columns = names
    return cells
