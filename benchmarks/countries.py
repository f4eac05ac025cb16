"""Build the country table of seeds/entities from the public-domain country codes and our own names.

    python -m benchmarks.countries [COUNTRY_CODES_CSV]        (default ../shared/data/country-codes.csv)

countries.csv has one row a country: code, name, wikidata, geonames. country_aliases.csv has one row an alias: alias,
code, kind (name or demonym). country_names.csv (hand-written) gives what the codes do not: short names, old names,
demonyms.
"""

import sys
from pathlib import Path

import polars as pl

from benchmarks import ROOT

SEEDS = ROOT / "seeds" / "entities"
#: Columns whose names are taken over.
COLUMNS = (
    "CLDR display name",
    "UNTERM English Short",
    "official_name_en",
    "UNTERM English Formal",
    "ISO4217-currency_country_name",
)
#: Ids that the codes leave empty.
GAPS = pl.DataFrame(
    {"code": ["NA", "XK"], "wikidata_gap": ["Q1030", "Q1246"], "geonames_gap": ["3355338", "831053"]}
)
#: Names that read better than the data's.
BETTER = {
    "US": "United States", "GB": "United Kingdom", "HK": "Hong Kong", "MO": "Macao", "MM": "Myanmar",
    "CD": "Democratic Republic of the Congo", "CG": "Republic of the Congo",
    "PS": "Palestine", "BA": "Bosnia and Herzegovina", "VA": "Vatican",
}  # fmt: skip


def build(
    codes: pl.DataFrame, own: pl.DataFrame, columns: tuple[str, ...] = COLUMNS
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return countries (code, name, wikidata, geonames) and aliases (alias, code, kind)."""
    codes = codes.filter(pl.col("ISO3166-1-Alpha-2").str.len_chars() == 2).rename(
        {"ISO3166-1-Alpha-2": "code"}
    )
    countries = codes.select(
        "code",
        name=pl.coalesce(
            pl.col("code").replace_strict(BETTER, default=None, return_dtype=pl.String), "CLDR display name"
        ),
        wikidata=pl.col("wikidata_id").str.extract(r"(Q\d+)$"),
        geonames=pl.col("Geoname ID").replace("", None),
    )
    extra = own.filter(~pl.col("code").is_in(countries["code"].implode())).select(
        "code",
        name=pl.col("names").str.split("|").list.first(),
        wikidata=pl.lit(None, pl.String),
        geonames=pl.lit(None, pl.String),
    )
    countries = pl.concat([countries, extra]).join(GAPS, on="code", how="left").sort("code")
    countries = countries.select(
        "code",
        "name",
        pl.col("wikidata").fill_null(pl.col("wikidata_gap")),
        pl.col("geonames").fill_null(pl.col("geonames_gap")),
    )
    theirs = pl.concat([codes.select("code", alias=pl.col(column).str.strip_chars()) for column in columns])
    ours = [
        own.select("code", alias=pl.col(kind).str.split("|"))
        .explode("alias", empty_as_null=True)
        .with_columns(kind=pl.lit(kind[:-1]))
        for kind in ("names", "demonyms")
    ]
    # "Iran (Islamic Republic of)" gives "Islamic Republic of Iran", and "Iran" where no other country is so called.
    parts = theirs.with_columns(
        bare=pl.col("alias").str.extract(r"^(.*?)\s*(?:[(\[][^)\]]*[)\]])?[\s*]*$"),
        rest=pl.col("alias")
        .str.extract(r"[(\[]([^)\]]*)[)\]]")
        .str.replace(r"(?i)^(?:the|l'|la|le|les|el)$", ""),
    ).with_columns(turned=pl.concat_str("rest", "bare", separator=" ").str.replace(r"(?i) the ", " "))
    alone = parts.group_by(pl.col("bare").str.to_lowercase().alias("low")).agg(
        codes=pl.col("code").n_unique()
    )
    bare = (
        parts.with_columns(low=pl.col("bare").str.to_lowercase())
        .join(alone, on="low")
        .filter(pl.col("codes") == 1)
    )
    turned = parts.filter(pl.col("rest").is_not_null() & (pl.col("rest") != ""))
    plain = pl.concat(
        [
            bare.select("code", alias="bare"),
            turned.select("code", alias="turned"),
            turned.select("code", "alias"),
        ]
    ).with_columns(kind=pl.lit("name"))
    # A name of ours wins over one of theirs, a name over a demonym.
    aliases = pl.concat(
        [
            ours[0],
            plain.select("code", "alias", "kind"),
            countries.select("code", alias="name", kind=pl.lit("name")),
            ours[1],
        ]
    )
    aliases = aliases.filter(pl.col("alias").str.len_chars() > 1)
    folded = aliases.with_columns(folded=pl.col("alias").str.to_lowercase().str.replace(r"^the ", ""))
    return countries, folded.unique("folded", keep="first", maintain_order=True).select(
        "alias", "code", "kind"
    ).sort("code", "kind", "alias")


def main() -> None:
    """Write both tables."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data" / "country-codes.csv"
    codes = pl.read_csv(path, infer_schema=False).fill_null("")
    own = pl.read_csv(SEEDS / "country_names.csv", infer_schema=False).fill_null("")
    countries, aliases = build(codes, own)
    countries.write_csv(SEEDS / "countries.csv")
    aliases.write_csv(SEEDS / "country_aliases.csv")
    print(countries.height, "countries,", aliases.height, "aliases")


if __name__ == "__main__":
    main()
