"""Write seeds/dates/cldr.toml: the months and weekdays of languages, from the Unicode CLDR as packaged by babel.

python -m benchmarks.date_words
"""

import re
import unicodedata
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

TARGET = Path(__file__).parents[1] / "seeds" / "dates" / "cldr.toml"
LANGUAGES = [
    "af",
    "ar",
    "az",
    "be",
    "bg",
    "bn",
    "bs",
    "ca",
    "cs",
    "cy",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "eu",
    "fa",
    "fi",
    "fr",
    "ga",
    "gl",
    "gu",
    "he",
    "hi",
    "hr",
    "hu",
    "hy",
    "id",
    "is",
    "it",
    "ja",
    "ka",
    "kk",
    "km",
    "kn",
    "ko",
    "ky",
    "lo",
    "lt",
    "lv",
    "mk",
    "ml",
    "mn",
    "mr",
    "ms",
    "my",
    "nb",
    "ne",
    "nl",
    "nn",
    "no",
    "pa",
    "pl",
    "pt",
    "ro",
    "ru",
    "si",
    "sk",
    "sl",
    "sq",
    "sr",
    "sr_Latn",
    "sv",
    "sw",
    "ta",
    "te",
    "th",
    "tr",
    "uk",
    "ur",
    "uz",
    "vi",
    "zh",
]
HEAD = """# Months and weekdays by language, in lower case, and the languages that put the day first in a numeric date.
# Written by `python -m benchmarks.date_words` from the Unicode CLDR (Unicode License V3) as packaged by babel.
# What CLDR lacks is in words.toml.

"""


def read_language(code: str) -> tuple[list[str], list[str], bool]:
    """Return the names of twelve months and seven weekdays (Monday first), and whether the day comes first."""
    from babel import Locale

    locale = Locale.parse(code)
    months = [_names(locale.months, number, "wide abbreviated") for number in range(1, 13)]
    weekdays = [_names(locale.days, number, "wide abbreviated") for number in range(7)]
    order = re.sub(r"'[^']*'|[^dMy]", "", locale.date_formats["short"].pattern)
    return months, weekdays, order.startswith("d")


def _names(names: object, number: int, widths: str) -> str:
    """Return the forms of one name, as texts with and without their endings write them; "," between two."""
    forms = [
        names[context][width][number]  # type: ignore[index]
        for width in widths.split()
        for context in ("format", "stand-alone")
    ]
    return ", ".join(dict.fromkeys(tidy for form in forms if (tidy := _tidy(form))))


def _tidy(name: str) -> str:
    """Return a name in lower case without dots; nothing for a name in figures or of one letter."""
    name = unicodedata.normalize("NFC", name).lower().replace("i̇", "i")
    name = re.sub(r"[.׳'’\u200e\u200f]", "", name).strip()
    return "" if re.search(r"\d|,|^de ", name) or len(name) < 2 else name


def write_cldr(target: Path = TARGET) -> None:
    """Write the file. Each language is read in a process of its own: babel 2.18 mixes up stand-alone names
    of languages that one process reads one after another.
    """
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), max_tasks_per_child=1) as processes:
        read = dict(zip(LANGUAGES, processes.map(read_language, LANGUAGES), strict=True))
    read["sr"] = tuple(
        [f"{one}, {other}" for one, other in zip(first, second, strict=True)]
        if isinstance(first, list) and isinstance(second, list)
        else first
        for first, second in zip(read["sr"], read.pop("sr_Latn"), strict=True)
    )  # type: ignore[assignment]
    day_first = [code for code, (_, _, first) in read.items() if first]
    lines = [f"day_first = {day_first!r}".replace("'", '"'), "", "[months]"]
    lines += [_entry(code, months) for code, (months, _, _) in read.items() if all(months)]
    lines += ["", "[weekdays]"]
    lines += [_entry(code, weekdays) for code, (_, weekdays, _) in read.items() if all(weekdays)]
    target.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def _entry(code: str, names: list[str]) -> str:
    return f"{code} = [" + ", ".join(f'"{name}"' for name in names) + "]"


if __name__ == "__main__":
    write_cldr()
